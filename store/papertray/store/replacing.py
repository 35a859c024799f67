"""Putting another content into a tray that others may have open, without losing what they do.

A file that is renamed under an open screen goes on being written by it, and nobody reads that. So
the new content is copied *into* the present file, by SQLite's backup API in the other direction:
one write transaction, which a kill leaves undone. It takes the write lock with its first page; only
then, with everybody else's decisions either finished or refused, is the present content copied
aside. Others see a commit like any other, and by its new epoch that the tray is another one.

Only a file that SQLite cannot open any more is replaced by name.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path

from papertray.core.clock import instant
from papertray.core.errors import TrayLocked
from papertray.store.connection import alone, connect, sqlite_errors, use_write_ahead_log
from papertray.store.copying import (
    PAGES,
    Pace,
    copy_pages,
    publish,
    room_for,
    snapshot,
    sync,
)

LOCK = "replacing.lock"
"""Beside the tray: two that replace it at once would take each other's files for their own."""


@contextmanager
def replacing_alone(database: Path) -> Iterator[None]:
    """Run the body while nobody else replaces or repairs this tray. Raises `TrayLocked`."""
    with ExitStack() as stack:
        with room_for(database):
            is_ours = stack.enter_context(alone(database.with_name(LOCK)))
        if not is_ours:
            raise _being_written(database)
        yield


def aside_name(database: Path, why: str, now: datetime) -> Path:
    """Return a free name beside the tray: ``papertray-before-restore-2026-11-23T071201.db``."""
    moment = instant(now)[:19].replace(":", "")
    stem = f"{database.stem}-before-{why}-{moment}"
    number = 1
    path = database.with_name(f"{stem}{database.suffix}")
    while path.exists():
        number += 1
        path = database.with_name(f"{stem}-{number}{database.suffix}")
    return path


def copy_aside(database: Path, aside: Path, pace: Pace) -> None:
    """Copy the tray as it is, damage and all, to the new file `aside`. Raises `TrayError`."""
    part = aside.with_name(aside.name + ".part")
    part.unlink(missing_ok=True)
    try:
        with sqlite_errors(database), snapshot(database) as source:
            copy_pages(source, part, pace)
        publish(part, aside)
    finally:
        part.unlink(missing_ok=True)


def replace_tray(database: Path, prepared: Path, aside: Path, pace: Pace) -> None:
    """Make `prepared` the content of the tray, which is set aside first; `prepared` is gone then.

    A kill leaves the tray as it was, or replaced. Raises `DiskFull`, `TrayLocked`, `TrayReadOnly`;
    then the tray is as it was.
    """
    if not database.exists():
        _set_logs_aside(database, aside)
        publish(prepared, database)
        return
    if _can_be_opened(database):
        _copy_into(database, prepared, aside, pace)
        prepared.unlink()
    else:
        _change_names(database, prepared, aside)


def _can_be_opened(database: Path) -> bool:
    try:
        with closing(connect(database, writable=True)) as connection:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        return True
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
            return False
        with sqlite_errors(database):
            raise


def _copy_into(database: Path, prepared: Path, aside: Path, pace: Pace) -> None:
    has_begun = False

    def step(status: int, remaining: int, total: int) -> None:
        nonlocal has_begun
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):  # it would try for ever
            raise _being_written(database)
        if not has_begun:  # from here on nobody else writes
            has_begun = True
            copy_aside(database, aside, pace)
        pace.progress(total - remaining, total)

    with (
        sqlite_errors(database),
        closing(connect(database, writable=True)) as tray,
        closing(connect(prepared, writable=False)) as source,
    ):
        use_write_ahead_log(tray)  # else readers, the copying one too, would wait for us
        tray.execute("PRAGMA synchronous = FULL")
        (pages,) = source.execute("PRAGMA page_count").fetchone()
        try:
            # The last step commits: there must be one before it.
            source.backup(tray, pages=max(1, min(PAGES, pages // 2)), progress=step)
        except sqlite3.Error:
            aside.unlink(missing_ok=True)  # the tray is still what this is a copy of
            raise
        with suppress(sqlite3.OperationalError):  # somebody reads: it will be done another time
            tray.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()


def _change_names(database: Path, prepared: Path, aside: Path) -> None:
    """Replace a file that is no database any more."""
    try:
        aside.hardlink_to(database)
    except OSError:  # not every file system has them
        shutil.copyfile(database, aside)
    _set_logs_aside(database, aside)
    publish(prepared, database)


def _set_logs_aside(database: Path, aside: Path) -> None:
    """Take away the logs of the file before: SQLite would play them back into the new one."""
    for ending in ("-wal", "-shm", "-journal"):
        log = database.with_name(database.name + ending)
        if log.exists():
            log.rename(aside.with_name(aside.name + ending))
    sync(database.parent)


def _being_written(database: Path) -> TrayLocked:
    return TrayLocked(
        f"The tray {database} is being written by another process; nothing was changed, try again "
        "in a moment."
    )
