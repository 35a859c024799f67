"""The mouse: all that has a place can be clicked, and the wheel turns lists and texts."""

from __future__ import annotations

import pytest

from papertray.core.model import Pile
from papertray.notebook.notebook import Notebook
from papertray.store.papers import View
from papertray.tui.screens.note import NoteScreen
from papertray.tui.screens.triage import TriageScreen
from papertray.tui.widgets.pane import Pane

from .desk import LARGE, SMALL, TITLES, at_desk

ROBOTS, GARDENS, LANTERNS = TITLES[:3]


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_a_click_on_a_tab_shows_its_view(notebook: Notebook, size: tuple[int, int]) -> None:
    notebook.searches.save("gleaming", "lanterns")
    async with at_desk(notebook, size) as desk:
        await desk.until_index_follows()
        await desk.press("x")
        await desk.click("Skip 1")
        assert desk.triage.viewing.view is View.SKIP
        assert desk.titles == [ROBOTS]
        await desk.click("Read 0")
        assert desk.titles == []
        await desk.click("gleaming")
        assert desk.titles == [LANTERNS]
        await desk.click("Inbox 14")
        assert desk.cursor == GARDENS


async def test_a_click_on_a_hint_does_it(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        await desk.click("s star", line=30)
        assert desk.pile(ROBOTS) is Pile.STARRED
        assert desk.cursor == GARDENS
        await desk.click("Enter card")
        assert desk.triage.reading.is_card
        await desk.click("e note")
        assert isinstance(desk.app.screen, NoteScreen)
        await desk.click("Esc finish")
        assert not desk.app.screen.is_editing
        await desk.click("q back")
        assert isinstance(desk.app.screen, TriageScreen)


async def test_a_click_on_what_undo_would_take_back_takes_it_back(notebook: Notebook) -> None:
    async with at_desk(notebook, SMALL) as desk:
        await desk.press("x")
        await desk.click("u: skip")
        assert desk.pile(ROBOTS) is Pile.INBOX
        assert desk.cursor == ROBOTS


async def test_a_click_between_the_pieces_does_nothing(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        await desk.click("──")
        assert desk.cursor == ROBOTS
        assert notebook.papers.counts().inbox == len(TITLES)


async def test_hints_of_a_list_can_be_clicked(notebook: Notebook) -> None:
    notebook.notes.save_main(notebook.papers.ids(View.INBOX)[0], "kept\n")
    async with at_desk(notebook) as desk:
        await desk.press("g", "n")
        await desk.click("Enter open", line=30)
        assert isinstance(desk.app.screen, NoteScreen)
        await desk.press("escape", "q")
        await desk.click(" back", line=30)
        assert isinstance(desk.app.screen, TriageScreen)


async def test_rows_are_chosen_and_opened(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        await desk.click(GARDENS)
        assert desk.cursor == GARDENS
        await desk.click(GARDENS)
        assert desk.triage.reading.is_card


async def test_the_wheel_turns_list_and_preview(notebook: Notebook) -> None:
    async with at_desk(notebook, SMALL) as desk:
        await desk.turn_wheel("#list", 2)
        assert desk.triage.paper_list.scroll_offset.y > 0
        assert desk.cursor == ROBOTS
        pane = desk.triage.query_one("#preview", Pane)
        pane.top = 0
        await desk.turn_wheel("#preview", 1)
        assert pane.top > 0
        await desk.turn_wheel("#preview", -1)
        assert pane.top == 0
