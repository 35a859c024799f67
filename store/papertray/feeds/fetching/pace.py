"""How often a host is asked, and waiting for one's turn."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from papertray.core.clock import minute
from papertray.core.errors import AskedToWait, Interrupted, NoNetwork
from papertray.feeds.fetching.addresses import is_loopback

LONGEST_WAIT = 30.0
"""Seconds that a server may have us wait on the spot."""


@dataclass(frozen=True, slots=True)
class Pace:
    """`seconds` from the start of a request to the next one's, and how many run `at_once`."""

    seconds: float
    at_once: int = 1


ARXIV = Pace(3.0)
"""What arXiv asks for, all its hosts together: https://info.arxiv.org/help/api/tou.html"""
OTHERS = Pace(1.0)
OWN = Pace(0.0, at_once=8)
"""A server on the user's own machine."""


def usual_pace(host: str) -> Pace:
    """Return the pace at which a host is asked, in lower case: ``export.arxiv.org``."""
    if _lane_name(host) == "arxiv.org":
        return ARXIV
    return OWN if is_loopback(host) else OTHERS


def _lane_name(host: str) -> str:
    return "arxiv.org" if host.endswith(".arxiv.org") else host


@dataclass(slots=True)
class _Lane:
    """The requests to a host, or to hosts that share a pace. `free_at` is from when on, in the
    clock's seconds, the server wants to be asked again; `not_before` is the same as an instant, if
    it said so."""

    name: str
    pace: Pace
    under_way: int = 0
    free_at: float = float("-inf")
    not_before: str = ""


class Starts:
    """When each host was asked last, for all who share this: they keep one pace together."""

    def __init__(self) -> None:
        self._at: dict[str, float] = {}
        self._lock = threading.Lock()

    def take(self, lane: str, now: float, pace: Pace) -> float:
        """Return for how many seconds to wait before asking; 0 notes that it is asked `now`."""
        with self._lock:
            rest = self._at.get(lane, float("-inf")) + pace.seconds - now
            if rest <= 0:
                self._at[lane] = now
            return max(rest, 0.0)

    def forget(self, lane: str) -> None:
        """Take the last start back: it reached nobody."""
        with self._lock:
            self._at.pop(lane, None)


class Paces:
    """Gives each request its turn, so that no host is asked faster than its pace. Any thread may
    call it."""

    def __init__(
        self,
        pace_of: Callable[[str], Pace] = usual_pace,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] | None = None,
        starts: Starts | None = None,
    ) -> None:
        """`clock` gives seconds, `sleep` waits for some; without one, until `stop` at most.
        `starts` are those of others with the same clock, so that no host is asked faster by all
        together."""
        self._pace_of = pace_of
        self._clock = clock
        self._stopped = threading.Event()
        self._sleep = sleep or self._stopped.wait
        self._starts = starts or Starts()
        self._lanes: dict[str, _Lane] = {}
        self._changed = threading.Condition()

    @contextmanager
    def turn(self, host: str) -> Iterator[None]:
        """Wait until `host` may be asked, and keep its place until the context is left.

        Raises `AskedToWait` if the host is on hold until an instant that is further away than
        `LONGEST_WAIT`, `Interrupted` after `stop`.
        """
        with self._changed:
            lane = self._lane(host)
            self._changed.wait_for(
                lambda: lane.under_way < lane.pace.at_once or self._stopped.is_set()
            )
            lane.under_way += 1
        try:
            while rest := self._rest(host, lane):
                self._sleep(rest)
            yield
        except NoNetwork:
            self._starts.forget(lane.name)  # nobody was asked
            raise
        finally:
            with self._changed:
                lane.under_way -= 1
                self._changed.notify_all()

    def hold(self, host: str, seconds: float, not_before: str = "") -> None:
        """Have nobody ask `host` for some seconds, until the instant `not_before`."""
        with self._changed:
            lane = self._lane(host)
            until = self._clock() + seconds
            if until > lane.free_at:
                lane.free_at, lane.not_before = until, not_before

    def stop(self) -> None:
        """End all waiting, and whatever would wait from now on."""
        with self._changed:
            self._stopped.set()
            self._changed.notify_all()

    def _lane(self, host: str) -> _Lane:
        name = _lane_name(host)
        if name not in self._lanes:
            self._lanes[name] = _Lane(name, self._pace_of(host))
        return self._lanes[name]

    def _rest(self, host: str, lane: _Lane) -> float:
        """Return how long to wait before starting; 0 starts, and makes the next one wait."""
        with self._changed:
            if self._stopped.is_set():
                raise Interrupted("The fetching was ended.")
            now = self._clock()
            rest = lane.free_at - now
            if rest <= 0:
                return self._starts.take(lane.name, now, lane.pace)
            if lane.not_before and rest > LONGEST_WAIT:
                message = f"{host} wants to be asked again after {minute(lane.not_before)}."
                raise AskedToWait(message, lane.not_before)
            return rest
