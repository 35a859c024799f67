"""Looking a tray over: what SQLite says of it, and what must be true of a tray besides."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from papertray.store.schema import triggers

MOST = 20
"""Sentences of one kind; the damage is clear by then."""


def findings(connection: sqlite3.Connection) -> Iterator[str]:
    """Yield one sentence for each thing that is not as it should be. Nothing is changed."""
    yield from _broken_file(connection)
    yield from _broken_references(connection)
    yield from _missing_triggers(connection)
    yield from _wrong_counts(connection)
    yield from _orphaned_notes(connection)


def _broken_file(connection: sqlite3.Connection) -> Iterator[str]:
    for (message,) in connection.execute(f"PRAGMA integrity_check({MOST})"):
        if message != "ok":
            yield f"The database is damaged: {message}."


def _broken_references(connection: sqlite3.Connection) -> Iterator[str]:
    for number, (table, row, target, _) in enumerate(
        connection.execute("PRAGMA foreign_key_check")
    ):
        if number == MOST:
            yield "More rows point to rows that do not exist."
            return
        where = f"A row of {table}" if row is None else f"Row {row} of {table}"
        yield f"{where} points to a row of {target} that does not exist."


def _missing_triggers(connection: sqlite3.Connection) -> Iterator[str]:
    present = dict(connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
    for name, sql in triggers().items():
        if name not in present:
            yield f"The trigger {name} is missing: counts and search go wrong without it."
        elif present[name] != sql:
            yield f"The trigger {name} is not the one that papertray made."


def _wrong_counts(connection: sqlite3.Connection) -> Iterator[str]:
    counted = connection.execute(
        "SELECT c.pile, c.papers, c.done, count(s.paper_id), count(s.done) FROM pile_count c"
        " LEFT JOIN standing s ON s.pile = c.pile AND s.removed IS NULL GROUP BY c.pile"
    )
    for pile, papers, done, real_papers, real_done in counted:
        if (papers, done) != (real_papers, real_done):
            yield (
                f"The count of {pile} says {papers} papers, {done} of them done; there are "
                f"{real_papers}, {real_done} of them done."
            )


def _orphaned_notes(connection: sqlite3.Connection) -> Iterator[str]:
    """Notes whose paper, or whose present text, cannot be found."""
    orphans = connection.execute(
        "SELECT n.id FROM note n LEFT JOIN standing s ON s.paper_id = n.paper_id"
        " WHERE n.revision IS NOT NULL AND n.paper_id IS NOT NULL AND s.paper_id IS NULL"
        f" ORDER BY n.id LIMIT {MOST}"
    )
    for (note,) in orphans:
        yield f"Note {note} belongs to a paper that does not exist."
    lost = connection.execute(
        "SELECT n.id FROM note n LEFT JOIN note_revision r ON r.uid = n.revision"
        " WHERE n.revision IS NOT NULL AND (r.uid IS NULL OR r.body <> n.body)"
        f" ORDER BY n.id LIMIT {MOST}"
    )
    for (note,) in lost:
        yield f"Note {note} does not hold the text of its last revision."
