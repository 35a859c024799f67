"""Taking a batch back: set by set, and only where nothing came after.

Undoing a batch writes another one, whose ops put back what stood before, for every field that
still holds what the batch wrote. What was changed since is left alone and counted.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from papertray.core.citekeys import fold_key
from papertray.store import apart, attachments, citekeys, decisions, rows_undone
from papertray.store.adds_undone import is_add, remove_brought
from papertray.store.chains import chain
from papertray.store.edits import put_field
from papertray.store.identifiers import SCHEMES
from papertray.store.journal import Batch
from papertray.store.repointing import REPOINTED, put_back
from papertray.store.reverting import keep_where, write_ops
from papertray.store.rows import WORK_COLUMNS

STANDING = frozenset(decisions.STANDING)


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
    (wanted,) = connection.execute("SELECT count(*) FROM temp.reverting").fetchone()
    fields = connection.execute(
        "SELECT DISTINCT kind, field FROM temp.reverting ORDER BY kind, field"
    ).fetchall()
    is_merge = any(_is_of_merge(kind, field) for kind, field in fields)
    changed = _put_rows_back(connection, batch, fields) if is_merge else 0
    standing = [field for kind, field in fields if kind == "paper" and field in STANDING]
    if "removed" in standing:
        # What another one stands for stays out of sight.
        keep_where(
            connection, "paper", "removed",
            "before IS NOT NULL OR"
            " ref NOT IN (SELECT id FROM paper WHERE merged_into IS NOT NULL)",
        )  # fmt: skip
    changed += _revert_standing(connection, batch, standing, target) if standing else 0
    if any(kind == "paper" and field.startswith(attachments.FIELD) for kind, field in fields):
        changed += attachments.put_back(connection, batch)
    if any(kind == "feed" for kind, _ in fields):
        rows_undone.keep_places_apart(connection)
    for kind, field in fields:
        if not _is_done_together(kind, field):
            changed += _revert_field(connection, batch, kind, field)
    if is_add(connection, target):
        removed, touched = remove_brought(connection, batch, target)
        changed, wanted = changed + removed, wanted + removed + touched
    papers = connection.execute(
        "SELECT coalesce(n.paper_id, o.ref) FROM op o"
        " LEFT JOIN note n ON o.kind = 'note' AND n.id = o.ref"
        " WHERE batch = ? AND (o.kind = 'paper' OR n.paper_id IS NOT NULL)"
        " GROUP BY 1 ORDER BY min(o.seq)",
        (batch.id,),
    ).fetchall()
    return Reverted(changed, wanted - changed, tuple(ref for (ref,) in papers))


def _is_done_together(kind: str, field: str) -> bool:
    """Tell whether ops of this name are not put back field by field."""
    is_whole = field in STANDING or field.startswith(attachments.FIELD)
    return (kind == "paper" and is_whole) or _is_of_merge(kind, field)


def _is_of_merge(kind: str, field: str) -> bool:
    """Tell whether ops of this name are put back by `_put_rows_back`."""
    return field in ("merged_into", "paper_id") or kind in REPOINTED.keys() - {"note"}


def _put_rows_back(
    connection: sqlite3.Connection, batch: Batch, fields: Sequence[tuple[str, str]]
) -> int:
    """Put back what a merge moved, before anything else: other fields look at what is whose."""
    kinds = {kind for kind, _ in fields}
    changed = sum(put_back(connection, batch, r) for k, r in REPOINTED.items() if k in kinds)
    return changed + _revert_column(connection, batch, "merged_into")


def _revert_column(connection: sqlite3.Connection, batch: Batch, field: str) -> int:
    """Put back a column of `paper` that nothing follows from."""
    keep_where(
        connection, "paper", field,
        f"EXISTS (SELECT 1 FROM paper WHERE id = ref AND CAST({field} AS TEXT) IS reverting.value)",
    )  # fmt: skip
    count = write_ops(connection, batch, "paper", field)
    connection.execute(
        f"UPDATE paper SET {field} = r.before FROM temp.reverting r"
        " WHERE r.kind = 'paper' AND r.field = ? AND paper.id = r.ref",
        (field,),
    )
    return count


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


def _revert_field(connection: sqlite3.Connection, batch: Batch, kind: str, field: str) -> int:
    if kind == "paper" and field.startswith("tag:"):
        return _revert_tag(connection, batch, field)
    if kind == "paper" and field in WORK_COLUMNS:
        return _revert_work(connection, batch, field)
    if kind == "paper" and field == "extra":
        return _revert_column(connection, batch, field)
    if kind == "paper" and field == "citekey":
        return _revert_citekey(connection, batch)
    if kind == "note":
        return _revert_note(connection, batch, field)
    if kind == apart.KIND:
        return apart.put_back(connection, batch, field)
    if kind in rows_undone.TABLES and field in rows_undone.TABLES[kind][1]:
        return rows_undone.put_back(connection, batch, kind, field)
    raise AssertionError(f"no undo for {kind} {field}")


def _revert_standing(
    connection: sqlite3.Connection, batch: Batch, fields: Sequence[str], target: int
) -> int:
    """Put back any of the fields of `standing`, with one write a paper whatever their number."""
    count = 0
    for field in fields:
        keep_where(
            connection, "paper", field,
            f"EXISTS (SELECT 1 FROM standing WHERE paper_id = ref AND {field} IS reverting.value)",
        )  # fmt: skip
        count += write_ops(connection, batch, "paper", field)
    settings = [
        f"{field} = iif({field}_.ref IS NULL, {field}, {field}_.before)" for field in fields
    ]
    if "pile" in fields:
        settings.append(f"decided = {_decided(connection, target)}")
    any_of_them = ", ".join(f"'{field}'" for field in fields)
    connection.execute(
        f"UPDATE standing SET {', '.join(settings)} FROM (SELECT DISTINCT ref FROM temp.reverting"
        f" WHERE kind = 'paper' AND field IN ({any_of_them})) r"
        + "".join(
            f" LEFT JOIN temp.reverting {field}_ ON {field}_.kind = 'paper'"
            f" AND {field}_.field = '{field}' AND {field}_.ref = r.ref"
            for field in fields
        )
        + " WHERE standing.paper_id = r.ref"
    )
    return count


def _decided(connection: sqlite3.Connection, target: int) -> str:
    """Return, as SQL, the moment of the decision that holds once `target` is taken back.

    Taking back an undo makes the first decision of the chain hold again. Taking back a decision
    makes the one before it hold: the latest original decision for the pile that the paper returns
    to. Where the pile stays as it is, so does the moment.
    """
    links = chain(connection, target)
    first = links[-1]
    if len(links) % 2 == 0:
        moment = f"(SELECT at FROM batch WHERE id = {first})"
    else:
        moment = (
            "(SELECT b.at FROM op o JOIN batch b ON b.id = o.batch WHERE o.kind = 'paper'"
            " AND o.ref = pile_.ref AND o.field = 'pile' AND o.value = pile_.before"
            f" AND b.undoes IS NULL AND b.id < {first} ORDER BY o.seq DESC LIMIT 1)"
        )
    return (
        "CASE WHEN pile_.ref IS NULL THEN decided WHEN pile_.before = 'inbox' THEN NULL"
        # What a library brought lies outside the inbox without a decision.
        f" ELSE coalesce({moment}, standing.added) END"
    )


def _revert_tag(connection: sqlite3.Connection, batch: Batch, field: str) -> int:
    tag = field.removeprefix("tag:")
    keep_where(
        connection, "paper", field,
        "EXISTS (SELECT 1 FROM tag WHERE tag.paper_id = ref AND tag.tag = ?)"
        " = (reverting.value IS NOT NULL)",
        tag,
    )  # fmt: skip
    count = write_ops(connection, batch, "paper", field)
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
        keep_where(
            connection, "paper", field,
            f"NOT EXISTS (SELECT 1 FROM identifier i WHERE i.scheme = ? AND i.value = {folded}"
            " AND i.paper_id <> ref)",
            SCHEMES[field],
        )  # fmt: skip
    # A number is compared and put back as the text that ops hold; the column's type makes it one.
    keep_where(
        connection, "paper", field,
        f"EXISTS (SELECT 1 FROM paper WHERE id = ref AND CAST({field} AS TEXT) IS reverting.value)",
    )  # fmt: skip
    count = write_ops(connection, batch, "paper", field)
    rows = connection.execute(
        "SELECT ref, value, before FROM temp.reverting WHERE kind = 'paper' AND field = ?", (field,)
    ).fetchall()
    for ref, value, before in rows:
        put_field(connection, ref, field, before, value)
    if field in citekeys.MADE_OF:
        citekeys.recompute(connection, [ref for ref, _, _ in rows])
    return count


def _revert_citekey(connection: sqlite3.Connection, batch: Batch) -> int:
    present = "FROM citekey c WHERE c.paper_id = ref AND c.state <> 'old'"
    keep_where(
        connection, "paper", "citekey",
        f"CASE WHEN reverting.value IS NULL THEN NOT EXISTS (SELECT 1 {present})"
        f" ELSE EXISTS (SELECT 1 {present} AND c.key = reverting.value) END",
    )  # fmt: skip
    count = write_ops(connection, batch, "paper", "citekey")
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
    column = {"text": "revision", "title": "title", "is_main": "is_main"}[field]
    keep_where(
        connection, "note", field,
        "EXISTS (SELECT 1 FROM note"
        f" WHERE id = ref AND CAST({column} AS TEXT) IS reverting.value)",
    )  # fmt: skip
    count = write_ops(connection, batch, "note", field)
    of_field = "FROM temp.reverting r WHERE r.kind = 'note' AND r.field = ? AND note.id = r.ref"
    if field == "is_main":
        connection.execute(f"UPDATE note SET is_main = r.before {of_field}", (field,))
        return count
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
