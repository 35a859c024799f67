"""Reading what can be read of a damaged tray into a new one, table by table.

Damage lies in pages. A table is read from its beginning until a damaged page stops it, then from
its end backwards to the same place, then row by row in between: one bad page costs its own rows.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from papertray.store.connection import connect, transaction
from papertray.store.copying import room_for, sync, unprotected

MOST_PROBES = 200_000
"""Row numbers tried one by one in a damaged stretch of a table."""

Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Loss:
    """A table that could not be read wholly, and how many of its rows are kept."""

    table: str
    kept: int


MADE_ANEW = frozenset({"_sqlite_migrations", "pile_count", "change"})
"""Tables that say nothing which a new tray, its triggers and its repair do not find out."""


def salvage(damaged: Path, target: Path) -> list[Loss]:
    """Make the new tray `target` from what can be read of `damaged`; return what could not.

    References may lead nowhere and counts be wrong afterwards: that is for the rest of a repair.
    Raises `DiskFull`, and `sqlite3.DatabaseError` where nothing at all can be read.
    """
    from papertray.store import migrations

    with closing(connect(damaged, writable=False)) as old:
        old.text_factory = lambda data: data.decode("utf-8", "replace")
        old.execute("SELECT count(*) FROM sqlite_master").fetchone()
        with room_for(target), closing(connect(target, writable=True)) as new:
            unprotected(new)
            new.execute("PRAGMA foreign_keys = OFF")
            with transaction(new):
                migrations.apply(new)
                _make_foreign_tables(old, new)
                losses = [loss for table in _tables(new) if (loss := _copy_table(old, new, table))]
            new.execute("PRAGMA journal_mode = DELETE")
    sync(target)
    return losses


def _tables(connection: sqlite3.Connection) -> list[str]:
    rows = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
    )
    return [name for (name,) in rows if name not in MADE_ANEW]


def _make_foreign_tables(old: sqlite3.Connection, new: sqlite3.Connection) -> None:
    """Make the tables that other tools put into the tray."""
    ours = _tables(new)
    for name, sql in old.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'"):
        if name not in MADE_ANEW | set(ours) and sql.startswith("CREATE TABLE"):
            with suppress(sqlite3.OperationalError):  # such as sqlite_sequence
                new.execute(sql)


def _copy_table(old: sqlite3.Connection, new: sqlite3.Connection, table: str) -> Loss | None:
    there = {row[1] for row in old.execute(f'PRAGMA table_info("{table}")')}
    columns = [row[1] for row in new.execute(f'PRAGMA table_info("{table}")') if row[1] in there]
    if not columns:
        return Loss(table, 0)
    names = ", ".join(f'"{column}"' for column in columns)
    reading = _Reading(old, table, names)
    marks = ", ".join("?" * len(columns))
    insert = f'INSERT OR IGNORE INTO "{table}"({names}) VALUES ({marks})'
    written = sum(_insert(new, insert, row) for row in reading.rows())
    # The new tray's own epoch stays in meta.
    if reading.is_whole and (written == reading.number or table == "meta"):
        return None
    (kept,) = new.execute(f'SELECT count(*) FROM "{table}"').fetchone()
    return Loss(table, kept)


def _insert(new: sqlite3.Connection, insert: str, row: Row) -> int:
    """Insert a row and return 1, or 0 where it is there or not allowed. A flipped bit can make
    bytes of a text."""
    decoded = tuple(v.decode("utf-8", "replace") if isinstance(v, bytes) else v for v in row)
    for attempt in (row, decoded):
        with suppress(sqlite3.IntegrityError):
            return new.execute(insert, attempt).rowcount
    return 0


class _Reading:
    """Reads one table; `is_whole` tells afterwards whether all of it could be read.

    `number` counts what was read, some rows twice where it is not whole.
    """

    def __init__(self, connection: sqlite3.Connection, table: str, columns: str) -> None:
        self._connection = connection
        self._table = table
        self._columns = columns
        self.is_whole = True
        self.number = 0

    def rows(self) -> Iterator[Row]:
        """Yield what can be read; some rows twice."""
        try:
            self._connection.execute(f'SELECT rowid FROM "{self._table}" LIMIT 0')
        except sqlite3.OperationalError:  # a table without row numbers
            yield from self._by_key()
        else:
            yield from self._by_number()

    def _by_number(self) -> Iterator[Row]:
        last = 0
        first: int | None = None
        for number, *row in self._readable("rowid, ", "ORDER BY rowid"):
            last = number
            yield tuple(row)
        if self.is_whole:
            return
        for number, *row in self._readable("rowid, ", "ORDER BY rowid DESC"):
            first = number
            if first == last:
                return
            yield tuple(row)
        end = last + MOST_PROBES if first is None else min(first, last + MOST_PROBES)
        for number in range(last + 1, end):
            yield from self._readable("", f"WHERE rowid = {number}")

    def _by_key(self) -> Iterator[Row]:
        yield from self._readable("", "")
        if not self.is_whole:
            columns = self._connection.execute(f'PRAGMA table_info("{self._table}")').fetchall()
            keys = sorted((row[5], row[1]) for row in columns if row[5])
            order = ", ".join(f'"{name}" DESC' for _, name in keys)
            yield from self._readable("", f"ORDER BY {order}")

    def _readable(self, number: str, rest: str) -> Iterator[tuple[Any, ...]]:
        try:
            for row in self._connection.execute(
                f'SELECT {number}{self._columns} FROM "{self._table}" {rest}'
            ):
                self.number += 1
                yield row
        except sqlite3.DatabaseError:
            self.is_whole = False
