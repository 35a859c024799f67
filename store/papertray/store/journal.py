"""The journal: batches and their ops, which of them hold, and what an undo takes back.

A batch is live while no live batch undoes it. An undo is itself a batch that undoes one, a redo a
batch that undoes an undo; along such a chain they take turns, so the newest one says whether the
first holds. Nothing is ever deleted and nothing else remembers anything: undo survives restarts.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from papertray.core.clock import instant, local_date, offset_minutes
from papertray.store.device import last_number


class Origin(StrEnum):
    """Who made a batch."""

    SCREEN = "screen"
    COMMAND = "command"
    RULE = "rule"
    ADD = "add"
    EXPIRE = "expire"
    REPAIR = "repair"
    EXCHANGE = "exchange"


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch being written: what its ops and effects need to know. `today` is a local date."""

    id: int
    at: str
    today: str


@dataclass(frozen=True, slots=True)
class BatchLine:
    """One line of the history. `size` counts ops (for an add: the papers it listed)."""

    id: int
    at: str
    utc_offset: int
    origin: Origin
    session: str
    label: str
    reason: str
    undoes: int | None
    is_live: bool
    size: int = 0


@dataclass(frozen=True, slots=True)
class OpLine:
    """One decision about one paper, as `history KEY` shows it."""

    batch: int
    at: str
    utc_offset: int
    origin: Origin
    field: str
    value: str | None
    before: str | None
    reason: str
    is_undo: bool
    is_live: bool


def begin_batch(
    connection: sqlite3.Connection,
    *,
    device: str,
    session: str,
    uid: str,
    now: datetime,
    origin: Origin,
    label: str,
    reason: str = "",
    undoes: int | None = None,
) -> Batch:
    """Write a batch's row and return what its ops need. The caller holds the transaction.

    The hybrid logical clock (Kulkarni et al. 2014, as text that sorts) never goes back, also when
    the machine's clock does.
    """
    at = instant(now)
    row = connection.execute("SELECT hlc FROM batch ORDER BY id DESC LIMIT 1").fetchone()
    cursor = connection.execute(
        "INSERT INTO batch(uid, device, number, session, hlc, at, utc_offset, origin, label,"
        " reason, undoes) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            uid,
            device,
            last_number(connection, device) + 1,
            session,
            next_hlc(row[0] if row else "", at),
            at,
            offset_minutes(now),
            origin,
            label,
            reason,
            undoes,
        ),
    )
    assert cursor.lastrowid is not None
    return Batch(cursor.lastrowid, at, local_date(now))


def next_hlc(last: str, at: str) -> str:
    """Return the hybrid logical time after `last` for the instant `at`: ``<instant>/<counter>``."""
    time, _, counter = last.partition("/")
    if time >= at:
        return f"{time}/{int(counter, 16) + 1:04x}"
    return f"{at}/0000"


def newest_first(
    connection: sqlite3.Connection, *, not_before: int = 0, below: int | None = None
) -> Iterator[BatchLine]:
    """Yield batches from the newest down to id `not_before`, each with whether it is live.

    An undo is always newer than what it undoes, so one pass down knows: a live one kills its
    target, a dead one does not. `below` looks at the journal as it was before that batch.
    """
    dead: set[int] = set()
    rows = connection.execute(
        "SELECT id, at, utc_offset, origin, session, label, reason, undoes FROM batch"
        " WHERE id >= ? AND (? IS NULL OR id < ?) ORDER BY id DESC",
        (not_before, below, below),
    )
    for id_, at, utc_offset, origin, session, label, reason, undoes in rows:
        is_live = id_ not in dead
        if is_live and undoes is not None:
            dead.add(undoes)
        yield BatchLine(
            id_, at, utc_offset, Origin(origin), session, label, reason, undoes, is_live
        )


def chain(connection: sqlite3.Connection, batch: int) -> list[int]:
    """Return the batch, what it undoes, what that undoes, and so on to the first decision."""
    rows = connection.execute(
        "WITH RECURSIVE chain(id, undoes, depth) AS ("
        " SELECT id, undoes, 0 FROM batch WHERE id = ?"
        " UNION ALL SELECT b.id, b.undoes, depth + 1 FROM batch b JOIN chain ON b.id = chain.undoes"
        ") SELECT id FROM chain ORDER BY depth",
        (batch,),
    ).fetchall()
    return [id_ for (id_,) in rows]


def newest_of_chain(connection: sqlite3.Connection, batch: int) -> int:
    """Return the last of undo, redo, undo … that followed a batch; itself when none did."""
    while True:
        row = connection.execute("SELECT max(id) FROM batch WHERE undoes = ?", (batch,)).fetchone()
        if row[0] is None:
            return batch
        batch = int(row[0])


def is_undo(connection: sqlite3.Connection, batch: int) -> bool:
    """True when the batch takes something back, False for a decision and for a redo."""
    return len(chain(connection, batch)) % 2 == 0


def next_undo(connection: sqlite3.Connection, session: str) -> BatchLine | None:
    """Return the batch that `u` takes back: the newest live decision of this session, else of all.

    Without one of this session it is the newest of origin screen or command, whoever made it.
    """
    (first,) = connection.execute(
        "SELECT min(id) FROM batch WHERE session = ?", (session,)
    ).fetchone()
    if first is not None:
        for line in newest_first(connection, not_before=first):
            if line.is_live and line.session == session and not is_undo(connection, line.id):
                return line
    for line in newest_first(connection):
        if line.is_live and not is_undo(connection, line.id):
            # A redone add is an add: taking it back would empty the inbox at one keypress.
            first = (
                line
                if line.undoes is None
                else find_batch(connection, chain(connection, line.id)[-1])
            )
            if first is not None and first.origin in (Origin.SCREEN, Origin.COMMAND):
                return line
    return None


def next_redo(connection: sqlite3.Connection, session: str) -> BatchLine | None:
    """Return the undo that a redo takes back, or None.

    That is the newest live undo of this session (else of origin screen or command), unless a
    decision came after it in the same scope: what was done since would be torn apart.
    """
    (first,) = connection.execute(
        "SELECT min(id) FROM batch WHERE session = ?", (session,)
    ).fetchone()
    for line in newest_first(connection, not_before=first or 0):
        in_scope = (
            line.session == session
            if first is not None
            else line.origin in (Origin.SCREEN, Origin.COMMAND)
        )
        if not in_scope:
            continue
        if line.undoes is None:
            return None
        if line.is_live and is_undo(connection, line.id):
            return line
    return None


def has_ops(connection: sqlite3.Connection, batch: int) -> bool:
    """True when a batch decided anything."""
    row = connection.execute("SELECT 1 FROM op WHERE batch = ? LIMIT 1", (batch,)).fetchone()
    return row is not None


def newest_batch(connection: sqlite3.Connection) -> int:
    """Return the id of the newest batch, 0 in an empty journal."""
    (newest,) = connection.execute("SELECT coalesce(max(id), 0) FROM batch").fetchone()
    return int(newest)


def papers_in(connection: sqlite3.Connection, batch: int) -> int:
    """Return how many papers a batch decides about."""
    (count,) = connection.execute(
        "SELECT count(DISTINCT ref) FROM op WHERE batch = ? AND kind = 'paper'", (batch,)
    ).fetchone()
    return int(count)


def changed_by_others(connection: sqlite3.Connection, since: int, session: str) -> bool:
    """True when another session wrote a batch after the one with id `since`."""
    row = connection.execute(
        "SELECT 1 FROM batch WHERE id > ? AND session <> ? LIMIT 1", (since, session)
    ).fetchone()
    return row is not None


def find_batch(
    connection: sqlite3.Connection, batch: int, *, below: int | None = None
) -> BatchLine | None:
    """Return the line of one batch, or None when there is none with this number.

    `below` tells whether it was live before that later batch.
    """
    for line in newest_first(connection, not_before=batch, below=below):
        if line.id == batch:
            return line
    return None


def history(connection: sqlite3.Connection, limit: int) -> list[BatchLine]:
    """Return the newest `limit` batches, newest first, with their sizes."""
    lines = []
    for line in newest_first(connection):
        (ops,) = connection.execute(
            "SELECT count(*) FROM op WHERE batch = ?", (line.id,)
        ).fetchone()
        (listed,) = connection.execute(
            "SELECT count(*) FROM listing WHERE batch = ?", (line.id,)
        ).fetchone()
        lines.append(replace(line, size=max(ops, listed)))
        if len(lines) == limit:
            break
    return lines


def history_of_paper(connection: sqlite3.Connection, paper_id: int) -> list[OpLine]:
    """Return every decision about a paper and its notes, newest first."""
    rows = connection.execute(
        "SELECT o.batch, b.at, b.utc_offset, b.origin, o.kind, o.field, o.value, o.before, b.reason"
        " FROM op o JOIN batch b ON b.id = o.batch"
        " WHERE (o.kind = 'paper' AND o.ref = :paper)"
        " OR (o.kind = 'note' AND o.ref IN (SELECT id FROM note WHERE paper_id = :paper))"
        " ORDER BY o.seq DESC",
        {"paper": paper_id},
    ).fetchall()
    if not rows:
        return []
    oldest = min(row[0] for row in rows)
    live = {line.id for line in newest_first(connection, not_before=oldest) if line.is_live}
    return [
        OpLine(
            batch, at, utc_offset, Origin(origin), "note" if kind == "note" else field_,
            value, before, reason, is_undo(connection, batch), batch in live,
        )
        for batch, at, utc_offset, origin, kind, field_, value, before, reason in rows
    ]  # fmt: skip
