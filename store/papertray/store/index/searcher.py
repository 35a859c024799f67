"""From the syntax tree to queries of the index library, and ranked hits from there.

Ranking is BM25 over title, authors, abstract and notes, weighted in this order. The library
breaks ties by where a document happens to lie; here they are broken by id.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, assert_never

import tantivy
from tantivy import Occur

from papertray.core.query import (
    And,
    Condition,
    Dates,
    Everything,
    Form,
    Not,
    Or,
    Phrase,
    Query,
    TextField,
    Value,
    Word,
    Years,
)
from papertray.store.index.errors import index_errors
from papertray.store.index.schema import CHECKPOINT, NOTE, schema
from papertray.store.index.text import ENGLISH, PLAIN, is_paired, tokens

WEIGHTS = {
    TextField.TITLE: 3.0,
    TextField.AUTHOR: 2.0,
    TextField.ABSTRACT: 1.0,
    TextField.NOTE: 0.5,
}
"""The fields that a word without a field is looked for in, all of them also in `words`."""

FIRST = 200
"""Hits fetched at first; eight times as many each time that is not enough."""

WIDEST = 12_800
"""Hits fetched at once; more ties than that stay as they lie."""

_EXPANSIONS = 1_000
"""Words of the dictionary that a beginning stands for in one stemmed field."""

_PLAIN_FIELDS = (TextField.AUTHOR, TextField.VENUE)

IdsOf: TypeAlias = Callable[[Condition], Collection[int]]
"""Returns the document ids that the database finds for a condition inside a mixed query."""


@dataclass(frozen=True, slots=True)
class Tier:
    """Hits that all come before those of the next tier. Not `is_scored`: in order of id."""

    query: tantivy.Query
    is_scored: bool = True


class IndexSearcher:
    """Answers queries on one view of the index. Any thread may use it. Raises `IndexBroken`."""

    def __init__(self, searcher: tantivy.Searcher, ids_of: IdsOf) -> None:
        """Search in `searcher`; `ids_of` answers the conditions that stand beside words."""
        self._searcher = searcher
        self._ids_of = ids_of

    def tiers(self, query: Query, within: Collection[int] | None = None) -> list[Tier]:
        """Return what finds the papers of `query`, among the ids `within` if given."""
        with index_errors():
            tiers = self._tiers(query)
            only = [] if within is None else [_must(_silent(_ids(within)))]
            kinds = [_must_not(_key("kind", kind)) for kind in (NOTE, CHECKPOINT)]
            return [
                Tier(_boolean([_must(tier.query), *only, *kinds]), tier.is_scored) for tier in tiers
            ]

    def count(self, tiers: Sequence[Tier]) -> int:
        """Return how many documents the tiers find, removed papers included."""
        with index_errors():
            return sum(self._count(tier.query) for tier in tiers)

    def ranked(self, tiers: Sequence[Tier], first: int = FIRST) -> Iterator[list[int]]:
        """Yield the ids in order, in batches that grow; the first is about `first` long."""
        for tier in tiers:
            yield from (
                self._scored(tier.query, first) if tier.is_scored else self._by_id(tier, first)
            )

    def notes(self, query: Query) -> list[int]:
        """Return the ids of the notes that `query` finds, best first."""
        with index_errors():
            found = _boolean([_must(self._compile(query)), _must(_silent(_key("kind", NOTE)))])
            size = self._count(found)
        batches = self._scored(found, size, ascending=False)
        return [-i for batch in batches for i in batch]

    def _count(self, query: tantivy.Query) -> int:
        result: Any = self._searcher.search(query, limit=1, count=True)
        return int(result.count)

    def _scored(
        self, query: tantivy.Query, size: int, *, ascending: bool = True
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
                ids = self._id_values([address for _, address in hits])
            ranks = sorted(zip([-score for score, _ in hits], [sign * i for i in ids], strict=True))
            if ranks:
                yield [sign * i for _, i in ranks]
            if is_last:
                return
            done += len(hits)
            size = max(size, min(size * 8, WIDEST))

    def _by_id(self, tier: Tier, size: int) -> Iterator[list[int]]:
        done = 0
        size = max(size, 1)
        while True:
            with index_errors():
                hits = self._searcher.search(
                    tier.query,
                    limit=size,
                    offset=done,
                    count=False,
                    order_by_field="id",
                    order=tantivy.Order.Asc,
                ).hits
            if hits:
                yield [int(i) for i, _ in hits]
            if len(hits) < size:
                return
            done += len(hits)
            size = max(size, min(size * 8, WIDEST))

    def _id_values(self, addresses: list[tantivy.DocAddress]) -> array[int]:
        values = self._searcher.fast_field_values("id", addresses)
        return array("q", [int(value) for value in values if value is not None])

    def _tiers(self, query: Query) -> list[Tier]:
        if isinstance(query, Word) and query.field is None and query.form is Form.PREFIX:
            pieces = _pieces(query.text, PLAIN)
            if len(pieces) == 1 and len(pieces[0]) == 1 and not _is_pair(pieces[0][0]):
                return self._beginning_tiers(query.text, pieces[0][0])
        return [Tier(self._compile(query))]

    def _beginning_tiers(self, text: str, token: str) -> list[Tier]:
        """One word that may go on: whole words by rank, then titles, then the rest.

        All beginnings score alike, so there is nothing to rank them by, and sorting a hundred
        thousand ties at each key would take too long.
        """
        whole = self._word(text, None)
        in_title, anywhere = _beginning("title", token), _beginning("words", token)
        return [
            Tier(whole),
            Tier(_boolean([_must(in_title), _must(anywhere), _must_not(whole)]), is_scored=False),
            Tier(
                _boolean([_must(anywhere), _must_not(in_title), _must_not(whole)]), is_scored=False
            ),
        ]

    def _compile(self, query: Query) -> tantivy.Query:
        match query:
            case Everything():
                return _silent(tantivy.Query.all_query())
            case Word(text, field, form):
                match form:
                    case Form.WHOLE:
                        return self._word(text, field)
                    case Form.PREFIX:
                        return _any([self._word(text, field), self._beginning(text, field)])
                    case Form.TYPO:
                        return _any([self._word(text, field), self._typo(text, field)])
                assert_never(form)
            case Phrase(text, field):
                return self._word(text, field)
            case Value() | Years() | Dates():
                return _silent(_ids(self._ids_of(query)))
            case Not(part):
                return _boolean([_must(_everything()), _must_not(self._compile(part))])
            case And(parts):
                return _boolean([_must(self._compile(part)) for part in parts])
            case Or(parts):
                return _any([self._compile(part) for part in parts])
        assert_never(query)

    def _word(self, text: str, field: TextField | None) -> tantivy.Query:
        """The whole word or phrase, by stem, in one of the usual fields or in `field`."""
        if field is not None:
            return self._in_field(text, field)
        weighted = [
            tantivy.Query.boost_query(self._in_field(text, name), weight)
            for name, weight in WEIGHTS.items()
        ]
        return _any(weighted)

    def _in_field(self, text: str, field: TextField) -> tantivy.Query:
        pieces = _pieces(text, PLAIN if field in _PLAIN_FIELDS else ENGLISH)
        return _boolean([_must(self._piece(piece, field)) for piece in pieces])

    def _piece(self, piece: Sequence[str], field: TextField) -> tantivy.Query:
        if len(piece) > 1:
            return tantivy.Query.phrase_query(schema(), field, list(piece))
        if is_paired(piece[0]) and len(piece[0]) == 1:
            return _beginning(field, piece[0])
        return tantivy.Query.term_query(schema(), field, piece[0])

    def _beginning(self, text: str, field: TextField | None) -> tantivy.Query:
        """All but the last token as they are, then tokens that begin like the last one."""
        plain = tokens(text, PLAIN)
        if not plain:
            return tantivy.Query.empty_query()
        *whole, last = plain
        if is_paired(last) and len(last) > 1:
            return self._word(text, field)
        parts = [self._word(" ".join(whole), field)] if whole else []
        if field is None:
            parts.append(_silent(_beginning("words", last), 0.25))
        else:
            parts.append(self._beginning_in(field, last))
        if field is None and not whole:
            in_title = _silent(_beginning("title", last), 0.5)
            return _boolean([_must(parts[0]), (Occur.Should, in_title)])
        return _boolean([_must(part) for part in parts])

    def _beginning_in(self, field: TextField, token: str) -> tantivy.Query:
        """Stems do not begin like their words (optimiz* is optim), so the words are looked up."""
        found = [_silent(_beginning(field, token), 0.5)]
        if field not in _PLAIN_FIELDS and len(token) > 2:
            words = self._searcher.terms_with_prefix("words", token, limit=_EXPANSIONS)
            stems = {stem for word, _ in words for stem in tokens(word, ENGLISH)}
            if stems:
                terms = tantivy.Query.term_set_query(schema(), field, sorted(stems))
                found.append(_silent(terms, 0.5))
        return _any(found)

    def _typo(self, text: str, field: TextField | None) -> tantivy.Query:
        """Each token with one letter wrong, two from eight letters on; stems in stemmed fields."""
        stemmed = field is not None and field not in _PLAIN_FIELDS
        parts = []
        for token in tokens(text, ENGLISH if stemmed else PLAIN):
            fuzzy = tantivy.Query.fuzzy_term_query(
                schema(), field or "words", token, distance=typos(token)
            )
            parts.append(_must(_silent(fuzzy, 0.25)))
        return _boolean(parts)


def typos(token: str) -> int:
    """Return how many letters may be wrong in a word of this length."""
    return 2 if len(token) >= 8 else 1


def _pieces(text: str, analyzer: str) -> list[list[str]]:
    """Split tokens where a phrase cannot go on: a single character of Chinese, Japanese, Korean.

    In the documents such a character is part of pairs only, so it is looked for as a beginning.
    """
    pieces: list[list[str]] = []
    may_go_on = False
    for token in tokens(text, analyzer):
        is_single = len(token) == 1 and is_paired(token)
        if may_go_on and not is_single:
            pieces[-1].append(token)
        else:
            pieces.append([token])
        may_go_on = not is_single
    return pieces


def _is_pair(token: str) -> bool:
    return len(token) == 2 and is_paired(token)


def _beginning(field: str, token: str) -> tantivy.Query:
    # The library's own phrase_prefix_query stops at 50 words without saying so.
    return tantivy.Query.fuzzy_term_query(schema(), field, token, distance=0, prefix=True)


def _ids(ids: Collection[int]) -> tantivy.Query:
    return tantivy.Query.term_set_query(schema(), "id", list(ids))


def _key(field: str, value: str) -> tantivy.Query:
    return tantivy.Query.term_query(schema(), field, value)


def _everything() -> tantivy.Query:
    return _silent(tantivy.Query.all_query())


def _silent(query: tantivy.Query, score: float = 0.0) -> tantivy.Query:
    """The same hits, all with one score: conditions must not change the ranking."""
    return tantivy.Query.const_score_query(query, score)


def _must(query: tantivy.Query) -> tuple[Occur, tantivy.Query]:
    return Occur.Must, query


def _must_not(query: tantivy.Query) -> tuple[Occur, tantivy.Query]:
    return Occur.MustNot, query


def _any(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    return _boolean([(Occur.Should, query) for query in queries])


def _boolean(clauses: Sequence[tuple[Occur, tantivy.Query]]) -> tantivy.Query:
    """One clause of kind Must or Should needs no wrapping; none at all finds nothing."""
    if not clauses:
        return tantivy.Query.empty_query()
    if len(clauses) == 1 and clauses[0][0] is not Occur.MustNot:
        return clauses[0][1]
    return tantivy.Query.boolean_query(clauses)
