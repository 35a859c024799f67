"""Triage as the user does it: every key of the papers' screen, what it shows and what it writes."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Mapping
from pathlib import Path

import pytest
from textual.command import CommandPalette

from papertray.core.model import Pile
from papertray.core.query import Query
from papertray.notebook.notebook import Notebook
from papertray.store.papers import View
from papertray.store.places import Places
from papertray.store.search import Search
from papertray.tui import app
from papertray.tui.keys import ACTIONS, rebound
from papertray.tui.screens.help import HelpScreen
from papertray.tui.screens.note import NoteScreen
from papertray.tui.screens.prompt import Prompt
from papertray.tui.screens.triage import TriageScreen
from papertray.tui.settings import read_key_map
from papertray.tui.widgets.pane import Pane

from .desk import (
    LARGE,
    SMALL,
    TITLES,
    WORDS,
    LaterClock,
    add_papers,
    at_desk,
    made_up_record,
    open_notebook,
)

ROBOTS, GARDENS, LANTERNS, MAGNETS = TITLES[:4]
PAGE = 10
"""Lines of the list in 24 lines."""


# --- moving


@pytest.mark.parametrize(
    ("keys", "index"),
    [
        ("j", 1),
        ("down down", 2),
        ("j j k", 1),
        ("k", 0),
        ("up", 0),
        ("G", 14),
        ("end", 14),
        ("G j", 14),
        ("G g g", 0),
        ("end home", 0),
        ("ctrl+d", PAGE // 2),
        ("G ctrl+u", 14 - PAGE // 2),
        ("ctrl+f", PAGE),
        ("pagedown pagedown", 14),
        ("G ctrl+b", 14 - PAGE),
        ("G pageup pageup", 0),
        ("g escape j", 1),
    ],
)
async def test_moving(notebook: Notebook, keys: str, index: int) -> None:
    async with at_desk(notebook, SMALL) as desk:
        await desk.press(*keys.split())
        assert desk.cursor == TITLES[index]
        assert f"── {index + 1} of 15 ─" in desk.text
        assert f">  {TITLES[index]}" in desk.text
        await desk.until_shown(f"{WORDS[index]} number {index}")


# --- views


@pytest.mark.parametrize(
    ("keys", "view"),
    [
        ("g r", View.READ),
        ("g s", View.STARRED),
        ("g x", View.SKIP),
        ("g d", View.DONE),
        ("g x g i", View.INBOX),
        ("tab", View.READ),
        ("l l", View.STARRED),
        ("right right right", View.SKIP),
        ("shift+tab", View.DONE),
        ("h h", View.SKIP),
        ("tab tab left", View.READ),
        ("tab tab tab tab tab", View.INBOX),
    ],
)
async def test_views(notebook: Notebook, keys: str, view: View) -> None:
    by_pile = zip(Pile, ([], [TITLES[3]], [TITLES[4]], [TITLES[5]]), strict=True)
    for pile, titles in by_pile:
        for title in titles:
            notebook.papers.move([TITLES.index(title) + 1], pile)
    notebook.papers.set_done([7])
    expected = {
        View.INBOX: [*TITLES[:3], *TITLES[7:]],
        View.READ: [TITLES[3]],
        View.STARRED: [TITLES[4]],
        View.SKIP: [TITLES[5]],
        View.DONE: [TITLES[6]],
    }
    async with at_desk(notebook) as desk:
        assert desk.tabs == " Inbox 11  Read 1  Starred 1  Skip 1  Done 1 "
        await desk.press(*keys.split())
        assert desk.triage.view is view
        assert desk.titles == expected[view]
        assert desk.cursor == expected[view][0]


async def test_each_view_keeps_its_cursor(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        await desk.press("j", "j", "j", "g", "s", "g", "i")
        assert desk.cursor == MAGNETS


# --- decisions


@pytest.mark.parametrize(
    ("key", "pile", "label", "tabs"),
    [
        ("r", Pile.READ, "read", " Inbox 14  Read 1  Starred 0  Skip 0  Done 0 "),
        ("s", Pile.STARRED, "star", " Inbox 14  Read 0  Starred 1  Skip 0  Done 0 "),
        ("x", Pile.SKIP, "skip", " Inbox 14  Read 0  Starred 0  Skip 1  Done 0 "),
        ("d", Pile.SKIP, "skip", " Inbox 14  Read 0  Starred 0  Skip 1  Done 0 "),
    ],
)
@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_a_decision_moves_the_paper_and_shows_the_next(
    notebook: Notebook, size: tuple[int, int], key: str, pile: Pile, label: str, tabs: str
) -> None:
    async with at_desk(notebook, size) as desk:
        await desk.press("j", key)
        assert desk.cursor == LANTERNS
        assert desk.titles == [ROBOTS, *TITLES[2:]]
        assert desk.tabs == tabs
        assert desk.pile(GARDENS) is pile
        assert f"u: {label} “{GARDENS[:5]}" in desk.text
    kept = pile is not Pile.SKIP
    assert bool(desk.paper(GARDENS).citekey) is kept


async def test_triage_to_the_last_paper(notebook: Notebook) -> None:
    async with at_desk(notebook, SMALL) as desk:
        await desk.press("G", "x")
        assert desk.cursor == TITLES[13]
        await desk.press("g", "g", *"rsxrsxrsxrsxrs")
        assert desk.titles == []
        assert desk.tabs == " Inbox 0  Read 5  Starred 5  Skip 5  Done 0 "
        await desk.until_shown("Nothing here.")
        await desk.press("x")
        assert desk.status == "no paper here"
        await desk.press("u")
        assert desk.cursor == TITLES[13]


async def test_a_paper_goes_back_to_the_inbox(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        await desk.press("x", "g", "x")
        await desk.press("i")
        assert desk.pile(ROBOTS) is Pile.INBOX
        assert desk.titles == []
        await desk.press("g", "i")
        assert desk.titles == list(TITLES)


async def test_deciding_what_is_decided_already_goes_on(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        await desk.press("s", "s", "g", "s")
        await desk.press("s")
        assert desk.titles == [ROBOTS, GARDENS]
        assert desk.cursor == GARDENS
        assert desk.status == "star: it is there already"
        await desk.press("u")
        assert desk.titles == [ROBOTS]


async def test_done_moves_what_is_not_decided_to_read(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        await desk.press("m", "r", "s")
        assert desk.tabs == " Inbox 12  Read 1  Starred 1  Skip 0  Done 1 "
        assert desk.paper(ROBOTS).done == "2026-11-23"
        await desk.press("g", "r", "m")
        assert desk.titles == []
        assert desk.tabs == " Inbox 12  Read 0  Starred 1  Skip 0  Done 2 "
        await desk.press("g", "s", "m")
        assert desk.titles == [LANTERNS]
        assert desk.paper(LANTERNS).done == "2026-11-23"


async def test_the_last_decision_is_repeated(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        await desk.press("full_stop")
        assert desk.status == "nothing to repeat yet"
        await desk.press("x", "full_stop", "full_stop", "m", "full_stop")
        assert desk.tabs == " Inbox 10  Read 0  Starred 0  Skip 3  Done 2 "


async def test_who_is_faster_than_the_disk_sees_the_same(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        await desk.rush("x", "x", "s", "g", "x")
        assert desk.triage.view is View.SKIP
        assert desk.titles == [ROBOTS, GARDENS]
        await desk.rush("i", "g", "i", "u", "u")
        assert desk.titles == list(TITLES[2:])


@pytest.mark.parametrize("keys", ["slash", "backslash", "e", "t", "E", "a", "g n"])
async def test_what_is_typed_ahead_decides_nothing(notebook: Notebook, keys: str) -> None:
    notebook.notes.save_main(1, "words\n")
    async with at_desk(notebook) as desk:
        await desk.rush(*keys.split(), *"txrusidm")
        assert desk.notebook.papers.counts().inbox == len(TITLES)
        assert desk.notebook.journal.history()[0].label.startswith("note on")


@pytest.mark.parametrize("key", ["e", "t", "a"])
async def test_what_is_typed_ahead_is_not_lost(notebook: Notebook, key: str) -> None:
    async with at_desk(notebook) as desk:
        await desk.rush(key, *"txrusidm")
        found = desk.editor.text if key == "e" else desk.box.value
        assert found == "txrusidm"


async def test_what_is_typed_after_enter_is_not_part_of_the_answer(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        await desk.press("t")
        await desk.rush(*"one", "enter", *"jjj")
        assert desk.paper(ROBOTS).tags == ("one",)
        assert isinstance(desk.app.screen, TriageScreen)


@pytest.mark.parametrize("key", ["e", "t", "question_mark", "slash", "g n", "ctrl+p", "enter"])
async def test_too_many_escapes_do_no_harm(notebook: Notebook, key: str) -> None:
    notebook.notes.save_main(1, "words\n")
    async with at_desk(notebook) as desk:
        await desk.press(*key.split())
        await desk.rush(*["escape"] * 6)
        assert isinstance(desk.app.screen, TriageScreen)
        assert not desk.triage.is_card
        await desk.rush(*key.split(), *["escape"] * 6)
        assert isinstance(desk.app.screen, TriageScreen)
        assert desk.titles == list(TITLES)


async def test_what_is_typed_ahead_is_searched(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        await desk.until_index_follows()
        await desk.rush("slash", *"dragons")
        assert desk.box.value == "dragons"
        assert desk.titles == [TITLES[8]]
        await desk.press("ctrl+u")
        await desk.rush(*"robot")
        assert desk.titles == [ROBOTS]
        # What is searched for when the box says another thing already is not shown.
        await desk.rush("x")
        await desk.rush("backspace")
        assert desk.titles == [ROBOTS]


# --- undo


async def test_undo_goes_back_to_the_paper_that_came_back(notebook: Notebook) -> None:
    async with at_desk(notebook, SMALL) as desk:
        await desk.press("j", "x", "s", "G", "r")
        await desk.press("u")
        assert (desk.cursor, desk.status) == (TITLES[14], f"undone: read “{TITLES[14]}”")
        await desk.press("u")
        assert desk.cursor == LANTERNS
        await desk.press("u")
        assert desk.cursor == GARDENS
        assert desk.titles == list(TITLES)
        assert desk.tabs == " Inbox 15  Read 0  Starred 0  Skip 0  Done 0 "
        assert "u: " not in desk.text


async def test_redo_does_it_again(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        await desk.press("x", "s", "u", "u", "ctrl+r")
        assert desk.titles == list(TITLES[1:])
        assert desk.status == f"redone: skip “{ROBOTS}”"
        await desk.press("ctrl+r")
        assert desk.tabs == " Inbox 13  Read 0  Starred 1  Skip 1  Done 0 "
        await desk.press("ctrl+r")
        assert desk.status == "nothing to redo"
        await desk.press("u", "u")
        assert desk.titles == list(TITLES)


async def test_undo_in_another_view_brings_the_list_there_in_line(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        await desk.press("s", "s", "g", "s")
        assert desk.titles == [ROBOTS, GARDENS]
        await desk.press("u")
        assert desk.titles == [ROBOTS]
        assert desk.tabs == " Inbox 14  Read 0  Starred 1  Skip 0  Done 0 "
        await desk.press("ctrl+r")
        assert desk.cursor == GARDENS


async def test_nothing_to_undo_is_said(empty: Notebook) -> None:
    async with at_desk(empty) as desk:
        await desk.press("u")
        assert desk.status == "nothing to undo"


async def test_undo_goes_on_after_a_restart(notebook: Notebook, places: Places) -> None:
    async with at_desk(notebook) as desk:
        await desk.press("x", "s")
    with open_notebook(places, "next day") as later:
        async with at_desk(later) as desk:
            assert f"u: star “{GARDENS}" in desk.text
            await desk.press("u")
            assert desk.cursor == GARDENS
            await desk.press("u")
            assert desk.cursor == ROBOTS
            assert desk.titles == list(TITLES)


# --- the card


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_the_card_shows_one_paper_and_decisions_show_the_next(
    notebook: Notebook, size: tuple[int, int]
) -> None:
    async with at_desk(notebook, size) as desk:
        await desk.press("enter")
        assert desk.triage.is_card
        assert GARDENS not in desk.text
        await desk.press("r")
        await desk.until_shown(GARDENS)
        assert desk.triage.is_card
        assert ROBOTS not in desk.text.splitlines()[2]
        assert LANTERNS not in desk.text
        await desk.press("u")
        await desk.until_shown("robots number 0")
        assert desk.triage.is_card
        await desk.press("escape")
        assert not desk.triage.is_card
        assert GARDENS in desk.text
        await desk.press("enter", "q")
        assert not desk.triage.is_card


async def test_the_card_ends_with_the_last_paper(empty: Notebook, tmp_path: Path) -> None:
    add_papers(empty, tmp_path, [made_up_record(0)])
    async with at_desk(empty) as desk:
        await desk.press("enter", "x")
        assert not desk.triage.is_card
        await desk.press("enter")
        assert not desk.triage.is_card


async def test_space_pages_the_abstract_then_shows_the_next_paper(
    empty: Notebook, tmp_path: Path
) -> None:
    sentences = " ".join(f"This is sentence {number}." for number in range(120))
    add_papers(empty, tmp_path, [{**made_up_record(0), "abstract": sentences}, made_up_record(1)])
    async with at_desk(empty, SMALL) as desk:
        await desk.press("enter")
        await desk.until_shown("This is sentence 0.")
        length = desk.triage.query_one("#preview", Pane).length
        assert f"20/{length}" in desk.text
        pages = 0
        while desk.cursor == ROBOTS:
            shown = desk.text
            await desk.press("space")
            pages += 1
            assert desk.text != shown
            assert pages < 10
        assert pages > 2
        assert "pile  inbox" in shown
        assert f"{length}/{length}" in shown
        await desk.until_shown(GARDENS)


# --- searching


async def test_the_search_follows_what_is_typed(notebook: Notebook) -> None:
    notebook.papers.move([1], Pile.STARRED)
    notebook.papers.move([2], Pile.SKIP)
    notebook.notes.save_main(3, "like the robots\n")
    async with at_desk(notebook) as desk:
        await desk.until_index_follows()
        await desk.press("slash")
        await desk.type("rob")
        assert desk.titles == [ROBOTS, LANTERNS]
        assert "| /rob 2 " in desk.tabs
        assert f">★ {ROBOTS}" in desk.text
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
        assert f">x {GARDENS}" in desk.text
        await desk.press("escape")
        assert desk.tabs == " Inbox 13  Read 0  Starred 1  Skip 1  Done 0 "
        assert desk.titles == list(TITLES[2:])


async def test_hits_that_are_too_many_to_hold_are_counted(
    notebook: Notebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "MOST_HITS", 3)
    notebook.papers.move([1, 2], Pile.SKIP)
    async with at_desk(notebook) as desk:
        await desk.until_index_follows()
        await desk.press("slash")
        await desk.type("part")
        await desk.press("enter")
        assert desk.status == "15 hits: 13 inbox, 2 skip"
        await desk.press("slash", "end")
        await desk.type(" pile:foo x")
        assert "`pile:foo` is nothing that can be searched" in desk.status


async def test_counting_says_nothing_where_something_else_was_said(
    notebook: Notebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "MOST_HITS", 3)
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
        assert desk.triage.view is View.SKIP
        await desk.press("slash")
        await desk.type("part")
        assert len(desk.titles) == len(TITLES)
        await desk.press("escape", "backslash")
        await desk.type("robots OR part")
        assert sorted(desk.titles) == sorted([ROBOTS, GARDENS])


@pytest.mark.parametrize("key", ["enter", "tab"])
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
        assert f" x {hits[0]}" in desk.text
        assert f" ★ {hits[1]}" in desk.text
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


async def test_the_view_of_a_search_is_where_one_was(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        await desk.until_index_follows()
        await desk.press("j", "j", "slash")
        await desk.type("robots")
        await desk.press("enter", "escape")
        assert desk.cursor == LANTERNS


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


# --- tags, key, link


async def test_tags_are_typed_in_one_line(notebook: Notebook) -> None:
    notebook.papers.change_tags([1], add=["old", "kept"])
    async with at_desk(notebook) as desk:
        await desk.press("t")
        assert isinstance(desk.app.screen, Prompt)
        assert desk.box.value == "kept, old"
        assert "in use: kept, old" in desk.text
        await desk.answer("kept, new tag , , new tag")
        assert desk.paper(ROBOTS).tags == ("kept", "new tag")
        assert desk.status == f"tag +new tag -old “{ROBOTS}”"
        await desk.until_shown("tags  kept  new tag")
        await desk.press("u")
        assert desk.paper(ROBOTS).tags == ("kept", "old")
        await desk.press("t", "escape")
        await desk.press("t")
        await desk.answer("old,kept")
        assert desk.status == "tags as they were"


async def test_a_tag_with_a_comma_is_one_tag_until_it_is_changed(notebook: Notebook) -> None:
    notebook.papers.change_tags([1], add=["one, two", "three"])
    async with at_desk(notebook) as desk:
        await desk.press("t", "enter")
        assert desk.status == "tags as they were"
        assert desk.paper(ROBOTS).tags == ("one, two", "three")
        await desk.press("t")
        await desk.answer("one, three, four")
        assert desk.paper(ROBOTS).tags == ("four", "three")


async def test_in_a_prompt_the_keys_of_the_papers_are_letters(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        await desk.press("t")
        await desk.type("txru q?/")
        await desk.press("tab", "shift+tab")
        assert desk.box.value == "txru q?/"
        await desk.press("escape")
        assert desk.titles == list(TITLES)
        assert desk.paper(ROBOTS).tags == ()


async def test_a_copied_key_never_changes_again(notebook: Notebook, places: Places) -> None:
    async with at_desk(notebook) as desk:
        await desk.press("y")
        key = desk.paper(ROBOTS).citekey
        assert key.startswith("number00Robots")
        assert desk.app.clipboard == key
        assert desk.status == f"copied {key}"
    with sqlite3.connect(places.database) as connection:
        states = connection.execute("SELECT state FROM citekey WHERE key = ?", (key,)).fetchall()
    connection.close()
    assert states == [("final",)]


async def test_without_a_browser_the_link_is_copied(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        await desk.press("j", "o")
        assert desk.app.clipboard == "https://arxiv.org/abs/2001.00002"
        assert desk.status == "no browser here: copied https://arxiv.org/abs/2001.00002"


async def test_a_link_opens_in_the_browser(
    notebook: Notebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    called = tmp_path / "called"
    browser = tmp_path / "xdg-open"
    program = f'echo noise\necho "$1" > {called}.new\nmv {called}.new {called}\n'
    browser.write_text(f"#!/bin/sh\n{program}")
    browser.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    monkeypatch.setenv("DISPLAY", ":0")
    async with at_desk(notebook) as desk:
        await desk.press("o")
        await desk.until(called.exists, "the browser is called")
        assert called.read_text() == "https://arxiv.org/abs/2001.00001\n"
        assert desk.status == "opened https://arxiv.org/abs/2001.00001"


async def test_a_paper_without_a_link_says_so(empty: Notebook, tmp_path: Path) -> None:
    add_papers(empty, tmp_path, [{"title": "Alone", "url": "file:///etc/passwd"}])
    async with at_desk(empty) as desk:
        await desk.press("o")
        assert desk.status == "this paper has no link"


@pytest.mark.parametrize("key", ["e", "t", "y", "o", "E", "enter", "space", "m", "G", "g n"])
async def test_an_empty_tray_takes_every_key(empty: Notebook, key: str) -> None:
    async with at_desk(empty, SMALL) as desk:
        await desk.press(*key.split())
        assert isinstance(desk.app.screen, TriageScreen)
        assert desk.toasts == []


# --- export and add


@pytest.mark.parametrize(
    ("name", "beginning", "notes"),
    [("out.bib", "@", ""), ("out.md", "#", "1 note"), ("out.jsonl", "{", "1 note")],
)
async def test_the_list_is_exported(
    notebook: Notebook, tmp_path: Path, name: str, beginning: str, notes: str
) -> None:
    notebook.notes.save_main(1, "my words\n")
    async with at_desk(notebook, SMALL) as desk:
        await desk.press("E")
        await desk.until_shown("Export 15 papers of Inbox to")
        for suffix in (".bib", ".md", ".jsonl"):
            assert f" {suffix}  " in desk.text
        assert desk.box.value == "papers.bib"
        await desk.answer(str(tmp_path / name))
        assert f"{tmp_path / name}" in desk.status
        assert desk.status.startswith("15 papers" + (f", {notes}" if notes else ""))
    text = (tmp_path / name).read_text(encoding="utf-8")
    assert beginning in text
    assert ("my words" in text) is bool(notes)
    for word in WORDS:
        assert word in text


async def test_an_export_of_a_search_holds_its_hits(notebook: Notebook, tmp_path: Path) -> None:
    async with at_desk(notebook) as desk:
        await desk.until_index_follows()
        await desk.press("slash")
        await desk.type("gardens")
        await desk.press("enter", "E")
        await desk.until_shown("Export 1 paper of “gardens” to")
        await desk.answer(str(tmp_path / "one.bib"))
    text = (tmp_path / "one.bib").read_text(encoding="utf-8")
    assert text.count("\n@") + text.startswith("@") == 1
    assert "gardens" in text


async def test_an_export_of_a_search_holds_also_the_hits_that_are_not_listed(
    notebook: Notebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "MOST_HITS", 3)
    async with at_desk(notebook) as desk:
        await desk.until_index_follows()
        await desk.press("slash")
        await desk.type("part")
        await desk.press("enter", "E")
        await desk.until_shown("Export all papers of “part” to")
        await desk.answer(str(tmp_path / "part.bib"))
        await desk.until_shown("15 papers written to")
    assert (tmp_path / "part.bib").read_text(encoding="utf-8").count("\n}") == 15


async def test_a_foreign_file_is_not_overwritten(notebook: Notebook, tmp_path: Path) -> None:
    file = tmp_path / "thesis.bib"
    file.write_text("% years of work\n", encoding="utf-8")
    async with at_desk(notebook) as desk:
        await desk.press("E")
        await desk.answer(str(file))
        (toast,) = desk.toasts
        assert "was not written by papertray" in toast
        assert "writing" not in desk.status
        assert desk.titles == list(TITLES)
    assert file.read_text(encoding="utf-8") == "% years of work\n"


@pytest.mark.parametrize("name", ["papers.docx", "papers", "no/such/folder.bib"])
async def test_an_export_that_cannot_be_is_a_sentence(
    notebook: Notebook, tmp_path: Path, name: str
) -> None:
    async with at_desk(notebook) as desk:
        await desk.press("E")
        await desk.answer(str(tmp_path / name))
        assert len(desk.toasts) == 1
        assert desk.toasts[0].endswith(".")
    assert not (tmp_path / name).exists()


async def test_a_prompt_without_an_answer_does_nothing(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        for key in ("E", "a"):
            await desk.press(key)
            await desk.answer("  ")
            await desk.press(key, "escape")
        assert isinstance(desk.app.screen, TriageScreen)
        assert desk.toasts == []


PAGE_OF_PAPERS = """Trending Papers
SubscribeA Title of Some Words
An abstract that says a good deal about what was done and how it was found out, at length.
Another Title of Some Words
Another abstract that says a good deal about what was done and how it was found, at length.
"""


async def test_a_file_is_added(empty: Notebook, tmp_path: Path) -> None:
    file = tmp_path / "evening.jsonl"
    file.write_text('{"title": "One"}\n{"title": "Two"}\n{"title": "Three\n', encoding="utf-8")
    async with at_desk(empty) as desk:
        await desk.press("a")
        await desk.until_shown("Add a file or folder")
        await desk.answer(str(file))
        assert desk.titles == ["One", "Two"]
        assert desk.tabs.startswith(" Inbox 2 ")
        assert desk.status.startswith("2 added, 0 merged, 0 known, 1 failed (line 3:")
        await desk.until_index_follows()
        await desk.press("a")
        await desk.answer(str(file))
        assert desk.status.startswith("0 added, 0 merged, 2 known")
        await desk.press("u")
        assert desk.titles == []


@pytest.mark.parametrize("name", ["picture.png", "missing.txt", ""])
async def test_what_is_nothing_we_read_is_a_sentence(
    empty: Notebook, tmp_path: Path, name: str
) -> None:
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    (tmp_path / "folder").mkdir()
    async with at_desk(empty) as desk:
        await desk.press("a")
        await desk.answer(str(tmp_path / name if name else tmp_path / "folder"))
        assert len(desk.toasts) == 1
        assert (name or "folder") in desk.toasts[0]
        assert desk.titles == []


# --- notes


async def test_the_list_of_notes_opens_one(notebook: Notebook) -> None:
    notebook.notes.save_main(1, "about robots\n")
    notebook.notes.new(None, "Plans", "for the week\n")
    async with at_desk(notebook, SMALL) as desk:
        await desk.press("g", "n")
        assert f"2026-11-23  {ROBOTS}  · about robots" in desk.text
        assert "2026-11-23  Plans  · for the week" in desk.text
        await desk.press("j", "k", "tab", "q")
        assert isinstance(desk.app.screen, TriageScreen)
        await desk.press("g", "n")
        index = [note.title for note in notebook.notes.recent()].index("Plans")
        await desk.press(*["j"] * index, "enter")
        assert isinstance(desk.app.screen, NoteScreen)
        assert desk.editor.text == "for the week\n"
        await desk.type("next")
        await desk.press("escape", "escape")
        assert isinstance(desk.app.screen, TriageScreen)
    assert {note.body for note in notebook.notes.recent()} == {
        "about robots\n",
        "for the week\nnext\n",
    }


async def test_without_notes_the_list_of_notes_says_how_to_begin(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        await desk.press("g", "n")
        assert desk.status == "no notes here yet: e on a paper begins one"


async def test_in_a_search_the_list_of_notes_holds_its_hits(notebook: Notebook) -> None:
    notebook.notes.save_main(1, "zebra stripes\n")
    notebook.notes.save_main(2, "nothing\n")
    async with at_desk(notebook) as desk:
        await desk.until_index_follows()
        await desk.press("slash")
        await desk.type("zebra")
        await desk.press("enter", "g", "n")
        assert "Notes found: 1" in desk.text
        assert "zebra stripes" in desk.text
        assert "nothing" not in desk.text


# --- help, palette, keys


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_the_help_shows_every_action(notebook: Notebook, size: tuple[int, int]) -> None:
    async with at_desk(notebook, size) as desk:
        await desk.press("question_mark")
        assert isinstance(desk.app.screen, HelpScreen)
        seen = desk.text
        pages = 0
        while isinstance(desk.app.screen, HelpScreen):
            seen += desk.text
            await desk.press("space")
            pages += 1
            assert pages < 10
        for action in ACTIONS:
            assert action.text in seen, action.id
        await desk.press("question_mark", "j", "k", "x")
        assert isinstance(desk.app.screen, TriageScreen)
        assert desk.pile(ROBOTS) is Pile.INBOX


async def test_the_palette_runs_an_action_by_its_name(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        await desk.press("ctrl+p")
        assert isinstance(desk.app.screen, CommandPalette)
        await desk.type("star")
        await desk.until_shown("Star  (s)")
        await desk.press("enter")
        await desk.until(lambda: isinstance(desk.app.screen, TriageScreen), "the palette closes")
        await desk.settle()
        assert desk.pile(ROBOTS) is Pile.STARRED


async def test_the_keys_of_the_settings_file_are_used(notebook: Notebook, places: Places) -> None:
    places.config.mkdir()
    places.settings.write_text(
        '[keys]\n"decide.skip" = ["D", "z z"]\n"decide.star" = "x"\n"rest.quit" = "notakey"\n',
        encoding="utf-8",
    )
    async with at_desk(notebook, key_map=read_key_map(places.settings)) as desk:
        await desk.until(lambda: bool(desk.toasts), "the wrong key is told")
        assert desk.toasts == [
            f"{places.settings}, line 4: 'notakey', for rest.quit, is not a key."
        ]
        await desk.press("x", "D", "z", "z", "d", "s")
        assert desk.tabs == " Inbox 12  Read 0  Starred 1  Skip 2  Done 0 "
        assert "x star  D skip" in desk.text


async def test_an_action_without_a_key_is_found_in_the_palette(notebook: Notebook) -> None:
    async with at_desk(notebook, key_map=rebound({"decide.star": []})[0]) as desk:
        await desk.press("s")
        assert desk.titles == list(TITLES)
        await desk.press("ctrl+p")
        await desk.type("decide.star")
        await desk.until_shown("Star  (decide.star)")


@pytest.mark.parametrize("keys", ["q", "enter q q", "ctrl+q"])
async def test_quit(notebook: Notebook, keys: str) -> None:
    async with at_desk(notebook) as desk:
        await desk.press("x")
        assert not desk.has_ended
        await desk.press(*keys.split())
        assert desk.has_ended
    assert notebook.papers.counts().skip == 1


# --- other processes, empty trays, trouble


async def test_decisions_of_another_process_appear(notebook: Notebook, places: Places) -> None:
    with open_notebook(places, "theirs") as theirs:
        async with at_desk(notebook) as desk:
            await desk.press("j", "j")
            theirs.papers.move([1], Pile.STARRED)
            await desk.until(lambda: "Inbox 14" in desk.tabs, "the other's decision is counted")
            await desk.settle()
            assert desk.titles == list(TITLES[1:])
            assert desk.cursor == LANTERNS
            theirs.journal.undo()
            await desk.until(lambda: desk.titles == list(TITLES), "the other's undo is shown")
            assert desk.cursor == LANTERNS


LONG = " ".join(f"This is sentence {number}." for number in range(120))


async def test_papers_that_come_in_leave_a_reader_where_she_is(
    empty: Notebook, places: Places, tmp_path: Path
) -> None:
    add_papers(empty, tmp_path, [{**made_up_record(0), "abstract": LONG}])
    with open_notebook(places, "theirs", clock=LaterClock()) as theirs:
        async with at_desk(empty, SMALL) as desk:
            await desk.press("enter", "space")
            pane = desk.triage.query_one("#preview", Pane)
            place = pane.top
            assert place > 0
            add_papers(theirs, tmp_path, [made_up_record(number) for number in range(20, 30)])
            await desk.until(lambda: "Inbox 11" in desk.tabs, "the new papers are counted")
            await desk.settle()
            assert (desk.cursor, pane.top) == (ROBOTS, place)


async def test_paging_at_once_pages_the_paper_under_the_cursor(
    empty: Notebook, tmp_path: Path
) -> None:
    other = LONG.replace("This", "That")
    add_papers(
        empty, tmp_path, [{**made_up_record(0), "abstract": LONG},
                          {**made_up_record(1), "abstract": other}],
    )  # fmt: skip
    async with at_desk(empty, SMALL) as desk:
        await desk.press("enter")
        await desk.rush("j", "space")
        assert desk.cursor == GARDENS
        assert "That is sentence" in desk.text
        assert "That is sentence 0." not in desk.text


@pytest.mark.parametrize("steps", [0, 2, 12])
@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_papers_that_come_in_do_not_move_the_list(
    notebook: Notebook, places: Places, tmp_path: Path, size: tuple[int, int], steps: int
) -> None:
    with open_notebook(places, "theirs", clock=LaterClock()) as theirs:
        async with at_desk(notebook, size) as desk:
            await desk.press(*["j"] * steps)
            cursor, lines = desk.cursor, desk.list_lines
            add_papers(theirs, tmp_path, [made_up_record(number) for number in range(20, 60)])
            await desk.until(lambda: "Inbox 55" in desk.tabs, "the new papers are counted")
            await desk.settle()
            assert desk.cursor == cursor
            assert desk.list_lines == lines
            await desk.press("g", "g")
            assert desk.cursor == str(made_up_record(20)["title"])


async def test_the_screen_does_not_undo_what_others_did_while_it_has_own_decisions(
    notebook: Notebook, places: Places
) -> None:
    with open_notebook(places, "theirs") as theirs:
        async with at_desk(notebook) as desk:
            await desk.press("x")
            theirs.papers.move([5], Pile.STARRED)
            await desk.press("u")
            assert desk.cursor == ROBOTS
            assert desk.pile(TITLES[4]) is Pile.STARRED


@pytest.mark.parametrize("size", [SMALL, LARGE, (40, 12)])
async def test_an_empty_tray_says_what_to_do(empty: Notebook, size: tuple[int, int]) -> None:
    async with at_desk(empty, size) as desk:
        if size[1] >= 24:
            assert "Nothing here yet. No account and no network are needed." in desk.text
            assert "a   add a file" in desk.text
            assert "papertray tour lets you practise on 40 papers." in desk.text
        assert desk.tabs == " Inbox 0  Read 0  Starred 0  Skip 0  Done 0 "


@pytest.fixture
def impatient(notebook: Notebook, places: Places) -> Notebook:
    """The tray of `notebook`, opened so that it waits for other processes a moment only."""
    notebook.close()
    return open_notebook(places, "impatient", timeout=0.02)


async def test_a_decision_that_cannot_be_written_is_told_and_the_paper_comes_back(
    impatient: Notebook, places: Places
) -> None:
    other = sqlite3.connect(places.database, isolation_level=None)
    async with at_desk(impatient) as desk:
        await desk.press("x", "j")
        other.execute("BEGIN IMMEDIATE")
        await desk.press("s")
        await desk.until(lambda: bool(desk.toasts), "the trouble is told")
        await desk.settle()
        assert "is being written by another process" in desk.toasts[0]
        assert desk.titles == list(TITLES[1:])
        assert desk.tabs == " Inbox 14  Read 0  Starred 0  Skip 1  Done 0 "
        await desk.press("u")
        assert len(desk.toasts) == 2
        assert desk.pile(ROBOTS) is Pile.SKIP
        other.execute("ROLLBACK")
        await desk.press("u")
        assert desk.titles == list(TITLES)
    other.close()
    impatient.close()


@pytest.mark.parametrize("size", [(40, 12), (20, 5), (1, 1), (300, 80)])
async def test_terminals_of_any_size(notebook: Notebook, size: tuple[int, int]) -> None:
    async with at_desk(notebook, size) as desk:
        if size[0] >= 40:
            assert ROBOTS in desk.text
        for keys in ("j", "x", "enter", "space", "escape", "slash a b escape", "G", "u"):
            await desk.press(*keys.split())
        for keys in ("question_mark q", "t escape", "g n", "ctrl+p escape", "E escape"):
            await desk.press(*keys.split())
        await desk.press("e", "a", "escape", "escape")
        assert isinstance(desk.app.screen, TriageScreen)
        assert desk.pile(GARDENS) is Pile.INBOX
        for width, height in ((200, 50), (10, 3), (80, 24)):
            await desk.resize(width, height)
        assert GARDENS in desk.text


@pytest.mark.parametrize("width", [159, 160])
async def test_from_160_columns_the_preview_is_beside_the_list(
    notebook: Notebook, width: int
) -> None:
    async with at_desk(notebook, (width, 40)) as desk:
        await desk.until_shown("robots number 0")
        assert ("─" in desk.text.splitlines()[1]) is (width >= 160)


async def test_a_long_view_is_shown_at_once_and_whole_soon(empty: Notebook, tmp_path: Path) -> None:
    add_papers(empty, tmp_path, [made_up_record(number) for number in range(500)])
    async with at_desk(empty) as desk:
        await desk.until(lambda: len(desk.triage.ids) == 500, "all papers are in the list")
        assert desk.cursor == ROBOTS
        await desk.press("G")
        assert desk.list_index == 499
