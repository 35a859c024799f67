"""Long work that the user asked for, in a thread of its own: no decision waits behind it.

It shares the screen's notebook, so that `u` takes it back as it takes back a decision; writers take
turns at the tray, and what is long writes in pieces.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Protocol, TypeVar

from papertray.core.clean import clean
from papertray.core.errors import PapertrayError

Result = TypeVar("Result")

QUIET = 0.5
"""Seconds that work may take without a word."""

BETWEEN = 0.1
"""Seconds between two words about how far it is: a person reads no faster."""

LEAVING = 2.0
"""Seconds that leaving the screen waits for a job to stop after its present piece."""


class Steps(Protocol):
    """How far a job is."""

    def __call__(self, done: int, total: int | None = None) -> None:
        """Tell it, between two pieces. Raises `KeyboardInterrupt` when the user cancelled."""


class Jobs:
    """Runs one job at a time."""

    def __init__(
        self,
        deliver: Callable[[Callable[[], None]], None],
        show: Callable[[str], None],
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """`deliver` brings a call to the screen's thread; `show` shows, there, how far a job is.

        An empty text: there is nothing to show. `now` counts seconds.
        """
        self._deliver = deliver
        self._show = show
        self._now = now
        self._thread: threading.Thread | None = None
        self._present = ""
        self._cancelled = threading.Event()

    @property
    def is_running(self) -> bool:
        """Whether a job is under way."""
        return self._thread is not None

    @property
    def present(self) -> str:
        """What the job under way does, clean: ``adding refs.bib``; empty without one."""
        return self._present if self._thread is not None else ""

    def start(
        self,
        what: str,
        work: Callable[[Steps], Result],
        done: Callable[[Result], None],
        failed: Callable[[PapertrayError], None],
        stopped: Callable[[], None] = lambda: None,
    ) -> bool:
        """Begin `work`; False while another job is under way: nothing begins then.

        `what` says what it does: ``adding refs.bib``. `done` or `failed` is called in the screen's
        thread when it is over, `stopped` when it was cancelled and tells nothing itself.
        """
        if self._thread is not None:
            return False
        self._cancelled.clear()
        self._present = clean(what)
        steps = self._steps(self._present)

        def run() -> None:
            try:
                result = work(steps)
            except PapertrayError as error:
                self._over(partial(failed, error))
            except KeyboardInterrupt:
                self._over(stopped)
            except Exception as error:
                # A bug: the screen's thread crashes with it, so that it reaches the log.
                self._over(partial(_crash, error))
            else:
                self._over(partial(done, result))

        self._thread = threading.Thread(target=run, name="papertray-job", daemon=True)
        self._thread.start()
        return True

    def _over(self, call: Callable[[], None]) -> None:
        def over() -> None:
            self._thread = None
            self._show("")
            call()

        self._deliver(over)

    def _steps(self, what: str) -> Steps:
        began = shown = self._now()

        def tell(done: int, total: int | None = None) -> None:
            nonlocal shown
            if self._cancelled.is_set():
                raise KeyboardInterrupt
            now = self._now()
            if now - began < QUIET or now - shown < BETWEEN:
                return
            shown = now
            of = f" of {total:,}" if total else ""
            self._deliver(partial(self._show, f"{what}: {done:,}{of} · ^C stops"))

        return tell

    def cancel(self) -> bool:
        """Stop the job after its present piece; False when none is under way."""
        self._cancelled.set()
        return self._thread is not None

    def close(self) -> None:
        """Stop what is under way, and wait a moment for it."""
        thread = self._thread
        self._cancelled.set()
        if thread is not None:
            thread.join(LEAVING)


def _crash(error: Exception) -> None:
    raise error
