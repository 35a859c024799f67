"""Taking a batch back: set by set, and only where nothing came after.

Undoing a batch writes another one, whose ops put back what stood before, for every field that
still holds what the batch wrote. What was changed since is left alone and counted.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from papertray.core.citekeys import fold_key
from papertray.core.identity import author_key, title_key
from papertray.core.model import Work
from papertray.store import decisions
from papertray.store.identifiers import SCHEMES
from papertray.store.journal import Batch, Origin, chain, is_undo, newest_first
from papertray.store.rows import WORK_COLUMNS, authors_from_text

STANDING = frozenset(decisions.STANDING)
NUMBERS = frozenset({"year", "month", "day"})


@dataclass(frozen=True, slots=True)
class Reverted:
    """What an undo did: how many values it put back, how many it left because they changed since.

    `papers` are the ids of the papers it touched, in the order of their decisions.
    """

    changed: int
    left: int
    papers: tuple[int, ...]


def revert(connection: sqlite3.Connection, batch: Batch, target: int) -> Reverted:
    """Take back the batch with id `target`, writing ops into `batch`.

    The caller holds the transaction and has checked that `target` is live.
    """
    _collect(connection, target)
    fields = connection.execute(
        "SELECT DISTINCT kind, field FROM temp.reverting ORDER BY kind, field"
    ).fetchall()
    (wanted,) = connection.execute("SELECT count(*) FROM temp.reverting").fetchone()
    changed = 0
    for kind, field in fields:
        changed += _revert_field(connection, batch, kind, field, target)
    if _is_add(connection, target):
        removed, touched = _remove_brought(connection, batch, target)
        changed, wanted = changed + removed, wanted + removed + touched
    papers = connection.execute(
        "SELECT coalesce(n.paper_id, o.ref) FROM op o"
        " LEFT JOIN note n ON o.kind = 'note' AND n.id = o.ref"
        " WHERE batch = ? AND (o.kind = 'paper' OR n.paper_id IS NOT NULL)"
        " GROUP BY 1 ORDER BY min(o.seq)",
        (batch.id,),
    ).fetchall()
    return Reverted(changed, wanted - changed, tuple(ref for (ref,) in papers))


def _collect(connection: sqlite3.Connection, target: int) -> None:
    """Put (kind, ref, field, value, before) of a batch into `reverting`: its net effect.

    A field that the batch changed twice (a note saved while it was written) counts from before
    the first to after the last.
    """
    connection.execute("DROP TABLE IF EXISTS temp.reverting")
    connection.execute(
        "CREATE TEMP TABLE reverting(kind TEXT, ref INTEGER, field TEXT, value TEXT, before TEXT,"
        " seq INTEGER, PRIMARY KEY (kind, field, ref)) STRICT, WITHOUT ROWID"
    )
    connection.execute(
        "INSERT INTO temp.reverting SELECT kind, ref, field, value, before, seq FROM op"
        " WHERE batch = ? ORDER BY seq"
        " ON CONFLICT (kind, field, ref) DO UPDATE SET value = excluded.value, seq = excluded.seq",
        (target,),
    )


def _revert_field(
    connection: sqlite3.Connection, batch: Batch, kind: str, field: str, target: int
) -> int:
    if kind == "paper" and field in STANDING:
        return _revert_standing(connection, batch, field, target)
    if kind == "paper" and field.startswith("tag:"):
        return _revert_tag(connection, batch, field)
    if kind == "paper" and field in WORK_COLUMNS:
        return _revert_work(connection, batch, field)
    if kind == "paper" and field == "citekey":
        return _revert_citekey(connection, batch)
    if kind == "note":
        return _revert_note(connection, batch, field)
    raise AssertionError(f"no undo for {kind} {field}")


def _write_ops(connection: sqlite3.Connection, batch: Batch, kind: str, field: str) -> int:
    """Write the ops that take back what is left in `reverting`; return their number."""
    return connection.execute(
        "INSERT INTO op(batch, kind, ref, field, value, before)"
        " SELECT ?, kind, ref, field, before, value FROM temp.reverting"
        " WHERE kind = ? AND field = ? ORDER BY seq",
        (batch.id, kind, field),
    ).rowcount


def _keep_where(
    connection: sqlite3.Connection, kind: str, field: str, condition: str, *extra: str
) -> None:
    """Drop from `reverting` the rows of a field that no longer hold what the batch wrote."""
    connection.execute(
        f"DELETE FROM temp.reverting WHERE kind = ? AND field = ? AND NOT ({condition})",
        (kind, field, *extra),
    )


def _revert_standing(connection: sqlite3.Connection, batch: Batch, field: str, target: int) -> int:
    _keep_where(
        connection, "paper", field,
        f"EXISTS (SELECT 1 FROM standing WHERE paper_id = ref AND {field} IS reverting.value)",
    )  # fmt: skip
    count = _write_ops(connection, batch, "paper", field)
    connection.execute(
        f"UPDATE standing SET {field} = r.before FROM temp.reverting r"
        " WHERE r.kind = 'paper' AND r.field = ? AND standing.paper_id = r.ref",
        (field,),
    )
    if field == "pile":
        _restore_decided(connection, chain(connection, target))
    return count


def _restore_decided(connection: sqlite3.Connection, links: list[int]) -> None:
    """Set `decided` to the moment of the decision that now holds.

    `links` is the chain of the batch taken back. Taking back an undo makes the first decision of
    the chain hold again. Taking back a decision makes the one before it hold: the latest original
    decision for the pile that the paper returns to.
    """
    first = links[-1]
    if len(links) % 2 == 0:
        connection.execute(
            "UPDATE standing SET decided = CASE WHEN r.before = 'inbox' THEN NULL ELSE"
            " (SELECT at FROM batch WHERE id = ?) END FROM temp.reverting r"
            " WHERE r.kind = 'paper' AND r.field = 'pile' AND standing.paper_id = r.ref",
            (first,),
        )
        return
    connection.execute(
        "UPDATE standing SET decided = CASE WHEN r.before = 'inbox' THEN NULL ELSE"
        " (SELECT b.at FROM op o JOIN batch b ON b.id = o.batch"
        "  WHERE o.kind = 'paper' AND o.ref = r.ref AND o.field = 'pile'"
        "  AND o.value = r.before AND b.undoes IS NULL AND b.id < ?"
        "  ORDER BY o.seq DESC LIMIT 1) END FROM temp.reverting r"
        " WHERE r.kind = 'paper' AND r.field = 'pile' AND standing.paper_id = r.ref",
        (first,),
    )


def _revert_tag(connection: sqlite3.Connection, batch: Batch, field: str) -> int:
    tag = field.removeprefix("tag:")
    _keep_where(
        connection, "paper", field,
        "EXISTS (SELECT 1 FROM tag WHERE tag.paper_id = ref AND tag.tag = ?)"
        " = (reverting.value IS NOT NULL)",
        tag,
    )  # fmt: skip
    count = _write_ops(connection, batch, "paper", field)
    of_field = "FROM temp.reverting WHERE kind = 'paper' AND field = ? AND before IS"
    connection.execute(
        f"INSERT OR IGNORE INTO tag(paper_id, tag) SELECT ref, ? {of_field} NOT NULL", (tag, field)
    )
    connection.execute(
        f"DELETE FROM tag WHERE tag = ? AND paper_id IN (SELECT ref {of_field} NULL)", (tag, field)
    )
    return count


def _revert_work(connection: sqlite3.Connection, batch: Batch, field: str) -> int:
    if field in SCHEMES:
        # An identifier that another paper has taken since stays there.
        folded = "lower(reverting.before)" if field == "doi" else "reverting.before"
        _keep_where(
            connection, "paper", field,
            f"NOT EXISTS (SELECT 1 FROM identifier i WHERE i.scheme = ? AND i.value = {folded}"
            " AND i.paper_id <> ref)",
            SCHEMES[field],
        )  # fmt: skip
    # A number is compared and put back as the text that ops hold; the column's type makes it one.
    _keep_where(
        connection, "paper", field,
        f"EXISTS (SELECT 1 FROM paper WHERE id = ref AND CAST({field} AS TEXT) IS reverting.value)",
    )  # fmt: skip
    count = _write_ops(connection, batch, "paper", field)
    rows = connection.execute(
        "SELECT ref, value, before FROM temp.reverting WHERE kind = 'paper' AND field = ?", (field,)
    ).fetchall()
    for ref, value, before in rows:
        put_field(connection, ref, field, before, value)
    return count


def put_field(
    connection: sqlite3.Connection, paper_id: int, field: str, value: str | None, before: str | None
) -> None:
    """Set one column of a work, and what follows from it: keys and identifiers.

    `value` and `before` are as ops hold them; numbers as text.
    """
    assert field in WORK_COLUMNS
    stored = value if value is not None or field in NUMBERS else ""
    connection.execute(f"UPDATE paper SET {field} = ? WHERE id = ?", (stored, paper_id))
    if field == "title":
        connection.execute(
            "UPDATE paper SET title_key = ? WHERE id = ?", (title_key(value or ""), paper_id)
        )
    if field == "authors":
        key = author_key(Work("", authors=authors_from_text(value or "[]")))
        connection.execute("UPDATE paper SET author_key = ? WHERE id = ?", (key, paper_id))
    scheme = SCHEMES.get(field)
    if scheme:
        if before:
            connection.execute(
                "DELETE FROM identifier WHERE scheme = ? AND value = ? AND paper_id = ?",
                (scheme, before.casefold() if scheme == "doi" else before, paper_id),
            )
        if value:
            connection.execute(
                "INSERT OR IGNORE INTO identifier(scheme, value, paper_id) VALUES (?, ?, ?)",
                (scheme, value.casefold() if scheme == "doi" else value, paper_id),
            )


def _revert_citekey(connection: sqlite3.Connection, batch: Batch) -> int:
    present = "FROM citekey c WHERE c.paper_id = ref AND c.state <> 'old'"
    _keep_where(
        connection, "paper", "citekey",
        f"CASE WHEN reverting.value IS NULL THEN NOT EXISTS (SELECT 1 {present})"
        f" ELSE EXISTS (SELECT 1 {present} AND c.key = reverting.value) END",
    )  # fmt: skip
    count = _write_ops(connection, batch, "paper", "citekey")
    rows = connection.execute(
        "SELECT ref, before FROM temp.reverting WHERE kind = 'paper' AND field = 'citekey'"
    ).fetchall()
    for ref, before in rows:
        connection.execute("UPDATE citekey SET state = 'old' WHERE paper_id = ?", (ref,))
        if before is not None:
            # By its folded form: it may be the same key in another spelling.
            connection.execute(
                "UPDATE citekey SET state = 'final', key = ? WHERE paper_id = ? AND folded = ?",
                (before, ref, fold_key(before)),
            )
    return count


def _revert_note(connection: sqlite3.Connection, batch: Batch, field: str) -> int:
    column = {"text": "revision", "title": "title"}[field]
    _keep_where(
        connection, "note", field,
        f"EXISTS (SELECT 1 FROM note WHERE id = ref AND {column} IS reverting.value)",
    )  # fmt: skip
    count = _write_ops(connection, batch, "note", field)
    of_field = "FROM temp.reverting r WHERE r.kind = 'note' AND r.field = ? AND note.id = r.ref"
    if field == "title":
        connection.execute(
            f"UPDATE note SET title = coalesce(r.before, ''), updated = ? {of_field}",
            (batch.at, field),
        )
        return count
    connection.execute(
        "UPDATE note SET revision = r.before, updated = ?, body = coalesce("
        f"(SELECT body FROM note_revision WHERE uid = r.before), '') {of_field}",
        (batch.at, field),
    )
    return count


def _is_add(connection: sqlite3.Connection, target: int) -> bool:
    return (
        connection.execute(
            "SELECT 1 FROM batch WHERE id = ? AND origin = ? AND undoes IS NULL",
            (target, Origin.ADD),
        ).fetchone()
        is not None
    )


def _remove_brought(connection: sqlite3.Connection, batch: Batch, target: int) -> tuple[int, int]:
    """Remove what an add brought and nobody touched since; return (removed, left alone).

    Touched means: a decision that holds says anything of the paper or of a note on it, or another
    add that holds listed it. A paper counts as brought by the first add that listed it and was not
    taken back.
    """
    _collect_decisions_since(connection, target, batch.id)
    _collect_dead_adds(connection)
    other_add = (
        "SELECT 1 FROM listing l WHERE l.paper_id = s.paper_id AND l.batch <> :add"
        " AND l.batch NOT IN (SELECT id FROM temp.dead_add)"
    )
    decided = (
        "EXISTS (SELECT 1 FROM op o WHERE o.kind = 'paper' AND o.ref = s.paper_id"
        "  AND o.batch IN (SELECT id FROM temp.deciding))"
        " OR EXISTS (SELECT 1 FROM note n JOIN op o ON o.kind = 'note' AND o.ref = n.id"
        "  WHERE n.paper_id = s.paper_id AND o.batch IN (SELECT id FROM temp.deciding))"
    )
    mine = (
        "s.removed IS NULL AND s.paper_id IN (SELECT paper_id FROM listing WHERE batch = :add)"
        f" AND NOT EXISTS ({other_add} AND l.batch < :add)"
    )
    touched = f"EXISTS ({other_add}) OR {decided}"
    (left,) = connection.execute(
        f"SELECT count(*) FROM standing s WHERE {mine} AND ({touched})", {"add": target}
    ).fetchone()
    papers = connection.execute(
        f"SELECT s.paper_id FROM standing s WHERE {mine} AND NOT ({touched})", {"add": target}
    ).fetchall()
    decisions.set_targets(connection, (paper_id for (paper_id,) in papers))
    return decisions.remove(connection, batch), int(left)


def _collect_dead_adds(connection: sqlite3.Connection) -> None:
    """Fill `dead_add` with the adds that have been taken back."""
    connection.execute("DROP TABLE IF EXISTS temp.dead_add")
    connection.execute("CREATE TEMP TABLE dead_add(id INTEGER PRIMARY KEY) STRICT")
    connection.executemany(
        "INSERT INTO temp.dead_add VALUES (?)",
        (
            (line.id,)
            for line in newest_first(connection)
            if line.origin is Origin.ADD and not line.is_live
        ),
    )


def _collect_decisions_since(connection: sqlite3.Connection, target: int, own: int) -> None:
    """Fill `deciding` with the batches after `target` that hold and take nothing back."""
    connection.execute("DROP TABLE IF EXISTS temp.deciding")
    connection.execute("CREATE TEMP TABLE deciding(id INTEGER PRIMARY KEY) STRICT")
    connection.executemany(
        "INSERT INTO temp.deciding VALUES (?)",
        (
            (line.id,)
            for line in newest_first(connection, not_before=target + 1)
            if line.is_live and line.id != own and not is_undo(connection, line.id)
        ),
    )
