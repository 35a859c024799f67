"""Which files of a watched folder are still, and when to look at the others again.

Events are hints: they only say where to look. What counts is the file itself. It is ready once its
signature has been the same for a moment; whether it is whole its reader must say, and one that is
not is looked at again after a pause that grows. Times are seconds of any clock that only goes on.
"""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass
from typing import NamedTuple

QUIET = 0.25
"""Seconds for which a file must not change before it is read."""

PATIENCE = 60.0
"""Seconds for which the rest of a file that seems cut is waited for, from its last change on."""

LONGEST_PAUSE = 5.0
"""Seconds between two looks at a file that seems cut, at most."""


class Signature(NamedTuple):
    """What changes when a file does. Times are in nanoseconds.

    `changed` is the inode's own time: programs that synchronise set `modified` to an old one.
    """

    inode: int
    size: int
    modified: int
    changed: int


@dataclass(slots=True)
class _Waiting:
    """A path to look at when it is `due`: never, while it is being read.

    `since` is the time from which on it is known to have had the `signature`.
    """

    due: float
    signature: Signature | None = None
    since: float = 0.0
    tries: int = 0


class Settling:
    """The paths that something happened to, by when they are to be looked at.

    For each: `touch`, then when it is among the `due` ones `look`, and for one that may be read
    either `done` or `again`.
    """

    def __init__(self, quiet: float = QUIET, patience: float = PATIENCE) -> None:
        self._quiet = quiet
        self._patience = patience
        self._waiting: dict[str, _Waiting] = {}
        self._schedule: list[tuple[float, str]] = []
        self._known: dict[str, Signature] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def touch(self, path: str, now: float) -> None:
        """Say that something happened to a path: it is looked at when it may be still."""
        self._bring_forward(path, now + self._quiet)

    def find(self, path: str, signature: Signature, now: float) -> None:
        """Say that a scan found a file: it is looked at at once, unless it is known as it is."""
        if self._known.get(path) != signature:
            self._bring_forward(path, now)

    def know(self, path: str, signature: Signature) -> None:
        """Say that a file was read when it had this signature."""
        self._known[path] = signature

    def next_due(self) -> float:
        """Return when the next path is to be looked at; infinity when none is."""
        while self._schedule and not self._is_right(*self._schedule[0]):
            heapq.heappop(self._schedule)
        return self._schedule[0][0] if self._schedule else math.inf

    def due(self, now: float, most: int) -> list[str]:
        """Return up to `most` of the paths to look at now; those due for longest come first."""
        found: list[str] = []
        while len(found) < most and self.next_due() <= now:
            _, path = heapq.heappop(self._schedule)
            self._waiting[path].due = math.inf
            found.append(path)
        return found

    def look(self, path: str, signature: Signature | None, now: float, age: float) -> bool:
        """Tell whether a path that was due may be read now.

        Arguments: `signature` is what the file has, None for no file; `age` says how many seconds
        ago it changed by the machine's clock, which may be wrong: negative for the future.
        """
        waiting = self._waiting[path]
        if signature is None:
            self._known.pop(path, None)
        if signature is None or not signature.size or signature == self._known.get(path):
            # An empty file is one that somebody has just begun: there will be an event.
            self._leave(path)
            return False
        if signature != waiting.signature:
            waiting.signature, waiting.tries = signature, 0
            waiting.since = now - max(0.0, age)
        if now - waiting.since < self._quiet:
            self._bring_forward(path, waiting.since + self._quiet)
            return False
        return True

    def is_patient(self, path: str, now: float) -> bool:
        """Tell whether the rest of a file that may be read, and seems cut, may still come."""
        return now - self._waiting[path].since < self._patience

    def again(self, path: str, now: float) -> None:
        """Say that a file seems cut: it is looked at again after a pause."""
        waiting = self._waiting[path]
        pause = min(LONGEST_PAUSE, self._quiet * 2 ** min(waiting.tries, 10))
        waiting.tries += 1
        self._bring_forward(path, now + pause)

    def done(self, path: str, signature: Signature | None) -> None:
        """Say that a file was read while it had this signature, or, None, that it is gone."""
        if signature is not None:
            self._known[path] = signature
        self._leave(path)

    def _leave(self, path: str) -> None:
        if self._waiting[path].due == math.inf:  # else something happened since
            del self._waiting[path]

    def _bring_forward(self, path: str, due: float) -> None:
        waiting = self._waiting.get(path)
        if waiting is None:
            waiting = self._waiting[path] = _Waiting(math.inf)
        if due < waiting.due:
            waiting.due = due
            heapq.heappush(self._schedule, (due, path))

    def _is_right(self, due: float, path: str) -> bool:
        """Tell an entry of the schedule that holds from one that another has replaced."""
        waiting = self._waiting.get(path)
        return waiting is not None and waiting.due == due
