"""Citation keys in the tray: given once, unique whatever their case, never reused.

A key is provisional until it first leaves the tray (exported, copied), then final. Provisional
keys follow authors, title and year as these arrive; final and pinned ones never change.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence

from papertray.core.citekeys import citekey_of, first_free, fold_key
from papertray.store.rows import first_author_from_text
from papertray.store.tray import Tray

CHUNK = 1000
"""Papers that get their keys in one transaction."""

MADE_OF = frozenset({"authors", "title", "year", "arxiv_id"})
"""The columns of `paper` that a key is made of."""


def give(connection: sqlite3.Connection, paper_ids: Iterable[int]) -> int:
    """Give a provisional key to each of the papers that has none; return how many got one.

    Oldest paper first, so that the same papers get the same keys whatever order they come in. One
    pass, however many they are. The caller holds a write transaction.
    """
    wanted = connection.execute(
        "SELECT p.id, p.uid, p.title, p.authors, p.year, p.arxiv_id"
        " FROM paper p WHERE p.id IN (SELECT value FROM json_each(?))"
        " AND NOT EXISTS (SELECT 1 FROM citekey c WHERE c.paper_id = p.id AND c.state <> 'old')"
        " ORDER BY p.id",
        (json.dumps(list(paper_ids)),),
    ).fetchall()
    bases = [
        citekey_of(first_author_from_text(authors), title, year, arxiv_id, uid)
        for _, uid, title, authors, year, arxiv_id in wanted
    ]
    free = first_free(bases, _taken(connection, bases))
    connection.executemany(
        "INSERT INTO citekey(folded, key, paper_id, state) VALUES (?, ?, ?, 'provisional')",
        # By paper, not by key: the foreign key is looked up in wide rows, the keys fit the cache.
        (
            (folded, key, paper_id)
            for (folded, key), (paper_id, *_) in zip(free, wanted, strict=True)
        ),
    )
    return len(wanted)


def _taken(connection: sqlite3.Connection, bases: Iterable[str]) -> set[str]:
    """Return, folded, the keys in the tray that begin with one of `bases`."""
    rows = connection.execute(
        "SELECT c.folded FROM json_each(?) base CROSS JOIN citekey c"
        " ON c.folded >= base.value AND c.folded < base.value || x'F48FBFBF'",
        (json.dumps(sorted(set(map(fold_key, bases)))),),
    )
    return {folded for (folded,) in rows}


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
