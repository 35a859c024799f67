"""What keeps the tray safe while the screen is used, in a thread of its own: the daily backup."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from papertray.core.errors import TrayError

if TYPE_CHECKING:  # not before the first paint
    from papertray.notebook.keeping import Keeping


LEAVING = 0.2
"""Seconds that leaving waits for the thread."""


class BackupThread:
    """Makes the backup of the day; `stop` ends an unfinished one, for another time.

    `warn` gets, in the thread, what the user must know of that and of the place of the tray, each
    sentence once.
    """

    def __init__(self, keeping: Callable[[], Keeping], warn: Callable[[str], None]) -> None:
        self._keeping = keeping
        self._warn = warn
        self._said: set[str] = set()
        self._stopped = threading.Event()
        self._thread = self._new()

    def start(self) -> None:
        """Look in the background whether a backup is due, unless that is going on."""
        if not self._thread.is_alive() and not self._stopped.is_set():
            self._thread = self._new()
            self._thread.start()

    def stop(self) -> None:
        """End the thread. One that SQLite cannot interrupt, while it checks a copy of gigabytes,
        ends with the process; the next backup removes what it wrote."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join(LEAVING)

    def _new(self) -> threading.Thread:
        return threading.Thread(target=self._run, name="papertray-backup", daemon=True)

    def _run(self) -> None:
        keeping = self._keeping()
        for warning in keeping.surroundings():
            self._say(warning)
        try:
            self._say(keeping.back_up(self._stopped.is_set).warning)
        except TrayError as error:
            self._say(f"Today's backup was not made. {error}")

    def _say(self, sentence: str) -> None:
        if sentence and sentence not in self._said:
            self._said.add(sentence)
            self._warn(sentence)
