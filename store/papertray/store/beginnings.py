"""Names in a tray that begin with what somebody has typed: for the completion of a shell.

Nothing here makes, migrates or locks a tray.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from papertray.store.connection import connect, sqlite_errors
from papertray.store.schema import MIGRATIONS, applied

MOST = 200
"""How many names a completion gets. Where there are more, the last of them all is another one:
shells go on typing what all names have in common, so the first and the last must be among them."""


class Kind(StrEnum):
    """What the names are of; the value is the SQL that yields them in order, from `:start` on."""

    CITEKEY = (
        "SELECT folded, key FROM citekey WHERE state <> 'old'"
        " AND folded >= :start AND folded < :end ORDER BY folded"
    )
    # One step in the index for each tag, however many papers have it.
    TAG = (
        "WITH RECURSIVE one(tag) AS (SELECT min(tag) FROM tag WHERE tag >= :start UNION ALL"
        " SELECT (SELECT min(tag) FROM tag WHERE tag.tag > one.tag) FROM one"
        " WHERE one.tag < :end) SELECT tag, tag FROM one WHERE tag < :end"
    )
    FEED = (
        "WITH one(name) AS (SELECT name FROM feed WHERE removed IS NULL UNION SELECT t.value"
        "  FROM feed f, json_each(iif(json_valid(f.settings), f.settings, '{}'), '$.tags') t"
        "  WHERE f.removed IS NULL AND t.type = 'text')"
        " SELECT name, name FROM one WHERE name >= :start AND name < :end ORDER BY name"
    )
    SUBSCRIPTION = (
        "SELECT name, name FROM feed WHERE removed IS NULL AND kind IN ('url', 'search', 'folder')"
        " AND name >= :start AND name < :end"
    )
    SEARCH = (
        "SELECT name, name FROM saved_search"
        " WHERE removed IS NULL AND name >= :start AND name < :end"
    )


def names_beginning(database: Path, kind: Kind, start: str) -> list[str]:
    """Return the names in the tray's `database` that begin with `start`, in order.

    Returns none where there is no tray, or one of another version. Raises `TrayError`.
    """
    if not is_current(database):
        return []
    # As `core.citekeys.fold_key` does; importing that takes longer than all of this.
    folded = start.casefold() if kind is Kind.CITEKEY else start
    between = {"start": folded, "end": folded + "\U0010ffff"}
    with sqlite_errors(database):
        connection = connect(database, writable=False)
        try:
            rows = connection.execute(f"{kind} LIMIT {MOST + 1}", between).fetchall()
            if len(rows) > MOST:
                last = f"SELECT * FROM ({kind}) ORDER BY 1 DESC LIMIT 1"
                rows[MOST:] = connection.execute(last, between).fetchall()
        finally:
            connection.close()
    return [name for _, name in rows]


def is_current(database: Path) -> bool:
    """Tell whether a file is the database of a tray that can be opened as it is. Changes nothing.

    Raises `TrayError` where the file cannot be read.
    """
    if not database.is_file():
        return False
    with sqlite_errors(database):
        connection = connect(database, writable=False)
        try:
            return applied(connection) == frozenset(MIGRATIONS)
        finally:
            connection.close()
