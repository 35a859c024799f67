"""The journal played again in plain Python: what the tables must say if it tells the truth.

Import with ``from journal_replay import assert_journal_tells_all``.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

_STANDING = ("pile", "done", "snoozed", "removed")
_COMES_WITH = {"pile": "inbox"}
"""What a paper has that no decision gave it: these trays are filled by plain adds."""


def assert_journal_tells_all(database: Path) -> None:
    """Assert that the ops, played in order, lead to the standings and tags of the tables.

    Each op must find the value that it says was there before.
    """
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        told = _replay(connection)
        stands = {
            (paper_id, field): value
            for paper_id, *values in connection.execute(
                f"SELECT paper_id, {', '.join(_STANDING)} FROM standing"
            )
            for field, value in zip(_STANDING, values, strict=True)
        }
        for (paper_id, field), value in stands.items():
            expected = told.pop((paper_id, field), _COMES_WITH.get(field))
            assert value == expected, (paper_id, field, value, expected)
        tagged = {
            (paper_id, f"tag:{tag}")
            for paper_id, tag in connection.execute("SELECT paper_id, tag FROM tag")
        }
        said = {place for place, value in told.items() if place[1].startswith("tag:") and value}
        assert tagged == said
    finally:
        connection.close()


def _replay(connection: sqlite3.Connection) -> dict[tuple[int, str], str | None]:
    told: dict[tuple[int, str], str | None] = {}
    ops = "SELECT seq, ref, field, value, before FROM op WHERE kind = 'paper' ORDER BY seq"
    for seq, ref, field, value, before in connection.execute(ops):
        if field in _STANDING or field.startswith("tag:"):
            present = told.get((ref, field), _COMES_WITH.get(field))
            assert present == before, (seq, ref, field, present, before)
            told[ref, field] = value
    return told
