"""Where the keys of a TOML text stand. tomllib reads values, but tells no lines.

Only for texts that tomllib took: what is no TOML is not noticed here.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

Path: TypeAlias = tuple[str | int, ...]
"""A key and the tables it is in; an element of an array is named by its number, from 0."""

_TOKEN = re.compile(
    r'''
    (?P<text> """(?:\\.|[^\\])*?"""(?:"{0,2})   # may end in up to five quotation marks
            | \'\'\'.*?\'\'\'(?:'{0,2})
            | "(?:\\.|[^"\\])*" | '[^']*' )
    | (?P<space> [ \t\r]+ | \#[^\n]* )
    | (?P<sign> [][{}=,.\n] )
    | (?P<bare> [^][{}=,.\s"'\#]+ )
    ''',
    re.DOTALL | re.VERBOSE,
)


class _Token(NamedTuple):
    kind: str
    text: str
    line: int


def key_lines(text: str) -> dict[Path, int]:
    """Return the line, from 1, on which each key and table of a TOML text is first named.

    `text` must be one that ``tomllib.loads`` reads.
    """
    return _Scanner(text).scan()


class _Scanner:
    def __init__(self, text: str) -> None:
        self._tokens = [*_tokens(text), _Token("sign", "", 0)]
        self._place = 0
        self._lines: dict[Path, int] = {}
        self._lengths: dict[Path, int] = {}  # of arrays of tables

    def scan(self) -> dict[Path, int]:
        table: Path = ()
        while self._next.text:
            if self._next.text == "\n":
                self._skip()
            elif self._next.text == "[":
                table = self._header()
            else:
                self._pair(table)
        return self._lines

    @property
    def _next(self) -> _Token:
        return self._tokens[self._place]

    def _skip(self) -> _Token:
        token = self._next
        self._place += bool(token.text)  # never past the end
        return token

    def _header(self) -> Path:
        """Read ``[a.b]`` or ``[[a.b]]`` and return the table that follows."""
        line = self._skip().line
        is_array = self._next.text == "["
        if is_array:
            self._skip()
        *outer, last = self._key()
        while self._next.text == "]":
            self._skip()
        table: Path = ()
        for name in outer:
            table = self._latest(self._named((*table, name), line))
        table = (*table, last)
        if is_array:
            self._lengths[table] = self._lengths.get(table, 0) + 1
        return self._named(self._latest(self._named(table, line)), line)

    def _latest(self, table: Path) -> Path:
        """Return the last element of an array of tables, and any other table as it is."""
        length = self._lengths.get(table)
        return table if length is None else (*table, length - 1)

    def _named(self, path: Path, line: int) -> Path:
        self._lines.setdefault(path, line)
        return path

    def _pair(self, table: Path) -> None:
        """Read ``a.b = value``."""
        line = self._next.line
        for name in self._key():
            table = self._named((*table, name), line)
        self._skip()  # the sign =
        self._value(table)

    def _key(self) -> list[str]:
        names = [_name(self._skip())]
        while self._next.text == ".":
            self._skip()
            names.append(_name(self._skip()))
        return names

    def _value(self, path: Path) -> None:
        if self._next.text in ("{", "["):
            self._collection(path, is_table=self._skip().text == "{")
            return
        while self._next.kind != "sign" or self._next.text == ".":  # of a number: 1.5
            self._skip()

    def _collection(self, path: Path, *, is_table: bool) -> None:
        number = 0
        while self._next.text not in ("}", "]", ""):
            if self._next.text in ("\n", ","):
                self._skip()
            elif is_table:
                self._pair(path)
            else:
                self._value(self._named((*path, number), self._next.line))
                number += 1
        self._skip()


def _tokens(text: str) -> Iterator[_Token]:
    line = 1
    for found in _TOKEN.finditer(text):
        kind = found.lastgroup or ""
        if kind != "space":
            yield _Token(kind, found[0], line)
        line += found[0].count("\n")


def _name(token: _Token) -> str:
    if token.kind != "text":
        return token.text
    name: str = tomllib.loads(f"name = {token.text}")["name"]
    return name
