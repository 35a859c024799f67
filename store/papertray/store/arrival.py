"""What a chunk of records writes: all rows of each table at once."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field

from papertray.core.identity import Traits
from papertray.core.model import Pile, Record, Version
from papertray.core.pasted import Named
from papertray.store.journal import Batch
from papertray.store.rows import WORK_COLUMNS, Value


@dataclass(frozen=True, slots=True)
class Arrival:
    """Where a chunk goes: its feed, batch, the instant that all of one add share, first pile.

    `named` are the ids of other feeds, by name: those that sightings name themselves.
    `done` is the local date that a library's papers count as done on, empty for a feed's. Where
    papers arrive in the inbox, decided ones come back to it when more than `changed` percent of
    their abstract did. What came by itself (`is_unasked`) does not bring back a paper that an undo
    took away, where the same feed lists it again. With `is_told` papers of another tray were added
    when that says.
    """

    feed: int
    batch: Batch
    added: str
    pile: Pile = Pile.INBOX
    done: str = ""
    changed: int = 100
    is_unasked: bool = False
    named: Mapping[str, int] = field(default_factory=dict)
    is_told: bool = False


@dataclass(frozen=True, slots=True)
class Prepared:
    """A record with all that can be worked out before the tray is locked for it.

    `only_named` is what it names, where it tells no more than that. One that is no news joins a
    paper that is in the tray, or is passed over.
    """

    record: Record
    traits: Traits
    values: tuple[Value, ...]
    extra: str
    versions: tuple[Version, ...]
    only_named: Named | None = None
    is_news: bool = True


@dataclass(slots=True)
class Rows:
    """What a chunk writes, by table.

    `updates` holds what is filled by paper, `originals` what came for it, by (paper, field), None
    where it came as it is. `renamed` are new papers whose uid another one has, `renewed` those of
    which a new version came.
    """

    papers: dict[int, Prepared] = field(default_factory=dict)
    renamed: set[int] = field(default_factory=set)
    renewed: set[int] = field(default_factory=set)
    originals: dict[tuple[int, str], str | None] = field(default_factory=dict)
    identifiers: list[tuple[str, str, int]] = field(default_factory=list)
    versions: list[tuple[int, int, str, str, str]] = field(default_factory=list)
    listings: list[tuple[int, int, int, str, int | None, int | None, str, int]] = field(
        default_factory=list
    )
    updates: dict[int, dict[str, Value]] = field(default_factory=dict)


def write(
    connection: sqlite3.Connection, arrival: Arrival, rows: Rows, new_uid: Callable[[], str]
) -> bool:
    """Write a chunk; return whether it told of a version that was not known."""
    _write_papers(connection, arrival, rows.papers, rows.renamed, new_uid)
    _write_gaps(connection, rows.updates)
    connection.executemany(
        "DELETE FROM original WHERE paper_id = ? AND field = ?", rows.originals.keys()
    )
    connection.executemany(
        "INSERT INTO original(paper_id, field, text) VALUES (?, ?, ?)",
        ((*key, text) for key, text in rows.originals.items() if text is not None),
    )
    connection.executemany("INSERT INTO identifier VALUES (?, ?, ?)", rows.identifiers)
    versions = connection.executemany(
        # Some sources tell first that there is a version, others later what it says.
        "INSERT INTO versions VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE"
        " SET title = excluded.title, abstract = excluded.abstract"
        " WHERE title = '' AND excluded.title <> ''",
        rows.versions,
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
    renamed: Container[int],
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
                (paper_id not in renamed and one.record.uid) or f"{stem}{number:04x}",
                one.extra,
                one.traits.title_key,
                one.traits.author_key,
                *one.values,
            )
            for number, (paper_id, one) in enumerate(papers.items())
        ),
    )
    decided = None if arrival.pile is Pile.INBOX else arrival.added
    standing = (arrival.pile, decided, arrival.done or None)

    def added(record: Record) -> str:
        is_told = arrival.is_told and bool(record.uid)
        return (is_told and record.decisions.added) or arrival.added

    connection.executemany(
        "INSERT INTO standing(paper_id, added, pile, decided, done) VALUES (?, ?, ?, ?, ?)",
        ((paper_id, added(one.record), *standing) for paper_id, one in papers.items()),
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
