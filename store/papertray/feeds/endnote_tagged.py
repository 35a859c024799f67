"""EndNote's tagged text, which is that of refer: a per cent sign, a letter, a blank, a value.

``%0`` tells the kind of the work and begins a record; in refer's own files a blank line does. The
tags are explained in EndNote's help ("EndNote Import format") and in ``refer(1)``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from papertray.core.model import Record, Unread
from papertray.feeds.format_names import Names
from papertray.feeds.heads import text_of
from papertray.feeds.tagged_lines import Grammar, SplitLine, TaggedRecord, read_tagged
from papertray.feeds.written_record import written_record

NAME = "endnote"
DESCRIPTION = "EndNote's tagged text and refer, by lines such as `%0 Journal Article`, `%T `"
TAKES = (
    "title, abstract, authors, date, type, venue, pages, ids, links; tags and notes with "
    "`--decisions`; files on this machine"
)
LOSES = "lines outside of records; all tags without a field of ours are kept as they are"
IS_LIBRARY = True
FEED = ""

_NAMES = Names(
    format="endnote",
    title=("%T", "%!"),
    abstract=("%X",),
    authors=("%A", "%Q"),
    type=("%0",),
    date=("%D", "%8"),
    journal=("%J", "%B"),
    short=("%J",),
    publisher=("%I",),
    volume=("%V",),
    number=("%N",),
    pages=("%P",),
    doi=("%R", "%U"),
    url=("%U",),
    files=("%>",),
    identifiers={"%@": "serial", "%M": "wos"},
    keywords=("%K",),
    notes=("%Z", "%<"),
    citekey=("%F",),
    kept=frozenset({"%0"}),
)
_TAG = re.compile(r"\ufeff?(%[0-9A-Za-z@!#$&()*+<>?=~^\[\]|-])(?:[ \t]+(.*)|)", re.DOTALL)
_FIRST = re.compile(r"[\s\ufeff]*%[0-9A-Z@!] \S")
_TAGS = re.compile(r"^\ufeff?[ \t]*(%[0-9A-Z]) \S", re.MULTILINE)


def recognise(head: bytes, name: str) -> bool:
    """Tell it by its first line and the tags of a title and an author or a kind."""
    text = text_of(head).replace("\r", "\n")
    if not _FIRST.match(text):
        return False
    tags = set(_TAGS.findall(text))
    return "%T" in tags and not tags.isdisjoint({"%0", "%A", "%D", "%J"})


def _split() -> SplitLine:
    def split(line: str) -> tuple[str, str] | None:
        found = _TAG.fullmatch(line.lstrip(" \t") if line[:1] in " \t" else line)
        return (found[1], found[2] or "") if found else None

    return split


def read(stream: BinaryIO) -> Iterator[Record | Unread]:
    """Yield a record for each that the stream holds; an Unread for each without a title."""
    yield from read_tagged(stream, GRAMMAR, _record)


GRAMMAR = Grammar(split=_split, begins=frozenset({"%0"}), blank_ends=True)


def _record(found: TaggedRecord) -> Record | Unread:
    return written_record(found.pairs, _NAMES, found.place)
