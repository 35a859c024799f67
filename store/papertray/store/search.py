"""Finding papers and notes: one query, answered by the database, the index, or both together.

Words are the index's, conditions (piles, tags, dates …) the database's. Where both must agree, two
thousand ids go into the index's query; more are held to sieve its best hits; beyond a hundred
thousand the database is asked about these. In the last two cases more hits come each time, until
the limit is reached.

The answer is right at every moment. What changed since the index last followed is matched text by
text beside it; while there is no index to be trusted, everything is. That is slower and unranked.
Where it would take too long for somebody who waits, `Hits.notice` says what is missing.
"""

from __future__ import annotations

import shutil
import sqlite3
import threading
from array import array
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from itertools import chain, combinations
from pathlib import Path
from typing import TYPE_CHECKING

from papertray.core.clock import SystemClock
from papertray.core.errors import QueryError
from papertray.core.model import Pile
from papertray.core.query import (
    Everything,
    Query,
    Value,
    ValueField,
    all_of,
    leaves,
    without_searches,
)
from papertray.core.query import matched_words as words_of
from papertray.core.query_parser import parse, understand
from papertray.store.conditions import Days
from papertray.store.connection import sqlite_errors
from papertray.store.places import writable_cache
from papertray.store.search_order import RELEVANCE, Sort, parse_sort
from papertray.store.search_plan import (
    Hits,
    Plan,
    alternatives,
    answer,
    count_database,
    found_among,
    make_plan,
    piles_of,
    search_database,
    sorted_ids,
    tally,
)
from papertray.store.tray import Tray

if TYPE_CHECKING:  # nothing of the index is imported before it is needed
    from papertray.store.index.follower import Follower, Progress
    from papertray.store.pile_mask import PileMask
    from papertray.store.search_words import Scopes

__all__ = ["Hits", "Search", "days_of", "matched_words", "narrowed"]

MOST_COUNTED = 3
"""Alternatives with conditions, as in ``pile:read OR tag:x deep``, of which hits are counted."""


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
        self._scopes: Scopes | None = None
        self._mask: PileMask | None = None
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
        from papertray.store.index.follower import number_pending

        with sqlite_errors(self._tray.places.database):
            connection = self._tray.reader()
            index = self._follower().present(connection)
            return number_pending(connection, 0 if index is None else index.checkpoint[0])

    def follow(self, progress: Progress | None = None) -> int:
        """Bring the index up to date, building it where need be; return how many changes it took.

        Call it from a background thread, or after a command's writes. 0 also means that another
        process is at it. `progress` is called with (done, total) where it takes long. Raises
        `TrayError` when the tray cannot be read, nothing when the index cannot be written: then
        `problem` says why, and searching goes on without one.
        """
        return self._follow(progress, anew=False)

    def rebuild(self, progress: Progress | None = None) -> int:
        """Build the index anew beside the present one, which answers meanwhile; then switch.

        Returns how many papers and notes it holds; otherwise as `follow`.
        """
        return self._follow(progress, anew=True)

    def check_files(self) -> str:
        """Return what is damaged in the index, in a sentence; empty when nothing is.

        Reads each file of the index once in the life of a process, about a second in all for a
        million papers: for a background thread that has nothing to follow, and for `doctor`. A
        damaged index is not used any more, and the next `follow` builds another. Raises
        `TrayError`.
        """
        with sqlite_errors(self._tray.places.database):
            return self._follower().check(self._tray.reader())

    def _follow(self, progress: Progress | None, *, anew: bool) -> int:
        def report(done: int, total: int) -> None:
            self._progress = (done, total)
            if progress is not None:
                progress(done, total)

        try:
            with sqlite_errors(self._tray.places.database):
                self._tray.make_triggers_again()
                return self._follower().follow(self._tray.reader(), report, anew=anew)
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
        within: str = "",
        limit: int | None = None,
        sort: str | Sort | None = None,
    ) -> Hits:
        """Find papers and notes by a query as typed.

        Arguments: `typing` as in `query_parser.parse`; `pile`, `tag` and `within`, another query,
        narrow the search; `limit` None finds all. `sort` is a name of `search_order`, by default
        relevance, or added where the query has no words. Raises `QueryError` for a query or order
        that cannot be understood (for a query only when `typing` is False), and `TrayError`.
        """
        order = parse_sort(sort) if isinstance(sort, str) else sort
        scope = narrowed(parse(within, typing=False), pile, tag)
        if not typing:
            query = all_of([parse(text, typing=False), scope])
            return self.find(query, limit=limit, sort=order)
        from papertray.store.search_names import or_named

        understood = understand(text)
        remarks = list(understood.remarks)
        with sqlite_errors(self._tray.places.database):
            named, query = or_named(self._tray.reader(), text, understood.query)
        try:
            query = self.resolved(query)
        except QueryError as error:
            remarks.append(str(error))
            query = without_searches(query)
        hits = self.find(all_of([query, scope]), limit=limit, sort=order)
        if named in hits.ids:
            first = array("q", [named, *(one for one in hits.ids if one != named)])
            hits = replace(hits, ids=first)
        return replace(hits, remarks=tuple(remarks)) if remarks else hits

    def resolved(self, query: Query) -> Query:
        """Return `query` with the queries of saved searches in place of ``search:NAME``.

        Raises `QueryError` for a name that no search has, and for one that leads back to itself.
        """
        if not any(isinstance(leaf, Value) and leaf.field is ValueField.SEARCH
                   for leaf in leaves(query)):  # fmt: skip
            return query
        from papertray.store.saved_searches import expanded

        with sqlite_errors(self._tray.places.database):
            return expanded(self._tray.reader(), query)

    def find(self, query: Query, *, limit: int | None = None, sort: Sort | None = None) -> Hits:
        """Find papers and notes by a syntax tree; otherwise as `search`."""
        query = self.resolved(query)
        parts = alternatives(query) if limit is not None else ()
        if parts and limit is not None:
            return self._find_each(query, parts, limit, sort)
        plan = make_plan(query, self._days(), limit, sort)
        with sqlite_errors(self._tray.places.database):
            connection = self._tray.reader()
            if isinstance(plan.words, Everything):
                hits = search_database(connection, plan)
            else:
                hits = self._search_words(connection, plan)
        return replace(hits, query=query)

    def _find_each(
        self, query: Query, parts: Sequence[Query], limit: int, sort: Sort | None
    ) -> Hits:
        """Find what one of `parts` finds: in the order of rank each, one after the other."""
        each = [self.find(part, limit=limit, sort=sort) for part in parts]
        found = list(dict.fromkeys(chain.from_iterable(hits.ids for hits in each)))
        notes = dict.fromkeys(chain.from_iterable(hits.notes for hits in each))
        is_all = all(hits.is_complete for hits in each)
        plan = make_plan(Everything(), self._days(), limit, sort)
        with sqlite_errors(self._tray.places.database):
            connection = self._tray.reader()
            if sort not in (None, RELEVANCE):
                found = sorted_ids(connection, plan, found)
            total = tally(piles_of(connection, plan, found)) if is_all else None
        notice = next((hits.notice for hits in each if hits.notice), "")
        hits = answer(found, plan, total=total, notes=[*notes][:limit], notice=notice)
        return replace(hits, query=query, is_complete=is_all and hits.is_complete)

    def completions(self, text: str, cursor: int | None = None, limit: int = 20) -> list[str]:
        """Return what the word of a query that ends at `cursor` may become, likeliest first.

        Each stands for the whole word, signs and field included. `cursor` None is the end. Words
        come folded and in lower case, as the index knows them, and only where there is an index.
        Takes some milliseconds; raises `TrayError`.
        """
        from papertray.store.completion import completions
        from papertray.store.index.errors import IndexBroken
        from papertray.store.index.words import words_beginning

        cursor = len(text) if cursor is None else cursor
        with sqlite_errors(self._tray.places.database):
            connection = self._tray.reader()
            index = self._follower().present(connection)

            def words(field: str, beginning: str, most: int) -> list[str]:
                if index is None:
                    return []
                try:
                    return words_beginning(index.view()[0], field, beginning, most)
                except IndexBroken:
                    self._follower().distrust()
                    return []

            return completions(connection, words, text, cursor, limit)

    def totals(self, query: Query) -> Mapping[Pile, int] | None:
        """Count all hits by pile, however many: for when `Hits.total` is None. Raises as `find`.

        At a million papers it takes tenths of a second, so call it from a worker thread. None
        while there is no index, or one that lags far behind, for then it would take too long.
        """
        query = self.resolved(query)
        if parts := alternatives(query):
            return self._totals_of_either(parts)
        plan = make_plan(query, self._days(), None, None)
        with sqlite_errors(self._tray.places.database):
            connection = self._tray.reader()
            if isinstance(plan.words, Everything):
                return count_database(connection, plan)
            from papertray.store.index.errors import IndexBroken
            from papertray.store.search_words import count_index

            index = self._follower().present(connection)
            try:
                if index is not None:
                    return count_index(connection, index, plan, *self._kept())
            except IndexBroken:
                self._follower().distrust()
            return None

    def _totals_of_either(self, parts: Sequence[Query]) -> Mapping[Pile, int] | None:
        """Count what one of `parts` finds: what each finds, without what several find."""
        if len(parts) > MOST_COUNTED:
            return None
        total: Counter[Pile] = Counter()
        for number in range(1, len(parts) + 1):
            for some in combinations(parts, number):
                counts = self.totals(all_of(some))
                if counts is None:
                    return None
                for pile, count in counts.items():
                    total[pile] += count if number % 2 else -count
        return +total

    def piles_of(self, ids: Collection[int]) -> dict[int, Pile]:
        """Return where some papers lie now, by id: a thousand take a millisecond."""
        with sqlite_errors(self._tray.places.database):
            return found_among(self._tray.reader(), Everything(), self._days(), ids)

    def _kept(self) -> tuple[Scopes, PileMask]:
        """What is kept from one search to the next."""
        with self._making:
            if self._scopes is None or self._mask is None:
                from papertray.store.pile_mask import PileMask
                from papertray.store.search_words import Scopes

                self._scopes, self._mask = Scopes(), PileMask()
            return self._scopes, self._mask

    def _search_words(self, connection: sqlite3.Connection, plan: Plan) -> Hits:
        from papertray.store.index.errors import IndexBroken
        from papertray.store.search_texts import search_texts
        from papertray.store.search_words import search_index

        index = self._follower().present(connection)
        if index is not None:
            try:
                return search_index(connection, index, plan, self._kept()[0])
            except IndexBroken:
                self._follower().distrust()
        return search_texts(connection, plan, self._notice())

    def _days(self) -> Days:
        return days_of(self._tray)

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


def days_of(tray: Tray) -> Days:
    """Return what day it is by the tray's clock, and where its days begin."""
    now = tray.now()
    # The machine's zone knows summer time; the offset of this moment does not.
    return Days(now.date(), None if isinstance(tray.clock, SystemClock) else now.tzinfo)


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
