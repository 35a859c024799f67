"""What a measurement is, and whether it meets its bar. No printing, no measuring."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from library import Library


class Better(StrEnum):
    """Which of two figures is the better one."""

    LESS = "less"
    MORE = "more"


@dataclass(frozen=True, slots=True)
class Bar:
    """A limit for our figure, or, with `of_ratio`, for our figure divided by the floor's."""

    limit: float
    of_ratio: bool = False


@dataclass(frozen=True, slots=True)
class Measurement:
    """One figure of ours, where possible beside the floor: the same job with nothing around it.

    `unit` is ms, s, MB or something per second. `floor_name` says what the floor is. A figure
    without a bar is there to be read only.
    """

    name: str
    unit: str
    ours: float
    floor: float | None = None
    floor_name: str = ""
    bar: Bar | None = None
    better: Better = Better.LESS

    @property
    def ratio(self) -> float | None:
        """Ours divided by the floor, None without a floor."""
        return self.ours / self.floor if self.floor else None

    @property
    def met(self) -> bool | None:
        """Whether the bar is met, None without one."""
        if self.bar is None:
            return None
        figure = self.ratio if self.bar.of_ratio else self.ours
        if figure is None:
            return None
        return figure <= self.bar.limit if self.better is Better.LESS else figure >= self.bar.limit


@dataclass(frozen=True, slots=True)
class Bench:
    """What a subject measures on.

    `library` is only read; `copy` holds the same papers and may be written to; `rounds` is how
    often what takes seconds is repeated.
    """

    library: Library
    copy: Library
    rounds: int


Subject: TypeAlias = Callable[[Bench], Iterator[Measurement]]
"""Measures one subject and yields what it found."""


def latencies(
    name: str, times: list[float], *, p50: float | None, p99: float | None
) -> list[Measurement]:
    """Return the median and the 99th percentile of `times` (seconds) with bars in ms."""
    from timing import percentile

    return [
        Measurement(
            f"{name}, {label}",
            "ms",
            1e3 * percentile(times, share),
            bar=None if bar is None else Bar(bar),
        )
        for label, share, bar in (("p50", 0.5, p50), ("p99", 0.99, p99))
    ]
