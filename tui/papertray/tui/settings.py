"""The keys of the user's settings file, which may be missing or wrong."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from papertray.core.settings import Problem, Settings
from papertray.notebook.settings import read_settings
from papertray.tui.keys import KeyMap, rebound


def read_key_map(file: Path) -> KeyMap:
    """Return the key table with the `[keys]` of a settings file.

    Whatever is wrong in the file is a problem of the table, never an exception.
    """
    settings = read_settings(file)
    key_map, problems = key_map_of(settings)
    return replace(
        key_map,
        problems=tuple(sentence(file, problem) for problem in (*settings.problems, *problems)),
    )


def key_map_of(settings: Settings) -> tuple[KeyMap, list[Problem]]:
    """Return the key table with the user's changes, and what is wrong with them."""
    key_map, clashes = rebound(settings.keys)
    problems = [Problem(settings.key_lines[action], text) for action, text in clashes]
    return key_map, sorted(problems, key=lambda problem: problem.line)


def sentence(file: Path, problem: Problem) -> str:
    """Return a problem of a settings file as the user is told of it."""
    place = f"{file}, line {problem.line}" if problem.line else str(file)
    return f"{place}: {problem.text}"
