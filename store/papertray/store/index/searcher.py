"""Hits from the index, in order: tiers of them, each by rank or by id.

Ranking is BM25 over title, authors, abstract and notes, weighted in this order. The library
breaks ties by where a document happens to lie; here they are broken by id.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterator
from dataclasses import dataclass

import tantivy

from papertray.core.query import Query, Word
from papertray.store.index.compiler import (
    Compiler,
    IdsOf,
    all_notes,
    boolean,
    having_ids,
    must,
    must_not,
    silent,
)
from papertray.store.index.errors import index_errors
from papertray.store.index.rewriting import in_notes, is_ranked, ranked_part
from papertray.store.index.schema import NOTE

FIRST = 200
"""Hits fetched at first; eight times as many each time that is not enough."""

WIDEST = 102_400
"""Hits fetched at once, about 50 ms of work; more ties than that stay as they lie."""


@dataclass(frozen=True, slots=True)
class Tier:
    """Hits that all come before those of the next tier. Not `is_scored`: in order of id."""

    query: tantivy.Query
    is_scored: bool = True


@dataclass(frozen=True, slots=True)
class Scope:
    """The only papers, or notes by ids below zero, that count.

    `is_asked` puts them into the query, else its hits are sieved.
    """

    ids: frozenset[int]
    is_asked: bool


class IndexSearcher:
    """Answers queries on one view of the index. Any thread may use it. Raises `IndexBroken`."""

    def __init__(self, searcher: tantivy.Searcher, ids_of: IdsOf) -> None:
        """Search in `searcher`; `ids_of` answers the conditions that stand beside words."""
        self._searcher = searcher
        self._compiler = Compiler(searcher, ids_of)

    @property
    def size(self) -> int:
        """How many documents there are."""
        return int(self._searcher.num_docs)

    def papers(
        self, query: Query, within: Scope | None = None, first: int = FIRST
    ) -> Iterator[list[int]]:
        """Yield the ids of the papers that `query` finds, in order, each once.

        Arguments: `within` are the only ids that count, if given. The batches grow; the first is
        made of about `first` hits.
        """
        with index_errors():
            tiers = self._tiers(query)
        for batch in self._in_turn(tiers, within, first, ascending=True):
            # Excluding notes in the query would cost ten times as much.
            yield [i for i in batch if i > 0]

    def _in_turn(
        self, tiers: list[Tier], within: Scope | None, first: int, *, ascending: bool
    ) -> Iterator[list[int]]:
        """Yield the hits of tier after tier, each once."""
        seen: set[int] = set()
        sieve = None if within is None or within.is_asked else within.ids
        for tier in tiers:
            found = tier.query
            if within is not None and within.is_asked:
                with index_errors():
                    found = boolean([must(found), must(having_ids(within.ids))])
            search = self._scored if tier.is_scored else self._by_id
            for batch in search(found, first, sieve, ascending):
                # Excluding earlier tiers in the query would cost ten times as much, too.
                if len(tiers) > 1:
                    batch = [i for i in batch if i not in seen]
                    seen.update(batch)
                yield batch

    def all_papers(self, query: Query) -> list[int]:
        """Return the ids of all papers that `query` finds, in no order: faster than by rank."""
        with index_errors():
            found = tantivy.Query.const_score_query(self._compiler.compile(query), 0.0)
            hits = self._searcher.search(found, limit=max(self.size, 1), count=False).hits
            ids = self._searcher.fast_field_values("id", [address for _, address in hits])
        return [int(i) for i in ids if i and i > 0]

    def notes(
        self, query: Query, within: Scope | None = None, first: int = FIRST
    ) -> Iterator[list[int]]:
        """Yield the ids of the notes that `query` finds, best first; otherwise as `papers`."""
        with index_errors():
            if not self._searcher.doc_freq("kind", NOTE):
                return
            tiers = self._tiers(in_notes(query), notes=True)
        for batch in self._in_turn(tiers, within, first, ascending=False):
            yield [-i for i in batch if i < 0]

    def _scored(
        self,
        query: tantivy.Query,
        size: int,
        only: Collection[int] | None,
        ascending: bool,
    ) -> Iterator[list[int]]:
        done = 0
        size = max(size, 1)  # the library panics at 0
        sign = 1 if ascending else -1
        while True:
            with index_errors():
                hits = self._searcher.search(query, limit=size, offset=done, count=False).hits
                is_last = len(hits) < size
                if not is_last:
                    # The last ones may tie with hits that were not fetched: leave them for later.
                    safe = bisect_left(hits, -hits[-1][0], key=lambda hit: -hit[0])
                    if safe == 0 and size < WIDEST:
                        size = min(size * 8, WIDEST)
                        continue
                    hits = hits[:safe] if safe else hits
                ids = self._searcher.fast_field_values("id", [address for _, address in hits])
            ranks = sorted(
                [
                    (-score, sign * int(i))
                    for (score, _), i in zip(hits, ids, strict=True)
                    if i and (only is None or i in only)  # the checkpoint has no id
                ]
            )
            if ranks:
                yield [sign * i for _, i in ranks]
            if is_last:
                return
            done += len(hits)
            size = max(size, min(size * 8, WIDEST))

    def _by_id(
        self,
        query: tantivy.Query,
        size: int,
        only: Collection[int] | None,
        ascending: bool,
    ) -> Iterator[list[int]]:
        done = 0
        size = max(size, 1)
        while True:
            with index_errors():
                hits = self._searcher.search(
                    query,
                    limit=size,
                    offset=done,
                    count=False,
                    order_by_field="id",
                    order=tantivy.Order.Asc if ascending else tantivy.Order.Desc,
                ).hits
            if hits:
                # A damaged file may hold no id.
                yield [int(i) for i, _ in hits if i and (only is None or i in only)]
            if len(hits) < size:
                return
            done += len(hits)
            size = max(size, min(size * 8, WIDEST))

    def _tiers(self, query: Query, *, notes: bool = False) -> list[Tier]:
        """Hits with scores first, then titles, then the rest, which nothing can rank.

        Sorting a hundred thousand ties at each key would take too long. In order of id all notes
        would come first, so they are left out unless `notes` are all that is wanted.
        """
        compiler = self._compiler
        kind = must(silent(all_notes())) if notes else must_not(all_notes())
        if is_ranked(query):
            found = compiler.compile(query)
            return [Tier(boolean([must(found), kind]) if notes else found)]
        tiers: list[Tier] = []
        if (ranked := ranked_part(query)) is not None:
            found = compiler.compile(ranked)
            tiers.append(Tier(boolean([must(found), kind]) if notes else found))
        titles = None if notes else compiler.beginnings(query, "title")
        # What is one word only was looked for as a whole word above.
        rest = compiler.beginnings(query, "words") if isinstance(query, Word) else None
        for part in (titles, rest or compiler.compile(query)):
            if part is not None:
                tiers.append(Tier(boolean([must(part), kind]), is_scored=False))
        return tiers
