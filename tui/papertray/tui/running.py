"""Running a program beside the screen: what it says is caught, and it can be cancelled.

Nothing of it reaches the terminal. A command of papertray runs on pseudo-terminals, so that it says
how far it is and lays tables out; a shell line runs in pipes, as it would in a script.
"""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic

from papertray.core.clean import clean

MOST_LINES = 2000
"""Lines of output that are kept: more than anybody reads on a screen."""

_MOST_BYTES = 1_000_000
_ERASE = "\x1b[K"  # what begins a progress line
_LISTEN = 0.1  # seconds between two looks at whether time is up
_LAST_WORDS = 2.0  # seconds a program has to end after it was asked to


@dataclass(frozen=True, slots=True)
class Ended:
    """How a program ended, and what it said.

    `code` is its exit code. `output` and `errors` are clean lines; `left_out` counts the lines of
    output that came after those. `is_late`: it was ended because its time was up.
    """

    code: int
    output: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    left_out: int = 0
    was_cancelled: bool = False
    is_late: bool = False


class Running:
    """A program that is run once, in a thread that waits for it; other threads may cancel it."""

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        *,
        on_terminal: bool = False,
        told: Callable[[str], None] = lambda line: None,
        patience: float | None = None,
    ) -> None:
        """`told` is called in the thread with each line of progress, clean.

        `patience` is after how many seconds it is ended, None for never.
        """
        self._command = list(command)
        self._environment = dict(environment)
        self._on_terminal = on_terminal
        self._told = told
        self._patience = patience
        self._process: subprocess.Popen[bytes] | None = None
        self._is_cancelled = False

    def cancel(self) -> None:
        """Ask the program to end, as Ctrl-C does."""
        self._is_cancelled = True
        self._signal(signal.SIGINT)

    def run(self, stdin: Iterable[bytes] | None = None) -> Ended:
        """Start the program, give it what `stdin` yields, and return once it has ended.

        Raises `OSError` where it cannot be started.
        """
        ours, theirs = zip(_channel(self._on_terminal), _channel(self._on_terminal), strict=True)
        try:
            self._process = subprocess.Popen(
                self._command, env=self._environment,
                stdin=subprocess.DEVNULL if stdin is None else subprocess.PIPE,
                stdout=theirs[0], stderr=theirs[1], start_new_session=True,
            )  # fmt: skip
        except OSError:
            for end in ours:
                os.close(end)
            raise
        finally:
            for end in theirs:
                os.close(end)
        if self._is_cancelled:  # before it had begun
            self._signal(signal.SIGINT)
        if stdin is not None:
            self._feed(self._process, stdin)
        output, errors = _Kept(), _Kept(self._told)
        try:
            is_late = self._listen(dict(zip(ours, (output, errors), strict=True)))
        finally:
            for end in ours:
                os.close(end)
        said, left_out = output.said()
        return Ended(
            self._process.wait(), said, errors.said()[0], left_out, self._is_cancelled, is_late
        )

    def _feed(self, process: subprocess.Popen[bytes], pieces: Iterable[bytes]) -> None:
        """Write in a thread of its own: a program may talk before it has listened to the end."""

        def feed() -> None:
            assert process.stdin is not None
            with suppress(BrokenPipeError), process.stdin:
                for piece in pieces:
                    process.stdin.write(piece)

        threading.Thread(target=feed, name="papertray-feeding", daemon=True).start()

    def _listen(self, channels: Mapping[int, _Kept]) -> bool:
        """Read until all has been said; return whether it took too long."""
        assert self._process is not None
        end = None if self._patience is None else monotonic() + self._patience
        asked: float | None = None
        is_late = False
        with selectors.DefaultSelector() as selector:
            for channel in channels:
                selector.register(channel, selectors.EVENT_READ)
            while selector.get_map():
                for key, _ in selector.select(_LISTEN):
                    if not channels[key.fd].take(_read(key.fd)):
                        selector.unregister(key.fd)
                now = monotonic()
                if end is not None and now > end and not is_late:
                    is_late = True
                    self._signal(signal.SIGTERM)
                if asked is None:
                    asked = now if is_late or self._is_cancelled else None
                elif now > asked + _LAST_WORDS:
                    self._signal(signal.SIGKILL)
                if self._process.poll() is not None and not selector.select(_LISTEN):
                    break  # what it left behind in the background may go on, unheard
        return is_late

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None and self._process.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, number)


def _channel(is_terminal: bool) -> tuple[int, int]:
    """Return our end and the program's."""
    return os.openpty() if is_terminal else os.pipe()


def _read(channel: int) -> bytes:
    try:
        return os.read(channel, 1 << 16)
    except OSError:  # Linux says so when nobody has the other end of a terminal any more
        return b""


class _Kept:
    """What came through one channel: the first lines of it, and those that say how far it is."""

    def __init__(self, told: Callable[[str], None] | None = None) -> None:
        self._told = told
        self._kept = bytearray()
        self._lines_lost = 0

    def take(self, data: bytes) -> bool:
        """Take some more; False when there will be none."""
        room = max(0, _MOST_BYTES - len(self._kept))
        self._kept += data[:room]
        self._lines_lost += data[room:].count(b"\n")
        if self._told is not None and b"\r" + _ERASE.encode() in data:
            line = _harmless(data.decode("utf-8", "replace"))
            if line:
                self._told(line)
        return bool(data)

    def said(self) -> tuple[tuple[str, ...], int]:
        """Return the first lines of what was said, and how many there were after those."""
        text = self._kept.decode("utf-8", "replace").replace("\r\n", "\n").rstrip()
        found = [_harmless(line) for line in text.split("\n")] if text else []
        left_out = max(0, len(found) - MOST_LINES) + self._lines_lost
        return tuple(found[:MOST_LINES]), left_out


def _harmless(line: str) -> str:
    """Return a line as it would stand there in the end: what came after the last erasing."""
    return clean(line.rpartition(_ERASE)[2].rstrip("\r").rpartition("\r")[2].expandtabs()).rstrip()
