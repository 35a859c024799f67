"""What a search asks for, as data: the syntax tree of the query language, and how it prints.

::

    deep learning          both words; stemmed, accents and case ignored
    "deep learning"        the words side by side; a backslash stands before a " or \\ inside
    learn*   lerning~      a beginning; a word with a typo
    -word  not:word        without it
    a b OR c               either both of a and b, or c: OR binds less than standing side by side
    (a OR b) c             brackets group
    title:deep  title:(deep OR wide)  author: abstract: note: comment: venue:
    tag: pile: feed: key: id: reason: has:note|code|pdf  is:done|todo|snoozed|expired
    search:NAME            what the saved search finds
    year:2020..2024  year:>2020  year:..2019
    added: decided: skipped: starred:   >2025-01-01  2026-03  7d  march  2025..2026-02

A tree prints in this language (``str(query)``), and what is printed parses to the same tree.
`query_parser.parse` makes trees from text; nothing here looks at a clock, so ``7d`` stays ``7d``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


class TextField(StrEnum):
    """A field whose words can be searched."""

    TITLE = "title"
    AUTHOR = "author"
    ABSTRACT = "abstract"
    NOTE = "note"
    COMMENT = "comment"
    VENUE = "venue"


class ValueField(StrEnum):
    """A condition with a value: `has` and `is` know a few, `pile` the piles, the others any."""

    TAG = "tag"
    PILE = "pile"
    FEED = "feed"
    KEY = "key"
    ID = "id"
    REASON = "reason"
    SEARCH = "search"
    HAS = "has"
    IS = "is"


class DateField(StrEnum):
    """A condition on when something happened, in local days."""

    ADDED = "added"
    DECIDED = "decided"
    SKIPPED = "skipped"
    STARRED = "starred"


class Form(StrEnum):
    """How a word is meant. The value is what follows the word in print."""

    WHOLE = ""
    PREFIX = "*"
    TYPO = "~"


@dataclass(frozen=True, slots=True)
class Everything:
    """The empty query: every paper."""

    def __str__(self) -> str:
        return ""


@dataclass(frozen=True, slots=True)
class Word:
    """One word, in any of the usual fields or in `field`.

    `text` is as typed: punctuation may split it into several tokens, which must then stand side
    by side (``GPT-4``).
    """

    text: str
    field: TextField | None = None
    form: Form = Form.WHOLE

    def __str__(self) -> str:
        return f"{_prefix(self.field)}{self.text}{self.form}"


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words side by side, in any of the usual fields or in `field`."""

    text: str
    field: TextField | None = None

    def __str__(self) -> str:
        return f"{_prefix(self.field)}{quoted(self.text)}"


@dataclass(frozen=True, slots=True)
class Value:
    """A condition such as ``tag:vision`` or ``is:done``. `is_prefix`: the value may go on."""

    field: ValueField
    value: str
    is_prefix: bool = False

    def __str__(self) -> str:
        star = "*" if self.is_prefix else ""
        if _BARE.fullmatch(self.value):
            return f"{self.field}:{self.value}{star}"
        return f"{self.field}:{quoted(self.value)}{star}"


@dataclass(frozen=True, slots=True)
class Years:
    """The year of publication, from `first` to `last`, both included; None leaves a side open."""

    first: int | None
    last: int | None

    def __str__(self) -> str:
        if self.first is not None and self.first == self.last:
            return f"year:{self.first}"
        first, last = ("" if year is None else year for year in (self.first, self.last))
        return f"year:{first}..{last}"


@dataclass(frozen=True, slots=True)
class Dates:
    """A condition on a date. `expression` is what `query_dates.resolve` reads."""

    field: DateField
    expression: str

    def __str__(self) -> str:
        return f"{self.field}:{self.expression}"


@dataclass(frozen=True, slots=True)
class Not:
    """Everything but `part`."""

    part: Query

    def __str__(self) -> str:
        inner = str(self.part)
        return f"-({inner})" if isinstance(self.part, And | Or) else f"-{inner}"


@dataclass(frozen=True, slots=True)
class And:
    """What matches every one of `parts` (two or more). Made by `all_of`."""

    parts: tuple[Query, ...]

    def __str__(self) -> str:
        return " ".join(f"({part})" if isinstance(part, Or) else str(part) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Or:
    """What matches at least one of `parts` (two or more). Made by `any_of`."""

    parts: tuple[Query, ...]

    def __str__(self) -> str:
        return " OR ".join(map(str, self.parts))


Query: TypeAlias = Everything | Word | Phrase | Value | Years | Dates | Not | And | Or
"""Any node of the tree."""

Condition: TypeAlias = Value | Years | Dates
"""The leaves that the database answers, not the search index."""

QUOTES = '"“”„'
"""The quotation marks: any of them begins and ends a phrase or a value."""

_BARE = re.compile(rf"[^\s{QUOTES}()]*[^\s{QUOTES}()*~]")
_TO_ESCAPE = re.compile(rf"[\\{QUOTES}]")
_ESCAPED = re.compile(rf"\\([\\{QUOTES}])")


def quoted(text: str) -> str:
    """Return `text` in quotation marks, a backslash before each of those, and of these, in it."""
    return '"' + _TO_ESCAPE.sub(r"\\\g<0>", text) + '"'


def unescaped(text: str) -> str:
    """Return what stood between quotation marks without the backslashes that `quoted` puts in."""
    return _ESCAPED.sub(r"\1", text)


def _prefix(field: TextField | None) -> str:
    return "" if field is None else f"{field}:"


def all_of(parts: Iterable[Query]) -> Query:
    """Return the query for what matches all of `parts`, without needless nesting."""
    flat: list[Query] = []
    for part in parts:
        if isinstance(part, And):
            flat.extend(part.parts)
        elif not isinstance(part, Everything):
            flat.append(part)
    if not flat:
        return Everything()
    return flat[0] if len(flat) == 1 else And(tuple(flat))


def any_of(parts: Iterable[Query]) -> Query:
    """Return the query for what matches one of `parts` (at least one), without needless nesting."""
    flat: list[Query] = []
    for part in parts:
        if isinstance(part, Everything):
            return Everything()
        if isinstance(part, Or):
            flat.extend(part.parts)
        else:
            flat.append(part)
    return flat[0] if len(flat) == 1 else Or(tuple(flat))


def within(query: Query, piles: Iterable[str]) -> Query:
    """Return `query` within some piles, unless it names a pile itself."""
    if any(isinstance(leaf, Value) and leaf.field is ValueField.PILE for leaf in leaves(query)):
        return query
    return all_of([query, any_of(Value(ValueField.PILE, pile) for pile in piles)])


def negation(part: Query) -> Query:
    """Return the query for what does not match `part`."""
    return part.part if isinstance(part, Not) else Not(part)


def conjuncts(query: Query) -> tuple[Query, ...]:
    """Return the parts that must all match: one, unless `query` is an `And`."""
    match query:
        case Everything():
            return ()
        case And(parts):
            return parts
        case _:
            return (query,)


def is_condition(query: Query) -> bool:
    """Return whether the database alone answers `query`: it holds no word and no phrase."""
    match query:
        case Word() | Phrase():
            return False
        case Not(part):
            return is_condition(part)
        case And(parts) | Or(parts):
            return all(map(is_condition, parts))
        case _:
            return True


def leaves(query: Query) -> Iterable[Word | Phrase | Value | Years | Dates]:
    """Yield the leaves of `query` from left to right, negated ones too."""
    match query:
        case Everything():
            return
        case Not(part):
            yield from leaves(part)
        case And(parts) | Or(parts):
            for part in parts:
                yield from leaves(part)
        case _:
            yield query


def without_searches(query: Query) -> Query:
    """Return `query` without its ``search:NAME``, of which one is being typed."""
    match query:
        case Value(ValueField.SEARCH):
            return Everything()
        case Not(part):
            inner = without_searches(part)
            return inner if isinstance(inner, Everything) else negation(inner)
        case And(parts):
            return all_of(without_searches(part) for part in parts)
        case Or(parts):
            kept = [part for part in map(without_searches, parts) if part != Everything()]
            return any_of(kept) if kept else Everything()
        case _:
            return query


def matched_words(query: Query) -> tuple[str, ...]:
    """Return the words to highlight in a hit, as typed, each once; negated ones are left out.

    A word that is meant as a beginning or with a typo comes without its sign.
    """
    found: dict[str, None] = {}
    _collect(query, found)
    return tuple(found)


def _collect(query: Query, found: dict[str, None]) -> None:
    match query:
        case Word(text):
            found[text] = None
        case Phrase(text):
            found.update(dict.fromkeys(text.split()))
        case And(parts) | Or(parts):
            for part in parts:
                _collect(part, found)
        case _:
            pass
