"""A process that holds a Zotero database open, as Zotero does, and writes to it without end.

Run as ``python zotero_rival.py DATABASE JOURNAL LOCKING``: every transaction renames all papers, so
that a copy from one moment has them all of one generation. Ends when its input does.
"""

from __future__ import annotations

import select
import sqlite3
import sys

REST = 0.06
"""Seconds between two transactions: no program writes all the time."""


def main() -> None:
    """Write until the input ends; the first line of output says that the writing has begun."""
    database, journal, locking = sys.argv[1:]
    connection = sqlite3.connect(database, isolation_level=None)
    connection.execute(f"PRAGMA locking_mode = {locking}")
    connection.execute(f"PRAGMA journal_mode = {journal}")
    connection.execute("PRAGMA synchronous = OFF")  # as many writes as can be
    generation = 0
    while not select.select([sys.stdin], [], [], REST)[0]:
        generation += 1
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(
            "UPDATE itemDataValues SET value = substr(value, 1, instr(value, ', generation '))"
            " || ' generation ' || ? WHERE value LIKE '%, generation %'",
            (generation,),
        )
        connection.execute("COMMIT")
        if generation == 2:
            print("writing", flush=True)
        if generation % 20 == 0:  # a write transaction that stays open for a while
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("UPDATE itemDataValues SET value = value || '!' WHERE valueID = 1")
            select.select([sys.stdin], [], [], 0.01)
            connection.execute("ROLLBACK")


if __name__ == "__main__":
    main()
