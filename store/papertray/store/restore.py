"""Bringing a backup, or any other tray, back as the present one.

The file is copied first and never changed: the copy is checked, migrated where it is older, and
made a tray of its own (a new epoch, so that the index is built anew; no device, so that a new one
begins; a batch that says where it comes from). Only then does it take the present tray's place.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from papertray.core.errors import TrayDamaged, TrayNewer, UsageError
from papertray.store import file_folder, files, rules, schema
from papertray.store.connection import connect, sqlite_errors, transaction
from papertray.store.copying import (
    STAMP,
    Contents,
    Pace,
    contents,
    copy_pages,
    read_stamp,
    room_for,
    sync,
)
from papertray.store.journal import Origin, begin_batch
from papertray.store.replacing import aside_name, replace_tray, replacing_alone

NAME = "restoring.db.part"
"""The copy that is being prepared, in the tray's folder."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore brought. `aside` is where the tray before it lies now, None if none was.

    `at` is the instant of the backup, empty for a file that is none; `is_whole` False means that
    papers nobody decided about are not in it.
    """

    contents: Contents
    at: str
    is_whole: bool
    aside: Path | None


def restore(
    database: Path, file: Path, now: datetime, new_uid: Callable[[], str], pace: Pace
) -> Restored:
    """Make the tray in `file` the present one; the present one is set aside.

    Arguments: `database` is the present tray's file, which need not exist; `new_uid` makes random
    names. Raises `UsageError` (no such file, or the present tray itself), `TrayDamaged` (no tray,
    or a damaged one), `TrayNewer`, `DiskFull`, `TrayLocked`, `TrayReadOnly`; then the present tray
    is as it was.
    """
    _refuse_what_is_no_file(database, file)
    with room_for(database):
        database.parent.mkdir(parents=True, exist_ok=True)
    with replacing_alone(database):
        return _restore(database, file, now, new_uid, pace)


def _restore(
    database: Path, file: Path, now: datetime, new_uid: Callable[[], str], pace: Pace
) -> Restored:
    stamp = read_stamp(file)
    prepared = database.with_name(NAME)
    _remove(prepared)
    try:
        _copy_checked(file, prepared, pace)
        _make_own(prepared, f"restored {file.name}", _look_at(database), now, new_uid)
        with sqlite_errors(file), closing(connect(prepared, writable=False)) as connection:
            held = contents(connection)
        was_there = database.exists()
        aside = aside_name(database, "restore", now)
        replace_tray(database, prepared, aside, pace)
    finally:
        _remove(prepared)
    return Restored(
        held,
        "" if stamp is None else stamp.at,
        stamp is None or stamp.is_whole,
        aside if was_there else None,
    )


def _refuse_what_is_no_file(database: Path, file: Path) -> None:
    if not os.path.isfile(file):
        raise UsageError(f"There is no file {file} to restore.")
    if database.exists() and file.samefile(database):
        raise UsageError(f"{file} is the present tray itself; name a backup of it.")


def _copy_checked(file: Path, prepared: Path, pace: Pace) -> None:
    """Copy `file`, and refuse what is no tray, a newer one, or one that is not sound."""
    with closing(_open_untouched(file)) as source, sqlite_errors(file):
        source.execute("BEGIN")
        try:
            known = schema.applied(source)
        except sqlite3.DatabaseError as error:
            raise TrayDamaged(f"{file} cannot be restored: {error}.") from error
        if not known:
            raise TrayDamaged(f"{file} is not a tray of papertray, so nothing was restored.")
        if unknown := sorted(known - set(schema.MIGRATIONS)):
            raise TrayNewer(
                f"{file} was written by a newer papertray (it has {unknown[0]}); update papertray "
                "to restore it."
            )
        copy_pages(source, prepared, pace)
    with closing(connect(prepared, writable=True)) as copy:
        try:
            (message,) = copy.execute("PRAGMA integrity_check(1)").fetchone()
        except sqlite3.DatabaseError as error:
            message = str(error)
    if message != "ok":
        raise TrayDamaged(
            f"{file} is damaged ({message.splitlines()[-1]}), so it was not restored; try another "
            "backup."
        )


def _open_untouched(file: Path) -> sqlite3.Connection:
    """Open a file that may lie where nothing can be written: on a stick, in a read-only folder."""
    uri = file.resolve().as_uri()
    for options in ("mode=ro", "mode=ro&immutable=1"):
        try:
            connection = sqlite3.connect(f"{uri}?{options}", uri=True, isolation_level=None)
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            return connection
        except sqlite3.OperationalError:
            if file.with_name(f"{file.name}-wal").exists():
                break  # part of it lies there, and could not be read along
        except sqlite3.DatabaseError as error:
            raise TrayDamaged(f"{file} is not a tray, or is damaged: {error}.") from error
    raise UsageError(f"{file} cannot be read; check its permissions.")


@dataclass(frozen=True, slots=True)
class _Present:
    """What the restored tray must fit to: the newest batch, bytes of a page (0: whatever)."""

    newest_batch: int = 0
    page_size: int = 0


def _look_at(database: Path) -> _Present:
    if not database.exists():
        return _Present()
    try:
        with closing(connect(database, writable=False)) as connection:
            (newest,) = connection.execute("SELECT ifnull(max(id), 0) FROM batch").fetchone()
            (page_size,) = connection.execute("PRAGMA page_size").fetchone()
        return _Present(int(newest), int(page_size))
    except sqlite3.DatabaseError:  # a damaged one: it will be replaced whatever it holds
        return _Present()


def _make_own(
    prepared: Path, label: str, present: _Present, now: datetime, new_uid: Callable[[], str]
) -> None:
    with room_for(prepared), closing(connect(prepared, writable=True)) as copy:
        copy.execute("PRAGMA journal_mode = DELETE")
        (page_size,) = copy.execute("PRAGMA page_size").fetchone()
        if present.page_size not in (0, page_size):  # pages are copied as they are
            copy.execute(f"PRAGMA page_size = {present.page_size}")
            copy.execute("VACUUM")
        if schema.applied(copy) != set(schema.MIGRATIONS):
            from papertray.store import migrations

            with transaction(copy):
                migrations.apply(copy)
        with transaction(copy):
            copy.execute("DELETE FROM meta WHERE name IN ('device', ?)", (STAMP,))
            copy.execute(
                "INSERT OR REPLACE INTO meta(name, value)"
                " VALUES ('epoch', lower(hex(randomblob(8))))"
            )
            rules.lower_seen(copy)
            if not prepared.with_name(file_folder.NAME).exists():
                files.want_again(copy)
            batch = begin_batch(
                copy, device=new_uid(), session=new_uid(), uid=new_uid(), now=now,
                origin=Origin.REPAIR, label=label,
            )  # fmt: skip
            # Screens look for batches with a greater number than the last they saw.
            if batch.id <= present.newest_batch:
                number = present.newest_batch + 1
                copy.execute("UPDATE batch SET id = ? WHERE id = ?", (number, batch.id))
    sync(prepared)


def _remove(prepared: Path) -> None:
    for ending in ("", "-journal", "-wal", "-shm"):
        prepared.with_name(prepared.name + ending).unlink(missing_ok=True)
