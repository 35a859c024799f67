"""The key table: what the user may change, and what is made of it."""

from __future__ import annotations

import inspect
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from papertray.notebook.notebook import Notebook
from papertray.tui.key_table import ACTIONS, Group, Scope
from papertray.tui.keys import (
    KeyMap,
    footer,
    key_table_markdown,
    key_table_text,
    rebound,
    shown,
)
from papertray.tui.screens import note_reader
from papertray.tui.screens.note import NoteScreen

from .desk import at_desk

DOCUMENT = Path(__file__).parents[2] / "docs" / "keys.md"


def changed(changes: Mapping[str, object]) -> KeyMap:
    """Return the table with changes, and with the sentences about those that were left out."""
    key_map, problems = rebound(changes)
    return replace(key_map, problems=tuple(text for _, text in problems))


def chords_of(key_map: KeyMap, action_id: str) -> tuple[str, ...]:
    """Return the chords of one action."""
    return next(action.chords for action in key_map.actions if action.id == action_id)


def test_ids_are_unique_and_the_table_as_it_comes_has_no_problem() -> None:
    assert len({action.id for action in ACTIONS}) == len(ACTIONS)
    assert changed({}) == KeyMap()


async def test_every_action_has_a_handler(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        handled = set(desk.triage._actions)
    assert handled == {action.id for action in ACTIONS if action.is_in(Scope.PAPERS)}
    source = inspect.getsource(NoteScreen) + inspect.getsource(note_reader)
    for action in ACTIONS:
        if action.group is Group.NOTE:
            assert f'"{action.id}"' in source, action.id


# --- changes


@pytest.mark.parametrize(
    ("wanted", "chords"),
    [
        ("B", ("B",)),
        (["B", "D"], ("B", "D")),
        ("w w", ("w w",)),
        ("?", ("question_mark",)),
        ("question_mark", ("question_mark",)),
        ("^T", ("ctrl+t",)),
        ("ctrl+t", ("ctrl+t",)),
        ("alt+x", ("alt+x",)),
        ("f5", ("f5",)),
        ("Del", ("delete",)),
        ("+", ("plus",)),
        ("ö", ("ö",)),
        ([], ()),
    ],
)
def test_an_action_takes_other_keys(wanted: object, chords: tuple[str, ...]) -> None:
    key_map = changed({"decide.skip": wanted, "rest.help": "f1"})
    assert key_map.problems == ()
    assert chords_of(key_map, "decide.skip") == chords
    taken = key_map.chords(Scope.PAPERS)
    assert [chord for chord in chords if taken[chord] != "decide.skip"] == []
    assert "x" not in taken


def test_two_actions_may_swap_their_keys() -> None:
    key_map = changed({"decide.skip": "s", "decide.star": ["x", "d"]})
    assert key_map.problems == ()
    assert key_map.chords(Scope.PAPERS)["s"] == "decide.skip"
    assert key_map.chords(Scope.PAPERS)["d"] == "decide.star"


def test_a_note_and_the_papers_may_share_a_key() -> None:
    assert changed({"note.save": "x"}).problems == ()


def test_an_unknown_action_is_named_and_the_rest_is_used() -> None:
    key_map = changed({"decide.skp": "B", "decide.star": "D"})
    (problem,) = key_map.problems
    assert "decide.skp" in problem
    assert "did you mean decide.skip?" in problem
    assert chords_of(key_map, "decide.star") == ("D",)


@pytest.mark.parametrize("key", ["notakey", "", " ", "ctrl+", "f25", "hyper+x", "g  g", "\x1b"])
def test_a_key_that_is_none_is_named_and_changes_nothing(key: str) -> None:
    key_map = changed({"decide.skip": ["B", key]})
    (problem,) = key_map.problems
    assert repr(key) in problem
    assert "decide.skip" in problem
    assert key_map.actions == ACTIONS


@pytest.mark.parametrize("keys", [7, None, {"x": 1}, ["x", 7], True])
def test_keys_that_are_no_text_are_named(keys: object) -> None:
    key_map = changed({"decide.skip": keys})
    assert key_map.problems == ("The keys of decide.skip must be a text or a list of texts.",)
    assert key_map.actions == ACTIONS


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"decide.skip": "s"}, ("s", "decide.star", "decide.skip")),
        ({"decide.star": "x"}, ("x", "decide.star", "decide.skip")),
        ({"decide.skip": "w", "decide.star": "w"}, ("w", "decide.star", "decide.skip")),
        ({"decide.skip": "g"}, ("g", "move.top", "decide.skip")),
        ({"decide.skip": "s x"}, ("s", "decide.star", "decide.skip")),
        ({"note.save": "escape"}, ("Esc", "note.finish", "note.save")),
    ],
    ids=["newer takes", "older takes", "both take", "beginning of a chord", "goes on", "note"],
)
def test_a_clash_is_named_and_no_key_is_lost(
    changes: dict[str, object], named: tuple[str, ...]
) -> None:
    key_map = changed(changes)
    assert len(key_map.problems) == 1
    for word in named:
        assert word in key_map.problems[0]
    reached = {id_ for scope in Scope for id_ in key_map.chords(scope).values()}
    assert reached == {action.id for action in ACTIONS}


# --- what is made of the table


@pytest.mark.parametrize(
    ("chord", "text"),
    [("g g", "gg"), ("ctrl+r", "^R"), ("question_mark", "?"), ("shift+tab", "S-Tab"), ("X", "X")],
)
def test_chords_are_shown_as_people_write_them(chord: str, text: str) -> None:
    assert shown(chord) == text


def footer_line(key_map: KeyMap, width: int, **how: Any) -> str:
    """Return the footer line as it is drawn."""
    return "".join(hint for hint, _ in footer(key_map, width, **how))


@pytest.mark.parametrize("width", [0, 1, 10, 40, 80, 120, 200])
def test_the_footer_fits(width: int) -> None:
    assert cell_len(footer_line(KeyMap(), width)) <= width
    assert cell_len(footer_line(KeyMap(), width, scope=Scope.NOTE)) <= width


def test_the_footer_says_the_keys_of_the_user() -> None:
    key_map = changed({"decide.read": "B", "decide.star": []})
    line = footer_line(key_map, 80)
    assert line.startswith(" B read  x skip ")
    assert "star" not in line
    assert "skip" not in footer_line(key_map, 80, without=["decide.skip"])
    assert "finish" in footer_line(key_map, 80, scope=Scope.NOTE)


def test_the_first_key_of_an_action_is_found_for_the_status_line() -> None:
    assert KeyMap().key_of("decide.redo") == "^R"
    assert changed({"decide.redo": []}).key_of("decide.redo") == ""
    assert KeyMap().key_of("no.such") == ""


def test_the_printed_table_names_every_action_with_the_keys_of_the_user() -> None:
    text = key_table_text(changed({"decide.skip": "D"}))
    for action in ACTIONS:
        assert action.id in text
    (line,) = (line for line in text.splitlines() if line.endswith(" decide.skip"))
    assert line.split() == ["D", "skip", "decide.skip"]


def test_the_documentation_is_made_from_the_table() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == key_table_markdown(), (
        "docs/keys.md is not what the table says; write it anew with "
        "python -c 'from papertray.tui.keys import key_table_markdown as k; print(k(), end=\"\")'"
    )


def test_the_table_can_be_printed_without_textual() -> None:
    program = (
        "import sys; from papertray.tui import keys, settings; print(keys.key_table_text());"
        "assert not {'textual', 'rich'} & set(sys.modules), sorted(sys.modules)"
    )
    roots = [str(Path(__file__).parents[2] / root) for root in ("store", "exporters", "tui")]
    code = f"import sys; sys.path[:0] = {roots!r}; {program}"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    assert "decide.skip" in result.stdout
