"""The statistics screen: opened, scrolled, left by any key that works everywhere."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from papertray.core.errors import TrayLocked
from papertray.notebook.notebook import Notebook
from papertray.notebook.statistics import Statistics
from papertray.tui.dispatch import Press

from .desk import LARGE, SMALL, at_desk


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_what_was_decided_is_counted(notebook: Notebook, size: tuple[int, int]) -> None:
    async with at_desk(notebook, size) as desk:
        await desk.press("s", "s", "x", "g", "t")
        assert "Papers a day   today 15, 15 in 30 days, most 15 on Mon 23 Nov" in desk.text
        assert "Decisions a day   today 3, 3 in 30 days" in desk.text
        assert "Decisions 1 day in a row." in desk.text
        await desk.press("G")
        assert "Inbox 12   oldest 0 days, median 0 days" in desk.text
        assert "67 %" in desk.text or size == SMALL
        await desk.press("g", "g")
        assert "Papers a day" in desk.text
        await desk.press("q")
        assert desk.is_with_papers


async def test_the_page_follows_the_width(notebook: Notebook) -> None:
    async with at_desk(notebook, LARGE) as desk:
        await desk.press("s", "g", "t")
        both = [line for line in desk.text.splitlines() if "by feed" in line and "by venue" in line]
        assert both
        await desk.resize(80, 40)
        assert "by feed" in desk.text
        assert not [
            line for line in desk.text.splitlines() if "by feed" in line and "venue" in line
        ]


async def test_a_key_that_works_everywhere_leaves_it(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        await desk.press("s", "g", "t", "g", "s")
        assert desk.is_with_papers
        assert len(desk.titles) == 1, "the starred ones"


async def test_what_takes_long_says_so_and_stops_when_left(
    notebook: Notebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = threading.Event()

    def slowly(is_stopped: Callable[[], bool]) -> Statistics | None:
        while not is_stopped():
            threading.Event().wait(0.001)
        ended.set()
        return None

    monkeypatch.setattr(notebook, "statistics", slowly)
    async with at_desk(notebook) as desk:
        desk.triage.run(Press("view.statistics"))
        await desk.until_shown("Counting …")
        desk.app.pop_screen()
        await desk.until(ended.is_set, "the count has ended")


async def test_a_locked_tray_is_told(notebook: Notebook, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(is_stopped: Callable[[], bool]) -> Statistics | None:
        raise TrayLocked("The tray is being written.")

    monkeypatch.setattr(notebook, "statistics", locked)
    async with at_desk(notebook) as desk:
        await desk.press("g", "t")
        assert desk.toasts == ["The tray is being written."]
        assert desk.is_with_papers
