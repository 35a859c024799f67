"""Reading papers: views, rows for a list, names and tags. Nothing here writes."""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from papertray.core.piles import Pile
from papertray.store.rows import authors_from_text


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
    """What a list shows of one paper. `feed`, `rank` and `votes` are of its first sighting.

    `is_ruled` says that a rule moved or tagged it. `new_version` is the number of the version that
    came after its owner knew the paper, 0 for none.
    """

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
    is_ruled: bool = False
    new_version: int = 0


VIEWS = {
    View.INBOX: "pile = 'inbox' AND (snoozed IS NULL OR snoozed <= :today)",
    View.READ: "pile = 'read' AND done IS NULL",
    View.STARRED: "pile = 'starred'",
    View.SKIP: "pile = 'skip'",
    View.DONE: "pile = 'read' AND done IS NOT NULL",
}
"""Which rows of `standing` each view holds, in SQL. ``:today`` is the local date."""

_RULED = (
    "SELECT 1 FROM op o JOIN batch b ON b.id = o.batch AND b.origin = 'rule'"
    " WHERE o.kind = 'paper' AND o.ref = p.id"
    " AND NOT EXISTS (SELECT 1 FROM batch u WHERE u.undoes = b.id)"
)

# What `core.changed_sentences.new_version` says, without the texts.
_NEW_VERSION = (
    "SELECT v.version FROM versions v WHERE v.paper_id = p.id"
    " AND v.version = (SELECT max(version) FROM versions WHERE paper_id = p.id)"
    " AND v.seen > coalesce(s.decided, s.added)"
    " AND EXISTS (SELECT 1 FROM versions k WHERE k.paper_id = p.id AND k.title <> ''"
    "  AND k.seen <= coalesce(s.decided, s.added))"
)


def view_ids(
    connection: sqlite3.Connection, view: View, today: str, *, limit: int | None = None
) -> array[int]:
    """Return the ids of the papers in a view, newest first, as 8 bytes each.

    `today` is the local date, for snoozed papers. Read from one index alone.
    """
    cursor = connection.execute(
        f"SELECT paper_id FROM standing WHERE {VIEWS[view]} AND removed IS NULL"
        " ORDER BY added DESC, paper_id LIMIT :limit",
        {"today": today, "limit": -1 if limit is None else limit},
    )
    found = array("q")
    while chunk := cursor.fetchmany(2000):
        found.extend(paper_id for (paper_id,) in chunk)
    return found


def ids_in_view(
    connection: sqlite3.Connection, view: View, today: str, paper_ids: Sequence[int]
) -> set[int]:
    """Return which of some papers (a screenful) are in a view. `today` is the local date."""
    found = connection.execute(
        "SELECT paper_id FROM standing WHERE paper_id IN (SELECT value FROM json_each(:ids))"
        f" AND {VIEWS[view]} AND removed IS NULL",
        {"ids": json.dumps(list(paper_ids)), "today": today},
    )
    return {paper_id for (paper_id,) in found}


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
        " f.name, l.rank, l.votes,"
        f" EXISTS ({_RULED}), coalesce(({_NEW_VERSION}), 0)"
        " FROM json_each(?) w JOIN paper p ON p.id = w.value"
        " JOIN standing s ON s.paper_id = p.id AND s.removed IS NULL"
        " LEFT JOIN listing l ON l.id ="
        "  (SELECT min(id) FROM listing WHERE listing.paper_id = p.id)"
        " LEFT JOIN feed f ON f.id = l.feed_id",
        (json.dumps(list(paper_ids)),),
    )
    result = {}
    for (
        id_, title, authors, year, venue, pile, added, done, note, feed, rank, votes, ruled, new,
    ) in found:  # fmt: skip
        people = authors_from_text(authors)
        first = people[0].short if people else ""
        result[id_] = Row(
            id_, title, first, year, venue or "", Pile(pile), added, bool(done), bool(note),
            feed or "", rank, votes, bool(ruled), new,
        )  # fmt: skip
    return result


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


def tags_of(connection: sqlite3.Connection, paper_ids: Sequence[int]) -> list[tuple[str, int]]:
    """Return the tags of some papers with how many of them have each, the commonest first."""
    return connection.execute(
        "SELECT tag, count(*) FROM tag WHERE paper_id IN (SELECT value FROM json_each(?))"
        " GROUP BY tag ORDER BY count(*) DESC, tag",
        (json.dumps(list(paper_ids)),),
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
