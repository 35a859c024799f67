"""Ovid's text: records headed ``<1. >``, with tags (``TI  - ``) or the names of fields as lines.

Ovid serves many databases, each with tags of its own; these are the common ones. Where a record
has its journal, volume and pages only in one ``Source``, they are read from there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import BinaryIO

from papertray.core.model import Author, Json, Record, Unread
from papertray.core.names import parse_authors
from papertray.feeds.format_names import Names
from papertray.feeds.heads import text_of
from papertray.feeds.tagged_lines import Grammar, SplitLine, TaggedRecord, read_tagged
from papertray.feeds.written_record import written_record

NAME = "ovid"
DESCRIPTION = "Ovid's text, by heads of records `<1. >` above tags or names of fields"
TAKES = "title, abstract, authors, date, type, venue, pages, ids; keywords with `--decisions`"
LOSES = "the numbers of records; all fields without one of ours are kept as they are"
IS_LIBRARY = False
FEED = ""

_KIND = "kind"
"""Stands for a type that the database tells, not the record, which says ``Departments``."""

_NAMES = Names(
    format="ovid",
    title=("TI", "Title", "Original Title"),
    abstract=("AB", "Abstract"),
    authors=("AU", "Authors Full Name", "Author", "Authors"),
    type=("DT", "PT", "Document Type", "Publication Type", _KIND),
    date=("YR", "DP", "DG", "Year of Publication", "Publication Date", "Date of Publication"),
    journal=("JN", "BT", "Journal Name", "Book Title", "JA", "OL"),
    short=("JA",),
    publisher=("PB", "PU", "Publisher"),
    volume=("VO", "VI", "Volume"),
    number=("IP", "Issue Part"),
    pages=("PG", "Page", "Pages"),
    doi=("DI", "DO", "Digital Object Identifier", "DOI"),
    url=("UR", "Link to the Ovid Full Text or citation"),
    identifiers={
        "IS": "serial", "IB": "serial", "ISSN": "serial", "ISBN": "serial",
        "PM": "pubmed", "PMID": "pubmed", "PubMed ID": "pubmed",
    },
    keywords=("KW", "Keywords", "Author Keyword", "Author Keywords", "Keyword Heading"),
    kept=frozenset({"PT", "DT", "Publication Type", "Document Type"}),
)  # fmt: skip

_HEAD = re.compile(r"[\ufeff \t]*<[0-9]+\.?[ \t]*>[ \t]*")
_TAGGED = re.compile(r"([A-Z][A-Z0-9]) {1,3}-(?:[ \t]+(.*)|)", re.DOTALL)
_NAMED = re.compile(r"[A-Z][A-Za-z /&()'-]{1,60}")
_HEAD_LINE = re.compile(
    r"^[\ufeff \t]*<[0-9]+\.?[ \t]*>\s*"
    r"^(?:[A-Z][A-Z0-9] {1,3}-|[A-Z][A-Za-z /&()'-]{1,60}\s*$)",
    re.MULTILINE,
)
_BEGIN = "<>"
_DATABASES = frozenset({"DB", "Database", "ST", "Status"})
_OF_MEDLINE = re.compile(r"MEDLINE|PubMed", re.IGNORECASE)


def recognise(head: bytes, name: str) -> bool:
    """Tell it by the head of a record with a tag or the name of a field below it."""
    return _HEAD_LINE.search(text_of(head).replace("\r\n", "\n").replace("\r", "\n")) is not None


def _split() -> SplitLine:
    def split(line: str) -> tuple[str, str] | None:
        if _HEAD.fullmatch(line):
            return _BEGIN, ""
        if found := _TAGGED.fullmatch(line):
            return found[1], found[2] or ""
        named = _NAMED.fullmatch(line.rstrip())
        return (named[0], "") if named else None

    return split


GRAMMAR = Grammar(split=_split, begins=frozenset({_BEGIN}), needs_begin=True)


def read(stream: BinaryIO) -> Iterator[Record | Unread]:
    """Yield a record for each that the stream holds; an Unread for each without a title."""
    yield from read_tagged(stream, GRAMMAR, _record)


_GENRE = re.compile(r"\s+\[[A-Z][^\[\]]{2,40}\]\.?$")
_BRACKETS = re.compile(r"\[([^\[\]]+)\]")


def _record(found: TaggedRecord) -> Record | Unread:
    pairs = [(tag, value) for tag, value in found.pairs if tag != _BEGIN]
    if any(tag == "DB" and "Journals@Ovid" in value for tag, value in pairs):
        pairs.append((_KIND, "journal article"))
    raw_names = [value for tag, value in pairs if tag in _NAMES.authors]
    if any(tag in _DATABASES and _OF_MEDLINE.search(value) for tag, value in pairs):
        pairs = [("PMID" if tag in ("UI", "Unique Identifier") else tag, v) for tag, v in pairs]
    authors = _authors_tag(pairs)
    names = replace(
        _NAMES, authors=authors, read_authors=partial(_read_authors, is_long=authors != ("AU",))
    )
    record = written_record(_with_source(pairs), names, found.place)
    if isinstance(record, Unread):
        return record
    title = _plain_title(record.work.title)
    original, extra = dict(record.original), dict(record.extra)
    if title != record.work.title:
        original.setdefault("title", record.work.title)
    if any(_BRACKETED.search(name) or _cleaned(name) != name for name in raw_names):
        left = extra.get("ovid")
        extra["ovid"] = {
            **(left if isinstance(left, dict) else {}),
            authors[0]: list[Json](raw_names),
        }
    work = replace(record.work, title=title)
    return replace(record, work=work, original=original, extra=extra)


def _authors_tag(pairs: list[tuple[str, str]]) -> tuple[str]:
    tags = {tag for tag, value in pairs if value}
    return (next((tag for tag in _NAMES.authors if tag in tags), "AU"),)


def _plain_title(title: str) -> str:
    """Leave out what Ovid adds to titles: a genre, a full stop, brackets around a translation."""
    plain = _GENRE.sub("", title)
    plain = plain[:-1] if plain.endswith(".") and not plain.endswith("..") else plain
    if found := _BRACKETS.fullmatch(plain):
        plain = found[1].removesuffix(".")
    return plain or title


# 1,2,* · MD, PhD
_MARKS = re.compile(
    r"(?:\s+[0-9*+,#^]+)+$"
    r"|(?:,?\s+(?:M\.?D|Ph\.?D|M\.?Sc?|B\.?Sc?|MPH|RN|FACSM|FACP|FRCP|DO|DDS|DVM|MBBS|MBA)\b\.?)+$"
)


def _read_authors(values: list[str], is_long: bool) -> tuple[Author, ...]:
    """Read names; one field of the long form holds all, a line or two blanks apart."""
    bare = [_BRACKETED.sub("", value) for value in values]
    names = [name for value in bare for name in re.split(r"\n| {2,}|;", value) if name.strip()]
    if len(names) == 1 and _INITIALS_END.fullmatch(f"{names[0].strip()} "):
        names = names[0].strip().removesuffix(".").split(". ")
    cleaned = [_cleaned(name) for name in names]
    if is_long:
        cleaned = [name.removesuffix(".") for name in cleaned]
    return parse_authors(cleaned, surname_first=True)


# Smith J. Doe AB.
_INITIALS_END = re.compile(r"(?:[^\s.,][^.,]{0,60}\s[A-Z]{1,3}\.\s+){2,}")
_BRACKETED = re.compile(r"\s*\[[^\[\]]*\]")


_LONGEST_NAME = 500


def _cleaned(name: str) -> str:
    before = ""
    while before != name and len(name) <= _LONGEST_NAME:
        before, name = name, _MARKS.sub("", name).strip()
    return name


_MONTH = (
    r"(?:(?:January|February|March|April|May|June|July|August|September|October|November|"
    r"December|Spring|Summer|Autumn|Fall|Winter|[A-Z][a-z]{2})[/ -]?)+"
)
_SOURCES = (
    # Journal of Things. 12(3):45-67, 2004 Mar.
    re.compile(
        r"(?P<JN>.+?)[.,]\s+(?P<VO>[0-9][0-9A-Za-z-]{0,8})(?:\((?P<IP>[^()]*)\))?"
        r"(?::\s*(?P<PG>[A-Za-z]?[0-9][\w.-]*))?,\s+(?P<YR>.{0,30}?[12][0-9]{3}.{0,30})"
    ),
    # Journal of Things August 2011;43(8):647-653
    re.compile(
        rf"(?P<JN>.+?)\s+(?P<YR>(?:{_MONTH}\s*(?:[0-9]{{1,2}},?\s+)?)?[12][0-9]{{3}});\s*"
        r"(?P<VO>[\w-]+)(?:\((?P<IP>[^()]*)\))?:(?P<PG>\S+)"
    ),
)


def _with_source(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return `pairs` and what the source tells that they do not."""
    source = next((" ".join(value.split()) for tag, value in pairs if tag in ("SO", "Source")), "")
    present = {_GROUPS.get(tag, tag) for tag, value in pairs if value}
    for pattern in _SOURCES if len(source) < 1000 else ():
        if found := pattern.fullmatch(source):
            told = [(tag, value) for tag, value in found.groupdict().items() if value]
            return [*pairs, *((tag, value) for tag, value in told if tag not in present)]
    return pairs


_GROUPS = {
    "Journal Name": "JN", "BT": "JN", "Book Title": "JN", "VI": "VO", "Volume": "VO",
    "Issue Part": "IP", "Page": "PG", "Pages": "PG", "Year of Publication": "YR",
}  # fmt: skip
