"""Web of Science's tagged text: the files that it calls "plain text" and "EndNote desktop".

Two letters and a blank, further lines indented; ``PT`` begins a record, ``ER`` ends it, ``FN``,
``VR`` and ``EF`` frame the file. The tags are explained in its help ("Web of Science Core
Collection Field Tags"). The same tags are the columns of its tab-delimited files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

from papertray.core.model import Author, Record, Unread
from papertray.core.names import parse_authors
from papertray.feeds.format_names import Names
from papertray.feeds.heads import text_of
from papertray.feeds.tagged_lines import Grammar, TaggedRecord, read_tagged
from papertray.feeds.two_letters import two_letter_splitter
from papertray.feeds.written_record import written_record

NAME = "web-of-science"
DESCRIPTION = "Web of Science's tagged text, by lines `FN … ` and `PT J`, or `PT` and `UT`"
TAKES = "title, abstract, full names, date, type, venue, pages, ids; keywords with `--decisions`"
LOSES = "the frame of the file; all tags without a field of ours are kept as they are"
IS_LIBRARY = False
FEED = ""

_KNOWN = frozenset(
    """FN VR PT AU AF BA BF BE BN BP BS C1 C3 CA CC CL CR CT CY D2 DA DE DG DI DT EA ED EF EI EM EP
    ER FU FX GA GP HC HO HP ID IS IT J2 J9 JI LA LS MA MC ME MH MI MQ NR NT OA OI OR P2 PA PD PE PG
    PI PL PM PN PS PU PY RI RP SC SD SE SI SN SO SP SU TA TC TI TM U1 U2 UT VL WC WE Z1 Z2 Z3 Z8
    Z9 AB AE AR AN AP AC""".split()
)
_EMAIL = re.compile(r"\s*\([^()\s]+@[^()\s]+\)")


def _read_authors(names: list[str]) -> tuple[Author, ...]:
    """Read names, a line or semicolon each; an address in brackets is none."""
    return parse_authors("\n".join(_EMAIL.sub("", name) for name in names))


NAMES = Names(
    format="wos",
    title=("TI",),
    abstract=("AB",),
    authors=("AF",),
    type=("DT", "PT"),
    date=("PY", "PD"),
    journal=("SO", "SE"),
    short=("JI", "J9"),
    publisher=("PU",),
    volume=("VL",),
    number=("IS",),
    pages=(),
    first_page=("BP", "AR"),
    last_page=("EP",),
    doi=("DI",),
    identifiers={"UT": "wos", "PM": "pubmed", "SN": "serial", "EI": "serial", "BN": "serial"},
    keywords=("DE", "ID"),
    kept=frozenset({"PT", "DT", "AU"}),
    keyword_separator=";",
    read_authors=_read_authors,
)
"""What its tags stand for, here and in its tables."""

_LINES_APART = frozenset({"AU", "AF", "BA", "BF", "BE", "CA", "CR", "C1", "ED"})
_FRAME = re.compile(r"^\ufeff?FN (?:Thomson|Clarivate|ISI|Web of|WoS)", re.MULTILINE)
_BEGIN = re.compile(r"^\ufeff?PT [A-Z]", re.MULTILINE)
_TAGS = re.compile(r"^(?:UT|SO|AU|TI) \S", re.MULTILINE)


def recognise(head: bytes, name: str) -> bool:
    """Tell it by the frame of the file, or the beginning and the usual tags of a record."""
    text = text_of(head).replace("\r", "\n")
    if not _BEGIN.search(text):
        return False
    return bool(_FRAME.search(text)) or len(_TAGS.findall(text)) >= 3


GRAMMAR = Grammar(
    split=two_letter_splitter(_KNOWN),
    begins=frozenset({"PT"}),
    ends=frozenset({"ER", "EF"}),
    needs_begin=True,
)


def read(stream: BinaryIO) -> Iterator[Record | Unread]:
    """Yield a record for each that the stream holds; an Unread for each without a title."""
    yield from read_tagged(stream, GRAMMAR, _record)


def _record(found: TaggedRecord) -> Record | Unread:
    pairs = [(tag, _unwrapped(tag, value)) for tag, value in found.pairs]
    return of_pairs(pairs, found.place)


def _unwrapped(tag: str, value: str) -> str:
    """Undo line breaks: in lists a line is an item, in all others they only wrap."""
    lines = (" ".join(line.split()) for line in value.split("\n"))
    return ("\n" if tag in _LINES_APART else " ").join(lines)


def of_pairs(pairs: list[tuple[str, str]], place: str) -> Record | Unread:
    """Return the record of Web of Science's tags; full names are preferred, authors then bodies."""
    for tag in ("AF", "AU", "BF", "BA", "CA", "GP"):
        if any(name == tag and value.strip() for name, value in pairs):
            return written_record(pairs, replace(NAMES, authors=(tag,)), place)
    return written_record(pairs, NAMES, place)
