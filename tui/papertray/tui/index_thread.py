"""The thread that has the search index follow the tray while the screen is open."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from papertray.core.errors import TrayError

if TYPE_CHECKING:  # nothing of the search is needed before the first paint
    from papertray.store.search import Search

LOOK_EVERY = 0.5
"""Seconds between two looks at what other processes wrote; one that finds nothing takes 0.1 ms."""

PATIENCE = 1.0
"""Seconds before the screen says that the index is being written."""

RETRY_AFTER = 300.0
"""Seconds before the index is written again after that failed, for instance on a full disk."""


class IndexThread:
    """Follows what this and other processes write, and looks over the files of the index.

    `tell` gets what is going on, in two or three words, empty when nothing is; `warn` gets a
    sentence, once for each. Both are called in this thread.
    """

    def __init__(
        self,
        search: Callable[[], Search],
        tell: Callable[[str], None],
        warn: Callable[[str], None],
    ) -> None:
        self._search = search
        self._tell = tell
        self._warn = warn
        self._wanted = threading.Event()
        self._closing = threading.Event()
        self._began = 0.0
        self._is_checked = False
        self._said = ""
        self._warned: set[str] = set()
        self._thread = threading.Thread(target=self._run, name="papertray-index", daemon=True)

    def start(self) -> None:
        """Begin, at once with a first look."""
        self._wanted.set()
        self._thread.start()

    def wake(self) -> None:
        """Look now: something was written."""
        self._wanted.set()

    def close(self) -> None:
        """End the thread and wait for that; what it is writing is left to the next one."""
        self._closing.set()
        self._wanted.set()
        if self._thread.is_alive():
            self._search().close()
            self._thread.join()

    def _run(self) -> None:
        while True:
            self._wanted.wait(LOOK_EVERY)
            self._wanted.clear()
            if self._closing.is_set():
                return
            # A tray that cannot be read now is told where something was asked of it.
            with suppress(TrayError):
                self._look()

    def _look(self) -> None:
        search = self._search()
        self._began = time.monotonic()
        followed = search.follow(self._progress)
        self._say("")
        if search.problem:
            self._warn_once(search.problem)
            self._closing.wait(RETRY_AFTER)
        elif (followed or not self._is_checked) and search.is_ready:
            damage = search.check_files()
            self._is_checked = not damage
            if damage:
                self._warn_once(damage)
                self._wanted.set()

    def _progress(self, done: int, total: int) -> None:
        if time.monotonic() > self._began + PATIENCE:
            self._say(f"index {100 * done // max(total, 1)} %")

    def _say(self, text: str) -> None:
        if text != self._said:
            self._said = text
            self._tell(text)

    def _warn_once(self, sentence: str) -> None:
        if sentence not in self._warned:
            self._warned.add(sentence)
            self._warn(sentence)
