"""Taking an add back: what it brought and nobody touched since is marked as removed."""

from __future__ import annotations

import sqlite3

from papertray.store import decisions
from papertray.store.chains import decisions_that_hold, live_among
from papertray.store.journal import BY_THEMSELVES, Batch, Origin

_OTHER_ADD = (
    "SELECT 1 FROM listing l WHERE l.paper_id = target.paper_id AND l.batch <> :add"
    " AND l.batch NOT IN (SELECT id FROM temp.dead_add)"
)
"""Whether an add that was not taken back listed the paper too."""

_DECIDED = (
    "SELECT 1 FROM op o WHERE o.kind = 'paper' AND o.ref = target.paper_id"
    "  AND o.batch IN (SELECT id FROM temp.deciding)"
    # CROSS: from the paper's notes to their ops. SQLite would rather read the ops of all notes.
    " UNION ALL SELECT 1 FROM note n CROSS JOIN op o ON o.kind = 'note' AND o.ref = n.id"
    "  WHERE n.paper_id = target.paper_id AND o.batch IN (SELECT id FROM temp.deciding)"
)
"""Whether a decision since that holds says anything of the paper, or of a note on it."""


def is_add(connection: sqlite3.Connection, batch: int) -> bool:
    """True for a batch that brought papers, False for one that takes it back or does it again."""
    row = connection.execute(
        "SELECT 1 FROM batch WHERE id = ? AND origin = ? AND undoes IS NULL", (batch, Origin.ADD)
    ).fetchone()
    return row is not None


def remove_brought(connection: sqlite3.Connection, batch: Batch, add: int) -> tuple[int, int]:
    """Remove what the batch `add` brought and nobody touched since; return (removed, left alone).

    Touched means: a decision that holds says anything of the paper or of a note on it, unless rules
    or expiry made it, or another add that holds listed it. A paper counts as brought by the first
    add that listed it and was not taken back.
    """
    _collect_decisions_since(connection, add, batch.id)
    _collect_dead_adds(connection)
    decisions.set_targets(connection, ())
    connection.execute(
        "INSERT INTO temp.target SELECT DISTINCT paper_id FROM listing"
        " JOIN standing USING (paper_id) WHERE batch = ? AND removed IS NULL",
        (add,),
    )
    connection.execute(
        f"DELETE FROM temp.target WHERE EXISTS ({_OTHER_ADD} AND l.batch < :add)", {"add": add}
    )
    left = connection.execute(
        f"DELETE FROM temp.target WHERE EXISTS ({_OTHER_ADD}) OR EXISTS ({_DECIDED})", {"add": add}
    ).rowcount
    return decisions.remove(connection, batch), left


def _collect_dead_adds(connection: sqlite3.Connection) -> None:
    """Fill `dead_add` with the adds that have been taken back."""
    rows = connection.execute(
        "SELECT DISTINCT a.id FROM batch u JOIN batch a ON a.id = u.undoes"
        " WHERE u.undoes IS NOT NULL AND a.origin = ?",
        (Origin.ADD,),
    ).fetchall()
    undone = {id_ for (id_,) in rows}
    _fill(connection, "dead_add", undone - live_among(connection, undone))


def _collect_decisions_since(connection: sqlite3.Connection, target: int, own: int) -> None:
    """Fill `deciding` with the batches after `target` that hold and take nothing back.

    What happened by itself is no decision of the user's.
    """
    since = decisions_that_hold(connection, not_before=target + 1)
    _fill(
        connection,
        "deciding",
        {step.id for step in since if step.id != own and step.origin not in BY_THEMSELVES},
    )


def _fill(connection: sqlite3.Connection, table: str, batches: set[int]) -> None:
    connection.execute(f"DROP TABLE IF EXISTS temp.{table}")
    connection.execute(f"CREATE TEMP TABLE {table}(id INTEGER PRIMARY KEY) STRICT")
    connection.executemany(
        f"INSERT INTO temp.{table} VALUES (?)", ((batch,) for batch in sorted(batches))
    )
