"""Pairs of papers that look alike and are two works, as their owner said.

Saying so is an op of kind ``apart`` on the paper with the smaller id; the field names the other one
by its uid, which leads to it wherever it was merged into. The last op of a pair says whether it is
kept apart, so that undo and redo need nothing else.
"""

from __future__ import annotations

import sqlite3

from papertray.core.errors import UsageError
from papertray.store.decisions import write_op
from papertray.store.journal import Batch
from papertray.store.reverting import keep_where, write_ops

KIND = "apart"

FIELD = "apart:"
"""What the fields of such ops begin with, before a uid."""

_APART = "1"


def keep_apart(connection: sqlite3.Connection, batch: Batch, one: int, other: int) -> int:
    """Say that two papers are two works; return 1, or 0 where that was said before.

    Raises `UsageError` when both are one paper.
    """
    if one == other:
        raise UsageError(f"Both are paper {one}; there is nothing to keep apart.")
    if _in_order(one, other) in pairs_apart(connection):
        return 0
    first, second = _in_order(one, other)
    (uid,) = connection.execute("SELECT uid FROM paper WHERE id = ?", (second,)).fetchone()
    write_op(connection, batch, KIND, first, f"{FIELD}{uid}", _APART, None)
    return 1


def pairs_apart(connection: sqlite3.Connection) -> set[tuple[int, int]]:
    """Return the pairs that are kept apart, the smaller id first.

    What was said of a paper holds for the one that it was merged into.
    """
    rows = connection.execute(
        "SELECT coalesce(p.merged_into, p.id), coalesce(q.merged_into, q.id) FROM"
        # The value is that of the row with the largest seq: so SQLite reads a lone max().
        " (SELECT ref, field, value, max(seq) FROM op WHERE kind = ? GROUP BY ref, field) last"
        " JOIN paper p ON p.id = last.ref"
        " JOIN paper q ON q.uid = substr(last.field, ?) WHERE last.value IS NOT NULL",
        (KIND, len(FIELD) + 1),
    )
    return {_in_order(one, other) for one, other in rows if one != other}


def put_back(connection: sqlite3.Connection, batch: Batch, field: str) -> int:
    """Take back what the ops of a field in `temp.reverting` said, where nothing was said since."""
    keep_where(
        connection, KIND, field,
        "(SELECT o.value FROM op o WHERE o.kind = reverting.kind AND o.ref = reverting.ref"
        " AND o.field = reverting.field ORDER BY o.seq DESC LIMIT 1) IS reverting.value",
    )  # fmt: skip
    return write_ops(connection, batch, KIND, field)


def _in_order(one: int, other: int) -> tuple[int, int]:
    return min(one, other), max(one, other)
