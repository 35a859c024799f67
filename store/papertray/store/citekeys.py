"""Citation keys in the tray: given once, unique whatever their case, never reused.

A key is provisional until it first leaves the tray (exported, copied), then final. Provisional
keys follow authors, title and year as these arrive; final and pinned ones never change.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence

from papertray.core.citekeys import citekey, fold_key, is_citekey, suffixed
from papertray.store.rows import WORK_COLUMNS, work_from_row
from papertray.store.tray import Tray

CHUNK = 1000
"""Papers that get their keys in one transaction."""

FEW = 30
"""Suffixes tried one by one before the keys of a name are counted."""


def give(connection: sqlite3.Connection, paper_ids: Iterable[int]) -> int:
    """Give a provisional key to each of the papers that has none; return how many got one.

    Oldest paper first, so that the same papers get the same keys whatever order they come in. The
    caller holds a write transaction.
    """
    wanted = connection.execute(
        f"SELECT p.id, p.uid, {', '.join('p.' + name for name in WORK_COLUMNS)}"
        " FROM (SELECT DISTINCT value FROM json_each(?)) w JOIN paper p ON p.id = w.value"
        " WHERE NOT EXISTS (SELECT 1 FROM citekey c WHERE c.paper_id = p.id AND c.state <> 'old')"
        " ORDER BY p.id",
        (json.dumps(list(paper_ids)),),
    ).fetchall()
    for paper_id, uid, *columns in wanted:
        base = citekey(work_from_row(tuple(columns)), uid)
        _insert_free(connection, base, paper_id)
    return len(wanted)


def _insert_free(connection: sqlite3.Connection, base: str, paper_id: int) -> str:
    """Store the first of base, basea, baseb … that nobody has or had; return it."""
    number = 0
    while True:
        if number == FEW:
            # Many papers of one name: start behind those there are, not at the first again.
            number = max(number, _keys_like(connection, base))
        key = suffixed(base, number)
        inserted = connection.execute(
            "INSERT OR IGNORE INTO citekey(folded, key, paper_id, state)"
            " VALUES (?, ?, ?, 'provisional')",
            (fold_key(key), key, paper_id),
        ).rowcount
        if inserted:
            return key
        number += 1


def _keys_like(connection: sqlite3.Connection, base: str) -> int:
    """Return how many keys begin with `base`: at most so many of its suffixes are taken."""
    folded = fold_key(base)
    row = connection.execute(
        "SELECT count(*) FROM citekey WHERE folded >= ? AND folded < ? || x'F48FBFBF'",
        (folded, folded),
    ).fetchone()
    return int(row[0])


def recompute(connection: sqlite3.Connection, paper_ids: Sequence[int]) -> None:
    """Recompute the provisional keys of papers whose authors, title or year changed."""
    chosen = connection.execute(
        "SELECT DISTINCT paper_id FROM citekey JOIN json_each(?) w ON paper_id = w.value"
        " WHERE state = 'provisional'",
        (json.dumps(list(paper_ids)),),
    ).fetchall()
    if not chosen:
        return
    ids = [paper_id for (paper_id,) in chosen]
    connection.executemany(
        "DELETE FROM citekey WHERE paper_id = ? AND state = 'provisional'", chosen
    )
    give(connection, ids)


def finalise(connection: sqlite3.Connection, paper_ids: Iterable[int]) -> None:
    """Fix the keys of papers that leave the tray: from now on they never change."""
    ids = list(paper_ids)
    give(connection, ids)
    connection.execute(
        "UPDATE citekey SET state = 'final' WHERE state = 'provisional'"
        " AND paper_id IN (SELECT value FROM json_each(?))",
        (json.dumps(ids),),
    )


def finalise_all(tray: Tray, paper_ids: Sequence[int]) -> None:
    """Fix the keys of any number of papers, a chunk a transaction.

    Nothing is written where all of them are final: a tray that cannot be written can still be
    exported.
    """
    for start in range(0, len(paper_ids), CHUNK):
        chunk = paper_ids[start : start + CHUNK]
        if not _are_final(tray.reader(), chunk):
            with tray.write() as connection:
                finalise(connection, chunk)


def _are_final(connection: sqlite3.Connection, paper_ids: Sequence[int]) -> bool:
    (count,) = connection.execute(
        "SELECT count(*) FROM citekey WHERE state IN ('final', 'pinned')"
        " AND paper_id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(paper_ids)),),
    ).fetchone()
    return bool(count == len(set(paper_ids)))


def bring(connection: sqlite3.Connection, paper_id: int, key: str) -> bool:
    """Keep the key that a bibliography brought, as pinned. False when it cannot be.

    A key that is none, or that another paper has, is left out.
    """
    if not is_citekey(key):
        return False
    row = connection.execute(
        "SELECT paper_id FROM citekey WHERE folded = ?", (fold_key(key),)
    ).fetchone()
    if row is not None:
        return bool(row[0] == paper_id)
    fixed = connection.execute(
        "SELECT 1 FROM citekey WHERE paper_id = ? AND state IN ('final', 'pinned')", (paper_id,)
    ).fetchone()
    if fixed is None:
        connection.execute(
            "DELETE FROM citekey WHERE paper_id = ? AND state = 'provisional'", (paper_id,)
        )
    connection.execute(
        "INSERT INTO citekey(folded, key, paper_id, state) VALUES (?, ?, ?, ?)",
        (fold_key(key), key, paper_id, "pinned" if fixed is None else "old"),
    )
    return True
