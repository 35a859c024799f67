"""What other processes do to the tray while the screen is open."""

from __future__ import annotations

from pathlib import Path

import pytest

from papertray.core.model import Pile
from papertray.notebook.notebook import Notebook
from papertray.store.places import Places
from papertray.tui.widgets.pane import Pane

from .desk import (
    LARGE,
    SMALL,
    TITLES,
    LaterClock,
    add_papers,
    at_desk,
    made_up_record,
    open_notebook,
)

ROBOTS, LANTERNS = TITLES[0], TITLES[2]


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


@pytest.mark.parametrize(("size", "steps"), [(SMALL, 0), (SMALL, 12), (LARGE, 2)])
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
