"""A terminal for tests: a real program on a pseudo-terminal, its screen as text, its bytes as sent.

Import with ``from .terminal import Terminal``. Times out rather than waits for ever, and ends the
program it started in all cases.
"""

from __future__ import annotations

import fcntl
import os
import re
import select
import signal
import struct
import subprocess
import sys
import termios
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Self

import pyte

PATIENCE = 20.0
"""Seconds after which a condition that does not come true is a failure."""

KEYS = {
    "enter": "\r", "escape": "\x1b", "space": " ", "tab": "\t", "backspace": "\x7f",
    "down": "\x1b[B", "up": "\x1b[A",
}  # fmt: skip
KEYS |= {f"ctrl+{chr(letter)}": chr(letter - 96) for letter in range(ord("a"), ord("z") + 1)}
"""What a terminal sends for keys, by Textual's names."""

SYNCHRONISED = b"\x1b[?2026$p"
"""Asks whether frames can be marked; Textual marks them only when this is answered."""

_NOT_FOR_PYTE = re.compile(rb"\x1b\[[<>=?][0-9;]*u|\x1b\[\?[0-9;]+\$p")
_UNFINISHED = re.compile(rb"\x1b[^a-zA-Z]*$")

# Takes the terminal as its own, then becomes the program: what a login does.
_START = (
    "import os, sys; os.login_tty(int(sys.argv[1]));"
    "os.execve(sys.argv[2], sys.argv[2:], os.environ)"
)


class Terminal:
    """Runs a program on a pseudo-terminal. A context manager."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        environment: Mapping[str, str],
        folder: Path,
        columns: int = 80,
        lines: int = 24,
    ) -> None:
        self.raw = bytearray()
        self.columns, self.lines = columns, lines
        self._held = b""
        self._screen = pyte.Screen(columns, lines)
        self._lines = [""] * lines
        self._stream = pyte.ByteStream(self._screen)
        self._master, slave = os.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        self.modes = termios.tcgetattr(slave)
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", _START, str(slave), *command],
            pass_fds=[slave], env=dict(environment), cwd=folder,
        )  # fmt: skip
        os.close(slave)
        self._is_open = True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        self.hang_up()

    # --- what is on the screen

    @property
    def text(self) -> str:
        """The screen as plain text."""
        # Conditions look at it again and again, and pyte's own `display` draws all of it each time.
        screen = self._screen
        for number in screen.dirty:
            line = screen.buffer[number]
            self._lines[number] = "".join(line[x].data for x in range(screen.columns)).rstrip()
        screen.dirty.clear()
        return "\n".join(self._lines)

    def until(self, condition: Callable[[], bool], what: str) -> None:
        """Read what the program draws until a condition is true."""
        end = monotonic() + PATIENCE
        while not condition():
            is_over = not self._read(0.05)
            if condition():
                return
            assert not is_over, f"the program ended before {what}; on the screen:\n{self.text}"
            assert monotonic() < end, f"waited in vain until {what}; on the screen:\n{self.text}"

    def until_shown(self, text: str) -> None:
        """Wait until a text is on the screen."""
        self.until(lambda: text in self.text, f"{text!r} is shown")

    def until_gone(self, text: str) -> None:
        """Wait until a text is not on the screen any more."""
        self.until(lambda: text not in self.text, f"{text!r} is gone")

    def until_drawn(self, before: int) -> None:
        """Wait until a whole frame came after the first `before` bytes."""
        end_of_frame = b"\x1b[?2026l"
        self.until(lambda: end_of_frame in self.raw[before:], "a frame is drawn")

    def _read(self, seconds: float) -> bool:
        """Read for some seconds at most; False when nothing will ever come."""
        if not self._is_open:
            return False
        ready, _, _ = select.select([self._master], [], [], seconds)
        if not ready:
            return True
        try:
            data = os.read(self._master, 1 << 16)
        except OSError:  # Linux says so when the program ended
            data = b""
        self.raw += data
        if SYNCHRONISED in data:
            os.write(self._master, b"\x1b[?2026;2$y")
        self._draw(data)
        return bool(data)

    def _draw(self, data: bytes) -> None:
        held = self._held + data
        unfinished = _UNFINISHED.search(held)
        end = unfinished.start() if unfinished else len(held)
        self._held = held[end:]
        self._stream.feed(_NOT_FOR_PYTE.sub(b"", held[:end]))

    # --- what the user does

    def press(self, *keys: str) -> None:
        """Press keys: names as in `KEYS`, or letters."""
        self.write("".join(KEYS.get(key, key) for key in keys))

    def write(self, text: str) -> None:
        """Send text as it stands."""
        os.write(self._master, text.encode())

    def hang_up(self) -> None:
        """Close the terminal: the program gets SIGHUP."""
        if self._is_open:
            self._is_open = False
            os.close(self._master)

    def signal(self, number: signal.Signals) -> None:
        """Send the program a signal."""
        self._process.send_signal(number)

    def wait(self) -> int:
        """Wait until the program has ended; return its exit code (negative: the signal)."""
        end = monotonic() + PATIENCE
        while self._read(0.05) and monotonic() < end:
            pass
        return self._process.wait(timeout=max(1.0, end - monotonic()))
