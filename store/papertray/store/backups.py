"""The daily backup: into the tray's own folder, checked, rotated, and never a bad one for a good.

::

    <tray>/backups/2026-11-23.db     one a local day: of the first moment that something had changed
    <tray>/backups/2026-W47.db       the first of a week; a second name of the same file when small

Of a tray above `Plan.whole_below` bytes the daily one holds what the user made, the weekly one all.
All together stay below twice the tray, or a tenth of what is free on the disk where that is more: a
small tray has all its copies (eleven of 2 MB hurt nobody), a large one never fills a disk.

A backup that holds over twice what the tray holds now (of decisions, notes or papers) is never
rotated away: the tray was emptied or replaced, and that backup may be what its user is looking for.
"""

from __future__ import annotations

import errno
import re
import shutil
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from shlex import quote

from papertray.core.clock import instant
from papertray.store.connection import alone, sqlite_errors
from papertray.store.copying import (
    Contents,
    Pace,
    Stamp,
    contents,
    copy_tray,
    publish,
    read_stamp,
    room_for,
    snapshot,
)
from papertray.store.user_made import copy_user_made

_NAME = re.compile(r"(\d{4})-(?:(\d\d)-(\d\d)|W(\d\d))\.db")
_PART = ".part"
"""Ends the name of a file that is being written; one that stayed was never finished."""


@dataclass(frozen=True, slots=True)
class BackupPlan:
    """How many backups to keep, and from how many bytes of tray on to be sparing.

    Up to `whole_below` the daily one holds everything; up to `command_below` any command that
    wrote makes it before it ends (a third of a second), above that only `add` and the screen.
    """

    daily: int = 7
    weekly: int = 4
    whole_below: int = 500_000_000
    command_below: int = 100_000_000


@dataclass(frozen=True, slots=True)
class Backup:
    """One backup in the folder. `day` is its day, or the Monday of its week."""

    path: Path
    day: date
    is_weekly: bool
    size: int
    file: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Made:
    """What a daily backup did: the new file, None when none was due, and what the user must know.

    `warning` is a sentence, empty as a rule.
    """

    path: Path | None = None
    warning: str = ""


def back_up(
    database: Path, folder: Path, now: datetime, pace: Pace, plan: BackupPlan | None = None
) -> Made:
    """Make the backup of the local day of `now` in `folder`, and rotate the older ones.

    Does nothing when another process is at it, when nothing changed since the newest, or when the
    tray is empty. Where the day has one it is made again only if the tray now holds over twice as
    much: it may be of the tray's first minutes. Raises `DiskFull`, `TrayDamaged`, `TrayReadOnly`,
    `TrayLocked`, `copying.Stopped`; then nothing was rotated and no half backup is left under a
    final name.
    """
    plan = plan or BackupPlan()
    with room_for(_daily_path(folder, now)), sqlite_errors(database):
        folder.mkdir(exist_ok=True)
        with alone(folder / "backing-up.lock") as is_ours:
            return _back_up(database, folder, now, pace, plan) if is_ours else Made()


def _back_up(database: Path, folder: Path, now: datetime, pace: Pace, plan: BackupPlan) -> Made:
    for unfinished in folder.glob(f"*{_PART}*"):
        unfinished.unlink()
    with snapshot(database) as connection:
        present = contents(connection)
    earlier = backups_in(folder, now.date())
    stamps = {backup.path: read_stamp(backup.path) for backup in earlier}
    if any(stamp is not None and stamp.contents == present for stamp in stamps.values()):
        return Made()
    path = _daily_path(folder, now)
    is_empty = not present.papers and not present.revisions
    if is_empty or not _is_wanted(path, stamps, present):
        return Made()
    week = _weekly_path(folder, now)
    wanted_week = week if _is_wanted(week, stamps, present) else None
    _write(database, path, wanted_week, instant(now), pace, plan)
    richer = {
        path: stamp for path, stamp in stamps.items() if stamp and is_far_richer(stamp, present)
    }
    budget = max(2 * database.stat().st_size, shutil.disk_usage(folder).free // 10)
    for backup in superfluous(backups_in(folder, now.date()), plan, budget, richer):
        backup.path.unlink()
    return Made(path, _warning(richer))


def _check_room(database: Path, folder: Path) -> None:
    """Leave a disk that is nearly full to what its user does: a backup takes at most half of it."""
    if 2 * database.stat().st_size > shutil.disk_usage(folder).free:
        raise OSError(errno.ENOSPC, "less than twice the tray is free")


def _is_wanted(path: Path, stamps: Mapping[Path, Stamp | None], present: Contents) -> bool:
    """Tell whether there is no such backup, or one of less than half of what is there now."""
    if not path.exists():
        return True
    stamp = stamps.get(path)
    return stamp is not None and _is_far_more(present, stamp.contents, with_papers=stamp.is_whole)


def _write(
    database: Path, path: Path, week: Path | None, at: str, pace: Pace, plan: BackupPlan
) -> None:
    """Write the weekly backup where `week` names one, then the daily one, which ends the job."""
    part = path.with_name(path.name + _PART)
    is_small = database.stat().st_size <= plan.whole_below
    try:
        if is_small or week is not None:
            _check_room(database, path.parent)
            copy_tray(database, part, at, pace)
            if week is not None:
                publish(part, week)
                if is_small:
                    _second_name(week, part)
        if not is_small:
            copy_user_made(database, part, at, pace)
        publish(part, path)
    finally:
        for unfinished in path.parent.glob(f"*{_PART}*"):
            unfinished.unlink()


def _second_name(file: Path, name: Path) -> None:
    try:
        name.hardlink_to(file)
    except OSError:  # not every file system has them
        shutil.copyfile(file, name)


def _daily_path(folder: Path, now: datetime) -> Path:
    return folder / f"{now.date().isoformat()}.db"


def _weekly_path(folder: Path, now: datetime) -> Path:
    week = now.date().isocalendar()
    return folder / f"{week.year}-W{week.week:02}.db"


def backups_in(folder: Path, today: date) -> list[Backup]:
    """Return the backups in `folder`, oldest first. What has another name is somebody else's.

    Days after `today` count as oldest: a clock that was wrong, then or now, must not make the
    present backup the one that goes.
    """
    found = []
    for path in folder.glob("*.db"):
        match = _NAME.fullmatch(path.name)
        with suppress(ValueError):  # 2026-13-45.db is none of ours
            if match is not None:
                year, month, day, week = (int(part or 0) for part in match.groups())
                start = date.fromisocalendar(year, week, 1) if week else date(year, month, day)
                status = path.stat()
                file = status.st_dev, status.st_ino
                found.append(Backup(path, start, bool(week), status.st_size, file))
    return sorted(found, key=lambda backup: (backup.day <= today, backup.day, backup.path.name))


def is_far_richer(backup: Stamp, present: Contents) -> bool:
    """Tell whether a backup holds over twice as much as the tray holds now, of anything."""
    return _is_far_more(backup.contents, present, with_papers=backup.is_whole)


def _is_far_more(one: Contents, other: Contents, *, with_papers: bool) -> bool:
    return (
        one.ops > 2 * other.ops
        or one.revisions > 2 * other.revisions
        or one.kept > 2 * other.kept
        or (with_papers and one.papers > 2 * other.papers)
    )


def superfluous(
    backups: Sequence[Backup], plan: BackupPlan, budget: int, protected: Collection[Path]
) -> list[Backup]:
    """Return which of the backups to remove.

    Arguments: `backups` oldest first; `budget` is how many bytes they may take together, a file
    with two names counting once; those at the `protected` paths stay whatever they take, and so
    do the newest daily and the newest weekly one.
    """
    ours = [backup for backup in backups if backup.path not in protected]
    daily = [backup for backup in ours if not backup.is_weekly]
    weekly = [backup for backup in ours if backup.is_weekly]
    removed = daily[: -plan.daily] + weekly[: -plan.weekly]
    staying = [backup for backup in ours if backup not in removed]
    last = (*daily[-1:], *weekly[-1:])
    while _bytes(staying) > budget:
        oldest = next((backup for backup in staying if backup not in last), None)
        if oldest is None:
            break
        staying.remove(oldest)
        removed.append(oldest)
    return removed


def _bytes(backups: Iterable[Backup]) -> int:
    return sum({backup.file: backup.size for backup in backups}.values())


def _warning(richer: Mapping[Path, Stamp]) -> str:
    if not richer:
        return ""
    # Of two names of one file the day's says more.
    newest = max(richer, key=lambda path: (richer[path].at, "W" not in path.name))
    return (
        f"The tray holds less than half of what its backup {newest.name} holds, so that backup is "
        f"kept: `papertray restore {quote(str(newest))}` brings it back; delete it if you meant to "
        "start anew."
    )
