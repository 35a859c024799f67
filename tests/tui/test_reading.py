"""Reading on the screen: the layout, the card, what is drawn and what can be clicked."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.style import Style
from textual.widget import Widget

from papertray.notebook.notebook import Notebook
from papertray.store.papers import View
from papertray.tui.widgets.pane import Pane
from papertray.tui.widgets.paper_list import PaperList

from .desk import LARGE, SMALL, TITLES, Desk, add_papers, at_desk, made_up_record

ROBOTS, GARDENS, LANTERNS = TITLES[:3]
HUGE = (200, 50)

LONG = " ".join(f"This is sentence {number}." for number in range(60))


def styles(widget: Widget, text: str) -> list[Style]:
    """Return how the pieces are drawn that are exactly a text, from the top of a widget."""
    return [
        segment.style
        for y in range(widget.size.height)
        for segment in widget.render_line(y)
        if segment.text == text and segment.style is not None
    ]


def heights(desk: Desk) -> tuple[int, int]:
    """Return the lines of the list and of the preview."""
    triage = desk.triage
    return triage.query_one(PaperList).size.height, triage.query_one(Pane).size.height


# --- the layout


@pytest.mark.parametrize(
    ("size", "expected"),
    [(SMALL, (10, 10)), (LARGE, (17, 19)), ((120, 70), (40, 26)), (HUGE, (47, 46))],
)
async def test_heights(
    notebook: Notebook, size: tuple[int, int], expected: tuple[int, int]
) -> None:
    async with at_desk(notebook, size) as desk:
        assert heights(desk) == expected
        await desk.press("enter")
        assert heights(desk)[1] == size[1] - 4


async def test_beside_the_list_nothing_is_wider_than_reads_well(
    empty: Notebook, tmp_path: Path
) -> None:
    add_papers(empty, tmp_path, [{**made_up_record(0), "abstract": LONG}])
    async with at_desk(empty, (300, 50)) as desk:
        await desk.press("enter")
        lines = [line for line in desk.text.splitlines() if "This is sentence" in line]
        assert max(map(len, lines)) <= 112


async def test_the_column_of_authors_gives_way_where_nobody_has_any(
    empty: Notebook, tmp_path: Path
) -> None:
    title = "A title that is as long as " + "many " * 12 + "words"
    add_papers(empty, tmp_path, [{**made_up_record(0), "title": title, "authors": []}])
    async with at_desk(empty) as desk:
        assert title in desk.list_lines[0]
    add_papers(empty, tmp_path, [made_up_record(1)])
    async with at_desk(empty) as desk:
        assert any("Number01" in line for line in desk.list_lines)
        assert not any(title in line for line in desk.list_lines)


# --- what is drawn


async def test_formulas_are_unicode_in_list_and_preview(empty: Notebook, tmp_path: Path) -> None:
    record = {**made_up_record(0), "title": r"Within $\mathcal{O}(n^2)$", "abstract": "$x_1$ [/]"}
    add_papers(empty, tmp_path, [record])
    async with at_desk(empty, SMALL) as desk:
        await desk.until_shown("x₁ [/]")
        assert "Within 𝒪(n²)" in desk.list_lines[0]
        assert "Within 𝒪(n²)" in desk.text.splitlines()[12]


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_a_note_is_drawn_as_markdown(notebook: Notebook, size: tuple[int, int]) -> None:
    notebook.notes.save_main(1, "# Idea\n\nSee *this* and **that** [MASK].\n")
    async with at_desk(notebook, size) as desk:
        await desk.press("enter")
        await desk.until_shown("See this and that [MASK].")
        pane = desk.triage.query_one(Pane)
        assert [style.italic for style in styles(pane, "this")] == [True]
        assert [style.bold for style in styles(pane, "that")] == [True]


async def test_what_a_search_finds_is_drawn_underlined(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        await desk.until_index_follows()
        await desk.press("slash")
        await desk.type("robots")
        await desk.press("enter")
        pane = desk.triage.query_one(Pane)
        await desk.until(lambda: len(styles(pane, "robots")) > 3, "matches are marked")
        assert all(style.underline for style in styles(pane, "robots"))
        await desk.press("escape")
        await desk.until(lambda: not styles(pane, "robots"), "nothing is underlined")


async def test_a_saved_search_underlines_what_it_finds(notebook: Notebook) -> None:
    notebook.searches.save("gleaming", "lanterns")
    async with at_desk(notebook) as desk:
        await desk.until_index_follows()
        await desk.press("g", "1")
        await desk.until(lambda: desk.titles == [LANTERNS], "the search is shown")
        papers, pane = desk.triage.query_one(PaperList), desk.triage.query_one(Pane)
        assert [style.underline for style in styles(papers, "lanterns")] == [True]
        await desk.until(lambda: len(styles(pane, "lanterns")) > 3, "matches are marked")
        await desk.press("g", "i")
        assert not styles(papers, "lanterns")


async def test_it_says_how_many_notes_link_to_a_paper(notebook: Notebook) -> None:
    key = notebook.papers.use_citekey(1)
    notebook.notes.new(None, "Plan", f"Look at [[{key}]] again.\n")
    async with at_desk(notebook) as desk:
        await desk.until_index_follows()
        await desk.press("j")
        await desk.until_shown("We study gardens")
        await desk.press("k")
        await desk.until_shown("linked from 1 note")


async def test_it_says_why_a_paper_was_skipped(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        await desk.press("X", "1", "g", "x")
        await desk.until_shown("pile  skipped on 2026-11-23, because")


# --- the card


async def test_on_the_card_one_goes_from_paper_to_paper(notebook: Notebook) -> None:
    async with at_desk(notebook, SMALL) as desk:
        await desk.press("enter", "j")
        await desk.until_shown(f" {GARDENS}\n")
        await desk.press("j")
        await desk.until_shown(f" {LANTERNS}\n")
        await desk.press("2", "k")
        await desk.until_shown(f" {ROBOTS}\n")
        assert desk.triage.reading.is_card
        await desk.press("1", "2", "j", "escape")
        await desk.until_shown(f">  {TITLES[12]}")


async def test_space_pages_and_the_status_line_says_how_far(
    empty: Notebook, tmp_path: Path
) -> None:
    add_papers(
        empty, tmp_path,
        [{**made_up_record(0), "abstract": LONG}, {**made_up_record(1), "abstract": "Short."}],
    )  # fmt: skip
    async with at_desk(empty, SMALL) as desk:
        await desk.until_shown("This is sentence 0.")
        length = desk.triage.query_one(Pane).length
        await desk.until_shown(f"   10/{length}\n")
        for bottom in (18, 26, length):
            await desk.press("space")
            await desk.until_shown(f"   {min(bottom, length)}/{length}\n")
        await desk.press("space")
        assert desk.cursor == GARDENS
        await desk.press("space")
        assert desk.cursor == GARDENS


# --- the mouse


async def test_a_click_on_a_link_opens_it(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        await desk.until_shown("[2] code example.org/robots")
        await desk.click("example.org/robots")
        assert "https://example.org/robots" in desk.status
        await desk.click("[1]")
        assert "https://example.org/robots" in desk.status
        assert desk.cursor == ROBOTS


async def test_a_click_beside_the_text_does_nothing(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        await desk.until_shown("We study robots")
        shown = desk.text
        await desk._pilot.click("#preview", offset=(100, 2))
        await desk._pilot.click("#preview", offset=(3, 18))
        await desk.settle()
        assert desk.text == shown
        assert desk.triage.viewing.view is View.INBOX
