"""The journal: batches and their ops, and what an undo takes back.

Nothing is ever deleted and nothing else remembers anything: undo survives restarts.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from papertray.core.clock import instant, local_date, offset_minutes
from papertray.store.chains import (
    Step,
    is_undo,
    live_among,
    newest_decision_from,
    newest_decision_of,
    newest_first,
)
from papertray.store.device import last_number

LARGEST_COUNTER = 0xFFFF
"""Batches that one instant of the hybrid logical clock has room for."""


class Origin(StrEnum):
    """Who made a batch."""

    SCREEN = "screen"
    COMMAND = "command"
    RULE = "rule"
    ADD = "add"
    EXPIRE = "expire"
    REPAIR = "repair"
    EXCHANGE = "exchange"


BY_THEMSELVES = (Origin.RULE, Origin.EXPIRE)
"""Batches that nobody decided just then: taken back only by name."""


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch being written: what its ops and effects need to know. `today` is a local date."""

    id: int
    at: str
    today: str


@dataclass(frozen=True, slots=True)
class BatchLine:
    """One line of the history. `size` counts ops (for an add: the papers it listed).

    `is_undo` says that it takes something back; a redo names what it undoes too, but takes
    nothing back.
    """

    id: int
    at: str
    utc_offset: int
    origin: Origin
    label: str
    reason: str
    undoes: int | None
    is_live: bool
    is_undo: bool
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


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision of a batch, with what it is about.

    `kind` and `field` say what was changed, as in `op`. `paper` is the id of the paper that it is
    about, if it is about one; `name` is the title of that, or the name of what has none: of a feed,
    a search, a note, the query of a rule. What an add brought is told as kind ``listing``: `field`
    is ``first`` for a new paper, else ``again``, `value` the name of the feed.
    """

    kind: str
    field: str
    value: str | None
    before: str | None
    paper: int | None
    name: str


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
    """Return the hybrid logical time after `last` for the instant `at`: ``<instant>/<counter>``.

    A counter that is full carries into the instant: one digit more would sort before.
    """
    time, _, counter = last.partition("/")
    if time < at:
        return f"{at}/0000"
    number = int(counter, 16) + 1
    if number > LARGEST_COUNTER:
        return f"{instant(datetime.fromisoformat(time) + timedelta(milliseconds=1))}/0000"
    return f"{time}/{number:04x}"


def next_undo(connection: sqlite3.Connection, session: str) -> BatchLine | None:
    """Return the batch that `u` takes back: the newest live decision of this session, else of all.

    Without one of this session it is the newest of origin screen or command, whoever made it. What
    rules and expiry did is none.
    """
    found = newest_decision_of(connection, session, BY_THEMSELVES)
    if found is None:
        # A redone add is an add: taking it back would empty the inbox at one keypress.
        found = newest_decision_from(connection, (Origin.SCREEN, Origin.COMMAND))
    return None if found is None else find_batch(connection, found)


def _first_of(connection: sqlite3.Connection, session: str) -> int | None:
    row = connection.execute("SELECT min(id) FROM batch WHERE session = ?", (session,)).fetchone()
    return None if row[0] is None else int(row[0])


def next_redo(connection: sqlite3.Connection, session: str) -> BatchLine | None:
    """Return the undo that a redo takes back, or None.

    That is the newest live undo of this session, else of origin screen or command, unless a
    decision came after it in the same scope: what was done since would be torn apart.
    """
    first = _first_of(connection, session)
    if first is not None:
        own = (s for s in newest_first(connection, not_before=first) if s.session == session)
        found, is_decided = _last_undo(connection, own)
        if found is not None or is_decided:
            return found
    everybody = (s for s in newest_first(connection) if s.origin in (Origin.SCREEN, Origin.COMMAND))
    return _last_undo(connection, everybody)[0]


def _last_undo(
    connection: sqlite3.Connection, steps: Iterable[Step]
) -> tuple[BatchLine | None, bool]:
    """Return the first live undo of `steps`, and whether a decision stands before it."""
    known: dict[int, bool] = {}
    for step in steps:
        if step.undoes is None:
            return None, True
        if step.is_live and is_undo(connection, step.id, known):
            return find_batch(connection, step.id), False
    return None, False


def has_ops(connection: sqlite3.Connection, batch: int) -> bool:
    """True when a batch decided anything."""
    row = connection.execute("SELECT 1 FROM op WHERE batch = ? LIMIT 1", (batch,)).fetchone()
    return row is not None


def newest_batch(connection: sqlite3.Connection) -> int:
    """Return the id of the newest batch, 0 in an empty journal."""
    (newest,) = connection.execute("SELECT coalesce(max(id), 0) FROM batch").fetchone()
    return int(newest)


def state_of(connection: sqlite3.Connection) -> tuple[int, int]:
    """Return the newest decision and the newest change of a text: what files may have to follow."""
    (change,) = connection.execute("SELECT ifnull(max(seq), 0) FROM change").fetchone()
    return newest_batch(connection), int(change)


def end_of(connection: sqlite3.Connection) -> str:
    """Return the uid of the newest batch, empty in an empty journal: a mark of how far it goes."""
    row = connection.execute("SELECT uid FROM batch ORDER BY id DESC LIMIT 1").fetchone()
    return "" if row is None else str(row[0])


def papers_in(connection: sqlite3.Connection, batch: int) -> int:
    """Return how many papers a batch decides about."""
    (count,) = connection.execute(
        "SELECT count(DISTINCT ref) FROM op WHERE batch = ? AND kind = 'paper'", (batch,)
    ).fetchone()
    return int(count)


def piles_after(connection: sqlite3.Connection, batch: int) -> tuple[tuple[str, int], ...]:
    """Return to which piles a batch moved how many papers, most first.

    A paper that is no longer snoozed is back in the inbox.
    """
    rows = connection.execute(
        "SELECT iif(field = 'pile', value, 'inbox') AS pile, count(DISTINCT ref) FROM op"
        " WHERE batch = ? AND kind = 'paper'"
        " AND (field = 'pile' OR (field = 'snoozed' AND value IS NULL AND NOT EXISTS"
        "  (SELECT 1 FROM op p WHERE p.batch = op.batch AND p.kind = 'paper'"
        "   AND p.ref = op.ref AND p.field = 'pile')))"
        " GROUP BY 1 ORDER BY 2 DESC, 1",
        (batch,),
    ).fetchall()
    return tuple((pile, count) for pile, count in rows)


def changed_by_others(connection: sqlite3.Connection, since: int, session: str) -> bool:
    """True when another session wrote a batch after the one with id `since`."""
    row = connection.execute(
        "SELECT 1 FROM batch WHERE id > ? AND session <> ? LIMIT 1", (since, session)
    ).fetchone()
    return row is not None


def find_batch(connection: sqlite3.Connection, batch: int) -> BatchLine | None:
    """Return the line of one batch, or None when there is none with this number."""
    found = _lines(connection, "id = ?", batch)
    return found[0] if found else None


def history(
    connection: sqlite3.Connection, limit: int, before: int | None = None
) -> list[BatchLine]:
    """Return the newest `limit` batches, newest first, with their sizes.

    With `before`, those that are older than the batch of this id.
    """
    lines = []
    older = "TRUE" if before is None else f"id < {before:d}"
    for line in _lines(connection, f"{older} ORDER BY id DESC LIMIT ?", limit):
        (ops,) = connection.execute(
            "SELECT count(*) FROM op WHERE batch = ?", (line.id,)
        ).fetchone()
        (listed,) = connection.execute(
            "SELECT count(*) FROM listing WHERE batch = ?", (line.id,)
        ).fetchone()
        lines.append(replace(line, size=max(ops, listed)))
    return lines


def _lines(connection: sqlite3.Connection, condition: str, value: int) -> list[BatchLine]:
    rows = connection.execute(
        f"SELECT id, at, utc_offset, origin, label, reason, undoes FROM batch WHERE {condition}",
        (value,),
    ).fetchall()
    live = live_among(connection, [id_ for id_, *_ in rows])
    known: dict[int, bool] = {}
    return [
        BatchLine(
            id_, at, utc_offset, Origin(origin), label, reason, undoes,
            id_ in live, undoes is not None and is_undo(connection, id_, known),
        )
        for id_, at, utc_offset, origin, label, reason, undoes in rows
    ]  # fmt: skip


def history_of_paper(
    connection: sqlite3.Connection, paper_id: int, field: str = ""
) -> list[OpLine]:
    """Return every decision about a paper and its notes, newest first; or about one `field` of it.

    Those about what was merged into it count too, but not what the merge did to hide that.
    """
    rows = connection.execute(
        "SELECT o.batch, b.at, b.utc_offset, b.origin, o.kind, o.field, o.value, o.before, b.reason"
        " FROM op o JOIN batch b ON b.id = o.batch"
        " WHERE (o.kind = 'paper' AND o.ref IN (SELECT :paper UNION ALL"
        "  SELECT id FROM paper WHERE merged_into = :paper) AND NOT (o.field = 'removed' AND EXISTS"
        "  (SELECT 1 FROM op m WHERE m.batch = o.batch AND m.ref = o.ref"
        "   AND m.field = 'merged_into')) AND :field IN ('', o.field))"
        " OR (:field = '' AND o.kind = 'note' AND o.field IN ('text', 'title')"
        "  AND o.ref IN (SELECT id FROM note WHERE paper_id = :paper))"
        " ORDER BY o.seq DESC",
        {"paper": paper_id, "field": field},
    ).fetchall()
    live = live_among(connection, (row[0] for row in rows))
    known: dict[int, bool] = {}
    return [
        OpLine(
            batch, at, utc_offset, Origin(origin), "note" if kind == "note" else field_,
            value, before, reason, is_undo(connection, batch, known), batch in live,
        )
        for batch, at, utc_offset, origin, kind, field_, value, before, reason in rows
    ]  # fmt: skip


def decisions_of(connection: sqlite3.Connection, batch: int, limit: int) -> list[Decision]:
    """Return the first `limit` decisions of a batch, in their order; of an add, what it listed."""
    rows = connection.execute(
        "SELECT o.kind, o.field, o.value, o.before, coalesce(p.merged_into, p.id),"
        " coalesce(p.title, n.title, f.name, s.name, r.query, '') FROM op o"
        " LEFT JOIN note n ON o.kind = 'note' AND n.id = o.ref"
        " LEFT JOIN listing l ON o.kind = 'listing' AND l.id = o.ref"
        " LEFT JOIN attachment a ON o.kind = 'attachment' AND a.id = o.ref"
        " LEFT JOIN feed f ON o.kind = 'feed' AND f.id = o.ref"
        " LEFT JOIN saved_search s ON o.kind = 'search' AND s.id = o.ref"
        " LEFT JOIN rule r ON o.kind = 'rule' AND r.id = o.ref"
        " LEFT JOIN paper p ON p.id = CASE WHEN o.kind IN ('feed', 'search', 'rule') THEN NULL"
        "  WHEN o.kind IN ('note', 'listing', 'attachment')"
        "  THEN coalesce(n.paper_id, l.paper_id, a.paper_id) ELSE o.ref END"
        " WHERE o.batch = ? ORDER BY o.seq LIMIT ?",
        (batch, limit),
    ).fetchall()
    rows += connection.execute(
        "SELECT 'listing', iif(l.is_first, 'first', 'again'), f.name, NULL,"
        " coalesce(p.merged_into, p.id), p.title FROM listing l"
        " JOIN paper p ON p.id = l.paper_id JOIN feed f ON f.id = l.feed_id"
        " WHERE l.batch = ? ORDER BY l.id LIMIT ?",
        (batch, limit - len(rows)),
    ).fetchall()
    return [Decision(*row) for row in rows]
