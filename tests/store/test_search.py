"""Searching a real tray: order, scripts, notes, hostile text, limits, threads and start-up."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from papertray.core.errors import QueryError
from papertray.core.model import Pile
from papertray.core.query_parser import parse
from papertray.store import search_texts, search_words
from papertray.store.conditions import Days, ids_where
from papertray.store.places import throw_away_places
from papertray.store.search import Search, matched_words
from papertray.store.tray import Tray

from made_up_papers import add_note, add_paper, edit_note


def _found(search: Search, text: str, **how: object) -> list[int]:
    return list(search.search(text, **how).ids)  # type: ignore[arg-type]


@pytest.mark.parametrize(("few", "some"), [(3, 3), (3, 5_000), (5_000, 5_000)])
def test_the_full_page_comes_whenever_it_exists(
    tray: Tray, monkeypatch: pytest.MonkeyPatch, few: int, some: int
) -> None:
    with tray.write() as connection:
        for number in range(1200):
            # The 60 that are wanted rank last: their abstracts are the longest.
            wanted = number % 20 == 7
            add_paper(
                connection,
                f"Paper {number}",
                abstract="robot " + "garden " * (40 if wanted else 1),
                pile="starred" if wanted else "inbox",
            )
    search = Search(tray)
    search.follow()
    monkeypatch.setattr(search_words, "FEW", few)
    monkeypatch.setattr(search_words, "SOME", some)
    monkeypatch.setattr(search_words, "FIRST", 10)
    for text in ("robot", "rob*"):
        hits = search.search(text, pile=Pile.STARRED, limit=50)
        assert len(hits.ids) == 50
        assert not hits.is_complete
        everything = search.search(text, pile=Pile.STARRED)
        assert list(everything.ids)[:50] == list(hits.ids)
        assert len(everything.ids) == 60
        assert everything.is_complete
    assert search.search("robot", limit=5).total is None
    for text in ("robot", "rob*", "robot pile:inbox", "robot -pile:skip", "-robot", "pile:starred"):
        tree = parse(text, typing=False)
        assert search.totals(tree) == search.find(tree).total, text
    assert search.totals(parse("robot", typing=False)) == {Pile.INBOX: 1140, Pile.STARRED: 60}


# --- notes, folding, scripts, hostile text


def test_notes_are_found_by_themselves_and_through_their_papers(tray: Tray) -> None:
    with tray.write() as connection:
        paper = add_paper(connection, "A paper", tags=["x"], pile="read")
        gone = add_paper(connection, "Removed", removed="2026-01-01T00:00:00.000Z")
        on_paper = add_note(connection, "Zebras live here", paper)
        free = add_note(connection, "A plan about zebras", title="Plans")
        add_note(connection, "zebra of a removed paper", gone)
        deleted = add_note(connection, "zebra once", paper)
        edit_note(connection, deleted, None)
    search = Search(tray)
    for followed in (False, True):
        if followed:
            search.follow()
        hits = search.search("zebra")
        assert list(hits.ids) == [paper]
        assert sorted(hits.notes) == [on_paper, free]
        assert search.search("zebra tag:x").notes == (on_paper,)
        assert search.search("tag:x").notes == ()
        assert search.search("zebra -tag:x").notes == ()
        assert search.search("(plan OR tag:x) zebra").notes in ((on_paper, free), (free, on_paper))
        assert search.search("note:zebra").total == {Pile.READ: 1}


@pytest.fixture(scope="module")
def two_ways(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Search, Search]]:
    """One tray searched without and with an index; paper 1 is the one to be found."""
    folder = tmp_path_factory.mktemp("scripts")
    tray = Tray(throw_away_places(folder))
    with tray.write() as connection:
        add_paper(
            connection,
            "Optimized learning of GPT-4 in C++",
            abstract="深度学习 和 ディープラーニング, 딥러닝학습을. 深度net 模型BERT모델. "
            "İstanbul, Straße. α-synuclein in H₂O by $\\ell_1$, Işık, ФИЗИКА плазмы, قوة, שלום, "
            "self-supervised 深度learning.",
            authors=["Łukasz Müller"],
            venue="Advances in Something",
            venue_short="NeurIPS",
            comment="12 pages",
        )
        add_paper(connection, "Something else")
    without, with_index = Search(tray, folder / "nothing"), Search(tray)
    with_index.follow()
    yield without, with_index
    tray.close()


@pytest.mark.parametrize(
    "text",
    ["muller", "Müller", "MÜLLER", "Mu\u0308ller", "müll", "optimization", "optimizing",
     "title:optimiz", "lukasz", "istanbul", "strasse", "GPT-4", "gpt-", "学习", "度学", "深度学习",
     "学", "习", "ディープ", "ープラー", "학습", "深度net", "模型bert", '"bert 모델"', "lerning~",
     "author:mülle", "author:lukas~", "venue:neurips", "comment:page", "C++ ", "...",
     "α-synuclein", "α-syn", "synuclein", "h2o", "H₂O", "ell_1", "$\\ell_1$", "işık", "isik",
     "физика", "плазм", "قوة", "שלום", "self-supervised", "supervised", "深度learning", "度learn"],
)  # fmt: skip
def test_accents_stems_and_scripts_without_spaces(
    two_ways: tuple[Search, Search], text: str
) -> None:
    for search in two_ways:
        assert 1 in _found(search, text, typing=True)


@pytest.mark.parametrize("text", ["mueller", "深学", "pages ", "optimist ", "title:lukasz "])
def test_what_is_something_else(two_ways: tuple[Search, Search], text: str) -> None:
    for search in two_ways:
        assert _found(search, text, typing=True) == []


def test_hostile_text_is_stored_searched_and_not_obeyed(tray: Tray) -> None:
    titles = (
        "\x1b[31mred\x1b[0m [MASK] <SEG>", "x" * 10_000, "a\u202eb", "tag:x OR -y", "\x00nul",
        "%_\\'; DROP TABLE paper; --", "*", "é" * 30_000, "\u0301\u0301", "👩‍🔬",
    )  # fmt: skip
    with tray.write() as connection:
        ids = {title: add_paper(connection, title, tags=[title]) for title in titles}
    search = Search(tray)
    for followed in (False, True):
        if followed:
            search.follow()
        assert search.problem == ""
        assert _found(search, "mask seg") == [ids[titles[0]]]
        assert _found(search, '"tag:x OR -y"') == [ids[titles[3]]]
        assert _found(search, "drop table") == [ids[titles[5]]]
        for noise in (
            *titles,
            "\ud800",
            "tag:%",
            "tag:_",
            "reason:%",
            "key:\x00",
            "feed:\\",
            "a" * 9999,
        ):
            search.search(noise, typing=True)
        assert _found(search, "tag:%") == []
        assert len(_found(search, "-nothing")) == len(titles)


def test_beginnings_are_not_cut_off_at_fifty_words(tray: Tray) -> None:
    with tray.write() as connection:
        names = [f"pre{a}{b}" for a in "abcdefghijkl" for b in "abcdefghijkl"]
        for name in names:
            add_paper(connection, name)
    search = Search(tray)
    search.follow()
    for text in ("pre*", "title:pre*"):
        assert len(_found(search, text)) == len(names)


def test_limits_that_are_odd(tray: Tray) -> None:
    with tray.write() as connection:
        for _ in range(3):
            add_paper(connection, "robot")
    search = Search(tray)
    search.follow()
    for text in ("robot", "rob*", "pile:inbox", ""):
        none = search.search(text, limit=0)
        assert (list(none.ids), none.is_complete) == ([], False)
        assert search.search(text, limit=3).is_complete
        assert len(search.search(text, limit=10**9).ids) == 3


def test_without_an_index_a_limited_search_ends_in_time_and_says_how_far_it_came(
    tray: Tray, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tray.write() as connection:
        for number in range(300):
            add_paper(connection, f"A robot numbered {number}")
    search = Search(tray)
    whole = search.search("robot", limit=300)
    assert (len(whole.ids), whole.is_complete) == (300, True)
    monkeypatch.setattr(search_texts, "PATIENCE", 0.0)
    short = search.search("garden", limit=5)
    assert (list(short.ids), short.is_complete, short.total) == ([], False, None)
    assert "Only the first 0 papers were read" in short.notice
    everything = search.search("robot")  # who wants all of them waits
    assert (len(everything.ids), everything.is_complete) == (300, True)


def test_tags_and_links_are_found_by_their_indexes(tray: Tray) -> None:
    connection = tray.reader()
    for text in ("tag:x", "has:code", "has:pdf"):
        statement = ids_where(parse(text, typing=False), Days(date(2026, 11, 23)))
        plan = connection.execute(f"EXPLAIN QUERY PLAN {statement.text}", statement.parameters)
        steps = [step for *_, step in plan]
        scans = [step for step in steps if step.startswith(("SCAN paper", "SCAN p", "SCAN t"))]
        assert all("INDEX" in step for step in scans), steps


def test_removed_and_merged_papers_are_never_found(tray: Tray) -> None:
    with tray.write() as connection:
        kept = add_paper(connection, "robot")
        merged = add_paper(connection, "robot", merged_into=kept)
        removed = add_paper(connection, "robot")
    search = Search(tray)
    search.follow()
    with tray.write() as connection:
        connection.execute("UPDATE standing SET removed = '2026' WHERE paper_id = ?", (removed,))
    for text in ("robot", "", "-nothing", f"id:{merged}", "robot OR pile:inbox"):
        assert _found(search, text) == [kept]
    assert _found(search, f"id:{removed}") == []
    with tray.write() as connection:
        connection.execute("UPDATE standing SET removed = NULL WHERE paper_id = ?", (removed,))
    assert _found(search, "robot") == [kept, removed]


def test_half_typed_queries_are_answered_and_wrong_ones_explained(tray: Tray) -> None:
    with tray.write() as connection:
        paper = add_paper(connection, "A robot in a garden")
    search = Search(tray)
    search.follow()
    for text in ('"robot in', '"a robot" ga', "robot -", "(robot", "titel:robot a", "robot year:2"):
        if text != "titel:robot a":
            assert _found(search, text, typing=True) == [paper]
        else:
            assert _found(search, text, typing=True) == []
    with pytest.raises(QueryError, match="title"):
        search.search("titel:robot")


def test_words_to_highlight() -> None:
    assert matched_words('deep "neural net" -wide tag:x lear') == ("deep", "neural", "net", "lear")


# --- threads and start-up


def test_threads_search_while_another_follows(tray: Tray) -> None:
    search = Search(tray)
    with tray.write() as connection:
        add_paper(connection, "robot zero")
    search.follow()
    problems: list[BaseException] = []
    finished = threading.Event()

    def look() -> None:
        try:
            seen = 0
            while not finished.is_set():
                number = len(search.search("robot").ids)
                assert number >= seen
                seen = number
        except BaseException as error:
            problems.append(error)

    threads = [threading.Thread(target=look) for _ in range(3)]
    for thread in threads:
        thread.start()
    for _ in range(15):
        with tray.write() as connection:
            add_paper(connection, "robot more")
        search.follow()
    finished.set()
    for thread in threads:
        thread.join()
    assert problems == []
    assert len(search.search("robot").ids) == 16


def test_conditions_alone_never_load_the_index(tmp_path: Path) -> None:
    program = """
import sys, pathlib
from papertray.store.places import throw_away_places
from papertray.store.search import Search
from papertray.store.tray import Tray
tray = Tray(throw_away_places(pathlib.Path(sys.argv[1])))
search = Search(tray)
search.search("pile:inbox year:2020 -tag:x added:7d", sort="title")
search.close()
assert not tray.places.cache.exists()
print(sorted(name for name in sys.modules if name.startswith(("tantivy", "papertray.store.index"))))
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)],
        env={"PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout.strip(), done.stderr) == ("[]", "")
