"""A name of a paper pasted where words are searched for: an arXiv id, a DOI, a citation key."""

from __future__ import annotations

import sqlite3

from papertray.core.pasted import parse_pasted
from papertray.core.query import Query, Value, ValueField, any_of
from papertray.store.papers import find_paper


def or_named(connection: sqlite3.Connection, text: str, query: Query) -> tuple[int, Query]:
    """Return the paper that a typed text names, 0 for none, and a query that finds that, too.

    What says which kind of name it is stands for nothing else; a citation key may be a word.
    """
    pasted = parse_pasted(text)
    key = pasted.value if pasted is not None and pasted.scheme in ("arxiv", "doi") else text.strip()
    if not key.isprintable() or " " in key or key.isdigit() or not key:
        return 0, query
    named = find_paper(connection, key)
    if named is None:
        return 0, query
    this = Value(ValueField.ID, str(named))
    return named, this if pasted is not None else any_of([query, this])
