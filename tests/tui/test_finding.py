"""Finding as the user does it: the box, its hits, what they say, and the way back."""

from __future__ import annotations

import threading
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from textual import events

from papertray.core.model import Pile
from papertray.core.query import Query
from papertray.notebook.notebook import Notebook
from papertray.store.papers import View
from papertray.store.search import Search
from papertray.tui.found import HINTS
from papertray.tui.screens import finding
from papertray.tui.screens.hits import undecided

from .desk import LARGE, SMALL, TITLES, at_desk

ROBOTS, GARDENS, LANTERNS, MAGNETS = TITLES[:4]


# --- searching


async def test_the_search_follows_what_is_typed(notebook: Notebook) -> None:
    notebook.papers.move([1], Pile.STARRED)
    notebook.papers.move([2], Pile.SKIP)
    notebook.notes.save_main(3, "like the robots\n")
    async with at_desk(notebook) as desk:
        await desk.until_index_follows()
        await desk.press("slash", *"rob")
        assert desk.titles == [ROBOTS, LANTERNS]
        assert "| /rob 2 " in desk.tabs
        assert f" ★   {ROBOTS}" in desk.text
        assert desk.cursor == LANTERNS  # where the cursor was: a search does not lose it
        await desk.press("enter")
        assert desk.status in (
            "2 hits: 1 inbox, 1 starred; 1 note",
            "2 hits: 1 starred, 1 inbox; 1 note",
        )
        await desk.press("slash", "end")
        await desk.type("ots")
        assert "| /robots 2 " in desk.tabs
        await desk.press(*["backspace"] * 6)
        assert desk.tabs == " Inbox 13  Read 0  Starred 1  Skip 1  Done 0 "
        await desk.type("part -robots pile:skip")
        assert desk.titles == [GARDENS]
        assert f">x   {GARDENS}" in desk.text
        await desk.press("escape", "escape")
        assert desk.tabs == " Inbox 13  Read 0  Starred 1  Skip 1  Done 0 "
        assert desk.titles == list(TITLES[2:])


async def test_hits_that_are_too_many_to_hold_are_counted(
    notebook: Notebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "MOST_HITS", 3)
    notebook.papers.move([1, 2], Pile.SKIP)
    async with at_desk(notebook) as desk:
        await desk.until_index_follows()
        await desk.press("slash")
        await desk.type("part")
        await desk.press("enter")
        assert desk.status == "15 hits: 13 inbox, 2 skip"
        await desk.press("slash", "end")
        await desk.type(" pile:foo x")
        assert desk.found == ("`pile:` is inbox, read, starred or skip, not foo. 0 hits")


async def test_counting_says_nothing_where_something_else_was_said(
    notebook: Notebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "MOST_HITS", 3)
    may_count = threading.Event()

    def totals(search: Search, query: Query) -> Mapping[Pile, int]:
        assert may_count.wait(10)
        return {Pile.INBOX: 15}

    monkeypatch.setattr(Search, "totals", totals)
    async with at_desk(notebook) as desk:
        await desk.until_index_follows()
        desk.triage.finding.typed("part")
        await desk.until_shown("more than 3 hits")
        desk.triage.say("something else")
        may_count.set()
        await desk.settle()
        assert desk.status == "something else"


@pytest.mark.parametrize("half", ['"part', "(part", "part OR", "title:", "-", "year:20", "part)"])
async def test_half_a_query_is_no_error(notebook: Notebook, half: str) -> None:
    async with at_desk(notebook) as desk:
        await desk.until_index_follows()
        await desk.press("slash")
        await desk.type(half)
        assert desk.toasts == []
        await desk.press("escape")
        assert desk.titles == list(TITLES)


async def test_a_search_that_finds_nothing_says_so(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        await desk.until_index_follows()
        await desk.press("slash")
        await desk.type("zebra")
        assert desk.titles == []
        await desk.until_shown("Nothing found.")
        await desk.press("enter", "x")
        assert desk.status == "no paper here"
        await desk.press("escape")
        assert desk.titles == list(TITLES)


async def test_before_there_is_an_index_the_database_answers(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        await desk.press("slash")
        await desk.type("gardens")
        assert desk.titles == [GARDENS]


async def test_narrowing_searches_the_view_alone(notebook: Notebook) -> None:
    notebook.papers.move([1, 2], Pile.SKIP)
    notebook.papers.move([3], Pile.STARRED)
    async with at_desk(notebook) as desk:
        await desk.until_index_follows()
        await desk.press("g", "x", "backslash")
        await desk.type("part")
        assert sorted(desk.titles) == sorted([ROBOTS, GARDENS])
        await desk.press("enter")
        assert desk.status == "2 hits: 2 skip"
        await desk.press("escape")
        assert desk.triage.viewing.view is View.SKIP
        await desk.press("slash")
        await desk.type("part")
        assert len(desk.titles) == len(TITLES)
        await desk.press("escape", "escape", "backslash")
        await desk.type("robots OR part")
        assert sorted(desk.titles) == sorted([ROBOTS, GARDENS])


@pytest.mark.parametrize("key", ["enter", "escape"])
async def test_decisions_in_a_search_keep_its_list(notebook: Notebook, key: str) -> None:
    async with at_desk(notebook) as desk:
        await desk.until_index_follows()
        await desk.press("slash")
        await desk.type("title:part")
        hits = desk.titles
        await desk.press(key, "x", "s")
        assert desk.titles == hits
        assert desk.cursor == hits[2]
        assert desk.pile(hits[0]) is Pile.SKIP
        assert desk.pile(hits[1]) is Pile.STARRED
        assert f" x   {hits[0]}" in desk.text
        assert f" ★   {hits[1]}" in desk.text
        assert "15 hits: 13 inbox, 1 skip, 1 starred" in desk.text
        await desk.press("u")
        assert desk.cursor == hits[1]
        assert desk.titles == hits
        assert desk.pile(hits[1]) is Pile.INBOX
        await desk.press("q")
        assert len(desk.titles) == len(TITLES) - 1


async def test_in_the_search_box_letters_are_letters_and_arrows_move(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        await desk.until_index_follows()
        await desk.press("slash")
        await desk.type("part")
        first, second = desk.titles[:2]
        await desk.press("down")
        assert desk.cursor == second
        await desk.press("up")
        assert desk.cursor == first
        await desk.press("slash", "x", "u", "q")
        assert desk.box.value == "part/xuq"
        assert desk.notebook.papers.counts().inbox == len(TITLES)


async def test_the_view_of_a_search_is_where_one_was_among_the_hits(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        await desk.until_index_follows()
        await desk.press("j", "j", "slash")
        await desk.type("magnets")
        await desk.press("enter", "escape")
        assert desk.cursor == MAGNETS
        # What is not in the view leaves one where one was.
        await desk.press("g", "g", "x", "j", "slash")
        await desk.type("robots")
        await desk.press("enter", "escape")
        assert desk.cursor == LANTERNS
        # A letter that was typed and taken back moves nothing.
        await desk.press("slash", "m", "backspace", "escape")
        assert desk.cursor == LANTERNS


async def test_a_filter_keeps_the_cursor_on_its_paper(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        await desk.until_index_follows()
        await desk.press("j", "j", "slash")
        await desk.type("part")
        assert desk.cursor == LANTERNS
        await desk.type(" -rabbits")
        assert desk.cursor == LANTERNS
        await desk.type(" mag")
        assert desk.cursor == MAGNETS
        # It is taken back: the cursor goes where the user had put it.
        await desk.press(*["backspace"] * 4)
        assert desk.cursor == LANTERNS
        await desk.press("down")
        chosen = desk.cursor
        await desk.type(" ")
        await desk.press("backspace", "backspace")
        assert desk.cursor == chosen


async def test_keys_after_enter_are_decisions(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        await desk.until_index_follows()
        await desk.press("slash")
        await desk.type("dragons")
        await desk.rush("enter", "s")
        assert desk.pile(TITLES[8]) is Pile.STARRED
        assert desk.triage.finding.text == "dragons"


async def test_escape_ends_the_offer_then_the_box_then_the_search(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        await desk.until_index_follows()
        await desk.press("slash")
        await desk.type("t")
        await desk.press("tab")
        assert "tickets" in desk.found
        await desk.press("escape")
        assert desk.found.startswith("15 hits")
        assert desk.triage.finding.is_typing
        await desk.press("escape")
        assert not desk.triage.finding.is_typing
        assert desk.triage.finding.text == "t"
        await desk.press("escape")
        assert desk.triage.finding.text == ""
        assert desk.titles == list(TITLES)


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_tab_completes_what_is_typed(notebook: Notebook, size: tuple[int, int]) -> None:
    notebook.papers.change_tags([1], add=["to read"])
    notebook.papers.change_tags([2], add=["today"])
    async with at_desk(notebook, size) as desk:
        await desk.until_index_follows()
        await desk.press("slash")
        assert HINTS in desk.text
        await desk.press("tab")
        assert desk.found.startswith("title:  author:  abstract:")
        await desk.type("ta")
        await desk.press("tab")
        assert desk.box.value == "tag:"
        await desk.type("to")
        await desk.press("tab")
        assert desk.found == 'tag:"to read"  tag:today'
        await desk.press("tab")
        assert desk.found == '[tag:"to read"]  tag:today'
        assert desk.titles == [ROBOTS]
        await desk.press("tab")
        assert desk.titles == [GARDENS]
        await desk.press("shift+tab")
        assert desk.box.value == 'tag:"to read"'
        await desk.press("ctrl+u")
        await desk.type("author:number1")
        await desk.press("tab", "tab")
        assert "author:number11" in desk.found
        await desk.press("ctrl+u")
        await desk.type("part lanter")
        await desk.press("tab")
        assert desk.box.value == "part lanterns"
        assert desk.titles == [LANTERNS]


async def test_earlier_searches_come_back(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        await desk.until_index_follows()
        for text in ("robots", "gardens"):
            await desk.press("slash", "ctrl+u")
            await desk.type(text)
            await desk.press("enter")
        await desk.press("escape", "slash")
        await desk.type("lan")
        await desk.press("escape", "escape", "slash", "ctrl+p")
        assert desk.box.value == "gardens"
        assert desk.titles == [GARDENS]
        await desk.press("ctrl+p", "ctrl+p")
        assert desk.titles == [ROBOTS]
        await desk.press("ctrl+n")
        assert desk.box.value == "gardens"
        assert desk.app.memory.now.searches == ("robots", "gardens")


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_what_is_wrong_with_a_field_is_said(
    notebook: Notebook, size: tuple[int, int]
) -> None:
    cases = {
        "pile:foo": "`pile:` is inbox, read, starred or skip, not foo.",
        "year:abc": "`year:abc` is no year; write year:2020",
        "titel:robots": "There is no field `titel:`; did you mean `title:`?",
        "pile:st": "15 hits",
        "robots pile:st": "1 hit: 1 inbox",
    }
    async with at_desk(notebook, size) as desk:
        await desk.until_index_follows()
        await desk.press("slash")
        for typed, said in cases.items():
            await desk.press("ctrl+u")
            await desk.rush(*typed)
            assert desk.box.value == typed
            assert desk.found.startswith(said)
        assert desk.toasts == []


async def test_matches_are_underlined_in_the_list(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        await desk.until_index_follows()
        await desk.press("slash")
        await desk.type("lantern")
        line = desk.triage.paper_list.render_line(0)
        assert [s.text for s in line if s.style and s.style.underline] == ["lanterns"]
        await desk.press("escape", "escape")
        line = desk.triage.paper_list.render_line(2)
        assert "lanterns" in line.text
        assert not [s.text for s in line if s.style and s.style.underline]


async def test_the_hits_of_a_search_can_be_narrowed(notebook: Notebook) -> None:
    notebook.papers.move([1, 2, 3], Pile.SKIP)
    async with at_desk(notebook) as desk:
        await desk.until_index_follows()
        await desk.press("slash")
        await desk.type("robots OR gardens OR magnets")
        await desk.press("enter", "backslash")
        assert len(desk.titles) == 3
        await desk.type("pile:skip")
        assert desk.titles == [ROBOTS, GARDENS]
        assert "| /robots OR gardens OR magnets \\ pile:skip 2 " in desk.tabs
        await desk.press("enter", "backslash")
        await desk.type("gardens")
        assert desk.titles == [GARDENS]
        # Nothing typed: what is narrowed, and Esc leaves it as it was.
        await desk.press("ctrl+u")
        assert desk.titles == [ROBOTS, GARDENS]
        await desk.press("escape")
        assert desk.triage.finding.text == "pile:skip"
        await desk.press("escape")
        assert desk.triage.finding.text == "robots OR gardens OR magnets"
        assert len(desk.titles) == 3
        await desk.press("escape")
        assert desk.titles == list(TITLES[3:])


async def test_n_goes_round_the_hits_and_the_inbox(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        await desk.until_index_follows()
        await desk.press("slash")
        await desk.type("robots OR gardens")
        await desk.press("enter")
        first, second = desk.titles
        await desk.press("g", "g", "n")
        assert desk.cursor == second
        await desk.press("n")
        assert (desk.cursor, desk.status) == (first, "from the top again")
        await desk.press("N")
        assert (desk.cursor, desk.status) == (second, "from the end")
        await desk.press("escape", "g", "g", "3", "n")
        assert desk.cursor == MAGNETS
        await desk.press("N", "N", "N", "N")
        assert (desk.cursor, desk.status) == (TITLES[14], "from the end")
        await desk.press("g", "s", "n")
        assert desk.status == "no paper here"


async def test_where_all_are_decided_n_says_so(notebook: Notebook) -> None:
    notebook.papers.move([1, 2], Pile.SKIP)
    async with at_desk(notebook) as desk:
        await desk.press("g", "x", "n")
        assert desk.status == "all of these are decided"
        assert desk.cursor == ROBOTS


def test_undecided_papers_are_found_both_ways() -> None:
    lying = {1: Pile.INBOX, 2: Pile.SKIP, 3: Pile.INBOX, 4: Pile.READ}

    def piles_of(ids: Sequence[int]) -> dict[int, Pile]:
        return {paper_id: lying[paper_id] for paper_id in ids}

    ids = array("q", [1, 2, 3, 4])
    assert undecided(ids, 0, 1, piles_of) == 2
    assert undecided(ids, 2, 1, piles_of) == 4  # the first again
    assert undecided(ids, 0, -1, piles_of) == -2
    assert undecided(ids, 1, 2, piles_of) == 4
    lying[1] = lying[3] = Pile.SKIP
    assert undecided(ids, 0, 1, piles_of) is None


async def test_a_saved_search_finds_what_was_shown_when_it_was_saved(notebook: Notebook) -> None:
    async with at_desk(notebook, SMALL) as desk:
        await desk.until_index_follows()
        await desk.press("slash")
        await desk.type("rob")
        await desk.press("enter", "ctrl+s")
        await desk.answer("robots")
        await desk.press("escape", "g", "1")
        assert desk.titles == [TITLES[0]]


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_a_search_is_saved_from_the_box(notebook: Notebook, size: tuple[int, int]) -> None:
    async with at_desk(notebook, size) as desk:
        await desk.until_index_follows()
        await desk.press("ctrl+s")
        assert desk.status == "nothing is searched for: / begins a search"
        await desk.press("slash")
        await desk.type("robots OR gardens")
        await desk.press("ctrl+s")
        await desk.until_shown("Save this search as")
        await desk.type('a"b')
        await desk.press("enter")
        await desk.until_shown("cannot be the name of a saved search")
        await desk.press("ctrl+u")
        await desk.type("green robots")
        await desk.press("enter")
        (saved,) = notebook.searches.all()
        assert (saved.name, saved.query) == ("green robots", "robots OR gardens*")
        await desk.press("enter")
        assert desk.status == "saved as green robots: g1 shows it"
        # What narrows another search is saved with it.
        await desk.press("backslash")
        await desk.type("lanterns OR robots")
        await desk.press("enter", "ctrl+s")
        await desk.answer("one")
        assert notebook.searches.all()[1].query == "(lanterns OR robots*) (robots OR gardens*)"
        await desk.press("slash")
        await desk.type("(robots")
        await desk.press("ctrl+s")
        assert "never closed" in desk.toasts[-1]


async def test_a_pasted_name_finds_its_paper(notebook: Notebook) -> None:
    work = notebook.papers.entry(9).work
    notebook.papers.edit(9, replace(work, doi="10.1000/dragons"))
    names = ("2001.00009", "arXiv:2001.00009v2", "https://arxiv.org/abs/2001.00009",
             "10.1000/Dragons", "https://doi.org/10.1000/dragons")  # fmt: skip
    async with at_desk(notebook) as desk:
        await desk.until_index_follows()
        await desk.press("slash")
        for name in names:
            await desk.press("ctrl+u")
            desk.box.post_message(events.Paste(f"{name}\n"))
            await desk.settle()
            assert desk.triage.finding.text == name
            assert desk.titles == [TITLES[8]]


async def test_a_citation_key_finds_its_paper(notebook: Notebook) -> None:
    key = notebook.papers.use_citekey(9)
    async with at_desk(notebook) as desk:
        await desk.until_index_follows()
        await desk.press("slash")
        await desk.type(key)
        assert desk.titles == [TITLES[8]]


async def test_another_view_ends_the_search(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        await desk.until_index_follows()
        await desk.press("slash")
        await desk.type("robots")
        await desk.press("enter", "tab", "g", "i")
        assert desk.titles == list(TITLES)
        await desk.press("slash")
        await desk.type("gar")
        assert desk.box.value == "gar"
        assert desk.titles == [GARDENS]


async def test_narrowing_stays_narrow_when_the_box_was_empty_for_a_moment(
    notebook: Notebook,
) -> None:
    notebook.papers.move([1], Pile.SKIP)
    async with at_desk(notebook) as desk:
        await desk.until_index_follows()
        await desk.press("g", "x", "backslash")
        await desk.type("p")
        await desk.press("backspace")
        assert desk.titles == [ROBOTS]
        await desk.type("part")
        assert desk.titles == [ROBOTS]
        await desk.press("enter", "slash")
        await desk.type("part")
        assert len(desk.titles) == len(TITLES)
