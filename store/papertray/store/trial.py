"""Trying something out on a copy of the tray that nobody ever sees."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

from papertray.store.connection import sqlite_errors
from papertray.store.tray import Connection, Tray


@contextmanager
def trial_copy(tray: Tray) -> Iterator[Connection]:
    """Yield a connection to a copy of the tray as it is now, which is gone at the end.

    SQLite keeps it in a temporary file without a name. Copying a million papers takes some
    seconds. Raises `DiskFull` when there is no room for it.
    """
    with (
        sqlite_errors(tray.places.database),
        closing(sqlite3.connect("", isolation_level=None)) as copy,
    ):
        copy.execute("PRAGMA journal_mode = OFF")
        copy.execute("PRAGMA synchronous = OFF")
        tray.reader().backup(copy)
        tray.tell_formula(copy)
        yield copy
