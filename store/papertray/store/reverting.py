"""What an undo is about to put back: the rows of `temp.reverting`, and the ops that it writes."""

from __future__ import annotations

import sqlite3

from papertray.store.journal import Batch


def write_ops(connection: sqlite3.Connection, batch: Batch, kind: str, field: str) -> int:
    """Write the ops that take back what is left in `reverting`; return their number."""
    return connection.execute(
        "INSERT INTO op(batch, kind, ref, field, value, before)"
        " SELECT ?, kind, ref, field, before, value FROM temp.reverting"
        " WHERE kind = ? AND field = ? ORDER BY seq",
        (batch.id, kind, field),
    ).rowcount


def keep_where(
    connection: sqlite3.Connection, kind: str, field: str, condition: str, *extra: str
) -> None:
    """Drop from `reverting` the rows of a field for which `condition`, SQL over them, fails.

    Mostly those that no longer hold what the batch wrote. `extra` are its parameters.
    """
    connection.execute(
        f"DELETE FROM temp.reverting WHERE kind = ? AND field = ? AND NOT ({condition})",
        (kind, field, *extra),
    )
