"""Conditions of a search that the database answers: each leaf, both ways of asking, and days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from papertray.core.query_parser import parse
from papertray.store.conditions import Days, among, ids_where, json_list, notes_among, where
from papertray.store.places import throw_away_places
from papertray.store.tray import Tray

from made_up_papers import add_batch, add_note, add_paper, edit_note

DAYS = Days(date(2026, 11, 23), timezone(timedelta(hours=2)))


@pytest.fixture(scope="module")
def tray(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tray]:
    opened = Tray(throw_away_places(tmp_path_factory.mktemp("conditions")))
    with opened.write() as connection:
        for statement in (
            "INSERT INTO feed(id, uid, name) VALUES (1, 'f1', 'arXiv cs.CL'), (2, 'f2', 'Blog_x')",
        ):
            connection.execute(statement)
        add_paper(
            connection, "1", year=2020, pile="read", tags=["ml", "To read"], doi="10.1000/X",
            added="2026-11-22T21:59:59.999Z", decided="2026-03-31T21:59:59.000Z",
            code_urls='["https://example.org"]',
        )  # fmt: skip
        add_paper(
            connection, "2", year=2022, pile="skip", tags=["ml/vision"],
            added="2026-11-22T22:00:00.000Z", decided="2026-03-31T22:00:00.000Z",
        )  # fmt: skip
        add_paper(
            connection, "3", snoozed="2026-11-24", tags=["mlx", "100%"], added="2025-01-01T12"
        )
        add_paper(connection, "4", snoozed="2026-11-23", pdf_url="x", added="2025-06-01T12")
        add_paper(connection, "5", pile="read", done="2026-11-01", added="2024-06-01T12")
        add_paper(connection, "6", pile="starred", decided="2025-01-01T12", merged_into=5)
        add_paper(connection, "7", removed="2026-01-01T12", year=2020, tags=["ml"])
        add_paper(connection, "8", pile="starred", decided="2025-06-01T12", added="2025-06-01T12")
        batch = add_batch(connection, "too long; 50% known")
        connection.execute(
            "INSERT INTO op(batch, kind, ref, field, value) VALUES (?, 'paper', 2, 'pile', 'skip'),"
            " (?, 'note', 3, 'text', '')",
            (batch, batch),
        )
        for paper_id, feed in ((1, 1), (2, 2), (3, 1)):
            connection.execute(
                "INSERT INTO listing(paper_id, feed_id, batch, seen) VALUES (?, ?, ?, '')",
                (paper_id, feed, batch),
            )
        for key, paper_id, state in (
            ("Müller2020", 1, "final"), ("muster2022", 2, "old"), ("Lost", 6, "old")
        ):  # fmt: skip
            connection.execute(
                "INSERT INTO citekey VALUES (?, ?, ?, ?)", (key.casefold(), key, paper_id, state)
            )
        for scheme, value, paper_id in (("doi", "10.1000/x", 1), ("arxiv", "2401.00001", 2)):
            connection.execute("INSERT INTO identifier VALUES (?, ?, ?)", (scheme, value, paper_id))
        connection.execute(
            "INSERT INTO attachment(paper_id, path, added)"
            " VALUES (5, 'b.pdf', ''), (8, 'b.txt', '')"
        )
        add_note(connection, "a note\n", 1)
        add_note(connection, " ", 2)
        edit_note(connection, add_note(connection, "gone", 3), None)
        add_note(connection, "free")
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", {1, 2, 3, 4, 5, 8}),
        ("pile:read", {1, 5}),
        ("-pile:read", {2, 3, 4, 8}),
        ("tag:ml", {1, 2}),
        ("tag:ML", {1, 2}),
        ("tag:ml*", {1, 2, 3}),
        ("tag:ml/vision", {2}),
        ('tag:"to read"', {1}),
        ("tag:100%", {3}),
        ("tag:1%", set()),
        ("-tag:ml", {3, 4, 5, 8}),
        ("feed:blog_x", {2}),
        ("feed:blogzx", set()),
        ("feed:arxiv*", {1, 3}),
        ("key:mü", {1}),
        ("key:MÜLLER2020", {1}),
        ("key:mus", {2}),
        ("id:muster2022", {2}),
        ("id:muster", set()),
        ("id:10.1000/X", {1}),
        ("doi:10.1000/x", {1}),
        ("id:https://doi.org/10.1000/x", {1}),
        ("arXiv:2401.00001v3", {2}),
        ("id:3", {3}),
        ("id:6", {5}),
        ("id:lost", {5}),
        ("id:7", set()),
        ("id:" + "9" * 40, set()),
        ("year:2020", {1}),
        ("year:2020..", {1, 2}),
        ("year:<2021", {1}),
        ("-year:2020", {2, 3, 4, 5, 8}),
        ("added:2026-11-22", {1}),
        ("added:today", {2}),
        ("added:7d", {1, 2}),
        ("added:<2025", {5}),
        ("-added:<2025", {1, 2, 3, 4, 8}),
        ("decided:march", {1}),
        ("decided:2026", {1, 2}),
        ("-decided:2026", {3, 4, 5, 8}),
        ("skipped:2026", {2}),
        ("skipped:march", set()),
        ("starred:2025", {8}),
        ("starred:>2025-06-01", set()),
        ("has:note", {1}),
        ("has:code", {1}),
        ("has:pdf", {4, 5}),
        ("is:done", {5}),
        ("is:todo", {1}),
        ("is:snoozed", {3}),
        ("reason:long", {2}),
        ("reason:50%", {2}),
        ("reason:5%k", set()),
        ("tag:ml (year:2022 OR -pile:skip)", {1, 2}),
        ("-(tag:ml year:2022)", {1, 3, 4, 5, 8}),
    ],
)
def test_conditions_and_both_ways_to_ask(tray: Tray, text: str, expected: set[int]) -> None:
    query = parse(text, typing=False)
    connection = tray.reader()
    statement = ids_where(query, DAYS)
    assert {i for (i,) in connection.execute(statement.text, statement.parameters)} == expected
    statement = among(query, DAYS)
    everyone = json_list(range(20))
    rows = connection.execute(statement.text, (everyone, *statement.parameters))
    assert {paper_id for paper_id, _ in rows} == expected
    statement = notes_among(query, DAYS)
    rows = connection.execute(statement.text, (everyone, *statement.parameters))
    free = {4} if text == "" else set()
    assert {note for (note,) in rows} == {note for note in (1, 2) if note in expected} | free


def test_words_are_no_conditions() -> None:
    with pytest.raises(ValueError, match="for the index"):
        where(parse("tag:x deep", typing=False), DAYS, probe=True)


@pytest.mark.parametrize(
    "text", ["tag:'", 'feed:"; DROP TABLE paper', "key:?1", "reason:\\", "id:%"]
)
def test_no_text_of_a_search_becomes_sql(tray: Tray, text: str) -> None:
    statement = ids_where(parse(text, typing=True), DAYS)
    tray.reader().execute(statement.text, statement.parameters).fetchall()
    value = text.partition(":")[2].strip('"')
    assert value not in statement.text or len(value) == 1


def test_days_begin_at_local_midnight() -> None:
    assert DAYS.start(date(2026, 11, 23)) == "2026-11-22T22:00:00.000Z"
    here = Days(date(2026, 7, 1)).start(date(2026, 7, 1))
    assert here == datetime(2026, 7, 1).astimezone().astimezone(UTC).strftime(
        "%Y-%m-%dT%H:%M:%S.000Z"
    )


def test_a_paper_that_is_looked_up_by_hand(tmp_path: Path) -> None:
    # Papers 1 to 8 are looked up by key, not by walking over all of them.
    tray = Tray(throw_away_places(tmp_path))
    statement = among(parse("tag:x year:2020", typing=False), DAYS)
    plan = tray.reader().execute(
        f"EXPLAIN QUERY PLAN {statement.text}", ("[1]", *statement.parameters)
    )
    steps = [row[3] for row in plan]
    assert not any(step.startswith(("SCAN s", "SCAN p", "SCAN t")) for step in steps), steps
    tray.close()
