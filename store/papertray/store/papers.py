"""Reading papers: views, rows for a list, whole entries. Nothing here writes."""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from papertray.core.model import Entry, Note, Pile, Sighting, Version
from papertray.store.rows import WORK_COLUMNS, authors_from_text, extra_from_text, work_from_row


class View(StrEnum):
    """A tab of the screen: a pile as it is shown there, or the papers that are done."""

    INBOX = "inbox"
    READ = "read"
    STARRED = "starred"
    SKIP = "skip"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class PaperCounts:
    """How many papers each view holds today."""

    inbox: int
    read: int
    starred: int
    skip: int
    done: int

    def of(self, view: View) -> int:
        """Return the count of one view."""
        return int(getattr(self, view.value))


@dataclass(frozen=True, slots=True)
class Row:
    """What a list shows of one paper. `seen` is its first sighting there: feed, rank, votes."""

    id: int
    title: str
    first_author: str
    year: int | None
    venue: str
    pile: Pile
    added: str
    is_done: bool
    has_note: bool
    feed: str
    rank: int | None
    votes: int | None


_VIEWS = {
    View.INBOX: "pile = 'inbox' AND (snoozed IS NULL OR snoozed <= :today)",
    View.READ: "pile = 'read' AND done IS NULL",
    View.STARRED: "pile = 'starred'",
    View.SKIP: "pile = 'skip'",
    View.DONE: "pile = 'read' AND done IS NOT NULL",
}


def view_ids(
    connection: sqlite3.Connection, view: View, today: str, *, limit: int | None = None
) -> array[int]:
    """Return the ids of the papers in a view, newest first, as 8 bytes each.

    `today` is the local date, for snoozed papers. Read from one index alone.
    """
    cursor = connection.execute(
        f"SELECT paper_id FROM standing WHERE {_VIEWS[view]} AND removed IS NULL"
        " ORDER BY added DESC, paper_id LIMIT :limit",
        {"today": today, "limit": -1 if limit is None else limit},
    )
    found = array("q")
    while chunk := cursor.fetchmany(2000):
        found.extend(paper_id for (paper_id,) in chunk)
    return found


def newest_ids(connection: sqlite3.Connection, limit: int | None) -> array[int]:
    """Return the ids of the newest papers of all piles, read from one index alone."""
    cursor = connection.execute(
        "SELECT paper_id FROM standing WHERE removed IS NULL ORDER BY added DESC, paper_id LIMIT ?",
        (-1 if limit is None else limit,),
    )
    return array("q", (paper_id for (paper_id,) in cursor))


def number(connection: sqlite3.Connection) -> int:
    """Return how many papers all piles hold, from the counts that triggers keep."""
    (papers,) = connection.execute("SELECT sum(papers) FROM pile_count").fetchone()
    return int(papers)


def counts(connection: sqlite3.Connection, today: str) -> PaperCounts:
    """Return how many papers each view holds: from the counts that triggers keep."""
    rows = {
        pile: (papers, done)
        for pile, papers, done in connection.execute("SELECT pile, papers, done FROM pile_count")
    }
    # The plus signs keep SQLite from reading the whole inbox by the index of piles.
    (snoozed,) = connection.execute(
        "SELECT count(*) FROM standing WHERE snoozed > ? AND +pile = 'inbox' AND +removed IS NULL",
        (today,),
    ).fetchone()
    read, done = rows["read"]
    return PaperCounts(
        rows["inbox"][0] - snoozed, read - done, rows["starred"][0], rows["skip"][0], done
    )


def rows(connection: sqlite3.Connection, paper_ids: Sequence[int]) -> dict[int, Row]:
    """Return the list rows of up to some hundred papers by id; what is removed is left out."""
    found = connection.execute(
        "SELECT p.id, p.title, p.authors, p.year,"
        " coalesce(nullif(p.venue_short, ''), nullif(p.venue, ''), p.primary_class),"
        " s.pile, s.added, s.done IS NOT NULL,"
        " EXISTS (SELECT 1 FROM note n WHERE n.paper_id = p.id AND n.revision IS NOT NULL),"
        " f.name, l.rank, l.votes"
        " FROM json_each(?) w JOIN paper p ON p.id = w.value"
        " JOIN standing s ON s.paper_id = p.id AND s.removed IS NULL"
        " LEFT JOIN listing l ON l.id ="
        "  (SELECT min(id) FROM listing WHERE listing.paper_id = p.id)"
        " LEFT JOIN feed f ON f.id = l.feed_id",
        (json.dumps(list(paper_ids)),),
    )
    result = {}
    for id_, title, authors, year, venue, pile, added, done, note, feed, rank, votes in found:
        people = authors_from_text(authors)
        first = people[0].short if people else ""
        result[id_] = Row(
            id_, title, first, year, venue or "", Pile(pile), added, bool(done), bool(note),
            feed or "", rank, votes,
        )  # fmt: skip
    return result


def entries(
    connection: sqlite3.Connection, paper_ids: Sequence[int], *, chunk: int = 200
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
    keys: dict[int, str] = {}
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
    tags = _grouped(connection, "SELECT paper_id, tag FROM tag", ids, "tag")
    originals = _grouped(connection, "SELECT paper_id, field, text FROM original", ids, "field")
    named = _grouped(
        connection, "SELECT paper_id, scheme, value FROM identifier", ids, "scheme, value"
    )
    versions = _grouped(
        connection, "SELECT paper_id, version, title, abstract, seen FROM versions", ids, "version"
    )
    listings = _grouped(
        connection,
        "SELECT paper_id, feed.name, seen, rank, votes FROM listing JOIN feed ON feed.id = feed_id",
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
            sightings=tuple(Sighting(*listing) for listing in listings.get(id_, ())),
            original=dict(originals.get(id_, ())),
            extra=extra_from_text(extra),
        )
    return _with_notes(connection, ids, found)


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


def _grouped(
    connection: sqlite3.Connection, select: str, ids: str, order: str
) -> dict[int, list[tuple[Any, ...]]]:
    """Return the rows of a table beside papers, by paper: `select` names paper_id first."""
    found: dict[int, list[tuple[Any, ...]]] = {}
    sql = f"{select} WHERE paper_id IN (SELECT value FROM json_each(?)) ORDER BY {order}"
    for paper_id, *values in connection.execute(sql, (ids,)):
        found.setdefault(paper_id, []).append(tuple(values))
    return found


def find_paper(connection: sqlite3.Connection, key: str) -> int | None:
    """Return the id of the paper that a KEY names, or None.

    A KEY is a row id in plain digits, a citekey (any case, also an older one), an arXiv id with or
    without version, or a DOI. What was merged resolves to the paper that survived.
    """
    from papertray.core.citekeys import fold_key  # a list has no need of these
    from papertray.core.identifiers import bare_doi, doi_name, split_arxiv_id

    if key.isascii() and key.isdigit() and len(key) < 19:
        row = connection.execute("SELECT id FROM paper WHERE id = ?", (int(key),)).fetchone()
        return None if row is None else survivor(connection, int(row[0]))
    row = connection.execute(
        "SELECT paper_id FROM citekey WHERE folded = ?", (fold_key(key),)
    ).fetchone()
    if row is None and (arxiv := split_arxiv_id(key)):
        row = _by_identifier(connection, "arxiv", arxiv[0])
    if row is None and (doi := bare_doi(key)):
        row = _by_identifier(connection, *doi_name(doi))
    if row is None:
        row = (
            _by_identifier(connection, "uid", key)
            or connection.execute("SELECT id FROM paper WHERE uid = ?", (key,)).fetchone()
        )
    return None if row is None else survivor(connection, int(row[0]))


def _by_identifier(connection: sqlite3.Connection, scheme: str, value: str) -> tuple[int] | None:
    row: tuple[int] | None = connection.execute(
        "SELECT paper_id FROM identifier WHERE scheme = ? AND value = ?", (scheme, value)
    ).fetchone()
    return row


def survivor(connection: sqlite3.Connection, paper_id: int) -> int:
    """Return the paper that a paper was merged into, itself when it was not.

    Ends where it began when other tools made papers lead in a circle.
    """
    passed: set[int] = set()
    last = paper_id
    while last not in passed:
        passed.add(last)
        row = connection.execute("SELECT merged_into FROM paper WHERE id = ?", (last,)).fetchone()
        if row is None or row[0] is None:
            return last
        last = int(row[0])
    return paper_id


def all_tags(connection: sqlite3.Connection) -> list[tuple[str, int]]:
    """Return every tag with the number of papers that have it, by name."""
    return connection.execute(
        "SELECT tag, count(*) FROM tag JOIN standing USING (paper_id) WHERE removed IS NULL"
        " GROUP BY tag ORDER BY tag"
    ).fetchall()


def papers_with_tag(connection: sqlite3.Connection, tag: str) -> list[int]:
    """Return the ids of all papers that have a tag."""
    rows = connection.execute("SELECT paper_id FROM tag WHERE tag = ?", (tag,)).fetchall()
    return [paper_id for (paper_id,) in rows]


def quoted_title(connection: sqlite3.Connection, paper_id: int) -> str:
    """Return a paper's title, shortened and in quotes, for a line of the history."""
    row = connection.execute("SELECT title FROM paper WHERE id = ?", (paper_id,)).fetchone()
    title = "" if row is None else str(row[0])
    return f"“{title}”" if len(title) <= 60 else f"“{title[:59]}…”"
