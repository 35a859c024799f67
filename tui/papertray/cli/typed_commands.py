"""Our commands as the screen needs them: typed into a line there, completed, and run."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence

import click
from click.shell_completion import CompletionItem, ShellComplete, split_arg_string

from papertray.cli.invocation import SESSION, Invocation
from papertray.store.places import Places

COMPLETION = "_PAPERTRAY_COMPLETE"

MOST_PATHS = 200
"""Names of files that are offered."""


class TypedCommands:
    """The commands of a group, on the tray at some places."""

    def __init__(self, commands: click.Group, places: Places) -> None:
        self._commands = commands
        self._places = places

    def names(self) -> Sequence[str]:
        """Return the names of all commands, those of plugins as well."""
        from papertray.cli import completing  # noqa: F401  # completing is what comes next

        context = click.Context(self._commands, info_name="papertray", obj=self._invocation())
        return self._commands.list_commands(context)

    def complete(self, line: str, cursor: int) -> tuple[int, Sequence[str]]:
        """Return where the word before the cursor begins, and what it may become, quoted."""
        typed = line[:cursor]
        start = begin_of_word(typed)
        before, word = split_arg_string(typed[:start]), "".join(split_arg_string(typed[start:]))
        completion = ShellComplete(
            self._commands, {"obj": self._invocation()}, "papertray", COMPLETION
        )
        found = list(_values(completion.get_completions(before, word), word))
        return start, [
            typed[start:] if value == word else _quoted(value) for value in dict.fromkeys(found)
        ]

    def process(self, session: str) -> tuple[Sequence[str], Mapping[str, str]]:
        """Return the words that start papertray as a process, and its environment."""
        environment = {**os.environ, **self._environment, SESSION: session}
        return [sys.executable, "-m", "papertray"], environment

    def _invocation(self) -> Invocation:
        return Invocation(self._places.tray, {**os.environ, **self._environment})

    @property
    def _environment(self) -> dict[str, str]:
        places = self._places
        return {
            "PAPERTRAY_TRAY": str(places.tray),
            "PAPERTRAY_CACHE": str(places.cache.parent),
            "PAPERTRAY_STATE": str(places.state),
            "PAPERTRAY_CONFIG": str(places.config),
        }


def begin_of_word(line: str) -> int:
    """Return where the last word of a line begins, which may be empty: quoted blanks part none."""
    start, quote, escaped = 0, "", False
    for place, character in enumerate(line):
        if escaped:
            escaped = False
        elif character == "\\" and quote != "'":
            escaped = True
        elif quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        elif character.isspace():
            start = place + 1
    return start


def _values(items: Iterable[CompletionItem], word: str) -> Iterator[str]:
    """Yield what click offers, with names of files where it leaves those to the shell."""
    for item in items:
        if item.type == "plain":
            yield str(item.value)
        else:
            yield from paths_beginning(word, only_folders=item.type == "dir")


def paths_beginning(word: str, *, only_folders: bool = False) -> list[str]:
    """Return the paths that begin with a word, in order; folders end in a slash."""
    folder, _, start = word.rpartition("/")
    shown = f"{folder}/" if folder or word.startswith("/") else ""
    found = []
    try:
        with os.scandir(os.path.expanduser(shown or ".")) as entries:
            for entry in entries:
                is_hidden = entry.name.startswith(".") and not start.startswith(".")
                if entry.name.startswith(start) and entry.name.isprintable() and not is_hidden:
                    is_folder = entry.is_dir()
                    if is_folder or not only_folders:
                        found.append(f"{shown}{entry.name}{'/' if is_folder else ''}")
    except OSError:
        return []
    return sorted(found)[:MOST_PATHS]


def _quoted(value: str) -> str:
    """Return a value as it is typed: a ~ at its beginning still means the home folder."""
    if value.startswith("~/"):
        return "~/" + (shlex.quote(value[2:]) if value[2:] else "")
    return shlex.quote(value)
