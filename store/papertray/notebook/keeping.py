"""Keeping the tray safe: its daily backup, copies by hand, and bringing one back."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from papertray.core.clock import Clock, SystemClock, instant
from papertray.core.errors import UsageError
from papertray.store import backups
from papertray.store.backups import BackupPlan, Made
from papertray.store.copying import Pace, Progress, Stamp, Stopped, copy_tray, publish, room_for
from papertray.store.places import Places
from papertray.store.restore import Restored
from papertray.store.surroundings import look_around
from papertray.store.tray import Tray, random_uid

PAUSE = 0.01
"""Seconds between two steps of a backup in the background: the disk is there for others."""


class Keeping:
    """Backups of an open tray. Every method may run in a thread of its own, beside writers."""

    def __init__(self, tray: Tray, plan: BackupPlan | None = None) -> None:
        self._tray = tray
        self._plan = plan or BackupPlan()

    def back_up(self, is_stopped: Callable[[], bool] = lambda: False) -> Made:
        """Make the backup of this local day, unless there is a good one or nothing changed.

        It is made gently, beside writers; where `is_stopped` answers True it ends soon and leaves
        nothing behind. Raises `DiskFull`, `TrayDamaged`, `TrayReadOnly`, `TrayLocked`.
        """
        with suppress(Stopped):
            return self._make(Pace(PAUSE, is_stopped))
        return Made()

    def _make(self, pace: Pace) -> Made:
        places = self._tray.places
        return backups.back_up(places.database, places.backups, self._tray.now(), pace, self._plan)

    def back_up_after_command(self, progress: Progress, *, is_patient: bool) -> str:
        """Make the backup of the day at the end of a command that wrote, where that is quick.

        With `is_patient` also where it takes longer; `progress` is then called with pages done and
        of how many. Returns a sentence for the user, empty as a rule. Raises as `back_up`.
        """
        is_small = self._tray.places.database.stat().st_size <= self._plan.command_below
        if not is_small and not is_patient:
            return ""
        return self._make(Pace(0.0 if is_small else PAUSE, progress=progress)).warning

    def copy_to(self, path: Path, progress: Progress) -> Stamp:
        """Write a whole copy of the tray to `path`; return what it holds.

        `progress` is called with pages done and of how many. Raises `UsageError` when `path`
        exists or its folder does not, and as `back_up`.
        """
        if os.path.lexists(path):
            raise UsageError(f"{path} is there already, and no backup replaces a file.")
        if not os.path.isdir(path.parent):
            raise UsageError(f"There is no folder {path.parent}; make it, or name another.")
        part = path.with_name(f".{self._tray.new_uid()}.part")
        with room_for(path):
            try:
                pace = Pace(progress=progress)
                stamp = copy_tray(self._tray.places.database, part, instant(self._tray.now()), pace)
                publish(part, path)
            finally:
                part.unlink(missing_ok=True)
        return stamp

    def surroundings(self) -> tuple[str, ...]:
        """Return a sentence for each thing about the tray's place that may harm it."""
        return look_around(self._tray.places.tray)


def restore(places: Places, file: Path, progress: Progress, clock: Clock | None = None) -> Restored:
    """Make the tray in `file` the present one at `places`; see `papertray.store.restore`.

    It needs no open notebook: the present tray may be damaged, or not there. Those who have it
    open see the new one.
    """
    from papertray.store import restore as stored

    now = (clock or SystemClock()).now()
    return stored.restore(places.database, file, now, random_uid, Pace(progress=progress))
