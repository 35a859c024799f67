"""Health: whether the tray is what it should be."""

from __future__ import annotations

from collections.abc import Iterator

from papertray.store import doctor
from papertray.store.connection import sqlite_errors
from papertray.store.search import Search
from papertray.store.tray import Tray


class Health:
    """Looks a tray over. Nothing here writes."""

    def __init__(self, tray: Tray, search: Search) -> None:
        self._tray = tray
        self._search = search

    def findings(self) -> Iterator[str]:
        """Yield one sentence for each thing that is not as it should be.

        Raises `TrayDamaged` where the damage keeps SQLite from looking any further.
        """
        with sqlite_errors(self._tray.places.database):
            yield from doctor.findings(self._tray.reader())

    def remark_on_index(self) -> str:
        """Return where the search index stands, in a sentence; empty when it is up to date.

        Not a finding: an index is behind after every write, and the next search brings it up.
        """
        with sqlite_errors(self._tray.places.database):
            behind = self._search.behind()
            if not behind:
                return ""
            if not self._search.is_ready:
                return "There is no search index; the next search for words builds it."
            changes = "1 change" if behind == 1 else f"{behind:,} changes"
            return f"The search index is {changes} behind; the next search for words follows them."
