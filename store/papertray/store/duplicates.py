"""Papers that may be one work: looking through a whole tray for pairs, block by block.

Comparing each paper with each would never end, so they are compared within blocks: those that share
the first author's surname, and those whose titles begin alike, whoever wrote them.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import groupby

from papertray.core.identifiers import doi_name
from papertray.core.likeness import Features, Pair, features, pairs_within
from papertray.store.apart import pairs_apart

BEGINNING = 12
"""Letters and digits of titles that begin alike."""

CHUNK = 1000
"""Pairs whose identifiers are looked up at once."""

_BLOCKS = ("author_key", f"substr(title_key, 1, {BEGINNING})")

_NAMES_NO_WORK = frozenset({"uid", "url"})


def find_pairs(
    connection: sqlite3.Connection,
    wanted: Collection[int] | None,
    progress: Callable[[int, int], None],
) -> list[Pair]:
    """Return the pairs of papers that may be one work, the most alike first.

    With `wanted` only pairs that hold one of these papers. Two papers with different ids of one
    scheme are two works, and so are two that their owner keeps apart. `progress` is called with
    papers looked at, of how many (each is looked at once for each kind of block).
    """
    (papers,) = connection.execute("SELECT ifnull(sum(papers), 0) FROM pile_count").fetchone()
    total, done = len(_BLOCKS) * papers, 0
    is_wanted = None if wanted is None else set(wanted).__contains__
    found: dict[tuple[int, int], Pair] = {}
    for expression in _BLOCKS:
        for block in _blocks(connection, expression, wanted):
            done += len(block)
            if len(block) > 1:
                found.update(((p.one, p.other), p) for p in pairs_within(block, is_wanted))
            progress(done, total)
    apart = _proven_apart(connection, list(found.values()))
    pairs = sorted(set(found.values()) - apart, key=lambda pair: pair.order)
    return still_pairs(connection, pairs)


def still_pairs(connection: sqlite3.Connection, pairs: Sequence[Pair]) -> list[Pair]:
    """Return those of some pairs that were not merged, removed or kept apart meanwhile."""
    apart = pairs_apart(connection)
    gone = {
        paper_id
        for (paper_id,) in connection.execute(
            "SELECT s.paper_id FROM json_each(?) wanted"
            " CROSS JOIN standing s ON s.paper_id = wanted.value WHERE s.removed IS NOT NULL",
            (json.dumps([id_ for pair in pairs for id_ in (pair.one, pair.other)]),),
        )
    }
    return [
        pair
        for pair in pairs
        if (pair.one, pair.other) not in apart and gone.isdisjoint((pair.one, pair.other))
    ]


def _blocks(
    connection: sqlite3.Connection, expression: str, wanted: Collection[int] | None
) -> Iterator[list[Features]]:
    """Yield the papers that agree in an expression over their columns, where that is not empty."""
    within = f"{expression} <> ''"
    parameters: tuple[str, ...] = ()
    if wanted is not None:
        within = (
            f"{expression} IN (SELECT {expression} FROM json_each(?) w"
            f" JOIN paper ON paper.id = w.value WHERE {within})"
        )
        parameters = (json.dumps(list(wanted)),)
    rows = connection.execute(
        f"SELECT {expression}, id, title, author_key, year, doi, arxiv_id FROM paper"
        f" WHERE {within} AND merged_into IS NULL"
        " AND EXISTS (SELECT 1 FROM standing WHERE paper_id = id AND removed IS NULL) ORDER BY 1",
        parameters,
    )
    for _, block in groupby(rows, key=lambda row: row[0]):
        yield [
            features(id_, title, surname, year, _folded(doi), arxiv_id)
            for _, id_, title, surname, year, doi, arxiv_id in block
        ]


def _folded(doi: str) -> str:
    scheme, value = doi_name(doi)
    return value if scheme == "doi" else ""


def _proven_apart(connection: sqlite3.Connection, pairs: Sequence[Pair]) -> set[Pair]:
    """Return the pairs whose papers have different ids of one scheme."""
    apart = set()
    for start in range(0, len(pairs), CHUNK):
        chunk = pairs[start : start + CHUNK]
        names: dict[int, dict[str, set[str]]] = {}
        for paper_id, scheme, value in connection.execute(
            "SELECT paper_id, scheme, value FROM identifier"
            " WHERE paper_id IN (SELECT value FROM json_each(?))",
            (json.dumps([id_ for pair in chunk for id_ in (pair.one, pair.other)]),),
        ):
            if scheme not in _NAMES_NO_WORK:
                names.setdefault(paper_id, {}).setdefault(scheme, set()).add(value)
        for pair in chunk:
            ours, theirs = names.get(pair.one, {}), names.get(pair.other, {})
            if any(ours[s].isdisjoint(theirs[s]) for s in ours.keys() & theirs.keys()):
                apart.add(pair)
    return apart
