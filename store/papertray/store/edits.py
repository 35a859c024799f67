"""Editing what the tray says of a work: one op for each field that changed."""

from __future__ import annotations

import sqlite3

from papertray.core.citekeys import fold_key, is_citekey
from papertray.core.errors import UsageError
from papertray.core.identity import author_key, title_key
from papertray.core.model import Work
from papertray.store.decisions import write_op
from papertray.store.identifiers import SCHEMES, owner_of, pair_of
from papertray.store.journal import Batch
from papertray.store.rows import (
    WORK_COLUMNS,
    Value,
    authors_from_text,
    work_from_row,
    work_to_row,
)

NUMBERS = frozenset({"year", "month", "day"})


def edit_work(
    connection: sqlite3.Connection, batch: Batch, paper_id: int, work: Work, base: Work
) -> int:
    """Change those fields of a paper in which `work` differs from `base`; return how many did.

    `base` is what the editing began from: a field that somebody else changed meanwhile, and that
    was left alone here, keeps the other's value. Raises `UsageError` when the DOI or arXiv id
    belongs to another paper.
    """
    row = connection.execute(
        f"SELECT {', '.join(WORK_COLUMNS)} FROM paper WHERE id = ?", (paper_id,)
    ).fetchone()
    before = work_to_row(work_from_row(row))
    after, begun = work_to_row(work), work_to_row(base)
    changed = [
        name for name in WORK_COLUMNS if begun[name] != after[name] and before[name] != after[name]
    ]
    for name in changed:
        _check_free(connection, paper_id, name, after[name])
        old, new = _as_text(before[name]), _as_text(after[name])
        write_op(connection, batch, "paper", paper_id, name, new, old)
        put_field(connection, paper_id, name, new, old)
    return len(changed)


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
    if field in SCHEMES:
        if before:
            connection.execute(
                "DELETE FROM identifier WHERE scheme = ? AND value = ? AND paper_id = ?",
                (*pair_of(field, before), paper_id),
            )
        # Both: a DOI of arXiv's own and the arXiv id are one name.
        rows = connection.execute("SELECT doi, arxiv_id FROM paper WHERE id = ?", (paper_id,))
        for name, present in zip(SCHEMES, rows.fetchone(), strict=True):
            if present:
                connection.execute(
                    "INSERT OR IGNORE INTO identifier(scheme, value, paper_id) VALUES (?, ?, ?)",
                    (*pair_of(name, present), paper_id),
                )


def pin_citekey(connection: sqlite3.Connection, batch: Batch, paper_id: int, key: str) -> int:
    """Give a paper the key that its owner chose; the old one still resolves.

    Raises `UsageError` when another paper has or had the key.
    """
    if not is_citekey(key):
        raise UsageError(
            f"{key} cannot be a citation key; use letters, digits and _ : . / + -, and not only "
            "digits."
        )
    row = connection.execute(
        "SELECT paper_id FROM citekey WHERE folded = ?", (fold_key(key),)
    ).fetchone()
    if row is not None and row[0] != paper_id:
        raise UsageError(
            f"The citation key {key} belongs to paper {row[0]}, and keys are never given twice; "
            "choose another."
        )
    present = connection.execute(
        "SELECT key FROM citekey WHERE paper_id = ? AND state <> 'old'", (paper_id,)
    ).fetchone()
    if present is not None and present[0] == key:
        return 0
    connection.execute("UPDATE citekey SET state = 'old' WHERE paper_id = ?", (paper_id,))
    connection.execute(
        "INSERT INTO citekey(folded, key, paper_id, state) VALUES (?, ?, ?, 'pinned')"
        " ON CONFLICT(folded) DO UPDATE SET key = excluded.key, state = 'pinned'",
        (fold_key(key), key, paper_id),
    )
    before = None if present is None else present[0]
    write_op(connection, batch, "paper", paper_id, "citekey", key, before)
    return 1


def _check_free(connection: sqlite3.Connection, paper_id: int, name: str, value: Value) -> None:
    if name not in SCHEMES or not value:
        return
    owner = owner_of(connection, name, str(value))
    if owner not in (None, paper_id):
        raise UsageError(
            f"Paper {owner} has the {'DOI' if name == 'doi' else 'arXiv id'} {value} already; "
            f"look at it with `papertray show {owner}`."
        )


def _as_text(value: Value) -> str | None:
    return None if value is None else str(value)
