"""Papers of which only a name is known: what was pasted where there was no network.

Each has a row here from the moment its placeholder comes until a record tells more of it. A paper
that was removed, or merged into another, keeps its row, and is not asked for while it is so: taking
that back makes it awaited again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from papertray.core.clock import instant
from papertray.core.identity import Traits, same_by_title
from papertray.core.pasted import SCHEMES, Named
from papertray.store.known import know_titles, look_up

MOST_TRIES = 6
"""How often a service is asked for a work that it does not have."""


@dataclass(frozen=True, slots=True)
class Awaited:
    """A paper that is to be completed.

    `asked` and `tried` (empty: never) are instants. `tries` counts the answers that said nothing
    of the work, `failure` is what the last of them said. `batch` is the add that brought it.
    """

    paper_id: int
    named: Named
    batch: int
    asked: str = ""
    tried: str = ""
    tries: int = 0
    failure: str = ""

    def is_due(self, now: datetime) -> bool:
        """Tell whether to ask for it: at once, then after 1, 2, 4 … days, at last no more."""
        if not self.tries:
            return True
        if self.is_given_up:
            return False
        wait = timedelta(days=2 ** (self.tries - 1))
        return self.tried <= instant(now - wait)

    @property
    def is_given_up(self) -> bool:
        """Whether it is asked for no more, until its name is pasted again."""
        return self.tries >= MOST_TRIES


_LIVE = (
    "SELECT a.paper_id, a.scheme, a.value,"
    " coalesce((SELECT l.batch FROM listing l WHERE l.paper_id = a.paper_id ORDER BY l.id LIMIT 1),"
    "  (SELECT max(id) FROM batch)),"  # of a mended tray, whose listings may be lost
    " a.asked, a.tried, a.tries, a.failure"
    " FROM awaited a JOIN standing s ON s.paper_id = a.paper_id AND s.removed IS NULL"
    " JOIN paper p ON p.id = a.paper_id AND p.merged_into IS NULL"
)


def all_awaited(connection: sqlite3.Connection) -> list[Awaited]:
    """Return what is to be completed, in the order of asking; what the user took away left out."""
    rows = connection.execute(f"{_LIVE} ORDER BY a.asked, a.paper_id").fetchall()
    return [_awaited(row) for row in rows]


def names(connection: sqlite3.Connection) -> dict[int, Named]:
    """Return the names that a service can be asked for, by paper, whatever became of that."""
    rows = connection.execute("SELECT paper_id, scheme, value FROM awaited")
    return {id_: Named(scheme, value) for id_, scheme, value in rows if scheme in SCHEMES}


def find_awaited(connection: sqlite3.Connection, paper_id: int) -> Awaited | None:
    """Return what is awaited of one paper, or None where that is nothing."""
    row = connection.execute(f"{_LIVE} WHERE a.paper_id = ?", (paper_id,)).fetchone()
    return None if row is None else _awaited(row)


def _awaited(row: tuple[int, str, str, int, str, str, int, str]) -> Awaited:
    paper_id, scheme, value, batch, asked, tried, tries, failure = row
    return Awaited(paper_id, Named(scheme, value), batch, asked, tried, tries, failure)


def follow(
    connection: sqlite3.Connection,
    papers: Sequence[int],
    told: Sequence[Named | None],
    new: Iterable[int],
    now: str,
) -> None:
    """Follow a chunk of records: which papers are awaited from now on, which no more.

    Arguments: `papers` are those of the records, `told` what a record named and told nothing else
    of, None for one that told more; `new` are the papers that the chunk brought; `now` an instant.
    """
    rows = connection.execute("SELECT paper_id FROM awaited").fetchall()
    waiting = {paper_id for (paper_id,) in rows}
    known = {paper_id for paper_id, named in zip(papers, told, strict=True) if named is None}
    connection.executemany(
        "DELETE FROM awaited WHERE paper_id = ?", ((one,) for one in sorted(waiting & known))
    )
    begun = {*new, *waiting} - known
    for paper_id, named in zip(papers, told, strict=True):
        if named is not None and paper_id in begun:
            begin(connection, paper_id, named, now)


def begin(connection: sqlite3.Connection, paper_id: int, named: Named, now: str) -> None:
    """Await the rest of a paper; one that is named again is asked for again at once."""
    connection.execute(
        "INSERT INTO awaited(paper_id, scheme, value, asked) VALUES (?, ?, ?, ?)"
        " ON CONFLICT(paper_id) DO UPDATE SET tries = 0, failure = ''",
        (paper_id, named.scheme, named.value, now),
    )


def note_failure(connection: sqlite3.Connection, paper_id: int, now: str, reason: str) -> None:
    """Remember that a service answered, and had nothing of a paper's work."""
    connection.execute(
        "UPDATE awaited SET tried = ?, tries = tries + 1, failure = ? WHERE paper_id = ?",
        (now, reason, paper_id),
    )


def settle(connection: sqlite3.Connection, paper_id: int) -> None:
    """Await nothing more of a paper."""
    connection.execute("DELETE FROM awaited WHERE paper_id = ?", (paper_id,))


def same_work(connection: sqlite3.Connection, paper_id: int, record: Traits) -> int | None:
    """Return another paper of the tray that is the work of a record which completed `paper_id`.

    It is one that has another of the record's names, or that its title would have joined had the
    record come by itself. None where there is no such paper.
    """
    known = look_up(connection, [record])
    for pair in record.identifiers:
        owner = known.by_identifier.get(pair)
        if owner not in (None, paper_id):
            return owner
    know_titles(connection, [paper_id], known)
    candidates = known.by_title.get(record.title_key, {})
    return same_by_title(record, (c for id_, c in candidates.items() if id_ != paper_id))
