"""What the screens look like, as plain text.

A picture that differs is a failure. When the new one is wanted, write all of them anew with
``PAPERTRAY_NEW_SNAPSHOTS=1 pytest tests/tui/test_snapshots.py`` and look at the difference.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from papertray.core.model import Pile
from papertray.notebook.notebook import Notebook

from .desk import LARGE, SMALL, Desk, at_desk

FOLDER = Path(__file__).parent / "snapshots"


def check(desk: Desk, name: str) -> None:
    """Compare the screen with its picture, or make the picture."""
    size = desk.app.size
    file = FOLDER / f"{name}-{size.width}x{size.height}.txt"
    shown = desk.text + "\n"
    if os.environ.get("PAPERTRAY_NEW_SNAPSHOTS"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(shown, encoding="utf-8")
    assert shown == file.read_text(encoding="utf-8"), f"{file.name} shows another screen"


@pytest.fixture
def notebook(notebook: Notebook) -> Notebook:
    """The made-up papers, some of them decided, one with a note and tags."""
    notebook.papers.move([2], Pile.SKIP)
    notebook.papers.move([4], Pile.STARRED)
    notebook.papers.move([5, 6], Pile.READ)
    notebook.papers.set_done([6])
    notebook.notes.save_main(1, "# Robots\n\nCompare *lanterns* [MASK], see [/].\n\n- one\n- two\n")
    notebook.papers.change_tags([1], add=["machines", "to read"])
    return notebook


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_triage(notebook: Notebook, size: tuple[int, int]) -> None:
    async with at_desk(notebook, size) as desk:
        await desk.until_shown("We study robots")
        check(desk, "triage")


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_card(notebook: Notebook, size: tuple[int, int]) -> None:
    async with at_desk(notebook, size) as desk:
        await desk.press("enter")
        await desk.until_shown("note, 2026-11-23")
        check(desk, "card")


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_note(notebook: Notebook, size: tuple[int, int]) -> None:
    async with at_desk(notebook, size) as desk:
        await desk.press("e")
        check(desk, "note")
        await desk.press("escape")
        check(desk, "note-shown")


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_help(notebook: Notebook, size: tuple[int, int]) -> None:
    async with at_desk(notebook, size) as desk:
        await desk.press("question_mark")
        check(desk, "help")


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_search(notebook: Notebook, size: tuple[int, int]) -> None:
    async with at_desk(notebook, size) as desk:
        await desk.until_index_follows()
        await desk.press("slash")
        await desk.type("title:on rob")
        await desk.press("enter")
        await desk.until_shown("We study robots")
        check(desk, "search")
