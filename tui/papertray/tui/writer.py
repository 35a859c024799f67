"""One thread that writes, so that the screen never waits for a disk."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from papertray.core.errors import PapertrayError

Result = TypeVar("Result")


class Writer:
    """Runs decisions one after the other in a thread of its own.

    `deliver` brings a call back to the screen's thread. A decision is acknowledged (`done` is
    called) once it is on disk.
    """

    def __init__(self, deliver: Callable[[Callable[[], None]], None]) -> None:
        self._deliver = deliver
        self._queue: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="papertray-writer", daemon=True)
        self._pending = 0
        self._lock = threading.Lock()
        self._idle = threading.Event()
        self._idle.set()
        self._thread.start()

    @property
    def is_idle(self) -> bool:
        """True when everything given so far is on disk."""
        return self._idle.is_set()

    def write(
        self,
        decision: Callable[[], Result],
        done: Callable[[Result], None],
        failed: Callable[[PapertrayError], None],
    ) -> None:
        """Queue a decision. `done` or `failed` is called in the screen's thread when it is over."""

        def job() -> None:
            try:
                result = decision()
            except PapertrayError as error:
                refused = error  # the name of an except clause is gone when the call arrives
                self._deliver(lambda: failed(refused))
            else:
                self._deliver(lambda: done(result))

        with self._lock:
            self._pending += 1
            self._idle.clear()
        self._queue.put(job)

    def flush(self, timeout: float = 10.0) -> bool:
        """Wait until all given so far is on disk; False if that took over `timeout` seconds."""
        return self._idle.wait(timeout)

    def close(self) -> None:
        """Write what is queued, then end the thread."""
        self._queue.put(None)
        self._thread.join(timeout=10.0)

    def _run(self) -> None:
        while (job := self._queue.get()) is not None:
            try:
                job()
            except Exception as error:
                # A bug: the screen's thread crashes with it, so that it reaches the log.
                self._deliver(partial(_crash, error))
            finally:
                with self._lock:
                    self._pending -= 1
                    if not self._pending:
                        self._idle.set()


def _crash(error: Exception) -> None:
    raise error
