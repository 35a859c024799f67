"""How a session goes: what was decided today, how fast, and when it will be done. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from papertray.core.counting import counted
from papertray.core.piles import Pile

PAUSE = timedelta(minutes=2)
"""Longer than that nobody thinks about one paper: she is elsewhere, and the time does not count."""

IN_BULK = 20
"""More papers than that in one decision say nothing about how fast somebody decides."""

FEW = 5
"""Decisions after which a pace is told."""

_WORDS = {Pile.STARRED: "star", Pile.READ: "read", Pile.SKIP: "skip"}


class Session:
    """What was decided today, and the pace of this session. `clock` tells the time.

    `budget` is how many seconds it is to take, None where it has no end.
    """

    def __init__(self, clock: Callable[[], datetime], budget: float | None = None) -> None:
        self._clock = clock
        self._budget = None if budget is None else timedelta(seconds=budget)
        self._began = self._last = clock()
        self._today: dict[Pile, int] = {}
        self._ours: dict[Pile, int] = {}
        self._decided = 0
        self._at_work = timedelta()
        self.left = 0

    # --- what happens

    def counted(self, today: Mapping[Pile, int]) -> None:
        """Take in how many papers were moved to each pile today, whoever did it."""
        self._today = {pile: today.get(pile, 0) for pile in _WORDS}

    def decided(self, piles: Mapping[Pile, int]) -> None:
        """Take in how many papers a decision of this session brought to each pile, or took away."""
        for pile in _WORDS:
            count = piles.get(pile, 0)
            self._today[pile] = max(0, self._today.get(pile, 0) + count)
            self._ours[pile] = self._ours.get(pile, 0) + count
        now = self._clock()
        passed, self._last = now - self._last, now
        count = sum(piles.values())
        if timedelta() <= passed <= PAUSE and abs(count) <= IN_BULK:
            self._at_work += passed
            self._decided = max(0, self._decided + count)

    def go_on(self) -> None:
        """Begin the budget again: as long as before, from now on."""
        self._began = self._last = self._clock()

    # --- what is told

    @property
    def pace(self) -> float | None:
        """Papers decided a minute in this session; None until some were."""
        seconds = self._at_work.total_seconds()
        if self._decided < FEW or seconds < 1:
            return None
        return self._decided / seconds * 60

    @property
    def time_left(self) -> timedelta | None:
        """What is left of the budget, None without one."""
        if self._budget is None:
            return None
        return max(timedelta(), self._began + self._budget - self._clock())

    @property
    def is_over(self) -> bool:
        """Whether the budget is used up."""
        return self.time_left == timedelta()

    def line(self, width: int) -> str:
        """Return what the status line says in up to `width` cells; empty before any decision.

        ``38 today: 2 star, 7 read, 29 skip   174 left, 5.1 a min, until about 09:48``, or
        ``38 today, 174 left, ~34 min``.
        """
        time = "" if self.time_left is None else f"{_duration(self.time_left)} to go   "
        total = sum(self._today.values())
        if not total:
            return time.rstrip()
        piles = ", ".join(
            f"{self._today[pile]:,} {word}" for pile, word in _WORDS.items() if self._today[pile]
        )
        long = f"{time}{total:,} today: {piles}   {self.left:,} left"
        short = f"{time}{total:,} today, {self.left:,} left"
        if self.pace is not None and self.left:
            minutes = self.left / self.pace
            long += f", {self.pace:.1f} a min, until about {self._until(minutes)}"
            short += f", ~{_minutes(minutes)}"
        return long if len(long) <= width else short

    def summary(self) -> list[str]:
        """Return what became of the session, in sentences."""
        ours = {pile: count for pile, count in self._ours.items() if count > 0}
        lines = []
        if ours:
            piles = ", ".join(f"{count:,} {_WORDS[pile]}" for pile, count in ours.items())
            lines.append(f"Decided: {counted(sum(ours.values()), 'paper')} ({piles}).")
        else:
            lines.append("Nothing was decided.")
        if not self.left:
            lines.append("The inbox is empty.")
        elif self.pace is None:
            lines.append(f"{self.left:,} left in the inbox.")
        else:
            minutes = self.left / self.pace
            lines.append(
                f"{self.left:,} left in the inbox: {_minutes(minutes)} at {self.pace:.1f} a minute,"
                f" until about {self._until(minutes)}."
            )
        return lines

    @property
    def length(self) -> str:
        """The budget in words: ``20 min``; empty without one."""
        return "" if self._budget is None else _duration(self._budget)

    def _until(self, minutes: float) -> str:
        now = self._clock()
        end = now + timedelta(minutes=min(minutes, 1e6))
        days = (end.date() - now.date()).days
        if not days:
            return f"{end:%H:%M}"
        return "tomorrow" if days == 1 else f"in {days:,} days"


def _duration(time: timedelta) -> str:
    seconds = time.total_seconds()
    return f"{seconds:.0f} s" if seconds < 60 else _minutes(seconds / 60)


def _minutes(minutes: float) -> str:
    """Return a span as people say it: ``34 min``, ``2 h 5 min``."""
    whole = max(1, round(minutes))
    hours, rest = divmod(whole, 60)
    if not hours:
        return f"{whole} min"
    return f"{hours:,} h {rest} min" if rest and hours < 10 else f"{hours:,} h"
