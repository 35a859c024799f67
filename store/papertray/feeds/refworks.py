"""RefWorks' tagged format: two letters, a blank, a value; ``RT`` begins a record.

The tags are explained in its help ("RefWorks Tagged Format").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from papertray.core.model import Record, Unread
from papertray.feeds.format_names import Names
from papertray.feeds.heads import text_of
from papertray.feeds.tagged_lines import Grammar, TaggedRecord, read_tagged
from papertray.feeds.two_letters import two_letter_splitter
from papertray.feeds.written_record import written_record

NAME = "refworks"
DESCRIPTION = "RefWorks' tagged text, by a line `RT ` and lines such as `T1 `, `A1 `, `SR `"
TAKES = (
    "title, abstract, authors, date, type, venue, pages, ids, links; tags and notes with "
    "`--decisions`"
)
LOSES = "lines outside of records; all tags without a field of ours are kept as they are"
IS_LIBRARY = True
FEED = ""

_KNOWN = frozenset(
    """RT SR ID A1 A2 A3 A4 A5 A6 T1 T2 T3 JF JO YR FD VO IS SP OP K1 AB NO PB PP SN AV AD AN LA CL
    SF OT LK DO CN DB DS IP RD ST U1 U2 U3 U4 U5 U6 U7 U8 U9 UL SL LL CR WT WV WP OL PMID PMCID
    ED CP JC ZZ""".split()
)
_NAMES = Names(
    format="refworks",
    title=("T1",),
    abstract=("AB",),
    authors=("A1",),
    type=("RT",),
    date=("YR", "FD"),
    month=("FD",),
    journal=("JF", "T2", "JO"),
    short=("JO",),
    publisher=("PB",),
    volume=("VO",),
    number=("IS",),
    first_page=("SP",),
    last_page=("OP",),
    doi=("DO", "LK", "UL"),
    url=("UL", "LK"),
    identifiers={"SN": "serial", "AN": "wos"},
    keywords=("K1",),
    notes=("NO",),
    citekey=("ID",),
    kept=frozenset({"RT"}),
)
_BEGIN = re.compile(r"^\ufeff?RT [A-Z]", re.MULTILINE)
_TAGS = re.compile(r"^(?:SR|ID|A1|T1|JF|YR|K1|AB|PB|UL|LK) \S", re.MULTILINE)


def recognise(head: bytes, name: str) -> bool:
    """Tell it by the beginning of a record and at least two of its usual tags."""
    text = text_of(head).replace("\r", "\n")
    return bool(_BEGIN.search(text)) and len(_TAGS.findall(text)) >= 2


GRAMMAR = Grammar(split=two_letter_splitter(_KNOWN), begins=frozenset({"RT"}), needs_begin=True)


def read(stream: BinaryIO) -> Iterator[Record | Unread]:
    """Yield a record for each that the stream holds; an Unread for each without a title."""
    yield from read_tagged(stream, GRAMMAR, _record)


def _record(found: TaggedRecord) -> Record | Unread:
    return written_record(found.pairs, _NAMES, found.place)
