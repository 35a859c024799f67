"""A copy of only what the user made: a tray by itself, for where a whole copy each day is too much.

It holds the journal, notes, tags, citation keys, feeds, searches, rules and every paper that one of
these names, with its identifiers, originals, versions and listings. What lies undecided in the
inbox is left out: feeds and files bring it again, and the weekly backup has it.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from papertray.store import apart, subscriptions
from papertray.store.connection import transaction
from papertray.store.copying import (
    Contents,
    Pace,
    Stamp,
    check_copy,
    contents,
    room_for,
    stoppable,
    unprotected,
    write_stamp,
)
from papertray.store.schema import triggers

WHOLE = (
    "_sqlite_migrations", "meta", "feed", "batch", "op", "note", "note_revision", "saved_search",
    "rule", "exported_file", "exported_field",
)  # fmt: skip
"""Tables that are copied as they are."""

OF_PAPERS = {
    "paper": "id", "standing": "paper_id", "identifier": "paper_id", "listing": "paper_id",
    "original": "paper_id", "versions": "paper_id", "citekey": "paper_id", "tag": "paper_id",
    "attachment": "paper_id", "awaited": "paper_id", "fetched_file": "paper_id",
}  # fmt: skip
"""Tables of which the rows of the named papers are copied, and the column that names the paper."""

LEFT_OUT = ("pile_count", "change", "quarantine", "seen_file")
"""Tables that begin anew: triggers fill the first two, the third is what could not be read, the
last would keep a folder's files from bringing again what is left out."""

_NAMED = (
    "SELECT paper_id FROM tray.standing WHERE decided IS NOT NULL OR pile <> 'inbox'"
    " OR done IS NOT NULL OR snoozed IS NOT NULL OR removed IS NOT NULL",
    f"SELECT ref FROM tray.op WHERE kind IN ('paper', '{apart.KIND}')",
    "SELECT p.id FROM tray.op o JOIN tray.paper p"
    f" ON p.uid = substr(o.field, {len(apart.FIELD) + 1}) WHERE o.kind = '{apart.KIND}'",
    "SELECT paper_id FROM tray.note WHERE paper_id IS NOT NULL",
    "SELECT paper_id FROM tray.tag",
    "SELECT paper_id FROM tray.citekey",
    "SELECT paper_id FROM tray.attachment",
    "SELECT paper_id FROM tray.awaited",
)


def copy_user_made(database: Path, target: Path, at: str, pace: Pace) -> Stamp:
    """Copy what the user made of a tray to the new file `target`, checked, stamped and on disk.

    Arguments and errors as `copying.copy_tray`. Writers of the tray go on meanwhile.
    """
    file = os.open(target, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with (
            closing(_open(target)) as copy,
            room_for(target),
            stoppable(copy, pace, file),
        ):
            held = _copy(database, copy)
    finally:
        os.close(file)
    check_copy(target, held, pace, is_whole=False)
    stamp = Stamp(at, False, held)
    write_stamp(target, stamp)
    return stamp


def _open(target: Path) -> sqlite3.Connection:
    """Open the copy so that it can attach another database by URI."""
    return sqlite3.connect(target.resolve().as_uri(), uri=True, isolation_level=None)


def _copy(database: Path, copy: sqlite3.Connection) -> Contents:
    unprotected(copy)
    copy.execute("PRAGMA foreign_keys = OFF")  # all rows are there at the end
    # Without writing: a statement that names no database means the tray's where ours has none.
    copy.execute("ATTACH ? AS tray", (f"{database.resolve().as_uri()}?mode=ro",))
    with transaction(copy):  # also the one moment at which the tray is read
        held = contents(copy, "tray")
        _make_tables(copy)
        _fill(copy)
        _make_rest(copy)
    copy.execute("DETACH tray")
    copy.execute("PRAGMA journal_mode = DELETE")
    return held


def _make_tables(copy: sqlite3.Connection) -> None:
    for name in (*WHOLE, *OF_PAPERS, *LEFT_OUT):
        (sql,) = copy.execute(
            "SELECT sql FROM tray.sqlite_master WHERE type = 'table' AND name = ?", (name,)
        ).fetchone()
        copy.execute(sql)
    copy.execute("INSERT INTO main.pile_count(pile) SELECT pile FROM tray.pile_count")
    for sql in triggers().values():
        copy.execute(sql)


def _fill(copy: sqlite3.Connection) -> None:
    copy.execute("CREATE TEMP TABLE named (id INTEGER PRIMARY KEY) STRICT")
    for select in _NAMED:
        copy.execute(f"INSERT OR IGNORE INTO temp.named {select}")
    _name_merged(copy)
    for table in WHOLE:
        copy.execute(f"INSERT INTO main.{table} SELECT * FROM tray.{table}")
    for table, column in OF_PAPERS.items():
        copy.execute(
            f"INSERT INTO main.{table} SELECT t.* FROM temp.named n"
            f" JOIN tray.{table} t ON t.{column} = n.id"
        )
    subscriptions.read_again(copy)


def _name_merged(copy: sqlite3.Connection) -> None:
    """Name also the papers that named ones were merged with, either way."""
    while copy.execute(
        "INSERT OR IGNORE INTO temp.named"
        " SELECT p.merged_into FROM tray.paper p JOIN temp.named n ON n.id = p.id"
        "  WHERE p.merged_into IS NOT NULL"
        " UNION SELECT p.id FROM tray.paper p JOIN temp.named n ON n.id = p.merged_into"
    ).rowcount:
        pass


def _make_rest(copy: sqlite3.Connection) -> None:
    """Make the indexes, which filling was faster without, and the views."""
    rows = copy.execute(
        "SELECT type, tbl_name, sql FROM tray.sqlite_master WHERE type IN ('index', 'view')"
        " AND sql IS NOT NULL"
    ).fetchall()
    for kind, table, sql in rows:
        if kind == "view" or table in (*WHOLE, *OF_PAPERS, *LEFT_OUT):
            copy.execute(sql)
