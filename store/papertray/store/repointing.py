"""Rows that a merge takes from one paper to another, and an undo takes back: one op each.

Such an op has the paper now as value and the paper before as `before`. What row it means, its kind,
`ref` and `field` say: `REPOINTED` says how.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from papertray.store.journal import Batch


@dataclass(frozen=True, slots=True)
class Repointed:
    """Rows of one table that belong to papers, as ops name them.

    `ref` and `field` are SQL over a row `t` of the table: what its op holds. `is_op` is SQL over an
    op `r`: whether it is about a row `t` (whoever has it). `is_per_paper` says that each paper may
    have a row of this name, so that one can be in the way.
    """

    kind: str
    table: str
    ref: str
    field: str
    is_op: str
    is_per_paper: bool = False


_BY_ID = ("t.id", "'paper_id'", "r.field = 'paper_id' AND t.id = r.ref")

_ALL = (
    # First: what a DOI or arXiv id of a paper leads to is looked at when these are put back.
    Repointed(
        "identifier", "identifier", "t.paper_id", "t.scheme || ':' || t.value",
        "t.scheme = substr(r.field, 1, instr(r.field, ':') - 1)"
        " AND t.value = substr(r.field, instr(r.field, ':') + 1)",
    ),
    Repointed("listing", "listing", *_BY_ID),
    Repointed("note", "note", *_BY_ID),
    Repointed("attachment", "attachment", *_BY_ID),
    Repointed("citekey", "citekey", "t.paper_id", "t.folded", "t.folded = r.field"),
    Repointed(
        "version", "versions", "t.paper_id", "CAST(t.version AS TEXT)",
        "t.version = CAST(r.field AS INTEGER)", is_per_paper=True,
    ),
    Repointed(
        "original", "original", "t.paper_id", "t.field", "t.field = r.field", is_per_paper=True
    ),
)  # fmt: skip

REPOINTED = {rows.kind: rows for rows in _ALL}
"""What goes with a paper into another, by the kind of its ops, in the order of taking back."""


def repoint(
    connection: sqlite3.Connection,
    batch: Batch,
    rows: Repointed,
    loser: int,
    survivor: int,
    condition: str = "TRUE",
) -> int:
    """Give the rows of `loser` to `survivor`, with ops; return how many.

    Rows that fail `condition`, SQL over a row `t`, stay, and so do those of a name that the
    survivor has one of.
    """
    if rows.is_per_paper:
        condition += (
            f" AND {rows.field} NOT IN"
            f" (SELECT {rows.field} FROM {rows.table} t WHERE t.paper_id = {survivor:d})"
        )
    chosen = f"t.paper_id = {loser:d} AND {condition}"
    connection.execute(
        "INSERT INTO op(batch, kind, ref, field, value, before)"
        f" SELECT ?, '{rows.kind}', {rows.ref}, {rows.field}, ?, ? FROM {rows.table} t"
        f" WHERE {chosen} ORDER BY 3, 4",
        (batch.id, str(survivor), str(loser)),
    )
    return connection.execute(
        f"UPDATE {rows.table} AS t SET paper_id = ? WHERE {chosen}", (survivor,)
    ).rowcount


def put_back(connection: sqlite3.Connection, batch: Batch, rows: Repointed) -> int:
    """Take back what of ops of this kind in `temp.reverting` still lies where they put it."""
    mine = f"r.kind = '{rows.kind}'"
    if rows.field == "'paper_id'":
        mine += " AND r.field = 'paper_id'"
    lies_there = (
        f"EXISTS (SELECT 1 FROM {rows.table} t WHERE {rows.is_op}"
        " AND t.paper_id = CAST(r.value AS INTEGER))"
    )
    if rows.is_per_paper:
        lies_there += (
            f" AND NOT EXISTS (SELECT 1 FROM {rows.table} t WHERE {rows.is_op}"
            " AND t.paper_id = CAST(r.before AS INTEGER))"
        )
    connection.execute(f"DELETE FROM temp.reverting AS r WHERE {mine} AND NOT ({lies_there})")
    count = connection.execute(
        "INSERT INTO op(batch, kind, ref, field, value, before)"
        f" SELECT ?, kind, ref, field, before, value FROM temp.reverting r WHERE {mine}"
        " ORDER BY seq",
        (batch.id,),
    ).rowcount
    connection.execute(
        f"UPDATE {rows.table} AS t SET paper_id = CAST(r.before AS INTEGER)"
        f" FROM temp.reverting r WHERE {mine} AND {rows.is_op}"
        " AND t.paper_id = CAST(r.value AS INTEGER)"
    )
    return count
