"""Numbers about a tray: what came, what was decided, what waits. Read from indexes.

A decision is counted where it still holds, and only where the user made it: what feeds, libraries,
rules and expiry put somewhere is none. Days are local, their beginnings given as instants.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

LATELY = 100_000
"""Decisions, from the newest on, that shares are counted from: some years of somebody's."""

MOST = 10
"""Feeds and venues whose shares are told."""


@dataclass(frozen=True, slots=True)
class Share:
    """How many papers of a feed or a venue were starred, of how many decided about."""

    name: str
    starred: int
    decided: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits in the inbox: how many papers, and when the oldest and the median one came."""

    papers: int
    oldest: str
    median: str


_HERS = " decided NOT IN (SELECT value FROM json_each(:by_themselves))"

_IN_INBOX = (
    "standing WHERE pile = 'inbox' AND removed IS NULL AND (snoozed IS NULL OR snoozed <= :today)"
)


def by_themselves(connection: sqlite3.Connection) -> frozenset[str]:
    """Return the instants at which only feeds, libraries, rules and the like decided."""
    rows = connection.execute(
        "SELECT at FROM batch WHERE origin NOT IN ('screen', 'command')"
        " EXCEPT SELECT at FROM batch WHERE origin IN ('screen', 'command')"
    )
    return frozenset(at for (at,) in rows)


def added_between(connection: sqlite3.Connection, starts: Sequence[str]) -> list[int]:
    """Return how many papers came from each of some instants to the next, the last one left out."""
    return _between(connection, "added", starts, "")


def decided_between(
    connection: sqlite3.Connection, starts: Sequence[str], by_themselves: Collection[str]
) -> list[int]:
    """Return how many papers were decided about from each of some instants to the next."""
    return _between(connection, "decided", starts, f" AND {_HERS}", by_themselves)


def _between(
    connection: sqlite3.Connection,
    column: str,
    starts: Sequence[str],
    condition: str,
    by_themselves: Collection[str] = (),
) -> list[int]:
    counts = []
    for start, end in pairwise(starts):
        (count,) = connection.execute(
            "SELECT count(*) FROM standing WHERE removed IS NULL"
            f" AND {column} >= :start AND {column} < :end{condition}",
            {"start": start, "end": end, "by_themselves": json.dumps(list(by_themselves))},
        ).fetchone()
        counts.append(int(count))
    return counts


def decision_days(
    connection: sqlite3.Connection,
    start_of_day: Callable[[str], str],
    by_themselves: Collection[str],
) -> Iterator[str]:
    """Yield the beginnings of the days with decisions, the last one first.

    `start_of_day` tells when the day of an instant began. One look into the index a day.
    """
    before = "9"
    while True:
        (newest,) = connection.execute(
            "SELECT max(decided) FROM standing WHERE decided < ?", (before,)
        ).fetchone()
        if newest is None:
            return
        before = newest
        if newest not in by_themselves:
            before = start_of_day(newest)
            yield before


def done_since(connection: sqlite3.Connection, day: str) -> dict[str, int]:
    """Return how many papers were marked done on each local day since `day`."""
    rows = connection.execute(
        "SELECT done, count(*) FROM standing"
        " WHERE pile IN ('read', 'starred') AND removed IS NULL AND done >= ? GROUP BY done",
        (day,),
    )
    return dict(rows.fetchall())


def waiting(connection: sqlite3.Connection, today: str) -> Waiting:
    """Return what waits in the inbox on the local day `today`."""
    papers, oldest = connection.execute(
        f"SELECT count(*), min(added) FROM {_IN_INBOX}", {"today": today}
    ).fetchone()
    if not papers:
        return Waiting(0, "", "")
    (median,) = connection.execute(
        f"SELECT added FROM {_IN_INBOX} ORDER BY added DESC LIMIT 1 OFFSET :half",
        {"today": today, "half": papers // 2},
    ).fetchone()
    return Waiting(papers, oldest, median)


def waiting_since(connection: sqlite3.Connection, today: str, start: str) -> int:
    """Return how many papers in the inbox came at the instant `start` or later."""
    (count,) = connection.execute(
        f"SELECT count(*) FROM {_IN_INBOX} AND added >= :start", {"today": today, "start": start}
    ).fetchone()
    return int(count)


def shares_of_feeds(
    connection: sqlite3.Connection, by_themselves: Collection[str], most: int = MOST
) -> list[Share]:
    """Return the feeds of which the most papers were starred `LATELY`, those first."""
    return _shares(
        connection,
        "f.name",
        # A feed that lists a paper each day lists it once here.
        " CROSS JOIN listing l ON l.paper_id = s.paper_id JOIN feed f ON f.id = l.feed_id",
        by_themselves,
        most,
    )


def shares_of_venues(
    connection: sqlite3.Connection, by_themselves: Collection[str], most: int = MOST
) -> list[Share]:
    """Return the venues of which the most papers were starred `LATELY`, those first."""
    return _shares(
        connection,
        "coalesce(nullif(p.venue_short, ''), p.venue)",
        " CROSS JOIN paper p ON p.id = s.paper_id",
        by_themselves,
        most,
    )


def _shares(
    connection: sqlite3.Connection, name: str, join: str, by_themselves: Collection[str], most: int
) -> list[Share]:
    rows = connection.execute(
        f"SELECT {name} AS name, count(DISTINCT iif(s.pile = 'starred', s.paper_id, NULL)),"
        " count(DISTINCT s.paper_id)"
        f" FROM (SELECT paper_id FROM standing WHERE decided IS NOT NULL AND {_HERS}"
        "  ORDER BY decided DESC LIMIT :lately) d"
        # CROSS: in this order. SQLite would rather begin with all listings.
        f" CROSS JOIN standing s ON s.paper_id = d.paper_id AND s.removed IS NULL{join}"
        " WHERE name <> '' GROUP BY 1 ORDER BY 2 DESC, 3 DESC, 1 LIMIT :most",
        {"by_themselves": json.dumps(list(by_themselves)), "lately": LATELY, "most": most},
    )
    return [Share(name, starred, decided) for name, starred, decided in rows]
