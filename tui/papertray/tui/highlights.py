"""Where a text matches a search, so that it can be drawn underlined. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TypeAlias

from papertray.core.errors import QueryError
from papertray.core.query import Query, TextField

Spans: TypeAlias = Sequence[tuple[int, int]]
"""Beginnings and ends in a text, in characters and in order; none reaches into another."""

Highlighter: TypeAlias = Callable[[str], Spans]
"""From a clean text to what of it matches."""


def no_spans(text: str) -> Spans:
    """Return none: nothing is searched for."""
    return ()


class Highlights:
    """What a query looks for, as highlighters for its fields. The same text is matched once."""

    def __init__(self, query: Query) -> None:
        self._query = query
        self._of = lru_cache(maxsize=2_048)(self._match)

    def title(self, text: str) -> Spans:
        """Return what matches in a title."""
        return self._of(text, TextField.TITLE)

    def author(self, text: str) -> Spans:
        """Return what matches in the names of authors."""
        return self._of(text, TextField.AUTHOR)

    def abstract(self, text: str) -> Spans:
        """Return what matches in an abstract."""
        return self._of(text, TextField.ABSTRACT)

    def note(self, text: str) -> Spans:
        """Return what matches in a note."""
        return self._of(text, TextField.NOTE)

    def anywhere(self, text: str) -> Spans:
        """Return what matches in a text of any other kind, in whatever field it is wanted."""
        return self._of(text, None)

    def _match(self, text: str, field: TextField | None) -> Spans:
        # The index's rules come with the index, which nobody needs before there is a search.
        from papertray.store.snippets import matches

        return matches(text, self._query, field)


def highlights_of(query: str) -> Highlights | None:
    """Return what a query looks for, None where it is none: the search for it tells of that."""
    from papertray.core.query_parser import parse

    try:
        return Highlights(parse(query, typing=False))
    except QueryError:
        return None
