"""Completing the word under the cursor of a query."""

from __future__ import annotations

from pathlib import Path

import pytest

from papertray.notebook.notebook import Notebook

from trays import add_lines, open_notebook


@pytest.fixture
def notebook(tmp_path: Path) -> Notebook:
    opened = open_notebook(tmp_path)
    words = ["Diffusion models", "Diffusion of tags", "Diffuse light", "学习 diffusing"]
    add_lines(opened, [{"title": title, "authors": ["Öztürk, Ada"]} for title in words])
    opened.papers.change_tags([1, 2], add=["to read", "vision"])
    opened.papers.change_tags([1], add=["vision/dark", "100%"])
    opened.searches.save("to do", "is:todo")
    opened.search.follow()
    return opened


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("diff", ["diffusion", "diffuse", "diffusing"]),
        ("models dIFFus", ["diffusion", "diffuse", "diffusing"]),
        ("-diffusi", ["-diffusion", "-diffusing"]),
        ("(diffusi", ["(diffusion", "(diffusing"]),
        ("ta", ["tag:", "tags"]),
        ("tag:v", ["tag:vision", "tag:vision/dark"]),
        ("tag:to", ['tag:"to read"']),
        ('-tag:"to r', ['-tag:"to read"']),
        ("tag:1", ["tag:100%"]),
        ("tag:%", []),
        ("author:özt", ["author:ozturk"]),
        ("pile:s", ["pile:starred", "pile:skip"]),
        ("is:t", ["is:todo"]),
        ("added:ma", ["added:march", "added:may"]),
        ("search:TO", ['search:"to do"']),
        ("nothing:x", []),
        ("学", []),
        ("", []),
        ("diffusion ", []),
    ],
)
def test_what_a_word_may_become(notebook: Notebook, text: str, found: list[str]) -> None:
    assert notebook.search.completions(text) == found


def test_only_what_stands_before_the_cursor_counts(notebook: Notebook) -> None:
    assert notebook.search.completions("diffusi models", 7) == ["diffusion", "diffusing"]
    assert notebook.search.completions("diff", limit=1) == ["diffusion"]
    assert notebook.search.completions("diff", limit=0) == []


def test_without_an_index_there_are_fields_and_their_values(tmp_path: Path) -> None:
    empty = open_notebook(tmp_path)
    assert empty.search.completions("ti") == ["title:"]
    assert empty.search.completions("pile:i") == ["pile:inbox"]
