"""What could not be read, kept with its place until it can be."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator

from papertray.core.model import Unread

LONGEST = 1 << 16
"""Bytes kept of one piece: enough to see what it was."""


def hold(
    connection: sqlite3.Connection, source: str, pieces: Iterable[Unread], at: str
) -> set[int]:
    """Put pieces of a source into quarantine and return their ids; what is there already stays."""
    return {
        id_
        for piece in pieces
        for (id_,) in connection.execute(
            "INSERT INTO quarantine(source, place, bytes, reason, at) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT DO UPDATE SET reason = excluded.reason RETURNING id",
            (source, piece.place, piece.data[:LONGEST], piece.reason, at),
        ).fetchall()
    }


def sources(connection: sqlite3.Connection) -> dict[str, list[int]]:
    """Return the sources that pieces came from, oldest first, with the ids of their pieces."""
    found: dict[str, list[int]] = {}
    for source, id_ in connection.execute("SELECT source, id FROM quarantine ORDER BY id"):
        found.setdefault(source, []).append(id_)
    return found


def pieces(connection: sqlite3.Connection, ids: Iterable[int]) -> Iterator[bytes]:
    """Yield the bytes of pieces, one at a time."""
    for id_ in ids:
        row = connection.execute("SELECT bytes FROM quarantine WHERE id = ?", (id_,)).fetchone()
        if row is not None:
            yield row[0]


def release(connection: sqlite3.Connection, ids: Iterable[int]) -> None:
    """Take pieces out of quarantine, once they were read."""
    connection.executemany("DELETE FROM quarantine WHERE id = ?", ((id_,) for id_ in ids))
    connection.execute(
        "DELETE FROM meta WHERE name LIKE ? AND NOT EXISTS"
        " (SELECT 1 FROM quarantine WHERE source = substr(meta.name, ?))",
        (_OPTIONS + "%", len(_OPTIONS) + 1),
    )


_OPTIONS = "quarantine:"
"""Begins the names of the facts that say how a source in quarantine is to be read."""


def keep_options(connection: sqlite3.Connection, source: str, options: str) -> None:
    """Remember with what options a source was added, as text; empty forgets."""
    connection.execute("DELETE FROM meta WHERE name = ?", (_OPTIONS + source,))
    if options:
        connection.execute(
            "INSERT INTO meta(name, value) VALUES (?, ?)", (_OPTIONS + source, options)
        )


def options_of(connection: sqlite3.Connection, source: str) -> str:
    """Return the options that `keep_options` was given for a source, empty as a rule."""
    row = connection.execute(
        "SELECT value FROM meta WHERE name = ?", (_OPTIONS + source,)
    ).fetchone()
    return "" if row is None else row[0]
