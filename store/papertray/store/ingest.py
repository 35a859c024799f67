"""Taking records in: which are new, which are papers we have, and what each adds.

Works in chunks. What the tray knows of a chunk is looked up at once (`known`), what a record
brings is decided in memory (`core.identity`, `gaps`), and each table is written at once. What a
feed brings is not an op: the batch of the add is named by its listings.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from papertray.core import identity
from papertray.core.identity import Traits
from papertray.core.model import Json, Pile, Record, Sighting, Version
from papertray.store import decisions
from papertray.store.chains import is_undo
from papertray.store.gaps import gaps
from papertray.store.journal import Batch
from papertray.store.known import Held, Identities, look_up
from papertray.store.rows import WORK_COLUMNS, Value, extra_to_text, work_to_values


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


@dataclass(frozen=True, slots=True)
class Prepared:
    """A record with all that can be worked out before the tray is locked for it."""

    record: Record
    traits: Traits
    values: tuple[Value, ...]
    extra: str


@dataclass(slots=True)
class Counts:
    """What became of the records: `added` new, `merged` filled a gap, `known` brought nothing."""

    added: int = 0
    merged: int = 0
    known: int = 0


@dataclass(slots=True)
class Taken:
    """What a chunk did: counts, the paper of each record, which were new, which filled a gap.

    `tells_new` is False when the tray knew all of it.
    """

    counts: Counts = field(default_factory=Counts)
    papers: list[int] = field(default_factory=list)
    new: set[int] = field(default_factory=set)
    changed: set[int] = field(default_factory=set)
    tells_new: bool = False


@dataclass(slots=True)
class _Rows:
    """What a chunk writes, by table. `updates` holds gaps by paper."""

    papers: dict[int, Prepared] = field(default_factory=dict)
    identifiers: list[tuple[str, str, int]] = field(default_factory=list)
    versions: list[tuple[int, int, str, str, str]] = field(default_factory=list)
    listings: list[tuple[int, int, int, str, int | None, int | None, str, int]] = field(
        default_factory=list
    )
    updates: dict[int, dict[str, Value]] = field(default_factory=dict)


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


def prepare(record: Record) -> Prepared:
    """Work out what does not depend on the tray."""
    others: list[Json] = [*identity.other_identifiers(record)]
    extra = {**record.extra, "other_identifiers": others} if others else record.extra
    return Prepared(
        record, identity.traits(record), work_to_values(record.work), extra_to_text(extra)
    )


def take_chunk(
    connection: sqlite3.Connection,
    arrival: Arrival,
    records: Sequence[Prepared],
    new_uid: Callable[[], str],
) -> Taken:
    """Take up to some thousand records into the tray, in the caller's transaction."""
    known = look_up(connection, [one.traits for one in records])
    held = Held(arrival.feed)
    likely = (known.find(one.traits) for one in records)
    held.fetch(connection, [paper_id for paper_id in likely if paper_id is not None])
    taken, rows = Taken(), _Rows()
    for one in records:
        paper_id = known.find(one.traits)
        is_first = paper_id is None
        if paper_id is None:
            paper_id = known.begin(one.traits)
        elif paper_id not in held.values:
            # Came within sight only through what this very chunk has changed.
            held.fetch(connection, [paper_id])
        taken.papers.append(paper_id)
        _take(one, paper_id, known, held, rows, taken, arrival, is_first=is_first)
    new_versions = _write(connection, arrival, rows, new_uid)
    taken.tells_new = bool(rows.listings or rows.updates or rows.identifiers or new_versions)
    _bring_back(connection, arrival, taken, held.removed)
    return taken


def _take(
    one: Prepared,
    paper_id: int,
    known: Identities,
    held: Held,
    rows: _Rows,
    taken: Taken,
    arrival: Arrival,
    *,
    is_first: bool,
) -> None:
    """Decide what one record brings to its paper."""
    record = one.record
    for scheme, value in known.remember(paper_id, one.traits):
        rows.identifiers.append((scheme, value, paper_id))
    if is_first:
        taken.counts.added += 1
        taken.new.add(paper_id)
        rows.papers[paper_id] = one
        held.values[paper_id] = one.values
    elif _fill(one, paper_id, known, held, rows):
        taken.counts.merged += 1
        taken.changed.add(paper_id)
    else:
        taken.counts.known += 1
    for version in (*record.versions, *_version_seen(record)):
        rows.versions.append(
            (
                paper_id, version.version, version.title, version.abstract,
                version.seen or arrival.added,
            )
        )  # fmt: skip
    for sighting in record.sightings or _ONE_SIGHTING:
        if held.hear(paper_id, one.traits.digest, sighting, arrival.added):
            rows.listings.append(
                (
                    paper_id, arrival.feed, arrival.batch.id, sighting.seen or arrival.added,
                    sighting.rank, sighting.votes, one.traits.digest, int(is_first),
                )
            )  # fmt: skip


_ONE_SIGHTING = (Sighting(),)


def _fill(one: Prepared, paper_id: int, known: Identities, held: Held, rows: _Rows) -> bool:
    """Give the paper what it lacks and the record has. True if there was such.

    An identifier that another paper has is left to it.
    """
    present = held.values[paper_id]
    found = gaps(present, one.values, held.edited.get(paper_id, ()))
    for name in ("doi", "arxiv_id"):
        if name in found and not known.owns(paper_id, name, found[name]):
            del found[name]
    if not found:
        return False
    pairs = zip(WORK_COLUMNS, present, strict=True)
    held.values[paper_id] = tuple(found.get(name, old) for name, old in pairs)
    known.update(paper_id, found, one.traits)
    if "authors" in found:
        found["author_key"] = one.traits.author_key
    rows.updates.setdefault(paper_id, {}).update(found)
    return True


def _version_seen(record: Record) -> tuple[Version, ...]:
    """Return the version that the record itself is, where it says so."""
    if record.arxiv_version is None:
        return ()
    return (Version(record.arxiv_version, record.work.title, record.work.abstract),)


def _write(
    connection: sqlite3.Connection, arrival: Arrival, rows: _Rows, new_uid: Callable[[], str]
) -> bool:
    """Write a chunk; return whether it told of a version that was not known."""
    _write_papers(connection, arrival, rows.papers, new_uid)
    _write_gaps(connection, rows.updates)
    connection.executemany("INSERT INTO identifier VALUES (?, ?, ?)", rows.identifiers)
    versions = connection.executemany(
        "INSERT OR IGNORE INTO versions VALUES (?, ?, ?, ?, ?)", rows.versions
    )
    connection.executemany(
        "INSERT INTO listing(paper_id, feed_id, batch, seen, rank, votes, record, is_first)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        rows.listings,
    )
    return versions.rowcount > 0


def _write_papers(
    connection: sqlite3.Connection,
    arrival: Arrival,
    papers: dict[int, Prepared],
    new_uid: Callable[[], str],
) -> None:
    if not papers:
        return
    # Uids of one chunk are neighbours in their index, which is much less of it to write.
    stem = new_uid()
    columns = ("id", "uid", "extra", "title_key", "author_key", *WORK_COLUMNS)
    connection.executemany(
        f"INSERT INTO paper({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})",
        (
            (
                paper_id,
                one.record.uid or f"{stem}{number:04x}",
                one.extra,
                one.traits.title_key,
                one.traits.author_key,
                *one.values,
            )
            for number, (paper_id, one) in enumerate(papers.items())
        ),
    )
    decided = None if arrival.pile is Pile.INBOX else arrival.added
    standing = (arrival.pile, arrival.added, decided, arrival.done or None)
    connection.executemany(
        "INSERT INTO standing(paper_id, pile, added, decided, done) VALUES (?, ?, ?, ?, ?)",
        ((paper_id, *standing) for paper_id in papers),
    )
    connection.executemany(
        "INSERT INTO original(paper_id, field, text) VALUES (?, ?, ?)",
        (
            (paper_id, name, text)
            for paper_id, one in papers.items()
            for name, text in one.record.original.items()
        ),
    )


def _write_gaps(connection: sqlite3.Connection, updates: dict[int, dict[str, Value]]) -> None:
    """Write what was filled; papers that lacked the same fields in one go."""
    alike: dict[tuple[str, ...], list[tuple[Value, ...]]] = {}
    for paper_id, filled in updates.items():
        alike.setdefault(tuple(filled), []).append((*filled.values(), paper_id))
    for names, values in alike.items():
        settings = ", ".join(f"{name} = ?" for name in names)
        connection.executemany(f"UPDATE paper SET {settings} WHERE id = ?", values)


def _bring_back(
    connection: sqlite3.Connection, arrival: Arrival, taken: Taken, removed: Iterable[int]
) -> None:
    """Show papers again that an undone add had brought: who adds them anew wants them.

    A paper that its owner removed herself stays removed.
    """
    hidden = connection.execute(
        "SELECT w.value, (SELECT o.batch FROM op o WHERE o.kind = 'paper' AND o.ref = w.value"
        "  AND o.field = 'removed' ORDER BY o.seq DESC LIMIT 1) FROM json_each(?) w",
        (json.dumps(sorted(removed)),),
    ).fetchall()
    by_undo = {
        batch
        for batch in {b for _, b in hidden}
        if batch is not None and is_undo(connection, batch)
    }
    wanted = {paper_id for paper_id, batch in hidden if batch in by_undo}.intersection(taken.papers)
    if not wanted:
        return
    decisions.set_targets(connection, wanted)
    taken.counts.added += decisions.bring_back(connection, arrival.batch)
    taken.tells_new = True
    # Counted as added now, so not as merged or known a second time.
    merged = len(wanted & taken.changed)
    taken.counts.merged -= merged
    taken.counts.known -= len(wanted) - merged
