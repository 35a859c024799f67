"""Of a tray's structure: the file, tables, indexes, views, triggers, and what triggers count."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime

from papertray.store.mending import Mending, follow_all_anew
from papertray.store.schema import install_triggers, triggers


def broken_file(connection: sqlite3.Connection) -> Iterator[str]:
    """Yield what SQLite finds damaged, and text that nobody can read."""
    try:
        for (message,) in connection.execute("PRAGMA integrity_check"):
            if message != "ok":
                yield f"The database is damaged: {message.splitlines()[-1]}."
    except sqlite3.DatabaseError as error:  # so much that the check itself stumbles
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_CORRUPT:
            raise
        yield f"The database is damaged: {error}."
    yield from _undecodable(connection)


def _undecodable(connection: sqlite3.Connection) -> Iterator[str]:
    """Yield which tables hold text that is no UTF-8: SQLite does not mind, all who read it do."""
    rows = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
    ).fetchall()
    for (name,) in rows:
        try:
            for _ in connection.execute(f'SELECT * FROM "{name}"'):
                pass
        except sqlite3.DatabaseError as error:
            # Python's own error has no code of SQLite's; damaged pages are told already.
            code = getattr(error, "sqlite_errorcode", None)
            if code is None:
                yield f"The database is damaged: the table {name} holds text that is not UTF-8."
            elif code & 0xFF != sqlite3.SQLITE_CORRUPT:
                raise


def missing_tables(connection: sqlite3.Connection) -> Iterator[str]:
    """Yield which tables are missing: without them hardly anything else can be looked at."""
    present = _names(connection)
    for kind, name, _ in _wanted_objects():
        if kind == "table" and name not in present:
            yield f"The table {name} is missing; what it held is lost, and it can be made anew."


def missing_objects(connection: sqlite3.Connection, now: datetime) -> Iterator[str]:
    """Yield which indexes and views are missing."""
    present = _names(connection)
    for kind, name, _ in _wanted_objects():
        if kind != "table" and name not in present:
            yield f"The {kind} {name} is missing; nothing is lost by it, and it can be made anew."


def make_objects(connection: sqlite3.Connection, mending: Mending | None = None) -> None:
    """Make whatever is missing, tables too."""
    present = _names(connection)
    for _, name, sql in _wanted_objects():
        if name not in present:
            connection.execute(sql)
    connection.execute(
        "INSERT OR IGNORE INTO pile_count(pile) VALUES ('inbox'), ('read'), ('starred'), ('skip')"
    )


def _names(connection: sqlite3.Connection) -> set[str]:
    return {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}


def _wanted_objects() -> list[tuple[str, str, str]]:
    """Return (kind, name, sql) of all that a new tray has, tables first; triggers aside."""
    from papertray.store import migrations  # only who looks a tray over waits for sqlite-utils

    with closing(sqlite3.connect(":memory:", isolation_level=None)) as new:
        migrations.apply(new)
        return new.execute(
            "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND type <> 'trigger'"
            " AND name NOT LIKE 'sqlite%' ORDER BY type = 'table' DESC, rowid"
        ).fetchall()


def wrong_triggers(connection: sqlite3.Connection, now: datetime) -> Iterator[str]:
    """Yield which triggers are missing or are somebody else's."""
    present = dict(connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
    for name, sql in triggers().items():
        if name not in present:
            yield f"The trigger {name} is missing: counts and search go wrong without it."
        elif present[name] != sql:
            yield f"The trigger {name} is not the one that papertray made."


def make_triggers(connection: sqlite3.Connection, mending: Mending | None = None) -> None:
    """Make all anew. What the index missed meanwhile nobody knows: it is built anew too."""
    install_triggers(connection)
    follow_all_anew(connection)


def no_epoch(connection: sqlite3.Connection, now: datetime) -> Iterator[str]:
    """Yield that the tray has no name for its content."""
    if connection.execute("SELECT 1 FROM meta WHERE name = 'epoch'").fetchone() is None:
        yield "The tray does not say which one it is (meta has no epoch): no index can trust it."


def make_epoch(connection: sqlite3.Connection, mending: Mending) -> None:
    """Give it one."""
    connection.execute("INSERT INTO meta(name, value) VALUES ('epoch', ?)", (mending.new_uid(),))


_COUNTED = (
    "SELECT c.pile, c.papers, c.done, count(s.paper_id), count(s.done) FROM pile_count c"
    " LEFT JOIN standing s ON s.pile = c.pile AND s.removed IS NULL GROUP BY c.pile"
)


def wrong_counts(connection: sqlite3.Connection, now: datetime) -> Iterator[str]:
    """Yield which piles are counted wrongly."""
    for pile, papers, done, real_papers, real_done in connection.execute(_COUNTED):
        if (papers, done) != (real_papers, real_done):
            yield (
                f"The count of {pile} says {papers} papers, {done} of them done; there are "
                f"{real_papers}, {real_done} of them done."
            )


def count_anew(connection: sqlite3.Connection, mending: Mending | None = None) -> None:
    """Count all piles."""
    for pile, _, _, papers, done in connection.execute(_COUNTED).fetchall():
        connection.execute(
            "UPDATE pile_count SET papers = ?, done = ? WHERE pile = ?", (papers, done, pile)
        )
