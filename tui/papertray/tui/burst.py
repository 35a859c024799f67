"""Noticing decisions that nobody made: a held key, or a password pasted into the list. Pure."""

from __future__ import annotations

from collections import deque

MANY = 8
"""Decisions within `WITHIN` seconds that are more than anybody makes."""

WITHIN = 1.0


class Burst:
    """The decisions that came too fast, as long as they do."""

    def __init__(self) -> None:
        self._last: deque[tuple[float, int]] = deque(maxlen=MANY)
        self._batches: dict[int, None] = {}

    @property
    def batches(self) -> tuple[int, ...]:
        """The batches of the decisions that came too fast, oldest first; none after a calm one."""
        return tuple(self._batches)

    def add(self, at: float, batch: int) -> None:
        """Take in a decision: when its key was pressed (seconds of any clock), and its batch."""
        self._last.append((at, batch))
        if len(self._last) == MANY and at - self._last[0][0] <= WITHIN:
            self._batches.update(dict.fromkeys(batch for _, batch in self._last))
        else:
            self._batches.clear()

    def forget(self) -> None:
        """Begin anew: what came too fast has been taken back."""
        self._last.clear()
        self._batches.clear()
