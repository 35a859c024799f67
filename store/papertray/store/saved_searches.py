"""Saved searches: queries with names, and what ``search:NAME`` stands for.

Each change is an op of kind `search`: `removed` with the instant before and no value when one is
made, `query` when another query takes its place, `removed` with the instant when it is taken away.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from papertray.core.errors import QueryError
from papertray.core.query import (
    And,
    Not,
    Or,
    Query,
    Value,
    ValueField,
    all_of,
    any_of,
    leaves,
    negation,
)
from papertray.core.query_parser import parse
from papertray.store.decisions import write_op
from papertray.store.given_names import checked_name, nearest
from papertray.store.journal import Batch

LONGEST_NAME = 40
"""Characters."""


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A query with a name. `query` is as it was typed."""

    id: int
    name: str
    query: str


def all_searches(connection: sqlite3.Connection) -> list[SavedSearch]:
    """Return the saved searches in the order of their places, then by name."""
    rows = connection.execute(
        "SELECT id, name, query FROM saved_search WHERE removed IS NULL"
        " ORDER BY position IS NULL, position, name COLLATE NOCASE, id"
    )
    return [SavedSearch(*row) for row in rows]


def find_search(connection: sqlite3.Connection, name: str) -> SavedSearch | None:
    """Return the saved search of this name, in whatever case, or None."""
    folded = name.casefold()
    for search in all_searches(connection):
        if search.name.casefold() == folded:
            return search
    return None


def get_search(connection: sqlite3.Connection, name: str) -> SavedSearch:
    """Return the saved search of this name. Raises `QueryError` that names the nearest."""
    found = find_search(connection, name)
    if found is not None:
        return found
    known = (search.name for search in all_searches(connection))
    hint = nearest(name, known, "`papertray searches` lists them.")
    raise QueryError(f"There is no saved search {name}; {hint}")


def save(
    connection: sqlite3.Connection,
    batch: Batch,
    name: str,
    query: str,
    new_uid: Callable[[], str],
    *,
    expands: bool = True,
) -> int:
    """Save a query under a name, in place of the one that has it; return 0 if it is the same.

    With `expands` the saved searches that it names must be there.

    Raises `UsageError` for a bad name, `QueryError` for a query that cannot be understood or leads
    back to itself.
    """
    name = checked_name(name, "a saved search", LONGEST_NAME)
    parsed = parse(query, typing=False)
    if expands:
        expanded(connection, parsed, inside=(name.casefold(),))
    rows = connection.execute("SELECT id, name, query, removed FROM saved_search").fetchall()
    same = [row for row in rows if row[1].casefold() == name.casefold()]
    if not same:
        return _make(connection, batch, name, query, new_uid())
    ((ref, *before),) = same
    # One that was removed comes back: undo still knows its row.
    after = (name if before[2] else before[0], query, None)
    changed = 0
    for field, old, value in zip(("name", "query", "removed"), before, after, strict=True):
        if value != old:
            write_op(connection, batch, "search", ref, field, value, old)
            connection.execute(f"UPDATE saved_search SET {field} = ? WHERE id = ?", (value, ref))
            changed = 1
    return changed


def _make(connection: sqlite3.Connection, batch: Batch, name: str, query: str, uid: str) -> int:
    cursor = connection.execute(
        "INSERT INTO saved_search(uid, name, query, position) VALUES"
        " (?, ?, ?, (SELECT ifnull(max(position), 0) + 1 FROM saved_search))",
        (uid, name, query),
    )
    assert cursor.lastrowid is not None
    write_op(connection, batch, "search", cursor.lastrowid, "removed", None, batch.at)
    return 1


def remove(connection: sqlite3.Connection, batch: Batch, name: str) -> int:
    """Take a saved search away; return how many that were: 1. Raises `QueryError` without one."""
    found = get_search(connection, name)
    write_op(connection, batch, "search", found.id, "removed", batch.at, None)
    connection.execute("UPDATE saved_search SET removed = ? WHERE id = ?", (batch.at, found.id))
    return 1


def expanded(connection: sqlite3.Connection, query: Query, inside: tuple[str, ...] = ()) -> Query:
    """Return `query` with what it says of saved searches replaced by their queries.

    `inside` are the casefolded names of those it is part of. Raises `QueryError` for one that is
    not there, cannot be understood any more or leads back to itself.
    """
    names = {
        leaf.value
        for leaf in leaves(query)
        if isinstance(leaf, Value) and leaf.field is ValueField.SEARCH
    }
    if not names:
        return query
    meanings: dict[str, Query] = {}
    for name in names:
        folded = name.casefold()
        if folded in inside:
            raise QueryError(f"The saved search {name} leads back to itself.")
        found = get_search(connection, name)
        part = parse(found.query, typing=False)
        meanings[name] = expanded(connection, part, (*inside, folded))
    return _replaced(query, meanings)


def _replaced(query: Query, meanings: Mapping[str, Query]) -> Query:
    match query:
        case Value(ValueField.SEARCH, name):
            return meanings[name]
        case Not(part):
            return negation(_replaced(part, meanings))
        case And(parts):
            return all_of(_replaced(part, meanings) for part in parts)
        case Or(parts):
            return any_of(_replaced(part, meanings) for part in parts)
        case _:
            return query
