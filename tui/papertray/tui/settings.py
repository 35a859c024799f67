"""The keys of the user's settings file, which may be missing or wrong."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from papertray.tui.keys import KeyMap, rebound, with_own

if TYPE_CHECKING:
    from papertray.core.settings import Problem, Settings


def read_key_map(file: Path) -> KeyMap:
    """Return the key table with the `[keys]` and `[commands]` of a settings file.

    Whatever is wrong in the file is a problem of the table, never an exception.
    """
    with suppress(PermissionError):  # which reading it tells of
        if not file.exists():
            return KeyMap()  # the grammar of settings would keep the first paint waiting
    from papertray.notebook.settings import read_settings

    settings = read_settings(file)
    key_map, problems = key_map_of(settings)
    return replace(
        key_map,
        problems=tuple(sentence(file, problem) for problem in (*settings.problems, *problems)),
    )


def key_map_of(settings: Settings) -> tuple[KeyMap, list[Problem]]:
    """Return the key table with the user's changes and commands, and what is wrong with them."""
    from papertray.core.settings import Problem

    key_map, clashes = rebound(settings.keys)
    problems = [Problem(settings.key_lines[action], text) for action, text in clashes]
    if settings.commands:
        key_map, wrong = with_own(key_map, settings.commands)
        problems += [Problem(settings.command_lines[key], text) for key, text in wrong]
    return key_map, sorted(problems, key=lambda problem: problem.line)


def sentence(file: Path, problem: Problem) -> str:
    """Return a problem of a settings file as the user is told of it."""
    place = f"{file}, line {problem.line}" if problem.line else str(file)
    return f"{place}: {problem.text}"
