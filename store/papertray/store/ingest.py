"""Taking records in: which are new, which are papers we have, and what each adds.

Works in chunks. Per chunk there is one look-up by identifier, one by digest and one by title key,
however many records it holds; what a record brings is decided by `core.identity`. What a feed
brings is not an op: the batch of the add is named by its listings.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from papertray.core import identity
from papertray.core.model import Json, Pile, Record, Sighting, Version, Work
from papertray.store import decisions
from papertray.store.identifiers import owner_of
from papertray.store.journal import Batch, is_undo
from papertray.store.rows import WORK_COLUMNS, extra_to_text, work_to_row

CHUNK = 500
"""Records a transaction: keeps the write lock well under 100 ms."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """Where a chunk goes: its feed, batch, the instant that all of one add share, first pile.

    `done` is the local date that a library's papers count as done on, empty for a feed's.
    """

    feed: int
    batch: Batch
    added: str
    pile: Pile = Pile.INBOX
    done: str = ""


@dataclass(slots=True)
class Counts:
    """What became of the records: `added` new, `merged` filled a gap, `known` brought nothing."""

    added: int = 0
    merged: int = 0
    known: int = 0


@dataclass(slots=True)
class Taken:
    """What a chunk did: counts, the paper of each record, which were new, which filled a gap.

    A chunk with no `listings` told nothing new.
    """

    counts: Counts = field(default_factory=Counts)
    papers: list[int] = field(default_factory=list)
    new: set[int] = field(default_factory=set)
    changed: set[int] = field(default_factory=set)
    listings: int = 0


@dataclass(slots=True)
class _Known:
    """What the tray knows of a chunk's records, kept up while the chunk goes in."""

    by_identifier: dict[tuple[str, str], int]
    by_digest: dict[str, int]
    by_title: dict[str, list[identity.Candidate]]
    next_id: int


def find_feed(connection: sqlite3.Connection, name: str, kind: str, new_uid: str) -> int:
    """Return the id of the feed called `name`, making it when there is none."""
    row = connection.execute("SELECT id FROM feed WHERE name = ?", (name,)).fetchone()
    if row is not None:
        return int(row[0])
    cursor = connection.execute(
        "INSERT INTO feed(uid, name, kind) VALUES (?, ?, ?)", (new_uid, name, kind)
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def take_chunk(
    connection: sqlite3.Connection,
    arrival: Arrival,
    records: Sequence[Record],
    new_uid: Callable[[], str],
) -> Taken:
    """Take up to some hundred records into the tray, in the caller's transaction."""
    keys = [identity.title_key(record.work.title) for record in records]
    digests = [identity.digest(record) for record in records]
    known = _look_up(connection, records, keys, digests)
    taken = Taken()
    new_rows: list[tuple[int, Record]] = []
    for record, key, digest in zip(records, keys, digests, strict=True):
        paper_id = _find(record, key, digest, known)
        if paper_id is None:
            paper_id = known.next_id
            known.next_id += 1
            taken.new.add(paper_id)
            new_rows.append((paper_id, record))
        taken.papers.append(paper_id)
        _remember(known, paper_id, record, key, digest)
    _insert_papers(connection, arrival, new_rows, new_uid)
    _add_what_came(connection, arrival, records, digests, taken)
    return taken


def _look_up(
    connection: sqlite3.Connection,
    records: Sequence[Record],
    keys: Sequence[str],
    digests: Sequence[str],
) -> _Known:
    wanted = [pair for record in records for pair in identity.identifiers(record)]
    by_identifier = {
        (scheme, value): paper_id
        for scheme, value, paper_id in connection.execute(
            "SELECT i.scheme, i.value, i.paper_id FROM json_each(?) w JOIN identifier i"
            " ON i.scheme = w.value ->> 0 AND i.value = w.value ->> 1",
            (json.dumps(wanted),),
        )
    }
    uids = [value for scheme, value in wanted if scheme == "uid"]
    if uids:
        rows = connection.execute(
            "SELECT uid, id FROM paper WHERE uid IN (SELECT value FROM json_each(?))",
            (json.dumps(uids),),
        )
        by_identifier.update((("uid", uid), paper_id) for uid, paper_id in rows)
    by_digest = dict(
        connection.execute(
            "SELECT l.record, l.paper_id FROM json_each(?) w JOIN listing l ON l.record = w.value",
            (json.dumps(list(digests)),),
        ).fetchall()
    )
    by_title: dict[str, list[identity.Candidate]] = {}
    rows = connection.execute(
        "SELECT p.id, p.title_key, p.author_key, p.year,"
        " (SELECT group_concat(scheme) FROM identifier i WHERE i.paper_id = p.id)"
        " FROM (SELECT DISTINCT value FROM json_each(?)) w"
        " JOIN paper p ON p.title_key = w.value WHERE p.merged_into IS NULL ORDER BY p.id",
        (json.dumps([key for key in keys if identity.can_join(key)]),),
    )
    for paper_id, key, author, year, schemes in rows:
        candidate = identity.Candidate(
            paper_id, author, year, frozenset((schemes or "").split(",")) - {""}
        )
        by_title.setdefault(key, []).append(candidate)
    (highest,) = connection.execute("SELECT coalesce(max(id), 0) FROM paper").fetchone()
    return _Known(by_identifier, by_digest, by_title, highest + 1)


def _find(record: Record, key: str, digest: str, known: _Known) -> int | None:
    for pair in identity.identifiers(record):
        if pair in known.by_identifier:
            return known.by_identifier[pair]
    if digest in known.by_digest:
        return known.by_digest[digest]
    return identity.same_by_title(record, key, known.by_title.get(key, ()))


def _remember(known: _Known, paper_id: int, record: Record, key: str, digest: str) -> None:
    """Let later records of the chunk find this one."""
    pairs = identity.identifiers(record)
    for pair in pairs:
        known.by_identifier.setdefault(pair, paper_id)
    known.by_digest.setdefault(digest, paper_id)
    candidates = known.by_title.setdefault(key, [])
    schemes = frozenset(scheme for scheme, _ in pairs)
    for position, candidate in enumerate(candidates):
        if candidate.paper_id == paper_id:
            # The year stays the paper's own: years must not creep along a chain of records.
            candidates[position] = replace(candidate, schemes=candidate.schemes | schemes)
            return
    candidates.append(
        identity.Candidate(paper_id, identity.author_key(record.work), record.work.year, schemes)
    )


def _insert_papers(
    connection: sqlite3.Connection,
    arrival: Arrival,
    new_rows: Sequence[tuple[int, Record]],
    new_uid: Callable[[], str],
) -> None:
    if not new_rows:
        return
    columns = (*WORK_COLUMNS, "title_key", "author_key")
    places = ", ".join("?" * (len(columns) + 3))
    connection.executemany(
        f"INSERT INTO paper(id, uid, extra, {', '.join(columns)}) VALUES ({places})",
        (
            (
                paper_id,
                record.uid or new_uid(),
                extra_to_text(_extra(record)),
                *work_to_row(record.work).values(),
            )
            for paper_id, record in new_rows
        ),
    )
    in_inbox = arrival.pile is Pile.INBOX
    connection.executemany(
        "INSERT INTO standing(paper_id, pile, added, decided, done) VALUES (?, ?, ?, ?, ?)",
        (
            (
                paper_id,
                arrival.pile,
                arrival.added,
                None if in_inbox else arrival.added,
                arrival.done or None,
            )
            for paper_id, _ in new_rows
        ),
    )
    connection.executemany(
        "INSERT OR IGNORE INTO original(paper_id, field, text) VALUES (?, ?, ?)",
        (
            (paper_id, name, text)
            for paper_id, record in new_rows
            for name, text in record.original.items()
        ),
    )


def _extra(record: Record) -> dict[str, Json]:
    others: list[Json] = [*identity.other_identifiers(record)]
    return {**record.extra, **({"other_identifiers": others} if others else {})}


def _add_what_came(
    connection: sqlite3.Connection,
    arrival: Arrival,
    records: Sequence[Record],
    digests: Sequence[str],
    taken: Taken,
) -> None:
    pairs = [
        (scheme, value, paper_id)
        for record, paper_id in zip(records, taken.papers, strict=True)
        for scheme, value in identity.identifiers(record)
    ]
    if pairs:
        connection.executemany("INSERT OR IGNORE INTO identifier VALUES (?, ?, ?)", pairs)
    versions = [
        (paper_id, version.version, version.title, version.abstract, version.seen or arrival.added)
        for record, paper_id in zip(records, taken.papers, strict=True)
        for version in (*record.versions, *_version_seen(record))
    ]
    if versions:
        connection.executemany("INSERT OR IGNORE INTO versions VALUES (?, ?, ?, ?, ?)", versions)
    brought: set[int] = set()
    listed: set[tuple[int, Sighting, str]] = set()
    listings = []
    for record, paper_id, digest in zip(records, taken.papers, digests, strict=True):
        is_first = paper_id in taken.new and paper_id not in brought
        if is_first:
            taken.counts.added += 1
            brought.add(paper_id)
        elif _fill_gaps(connection, paper_id, record.work):
            taken.counts.merged += 1
            taken.changed.add(paper_id)
        else:
            taken.counts.known += 1
        for sighting in record.sightings or (Sighting(),):
            listing = (paper_id, sighting, digest)
            is_new = listing not in listed and (
                is_first or not _is_listed(connection, arrival.feed, *listing)
            )
            listed.add(listing)
            if is_new:
                listings.append(
                    (
                        paper_id, arrival.feed, arrival.batch.id, sighting.seen or arrival.added,
                        sighting.rank, sighting.votes, digest, int(is_first),
                    )
                )  # fmt: skip
    connection.executemany(
        "INSERT INTO listing(paper_id, feed_id, batch, seen, rank, votes, record, is_first)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        listings,
    )
    taken.listings = len(listings)
    _bring_back(connection, arrival, taken)


def _version_seen(record: Record) -> tuple[Version, ...]:
    """Return the version that the record itself is, where it says so."""
    if record.arxiv_version is None:
        return ()
    return (Version(record.arxiv_version, record.work.title, record.work.abstract),)


def _is_listed(
    connection: sqlite3.Connection, feed: int, paper_id: int, sighting: Sighting, digest: str
) -> bool:
    """True when the feed has said the same of the paper before: nothing to add to it."""
    row = connection.execute(
        "SELECT 1 FROM listing WHERE paper_id = ? AND feed_id = ? AND rank IS ? AND votes IS ?"
        " AND record = ? AND (? = '' OR seen = ?) LIMIT 1",
        (paper_id, feed, sighting.rank, sighting.votes, digest, sighting.seen, sighting.seen),
    ).fetchone()
    return row is not None


_GAPS = tuple(name for name in WORK_COLUMNS if name not in ("title", "type"))
_EMPTY = ("", "[]", None)
_TOGETHER = (
    ("year", "month", "day"),
    ("venue", "venue_type", "venue_short", "publisher", "volume", "number", "pages"),
)
"""Fields that are taken from one source or from none: half a preprint is no publication."""


def _fill_gaps(connection: sqlite3.Connection, paper_id: int, work: Work) -> bool:
    """Give the paper what it lacks and the record has; never overwrite. True if there was such.

    A field that its owner edited, even to nothing, is hers. An abstract that a cut page broke off
    is completed. An identifier that another paper has is left to it.
    """
    columns = ", ".join(_GAPS)
    row = connection.execute(f"SELECT {columns} FROM paper WHERE id = ?", (paper_id,)).fetchone()
    present = dict(zip(_GAPS, row, strict=True))
    offered = work_to_row(work)
    gaps = {
        name: offered[name]
        for name in _GAPS
        if present[name] in _EMPTY and offered[name] not in _EMPTY
    }
    for group in _TOGETHER:
        if any(present[name] not in _EMPTY for name in group):
            gaps = {name: value for name, value in gaps.items() if name not in group}
    abstract = str(present["abstract"])
    if abstract and abstract != work.abstract and work.abstract.startswith(abstract):
        gaps["abstract"] = work.abstract
    if gaps:
        edited = connection.execute(
            "SELECT DISTINCT field FROM op WHERE kind = 'paper' AND ref = ?", (paper_id,)
        ).fetchall()
        for (name,) in edited:
            gaps.pop(name, None)
    for name in ("doi", "arxiv_id"):
        if name in gaps and owner_of(connection, name, str(gaps[name])) not in (None, paper_id):
            del gaps[name]
    if not gaps:
        return False
    if "authors" in gaps:
        gaps["author_key"] = offered["author_key"]
    settings = ", ".join(f"{name} = ?" for name in gaps)
    connection.execute(f"UPDATE paper SET {settings} WHERE id = ?", (*gaps.values(), paper_id))
    return True


def _bring_back(connection: sqlite3.Connection, arrival: Arrival, taken: Taken) -> None:
    """Show papers again that an undone add had brought: who adds them anew wants them.

    A paper that its owner removed herself stays removed.
    """
    decisions.set_targets(connection, (p for p in taken.papers if p not in taken.new))
    hidden = connection.execute(
        "SELECT s.paper_id, (SELECT o.batch FROM op o WHERE o.kind = 'paper' AND o.ref = s.paper_id"
        "  AND o.field = 'removed' ORDER BY o.seq DESC LIMIT 1)"
        " FROM temp.target t JOIN standing s USING (paper_id) WHERE s.removed IS NOT NULL"
    ).fetchall()
    by_undo = {batch for _, batch in hidden if batch is not None and is_undo(connection, batch)}
    removed = [(paper_id,) for paper_id, batch in hidden if batch in by_undo]
    if not removed:
        return
    decisions.set_targets(connection, (paper_id for (paper_id,) in removed))
    back = decisions.bring_back(connection, arrival.batch)
    taken.counts.added += back
    for paper_id, times in _times(taken.papers, removed).items():
        # Counted as added now, so not as merged or known a second time.
        if paper_id in taken.changed:
            taken.counts.merged -= min(1, times)
        else:
            taken.counts.known -= min(1, times)


def _times(papers: Iterable[int], wanted: Iterable[tuple[int]]) -> dict[int, int]:
    found = {paper_id: 0 for (paper_id,) in wanted}
    for paper_id in papers:
        if paper_id in found:
            found[paper_id] += 1
    return found
