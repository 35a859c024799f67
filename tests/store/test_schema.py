"""The schema's history: every tray ends with the same one, however old it was."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlite_utils import Database

from papertray.core.model import Pile
from papertray.store import schema
from papertray.store.connection import connect
from papertray.store.places import throw_away_places

from trays import add_lines, open_notebook, works


def schema_of(folder: Path) -> set[tuple[str, str, str]]:
    """Return kind, name and SQL of everything in a tray."""
    with connect(throw_away_places(folder).database, writable=False) as connection:
        return set(connection.execute("SELECT type, name, ifnull(sql, '') FROM sqlite_master"))


def test_a_migrated_tray_has_the_schema_of_a_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from papertray.store import migrations as own

    with monkeypatch.context() as before:
        before.setattr(own.migrations, "_migrations", own.migrations._migrations[:1])
        before.setattr(schema, "MIGRATIONS", schema.MIGRATIONS[:1])
        open_notebook(tmp_path / "old").close()
    # By hand: what writes to a tray needs the present schema.
    with connect(throw_away_places(tmp_path / "old").database, writable=True) as connection:
        for number in range(1, 4):
            connection.execute("INSERT INTO paper(uid, title) VALUES (?, 'One')", (number,))
            connection.execute("INSERT INTO standing(paper_id, added) VALUES (?, '')", (number,))
    old = schema_of(tmp_path / "old")
    open_notebook(tmp_path / "new").close()
    with open_notebook(tmp_path / "old") as notebook:
        assert notebook.papers.counts().inbox == 3

    assert schema_of(tmp_path / "old") == schema_of(tmp_path / "new") != old


def test_the_constant_names_the_triggers_there_are() -> None:
    assert tuple(schema.triggers()) == schema.TRIGGERS


def test_a_table_that_another_tool_took_apart_is_followed_and_counted_again(tmp_path: Path) -> None:
    with open_notebook(tmp_path) as notebook:
        add_lines(notebook, works(3))
        notebook.search.follow()
    database = Database(throw_away_places(tmp_path).database)
    for table in ("note", "standing"):
        database.table(table).transform(column_order=["created"])
    database.execute("INSERT INTO note(uid, body, created, updated) VALUES ('n', 'x', '', '')")
    database.execute("UPDATE standing SET pile = 'skip' WHERE paper_id = 1")
    database.close()

    with open_notebook(tmp_path) as notebook:
        assert notebook.search.follow() > 0
        counts = notebook.papers.counts()
        assert (counts.inbox, counts.skip) == (2, 1)
        sentences = [finding.sentence for finding in notebook.health.findings()]
        assert not any("trigger" in sentence or "count of" in sentence for sentence in sentences)


@pytest.mark.parametrize(
    ("condition", "index"), [("pdf_url <> ''", "paper_pdf"), ("code_urls <> '[]'", "paper_code")]
)
def test_papers_with_a_pdf_or_code_are_found_without_reading_all(
    tmp_path: Path, condition: str, index: str
) -> None:
    open_notebook(tmp_path).close()
    database = sqlite3.connect(throw_away_places(tmp_path).database)
    ((*_, plan),) = database.execute(f"EXPLAIN QUERY PLAN SELECT id FROM paper WHERE {condition}")
    database.close()
    assert index in plan


def test_the_views_name_authors_as_people_do(tmp_path: Path) -> None:
    with open_notebook(tmp_path) as notebook:
        authors = ["van der Berg, Ada", "Bo Writer", {"literal": "The Group"}]
        add_lines(notebook, [{"title": "One", "authors": authors}, {"title": "None"}])
        notebook.papers.move([1, 2], Pile.STARRED)
    database = sqlite3.connect(throw_away_places(tmp_path).database)
    found = database.execute("SELECT title, authors, pile FROM starred ORDER BY id").fetchall()
    database.close()
    assert found == [
        ("One", "Ada van der Berg; Bo Writer; The Group", "starred"),
        ("None", None, "starred"),
    ]
