"""In which order a search lists its hits, and that equal ones always come in the same."""

from __future__ import annotations

import pytest

from papertray.core.errors import QueryError
from papertray.core.model import Pile
from papertray.core.query import Value, ValueField
from papertray.core.query_parser import parse
from papertray.store import search_words
from papertray.store.index import searcher
from papertray.store.search import Search
from papertray.store.tray import Tray

from made_up_papers import add_note, add_paper


def _found(search: Search, text: str, **how: object) -> list[int]:
    return list(search.search(text, **how).ids)  # type: ignore[arg-type]


def test_titles_come_before_abstracts_and_abstracts_before_notes(tray: Tray) -> None:
    with tray.write() as connection:
        in_note = add_paper(connection, "Something", abstract="Other words stand in here.")
        in_abstract = add_paper(connection, "Else", abstract="A robot stands in here.")
        in_title = add_paper(connection, "A robot", abstract="Other words stand in here.")
        for number in range(20):
            add_paper(connection, f"Filling {number}", abstract="Nothing of interest is in here.")
        note = add_note(connection, "about a robot", in_note)
    search = Search(tray)
    search.follow()
    hits = search.search("robots")
    assert list(hits.ids) == [in_title, in_abstract, in_note]
    assert hits.notes == (note,)


def test_ties_are_broken_by_id_whatever_the_index_went_through(tray: Tray) -> None:
    search = Search(tray)
    ids = []
    for _ in range(4):  # several segments
        with tray.write() as connection:
            ids += [add_paper(connection, "The same robot") for _ in range(30)]
        search.follow()
    with tray.write() as connection:
        for paper_id in ids[::-3]:
            connection.execute("UPDATE paper SET title = 'x' WHERE id = ?", (paper_id,))
            connection.execute(
                "UPDATE paper SET title = 'The same robot' WHERE id = ?", (paper_id,)
            )
    search.follow()
    for text in ("robot", "rob*", '"same robot"', "-foo", "sam* rob*", "title:rob*", "robit~"):
        assert _found(search, text) == ids, text
        assert _found(search, text, limit=7) == ids[:7], text
        assert _found(search, text, limit=7, within="-is:done") == ids[:7], text


def test_equal_hits_beyond_all_that_is_fetched_at_once_are_in_order_of_id(
    tray: Tray, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module, name in ((searcher, "WIDEST"), (search_words, "WIDEST"), (search_words, "FIRST")):
        monkeypatch.setattr(module, name, 8)
    with tray.write() as connection:
        ids = [add_paper(connection, "The same robot") for _ in range(40)]
    search = Search(tray)
    search.follow()
    with tray.write() as connection:  # lies behind the others from now on
        connection.execute("UPDATE paper SET title = 'The same Robot' WHERE id = ?", (ids[0],))
    search.follow()
    for text in ("rob*", "-foo", "sam* rob*", "title:rob*", "robit~", "-foo OR -bar"):
        assert _found(search, text, limit=20) == ids[:20], text


def test_whole_words_come_before_beginnings_wherever_both_may_stand(tray: Tray) -> None:
    with tray.write() as connection:
        later = add_paper(connection, "Nothing", abstract="A carpet beside a window.")
        title = add_paper(connection, "Carpets and windows")
        whole = add_paper(connection, "Nothing", abstract="A car in the wind.")
    search = Search(tray)
    search.follow()
    assert _found(search, "car* wind*") == [whole, title, later]
    assert _found(search, "car* OR xyz*") == [whole, later, title]


def test_notes_are_found_within_conditions_best_first(
    tray: Tray, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tray.write() as connection:
        papers = [add_paper(connection, "x", pile=pile) for pile in ("read", "skip")] * 15
        notes = [add_note(connection, f"robot number {n}", p) for n, p in enumerate(papers)]
        best = add_note(connection, "robot robot robot", papers[0])
        add_note(connection, "robot alone")
    search = Search(tray)
    search.follow()
    monkeypatch.setattr(search_words, "FIRST", 4)
    for few in (1_000, 3):
        monkeypatch.setattr(search_words, "FEW", few)
        for text, first in (("robot", best), ("rob*", notes[0]), ("-foo", notes[0])):
            hits = search.search(text, pile=Pile.READ, limit=5)
            assert hits.notes[0] == first, text
            assert set(hits.notes) <= {best, *notes[::2]}
            assert len(hits.notes) == 5
        assert search.search("robot", pile=Pile.STARRED).notes == ()


def test_a_search_stays_within_another_query(tray: Tray) -> None:
    with tray.write() as connection:
        robot = add_paper(connection, "Robot", pile="read")
        garden = add_paper(connection, "Garden", pile="skip")
    search = Search(tray)
    assert _found(search, "robot OR garden", within="pile:skip") == [garden]
    assert _found(search, "robot OR garden", within="pile:skip OR pile:read") == [robot, garden]
    hits = search.search("robot OR gard", within="pile:skip", typing=True)
    assert search.search(str(hits.query)).ids == hits.ids


def test_what_more_changed_than_can_be_matched_is_told(
    tray: Tray, monkeypatch: pytest.MonkeyPatch
) -> None:
    search = Search(tray)
    with tray.write() as connection:
        old = add_paper(connection, "A robot")
    search.follow()
    with tray.write() as connection:
        new = [add_paper(connection, f"Robot {number}") for number in range(30)]
    monkeypatch.setattr(search_words, "MOST_PENDING", 30)
    hits = search.search("robot", limit=50)
    assert set(hits.ids) == {old, *new}
    assert hits.notice == ""
    monkeypatch.setattr(search_words, "MOST_PENDING", 29)
    hits = search.search("robot", limit=50)
    assert list(hits.ids) == [old]
    assert "has 30 changes to take in" in hits.notice
    assert search.totals(parse("robot", typing=False)) is None
    everything = search.search("robot")  # what asks for all hits gets them
    assert set(everything.ids) == {old, *new}
    assert everything.notice == ""


def test_a_tag_with_quotation_marks_is_found(tray: Tray) -> None:
    with tray.write() as connection:
        inches = add_paper(connection, "x", tags=['5" disk'])
        curly = add_paper(connection, "x", tags=["“so” said"])
        add_paper(connection, "x", tags=["5 disk"])
    search = Search(tray)
    assert _found(search, r'tag:"5\" disk"') == [inches]
    assert _found(search, str(Value(ValueField.TAG, "“so” said"))) == [curly]


def test_a_whole_word_comes_before_what_only_begins_so(tray: Tray) -> None:
    with tray.write() as connection:
        later = add_paper(connection, "Nothing", abstract="A carpet of words.")
        title = add_paper(connection, "Carpets and more")
        whole = add_paper(connection, "Nothing", abstract="An old car.")
    search = Search(tray)
    search.follow()
    assert _found(search, "car", typing=True) == [whole, title, later]


@pytest.mark.parametrize("text", ["", "robot"])
def test_every_order_ends_in_id(tray: Tray, text: str) -> None:
    with tray.write() as connection:
        a = add_paper(
            connection, "Robot b", title_key="robotb", year=2020, venue="x", pile="read",
            added="2026-01-01T00:00:00.000Z", decided="2026-03-01T00:00:00.000Z",
        )  # fmt: skip
        b = add_paper(connection, "Robot a", title_key="robota", year=2022, venue="B")
        c = add_paper(
            connection, "Robot a", title_key="robota", venue="b", pile="skip",
            decided="2026-04-01T00:00:00.000Z",
        )  # fmt: skip
        connection.execute("INSERT INTO feed(id, uid, name) VALUES (1, 'f', 'f')")
        connection.execute(
            "INSERT INTO batch(id, uid, device, number, hlc, at, origin)"
            " VALUES (999, 'x', 'x', 999, '', '', 'add')"
        )
        connection.executemany(
            "INSERT INTO listing(paper_id, feed_id, batch, seen, rank) VALUES (?, 1, 999, ?, ?)",
            [(c, "2026-01-01", 9), (c, "2026-02-01", 2), (a, "2026-02-01", 1)],
        )
    search = Search(tray)
    search.follow()
    orders = {
        "added": [b, c, a],
        "listing": [a, c, b],
        "year": [b, a, c],
        "title": [b, c, a],
        "venue": [b, c, a],
        "decided": [c, a, b],
    }
    for sort, expected in orders.items():
        assert _found(search, text, sort=sort) == expected, sort
        assert _found(search, text, sort=sort, limit=2) == expected[:2]
    shuffled = {tuple(_found(search, text, sort=f"random:{seed}")) for seed in range(12)}
    assert len(shuffled) > 2
    assert _found(search, text, sort="random:1") == _found(search, text, sort="random:1")
    with pytest.raises(QueryError, match="did you mean added"):
        search.search(text, sort="addded")
