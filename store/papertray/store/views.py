"""The papers of a view in any order and by groups: all of them as 8 bytes each, or one page.

A view may hold a million papers, so what sorts uses a connection of its own (`Tray.sorter`), whose
memory is bounded and which can be stopped.
"""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum
from functools import lru_cache

from papertray.store.papers import VIEWS, View
from papertray.store.search_order import ADDED, Sort


class Grouping(StrEnum):
    """By what a list is divided: by the day on which papers were added, by feed or by venue."""

    NONE = "none"
    DAY = "day"
    FEED = "feed"
    VENUE = "venue"


@dataclass(frozen=True, slots=True)
class Arrangement:
    """In which order and groups a list stands. `zone` says when days begin; None: as the machine's.

    Groups come first, newest day or A first, then the order within them.
    """

    sort: Sort = ADDED
    grouping: Grouping = Grouping.NONE
    zone: tzinfo | None = None

    @property
    def is_by_added(self) -> bool:
        """Whether the list stands as the index of a view does: newest first."""
        return self.sort == ADDED and self.grouping in (Grouping.NONE, Grouping.DAY)


@dataclass(frozen=True, slots=True)
class Listed:
    """Papers in order. `starts` are the positions in `ids` at which groups begin."""

    ids: array[int]
    starts: array[int]


@lru_cache(maxsize=64)
def day_of(added: str, zone: tzinfo | None) -> str:
    """Return the local day of an instant of a table: ``2026-11-23``."""
    return datetime.fromisoformat(added).astimezone(zone).date().isoformat()


def list_view(
    connection: sqlite3.Connection,
    view: View,
    today: str,
    arrangement: Arrangement,
    *,
    limit: int | None = None,
) -> Listed:
    """Return the papers of a view, all or the first `limit`. `today` is the local date.

    With a limit it is quick only where the arrangement `is_by_added`.
    """
    return _listed(
        connection,
        f"standing s WHERE {VIEWS[view]} AND s.removed IS NULL",
        {"today": today, "limit": -1 if limit is None else limit},
        arrangement,
    )


def arrange(
    connection: sqlite3.Connection, paper_ids: Sequence[int], arrangement: Arrangement
) -> Listed:
    """Return papers, such as those that a search found, in another order."""
    return _listed(
        connection,
        "json_each(:ids) w CROSS JOIN standing s ON s.paper_id = w.value AND s.removed IS NULL",
        {"ids": json.dumps(list(paper_ids)), "limit": -1},
        arrangement,
    )


def page_around(
    connection: sqlite3.Connection,
    view: View,
    today: str,
    paper_id: int,
    count: int,
    arrangement: Arrangement,
) -> tuple[Listed, int]:
    """Return up to `count` papers of a view before a paper and as many from it on, newest first.

    Also where it stands among them, or where it would: it may have left the view. Reads as many
    entries of one index, wherever in the view that is. The arrangement `is_by_added`.
    """
    row = connection.execute(
        "SELECT added FROM standing WHERE paper_id = ?", (paper_id,)
    ).fetchone()
    if row is None:
        return Listed(array("q"), array("q")), 0
    values = {"today": today, "added": row[0], "id": paper_id, "count": count}

    def part(condition: str, order: str) -> list[tuple[int, str]]:
        return connection.execute(
            f"SELECT paper_id, added FROM standing WHERE {VIEWS[view]} AND removed IS NULL"
            f" AND {condition} ORDER BY {order} LIMIT :count",
            values,
        ).fetchall()

    # SQLite seeks by one bound of `added` only, hence each side is asked in two parts.
    before = part("added = :added AND paper_id < :id", "paper_id DESC")
    before = (before + part("added > :added", "added, paper_id DESC"))[:count]
    after = part("added = :added AND paper_id >= :id", "paper_id")
    after = (after + part("added < :added", "added DESC, paper_id"))[:count]
    listed = _divided([*reversed(before), *after], arrangement)
    if len(before) == count and listed.starts:
        del listed.starts[0]  # that group may begin above the page
    return listed, len(before)


def decided_since(connection: sqlite3.Connection, start: str) -> dict[str, int]:
    """Return how many papers the user moved to each pile since the instant `start` and left there.

    What rules and feeds moved is not counted. Takes as long as there are such papers.
    """
    return dict(
        connection.execute(
            "SELECT s.pile, count(*) FROM standing s WHERE s.decided >= ? AND s.removed IS NULL"
            " AND (SELECT b.origin FROM op o JOIN batch b ON b.id = o.batch"
            "  WHERE o.kind = 'paper' AND o.ref = s.paper_id AND o.field = 'pile'"
            "  ORDER BY o.seq DESC LIMIT 1) IN ('screen', 'command')"
            " GROUP BY s.pile",
            (start,),
        ).fetchall()
    )


_FEED = (
    "(SELECT f.name FROM listing l JOIN feed f ON f.id = l.feed_id"
    " WHERE l.paper_id = s.paper_id ORDER BY l.id LIMIT 1)"
)
# As `papers.rows` shows it.
_VENUE = (
    "(SELECT coalesce(nullif(p.venue_short, ''), nullif(p.venue, ''), nullif(p.primary_class, ''))"
    " FROM paper p WHERE p.id = s.paper_id)"
)
_KEYS = {
    Grouping.NONE: "NULL",
    Grouping.DAY: "s.added",
    Grouping.FEED: _FEED,
    Grouping.VENUE: _VENUE,
}


def _listed(
    connection: sqlite3.Connection,
    source: str,
    values: dict[str, str | int],
    arrangement: Arrangement,
) -> Listed:
    rows = connection.execute(
        f"SELECT s.paper_id, {_KEYS[arrangement.grouping]} AS grouped FROM {source}"
        f" ORDER BY {_order(arrangement)} LIMIT :limit",
        values,
    )
    ids, starts = array("q"), array("q")
    last: object = _NOTHING
    while chunk := rows.fetchmany(2000):
        page = _divided(chunk, arrangement, last)
        starts.extend(start + len(ids) for start in page.starts)
        ids.extend(page.ids)
        last = chunk[-1][1]
    return Listed(ids, starts)


def _order(arrangement: Arrangement) -> str:
    if arrangement.is_by_added:
        return arrangement.sort.sql
    if arrangement.grouping is Grouping.DAY:
        offset = arrangement.zone.utcoffset(None) if arrangement.zone is not None else None
        zone = "localtime" if offset is None else f"{offset.total_seconds() / 60:+.0f} minutes"
        return f"date(s.added, '{zone}') DESC, {arrangement.sort.sql}"
    if arrangement.grouping is Grouping.NONE:
        return arrangement.sort.sql
    return f"grouped COLLATE NOCASE NULLS LAST, grouped, {arrangement.sort.sql}"


_NOTHING = object()


def _divided(
    rows: Sequence[tuple[int, str | None]], arrangement: Arrangement, last: object = _NOTHING
) -> Listed:
    """Return ids with what they are grouped by, divided: `last` is what the row before was in."""
    ids = array("q", (paper_id for paper_id, _ in rows))
    starts = array("q")
    if arrangement.grouping is Grouping.NONE:
        return Listed(ids, starts)
    group = last if last is _NOTHING else _group(last, arrangement)
    for place, (_, key) in enumerate(rows):
        if key != last:
            last = key
            begins = _group(key, arrangement)
            if begins != group:
                group = begins
                starts.append(place)
    return Listed(ids, starts)


def _group(key: object, arrangement: Arrangement) -> object:
    if arrangement.grouping is Grouping.DAY and isinstance(key, str):
        return day_of(key, arrangement.zone)
    return key
