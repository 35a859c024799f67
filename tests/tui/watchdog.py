"""Watches that nothing holds the screen's thread for long.

Import with ``from .watchdog import watched``.
"""

from __future__ import annotations

import asyncio
import os
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

LIMIT = 0.05
"""Seconds after which a callback of the event loop is too long: three frames of 60 a second."""


@dataclass(slots=True)
class Watchdog:
    """What was seen. `blocked` are the stacks of the callbacks that took too long, by seconds."""

    limit: float
    blocked: list[tuple[float, str]] = field(default_factory=list)
    longest: float = 0.0
    callbacks: int = 0


@contextmanager
def watched(limit: float = LIMIT) -> Iterator[Watchdog]:
    """Measure every callback of the event loops of this thread.

    What counts is the time that a callback took but for the time that it, or a thread of ours that
    held the interpreter meanwhile, was ready to run and other processes had the processor: on a
    busy machine no test fails because of its neighbours. Waiting for a lock, a disk or another
    thread that runs counts.
    """
    dog = Watchdog(limit)
    sampler = _Sampler(threading.get_ident(), limit / 2)
    run = asyncio.Handle._run
    ours = threading.get_ident()

    def measured(handle: Any) -> Any:
        if threading.get_ident() != ours:
            return run(handle)
        began = time.perf_counter()
        sampler.begin(began)
        try:
            return run(handle)
        finally:
            seconds = time.perf_counter() - began
            where = sampler.end()
            if seconds > limit:
                seconds -= sampler.longest_wait(began)
            dog.callbacks += 1
            dog.longest = max(dog.longest, seconds)
            if seconds > limit:
                dog.blocked.append((seconds, where or repr(handle)))

    setattr(asyncio.Handle, "_run", measured)  # noqa: B010  # mypy knows it for a method
    try:
        with sampler:
            yield dog
    finally:
        setattr(asyncio.Handle, "_run", run)  # noqa: B010


def _waited_for_processor() -> dict[str, float]:
    """Return how many seconds each thread was ready to run and did not (Linux's schedstat)."""
    found = {}
    for thread in os.listdir("/proc/self/task"):
        with (
            suppress(OSError),
            open(f"/proc/self/task/{thread}/schedstat", encoding="ascii") as file,
        ):
            found[thread] = int(file.read().split()[1]) / 1e9
    return found


class _Sampler(threading.Thread):
    """Notes where the watched thread is when a callback takes long."""

    def __init__(self, watched_thread: int, after: float) -> None:
        super().__init__(name="watchdog", daemon=True)
        self._watched = watched_thread
        self._after = after
        self._began: float | None = None
        self._where = ""
        self._waited = deque([(time.perf_counter(), _waited_for_processor())], maxlen=64)
        self._ended = threading.Event()

    def begin(self, now: float) -> None:
        """A callback begins."""
        self._where = ""
        self._began = now

    def end(self) -> str:
        """A callback is over; return where it was seen when it took long."""
        self._began = None
        return self._where

    def longest_wait(self, began: float) -> float:
        """Return the longest time that a thread of ours waited for the processor since then."""
        now = _waited_for_processor()
        known = [waited for at, waited in self._waited if at <= began]
        before = known[-1] if known else self._waited[0][1]
        now.pop(str(self.native_id), None)
        return max(seconds - before.get(thread, seconds) for thread, seconds in now.items())

    def run(self) -> None:
        """Look every few milliseconds."""
        while not self._ended.wait(self._after / 3):
            self._waited.append((time.perf_counter(), _waited_for_processor()))
            began = self._began
            if began is not None and not self._where and time.perf_counter() - began > self._after:
                self._where = _lines(sys._current_frames().get(self._watched))

    def __enter__(self) -> _Sampler:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self.join()


def _lines(frame: FrameType | None) -> str:
    """Return the lines of papertray on a stack, innermost first, and the innermost of all."""
    found: list[str] = []
    while frame is not None:
        code = frame.f_code
        if not found or f"{os.sep}papertray{os.sep}" in code.co_filename:
            found.append(f"{os.path.basename(code.co_filename)}:{frame.f_lineno} {code.co_name}")
        frame = frame.f_back
    return " < ".join(found)
