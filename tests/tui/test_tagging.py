"""Tags from the screen: of one paper, of marked ones, completed."""

from __future__ import annotations

import pytest

from papertray.notebook.notebook import Notebook
from papertray.tui.screens.tagging import complete, parse_changes, parse_tags

from .desk import SMALL, TITLES, at_desk


@pytest.mark.parametrize(
    ("text", "tags"),
    [("", []), ("a", ["a"]), (" a , b b,a ,", ["a", "b b"]), (",,", [])],
)
def test_a_line_of_tags(text: str, tags: list[str]) -> None:
    assert parse_tags(text) == tags


@pytest.mark.parametrize(
    ("text", "add", "remove"),
    [
        ("+a, -b", ["a"], ["b"]),
        ("a b, - old", ["a b"], ["old"]),
        ("-, +", [], []),
        ("c++, -c--", ["c++"], ["c--"]),
    ],
)
def test_a_line_of_changes(text: str, add: list[str], remove: list[str]) -> None:
    assert parse_changes(text) == (add, remove)


@pytest.mark.parametrize(
    ("line", "start", "found"),
    [
        ("m", 0, ["mlm", "memory"]),
        ("agents, Me", 8, ["memory"]),
        ("agents, -ml", 9, ["mlm"]),
        ("", 0, ["mlm", "memory", "agents"]),
        ("zz", 0, []),
    ],
)
def test_completion(line: str, start: int, found: list[str]) -> None:
    assert complete(["mlm", "memory", "agents"], line, len(line)) == (start, found)


async def test_tab_completes_a_tag_in_use(notebook: Notebook) -> None:
    notebook.papers.change_tags([5], add=["memory"])
    async with at_desk(notebook, SMALL) as desk:
        await desk.press("t")
        await desk.until_shown("in use: memory")
        await desk.type("me")
        await desk.press("tab")
        assert desk.box.value == "memory"
        await desk.press("enter")
        assert desk.paper(TITLES[0]).tags == ("memory",)


async def test_marked_papers_get_and_lose_tags_in_one_step(notebook: Notebook) -> None:
    notebook.papers.change_tags([1], add=["old", "both"])
    notebook.papers.change_tags([2], add=["both"])
    async with at_desk(notebook) as desk:
        await desk.press("v", "v", "t")
        await desk.until_shown("Tags of 2 papers: +new, -old")
        assert "on them: both (all), old (1)" in desk.text
        await desk.answer("+new, -old, plain")
        assert [desk.paper(title).tags for title in TITLES[:3]] == [
            ("both", "new", "plain"),
            ("both", "new", "plain"),
            (),
        ]
        await desk.press("u")
        assert [desk.paper(title).tags for title in TITLES[:2]] == [("both", "old"), ("both",)]


async def test_an_answer_without_a_change_is_none(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        await desk.press("2", "t")
        await desk.answer(" , ")
        assert desk.status == "tags as they were"
        assert notebook.journal.history(5)[0].label.startswith("add")


async def test_tags_are_typed_in_one_line(notebook: Notebook) -> None:
    notebook.papers.change_tags([1], add=["old", "kept"])
    async with at_desk(notebook) as desk:
        await desk.press("t")
        assert desk.box.value == "kept, old"
        assert "in use: kept, old" in desk.text
        await desk.answer("kept, new tag , , new tag")
        assert desk.paper(TITLES[0]).tags == ("kept", "new tag")
        assert desk.status == f"tag +new tag -old “{TITLES[0]}”"
        await desk.until_shown("tags  kept  new tag")
        await desk.press("u")
        assert desk.paper(TITLES[0]).tags == ("kept", "old")
        await desk.press("t", "escape")
        await desk.press("t")
        await desk.answer("old,kept")
        assert desk.status == "tags as they were"


async def test_a_tag_with_a_comma_is_one_tag_until_it_is_changed(notebook: Notebook) -> None:
    notebook.papers.change_tags([1], add=["one, two", "three"])
    async with at_desk(notebook) as desk:
        await desk.press("t", "enter")
        assert desk.status == "tags as they were"
        assert desk.paper(TITLES[0]).tags == ("one, two", "three")
        await desk.press("t")
        await desk.answer("one, three, four")
        assert desk.paper(TITLES[0]).tags == ("four", "three")


async def test_in_a_prompt_the_keys_of_the_papers_are_letters(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        await desk.press("t")
        await desk.type("txru q?/")
        await desk.press("tab", "shift+tab")
        assert desk.box.value == "txru q?/"
        await desk.press("escape")
        assert desk.titles == list(TITLES)
        assert desk.paper(TITLES[0]).tags == ()
