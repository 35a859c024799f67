"""Triage as the user does it: every key of the papers' screen, what it shows and what it writes."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from papertray.core.model import Pile
from papertray.notebook.notebook import Notebook
from papertray.store.papers import View
from papertray.store.places import Places
from papertray.tui.settings import read_key_map

from .desk import (
    LARGE,
    SMALL,
    TITLES,
    WORDS,
    add_papers,
    at_desk,
    made_up_record,
    open_notebook,
)

ROBOTS, GARDENS, LANTERNS, MAGNETS = TITLES[:4]
PAGE = 10
"""Lines of the list in 24 lines."""


# --- moving


MOVES = {
    "j": 1,
    "down down": 2,
    "j j k": 1,
    "k": 0,
    "up": 0,
    "G": 14,
    "end": 14,
    "G j": 14,
    "G g g": 0,
    "end home": 0,
    "ctrl+d": PAGE // 2,
    "G ctrl+u": 14 - PAGE // 2,
    "ctrl+f": PAGE,
    "pagedown pagedown": 14,
    "G ctrl+b": 14 - PAGE,
    "G pageup pageup": 0,
    "g escape j": 1,
}
"""Keys pressed on the first paper, and the place where they lead."""


async def test_moving(notebook: Notebook) -> None:
    async with at_desk(notebook, SMALL) as desk:
        for keys, index in MOVES.items():
            await desk.press("home", *keys.split())
            assert desk.cursor == TITLES[index], keys
            assert f"── {index + 1} of 15 ─" in desk.text
            assert f">  {TITLES[index]}" in desk.text
            await desk.until_shown(f"{WORDS[index]} number {index}")


# --- views


WAYS = {
    "g r": View.READ,
    "g s": View.STARRED,
    "g x": View.SKIP,
    "g d": View.DONE,
    "g x g i": View.INBOX,
    "tab": View.READ,
    "l l": View.STARRED,
    "right right right": View.SKIP,
    "shift+tab": View.DONE,
    "h h": View.SKIP,
    "tab tab left": View.READ,
    "tab tab tab tab tab": View.INBOX,
}
"""Keys pressed in the inbox, and the view where they lead."""


async def test_views(notebook: Notebook) -> None:
    for pile, paper_id in ((Pile.READ, 4), (Pile.STARRED, 5), (Pile.SKIP, 6)):
        notebook.papers.move([paper_id], pile)
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
        for keys, view in WAYS.items():
            await desk.press("g", "i", *keys.split())
            assert desk.triage.viewing.view is view, keys
            assert desk.titles == expected[view]
            assert desk.cursor == expected[view][0]


async def test_each_view_keeps_its_cursor(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        await desk.press("j", "j", "j", "g", "s", "g", "i")
        assert desk.cursor == MAGNETS


# --- decisions


DECISIONS = (
    ("x", Pile.SKIP, "skip", " Inbox 14  Read 0  Starred 0  Skip 1  Done 0 "),
    ("d", Pile.SKIP, "skip", " Inbox 14  Read 0  Starred 0  Skip 1  Done 0 "),
    ("r", Pile.READ, "read", " Inbox 14  Read 1  Starred 0  Skip 0  Done 0 "),
    ("s", Pile.STARRED, "star", " Inbox 14  Read 0  Starred 1  Skip 0  Done 0 "),
)


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_a_decision_moves_the_paper_and_shows_the_next(
    notebook: Notebook, size: tuple[int, int]
) -> None:
    async with at_desk(notebook, size) as desk:
        await desk.press("j")
        for key, pile, label, tabs in DECISIONS:
            assert desk.cursor == GARDENS
            await desk.press(key)
            assert desk.cursor == LANTERNS
            assert desk.titles == [ROBOTS, *TITLES[2:]]
            assert desk.tabs == tabs
            assert desk.pile(GARDENS) is pile
            assert f"u: {label} “{GARDENS[:5]}" in desk.text
            assert bool(desk.paper(GARDENS).citekey) is (pile is not Pile.SKIP)  # and it stays
            await desk.press("u")


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
        assert desk.triage.viewing.view is View.SKIP
        assert desk.titles == [ROBOTS, GARDENS]
        await desk.rush("i", "g", "i", "u", "u")
        await desk.until(lambda: desk.titles == list(TITLES[2:]), "both are taken back")


@pytest.mark.parametrize("key", ["slash", "backslash", "e", "t", "E", "a"])
async def test_what_is_typed_ahead_decides_nothing(notebook: Notebook, key: str) -> None:
    async with at_desk(notebook) as desk:
        await desk.rush(key, *"txrusidm")
        if key in "eta":
            assert (desk.editor.text if key == "e" else desk.box.value) == "txrusidm"
        assert desk.notebook.papers.counts().inbox == len(TITLES)
        assert desk.notebook.journal.history()[0].label.startswith("add")


async def test_what_is_typed_after_enter_is_not_part_of_the_answer(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        await desk.press("t")
        await desk.rush(*"one", "enter", *"jjj")
        assert desk.paper(ROBOTS).tags == ("one",)
        assert desk.is_with_papers


async def test_too_many_escapes_do_no_harm(notebook: Notebook) -> None:
    notebook.notes.save_main(1, "words\n")
    async with at_desk(notebook) as desk:
        for keys in ("e", "t", "question_mark", "slash", "g n", "ctrl+p", "E", "enter"):
            await desk.press(*keys.split())
            await desk.rush(*["escape"] * 6)
            assert desk.is_with_papers, keys
            assert not desk.triage.reading.is_card
            await desk.rush(*keys.split(), *["escape"] * 6)
            assert desk.is_with_papers, keys
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
        assert (desk.cursor, desk.status) == (
                TITLES[14], f"undone, back to inbox: “{TITLES[14]}”",
            )  # fmt: skip
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


async def test_an_empty_tray_takes_every_key(empty: Notebook) -> None:
    async with at_desk(empty, SMALL) as desk:
        for key in ("e", "t", "y", "Y", "o", "E", "enter", "space", "m", "G", "v", "full_stop"):
            await desk.press(key)
            assert desk.is_with_papers, key
            assert desk.toasts == []


# --- keys


async def test_the_keys_of_the_settings_file_are_used(notebook: Notebook, places: Places) -> None:
    places.config.mkdir()
    places.settings.write_text(
        '[keys]\n"decide.skip" = ["D", "w w"]\n"decide.star" = "x"\n"rest.quit" = "notakey"\n',
        encoding="utf-8",
    )
    async with at_desk(notebook, key_map=read_key_map(places.settings)) as desk:
        await desk.until(lambda: bool(desk.toasts), "the wrong key is told")
        assert desk.toasts == [
            f"{places.settings}, line 4: 'notakey', for rest.quit, is not a key."
        ]
        await desk.press("x", "D", "w", "w", "d", "s")
        assert desk.tabs == " Inbox 12  Read 0  Starred 1  Skip 2  Done 0 "
        assert "x star  D skip" in desk.text


@pytest.mark.parametrize("keys", ["q", "enter q q", "ctrl+q"])
async def test_quit(notebook: Notebook, keys: str) -> None:
    async with at_desk(notebook) as desk:
        await desk.press("x")
        assert not desk.has_ended
        await desk.press(*keys.split())
        assert desk.has_ended
    assert notebook.papers.counts().skip == 1


# --- empty trays, sizes, trouble


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
        for keys in (
            "j",
            "x",
            "enter",
            "space",
            "escape",
            "slash a b",
            "escape escape escape",
            "G",
            "u",
        ):
            await desk.press(*keys.split())
        for keys in ("question_mark q", "t escape", "g n q", "ctrl+p escape", "E escape"):
            await desk.press(*keys.split())
        await desk.press("e", "a", "escape", "escape")
        assert desk.is_with_papers
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
