"""What the word under the cursor of a query may become: fields, their values, and words."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable
from typing import TypeAlias

from papertray.core.query import QUOTES, DateField, TextField, ValueField, quoted, unescaped
from papertray.core.query_dates import MONTHS
from papertray.core.query_parser import FIELDS, VALUES
from papertray.store.conditions import KNOWN_TAGS, literal
from papertray.store.saved_searches import all_searches

Words: TypeAlias = Callable[[str, str, int], list[str]]
"""Returns up to so many words of a field of the index that begin with a text."""

_DAYS = (*MONTHS, "today", "yesterday")
# From the last space outside of quotation marks: signs, a field, and what it begins with.
_WORD = re.compile(
    r'(?P<signs>(?:-|\(|not:)*)(?:(?P<field>[A-Za-z]+):)?(?P<value>"(?:\\.|[^"\\])*|[^\s"()]*)$'
)


def completions(
    connection: sqlite3.Connection, words: Words, text: str, cursor: int, limit: int
) -> list[str]:
    """Return what may stand in place of the word that ends at `cursor`, likeliest first.

    Signs and the field before a value are part of what is returned, as in ``-tag:"to read"``.
    """
    found = _WORD.search(text[:cursor])
    if found is None or limit <= 0:
        return []
    signs, name, value = found["signs"], found["field"], unescaped(found["value"].removeprefix('"'))
    if name is None:
        fields = [f"{field}:" for field in FIELDS if value and field.startswith(value.lower())]
        return [signs + word for word in [*fields, *words("words", value, limit)]][:limit]
    name = name.lower()
    values = _values(connection, words, name, value, limit)
    return [f"{signs}{name}:{_quoted(one)}" for one in values][:limit]


def beginning_of_word(text: str, cursor: int) -> int:
    """Return where the word begins that ends at `cursor`, and that `completions` may replace."""
    found = _WORD.search(text[:cursor])
    return cursor if found is None else found.start()


def _values(
    connection: sqlite3.Connection, words: Words, name: str, value: str, limit: int
) -> Iterable[str]:
    if name in VALUES:
        return _beginning(VALUES[name], value)
    if name in tuple(DateField):
        return _beginning(_DAYS, value)
    if name == ValueField.SEARCH:
        return _beginning((search.name for search in all_searches(connection)), value)
    if name in _STATEMENTS:
        return _named(connection, name, value, limit)
    if name in tuple(TextField):
        # Other fields hold stems, which nobody wants to read.
        field = name if name in (TextField.AUTHOR, TextField.VENUE) else "words"
        return words(field, value, limit)
    return ()


_STATEMENTS = {
    "tag": rf"{KNOWN_TAGS} tag LIKE ? ESCAPE '\' ORDER BY tag LIMIT ?",
    "feed": r"SELECT name FROM feed WHERE name LIKE ? ESCAPE '\' AND removed IS NULL"
    " ORDER BY name COLLATE NOCASE LIMIT ?",
    "key": "SELECT key FROM citekey WHERE folded BETWEEN ?1 AND ?1 || char(1114111)"
    " AND state <> 'old' ORDER BY folded LIMIT ?2",
}


def _named(connection: sqlite3.Connection, name: str, value: str, limit: int) -> list[str]:
    begins = value.casefold() if name == "key" else f"{literal(value)}%"
    return [found for (found,) in connection.execute(_STATEMENTS[name], (begins, limit))]


def _beginning(known: Iterable[str], value: str) -> list[str]:
    return [one for one in known if one.casefold().startswith(value.casefold())]


def _quoted(value: str) -> str:
    return quoted(value) if re.search(rf"[\s{QUOTES}()]", value) else value
