"""Which device writes the journal.

A device is a random name, kept in the tray and, with the last number it gave to a batch, in this
user's state folder. Where the two disagree the tray was cloned, restored or moved, and a new
device begins: (device, number) must never name two different batches.
"""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import suppress
from pathlib import Path

from papertray.store.places import hash_of


def state_file(state: Path, database: Path) -> Path:
    """Return the file that remembers the device of the tray at `database`."""
    return state / "devices" / f"{hash_of(database)}.json"


def find_device(connection: sqlite3.Connection, file: Path, new_uid: str) -> str:
    """Return the name of the device that may write, beginning a new one where need be.

    The caller holds a write transaction. `new_uid` is the name of a device that would begin.
    """
    row = connection.execute("SELECT value FROM meta WHERE name = 'device'").fetchone()
    remembered, number = _remembered(file)
    if row is not None and row[0] == remembered and last_number(connection, row[0]) >= number:
        return str(row[0])
    connection.execute(
        "INSERT INTO meta(name, value) VALUES ('device', ?)"
        " ON CONFLICT(name) DO UPDATE SET value = excluded.value",
        (new_uid,),
    )
    return new_uid


def epoch(connection: sqlite3.Connection) -> str:
    """Return the random name of this content: a tray that is restored gets another one."""
    row = connection.execute("SELECT value FROM meta WHERE name = 'epoch'").fetchone()
    return "" if row is None else str(row[0])


def last_number(connection: sqlite3.Connection, device: str) -> int:
    """Return the highest number that `device` gave to a batch in this tray, 0 before the first."""
    row = connection.execute("SELECT max(number) FROM batch WHERE device = ?", (device,)).fetchone()
    return int(row[0] or 0)


def remember(file: Path, device: str, number: int) -> None:
    """Write beside and rename. Forgetting is harmless (a new device begins), so errors pass."""
    beside = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(json.dumps({"device": device, "number": number}), encoding="utf-8")
        os.replace(beside, file)
    except OSError:
        with suppress(OSError):
            beside.unlink()


def _remembered(file: Path) -> tuple[str, int]:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
        return str(found["device"]), int(found["number"])
    except (OSError, ValueError, KeyError, TypeError):
        return "", 0
