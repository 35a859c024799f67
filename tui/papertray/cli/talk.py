"""Asking on a terminal or in a pipe, without drawing: single keys where they can be read."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

from papertray.core.clean import clean
from papertray.tui.keys import named_key

PROMPT = "> "


class Talk(Protocol):
    """Where the user is asked."""

    def pressed(self) -> Iterator[Sequence[str]]:
        """Yield the keys that the user presses, each by all its names, until there are no more."""
        ...

    def ask(self, question: str) -> str | None:
        """Return the line that answers a question; None where there is none any more."""
        ...


class LineTalk:
    """Keys come in lines: several in one where that is easier (``5x``, ``^R``, ``space``)."""

    def pressed(self) -> Iterator[Sequence[str]]:
        """Yield the keys of each line; an empty one is Enter."""
        while (line := self.ask(PROMPT)) is not None:
            yield from ([name] for name in keys_of_line(line))

    def ask(self, question: str) -> str | None:
        """Write a question and return the line that answers it."""
        sys.stdout.write(question)
        sys.stdout.flush()
        line = sys.stdin.readline()
        if not sys.stdin.isatty():
            sys.stdout.write("\n")  # nobody pressed Enter where it could be seen
        return line.rstrip("\r\n") if line else None


class KeyTalk(LineTalk):
    """Keys come one by one from a terminal, without Enter; answers still come in lines."""

    def __init__(self, terminal: int) -> None:
        self._terminal = terminal

    def pressed(self) -> Iterator[Sequence[str]]:
        """Yield each key as it is pressed; ^D ends."""
        with _single_keys(self._terminal):
            while True:
                sys.stdout.write(PROMPT)
                sys.stdout.flush()
                sent = os.read(self._terminal, 64)
                sys.stdout.write("\n")
                names = keys_of_bytes(sent)
                if not sent or names == ["ctrl+d"]:
                    return
                yield from ([name] for name in names)

    def ask(self, question: str) -> str | None:
        """Write a question and return the line that answers it, which can be seen and edited."""
        with _whole_lines(self._terminal):
            return super().ask(question)


@contextmanager
def _single_keys(terminal: int) -> Iterator[None]:
    """Have a terminal hand over each key as it is pressed, unseen; Ctrl-C still interrupts."""
    import termios
    import tty

    before = termios.tcgetattr(terminal)
    try:
        tty.setcbreak(terminal, termios.TCSANOW)  # keys that were typed ahead stay
        yield
    finally:
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)


@contextmanager
def _whole_lines(terminal: int) -> Iterator[None]:
    """Have a terminal hand over lines again, for a while."""
    import termios

    before = termios.tcgetattr(terminal)
    modes = list(before)
    modes[3] |= termios.ICANON | termios.ECHO
    try:
        termios.tcsetattr(terminal, termios.TCSANOW, modes)
        yield
    finally:
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)


def talk_here() -> LineTalk:
    """Return single keys where standard input is a terminal that can hand them over, else lines."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()) or os.environ.get("TERM") == "dumb":
        return LineTalk()
    try:
        import termios

        termios.tcgetattr(sys.stdin.fileno())
    except (ImportError, OSError):
        return LineTalk()
    return KeyTalk(sys.stdin.fileno())


def keys_of_line(line: str) -> list[str]:
    """Return the keys that a line stands for: its letters, or one key by its name."""
    if not line:
        return ["enter"]
    word = line.strip()
    if not word:
        return ["space"]
    if name := named_key(word):
        return [name]
    found = re.findall(r"\^[A-Za-z]|.", word)
    return [named_key(key) or key for key in found if not key.isspace()]


_SEQUENCES = {
    b"\x1b[A": "up", b"\x1b[B": "down", b"\x1b[C": "right", b"\x1b[D": "left", b"\x1bOA": "up",
    b"\x1bOB": "down", b"\x1b[H": "home", b"\x1b[F": "end", b"\x1b[5~": "pageup",
    b"\x1b[6~": "pagedown", b"\x1b[Z": "shift+tab",
}  # fmt: skip
_CODES = {"\r": "enter", "\n": "enter", "\t": "tab", "\x1b": "escape", " ": "space",
          "\x7f": "backspace"}  # fmt: skip


def keys_of_bytes(pressed: bytes) -> list[str]:
    """Return the keys that a terminal sent."""
    if pressed in _SEQUENCES:
        return [_SEQUENCES[pressed]]
    if pressed.startswith(b"\x1b") and len(pressed) > 1:
        return []  # a key that means nothing to us
    found = []
    for character in pressed.decode("utf-8", "replace"):
        if character in _CODES:
            found.append(_CODES[character])
        elif character < " ":
            found.append(f"ctrl+{chr(ord(character) + 96)}")
        else:
            found.append(named_key(character) or clean(character))
    return found
