"""What decisions do: each writes its ops and their effects, in the caller's transaction.

All of them work on the papers in the temporary table `target`, set by set: 50,000 papers are one
statement each for ops and effects, never a loop.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from papertray.core.model import Pile
from papertray.store.journal import Batch

STANDING = ("pile", "done", "snoozed", "removed")
"""Fields of `standing` that ops name."""


def set_targets(connection: sqlite3.Connection, paper_ids: Iterable[int]) -> None:
    """Fill the temporary table `target` with the papers that the next decisions are about."""
    connection.execute(
        "CREATE TEMP TABLE IF NOT EXISTS target (paper_id INTEGER PRIMARY KEY) STRICT"
    )
    connection.execute("DELETE FROM temp.target")
    connection.executemany(
        "INSERT OR IGNORE INTO temp.target VALUES (?)", ((paper_id,) for paper_id in paper_ids)
    )


def move(connection: sqlite3.Connection, batch: Batch, pile: Pile) -> int:
    """Move the target papers to `pile` and return how many were not there before.

    Back in the inbox a paper is undecided again and no longer done; out of it, no longer snoozed.
    """
    (count,) = connection.execute(
        "SELECT count(*) FROM temp.target JOIN standing USING (paper_id) WHERE pile <> ?", (pile,)
    ).fetchone()
    if not count:
        return 0
    _write_ops(connection, batch, "pile", pile, "pile <> ?")
    if pile is Pile.INBOX:
        set_date(connection, batch, "done", None)
    else:
        set_date(connection, batch, "snoozed", None)
    connection.execute(
        "UPDATE standing SET pile = ?, decided = ?"
        " WHERE pile <> ? AND paper_id IN (SELECT paper_id FROM temp.target)",
        (pile, None if pile is Pile.INBOX else batch.at, pile),
    )
    return int(count)


def set_done(connection: sqlite3.Connection, batch: Batch, *, done: bool) -> int:
    """Mark the target papers done today, or clear that; return how many changed.

    Marking an inbox paper done moves it to `read`; nothing else moves.
    """
    if not done:
        return set_date(connection, batch, "done", None)
    inbox = connection.execute(
        "SELECT paper_id FROM temp.target JOIN standing USING (paper_id) WHERE pile = 'inbox'"
    ).fetchall()
    everything = connection.execute("SELECT paper_id FROM temp.target").fetchall()
    if inbox:
        set_targets(connection, (paper_id for (paper_id,) in inbox))
        move(connection, batch, Pile.READ)
        set_targets(connection, (paper_id for (paper_id,) in everything))
    return set_date(connection, batch, "done", batch.today, only_empty=True)


def remove(connection: sqlite3.Connection, batch: Batch) -> int:
    """Take the target papers out of the tray's views; nothing is erased."""
    return set_date(connection, batch, "removed", batch.at, only_empty=True)


def bring_back(connection: sqlite3.Connection, batch: Batch) -> int:
    """Show removed target papers again."""
    return set_date(connection, batch, "removed", None)


def add_tag(connection: sqlite3.Connection, batch: Batch, tag: str) -> int:
    """Give the target papers a tag; return how many did not have it."""
    connection.execute(
        "INSERT INTO op(batch, kind, ref, field, value, before)"
        " SELECT ?, 'paper', paper_id, ?, '1', NULL FROM temp.target t"
        " WHERE NOT EXISTS (SELECT 1 FROM tag WHERE tag.paper_id = t.paper_id AND tag = ?)",
        (batch.id, f"tag:{tag}", tag),
    )
    return connection.execute(
        "INSERT OR IGNORE INTO tag(paper_id, tag) SELECT paper_id, ? FROM temp.target", (tag,)
    ).rowcount


def remove_tag(connection: sqlite3.Connection, batch: Batch, tag: str) -> int:
    """Take a tag from the target papers; return how many had it."""
    connection.execute(
        "INSERT INTO op(batch, kind, ref, field, value, before)"
        " SELECT ?, 'paper', paper_id, ?, NULL, '1' FROM tag"
        " WHERE tag = ? AND paper_id IN (SELECT paper_id FROM temp.target)",
        (batch.id, f"tag:{tag}", tag),
    )
    return connection.execute(
        "DELETE FROM tag WHERE tag = ? AND paper_id IN (SELECT paper_id FROM temp.target)", (tag,)
    ).rowcount


def write_op(
    connection: sqlite3.Connection,
    batch: Batch,
    kind: str,
    ref: int,
    field: str,
    value: str | None,
    before: str | None,
) -> None:
    """Write one op; its effect is the caller's."""
    connection.execute(
        "INSERT INTO op(batch, kind, ref, field, value, before) VALUES (?, ?, ?, ?, ?, ?)",
        (batch.id, kind, ref, field, value, before),
    )


def _write_ops(
    connection: sqlite3.Connection, batch: Batch, field: str, value: str | None, condition: str
) -> None:
    """Write the ops that setting `field` makes on the target papers that meet `condition`."""
    connection.execute(
        "INSERT INTO op(batch, kind, ref, field, value, before)"
        f" SELECT ?, 'paper', paper_id, ?, ?, {field} FROM temp.target"
        f" JOIN standing USING (paper_id) WHERE {condition}",
        (batch.id, field, value, value),
    )


def set_date(
    connection: sqlite3.Connection,
    batch: Batch,
    field: str,
    value: str | None,
    *,
    only_empty: bool = False,
) -> int:
    """Set or clear a date of the target papers, with ops; return how many changed."""
    assert field in STANDING
    condition = f"{field} IS NOT ?" + (f" AND {field} IS NULL" if only_empty else "")
    _write_ops(connection, batch, field, value, condition)
    return connection.execute(
        f"UPDATE standing SET {field} = ? WHERE {condition}"
        " AND paper_id IN (SELECT paper_id FROM temp.target)",
        (value, value),
    ).rowcount
