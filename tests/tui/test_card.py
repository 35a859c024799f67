"""The card: one paper on the whole screen, and decisions that show the next."""

from __future__ import annotations

from pathlib import Path

import pytest

from papertray.notebook.notebook import Notebook
from papertray.tui.widgets.pane import Pane

from .desk import LARGE, SMALL, TITLES, add_papers, at_desk, made_up_record

ROBOTS, GARDENS, LANTERNS = TITLES[:3]
LONG = " ".join(f"This is sentence {number}." for number in range(120))


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_the_card_shows_one_paper_and_decisions_show_the_next(
    notebook: Notebook, size: tuple[int, int]
) -> None:
    async with at_desk(notebook, size) as desk:
        await desk.press("enter")
        assert desk.triage.reading.is_card
        assert GARDENS not in desk.text
        await desk.press("r")
        await desk.until_shown(GARDENS)
        assert desk.triage.reading.is_card
        assert ROBOTS not in desk.text.splitlines()[2]
        assert LANTERNS not in desk.text
        await desk.press("u")
        await desk.until_shown("robots number 0")
        assert desk.triage.reading.is_card
        await desk.press("escape")
        assert not desk.triage.reading.is_card
        assert GARDENS in desk.text
        await desk.press("enter", "q")
        assert not desk.triage.reading.is_card


async def test_the_card_ends_with_the_last_paper(empty: Notebook, tmp_path: Path) -> None:
    add_papers(empty, tmp_path, [made_up_record(0)])
    async with at_desk(empty) as desk:
        await desk.press("enter", "x")
        assert not desk.triage.reading.is_card
        await desk.press("enter")
        assert not desk.triage.reading.is_card


async def test_space_pages_the_abstract_then_shows_the_next_paper(
    empty: Notebook, tmp_path: Path
) -> None:
    add_papers(empty, tmp_path, [{**made_up_record(0), "abstract": LONG}, made_up_record(1)])
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
