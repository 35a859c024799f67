"""Which papers want a PDF, and what became of asking for it.

What the network brings is no decision: a PDF that is fetched is a row of `attachment` without an
op, as an abstract that a feed brings is. `store.attachments` has those that the user attached.
"""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from papertray.core.clock import instant
from papertray.core.model import Work

MOST_TRIES = 5
"""How often an address that may answer another day is asked, unless the user asks herself."""

PDF = "application/pdf"

_EARLIER = timedelta(hours=6)  # who fetches each morning does not do so on the minute

_WANTED = (
    "s.removed IS NULL AND p.merged_into IS NULL"
    " AND (s.pile = 'starred' OR (s.pile = 'read' AND s.done IS NULL))"
    # What was fetched once and is gone was taken away by its owner.
    " AND NOT EXISTS (SELECT 1 FROM fetched_file f WHERE f.paper_id = p.id AND f.failure = '')"
)
CHUNK = 500
"""Papers looked at in one query."""

_IS_PDF = "(media_type = 'application/pdf' OR path LIKE '%.pdf')"  # of a row of `attachment`

_WAIT = "pdfs wait "
"""What the names of rows of `meta` begin with that say until when a host is left alone."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A paper that wants a PDF. `name` is its citation key, or its uid before it has one.

    `files` are the PDFs it has, as the tray holds their paths; they may be gone. `identifiers` are
    those beside the DOI and arXiv id of `work`, of which no more is known here than links.
    """

    paper_id: int
    name: str
    work: Work
    identifiers: tuple[tuple[str, str], ...] = ()
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of asking an address: when, how often, and the failure's words."""

    at: str
    tries: int
    failure: str

    def is_due(self, now: datetime) -> bool:
        """Tell whether it is to be asked again: after a day, then after 2, 4 and 8 more."""
        if not self.failure or self.tries >= MOST_TRIES:
            return False
        pause = timedelta(days=2 ** (self.tries - 1)) - _EARLIER
        return instant(now - pause) >= self.at


def wanted(connection: sqlite3.Connection, paper_id: int | None = None) -> Iterator[Wanted]:
    """Yield the papers whose PDF is to be fetched if it is not there, last decided first.

    Those are starred, or in `read` and not done. With a `paper_id` it is that paper, wherever it
    lies. Holds some hundred of them in memory, and 8 bytes for each of the others.
    """
    if paper_id is not None:
        yield from _wanted_of(connection, [paper_id])
        return
    rows = connection.execute(
        f"SELECT p.id FROM standing s JOIN paper p ON p.id = s.paper_id WHERE {_WANTED}"
        " ORDER BY s.decided DESC, s.added DESC, p.id"
    )
    ids = array("q")
    while chunk := rows.fetchmany(CHUNK):
        ids.extend(id_ for (id_,) in chunk)
    for start in range(0, len(ids), CHUNK):
        yield from _wanted_of(connection, ids[start : start + CHUNK])


def _wanted_of(connection: sqlite3.Connection, ids: Sequence[int]) -> list[Wanted]:
    """Return papers in the order of their ids; ids without a paper are left out."""
    rows = connection.execute(
        "SELECT p.id, coalesce((SELECT key FROM citekey c"
        "  WHERE c.paper_id = p.id AND c.state <> 'old'), p.uid),"
        " p.arxiv_id, p.doi, p.url, p.pdf_url"
        " FROM json_each(?) w CROSS JOIN paper p ON p.id = w.value ORDER BY w.key",
        (json.dumps(list(ids)),),
    ).fetchall()
    named = _of_papers(
        connection, ids,
        "SELECT paper_id, scheme, value FROM identifier WHERE scheme IN ('acl', 'openreview')",
    )  # fmt: skip
    files = _of_papers(
        connection, ids, f"SELECT paper_id, path FROM attachment WHERE {_IS_PDF}"
    )  # fmt: skip
    return [
        Wanted(
            id_, name, Work("", arxiv_id=arxiv, doi=doi, url=url, pdf_url=pdf_url),
            tuple((scheme, value) for scheme, value in named.get(id_, ())),
            tuple(path for (path,) in files.get(id_, ())),
        )
        for id_, name, arxiv, doi, url, pdf_url in rows
    ]  # fmt: skip


def _of_papers(
    connection: sqlite3.Connection, ids: Sequence[int], select: str
) -> dict[int, list[tuple[str, ...]]]:
    found: dict[int, list[tuple[str, ...]]] = {}
    for paper_id, *values in connection.execute(
        f"{select} AND paper_id IN (SELECT value FROM json_each(?)) ORDER BY 1, 2",
        (json.dumps(list(ids)),),
    ):
        found.setdefault(paper_id, []).append(tuple(values))
    return found


def is_wanted(connection: sqlite3.Connection, paper_id: int) -> bool:
    """Tell whether a paper is still one of `wanted`."""
    row = connection.execute(
        f"SELECT 1 FROM standing s JOIN paper p ON p.id = s.paper_id WHERE p.id = ? AND {_WANTED}",
        (paper_id,),
    ).fetchone()
    return row is not None


def tried(connection: sqlite3.Connection) -> dict[tuple[int, str], Tried]:
    """Return what became of every address that was asked, by paper and address."""
    return {
        (paper_id, url): Tried(at, tries, failure)
        for paper_id, url, at, tries, failure in connection.execute(
            "SELECT paper_id, url, at, tries, failure FROM fetched_file"
        )
    }


def remember_failure(
    connection: sqlite3.Connection,
    paper_id: int,
    url: str,
    at: str,
    failure: str,
    *,
    is_lasting: bool,
) -> None:
    """Remember that an address gave no PDF; one that never will counts as asked often enough."""
    connection.execute(
        "INSERT INTO fetched_file(paper_id, url, at, tries, failure) VALUES (?1, ?2, ?3, ?4, ?5)"
        " ON CONFLICT (paper_id, url) DO UPDATE SET at = excluded.at, failure = excluded.failure,"
        " tries = iif(?6, excluded.tries, tries + 1)",
        (paper_id, url, at, MOST_TRIES if is_lasting else 1, failure, is_lasting),
    )


def keep(
    connection: sqlite3.Connection, paper_id: int, url: str, at: str, path: str, digest: str
) -> None:
    """Write down a PDF that was fetched and lies at `path`, as the tray holds it."""
    connection.execute(
        "INSERT INTO fetched_file(paper_id, url, at) VALUES (?, ?, ?)"
        " ON CONFLICT (paper_id, url) DO UPDATE SET at = excluded.at, tries = tries + 1,"
        " failure = ''",
        (paper_id, url, at),
    )
    connection.execute(
        "DELETE FROM attachment WHERE paper_id = ? AND path = ?", (paper_id, path)
    )  # it was gone, and is fetched again
    connection.execute(
        "INSERT INTO attachment(paper_id, path, media_type, digest, source, added)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (paper_id, path, PDF, digest, url, at),
    )


def want_again(connection: sqlite3.Connection) -> None:
    """Let what was fetched be fetched again: a tray that is brought elsewhere comes without it."""
    connection.execute("DELETE FROM fetched_file WHERE failure = ''")


def citekey_of(connection: sqlite3.Connection, paper_id: int) -> str:
    """Return a paper's citation key, empty before it has one."""
    row = connection.execute(
        "SELECT key FROM citekey WHERE paper_id = ? AND state <> 'old'", (paper_id,)
    ).fetchone()
    return "" if row is None else str(row[0])


def fetched_paths(connection: sqlite3.Connection) -> list[str]:
    """Return where the PDFs lie that were fetched, as the tray holds it."""
    rows = connection.execute("SELECT DISTINCT path FROM attachment WHERE source <> ''")
    return [path for (path,) in rows]


def belongs_to_another(connection: sqlite3.Connection, path: str, paper_id: int) -> bool:
    """Tell whether a path, as the tray holds it, is that of a file of another paper."""
    row = connection.execute(
        "SELECT 1 FROM attachment WHERE path = ? AND paper_id <> ? LIMIT 1", (path, paper_id)
    ).fetchone()
    return row is not None


def leave_alone(connection: sqlite3.Connection, host: str, until: str) -> None:
    """Remember the instant until which a host wants to be left alone."""
    connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (_WAIT + host, until))


def left_alone(connection: sqlite3.Connection, now: str) -> dict[str, str]:
    """Return the hosts that want to be left alone now, and until which instant."""
    rows = connection.execute(
        "SELECT substr(name, ?), value FROM meta WHERE substr(name, 1, ?) = ? AND value > ?",
        (len(_WAIT) + 1, len(_WAIT), _WAIT, now),
    )
    return dict(rows.fetchall())
