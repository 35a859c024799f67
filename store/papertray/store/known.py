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
from papertray.core.identifiers import doi_name
from papertray.core.identity import Candidate, Traits
from papertray.core.model import Sighting, Version
from papertray.store.identifiers import pair_of
from papertray.store.rows import WORK_COLUMNS, Value

_WORK = ", ".join(WORK_COLUMNS)


@dataclass(slots=True)
class Identities:
    """Which paper each name leads to: an identifier, a digest, or a title that can join.

    `by_citekey` leads from a citation key, folded, to the paper that has it or had it.
    `next_id` is the id of the next new paper. `dois` holds those of papers that may get further
    names, `corrected` the DOIs that their owner took away from papers: a feed that still brings
    one means the same paper, and does not give it back. `told` are papers that this very add
    brought with uids of another tray: there each uid is a paper by itself.
    """

    by_identifier: dict[tuple[str, str], int]
    by_digest: dict[str, int]
    by_title: dict[str, dict[int, Candidate]]
    next_id: int
    dois: dict[int, set[str]] = field(default_factory=dict)
    corrected: set[tuple[int, str]] = field(default_factory=set)
    told: set[int] = field(default_factory=set)
    by_citekey: dict[str, int] = field(default_factory=dict)
    _titles_of: dict[int, list[str]] = field(default_factory=dict)

    def find(self, record: Traits) -> int | None:
        """Return the paper that a record is, or None for a new one."""
        for pair in record.identifiers:
            paper_id = self.by_identifier.get(pair)
            if paper_id is not None and not self._is_another(paper_id, record):
                return paper_id
        others = self.told if record.uids else ()
        found = self.by_digest.get(record.digest)
        if found is not None and found not in others:
            return found
        candidates = self.by_title.get(record.title_key)
        if not candidates:
            return None
        called = candidates.get(self.by_citekey.get(record.citekey, 0))
        if called and called.paper_id not in others and identity.same_by_citekey(record, called):
            return called.paper_id
        possible = (one for paper_id, one in candidates.items() if paper_id not in others)
        return identity.same_by_title(record, possible)

    def is_sure(self, record: Traits) -> bool:
        """Tell whether a record is found, whatever else the records beside it tell.

        One of these may bring the paper a DOI that is not the record's.
        """
        named = [pair in self.by_identifier for pair in record.identifiers]
        dois = [is_known for is_known, (scheme, _) in zip(named, record.identifiers, strict=True)
                if scheme == "doi"]  # fmt: skip
        return any(dois or named)

    def add_candidate(self, key: str, candidate: Candidate) -> None:
        """Let records of the title `key` find a paper."""
        self.by_title.setdefault(key, {})[candidate.paper_id] = candidate
        keys = self._titles_of.setdefault(candidate.paper_id, [])
        if key not in keys:
            keys.append(key)

    def begin(self, record: Traits) -> int:
        """Take a record as a new paper and return its id."""
        paper_id = self.next_id
        self.next_id += 1
        if record.uids:
            self.told.add(paper_id)
        if record.citekey:
            self.by_citekey.setdefault(record.citekey, paper_id)
        self.add_candidate(
            record.title_key, Candidate(paper_id, record.author_key, record.year, frozenset())
        )
        return paper_id

    def remember(self, paper_id: int, record: Traits) -> list[tuple[str, str]]:
        """Let later records find a paper by the names of this one; return the new identifiers.

        A name that leads to another paper is left to it.
        """
        new = [
            pair
            for pair in record.identifiers
            if pair not in self.by_identifier and (paper_id, pair[1]) not in self.corrected
        ]
        for scheme, value in new:
            self.by_identifier[scheme, value] = paper_id
            if scheme == "doi":
                self.dois.setdefault(paper_id, set()).add(value)
        self.by_digest.setdefault(record.digest, paper_id)
        if new:
            named = {scheme for scheme, _ in new}
            for key, one in self._candidates(paper_id):
                self.add_candidate(key, replace(one, schemes=one.schemes | named))
        return new

    def update(self, paper_id: int, filled: Collection[str], record: Traits) -> None:
        """Follow a paper whose gaps a record has filled. Its own year never changes."""
        for key, candidate in self._candidates(paper_id):
            if "year" in filled:
                candidate = replace(candidate, year=record.year)
            if "authors" in filled:
                candidate = replace(candidate, author_key=record.author_key)
            self.add_candidate(key, candidate)

    def retitle(self, paper_id: int, old_key: str, new_key: str) -> None:
        """Follow a paper that got another title, and that is known by the old one."""
        candidate = self.by_title.get(old_key, {}).pop(paper_id, None)
        if candidate is not None:
            self._titles_of[paper_id].remove(old_key)
            self.add_candidate(new_key, candidate)

    def owns(self, paper_id: int, column: str, value: Value) -> bool:
        """Tell whether a DOI or arXiv id of the records at hand leads to this paper."""
        return self.by_identifier.get(pair_of(column, str(value))) == paper_id

    def candidates(self) -> Iterable[int]:
        """Yield the papers that records may find by a title."""
        return self._titles_of.keys()

    def _is_another(self, paper_id: int, record: Traits) -> bool:
        own = record.dois
        return identity.different_dois(own, self.dois.get(paper_id, ())) and not any(
            (paper_id, doi) in self.corrected for doi in own
        )

    def _candidates(self, paper_id: int) -> list[tuple[str, Candidate]]:
        keys = self._titles_of.get(paper_id, ())
        return [(key, self.by_title[key][paper_id]) for key in keys]


def look_up(connection: sqlite3.Connection, records: Sequence[Traits]) -> Identities:
    """Return what the tray knows of some records' names."""
    (highest,) = connection.execute("SELECT coalesce(max(id), 0) FROM paper").fetchone()
    known = Identities(_owners(connection, records), {}, {}, highest + 1)
    unsure: set[int | None] = set()
    for record in records:
        owners = {known.by_identifier.get(pair) for pair in record.identifiers}
        # Where one paper has all names nothing is added to it, and its DOI is among them, if any.
        if len(owners) > 1:
            unsure |= owners
    _find_dois(connection, unsure - {None}, known)
    unnamed = [record for record in records if not known.is_sure(record)]
    _find_digests(connection, unnamed, known)
    untold = [r for r in unnamed if r.digest not in known.by_digest]
    _find_citekeys(connection, {r.citekey for r in untold} - {""}, known)
    _find_titles(
        connection,
        {
            r.title_key
            for r in untold
            if identity.can_join(r.title_key) or r.citekey in known.by_citekey
        },
        known,
    )
    others = {*known.by_digest.values(), *known.candidates()} - known.dois.keys()
    _find_dois(connection, others, known)
    return known


def _find_dois(
    connection: sqlite3.Connection, papers: Collection[int | None], known: Identities
) -> None:
    if not papers:
        return
    wanted = json.dumps(list(papers))
    known.dois.update({paper_id: set() for paper_id in papers if paper_id is not None})
    for paper_id, doi in connection.execute(
        "SELECT i.paper_id, i.value FROM json_each(?) w JOIN identifier i ON i.paper_id = w.value"
        " WHERE i.scheme = 'doi'",
        (wanted,),
    ):
        known.dois[paper_id].add(doi)
    for paper_id, before in connection.execute(
        "SELECT o.ref, o.before FROM json_each(?) w JOIN op o ON o.ref = w.value"
        " WHERE o.kind = 'paper' AND o.field = 'doi' AND o.before <> ''",
        (wanted,),
    ):
        scheme, doi = doi_name(before)
        if scheme == "doi" and doi not in known.dois[paper_id]:
            known.corrected.add((paper_id, doi))


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
            "SELECT uid, coalesce(merged_into, id) FROM paper"
            " WHERE uid IN (SELECT value FROM json_each(?))",
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
            # With min(), SQLite takes the other columns from the same row: the first that said so.
            "SELECT record, paper_id, min(id) FROM listing"
            " WHERE record IN (SELECT value FROM json_each(?)) GROUP BY record",
            (json.dumps(wanted),),
        )
        known.by_digest.update((record, paper_id) for record, paper_id, _ in rows)


def _find_citekeys(
    connection: sqlite3.Connection, wanted: Collection[str], known: Identities
) -> None:
    if wanted:
        rows = connection.execute(
            "SELECT c.folded, coalesce(p.merged_into, p.id) FROM json_each(?) w"
            " JOIN citekey c ON c.folded = w.value JOIN paper p ON p.id = c.paper_id",
            (json.dumps(list(wanted)),),
        )
        known.by_citekey.update(rows.fetchall())


def know_titles(
    connection: sqlite3.Connection, paper_ids: Collection[int], known: Identities
) -> None:
    """Let `known` know by their titles papers of the tray that get others."""
    rows = connection.execute(
        "SELECT title_key FROM paper WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(paper_ids)),),
    )
    _find_titles(connection, {key for (key,) in rows}, known)


def _find_titles(
    connection: sqlite3.Connection, wanted: Collection[str], known: Identities
) -> None:
    if not wanted:
        return
    rows = connection.execute(
        # A merged paper's title leads to the one that it was merged into.
        "SELECT coalesce(p.merged_into, p.id) AS one, p.title_key, p.author_key, p.year,"
        " (SELECT group_concat(scheme) FROM identifier i"
        "  WHERE i.paper_id = coalesce(p.merged_into, p.id))"
        " FROM json_each(?) w JOIN paper p ON p.title_key = w.value"
        " ORDER BY one, p.merged_into IS NULL",
        (json.dumps(list(wanted)),),
    )
    for paper_id, key, author, year, schemes in rows:
        named = frozenset((schemes or "").split(",")) - {""}
        known.add_candidate(key, Candidate(paper_id, author, year, named))


def know_told(
    connection: sqlite3.Connection, batch: int, records: Iterable[Traits], known: Identities
) -> None:
    """Let `known` know which of the papers that it has found the batch itself brought with a uid.

    Nothing is asked for records without uids, as feeds have them.
    """
    found = {*known.by_digest.values(), *known.candidates()}
    if not found or not any(record.uids for record in records):
        return
    rows = connection.execute(
        "SELECT w.value FROM json_each(?) w JOIN paper p ON p.id = w.value"
        " JOIN identifier i ON i.scheme = 'uid' AND i.value = p.uid AND i.paper_id = p.id"
        " WHERE EXISTS (SELECT 1 FROM listing l WHERE l.paper_id = p.id AND l.batch = ?)",
        (json.dumps(sorted(found)), batch),
    )
    known.told.update(paper_id for (paper_id,) in rows)


@dataclass(slots=True)
class Held:
    """What papers of the tray hold, and what `feeds` said of them; kept up as records come in.

    `values` are those of the `WORK_COLUMNS`, `extra` the unknown fields as text, `edited` the
    fields that their owner decided about, `removed` the papers that are hidden, `known_at` when
    they were decided about or else added, `newest` their newest versions, where any is known.
    """

    feeds: Collection[int] = ()
    newest: dict[int, int] = field(default_factory=dict)
    values: dict[int, tuple[Value, ...]] = field(default_factory=dict)
    extra: dict[int, str] = field(default_factory=dict)
    edited: dict[int, set[str]] = field(default_factory=dict)
    removed: set[int] = field(default_factory=set)
    known_at: dict[int, str] = field(default_factory=dict)
    _said: set[tuple[int, int, int | None, int | None, str, str]] = field(default_factory=set)

    def fetch(self, connection: sqlite3.Connection, paper_ids: Iterable[int]) -> None:
        """Look up some papers, those that are here already left out."""
        wanted = json.dumps([id_ for id_ in dict.fromkeys(paper_ids) if id_ not in self.values])
        if wanted == "[]":
            return
        for paper_id, extra, *row in connection.execute(
            f"SELECT id, extra, {_WORK} FROM paper WHERE id IN (SELECT value FROM json_each(?))",
            (wanted,),
        ):
            self.values[paper_id], self.extra[paper_id] = tuple(row), extra
        for paper_id, name in connection.execute(
            # What a merge took from the other paper is no word of the owner's.
            "SELECT DISTINCT ref, field FROM op o WHERE kind = 'paper'"
            " AND ref IN (SELECT value FROM json_each(?)) AND field IN (SELECT value FROM"
            " json_each(?)) AND NOT EXISTS (SELECT 1 FROM op merge WHERE merge.batch = o.batch"
            "  AND merge.field = 'merged_into')",
            (wanted, json.dumps(WORK_COLUMNS)),
        ):
            self.edited.setdefault(paper_id, set()).add(name)
        self.newest.update(
            connection.execute(
                "SELECT paper_id, max(version) FROM versions"
                " WHERE paper_id IN (SELECT value FROM json_each(?)) GROUP BY paper_id",
                (wanted,),
            ).fetchall()
        )
        for feed, paper_id, digest, rank, votes, seen in connection.execute(
            "SELECT feed_id, paper_id, record, rank, votes, seen FROM listing"
            " WHERE feed_id IN (SELECT value FROM json_each(?))"
            " AND paper_id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(self.feeds)), wanted),
        ):
            self._add((feed, paper_id, rank, votes), digest, seen)
        for paper_id, removed, known_at in connection.execute(
            "SELECT paper_id, removed, coalesce(decided, added) FROM standing"
            " WHERE paper_id IN (SELECT value FROM json_each(?))",
            (wanted,),
        ):
            self.known_at[paper_id] = known_at
            if removed is not None:
                self.removed.add(paper_id)

    def is_newer(self, paper_id: int, versions: Sequence[Version]) -> bool:
        """Tell whether versions, the newest last, go beyond what is known of a paper."""
        return bool(versions) and versions[-1].version > self.newest.get(paper_id, 0)

    def hear(self, feed: int, paper_id: int, digest: str, sighting: Sighting, now: str) -> bool:
        """Take in what a feed says; False when it has said the same of the paper before.

        A sighting without an instant is the same as any of the same rank and votes. One that names
        feed and instant is the same whatever its record says else: so a tray tells of its own.
        """
        place = (feed, paper_id, sighting.rank, sighting.votes)
        is_told = bool(sighting.feed and sighting.seen)
        if (*place, "" if is_told else digest, sighting.seen) in self._said:
            return False
        self._add(place, digest, sighting.seen or now)
        return True

    def _add(self, place: tuple[int, int, int | None, int | None], digest: str, seen: str) -> None:
        self._said.update({(*place, digest, seen), (*place, digest, ""), (*place, "", seen)})
