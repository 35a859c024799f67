"""Copying a tray while others write to it, by SQLite's own backup API, and checking the copy.

SQLite begins a backup anew whenever another connection writes to the source: with a busy writer it
would never end. Here the source holds a read transaction meanwhile. Under a write-ahead log that
is a snapshot: writers go on, nothing begins anew, the copy is the tray as it was at one moment.
`VACUUM INTO` holds such a snapshot too and writes a slightly smaller file, but took one and a half
times as long, and its one statement cannot pause for others.
"""

from __future__ import annotations

import errno
import json
import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeAlias

from papertray.core.errors import DiskFull, TrayDamaged, TrayReadOnly
from papertray.store.connection import connect, sqlite_errors

PAGES = 256
"""Pages (1 MB as a rule) of one step. Each is sent to the disk at once: a decision elsewhere, which
waits for the disk too, then waits for no more than these."""

STEP = 1_000_000
"""Bytes of one step where something else than pages is copied."""

STAMP = "backup"
"""Name of the row of `meta` by which a backup is known; no tray in use has it."""

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)

Progress: TypeAlias = Callable[[int, int], None]
"""Called with how many pages of how many are copied."""


class Stopped(Exception):
    """Whoever wanted the copy is leaving; what was written of it is removed."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How a copy goes on: seconds of `pause` after each step, whether to stop, whom to tell."""

    pause: float = 0.0
    is_stopped: Callable[[], bool] = lambda: False
    progress: Progress = lambda done, total: None


@dataclass(frozen=True, slots=True)
class Contents:
    """What a tray holds, counted: to compare a copy with it, and tomorrow's tray with today's.

    `kept` counts papers that were decided, `revisions` those of notes, `keys` the citation keys
    that never change. `last_batch` and `last_change` name the ends of the journal and of `change`.
    """

    papers: int
    kept: int
    ops: int
    revisions: int
    keys: int
    last_batch: str
    last_change: int

    def made_by_user(self) -> tuple[object, ...]:
        """Return what must be the same in a backup of only what the user made."""
        return self.kept, self.ops, self.revisions, self.keys, self.last_batch


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a backup says of itself. `at` is an instant; `is_whole` False: only the user's own."""

    at: str
    is_whole: bool
    contents: Contents


def contents(connection: sqlite3.Connection, database: str = "main") -> Contents:
    """Count what a tray holds; `database` is its name where it is attached."""
    row = connection.execute(
        f"SELECT (SELECT count(*) FROM {database}.paper),"
        f" (SELECT count(*) FROM {database}.standing WHERE decided IS NOT NULL),"
        f" (SELECT count(*) FROM {database}.op), (SELECT count(*) FROM {database}.note_revision),"
        f" (SELECT count(*) FROM {database}.citekey WHERE state <> 'provisional'),"
        f" ifnull((SELECT uid FROM {database}.batch ORDER BY id DESC LIMIT 1), ''),"
        f" ifnull((SELECT nonce FROM {database}.change ORDER BY seq DESC LIMIT 1), 0)"
    ).fetchone()
    return Contents(*row)


@contextmanager
def snapshot(database: Path) -> Iterator[sqlite3.Connection]:
    """Open a tray to read it as it is at this moment, whatever others write until the end."""
    with closing(connect(database, writable=False)) as connection:
        connection.execute("BEGIN")
        connection.execute("SELECT 1 FROM sqlite_master").fetchone()  # here the moment begins
        yield connection


def copy_pages(source: sqlite3.Connection, target: Path, pace: Pace) -> None:
    """Copy all pages of a source, which holds a `snapshot`, into the new file `target`.

    What is damaged in the source is so in the copy. Raises what SQLite raises, `DiskFull`,
    `Stopped`; then the caller removes `target`.
    """
    file = os.open(target, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    try:

        def report(status: int, remaining: int, total: int) -> None:
            if pace.is_stopped():
                raise Stopped
            pace.progress(total - remaining, total)
            os.fsync(file)
            time.sleep(pace.pause)

        with closing(connect(target, writable=True)) as copy, room_for(target):
            unprotected(copy)
            source.backup(copy, pages=PAGES, progress=report)
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, that any folder can hold
        os.fsync(file)
    finally:
        os.close(file)


def unprotected(connection: sqlite3.Connection) -> None:
    """Write a file that nobody reads before it is finished: without a journal, without waiting."""
    connection.execute("PRAGMA journal_mode = OFF")
    connection.execute("PRAGMA synchronous = OFF")


@contextmanager
def room_for(target: Path) -> Iterator[None]:
    """Say which copy cannot be written, and that nothing else was touched.

    Raises `DiskFull` where there is no room for it, `TrayReadOnly` for whatever else the system
    refuses, such as permission.
    """
    try:
        with sqlite_errors(target):
            yield
    except (DiskFull, OSError) as error:
        if isinstance(error, OSError) and error.errno not in _NO_ROOM:
            raise TrayReadOnly(
                f"No copy of the tray can be written to {target.parent} "
                f"({error.strerror or error}); look what is there, and check its permissions."
            ) from error
        raise DiskFull(
            f"There is no room for a copy of the tray in {target.parent}; the tray itself is "
            "unharmed, make room and try again."
        ) from error


def check_copy(target: Path, held: Contents, pace: Pace, *, is_whole: bool = True) -> None:
    """Raise `TrayDamaged` unless `target` opens, is sound and holds what was read.

    A copy `is_whole` or holds what the user made.
    """
    with closing(connect(target, writable=True)) as copy, stoppable(copy, pace):
        (message,) = copy.execute("PRAGMA quick_check(1)").fetchone()
        found = contents(copy)
        same = found == held if is_whole else found.made_by_user() == held.made_by_user()
        if message == "ok" and not same:
            message = "it does not hold what the tray holds"
    if message != "ok":
        raise TrayDamaged(
            f"The copy of the tray is not sound ({message.splitlines()[-1]}), so it was not kept; "
            "run `papertray doctor`."
        )


@contextmanager
def stoppable(
    connection: sqlite3.Connection, pace: Pace, file: int | None = None
) -> Iterator[None]:
    """Let `pace` also hold for single statements that take long. Raises `Stopped`.

    What they write to the descriptor `file` is sent to the disk bit by bit, as `copy_pages` does.
    """
    synced = 0

    def between() -> bool:
        nonlocal synced
        if file is not None and (size := os.fstat(file).st_size) > synced + STEP:
            os.fsync(file)
            synced = size
            time.sleep(pace.pause)
        return pace.is_stopped()

    connection.set_progress_handler(between, 1_000)
    try:
        yield
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
            raise Stopped from error
        raise
    finally:
        connection.set_progress_handler(None, 0)


def copy_tray(database: Path, target: Path, at: str, pace: Pace) -> Stamp:
    """Copy the whole tray to the new file `target`, checked, stamped and on disk.

    `at` is the present instant. Raises `DiskFull`, `TrayDamaged` (the tray's, or a copy that
    differs), `TrayReadOnly`, `Stopped`; then the caller removes `target`.
    """
    with sqlite_errors(database), snapshot(database) as source:
        held = contents(source)
        copy_pages(source, target, pace)
    check_copy(target, held, pace)
    stamp = Stamp(at, True, held)
    write_stamp(target, stamp)
    return stamp


def write_stamp(target: Path, stamp: Stamp) -> None:
    """Write into a finished copy what it is."""
    with closing(connect(target, writable=True)) as copy, room_for(target):
        copy.execute(
            "INSERT OR REPLACE INTO meta(name, value) VALUES (?, ?)",
            (STAMP, json.dumps(asdict(stamp))),
        )
    sync(target)


def read_stamp(path: Path) -> Stamp | None:
    """Return what a backup says of itself; None for a file that is none, or cannot be read."""
    try:
        # Only to read: closing it otherwise brings a log that lies beside it into the file.
        uri = f"{path.resolve().as_uri()}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True)) as connection:
            row = connection.execute("SELECT value FROM meta WHERE name = ?", (STAMP,)).fetchone()
        found = json.loads(row[0])
        return Stamp(found["at"], found["is_whole"], Contents(**found["contents"]))
    except (sqlite3.Error, ValueError, KeyError, TypeError):
        return None


def publish(part: Path, path: Path) -> None:
    """Give a finished file its name, which is free or an older file's, and send that to the disk.

    Whoever looks at `path` sees nothing (or the older file) or all of it.
    """
    sync(part)
    os.replace(part, path)
    sync(path.parent)


def sync(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on disk. Never a database that is in use:
    closing a file gives up the locks that this process has on it."""
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
