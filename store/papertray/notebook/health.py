"""Health: whether the tray is what it should be, and mending it."""

from __future__ import annotations

from collections.abc import Iterator

from papertray.core.clock import Clock, SystemClock
from papertray.store import doctor, doctor_files
from papertray.store.connection import sqlite_errors
from papertray.store.copying import Pace, Progress
from papertray.store.doctor import Finding
from papertray.store.file_folder import FileFolder
from papertray.store.places import Places
from papertray.store.repair import Repaired
from papertray.store.search import Search
from papertray.store.tray import Tray


class Health:
    """Looks a tray over. Nothing here writes."""

    def __init__(self, tray: Tray, search: Search) -> None:
        self._tray = tray
        self._search = search

    def findings(self, progress: Progress = lambda done, total: None) -> Iterator[Finding]:
        """Yield what is not as it should be; `progress` is called with checks done of how many.

        Raises `TrayDamaged` where the damage keeps SQLite from looking any further.
        """
        with sqlite_errors(self._tray.places.database):
            yield from doctor.findings(self._tray.reader(), self._tray.now(), progress)
            folder = FileFolder(self._tray.places.tray)
            yield from doctor_files.findings(self._tray.reader(), folder)
        # A damaged index is given up by this look; whoever follows next builds another.
        if damage := self._search.check_files():
            yield Finding(damage)

    def remark_on_index(self) -> str:
        """Return where the search index stands, in a sentence; empty when it is whole and current.

        Not a finding: an index is behind after every write, and the next search brings it up.
        """
        with sqlite_errors(self._tray.places.database):
            if damage := self._search.check_files():
                return damage
            behind = self._search.behind()
            if not behind:
                return ""
            if not self._search.is_ready:
                return (
                    "There is no search index; the open screen builds it, or `papertray reindex`, "
                    "and in a tray of up to some 30,000 papers the next search for words."
                )
            changes = "1 change" if behind == 1 else f"{behind:,} changes"
            return f"The search index is {changes} behind; the next search for words follows them."


def repair(places: Places, progress: Progress, clock: Clock | None = None) -> Repaired:
    """Mend the tray at `places`; it must not be open in this process, and may be past opening.

    `progress` is called with pages copied, and of how many. Raises `TrayDamaged` when nothing of
    it can be read, `TrayNewer`, `DiskFull`, `TrayLocked`, `TrayReadOnly`; then it is as it was.
    """
    from papertray.store import repair as stored

    return stored.repair(places, clock or SystemClock(), Pace(progress=progress))
