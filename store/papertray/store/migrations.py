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


@migrations(name="0002_pdf_and_code")
def pdf_and_code(database: Database) -> None:
    """Indexes of the papers that `has:pdf` and `has:code` mean, so that neither reads them all."""
    database.conn.execute("CREATE INDEX paper_pdf ON paper(id) WHERE pdf_url <> ''")
    database.conn.execute("CREATE INDEX paper_code ON paper(id) WHERE code_urls <> '[]'")


@migrations(name="0003_names_in_views")
def names_in_views(database: Database) -> None:
    """Authors by their names, not as JSON, in the views for people."""
    # SQLite 3.9 has all of this: other tools that open a tray bring their own SQLite.
    name = (
        "coalesce(json_extract(value, '$.literal'),"
        " trim(ifnull(json_extract(value, '$.given'), '')"
        " || ' ' || ifnull(nullif(json_extract(value, '$.particle'), '') || ' ', '')"
        " || ifnull(json_extract(value, '$.family'), '')"
        " || ifnull(' ' || nullif(json_extract(value, '$.suffix'), ''), '')))"
    )
    authors = f"(SELECT group_concat({name}, '; ') FROM json_each(p.authors)) AS authors"
    rows = database.conn.execute("SELECT name, sql FROM sqlite_master WHERE type = 'view'")
    views = dict(rows.fetchall())
    # A view that is not there is for `doctor` to make; one that its owner changed stays.
    for view in ("reading_list", "starred"):
        if view in views:
            database.conn.execute(f"DROP VIEW {view}")
            sql = str(views[view])
            database.conn.execute(sql.replace("p.title, p.authors,", f"p.title, {authors},"))


@migrations(name="0004_fetching")
def fetching(database: Database) -> None:
    """What subscriptions, watched folders, awaited papers and fetched files need."""
    script = (files("papertray.store") / "fetching.sql").read_text(encoding="utf-8")
    for statement in statements(script):
        database.conn.execute(statement)


def apply(connection: sqlite3.Connection) -> None:
    """Run what is pending, then make the triggers anew. The caller holds the transaction."""
    database = Database(connection, execute_plugins=False)
    migrations.apply(database)
    install_triggers(connection)
