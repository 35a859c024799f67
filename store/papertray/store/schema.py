"""Which schema this papertray needs, and getting an older tray there."""

from __future__ import annotations

import re
import sqlite3
from contextlib import suppress
from pathlib import Path

from papertray.core.errors import TrayDamaged, TrayNewer
from papertray.store.connection import (
    connect,
    sqlite_errors,
    statements,
    transaction,
    use_write_ahead_log,
)

SET_NAME = "papertray"

MIGRATIONS = ("0001_first", "0002_pdf_and_code", "0003_names_in_views", "0004_fetching")
"""Names in `migrations`, in order: here, so that opening a tray need not import sqlite-utils."""

TRIGGERS = (
    "standing_insert", "standing_delete", "standing_update", "paper_insert", "paper_update",
    "paper_delete", "note_insert", "note_update", "note_delete",
)  # fmt: skip
"""Names in triggers.sql: here, so that a write need not read it."""


def triggers() -> dict[str, str]:
    """Return the SQL of every trigger by name."""
    from importlib.resources import files  # no tray that is up to date needs it

    script = (files("papertray.store") / "triggers.sql").read_text(encoding="utf-8")
    found = {}
    for statement in statements(script):
        start = statement.index("CREATE TRIGGER")
        sql = statement[start:].strip().rstrip(";")
        name = re.match(r"CREATE TRIGGER (\w+)", sql)
        assert name is not None
        found[name[1]] = sql
    return found


def install_triggers(connection: sqlite3.Connection) -> None:
    """Drop and create every trigger of ours: idempotent, leaves triggers of others alone."""
    for name, sql in triggers().items():
        connection.execute(f"DROP TRIGGER IF EXISTS main.{name}")
        connection.execute(sql)


def applied(connection: sqlite3.Connection) -> frozenset[str]:
    """Return the names of the migrations that this database has seen; empty for a new file."""
    try:
        rows = connection.execute(
            "SELECT name FROM _sqlite_migrations WHERE migration_set = ?", (SET_NAME,)
        ).fetchall()
    except sqlite3.OperationalError as error:
        if "no such table" not in str(error):
            raise
        return frozenset()
    return frozenset(name for (name,) in rows)


def bring_up_to_date(path: Path) -> None:
    """Make the database at `path` have the present schema; a no-op when it has.

    A new file gets the whole schema. An older tray is first copied aside (``papertray.db`` →
    ``papertray-before-0002_x.db``), then migrated in one transaction. Raises `TrayNewer` when it
    knows a migration that we don't, `TrayDamaged` when it is somebody else's database.
    """
    with sqlite_errors(path):
        connection = connect(path, writable=True)
        try:
            known = applied(connection)
            unknown = sorted(known - set(MIGRATIONS))
            if unknown:
                raise TrayNewer(
                    f"The tray {path} was written by a newer papertray (it has {unknown[0]}); "
                    "update papertray to open it."
                )
            missing = [name for name in MIGRATIONS if name not in known]
            if missing:
                _migrate(connection, path, known, missing)
            _share(connection)
        finally:
            connection.close()


def lacks_triggers(connection: sqlite3.Connection) -> bool:
    """Tell whether a tool took a table apart: `sqlite-utils transform` drops its triggers."""
    marks = ", ".join("?" * len(TRIGGERS))
    (present,) = connection.execute(
        f"SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name IN ({marks})", TRIGGERS
    ).fetchone()
    return bool(present < len(TRIGGERS))


def _share(connection: sqlite3.Connection) -> None:
    """Let writers go on while others read, also in a backup that somebody copied here by hand."""
    (mode,) = connection.execute("PRAGMA journal_mode").fetchone()
    if mode != "wal":
        with suppress(sqlite3.OperationalError):  # not to be written, or in use: then it works too
            connection.execute("PRAGMA journal_mode = WAL")


def _migrate(
    connection: sqlite3.Connection, path: Path, known: frozenset[str], missing: list[str]
) -> None:
    if not known and connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():
        # Another process may have made the tray between our two looks.
        if applied(connection):
            bring_up_to_date(path)
            return
        raise TrayDamaged(
            f"The file {path} is a database, but not a tray of papertray; choose another folder "
            "with --tray."
        )
    if not known:
        use_write_ahead_log(connection)
    from papertray.store import migrations
    from papertray.store.copying import Pace
    from papertray.store.replacing import copy_aside

    with transaction(connection):
        # Two processes may open a tray at once: the second one finds everything done.
        if set(MIGRATIONS) <= applied(connection):
            return
        if not known:
            migrations.apply(connection)
            return
        # Nobody writes in between, nor copies to the same name.
        aside = _free_name(path, missing[0])
        copy_aside(path, aside, Pace())
        try:
            migrations.apply(connection)
        except Exception:
            aside.unlink()  # the tray is still what this is a copy of
            raise


def _free_name(path: Path, migration: str) -> Path:
    """Return a name for a copy beside the tray: an older one may be of what was restored over."""
    aside = path.with_name(f"{path.stem}-before-{migration}{path.suffix}")
    number = 1
    while aside.exists():
        number += 1
        aside = path.with_name(f"{path.stem}-before-{migration}-{number}{path.suffix}")
    return aside
