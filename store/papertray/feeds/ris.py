"""RIS: what Zotero, EndNote, Mendeley, publishers and databases write.

The tags are those of the specification of 2001 and its revision of 2011 (Research Information
Systems), as vendors use them: the title under ``TI``, ``T1`` or ``CT``, the abstract under ``AB``
or ``N2``. Tolerant of one blank before the dash, lower case, indented tags, records without
``TY`` or ``ER``, and several ``TY`` in one record.
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

NAME = "ris"
DESCRIPTION = "RIS, by a line `TY  - `, or tags and a line `ER  -`: Zotero, EndNote, databases"
TAKES = (
    "title, abstract, authors, dates, type, venue, pages, ids, links; tags, notes and ASReview's "
    "labels with `--decisions`; files on this machine"
)
LOSES = "lines outside of records; all tags without a field of ours are kept as they are"
IS_LIBRARY = True
FEED = ""

_TITLES = ("TI", "T1", "CT")
_NAMES = Names(
    format="ris",
    title=(*_TITLES, "BT", "ST"),
    abstract=("AB", "N2"),
    authors=("AU", "A1"),
    type=("TY",),
    date=("PY", "Y1", "DA"),
    journal=("BT", "T2", "JF", "JO", "JA", "J2", "JI", "J9", "C3"),
    short=("J2", "JA", "JO", "JI", "J9"),
    publisher=("PB", "PU"),
    volume=("VL",),
    number=("IS",),
    first_page=("SP", "BP"),
    last_page=("EP",),
    arxiv=("ARXIV",),
    doi=("DO", "DI", "M3", "N1", "UR", "L3", "L2"),
    url=("UR", "LK", "L2"),
    files=("L1", "L4"),
    identifiers={"SN": "serial", "AN": "wos", "PMID": "pubmed", "PMCID": "pmc"},
    keywords=("KW",),
    notes=("N1",),
    citekey=("ID", "LB"),
    kept=frozenset({"TY"}),
)

_SPACED = re.compile(r"[\ufeff \t]*([A-Za-z][A-Za-z0-9]) {2,3}-(?:[ \t]+|$|(?=\S))(.*)", re.DOTALL)
_NARROW = re.compile(r"\ufeff?([A-Z][A-Z0-9])[ \t]-(?:[ \t]+|$)(.*)", re.DOTALL)
_BEGIN = re.compile(r"^[\ufeff \t]*TY {0,3}-[ \t]*[A-Za-z]", re.MULTILINE | re.IGNORECASE)
_TAG_LINE = re.compile(r"^\ufeff?[A-Z][A-Z0-9]  ?-(?: |$)", re.MULTILINE)
_END = re.compile(r"^\ufeff?ER  ?-\s*$", re.MULTILINE)
_FIRST_LINE = re.compile(r"[\s\ufeff]*(?:[0-9]+\.\s*)?([^\n\r]*)")

_KNOWN = frozenset(
    """TY TI T1 T2 T3 CT BT ST AU A1 A2 A3 A4 ED AB N1 N2 PY Y1 Y2 DA JO JF JA J1 J2 J9 JI SP BP EP
    VL IS KW UR L1 L2 L3 L4 LK DO DI ER ID LB SN PB PU CY CP AN AD AI AV DB DP ET LA NL M1 M2 M3 NV
    OP RN RP RI SE SR TA TS TT CA CN C1 C2 C3 C4 C5 C6 C7 C8 H1 H2 U1 U2 U3 U4 U5""".split()
)


def recognise(head: bytes, name: str) -> bool:
    """Tell RIS by a line that begins a record, or by tags and the end of a record."""
    text = text_of(head)
    first = _FIRST_LINE.match(text)
    if first is None or first[1].startswith(("{", "[", "<", "@", "%")):
        return False
    begin = _BEGIN.search(text)
    if begin:
        return "\n" in text[begin.start() :].strip() or "\r" in text[begin.start() :].strip()
    return bool(_TAG_LINE.match(first[1]) and _END.search(text) and "\nPT " not in text)


def _split() -> SplitLine:
    """Return the splitter of lines. With two blanks before the dash any tag is one; with one blank
    only a known one, since ``IL - 6`` may be the text of an abstract.
    """

    def split(line: str) -> tuple[str, str] | None:
        if "-" not in line[:12]:
            return None
        if found := _SPACED.fullmatch(line):
            return found[1].upper(), found[2]
        found = _NARROW.fullmatch(line)
        return (found[1], found[2]) if found and found[1] in _KNOWN else None

    return split


GRAMMAR = Grammar(
    split=_split,
    begins=frozenset({"TY"}),
    ends=frozenset({"ER"}),
    titles=frozenset(_TITLES),
)


def read(stream: BinaryIO) -> Iterator[Record | Unread]:
    """Yield a record for each that the stream holds; an Unread for each without a title."""
    yield from read_tagged(stream, GRAMMAR, _record)


_OF_ARXIV = re.compile(r"arxiv:", re.IGNORECASE).match
_OF_MEDLINE = re.compile(r"\bNLM\b|PubMed|MEDLINE", re.IGNORECASE)


def _record(found: TaggedRecord) -> Record | Unread:
    pairs = found.pairs
    if any(tag in ("DB", "DP") and _OF_MEDLINE.search(value) for tag, value in pairs):
        pairs = [("PMID" if tag == "AN" else tag, value) for tag, value in pairs]
    pairs = [("ARXIV" if tag == "AN" and _OF_ARXIV(value) else tag, value) for tag, value in pairs]
    if ("SP", "No") in pairs and ("EP", "Specified") in pairs:  # PsycINFO has no pages
        pairs = [pair for pair in pairs if pair not in (("SP", "No"), ("EP", "Specified"))]
    if not any(tag in ("SP", "BP") and value for tag, value in pairs):
        pairs = [
            ("SP" if tag == "C7" and _ARTICLE_NUMBER.fullmatch(value) else tag, value)
            for tag, value in pairs
        ]
    return written_record(pairs, _NAMES, found.place)


_ARTICLE_NUMBER = re.compile(r"[A-Za-z]{0,3}[0-9]{2,12}")
