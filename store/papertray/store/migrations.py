"""The schema's history, run by sqlite-utils. Imported only when a migration is missing.

To change the schema: add a function here, add its name to `schema.MIGRATIONS`, never edit an old
one. All that are pending run in one outer transaction, after the database was copied aside.
"""

from __future__ import annotations

import sqlite3
from importlib.resources import files

from sqlite_utils import Database, Migrations

from papertray.store.connection import statements
from papertray.store.schema import SET_NAME, install_triggers

migrations = Migrations(SET_NAME)


@migrations(name="0001_first")
def first(database: Database) -> None:
    """The whole schema of the design, also where only later parts fill it."""
    script = (files("papertray.store") / "schema.sql").read_text(encoding="utf-8")
    for statement in statements(script):
        database.conn.execute(statement)


def apply(connection: sqlite3.Connection) -> None:
    """Run what is pending, then make the triggers anew. The caller holds the transaction."""
    database = Database(connection, execute_plugins=False)
    migrations.apply(database)
    install_triggers(connection)
