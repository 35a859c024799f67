"""What goes to the terminal: data on stdout, narration on stderr, nothing that steers it.

All text that comes from data passes through `clean` or `clean_text` here; colours are only used on
a terminal, and never needed to understand.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
import unicodedata
from collections.abc import Sequence
from io import TextIOWrapper

from papertray.core.clean import clean, clean_text

PATIENCE = 0.5
"""Seconds before a progress line appears."""

_PAUSE = 0.1  # seconds between two drawings of it
_DIM, _PLAIN = "\x1b[2m", "\x1b[0m"
_ERASE = "\r\x1b[K"


def prepare_streams() -> None:
    """Make the streams take whatever comes: UTF-8, but a terminal keeps its encoding."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            if stream.isatty():
                stream.reconfigure(errors="replace")
            else:
                stream.reconfigure(encoding="utf-8", errors="replace")
    if isinstance(sys.stdin, TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")


def abandon_stdout() -> None:
    """Let what is still to be written to stdout vanish: its reader has gone."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
    except (OSError, ValueError):
        pass  # not a file at all: then there is nothing to flush at the end either


def is_terminal() -> bool:
    """Tell whether stdout is a terminal."""
    return sys.stdout.isatty()


def width() -> int:
    """Return the width of the terminal in cells."""
    return shutil.get_terminal_size().columns


def write(text: str) -> None:
    """Write one line of data, made harmless, to stdout."""
    sys.stdout.write(clean(text) + "\n")


def write_row(cells: Sequence[str]) -> None:
    """Write one row: as wide as the terminal at most; in a pipe whole, separated by tabs."""
    if is_terminal():
        write(fit(clean("  ".join(cells)), width()).rstrip())
    else:
        sys.stdout.write("\t".join(clean(cell).strip() for cell in cells) + "\n")


def write_text(text: str) -> None:
    """Write running text, made harmless line by line, to stdout."""
    sys.stdout.write(clean_text(text) + "\n")


def say(text: str) -> None:
    """Tell the user one line on stderr."""
    sys.stdout.flush()  # in order, where both go to one terminal
    sys.stderr.write(clean(text) + "\n")
    sys.stderr.flush()


def say_text(text: str) -> None:
    """Tell the user several lines on stderr."""
    sys.stderr.write(clean_text(text) + "\n")
    sys.stderr.flush()


def dimmed(text: str) -> str:
    """Return harmless `text` dimmed, where stdout is a terminal that may be coloured."""
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb" or not is_terminal()
    return text if plain else f"{_DIM}{text}{_PLAIN}"


def counted(number: int, noun: str) -> str:
    """Return ``1 paper`` or ``1,200 papers``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def cells(character: str) -> int:
    """Return how many cells of a terminal a character takes."""
    if character.isascii():
        return 1
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def fit(text: str, room: int) -> str:
    """Return `text` in exactly `room` cells: cut with an ellipsis, or filled with spaces."""
    used = 0
    cut = 0, 0  # where to cut so that the ellipsis still fits, and the cells up to there
    for place, character in enumerate(text):
        used += cells(character)
        if used > room:
            return text[: cut[0]] + "…" + " " * (room - 1 - cut[1]) if room > 0 else ""
        if used < room:
            cut = place + 1, used
    return text + " " * (room - used)


def cells_of(text: str, most: int) -> int:
    """Return the cells that `text` takes, at most `most`: long texts are not measured whole."""
    used = 0
    for character in text:
        used += cells(character)
        if used >= most:
            return most
    return used


def layout(rows: Sequence[Sequence[str]], most: Sequence[int], room: int) -> list[str]:
    """Return harmless rows as aligned lines of `room` cells.

    Arguments: `most` is how many cells each column but the last may take. The last gets the rest;
    where that would be less than two fifths of the room, the columns before it give way.
    """
    columns = [
        max((cells_of(row[column], limit) for row in rows), default=0)
        for column, limit in enumerate(most)
    ]
    shown = [column for column, size in enumerate(columns) if size]
    while len(shown) > 1 and sum(columns[column] + 2 for column in shown) > room * 3 // 5:
        del shown[-1]  # the first is what other commands need
    lines = []
    for row in rows:
        pieces = [fit(row[column], columns[column]) for column in shown]
        rest = max(room - sum(columns[column] + 2 for column in shown), 1)
        lines.append(fit("  ".join([*pieces, fit(row[-1], rest)]), room).rstrip())
    return lines


class Progress:
    """A line on stderr that says how far something is: on a terminal, once it takes long."""

    def __init__(self, verb: str, noun: str) -> None:
        self._text = f"{verb} {{}} {noun}"
        self._next = time.monotonic() + PATIENCE
        self._is_shown = False

    def __call__(self, done: int, total: int = 0) -> None:
        """Show how many are done, of how many where that is known."""
        now = time.monotonic()
        if now < self._next or not sys.stderr.isatty():
            return
        self._next = now + _PAUSE
        self._is_shown = True
        numbers = f"{done:,} of {total:,}" if total else f"{done:,}"
        sys.stderr.write(_ERASE + self._text.format(numbers))
        sys.stderr.flush()

    def end(self) -> None:
        """Take the line away."""
        if self._is_shown:
            sys.stderr.write(_ERASE)
            sys.stderr.flush()
