"""What the tray knows of the records of a chunk: which papers they are, and what these hold.

A look-up is one query for all records of a chunk, never one a record. What the chunk itself brings
is remembered as it goes in, so that it makes no difference where one chunk ends and the next
begins: a killed add that is run again ends as if it had never been killed.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace

from papertray.core import identity
from papertray.core.identity import Candidate, Traits
from papertray.core.model import Sighting
from papertray.store.identifiers import SCHEMES
from papertray.store.rows import WORK_COLUMNS, Value

_WORK = ", ".join(WORK_COLUMNS)
_YEAR = WORK_COLUMNS.index("year")
_DOI = WORK_COLUMNS.index("doi")
_ARXIV_ID = WORK_COLUMNS.index("arxiv_id")


@dataclass(slots=True)
class Identities:
    """Which paper each name leads to: an identifier, a digest, or a title that can join.

    `next_id` is the id of the next new paper.
    """

    by_identifier: dict[tuple[str, str], int]
    by_digest: dict[str, int]
    by_title: dict[str, dict[int, Candidate]]
    next_id: int
    _title_of: dict[int, str] = field(default_factory=dict)

    def find(self, record: Traits) -> int | None:
        """Return the paper that a record is, or None for a new one."""
        for pair in record.identifiers:
            if pair in self.by_identifier:
                return self.by_identifier[pair]
        if record.digest in self.by_digest:
            return self.by_digest[record.digest]
        candidates = self.by_title.get(record.title_key)
        return identity.same_by_title(record, candidates.values()) if candidates else None

    def add_candidate(self, key: str, candidate: Candidate) -> None:
        """Let records of the title `key` find a paper."""
        self.by_title.setdefault(key, {})[candidate.paper_id] = candidate
        self._title_of[candidate.paper_id] = key

    def begin(self, record: Traits) -> int:
        """Take a record as a new paper and return its id."""
        paper_id = self.next_id
        self.next_id += 1
        self.add_candidate(
            record.title_key, Candidate(paper_id, record.author_key, record.year, frozenset())
        )
        return paper_id

    def remember(self, paper_id: int, record: Traits) -> list[tuple[str, str]]:
        """Let later records find a paper by the names of this one; return the new identifiers.

        A name that leads to another paper is left to it.
        """
        new = [pair for pair in record.identifiers if pair not in self.by_identifier]
        for pair in new:
            self.by_identifier[pair] = paper_id
        self.by_digest.setdefault(record.digest, paper_id)
        if new and paper_id in self._title_of:
            candidate = self._candidate(paper_id)
            schemes = candidate.schemes.union(scheme for scheme, _ in new)
            self.add_candidate(self._title_of[paper_id], replace(candidate, schemes=schemes))
        return new

    def update(self, paper_id: int, filled: Collection[str], record: Traits) -> None:
        """Follow a paper whose gaps a record has filled. Its own year never changes."""
        if paper_id in self._title_of:
            candidate = self._candidate(paper_id)
            if "year" in filled:
                candidate = replace(candidate, year=record.year)
            if "authors" in filled:
                candidate = replace(candidate, author_key=record.author_key)
            self.add_candidate(self._title_of[paper_id], candidate)

    def owns(self, paper_id: int, column: str, value: Value) -> bool:
        """Tell whether a DOI or arXiv id of the records at hand leads to this paper."""
        text = str(value).casefold() if column == "doi" else str(value)
        return self.by_identifier.get((SCHEMES[column], text)) == paper_id

    def _candidate(self, paper_id: int) -> Candidate:
        return self.by_title[self._title_of[paper_id]][paper_id]


def look_up(connection: sqlite3.Connection, records: Sequence[Traits]) -> Identities:
    """Return what the tray knows of some records' names."""
    (highest,) = connection.execute("SELECT coalesce(max(id), 0) FROM paper").fetchone()
    known = Identities(_owners(connection, records), {}, {}, highest + 1)
    unnamed = [record for record in records if known.find(record) is None]
    _find_digests(connection, unnamed, known)
    _find_titles(connection, [r for r in unnamed if r.digest not in known.by_digest], known)
    return known


def _owners(
    connection: sqlite3.Connection, records: Sequence[Traits]
) -> dict[tuple[str, str], int]:
    wanted: dict[str, list[str]] = {}
    for record in records:
        for scheme, value in record.identifiers:
            wanted.setdefault(scheme, []).append(value)
    found = {}
    for scheme, values in wanted.items():
        rows = connection.execute(
            "SELECT value, paper_id FROM identifier"
            " WHERE scheme = ? AND value IN (SELECT value FROM json_each(?))",
            (scheme, json.dumps(values)),
        )
        found.update({(scheme, value): paper_id for value, paper_id in rows})
    if "uid" in wanted:
        rows = connection.execute(
            "SELECT uid, id FROM paper WHERE uid IN (SELECT value FROM json_each(?))",
            (json.dumps(wanted["uid"]),),
        )
        found.update({("uid", uid): paper_id for uid, paper_id in rows})
    return found


def _find_digests(
    connection: sqlite3.Connection, records: Iterable[Traits], known: Identities
) -> None:
    """Find papers by what was said of them before: needed only where nothing names them.

    A digest covers the identifiers, so a record that has some is found by these or not at all.
    """
    wanted = [r.digest for r in records if all(scheme == "uid" for scheme, _ in r.identifiers)]
    if wanted:
        rows = connection.execute(
            "SELECT record, min(paper_id) FROM listing"
            " WHERE record IN (SELECT value FROM json_each(?)) GROUP BY record",
            (json.dumps(wanted),),
        )
        known.by_digest.update(rows.fetchall())


def _find_titles(
    connection: sqlite3.Connection, records: Iterable[Traits], known: Identities
) -> None:
    wanted = {r.title_key for r in records if identity.can_join(r.title_key)}
    if not wanted:
        return
    rows = connection.execute(
        "SELECT p.id, p.title_key, p.author_key, p.year,"
        " (SELECT group_concat(scheme) FROM identifier i WHERE i.paper_id = p.id)"
        " FROM json_each(?) w JOIN paper p ON p.title_key = w.value"
        " WHERE p.merged_into IS NULL ORDER BY p.id",
        (json.dumps(list(wanted)),),
    )
    for paper_id, key, author, year, schemes in rows:
        named = frozenset((schemes or "").split(",")) - {""}
        known.add_candidate(key, Candidate(paper_id, author, year, named))


@dataclass(slots=True)
class Held:
    """What papers of the tray hold, and what `feed` said of them; kept up as records come in.

    `values` are those of the `WORK_COLUMNS`, `edited` the fields that their owner decided about,
    `removed` the papers that are hidden.
    """

    feed: int
    values: dict[int, tuple[Value, ...]] = field(default_factory=dict)
    edited: dict[int, set[str]] = field(default_factory=dict)
    removed: set[int] = field(default_factory=set)
    _said: set[tuple[int, str, int | None, int | None, str]] = field(default_factory=set)

    def fetch(self, connection: sqlite3.Connection, paper_ids: Iterable[int]) -> None:
        """Look up some papers, those that are here already left out."""
        wanted = json.dumps([id_ for id_ in dict.fromkeys(paper_ids) if id_ not in self.values])
        if wanted == "[]":
            return
        for paper_id, *row in connection.execute(
            f"SELECT id, {_WORK} FROM paper WHERE id IN (SELECT value FROM json_each(?))",
            (wanted,),
        ):
            self.values[paper_id] = tuple(row)
        for paper_id, name in connection.execute(
            "SELECT DISTINCT ref, field FROM op WHERE kind = 'paper'"
            " AND ref IN (SELECT value FROM json_each(?))",
            (wanted,),
        ):
            self.edited.setdefault(paper_id, set()).add(name)
        for paper_id, digest, rank, votes, seen in connection.execute(
            "SELECT paper_id, record, rank, votes, seen FROM listing"
            " WHERE feed_id = ? AND paper_id IN (SELECT value FROM json_each(?))",
            (self.feed, wanted),
        ):
            self._add(paper_id, digest, rank, votes, seen)
        self.removed.update(
            paper_id
            for (paper_id,) in connection.execute(
                "SELECT paper_id FROM standing WHERE removed IS NOT NULL"
                " AND paper_id IN (SELECT value FROM json_each(?))",
                (wanted,),
            )
        )

    def hear(self, paper_id: int, digest: str, sighting: Sighting, now: str) -> bool:
        """Take in what the feed says; False when it has said the same of the paper before.

        A sighting without an instant is the same as any of the same rank and votes.
        """
        told = (paper_id, digest, sighting.rank, sighting.votes, sighting.seen)
        if told in self._said:
            return False
        self._add(paper_id, digest, sighting.rank, sighting.votes, sighting.seen or now)
        return True

    def _add(
        self, paper_id: int, digest: str, rank: int | None, votes: int | None, seen: str
    ) -> None:
        self._said.add((paper_id, digest, rank, votes, seen))
        self._said.add((paper_id, digest, rank, votes, ""))
