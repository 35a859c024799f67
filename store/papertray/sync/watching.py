"""Being told by the system that something happened in a folder.

What comes from here are hints only. watchdog says nothing when the kernel's queue overflows (it
logs a line), nothing of sub-folders that it has no watch left for, and nothing of folders that
other machines write to; so whoever watches also scans, see `papertray.notebook.drop`.
"""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Self

from watchdog.events import (
    DirCreatedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver, ObservedWatch

from papertray.sync.mounts import needs_polling
from papertray.sync.scanning import is_passed_over

_EVENTS: list[type[FileSystemEvent]] = [
    DirCreatedEvent, DirMovedEvent, FileClosedEvent, FileCreatedEvent, FileModifiedEvent,
    FileMovedEvent,
]  # fmt: skip

_SCAN, _WAKE = "", "/"
"""What stands in the queue beside paths of files, neither of which can be one."""


@dataclass(slots=True)
class Hints:
    """What happened: to the files at `paths`, or, where `scan` is True, to who knows which."""

    paths: set[str] = field(default_factory=set)
    scan: bool = False


class Watch(FileSystemEventHandler):
    """Watches folders and all below them, as far as the system lets it.

    Leaving the context ends it.
    """

    def __init__(
        self,
        left_out: Iterable[str] = (),
        *,
        new_observer: Callable[[], BaseObserver] = Observer,
        is_unseen: Callable[[str], bool] = needs_polling,
    ) -> None:
        """`left_out` are folders below which nothing that happens counts; `is_unseen` tells a
        folder of which the system gives no events."""
        self._left_out = tuple(os.path.join(folder, "") for folder in left_out)
        self._new_observer = new_observer
        self._is_unseen = is_unseen
        self._observer: BaseObserver | None = None
        self._followed: dict[str, tuple[ObservedWatch | None, tuple[int, int]]] = {}
        # A queue whose `put` may be called from a handler of signals.
        self._queue: SimpleQueue[str] = SimpleQueue()
        self._overflow = _Overflow(lambda: self._queue.put(_SCAN))

    def __enter__(self) -> Self:
        logging.getLogger("watchdog").addHandler(self._overflow)
        # It warns where a folder that is moved within what is watched is watched twice, which does
        # no harm but on the screen.
        warnings.filterwarnings("ignore", "Callback with id", RuntimeWarning, r"watchdog\.")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._observer is not None:
            self._observer.stop()
            self._observer.join()
        # Not before: what watchdog logs as it ends would go to the terminal.
        logging.getLogger("watchdog").removeHandler(self._overflow)

    def follow(self, folder: str) -> bool:
        """Watch a folder, again where another one lies in its place by now.

        Returns whether events come from there; where none do, it must be scanned often. Raises
        OSError if there is no such folder, or it cannot be looked at.
        """
        status = os.stat(folder)
        place = status.st_dev, status.st_ino
        watch, known = self._followed.get(folder, (None, None))
        if known != place:
            self._forget(folder)
            watch = None if self._is_unseen(folder) else self._schedule(folder)
            self._followed[folder] = watch, place
        return watch is not None

    def wait(self, seconds: float) -> Hints:
        """Wait until something happens, for some seconds at most, and return what did."""
        hints = Hints()
        try:
            told = self._queue.get(timeout=max(0.0, seconds))
            while True:
                if told == _SCAN:
                    hints.scan = True
                elif told != _WAKE:
                    hints.paths.add(told)
                told = self._queue.get_nowait()
        except Empty:
            return hints

    def wake(self) -> None:
        """End a `wait`, from another thread or a handler of signals."""
        self._queue.put(_WAKE)

    def dispatch(self, event: FileSystemEvent) -> None:
        """Take an event from watchdog, whose threads call this."""
        for path in (os.fsdecode(one) for one in (event.src_path, event.dest_path) if one):
            if not self._is_left_out(path):
                # What lies in a folder may have been there before that was watched.
                self._queue.put(_SCAN if event.is_directory else path)

    def _is_left_out(self, path: str) -> bool:
        below = os.path.join(path, "")
        return below.startswith(self._left_out) or is_passed_over(os.path.basename(path))

    def _schedule(self, folder: str) -> ObservedWatch | None:
        """Ask for events of a folder; None where the system has no more watches to give."""
        try:
            if self._observer is None:
                observer = self._new_observer()
                observer.start()
                self._observer = observer
            return self._observer.schedule(self, folder, recursive=True, event_filter=_EVENTS)
        except OSError:
            os.stat(folder)  # it went away: that is another matter
            return None

    def _forget(self, folder: str) -> None:
        watch, _ = self._followed.pop(folder, (None, None))
        if watch is not None and self._observer is not None:
            self._observer.unschedule(watch)


class _Overflow(logging.Handler):
    """Hears of events that were lost: watchdog logs a warning and tells nobody else."""

    def __init__(self, tell: Callable[[], None]) -> None:
        super().__init__(logging.WARNING)
        self._tell = tell

    def emit(self, record: logging.LogRecord) -> None:
        """Take any warning as a loss: a scan too many does no harm."""
        self._tell()
