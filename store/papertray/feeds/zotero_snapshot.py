"""A copy of a database that another program holds open, from one moment, without touching it.

Zotero keeps an exclusive lock while it runs, so its database cannot be opened through SQLite; and
opening it would make files beside it. What it wrote can be read as bytes, though:

* A database with a rollback journal is, at every moment, database and journal together: what a
  crash would leave, which SQLite knows how to mend in the copy.
* With a write-ahead log it is the database and the log's whole transactions; a piece of one at the
  log's end is told by its checksum and left out. Both hold as long as the database itself did not
  change while it and the log were read, and the log did not begin anew.

So the database is copied, then the log or journal, and then it is compared, byte by byte, with
what the database holds now; times of files are too coarse for that. https://sqlite.org/walformat
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path

from papertray.core.errors import UnreadableSource

TRIES = 14
"""How often a database that changes while it is copied is copied again."""

PAUSE = 0.02
"""Seconds before the second try; each further pause is half as long again."""

_WAL_HEAD = 32
"""Bytes of the header of a write-ahead log; they change whenever it begins anew."""

_PIECE = 1 << 20


def copy_at_rest(database: Path, folder: Path, pause: Callable[[float], None] = time.sleep) -> Path:
    """Copy `database` with its log or journal into `folder`; return the copy, whole and consistent.

    `pause` waits so many seconds. Raises UnreadableSource if it cannot be read, there is no room
    for it, or it never rests.
    """
    copy = folder / database.name
    try:
        for number in range(TRIES):
            if number:
                pause(PAUSE * 1.5**number)
            if _copied(database, copy):
                return copy
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UnreadableSource(f"{database} cannot be copied: {reason}.") from error
    raise UnreadableSource(
        f"{database} is being written to all the time; try again when Zotero is at rest."
    )


def _copied(database: Path, copy: Path) -> bool:
    """Copy once; tell whether all of it is from one moment."""
    log, journal = _beside(copy, "-wal"), _beside(copy, "-journal")
    for path in (copy, log, journal):
        path.unlink(missing_ok=True)
    shutil.copyfile(database, copy)
    has_log = _copied_if_there(_beside(database, "-wal"), log)
    _copied_if_there(_beside(database, "-journal"), journal)
    if has_log != _beside(database, "-wal").exists():
        return False
    if has_log and _head(log) != _head(_beside(database, "-wal")):
        return False
    return _same(database, copy)


def _copied_if_there(path: Path, copy: Path) -> bool:
    try:
        shutil.copyfile(path, copy)
    except FileNotFoundError:
        return False
    return True


def _same(one: Path, other: Path) -> bool:
    with open(one, "rb") as first, open(other, "rb") as second:
        while (piece := first.read(_PIECE)) == second.read(_PIECE):
            if not piece:
                return True
    return False


def _head(log: Path) -> bytes:
    with open(log, "rb") as file:
        return file.read(_WAL_HEAD)


def _beside(database: Path, suffix: str) -> Path:
    return database.with_name(database.name + suffix)
