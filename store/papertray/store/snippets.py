"""Where a hit matched: a piece of its text, with the places of the words that were looked for.

By the rules of the index: stems (``masking`` for ``mask``), beginnings, typos, phrases, folded
accents, Chinese, Japanese and Korean by substring. All places are characters, never bytes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from papertray.core.query import And, Form, Or, Phrase, Query, TextField, Word
from papertray.store.index.compiler import typos
from papertray.store.index.matcher import distance_within
from papertray.store.index.text import ENGLISH, PLAIN, is_paired, tokens

LENGTH = 160
"""Characters of a snippet, unless somebody wants more or fewer."""

MOST_READ = 200_000
"""Characters of a text that are looked at: what matches further on is not shown."""

_ELLIPSIS = "…"
# Words with the accents that stand behind their letters, and single characters of other scripts.
_UNIT = re.compile(r"[^\W_](?:[^\W_]|[\u0300-\u036f])*")
_ASCII_UNIT = re.compile(r"[A-Za-z0-9]+")
_MARGIN = 24  # how far to look for a space to cut at

Span: TypeAlias = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of a text. `spans` are the beginnings and ends of the words that match in it."""

    text: str
    spans: tuple[Span, ...]

    def pieces(self) -> Iterator[tuple[str, bool]]:
        """Yield the text piece by piece, each with whether it matches."""
        end = 0
        for start, stop in self.spans:
            if start > end:
                yield self.text[end:start], False
            yield self.text[start:stop], True
            end = stop
        if end < len(self.text):
            yield self.text[end:], False


def snippet(
    text: str, query: Query, field: TextField | None = None, length: int = LENGTH
) -> Snippet | None:
    """Return the piece of `text` that shows best why `query` finds it; None if nothing matches.

    Arguments: `field` is what `text` is, so that words wanted elsewhere are left out; `length` is
    in characters, the dots where it was cut included.
    """
    wanted = _wanted(query, field)
    if not wanted:
        return None
    text = text[:MOST_READ].rstrip()
    found = _merged(_spans(text, wanted))
    if not found:
        return None
    start, end = _window(text, found, max(length, 8))
    before, after = _ELLIPSIS * (start > 0), _ELLIPSIS * (end < len(text))
    shift = len(before) - start
    shown = "".join(" " if c.isspace() else c for c in text[start:end])
    spans = tuple(
        (max(a, start) + shift, min(b, end) + shift) for a, b, _ in found if a < end and b > start
    )
    return Snippet(f"{before}{shown}{after}", spans)


def matches(text: str, query: Query, field: TextField | None = None) -> tuple[Span, ...]:
    """Return the places in `text` of all that `query` looks for, in order; `field` as above."""
    wanted = _wanted(query, field)
    if not wanted:
        return ()
    return tuple((start, end) for start, end, _ in _merged(_spans(text[:MOST_READ], wanted)))


class _Unit(NamedTuple):  # thousands are made while somebody types: cheaper than a dataclass
    """One word, or one character of a script without spaces, as the index knows it."""

    start: int
    end: int
    plain: str
    stem: str


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A word or phrase as units, of which `form` says how the last is meant."""

    plain: tuple[str, ...]
    stems: tuple[str, ...]
    form: Form
    number: int

    def matches(self, units: Sequence[_Unit], at: int) -> bool:
        last = len(self.plain) - 1
        for offset in range(last):
            if units[at + offset].stem != self.stems[offset]:
                return False
        unit = units[at + last]
        if unit.stem == self.stems[last]:
            return True
        if self.form is Form.PREFIX:
            return unit.plain.startswith(self.plain[last])
        word = self.plain[last]
        return self.form is Form.TYPO and distance_within(word, unit.plain, typos(word))


@lru_cache(maxsize=64)
def _wanted(query: Query, field: TextField | None) -> tuple[_Wanted, ...]:
    found: list[_Wanted] = []
    for text, form in _positive(query, field):
        units = list(_units(text))
        if units:
            plain, stems = tuple(u.plain for u in units), tuple(u.stem for u in units)
            found.append(_Wanted(plain, stems, form, len(found)))
    return tuple(found)


def _positive(query: Query, field: TextField | None) -> Iterator[tuple[str, Form]]:
    """The words and phrases that are wanted, not those that are unwanted."""
    match query:
        case Word(text, in_field, form) if in_field in (None, field):
            yield text, form
        case Phrase(text, in_field) if in_field in (None, field):
            yield text, Form.WHOLE
        case And(parts) | Or(parts):
            for part in parts:
                yield from _positive(part, field)
        case _:
            pass


def _units(text: str) -> Iterator[_Unit]:
    for found in (_ASCII_UNIT if text.isascii() else _UNIT).finditer(text):
        word, start = found[0], found.start()
        if word.isascii():
            plain, stem = _forms(word)
            yield _Unit(start, found.end(), plain, stem)
            continue
        for begin, end in _by_script(word):
            plain, stem = _forms(word[begin:end])
            yield _Unit(start + begin, start + end, plain, stem)


def _by_script(word: str) -> Iterator[Span]:
    """Cut where a script without spaces begins or ends, and between its characters."""
    begin = 0
    for place, character in enumerate(word):
        if is_paired(character):
            if place > begin:
                yield begin, place
            yield place, place + 1
            begin = place + 1
    if begin < len(word):
        yield begin, len(word)


@lru_cache(maxsize=20_000)
def _forms(word: str) -> tuple[str, str]:
    """The folded word and its stem; a word that is folded to nothing stands for itself."""
    word = unicodedata.normalize("NFC", word)
    plain, stem = tokens(word, PLAIN), tokens(word, ENGLISH)
    return (plain[0] if plain else word), (stem[0] if stem else word)


def _spans(text: str, wanted: Iterable[_Wanted]) -> Iterator[tuple[int, int, int]]:
    units = list(_units(text))
    for one in wanted:
        length = len(one.plain)
        # Stems begin like their words, so most units need no closer look.
        first = one.plain[0][0] if one.form is not Form.TYPO else ""
        for at in range(len(units) - length + 1):
            if units[at].plain.startswith(first) and one.matches(units, at):
                yield units[at].start, units[at + length - 1].end, one.number


def _merged(spans: Iterable[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """In order, without those that reach into the one before."""
    merged: list[tuple[int, int, int]] = []
    for start, end, number in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not merged or start >= merged[-1][1]:
            merged.append((start, end, number))
    return merged


def _window(text: str, spans: Sequence[tuple[int, int, int]], length: int) -> Span:
    """The piece of at most `length` characters that shows most of what was wanted."""
    if len(text) <= length:
        return 0, len(text)
    room = length - 2 * len(_ELLIPSIS)
    best, most = 0, 0
    for first, (start, _, _) in enumerate(spans):
        inside = {
            number for a, b, number in spans[first : first + 20] if b <= start + room * 3 // 4
        }
        if len(inside) > most:
            best, most = first, len(inside)
    start = max(min(spans[best][0] - room // 4, len(text) - room), 0)
    end = min(max(start + room, spans[best][1]), start + room, len(text))
    first, last = spans[best][:2]
    return _border(text, start, first, 1), _border(text, end, min(last, end), -1)


def _border(text: str, place: int, limit: int, step: int) -> int:
    """Go from `place` towards `limit` until a space, or else until no character is torn apart."""
    if place in (0, len(text)):
        return place
    at = place
    for _ in range(_MARGIN):
        if at == limit:
            return at
        if text[at - 1].isspace() != text[at].isspace():
            edge = at + (step > 0 and text[at].isspace()) - (step < 0 and text[at - 1].isspace())
            if not _is_joined(text, edge):
                return edge
        at += step
    while place != limit and _is_joined(text, place):
        place += step
    return place


def _is_joined(text: str, place: int) -> bool:
    """Whether the characters before and after `place` make one."""
    kinds = unicodedata.category(text[place]), unicodedata.category(text[place - 1])
    return kinds[0] in ("Mn", "Mc", "Me", "Cf") or kinds[1] == "Cf"
