"""From the syntax tree to queries of the index library."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TypeAlias, assert_never

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
from papertray.store.index.schema import NOTE, schema
from papertray.store.index.text import ENGLISH, PLAIN, is_paired, tokens

WEIGHTS = {
    TextField.TITLE: 3.0,
    TextField.AUTHOR: 2.0,
    TextField.ABSTRACT: 1.0,
    TextField.NOTE: 0.5,
}
"""The fields that a word without a field is looked for in, all of them also in `words`."""

_EXPANSIONS = 1_000
"""Words of the dictionary that a beginning stands for in one stemmed field."""

_GROUP = 64
"""Ids that are asked for in one clause: all in one take twice the time."""

_MOST_TERMS = 20_000
"""Ids up to which each is asked for by itself, 1.5 µs in place of 7; beyond, a set is faster."""

_PLAIN_FIELDS = (TextField.AUTHOR, TextField.VENUE)

IdsOf: TypeAlias = Callable[[Condition], Collection[int]]
"""Returns the document ids that the database finds for a condition inside a mixed query."""


class Compiler:
    """Makes queries for one view of the index. Its calls raise what the library raises."""

    def __init__(self, searcher: tantivy.Searcher, ids_of: IdsOf) -> None:
        """Make queries for `searcher`; `ids_of` answers the conditions that stand beside words."""
        self._searcher = searcher
        self._ids_of = ids_of

    def compile(self, query: Query) -> tantivy.Query:
        """Return the query of the library for all documents that `query` finds."""
        match query:
            case Everything():
                return silent(tantivy.Query.all_query())
            case Word(text, field, form):
                match form:
                    case Form.WHOLE:
                        return self._word(text, field)
                    case Form.PREFIX:
                        return any_of([self._word(text, field), self._beginning(text, field)])
                    case Form.TYPO:
                        return any_of([self._word(text, field), self._typo(text, field)])
                assert_never(form)
            case Phrase(text, field):
                return self._word(text, field)
            case Value() | Years() | Dates():
                return having_ids(self._ids_of(query))
            case Not(part):
                return boolean([must(_everything()), must_not(self.compile(part))])
            case And(parts):
                return boolean([must(self.compile(part)) for part in parts])
            case Or(parts):
                return any_of([self.compile(part) for part in parts])
        assert_never(query)

    def beginnings(self, query: Query, field: str) -> tantivy.Query | None:
        """Return a query for the hits in whose `field` stand the beginnings `query` looks for.

        None where it looks for something else. In a stemmed field stems count as words: that is
        for the order of hits only.
        """
        match query:
            case Word(text, None, Form.PREFIX) if len(found := tokens(text, PLAIN)) == 1:
                return _beginning(field, found[0])
            case And(parts):
                made = [(part, self.beginnings(part, field)) for part in parts]
                if any(found is not None for _, found in made):
                    return boolean([must(found or self.compile(part)) for part, found in made])
        return None

    def _word(self, text: str, field: TextField | None) -> tantivy.Query:
        """The whole word or phrase, by stem, in one of the usual fields or in `field`."""
        if field is not None:
            return self._in_field(text, field) or tantivy.Query.empty_query()
        found = {name: self._in_field(text, name) for name in WEIGHTS}
        return any_of(
            [
                tantivy.Query.boost_query(query, WEIGHTS[name])
                for name, query in found.items()
                if query is not None
            ]
        )

    def _in_field(self, text: str, field: TextField) -> tantivy.Query | None:
        """None where a word of `text` never stands in `field`: asking for it costs time."""
        pieces = _pieces(text, PLAIN if field in _PLAIN_FIELDS else ENGLISH)
        for piece in pieces:
            for token in piece:
                is_part = len(token) == 1 and is_paired(token)
                if not is_part and not self._searcher.doc_freq(field, token):
                    return None
        return boolean([must(self._piece(piece, field)) for piece in pieces])

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
            parts.append(silent(_beginning("words", last), 0.25))
        else:
            parts.append(self._beginning_in(field, last))
        if field is None and not whole:
            parts.append(silent(_beginning("title", last), 0.5))
            return any_of(parts)
        return boolean([must(part) for part in parts])

    def _beginning_in(self, field: TextField, token: str) -> tantivy.Query:
        """Stems do not begin like their words (optimiz* is optim), so the words are looked up."""
        found = [silent(_beginning(field, token), 0.5)]
        if field not in _PLAIN_FIELDS and _may_change(token):
            words = self._searcher.terms_with_prefix("words", token, limit=_EXPANSIONS)
            stems = {stem for word, _ in words for stem in tokens(word, ENGLISH)}
            if stems:
                terms = tantivy.Query.term_set_query(schema(), field, sorted(stems))
                found.append(silent(terms, 0.5))
        return any_of(found)

    def _typo(self, text: str, field: TextField | None) -> tantivy.Query:
        """Each token with one letter wrong, two from eight letters on; stems in stemmed fields."""
        stemmed = field is not None and field not in _PLAIN_FIELDS
        parts = []
        for token in tokens(text, ENGLISH if stemmed else PLAIN):
            fuzzy = tantivy.Query.fuzzy_term_query(
                schema(), field or "words", token, distance=typos(token)
            )
            parts.append(must(silent(fuzzy, 0.25)))
        return boolean(parts)


def typos(token: str) -> int:
    """Return how many letters may be wrong in a word of this length."""
    return 2 if len(token) >= 8 else 1


def _may_change(token: str) -> bool:
    """Whether some word that begins with `token` may have a stem that does not.

    Of the first two letters only these change: dying has die, ued has u.
    """
    if len(token) != 2:
        return len(token) > 2
    return token[1] == "y" or (token[0] in "aeiouy" and token[1] in "ei")


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


def _beginning(field: str, token: str) -> tantivy.Query:
    # The library's own phrase_prefix_query stops at 50 words without saying so.
    return tantivy.Query.fuzzy_term_query(schema(), field, token, distance=0, prefix=True)


def having_ids(ids: Collection[int]) -> tantivy.Query:
    """Return the query for the documents with these ids; it adds nothing to a score."""
    if len(ids) > _MOST_TERMS:
        return silent(tantivy.Query.term_set_query(schema(), "id", list(ids)))
    terms = [tantivy.Query.term_query(schema(), "id", i) for i in sorted(ids)]
    groups = [any_of(terms[at : at + _GROUP]) for at in range(0, len(terms), _GROUP)]
    return silent(any_of(groups))


def all_notes() -> tantivy.Query:
    """Return the query for all notes."""
    return tantivy.Query.term_query(schema(), "kind", NOTE)


def _everything() -> tantivy.Query:
    return silent(tantivy.Query.all_query())


def silent(query: tantivy.Query, score: float = 0.0) -> tantivy.Query:
    """The same hits, all with one score: conditions must not change the ranking."""
    return tantivy.Query.const_score_query(query, score)


def must(query: tantivy.Query) -> tuple[Occur, tantivy.Query]:
    """Return the clause for what a document must match."""
    return Occur.Must, query


def must_not(query: tantivy.Query) -> tuple[Occur, tantivy.Query]:
    """Return the clause for what a document must not match."""
    return Occur.MustNot, query


def any_of(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    """Return the query for what matches one of `queries` or more."""
    return boolean([(Occur.Should, query) for query in queries])


def boolean(clauses: Sequence[tuple[Occur, tantivy.Query]]) -> tantivy.Query:
    """One clause of kind Must or Should needs no wrapping; none at all finds nothing."""
    if not clauses:
        return tantivy.Query.empty_query()
    if len(clauses) == 1 and clauses[0][0] is not Occur.MustNot:
        return clauses[0][1]
    return tantivy.Query.boolean_query(clauses)
