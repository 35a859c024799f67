"""Reading papers with all that belongs to them. Nothing here writes."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from papertray.core.model import Entry, Note, Pile, Sighting, Version
from papertray.store.rows import WORK_COLUMNS, extra_from_text, work_from_row

CHUNK = 200
"""Papers of which all is looked up at once."""


def entries(
    connection: sqlite3.Connection, paper_ids: Sequence[int], *, chunk: int = CHUNK
) -> Iterator[Entry]:
    """Yield the entries of papers in the order of their ids' sequence, `chunk` at a time in memory.

    Ids without a paper are left out.
    """
    for start in range(0, len(paper_ids), chunk):
        wanted = list(paper_ids[start : start + chunk])
        found = _entries_by_id(connection, wanted)
        for paper_id in wanted:
            if paper_id in found:
                yield found[paper_id]


def _entries_by_id(connection: sqlite3.Connection, wanted: Sequence[int]) -> dict[int, Entry]:
    ids = json.dumps(list(wanted))
    keys, pinned, older = _citekeys(connection, ids)
    tags = grouped(connection, "SELECT paper_id, tag FROM tag", ids, "tag")
    originals = grouped(connection, "SELECT paper_id, field, text FROM original", ids, "field")
    named = grouped(
        connection, "SELECT paper_id, scheme, value FROM identifier", ids, "scheme, value"
    )
    versions = grouped(
        connection, "SELECT paper_id, version, title, abstract, seen FROM versions", ids, "version"
    )
    listings = grouped(
        connection,
        "SELECT paper_id, feed.name, seen, rank, votes, NOT is_first"
        " FROM listing JOIN feed ON feed.id = feed_id",
        ids,
        "listing.id",
    )
    found = {}
    for row in connection.execute(
        "SELECT p.id, p.uid, p.extra, s.pile, s.added, s.decided, s.done, s.snoozed, s.removed,"
        f" {', '.join('p.' + name for name in WORK_COLUMNS)}"
        " FROM json_each(?) w JOIN paper p ON p.id = w.value"
        " JOIN standing s ON s.paper_id = p.id",
        (ids,),
    ):
        id_, uid, extra, pile, added, decided, done, snoozed, removed, *columns = row
        found[id_] = Entry(
            id=id_,
            uid=uid,
            work=work_from_row(tuple(columns)),
            pile=Pile(pile),
            added=added,
            citekey=keys.get(id_, ""),
            older_keys=tuple(older.get(id_, ())),
            decided=decided or "",
            done=done or "",
            snoozed=snoozed or "",
            removed=removed or "",
            tags=tuple(tag for (tag,) in tags.get(id_, ())),
            notes=(),
            identifiers=tuple((s, v) for s, v in named.get(id_, ()) if s != "uid"),
            versions=tuple(Version(*version) for version in versions.get(id_, ())),
            sightings=tuple(
                Sighting(feed, seen, rank, votes, bool(is_again))
                for feed, seen, rank, votes, is_again in listings.get(id_, ())
            ),
            original=dict(originals.get(id_, ())),
            extra=extra_from_text(extra),
            is_pinned=id_ in pinned or id_ not in keys,
        )
    return _with_notes(connection, ids, found)


def _citekeys(
    connection: sqlite3.Connection, ids: str
) -> tuple[dict[int, str], set[int], dict[int, list[str]]]:
    """Return the citation key of each paper, which are pinned, and those it had before.

    What a paper was merged with is what it was before.
    """
    keys: dict[int, str] = {}
    pinned: set[int] = set()
    older: dict[int, list[str]] = {}
    for paper_id, key, state in connection.execute(
        "SELECT paper_id, key, state FROM (SELECT paper_id, key, state, folded FROM citekey"
        " WHERE paper_id IN (SELECT value FROM json_each(:ids))"
        # What was merged into a paper may still be cited.
        " UNION ALL SELECT p.merged_into, key, 'old', folded FROM paper p"
        " JOIN citekey ON paper_id = p.id"
        " WHERE p.merged_into IN (SELECT value FROM json_each(:ids)))"
        " ORDER BY folded",
        {"ids": ids},
    ):
        if state == "old":
            older.setdefault(paper_id, []).append(key)
        else:
            keys[paper_id] = key
            if state == "pinned":
                pinned.add(paper_id)
    return keys, pinned, older


def _with_notes(
    connection: sqlite3.Connection, ids: str, found: dict[int, Entry]
) -> dict[int, Entry]:
    notes: dict[int, list[Note]] = {}
    for id_, uid, paper_id, title, body, created, updated, is_main in connection.execute(
        "SELECT id, uid, paper_id, title, body, created, updated, is_main FROM note"
        " WHERE paper_id IN (SELECT value FROM json_each(?)) AND revision IS NOT NULL"
        " ORDER BY is_main DESC, id",
        (ids,),
    ):
        note = Note(id_, uid, paper_id, title, body, created, updated, bool(is_main))
        notes.setdefault(paper_id, []).append(note)
    for paper_id, of_paper in notes.items():
        if paper_id in found:
            found[paper_id] = replace(found[paper_id], notes=tuple(of_paper))
    return found


def grouped(
    connection: sqlite3.Connection, select: str, ids: str, order: str
) -> dict[int, list[tuple[Any, ...]]]:
    """Return the rows of a table beside papers, by paper: `select` names paper_id first."""
    found: dict[int, list[tuple[Any, ...]]] = {}
    sql = f"{select} WHERE paper_id IN (SELECT value FROM json_each(?)) ORDER BY {order}"
    for paper_id, *values in connection.execute(sql, (ids,)):
        found.setdefault(paper_id, []).append(tuple(values))
    return found
