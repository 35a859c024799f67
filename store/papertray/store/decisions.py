"""What decisions do: each writes its ops and their effects, in the caller's transaction.

All of them work on the papers in the temporary table `target`, set by set: 50,000 papers are one
statement each for ops and effects, never a loop.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from papertray.core.piles import Pile
from papertray.store.journal import Batch

STANDING = ("pile", "done", "snoozed", "removed")
"""Fields of `standing` that ops name."""

_HAS_NEW_VERSION = (
    "EXISTS (SELECT 1 FROM versions v WHERE v.paper_id = standing.paper_id AND v.seen > decided)"
)

_NO_VALUES: Mapping[str, str | None] = MappingProxyType({})


def set_targets(connection: sqlite3.Connection, paper_ids: Iterable[int]) -> None:
    """Fill the temporary table `target` with the papers that the next decisions are about."""
    connection.execute(
        "CREATE TEMP TABLE IF NOT EXISTS target (paper_id INTEGER PRIMARY KEY) STRICT"
    )
    connection.execute("DELETE FROM temp.target")
    connection.executemany(
        "INSERT OR IGNORE INTO temp.target VALUES (?)", ((paper_id,) for paper_id in paper_ids)
    )


def targets(connection: sqlite3.Connection) -> list[int]:
    """Return the papers that the next decisions are about."""
    return [paper_id for (paper_id,) in connection.execute("SELECT paper_id FROM temp.target")]


def lead_on(connection: sqlite3.Connection) -> None:
    """Aim at the papers that merged target papers are part of by now."""
    # The plus sign: few papers are merged, and those are in an index; targets may be many.
    merged = connection.execute(
        "SELECT id, merged_into FROM paper"
        " WHERE merged_into IS NOT NULL AND +id IN (SELECT paper_id FROM temp.target)"
    ).fetchall()
    for paper_id, into in merged:
        connection.execute("DELETE FROM temp.target WHERE paper_id = ?", (paper_id,))
        connection.execute("INSERT OR IGNORE INTO temp.target VALUES (?)", (into,))


def move(connection: sqlite3.Connection, batch: Batch, pile: Pile) -> int:
    """Move the target papers to `pile` and return how many were not there before.

    Back in the inbox a paper is undecided again and no longer done; out of it, no longer snoozed.
    A paper with a version that came after its decision is decided about anew, also where it stays.
    """
    cleared = "done" if pile is Pile.INBOX else "snoozed"
    moving = f"(pile <> :pile OR {_HAS_NEW_VERSION})"
    values = {"pile": pile, "decided": None if pile is Pile.INBOX else batch.at}
    _write_ops(connection, batch, "pile", pile, moving, values)
    _write_ops(connection, batch, cleared, None, f"{moving} AND {cleared} IS NOT NULL", values)
    return _update(
        connection, f"pile = :pile, decided = :decided, {cleared} = NULL", moving, values
    )


def set_done(connection: sqlite3.Connection, batch: Batch, *, done: bool) -> int:
    """Mark the target papers done today, or clear that; return how many changed.

    Marking an inbox paper done moves it to `read`; nothing else moves.
    """
    if not done:
        return set_date(connection, batch, "done", None)
    undecided = "pile = 'inbox'"
    _write_ops(connection, batch, "pile", Pile.READ, undecided)
    _write_ops(connection, batch, "snoozed", None, f"{undecided} AND snoozed IS NOT NULL")
    _write_ops(connection, batch, "done", batch.today, "done IS NULL")
    return _update(
        connection,
        f"pile = iif({undecided}, 'read', pile), decided = iif({undecided}, :at, decided),"
        f" snoozed = iif({undecided}, NULL, snoozed), done = coalesce(done, :today)",
        f"({undecided} OR done IS NULL)",
        {"at": batch.at, "today": batch.today},
    )


def snooze(connection: sqlite3.Connection, batch: Batch, until: str | None) -> int:
    """Hide the target papers until a local date, or show them again; return how many changed.

    Only papers in the inbox are: others have been decided about.
    """
    condition = "pile = 'inbox' AND snoozed IS NOT :value"
    values = {"value": until}
    _write_ops(connection, batch, "snoozed", until, condition, values)
    return _update(connection, "snoozed = :value", condition, values)


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
    condition = f"{field} IS NULL" if only_empty else f"{field} IS NOT :value"
    values = {"value": value}
    _write_ops(connection, batch, field, value, condition, values)
    return _update(connection, f"{field} = :value", condition, values)


def _write_ops(
    connection: sqlite3.Connection,
    batch: Batch,
    field: str,
    value: str | None,
    condition: str,
    values: Mapping[str, str | None] = _NO_VALUES,
) -> None:
    """Write the ops that setting `field` makes on the target papers that meet `condition`.

    Before `_update`: an op says what stood before. `values` are those that `condition` names.
    """
    connection.execute(
        "INSERT INTO op(batch, kind, ref, field, value, before)"
        f" SELECT :op_batch, 'paper', paper_id, :op_field, :op_value, {field} FROM temp.target"
        # CROSS: from the targets to their rows. SQLite would rather read all of `standing`.
        f" CROSS JOIN standing USING (paper_id) WHERE {condition}",
        {**values, "op_batch": batch.id, "op_field": field, "op_value": value},
    )


def _update(
    connection: sqlite3.Connection, settings: str, condition: str, values: Mapping[str, str | None]
) -> int:
    """Set columns of the target papers that meet `condition`, in one write; return how many."""
    return connection.execute(
        f"UPDATE standing SET {settings} WHERE {condition}"
        " AND paper_id IN (SELECT paper_id FROM temp.target)",
        values,
    ).rowcount
