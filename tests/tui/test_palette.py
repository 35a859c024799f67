"""The palette: everything by name."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from papertray.core.model import Pile
from papertray.notebook.notebook import Notebook
from papertray.store.places import Places
from papertray.tui.keys import rebound
from papertray.tui.naming import best, likeness
from papertray.tui.paper_finder import find_papers
from papertray.tui.screens.list_screen import ListScreen, Verbs
from papertray.tui.screens.palette import PaletteScreen
from papertray.tui.widgets.lines import ListLine

from .desk import SMALL, TITLES, Desk, add_papers, at_desk, open_notebook

HOSTILE = "[/] [b]bold [@click=app.bell]x[/] \x1b]0;t\x07 \u202egnp"


def offered(desk: Desk) -> list[str]:
    """Return the names of what the palette offers."""
    screen = desk.app.screen
    assert isinstance(screen, PaletteScreen)
    return [offer.name for offer in screen._shown]


async def look_for(desk: Desk, text: str) -> None:
    """Open the palette and type into it."""
    await desk.press("ctrl+p")
    await desk.type(text)


@pytest.mark.parametrize(
    ("typed", "better", "worse"),
    [
        ("star", "star", "start the fetch"),
        ("star", "start the fetch", "statistics and stars"),
        ("skip", "skip", "mark, then skip"),
        ("next pile", "next pile", "the next of the piles"),
        ("mlp", "machine learning papers", "simple"),
        ("lanterms", "On lanterns", "On ribbons"),
    ],
)
def test_better_names_come_first(typed: str, better: str, worse: str) -> None:
    assert likeness(typed, better) > likeness(typed, worse)


def test_what_is_not_alike_is_left_out() -> None:
    assert best("zzzz", [("star", 1), ("skip", 2)], 5) == []
    assert best("s", [("skip", 1), ("star", 2), ("star", 3)], 2) == [1, 2]


async def test_an_action_is_found_and_done(notebook: Notebook) -> None:
    async with at_desk(notebook, SMALL) as desk:
        await look_for(desk, "worth re")
        assert offered(desk)[0] == "Worth reading  (r)"
        await desk.press("enter")
        assert desk.pile(TITLES[0]) is Pile.READ


async def test_a_mistake_is_looked_past_where_nothing_else_is_meant(notebook: Notebook) -> None:
    async with at_desk(notebook, SMALL) as desk:
        await look_for(desk, "statsitics")
        assert "Statistics  (gt)" in offered(desk)
        await desk.press("escape")
        await look_for(desk, "robots")
        await desk.until(lambda: TITLES[0] in offered(desk), "the paper is found")
        assert offered(desk) == [TITLES[0]]
        await desk.press("escape")


async def test_without_a_word_every_action_is_there(notebook: Notebook) -> None:
    async with at_desk(notebook, SMALL) as desk:
        await desk.press("ctrl+p")
        assert "Next paper  (j ↓)" in offered(desk)
        assert "Colours: the next theme  (gc)" in offered(desk)
        await desk.press("escape")
        assert desk.is_with_papers


async def test_an_action_without_a_key_is_found_in_the_palette(notebook: Notebook) -> None:
    async with at_desk(notebook, key_map=rebound({"decide.star": []})[0]) as desk:
        await desk.press("s")
        assert desk.titles == list(TITLES)
        await look_for(desk, "decide.star")
        assert "Star  (decide.star)" in offered(desk)


async def test_a_paper_of_the_list_gets_the_cursor(notebook: Notebook) -> None:
    async with at_desk(notebook, SMALL) as desk:
        await look_for(desk, "tunnels")
        await desk.until(lambda: TITLES[4] in offered(desk), "the paper is found")
        assert offered(desk)[0] == TITLES[4]
        await desk.press("enter")
        assert desk.cursor == TITLES[4]
        assert desk.titles == list(TITLES)


async def test_a_paper_that_lies_elsewhere_is_shown_as_a_hit(notebook: Notebook) -> None:
    async with at_desk(notebook, SMALL) as desk:
        await desk.press("x")
        await look_for(desk, "part 1 robots")
        await desk.until(lambda: TITLES[0] in offered(desk), "the paper is found")
        await desk.press("enter")
        assert desk.titles == [TITLES[0]]
        assert desk.cursor == TITLES[0]


@pytest.mark.parametrize("typed", ["lantrens", "Number02", "number02Lanterns"])
async def test_papers_are_found_mistyped_by_author_and_by_key(
    notebook: Notebook, typed: str
) -> None:
    notebook.papers.move([3], Pile.READ)
    notebook.search.follow()
    assert find_papers(notebook, typed, 5)[0].id == 3


def test_without_words_the_newest_papers_are_found(notebook: Notebook) -> None:
    assert [entry.work.title for entry in find_papers(notebook, "", 3)] == list(TITLES[:3])


async def test_tags_feeds_searches_and_commands_are_found(notebook: Notebook) -> None:
    notebook.papers.change_tags([2], add=["to read aloud"])
    notebook.searches.save("weekly robots", "robots")
    notebook.subscriptions.add("https://example.org/feed.xml", name="nature")
    async with at_desk(notebook, SMALL) as desk:
        await look_for(desk, "aloud")
        await desk.press("enter")
        assert desk.titles == [TITLES[1]]
        await look_for(desk, "weekly")
        await desk.press("enter")
        await desk.until(lambda: desk.titles == [TITLES[0]], "the saved search is shown")
        await look_for(desk, "nature")
        assert "nature" in offered(desk)
        await desk.press("escape")


class Colours(ListScreen):
    """A list of other things than papers."""

    def heading(self) -> str:
        """Return what stands above the list."""
        return "Colours"

    def lines(self) -> Sequence[ListLine]:
        """Return two lines."""
        return [ListLine("red", id="red"), ListLine("green", id="green")]

    def verbs(self) -> Verbs:
        """Return none."""
        return {}


async def test_it_opens_from_lists_as_well(notebook: Notebook) -> None:
    async with at_desk(notebook, SMALL) as desk:
        desk.app.push_screen(Colours(desk.app))
        await desk.press("ctrl+p")
        assert isinstance(desk.app.screen, PaletteScreen)
        await desk.press("escape")
        assert desk.is_with_papers


async def test_names_are_drawn_as_they_stand(
    empty: Notebook, places: Places, tmp_path: Path
) -> None:
    add_papers(empty, tmp_path, [{"title": HOSTILE, "authors": [HOSTILE]}])
    empty.papers.change_tags([1], add=["[/]tag"])
    with open_notebook(places, "later") as notebook:
        async with at_desk(notebook, SMALL) as desk:
            await look_for(desk, "[/]")
            await desk.until_shown("[/]tag")
            await desk.press("escape")
            await look_for(desk, "bold")
            await desk.until_shown("[b]bold [@click=app.bell]x[/]")
            assert "\x1b" not in desk.text
            assert "\u202e" not in desk.text
            await desk.press("escape")


async def test_what_is_called_nothing_says_so(notebook: Notebook) -> None:
    async with at_desk(notebook, SMALL) as desk:
        await look_for(desk, "qqqqqq")
        await desk.until_shown("Nothing is called that.")
        await desk.press("enter")
        assert isinstance(desk.app.screen, PaletteScreen)
        await desk.press("escape")
