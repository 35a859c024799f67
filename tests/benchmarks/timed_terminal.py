"""Timing a program in a pseudo-terminal that answers as modern terminals do."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

ROWS, COLUMNS = 40, 120
END_OF_FRAME = b"\x1b[?2026l"


@dataclass
class Terminal:
    """A running program and all it has written."""

    process: int
    file: int
    started: float
    output: bytes = field(default=b"")

    def wait_for(self, condition: Callable[[bytes], bool], timeout: float = 120.0) -> float:
        """Read until the output meets a condition; return seconds since the start.

        Raises `TimeoutError` with the end of the output.
        """
        end = time.perf_counter() + timeout
        while not condition(self.output):
            left = end - time.perf_counter()
            if left <= 0 or not self._read(left):
                raise TimeoutError(f"… {self.output[-2000:]!r}")
        return time.perf_counter() - self.started

    def settle(self, quiet: float = 0.3) -> None:
        """Read until nothing came for `quiet` seconds."""
        while select.select([self.file], [], [], quiet)[0] and self._read(quiet):
            pass

    def listen(self, seconds: float) -> None:
        """Read what comes for some time."""
        end = time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0:
            self._read(left)

    def drain(self) -> None:
        """Forget what came so far, once what lies ready is read."""
        while select.select([self.file], [], [], 0)[0] and self._read(0):
            pass
        self.output = b""

    def send(self, keys: bytes) -> None:
        """Press keys."""
        os.write(self.file, keys)

    def private_memory(self) -> int:
        """Return the bytes that only this program holds and has written: no mapped files."""
        with open(f"/proc/{self.process}/smaps_rollup", encoding="ascii") as lines:
            return sum(
                int(line.split()[1]) * 1024 for line in lines if line.startswith("Private_Dirty:")
            )

    def close(self) -> None:
        """End the program."""
        with suppress(ProcessLookupError):
            os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)
        os.close(self.file)

    def _read(self, timeout: float) -> bool:
        ready, _, _ = select.select([self.file], [], [], timeout)
        if not ready:
            return False
        try:
            data = os.read(self.file, 1 << 16)
        except OSError:
            return False
        self.output += data
        if b"\x1b[?2026$p" in data:
            os.write(self.file, b"\x1b[?2026;2$y")
        return bool(data)


def start(command: Sequence[str], environment: Mapping[str, str]) -> Terminal:
    """Start a program in a new pseudo-terminal of 120 × 40."""
    started = time.perf_counter()
    process, file = pty.fork()
    if process == 0:
        os.execve(
            command[0],
            list(command),
            {**environment, "TERM": "xterm-256color", "COLORTERM": "truecolor"},
        )
    fcntl.ioctl(file, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    return Terminal(process, file, started)
