"""Finding papers and notes: one query, answered by the database, the index, or both together.

Words are the index's, conditions (piles, tags, dates …) the database's. Where both must agree, up
to `search_words.MOST_CANDIDATES` ids go into the index's query; above that the database is asked
about the index's best hits, more of them each time, until the limit is reached.

The answer is right at every moment. What changed since the index last followed is matched text by
text beside it; while there is no index to be trusted, everything is. That is slower and unranked,
and `Hits.notice` says so.
"""

from __future__ import annotations

import shutil
import sqlite3
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from papertray.core.clock import SystemClock
from papertray.core.model import Pile
from papertray.core.query import Everything, Query, Value, ValueField, all_of
from papertray.core.query import matched_words as words_of
from papertray.core.query_parser import parse
from papertray.store.conditions import Days
from papertray.store.connection import sqlite_errors
from papertray.store.places import writable_cache
from papertray.store.search_order import RELEVANCE, Sort, parse_sort
from papertray.store.search_plan import Hits, Plan, make_plan, search_database
from papertray.store.tray import Tray

if TYPE_CHECKING:  # nothing of the index is imported before it is needed
    from papertray.store.index.follower import Follower, Progress

__all__ = ["Hits", "Search", "matched_words", "narrowed"]


class Search:
    """Searches one tray.

    Any thread may call anything: `search` uses the calling thread's own connection, takes no lock
    for longer than opening the index, and never waits for `follow`. It may take long where the
    index is missing, so a screen calls it from a worker thread, and `follow` from another one.
    """

    def __init__(self, tray: Tray, cache: Path | None = None) -> None:
        """Search `tray` with an index under `cache` (by default the tray's own place for it).

        Nothing is opened, made or imported before the first search for words.
        """
        self._tray = tray
        self._cache = tray.places.cache if cache is None else cache
        self._temporary: Path | None = None
        self._made: Follower | None = None
        self._making = threading.Lock()
        self._progress: tuple[int, int] | None = None

    @property
    def is_ready(self) -> bool:
        """Whether the index can answer now, perhaps with a few changes matched beside it."""
        with sqlite_errors(self._tray.places.database):
            return self._follower().present(self._tray.reader()) is not None

    @property
    def building(self) -> tuple[int, int] | None:
        """How many documents of how many are done, while `follow` builds the index in here."""
        return self._progress

    @property
    def problem(self) -> str:
        """What went wrong with the index when it was last followed, empty when nothing did."""
        return self._follower().problem

    def behind(self) -> int:
        """Return how many changes the index has not followed yet; all of them without an index."""
        with sqlite_errors(self._tray.places.database):
            connection = self._tray.reader()
            index = self._follower().present(connection)
            seq = 0 if index is None else index.checkpoint[0]
            counted = connection.execute("SELECT count(*) FROM change WHERE seq > ?", (seq,))
            return int(counted.fetchone()[0])

    def follow(self, progress: Progress | None = None) -> int:
        """Bring the index up to date, building it where need be; return how many changes it took.

        Call it from a background thread, or after a command's writes. 0 also means that another
        process is at it. `progress` is called with (done, total) while the index is built. Raises
        `TrayError` when the tray cannot be read, nothing when the index cannot be written: then
        `problem` says why, and searching goes on without one.
        """

        def report(done: int, total: int) -> None:
            self._progress = (done, total)
            if progress is not None:
                progress(done, total)

        try:
            with sqlite_errors(self._tray.places.database):
                return self._follower().follow(self._tray.reader(), report)
        finally:
            self._progress = None

    def close(self) -> None:
        """Make a `follow` in another thread return soon. A temporary index is removed."""
        with self._making:
            if self._made is not None:
                self._made.stop()
            if self._temporary is not None:
                shutil.rmtree(self._temporary, ignore_errors=True)

    def search(
        self,
        text: str,
        *,
        typing: bool = False,
        pile: Pile | None = None,
        tag: str | None = None,
        limit: int | None = None,
        sort: str | Sort | None = None,
    ) -> Hits:
        """Find papers and notes by a query as typed.

        Arguments: `typing` as in `query_parser.parse`; `pile` and `tag` narrow the search; `limit`
        None finds all. `sort` is a name of `search_order`, by default relevance, or added where
        the query has no words. Raises `QueryError` for a query or order that cannot be understood
        (for a query only when `typing` is False), and `TrayError`.
        """
        order = parse_sort(sort) if isinstance(sort, str) else sort
        query = narrowed(parse(text, typing=typing), pile, tag)
        return self.find(query, limit=limit, sort=order)

    def find(self, query: Query, *, limit: int | None = None, sort: Sort | None = None) -> Hits:
        """Find papers and notes by a syntax tree; otherwise as `search`."""
        plan = make_plan(query, self._days(), limit, sort)
        with sqlite_errors(self._tray.places.database):
            connection = self._tray.reader()
            if isinstance(plan.words, Everything):
                return search_database(connection, plan)
            return self._search_words(connection, plan)

    def totals(
        self, text: str, *, typing: bool = False, pile: Pile | None = None, tag: str | None = None
    ) -> Mapping[Pile, int]:
        """Count all hits by pile, however many: for when `Hits.total` is None. Raises as `search`.

        At a million papers a common word takes about a second; call it from a worker thread.
        """
        hits = self.search(text, typing=typing, pile=pile, tag=tag, sort=RELEVANCE)
        return hits.total or {}

    def _search_words(self, connection: sqlite3.Connection, plan: Plan) -> Hits:
        from papertray.store.index.errors import IndexBroken
        from papertray.store.search_words import search_index, search_texts

        index = self._follower().present(connection)
        if index is not None:
            try:
                return search_index(connection, index, plan)
            except IndexBroken:
                self._follower().distrust()
        return search_texts(connection, plan, self._notice())

    def _days(self) -> Days:
        now = self._tray.now()
        # The machine's zone knows summer time; the offset of this moment does not.
        return Days(now.date(), None if isinstance(self._tray.clock, SystemClock) else now.tzinfo)

    def _notice(self) -> str:
        state = "is missing"
        if (progress := self._progress) is not None:
            done, total = progress
            state = f"is being built ({100 * done // max(total, 1)} %)"
        return f"The search index {state}: these hits come from the database, newest first."

    def _follower(self) -> Follower:
        with self._making:
            if self._made is None:
                from papertray.store.index.follower import Follower
                from papertray.store.index.schema import VERSION

                wanted = self._cache / str(VERSION)
                folder = writable_cache(wanted)
                self._temporary = None if folder == wanted else folder
                self._made = Follower(folder)
            return self._made


def narrowed(query: Query, pile: Pile | None, tag: str | None) -> Query:
    """Return `query` within one pile, one tag, both or neither."""
    parts = [query]
    if pile is not None:
        parts.append(Value(ValueField.PILE, pile.value))
    if tag is not None:
        parts.append(Value(ValueField.TAG, tag))
    return all_of(parts)


def matched_words(query_text: str, *, typing: bool = True) -> tuple[str, ...]:
    """Return the words of a query that a hit may highlight. Raises as `query_parser.parse`."""
    return words_of(parse(query_text, typing=typing))
