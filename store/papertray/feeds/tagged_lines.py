"""Formats that write a record as lines, each a tag and a value: cut into records as they stream.

RIS, Ovid, RefWorks, Web of Science and EndNote differ in how a tag is written and where a record
begins and ends. What they share is here: a value goes on over lines that have no tag, records
without an end, lines outside of any record, and bounds for what may be one record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import BinaryIO

from papertray.core.model import Record, Unread
from papertray.feeds.text_lines import text_lines

MOST_LINES = 100_000
MOST_CHARACTERS = 1 << 23
"""Bounds of one record: beyond them, it is none."""

KEPT = 1 << 16
"""Characters of a record that cannot be read that are kept to look at."""

SplitLine = Callable[[str], "tuple[str, str] | None"]
"""Gives (tag, value) of a line that has a tag, and None of one that goes on with the last value."""


@dataclass(frozen=True, slots=True)
class Grammar:
    """How a format writes records.

    Arguments: `split` is made anew for each file, since it may learn how that one is written. A
    record begins with one of the tags `begins` and ends with one of `ends`, which are no part of
    it; without `ends`, where the next begins. `needs_begin` is False where any tag will do.
    `blank_ends`: a blank line ends a record that has none of `begins`. `titles` are the tags of a
    title, for formats of which some files repeat the beginning within a record, or have fields
    behind its end: pieces without a title are parts of the record before.
    """

    split: Callable[[], SplitLine]
    begins: frozenset[str]
    ends: frozenset[str] = frozenset()
    needs_begin: bool = False
    blank_ends: bool = False
    titles: frozenset[str] = frozenset()


@dataclass(slots=True)
class TaggedRecord:
    """(tag, value) pairs as written, and the number of the line where the first stands.

    Lines of one value are parted by line ends. `problem` says why it is not whole, if it is not.
    """

    line: int
    pairs: list[tuple[str, str]] = field(default_factory=list)
    problem: str = ""

    @property
    def place(self) -> str:
        """Where it stands, for messages."""
        return f"line {self.line}"

    def source(self) -> bytes:
        """Return how it was written, more or less: its beginning, for what cannot be read."""
        text, length = [], 0
        for tag, value in self.pairs:
            text.append(f"{tag}  - {value[:KEPT]}\n")
            length += len(text[-1])
            if length > KEPT:
                break
        return "".join(text)[:KEPT].encode("utf-8", "replace")


class _Growing:
    """A record while its lines come: each value as the list of its lines."""

    def __init__(self, line: int, grammar: Grammar) -> None:
        self.line = line
        self.values: list[tuple[str, list[str]]] = []
        self.lines = self.characters = 0
        self.is_blank = self.has_end = False
        self.problem = ""
        self.has_begin = self.has_title = self.has_more = False
        self._grammar = grammar

    def add(self, tag: str, value: str) -> None:
        self.is_blank = False
        begins = tag in self._grammar.begins
        self.has_begin = self.has_begin or begins
        self.has_more = self.has_more or not begins
        if self._has_room(1, len(value)):
            self.values.append((tag, [value]))
            self._look_for_title(value)

    def _look_for_title(self, text: str) -> None:
        if not self.has_title and self.values[-1][0] in self._grammar.titles:
            self.has_title = bool(text) and not text.isspace()

    def go_on(self, text: str) -> None:
        """Take a line without a tag; a blank one counts only if another follows."""
        if not text or text.isspace():
            self.is_blank = True
        elif self._has_room(1, len(text)):
            self.values[-1][1].extend(["", text] if self.is_blank else [text])
            self.is_blank = False
            self._look_for_title(text)

    def absorb(self, other: _Growing) -> None:
        """Take in what turned out to be a part of this record."""
        self.problem = self.problem or other.problem
        if self._has_room(other.lines, other.characters):
            self.values += other.values
        self.has_end = other.has_end
        self.has_begin = self.has_begin or other.has_begin
        self.has_title = self.has_title or other.has_title
        self.has_more = self.has_more or other.has_more

    def _has_room(self, lines: int, characters: int) -> bool:
        self.lines += lines
        self.characters += characters
        if self.lines > MOST_LINES or self.characters > MOST_CHARACTERS:
            self.problem = self.problem or "it is longer than a record can be"
        return not self.problem

    def done(self) -> TaggedRecord:
        pairs = [(tag, "\n".join(lines).strip()) for tag, lines in self.values]
        return TaggedRecord(self.line, pairs, self.problem)


def tagged_records(stream: BinaryIO, grammar: Grammar) -> Iterator[TaggedRecord]:
    """Yield the records of a stream in UTF-8, written in `grammar`.

    Each is held until the next is there: what follows may turn out to be a part of it.
    """
    held: _Growing | None = None
    for record in _pieces(stream, grammar):
        if held is not None and _is_part(held, record, grammar):
            held.absorb(record)
        else:
            if held is not None:
                yield held.done()
            held = record
    if held is not None:
        yield held.done()


def _pieces(stream: BinaryIO, grammar: Grammar) -> Iterator[_Growing]:
    """Yield what stands between the tags that begin and end a record."""
    split = grammar.split()
    now: _Growing | None = None
    for line in text_lines(stream):
        found = split(line.text)
        if found is None:
            is_end = grammar.blank_ends and not line.text.strip()
            if now is not None and is_end and not now.has_begin:
                yield now
                now = None
            elif now is not None:
                now.go_on(line.text)
        elif found[0] in grammar.ends:
            if now is not None:
                now.has_end = True
                yield now
            now = None
        else:
            begins = found[0] in grammar.begins
            if now is not None and begins:
                yield now
                now = None
            if now is None and (begins or not grammar.needs_begin):
                now = _Growing(line.number, grammar)
            if now is not None:
                now.add(*found)
        if now is not None and line.too_long:
            now.problem = now.problem or f"its line {line.number} is longer than a line can be"
    if now is not None:
        yield now


def _is_part(held: _Growing, piece: _Growing, grammar: Grammar) -> bool:
    """Tell whether `piece`, which follows, is a part of `held`: see `Grammar.titles`."""
    if not grammar.titles or (piece.has_title and held.has_title):
        return False
    if held.has_end:
        return not piece.has_title and not piece.has_begin
    return held.has_title or not held.has_more


def read_tagged(
    stream: BinaryIO, grammar: Grammar, record: Callable[[TaggedRecord], Record | Unread]
) -> Iterator[Record | Unread]:
    """Yield what `record` makes of each record; Unread, with its lines, for what cannot be read."""
    for found in tagged_records(stream, grammar):
        item = Unread(found.place, found.problem) if found.problem else record(found)
        yield replace(item, data=found.source()) if isinstance(item, Unread) else item
