"""What goes to the terminal: data on stdout, narration on stderr, nothing that steers it.

All text that comes from data passes through `clean` or `clean_text` here; colours are only used on
a terminal, and never needed to understand.
"""

from __future__ import annotations

import os
import shutil
import sys
import threading
import time
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import TextIOWrapper
from typing import Self

from papertray.core.clean import clean, clean_text
from papertray.core.counting import counted as counted

PATIENCE = 0.5
"""Seconds before a progress line appears."""

_PAUSE = 0.1  # seconds between two drawings of it
_BAR = 20  # cells
_BOLD, _DIM, _PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[0m"
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
    return f"{_DIM}{text}{_PLAIN}" if _may_be_coloured() else text


def bold(text: str) -> str:
    """Return harmless `text` in bold, where stdout is a terminal that may be coloured."""
    return f"{_BOLD}{text}{_PLAIN}" if _may_be_coloured() else text


def _may_be_coloured() -> bool:
    return not (os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb" or not is_terminal())


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


@contextmanager
def telling(text: str, patience: float = PATIENCE) -> Iterator[None]:
    """Tell on stderr what is going on, on a terminal, once the body takes `patience` seconds.

    For what is one step of the database, and cannot say how far it is.
    """

    def tell() -> None:
        sys.stderr.write(clean(text))
        sys.stderr.flush()

    timer = threading.Timer(patience, tell)
    if sys.stderr.isatty():
        timer.start()
    try:
        yield
    finally:
        timer.cancel()
        if timer.ident is not None:  # it was started
            timer.join()
            sys.stderr.write(_ERASE)
            sys.stderr.flush()


class Progress:
    """A line on stderr that says how far something is: on a terminal, once it takes long."""

    def __init__(self, verb: str, noun: str) -> None:
        self._verb = verb
        self._noun = noun
        self._began = time.monotonic()
        self._next = self._began + PATIENCE
        self._is_shown = False

    def __call__(self, done: int, total: int = 0, share: float | None = None) -> None:
        """Show how many are done, of how many where that is known.

        `share` tells, from 0 to 1, how far that is where no `total` does.
        """
        now = time.monotonic()
        if now < self._next or not sys.stderr.isatty():
            return
        self._next = now + _PAUSE
        self._is_shown = True
        share = done / total if total else share
        line = f"{self._verb} {'' if share is None else _bar(share)}{done:,} "
        line += f"of {total:,} {self._noun}" if total else self._noun
        line += f", {done / (now - self._began):,.0f} a second"
        sys.stderr.write(_ERASE + fit(line, width() - 1).rstrip())
        sys.stderr.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def end(self) -> None:
        """Take the line away; leaving the context does the same."""
        if self._is_shown:
            sys.stderr.write(_ERASE)
            sys.stderr.flush()


def _bar(share: float) -> str:
    """Return a share, from 0 to 1, as it is seen and read: ``[#####-----] 50 %, ``."""
    share = min(max(share, 0.0), 1.0)
    full = int(share * _BAR)
    return f"[{'#' * full}{'-' * (_BAR - full)}] {int(share * 100)} %, "
