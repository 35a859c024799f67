"""The help: every action of the key table, found by words, and done from there."""

from __future__ import annotations

import pytest

from papertray.core.model import Pile
from papertray.notebook.notebook import Notebook
from papertray.tui.key_table import ACTIONS, Group
from papertray.tui.keys import rebound, with_own
from papertray.tui.screens.help import HelpScreen

from .desk import LARGE, SMALL, TITLES, at_desk

SIZES = pytest.mark.parametrize("size", [SMALL, LARGE])


@SIZES
async def test_the_help_shows_every_action(notebook: Notebook, size: tuple[int, int]) -> None:
    async with at_desk(notebook, size) as desk:
        await desk.press("question_mark")
        assert isinstance(desk.app.screen, HelpScreen)
        seen = desk.text
        for _ in range(8):
            await desk.press("pagedown")
            seen += desk.text
        for action in ACTIONS:
            assert action.text in seen, action.id
            assert (action.id in seen) == (size == LARGE), "where there is room for names"
        for group in set(Group) - {Group.OWN}:
            assert str(group) in seen
        await desk.press("q")
        assert desk.is_with_papers


@SIZES
async def test_a_found_action_is_done(notebook: Notebook, size: tuple[int, int]) -> None:
    async with at_desk(notebook, size) as desk:
        await desk.press("question_mark", "slash")
        await desk.type("worth reading")
        assert "1 of " in desk.text
        await desk.press("enter", "enter")
        assert desk.is_with_papers
        assert desk.pile(TITLES[0]) is Pile.READ


async def test_letters_decide_nothing_in_the_help(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        await desk.press("question_mark", "x", "s", "r", "q")
        assert desk.pile(TITLES[0]) is Pile.INBOX


async def test_keys_of_other_places_are_not_run_from_here(notebook: Notebook) -> None:
    async with at_desk(notebook, SMALL) as desk:
        await desk.press("question_mark", "G", "enter")
        assert "this key works in a note" in desk.text
        await desk.press("slash")
        await desk.type("tick it")
        await desk.press("enter", "enter")
        assert "this key works in other lists" in desk.text


@SIZES
async def test_the_help_shows_the_users_keys_and_commands(
    notebook: Notebook, size: tuple[int, int]
) -> None:
    key_map, _ = rebound({"decide.star": "B", "decide.done": []})
    key_map, problems = with_own(key_map, {"W": "echo [/] {url}"})
    assert not problems
    async with at_desk(notebook, size, key_map=key_map) as desk:
        await desk.press("question_mark", "slash")
        await desk.type("star")
        assert "B                  star" in desk.text
        await desk.press("escape", "slash")
        await desk.type("done")
        assert "(no key)           mark done" in desk.text
        await desk.press("escape", "slash")
        await desk.type("echo")
        assert "W                  echo [/] {url}" in desk.text


async def test_another_size_shows_names_where_there_is_room(notebook: Notebook) -> None:
    async with at_desk(notebook, SMALL) as desk:
        await desk.press("question_mark")
        assert "move.down" not in desk.text
        await desk.resize(*LARGE)
        assert "move.down" in desk.text
