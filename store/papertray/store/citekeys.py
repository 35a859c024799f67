"""Citation keys in the tray: given once, unique whatever their case, never reused.

A key is provisional until it first leaves the tray (exported, copied), then final. Provisional
keys follow authors, title and year as these arrive; final and pinned ones never change.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from papertray.core.citekeys import citekey_of, first_free, fold_key, parse_formula, suffixed
from papertray.store.decisions import write_op
from papertray.store.journal import Batch
from papertray.store.rows import first_authors_from_text
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
    bases = _bases(connection, wanted)
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


_Made: TypeAlias = tuple[int, str, str, str, int | None, str]
"""What a key is made of: id, uid, title, authors, year, arXiv id."""


def _bases(connection: sqlite3.Connection, papers: Sequence[_Made]) -> list[str]:
    """Return the keys that papers should have, by the formula of the tray."""
    (text,) = connection.execute("SELECT citekey_formula()").fetchone()
    formula = parse_formula(text)
    most = formula.most_authors
    return [
        citekey_of(first_authors_from_text(authors, most), title, year, arxiv_id, uid, formula)
        for _, uid, title, authors, year, arxiv_id in papers
    ]


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


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a refresh did: `changed` holds the old and the new key of each paper that changed.

    `pinned` counts papers that were left alone because their keys are pinned, `keyless` those that
    have no key yet.
    """

    changed: tuple[tuple[str, str], ...] = ()
    pinned: int = 0
    keyless: int = 0


def refresh(
    connection: sqlite3.Connection, batch: Batch, paper_ids: Sequence[int], *, pinned: bool
) -> Refreshed:
    """Give papers the keys that the formula gives them now, with ops; the old ones still resolve.

    A key that a paper has or had itself is free for it. `pinned` says whether keys that are pinned
    change too. New keys are final: whoever asks for them is going to use them.
    """
    rows = connection.execute(
        "SELECT p.id, p.uid, p.title, p.authors, p.year, p.arxiv_id, c.key, c.state"
        " FROM json_each(?) w JOIN paper p ON p.id = w.value"
        " LEFT JOIN citekey c ON c.paper_id = p.id AND c.state <> 'old' ORDER BY p.id",
        (json.dumps(list(paper_ids)),),
    ).fetchall()
    keyed = [row for row in rows if row[6] is not None]
    chosen = [row for row in keyed if pinned or row[7] != "pinned"]
    bases = _bases(connection, [row[:6] for row in chosen])
    taken = _taken(connection, bases)
    owners = dict(
        connection.execute(
            "SELECT c.folded, c.paper_id FROM json_each(?) w"
            " JOIN citekey c ON c.paper_id = w.value",
            (json.dumps([row[0] for row in chosen]),),
        ).fetchall()
    )
    changed = []
    for (paper_id, *_, present, _), base in zip(chosen, bases, strict=True):
        folded_base, number = fold_key(base), 0
        while (folded := suffixed(folded_base, number)) in taken and owners.get(folded) != paper_id:
            number += 1
        key = suffixed(base, number)
        taken.add(folded)
        if key == present:
            continue
        connection.execute("UPDATE citekey SET state = 'old' WHERE paper_id = ?", (paper_id,))
        connection.execute(
            "INSERT INTO citekey(folded, key, paper_id, state) VALUES (?, ?, ?, 'final')"
            " ON CONFLICT(folded) DO UPDATE SET key = excluded.key, state = 'final'",
            (folded, key, paper_id),
        )
        write_op(connection, batch, "paper", paper_id, "citekey", key, present)
        changed.append((present, key))
    return Refreshed(tuple(changed), len(keyed) - len(chosen), len(rows) - len(keyed))


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
