"""Papers that may be one work: seen side by side, merged, kept apart, and all that taken back."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from rich.cells import cell_len

from papertray.core.likeness import Pair
from papertray.core.model import Entry, Pile, Work
from papertray.notebook.notebook import Notebook
from papertray.store.places import Places
from papertray.tui.comparing import compared
from papertray.tui.dispatch import Press
from papertray.tui.screens.duplicates import DuplicatesScreen

from .desk import LARGE, SMALL, add_papers, at_desk, open_notebook

TITLE = "Adaptive Query Processing for Streams"
RECORDS = (
    {"title": TITLE, "authors": ["Ann Lee"], "year": 2020, "arxiv_id": "2001.00001"},
    {"title": f"{TITLE}: A Survey", "authors": ["Ann Lee"], "year": 2021, "doi": "10.1234/x"},
    {"title": "On [MASK] tokens in \x1b[2Jtexts", "authors": ["Bob Ray"], "year": 2020},
    {"title": "Of [MASK] tokens in \x1b[2Jtexts", "authors": ["Bob Ray"], "year": 2020},
)


@pytest.fixture
def alike(places: Places, tmp_path: Path) -> Iterator[Notebook]:
    """A tray with two pairs, 1 with 2 and 3 with 4; 2 is starred."""
    with open_notebook(places, "morning") as filling:
        add_papers(filling, tmp_path, RECORDS)
        filling.papers.move([2], Pile.STARRED)
    with open_notebook(places) as ours:
        yield ours


def pairs(notebook: Notebook) -> list[tuple[int, int]]:
    """Return the pairs that are offered."""
    return sorted((pair.one, pair.other) for pair in notebook.duplicates.find())


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_a_pair_is_shown_with_what_differs(alike: Notebook, size: tuple[int, int]) -> None:
    async with at_desk(alike, size) as desk:
        await desk.press("g", "u")
        assert "2 pairs of papers that may be one work" in desk.text
        assert f"> {TITLE}  ≠  {TITLE}" in desk.text or size == SMALL
        assert "becomes part of it" in desk.text
        assert "≠ year    2020" in desk.text
        assert "  authors Ann Lee" in desk.text
        assert "│ 10.1234/x" in desk.text
        await desk.press("j")
        assert "[MASK] tokens in" in desk.text
        await desk.press("q")
        assert desk.is_with_papers


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_m_merges_and_u_takes_it_back(alike: Notebook, size: tuple[int, int]) -> None:
    async with at_desk(alike, size) as desk:
        await desk.press("g", "u")
        await desk.press("m")
        key = alike.papers.entry(2).citekey
        assert f"merged: {key} stays; u takes it back" in desk.text
        assert "1 pair of papers" in desk.text
        assert pairs(alike) == [(3, 4)]
        await desk.press("u")
        assert "taken back: merge" in desk.text
        assert f"> {TITLE}" in desk.text, "on the pair that came back"
        assert pairs(alike) == [(1, 2), (3, 4)]
        await desk.press("m", "q")
        assert "Inbox 2" in desk.tabs, "the papers' screen has read its list anew"


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_x_keeps_apart_for_ever(alike: Notebook, size: tuple[int, int]) -> None:
    async with at_desk(alike, size) as desk:
        await desk.press("g", "u")
        await desk.press("x")
        assert "kept apart: not offered again; u takes it back" in desk.text
        assert pairs(alike) == [(3, 4)]
        await desk.press("q", "g", "u")
        assert "1 pair of papers" in desk.text
        await desk.press("x")
        assert "No two papers look like one work." in desk.text
        assert pairs(alike) == []
        await desk.press("u", "u")
        assert pairs(alike) == [(1, 2), (3, 4)]


async def test_one_pair_is_not_merged_twice(alike: Notebook) -> None:
    async with at_desk(alike) as desk:
        await desk.press("g", "u")
        await desk.rush("m", "m", "m", "m")
        assert pairs(alike) == []
        merges = [line for line in alike.journal.history() if line.label.startswith("merge")]
        assert len(merges) == 2


async def test_a_merge_that_is_refused_leaves_the_pair(alike: Notebook, places: Places) -> None:
    async with at_desk(alike) as desk:
        await desk.press("g", "u")
        with open_notebook(places, "meanwhile") as meanwhile:
            work = meanwhile.papers.entry(1).work
            meanwhile.papers.edit(1, replace(work, doi="10.1234/y"))
        await desk.press("m")
        assert "two works" in desk.toasts[0]
        assert "2 pairs" in desk.text


async def test_an_empty_tray_has_none(empty: Notebook) -> None:
    async with at_desk(empty) as desk:
        await desk.press("g", "u")
        await desk.until_shown("No two papers look like one work.")
        await desk.press("m", "space", "j")
        assert not desk.toasts
        await desk.press("x")
        assert "no pair here" in desk.text
        await desk.press("u")
        assert "nothing to undo" in desk.text


async def test_looking_can_be_stopped(alike: Notebook, monkeypatch: pytest.MonkeyPatch) -> None:
    def endlessly(
        papers: Collection[int] | None = None,
        progress: Callable[[int, int], None] = lambda done, total: None,
        is_stopped: Callable[[], bool] = lambda: False,
    ) -> list[Pair]:
        progress(1, 4)
        while not is_stopped():
            threading.Event().wait(0.001)
        return []

    monkeypatch.setattr(alike.duplicates, "find", endlessly)
    async with at_desk(alike) as desk:
        desk.triage.run(Press("view.duplicates"))
        await desk.until_shown("25 %, ^C stops")
        looking = desk.app.screen
        assert isinstance(looking, DuplicatesScreen)
        looking.run(Press("list.merge"))
        await desk.until_shown("still looking")
        await desk.press("ctrl+c")
        assert desk.is_with_papers
        assert "stopped comparing papers" in desk.status


ONE = Entry(
    1, "u1", Work("A [MASK] \x1b[2Jtitle", year=2020, abstract="Long. " * 99), Pile.INBOX, ""
)
OTHER = Entry(2, "u2", Work("a [mask] \x1b[2Jtitle", year=2021), Pile.READ, "", citekey="lee2021",
              tags=("x", "y"))  # fmt: skip


def test_the_two_beside_each_other() -> None:
    lines = [line.text for line in compared(ONE, OTHER, 2, 100)]
    assert [line.split() for line in lines[:3]] == [
        ["paper", "1:", "becomes", "part", "of", "it", "│", "lee2021:", "stays"],
        ["title", "A", "[MASK]", "\ufffd[2Jtitle", "│", "a", "[mask]", "\ufffd[2Jtitle"],
        ["≠", "year", "2020", "│", "2021"],
    ]
    assert any(line.split() == ["≠", "tags", "·", "│", "x", "y"] for line in lines)
    assert len({line.index("│") for line in lines}) == 1
    assert len(lines) < 20, "of an abstract the beginning"


def test_the_two_below_each_other() -> None:
    lines = [line.text for line in compared(ONE, OTHER, 1, 60)]
    assert [line.split() for line in lines[:5]] == [
        ["paper", "1:", "stays"],
        ["lee2021:", "becomes", "part", "of", "it"],
        ["title", "A", "[MASK]", "\ufffd[2Jtitle"],
        ["≠", "year", "2020"],
        ["2021"],
    ]


@pytest.mark.parametrize("width", [12, 30, 75, 76, 118, 200])
def test_both_fit(width: int) -> None:
    for line in compared(ONE, OTHER, 1, width):
        assert cell_len(line.text) <= max(width, 12)
        assert line.text.isprintable()
