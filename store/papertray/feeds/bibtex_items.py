"""What a .bib file holds: entries, macros, and what is no paper.

`papertray.core.bibscan` cuts the file into blocks, `papertray.core.bibfields` those into fields,
`papertray.feeds.bibtex_parents` adds what they inherit, and `papertray.feeds.bibtex_entry` says
what they mean here.
"""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

from papertray.core.bibfields import Field, fields_of
from papertray.core.bibscan import Block, blocks
from papertray.core.model import Item, LeftBehind, Record, Unread
from papertray.feeds.bibtex_entry import entry_to_record
from papertray.feeds.bibtex_parents import Entry, Parents

_PIECE = 1 << 18
_KEPT = 1 << 16  # bytes of a piece that could not be read
_LARGEST_MACROS = 8_000_000


def items(stream: BinaryIO) -> Iterator[Item]:
    """Yield what `papertray.feeds.bibtex.read` does."""
    parents, left_behind = Parents(), _LeftBehind()
    macros = _Macros()
    for block in blocks(_pieces(stream)):
        if block.kind == "string":
            macros.define(fields_of(block, macros.texts).fields)
        elif block.kind == "entry":
            entry = _entry(block, macros.texts)
            if isinstance(entry, Unread):
                yield entry
                continue
            left_behind.count(entry.type)
            for whole in parents.add(entry):
                yield from _items(whole)
        else:
            left_behind.count(block.kind)
    for whole in parents.rest():
        yield from _items(whole)
    yield from left_behind.items()


def _pieces(stream: BinaryIO) -> Iterator[str]:
    """Yield the text of a stream, with one kind of line ends."""
    decoder = io.IncrementalNewlineDecoder(
        codecs.getincrementaldecoder("utf-8-sig")("replace"), translate=True
    )
    while data := stream.read(_PIECE):
        yield decoder.decode(data)
    yield decoder.decode(b"", final=True)


class _Macros:
    """The texts of ``@string``, as far as they come and as many as are kept."""

    def __init__(self) -> None:
        self.texts = dict(_MONTHS)
        self._size = 0

    def define(self, fields: list[Field]) -> None:
        for name, value in fields:
            self._size += len(name) + len(value)
            if self._size <= _LARGEST_MACROS:
                self.texts[name] = value


_MONTHS = {
    name[:3].lower(): name
    for name in "January February March April May June July August September October November "
    "December".split()
}


def _entry(block: Block, macros: dict[str, str]) -> Entry | Unread:
    found = fields_of(block, macros)
    place = f"line {block.line}"
    if found.is_cut:
        reason = "the file ends in the middle of this entry"
        return Unread(place, reason, block.text.encode("utf-8", "replace")[:_KEPT])
    fields: dict[str, str] = {}
    more: dict[str, list[str]] = {}
    for name, value in found.fields:
        if name not in fields:
            fields[name] = value
        elif name in _JOINED:
            fields[name] += _JOINED[name] + value
        elif value != fields[name]:
            more.setdefault(name, []).append(value)
    return Entry(found.type, found.key, fields, more, place, block.text)


# Fields that some programs write once for each name or keyword.
_JOINED = {"author": " and ", "editor": " and ", "keywords": ", "}


def _items(entry: Entry) -> Iterator[Record | Unread]:
    if entry.type in ("xdata", "set"):
        return
    item = entry_to_record(entry)
    if isinstance(item, Unread):
        item = replace(item, data=entry.text.encode("utf-8", "replace")[:_KEPT])
    yield item


class _LeftBehind:
    """Counts what holds no paper."""

    def __init__(self) -> None:
        self._counts = dict.fromkeys(_NO_PAPERS, 0)

    def count(self, kind: str) -> None:
        if kind in self._counts:
            self._counts[kind] += 1

    def items(self) -> Iterator[LeftBehind]:
        for kind, number in self._counts.items():
            if number:
                yield LeftBehind(*_NO_PAPERS[kind][:1], number, _NO_PAPERS[kind][1])


_NO_PAPERS = {
    "comment": ("comments (@comment)", "groups and settings of other programs are not taken over"),
    "preamble": ("preambles (@preamble)", "they are TeX for the document, not for a paper"),
    "set": ("sets (@set)", "their members are papers of their own"),
}
