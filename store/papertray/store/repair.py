"""Mending a tray: the file first, then what must be true of a tray, all of that in one transaction.

Before anything is changed the tray is copied aside, damage and all.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from papertray.core.clock import Clock
from papertray.core.errors import TrayDamaged
from papertray.store import rules, subscriptions
from papertray.store.connection import connect, sqlite_errors, transaction
from papertray.store.copying import Pace
from papertray.store.doctor import CHECKS
from papertray.store.doctor_structure import broken_file, make_objects, missing_tables
from papertray.store.mending import Mending, follow_all_anew
from papertray.store.places import Places
from papertray.store.replacing import aside_name, copy_aside, replace_tray, replacing_alone
from papertray.store.salvage import Loss, salvage
from papertray.store.tray import Tray

_OF_INDEXES = ("missing from index", "wrong # of entries in index", "non-unique entry in index")
_NAME = "salvaging.db.part"


@dataclass(frozen=True, slots=True)
class Repaired:
    """What a repair changed: `aside` is a copy of the tray before it, None when nothing was wrong.

    `losses` are tables of which not all could be read.
    """

    aside: Path | None
    losses: Sequence[Loss] = ()


def repair(places: Places, clock: Clock, pace: Pace) -> Repaired:
    """Mend the tray at `places`: its file, then what it holds.

    Raises `TrayDamaged` when nothing can be read, `TrayNewer`, `DiskFull`, `TrayLocked`,
    `TrayReadOnly`; then the tray is as it was.
    """
    with replacing_alone(places.database):
        repaired = repair_file(places.database, clock.now(), pace)
        tray = Tray(places, clock=clock)
        try:
            return mend(tray, repaired, pace)
        finally:
            tray.close()


def repair_file(database: Path, now: datetime, pace: Pace) -> Repaired:
    """Make the file one that SQLite finds nothing wrong with.

    Indexes are built anew from their tables, missing tables are made. Where a table is damaged,
    what can be read goes into a new file, which takes the place of the damaged one. Raises
    `TrayDamaged` when nothing can be read, `DiskFull`, `TrayLocked`, `TrayReadOnly`; then the tray
    is as it was.
    """
    faults = _faults(database)
    if not faults:
        return Repaired(None)
    aside = aside_name(database, "repair", now)
    if faults != [""]:  # it can be opened
        copy_aside(database, aside, pace)
        _mend_in_place(database)
        if not _faults(database):
            return Repaired(aside)
        aside.unlink()
    prepared = database.with_name(_NAME)
    prepared.unlink(missing_ok=True)
    try:
        losses = salvage(database, prepared)
        replace_tray(database, prepared, aside, pace)
    except sqlite3.DatabaseError as error:
        raise TrayDamaged(
            f"Nothing of {database} can be read any more ({error}); restore a backup: `papertray "
            f"restore FILE`, and look into {database.parent / 'backups'}."
        ) from error
    finally:
        prepared.unlink(missing_ok=True)
    return Repaired(aside, losses)


def _faults(database: Path) -> list[str]:
    """Return what SQLite says of the file; an empty sentence when it cannot even open it."""
    try:
        with closing(connect(database, writable=False)) as connection:
            damage = list(islice(broken_file(connection), 100))
            return damage + list(missing_tables(connection))
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
            return [""]
        with sqlite_errors(database):
            raise


def _mend_in_place(database: Path) -> None:
    with sqlite_errors(database), closing(connect(database, writable=True)) as connection:
        try:
            if any(missing_tables(connection)):
                with transaction(connection):
                    make_objects(connection)
            faults = list(broken_file(connection))
            if faults and all(any(words in fault for words in _OF_INDEXES) for fault in faults):
                connection.execute("REINDEX")
        except sqlite3.DatabaseError as error:
            # Then it is read into a new file. A constraint: an index was to keep two rows apart.
            if error.sqlite_errorcode & 0xFF not in (
                sqlite3.SQLITE_CORRUPT,
                sqlite3.SQLITE_CONSTRAINT,
            ):
                raise


def mend(tray: Tray, before: Repaired, pace: Pace) -> Repaired:
    """Mend all that the checks of `doctor` find in an open tray, as one transaction.

    `before` is what mending its file did. What the user had decided and is changed by it, such as
    a note that was written by another tool, becomes one batch of the history.
    """
    database = tray.places.database
    with sqlite_errors(database):
        reader = tray.reader()
        wrong = [check for check in CHECKS if check.mend and any(check.find(reader, tray.now()))]
    if not wrong and not before.losses:
        return before
    aside = before.aside
    if aside is None:
        aside = aside_name(database, "repair", tray.now())
        copy_aside(database, aside, pace)
    with tray.write() as connection:
        mending = Mending(tray, connection)
        for check in CHECKS:
            # Also what was well before: mending one thing may show another.
            if check.mend is not None and any(check.find(connection, tray.now())):
                check.mend(connection, mending)
        if before.losses:
            follow_all_anew(connection)
            rules.lower_seen(connection)
            subscriptions.read_again(connection)
    return Repaired(aside, before.losses)
