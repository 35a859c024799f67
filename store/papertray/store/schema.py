"""Which schema this papertray needs, and getting an older tray there."""

from __future__ import annotations

import re
import sqlite3
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

MIGRATIONS = ("0001_first",)
"""Names in `migrations`, in order: here, so that opening a tray need not import sqlite-utils."""


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
        connection.execute(f"DROP TRIGGER IF EXISTS {name}")
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
        finally:
            connection.close()


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
    if known:
        aside = path.with_name(f"{path.stem}-before-{missing[0]}{path.suffix}")
        if not aside.exists():
            connection.execute("VACUUM INTO ?", (str(aside),))
    else:
        use_write_ahead_log(connection)
    from papertray.store import migrations

    with transaction(connection):
        # Two processes may open a new tray at once: the second one finds everything done.
        if not set(MIGRATIONS) <= applied(connection):
            migrations.apply(connection)
