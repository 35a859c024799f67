"""SQLite connections: pragmas, transactions and errors in the user's words. No papertray in it."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from papertray.core.errors import DiskFull, TrayDamaged, TrayError, TrayLocked, TrayReadOnly

TIMEOUT = 5.0
"""Seconds that one process waits for another's write lock."""


def connect(path: Path, *, writable: bool, timeout: float = TIMEOUT) -> sqlite3.Connection:
    """Open a connection in autocommit mode, with foreign keys on.

    Arguments: `writable` False makes SQLite refuse writes on this connection; `timeout` is in
    seconds. Raises what `sqlite_errors` says. The connection may be closed from another thread
    than the one it works in.
    """
    connection = sqlite3.connect(
        path, timeout=timeout, isolation_level=None, check_same_thread=False, cached_statements=256
    )
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA temp_store = MEMORY")
    if not writable:
        connection.execute("PRAGMA query_only = ON")
    return connection


@contextmanager
def sqlite_errors(path: Path) -> Iterator[None]:
    """Turn the SQLite errors that a user can cause into `TrayError`s that name `path`.

    Locked for longer than the time-out, a full disk, missing permission, a file that is no
    database. Everything else is a bug and passes through.
    """
    try:
        yield
    except sqlite3.DatabaseError as error:
        translated = _translate(error, path)
        if translated is None:
            raise
        raise translated from error


def _translate(error: sqlite3.DatabaseError, path: Path) -> TrayError | None:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return TrayLocked(
            f"The tray {path} is being written by another process; nothing was changed, "
            "try again in a moment."
        )
    if code == sqlite3.SQLITE_FULL:
        return DiskFull(
            f"There is no room left on the disk of the tray {path}; what was being written "
            "was taken back, make room and try again."
        )
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH):
        return TrayReadOnly(
            f"The tray {path} cannot be written here; nothing was changed, check its "
            "permissions and those of the files beside it, or choose another with --tray."
        )
    if code == sqlite3.SQLITE_CANTOPEN:
        return TrayReadOnly(
            f"The tray {path} cannot be opened; check that its folder exists and that you may "
            "write in it, or choose another with --tray."
        )
    if code in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
        return TrayDamaged(
            f"The file {path} is not a tray or is damaged; run `papertray doctor`, or choose "
            "another tray with --tray."
        )
    if code == sqlite3.SQLITE_IOERR:
        return DiskFull(
            f"The disk of the tray {path} reports an error ({error}); what was being written was "
            "taken back, check the disk and its free space."
        )
    if str(error).startswith("no such table: ") and "temp." not in str(error):
        return TrayDamaged(
            f"The tray {path} is damaged ({error}); run `papertray doctor --repair`, or restore a "
            "backup."
        )
    return None


def use_write_ahead_log(connection: sqlite3.Connection, timeout: float = TIMEOUT) -> None:
    """Put a new database into WAL mode, also while other processes do the same.

    SQLite does not wait for them by itself here, whatever the connection's time-out.
    """
    end = time.monotonic() + timeout
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            is_busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
            if not is_busy or time.monotonic() > end:
                raise
            time.sleep(0.005)


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Run the body in one write transaction: committed at its end, rolled back if it raises."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        # A full disk makes SQLite roll back by itself.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


@contextmanager
def alone(path: Path) -> Iterator[bool]:
    """Run the body alone of all processes that use this lock; yields False when another one is.

    The lock is one of SQLite's, so it works everywhere and ends with its process. Raises `OSError`
    where it cannot be taken.
    """
    with closing(_lock(path)) as lock:
        yield lock.in_transaction


def _lock(path: Path) -> sqlite3.Connection:
    try:
        lock = sqlite3.connect(path, timeout=0, isolation_level=None)
    except sqlite3.OperationalError as error:
        raise OSError(f"{path}: {error}") from error
    try:
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.DatabaseError as error:
        code = error.sqlite_errorcode & 0xFF
        if code == sqlite3.SQLITE_BUSY:
            return lock
        lock.close()
        if code not in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
            raise OSError(f"{path}: {error}") from error
        path.unlink()  # damaged; it holds nothing
        return _lock(path)
    return lock


def statements(script: str) -> Iterator[str]:
    """Yield the statements of an SQL script one by one: `executescript` would commit first."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if line.rstrip().endswith(";") and sqlite3.complete_statement(statement):
            yield statement
            statement = ""
