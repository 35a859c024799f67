"""How much to write at a time, so that nobody waits long for the tray while much goes in.

Whoever finds the tray locked looks again after 1, 3, 8, 18, 33, 53, 78, 103 … milliseconds: that is
SQLite's way. So a lock held for `HELD`, and then left alone for `FREE`, which is as long as the
longest of the first pauses, keeps nobody waiting for longer than about the sum of both.
"""

from __future__ import annotations

import time
from collections.abc import Callable

HELD = 0.03
"""Seconds for which a chunk should hold the lock."""

FREE = 0.025
"""Seconds for which the lock is left alone after that."""

SMALLEST, FIRST, LARGEST = 50, 200, 2000
"""Records in a chunk."""


class Pace:
    """How many records the next chunk should have, and when it may be written.

    For each chunk: `wait`, lock, `locked`, write, unlock, `freed`. Small chunks that follow each
    other within `HELD` count as one lock: nobody waits longer for them than for a large one.
    """

    def __init__(
        self,
        timer: Callable[[], float] = time.perf_counter,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """`timer` gives seconds, `sleep` waits for some."""
        self.size = FIRST
        self._timer = timer
        self._sleep = sleep
        self._began = 0.0
        self._held_since: float | None = None
        self._free_since = float("-inf")

    def wait(self) -> None:
        """Let others have their turn since the last chunk. Mostly that long has passed already."""
        now = self._timer()
        rest = self._free_since + FREE - now
        if rest > 0 and self._held_since is not None and now - self._held_since < HELD:
            return
        self._held_since = None
        if rest > 0:
            self._sleep(rest)

    def locked(self) -> None:
        """Say that from now on others have to wait."""
        self._began = self._timer()
        if self._held_since is None:
            self._held_since = self._began

    def freed(self, records: int) -> None:
        """Say that a chunk of `records` is written and others may write."""
        self._free_since = self._timer()
        self.size = next_size(records, self._free_since - self._began)


def next_size(records: int, seconds: float) -> int:
    """Return how many records to take next, when some `records` held the lock for some `seconds`.

    At most twice as many: one quick chunk says little.
    """
    fitting = records * HELD / max(seconds, 1e-6)
    return max(SMALLEST, min(int(fitting), 2 * records, LARGEST))
