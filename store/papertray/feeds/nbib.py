"""MEDLINE's tagged text, which PubMed saves as ``.nbib``, and ERIC and others write too.

The tags are those of https://www.nlm.nih.gov/bsd/mms/medlineelements.html. A tag fills four places
before ``- ``; a value goes on in lines that are indented.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from papertray.core.identifiers import bare_doi
from papertray.core.model import Author, Json, Record, Unread, Venue, Work
from papertray.core.names import OTHERS, parse_surname_first, person
from papertray.feeds.heads import text_of
from papertray.feeds.medline import title_of, type_of
from papertray.feeds.named_values import NamedValues
from papertray.feeds.reader import numbered_lines
from papertray.feeds.texts import Texts
from papertray.feeds.written_dates import written_date

NAME = "nbib"
DESCRIPTION = "lines that begin with MEDLINE's tags (`PMID- `, `FAU - `): .nbib of PubMed, ERIC"
TAKES = (
    "title, abstract, full names of authors, bodies, journal or book, date, DOI, PubMed and PMC "
    "ids; MeSH, keywords, affiliations and the rest as they are"
)
LOSES = "abbreviated names where full ones are there"
IS_LIBRARY = False
FEED = "PubMed"

LONGEST = 1 << 20
"""Bytes that a line may have; a record may have four times as many."""

_TAG = re.compile(r"([A-Z][A-Z0-9]{1,3}) {0,2}-(?: +(.*)|)$")
_TAG_LINE = re.compile(r"^([A-Z][A-Z0-9]{1,3}) {0,2}-(?: |$)", re.MULTILINE)
_OWN_TAGS = frozenset("PMID OWN STAT FAU JT EDAT LID AID PHST MHDA DCOM CRDT DEP JID PST".split())
_OTHERS_TAGS = frozenset(["TY", "ER", "VN", "FN", "RT"])
_FIRST = frozenset(["PMID", "OWN"])
_TITLES = frozenset(["TI", "BTI"])


def recognise(head: bytes, name: str) -> bool:
    """Tell MEDLINE's tags from RIS and Ovid by those that only it has."""
    text = text_of(head)
    found = [tag for tag, _ in zip(_TAG_LINE.findall(text), range(60), strict=False)]
    if not found or not _TAG_LINE.match(text.lstrip()) or not _OTHERS_TAGS.isdisjoint(found):
        return False
    own = _OWN_TAGS.intersection(found)
    return found[0] in _FIRST or len(own) >= 2 or (bool(own) and name.lower().endswith(".nbib"))


def read(stream: BinaryIO) -> Iterator[Record | Unread]:
    """Yield a record for each that has a title; an Unread, with its line, for each other piece."""
    for lines in _records(stream):
        record = None if lines.is_too_long else _record(lines)
        if record is None:
            reason = "it is too long" if lines.is_too_long else "it has no title"
            data = "\n".join(f"{tag:<4}- {value}" for tag, value in lines.pairs)
            yield Unread(f"line {lines.first}", reason, data.encode()[: 1 << 16])
        else:
            yield record


@dataclass(slots=True)
class _Lines:
    """The lines of one record, joined where they go on: (tag, value). Text before tags has none."""

    first: int
    pairs: list[tuple[str, str]] = field(default_factory=list)
    tags: set[str] = field(default_factory=set)
    size: int = 0

    @property
    def is_too_long(self) -> bool:
        return self.size > 4 * LONGEST

    def add(self, tag: str, value: str) -> None:
        self.size += len(value) + 8
        if not self.is_too_long:
            self.tags.add(tag)
            self.pairs.append((tag, value))


def _records(stream: BinaryIO) -> Iterator[_Lines]:
    """Cut a stream into records.

    A record begins at a ``PMID``, at a second title, and behind an empty line where the one before
    has a title already, or ``OWN`` comes, which is first in ERIC's.
    """
    current = _Lines(1)
    after_blank = False
    for line in numbered_lines(stream, LONGEST):
        text = line.data.decode("utf-8", "replace").rstrip()
        if not text:
            after_blank = True
            continue
        found = _TAG.match(text)
        if found:
            tag = found[1]
            begins = (
                tag == "PMID"
                or (tag in _TITLES and tag in current.tags)
                or (tag == "OWN" and (after_blank or tag in current.tags))
                or (after_blank and not _TITLES.isdisjoint(current.tags))
            )
            if begins and current.pairs:
                yield current
                current = _Lines(line.number)
            elif not current.pairs:
                current.first = line.number
            current.add(tag, found[2] or "")
        else:
            current.add("", text.strip())
        after_blank = False
    if current.pairs:
        yield current


def _joined(lines: _Lines) -> Iterator[tuple[str, str]]:
    """Yield (tag, whole value): what has no tag goes on with the value before."""
    tag, values = "", list[str]()
    for next_tag, value in lines.pairs:
        if next_tag:
            if values:
                yield tag, " ".join(" ".join(values).split())
            tag, values = next_tag, []
        values.append(value)
    if values:
        yield tag, " ".join(" ".join(values).split())


def _record(lines: _Lines) -> Record | None:
    authors, about_authors, rest = _authors(_joined(lines))
    values = NamedValues(_spelled(rest))
    texts = Texts("html")
    printed = values.take_first("TI") or values.take_first("BTI") or values.take_first("TT")
    title = texts.title(printed)
    if title_of(title) != title:
        title = title_of(title)
        texts.original["title"] = printed
    if not title:
        return None
    is_book = bool(values.look("BTI"))
    date = written_date(values.look("DP"))
    if date.is_whole:
        values.take_first("DP")
    type_ = _type(values, is_book)
    venue = _venue(values, texts, type_)
    work = Work(
        title=title,
        abstract=texts.abstract(values.take_first("AB", "OAB")),
        authors=authors,
        type=type_,
        year=date.year,
        month=date.month,
        day=date.day,
        venue=venue,
        doi=values.take_first("doi"),
        url=values.take_first("url"),
    )
    identifiers = [
        (scheme, value) for scheme in _SCHEMES for value in values.take_all(scheme) if value
    ]
    left = {**values.left(), **about_authors}
    return Record(
        work=work,
        identifiers=tuple(dict.fromkeys(identifiers)),
        original=texts.original,
        extra={"nbib": left} if left else {},
        place=f"line {lines.first}",
    )


_AUTHORS = frozenset(["FAU", "AU", "CN"])
_OF_AUTHOR = frozenset(["AD", "AUID"])


def _authors(
    pairs: Iterator[tuple[str, str]],
) -> tuple[tuple[Author, ...], dict[str, Json], list[tuple[str, str]]]:
    """Return the authors, what the lines below each say of her, and all other pairs.

    ``AU`` abbreviates the ``FAU`` before it, and stands for an author of its own where there is
    none, as the ``et al.`` of old records does.
    """
    authors: list[Author] = []
    details: dict[int, dict[str, list[Json]]] = {}
    rest: list[tuple[str, str]] = []
    full = False
    for tag, value in pairs:
        if tag in _AUTHORS and value:
            if tag != "AU" or not full:
                authors.append(_author(tag, value))
            full = tag == "FAU"
        elif tag in _OF_AUTHOR and authors:
            details.setdefault(len(authors) - 1, {}).setdefault(tag, []).append(value)
        else:
            rest.append((tag, value))
    about: list[Json] = [
        {"name": authors[place].display, **said} for place, said in details.items()
    ]
    named = [author for author in authors if author != OTHERS]
    others = [OTHERS] if OTHERS in authors else []
    return (*named, *others), {"authors": about} if about else {}, rest


_SUFFIX = re.compile(r"(.*\S) (Jr\.?|Sr\.?|I{2,3}|IV|2nd|3rd|[4-9]th)")


def _author(tag: str, value: str) -> Author:
    """Return the author of a line: ``King, Martin L Jr``, ``King ML Jr``, or a body."""
    if tag == "CN":
        return Author(literal=value.removesuffix("."))
    family, comma, given = value.partition(",")
    if tag == "AU" or not comma:
        return parse_surname_first(value)
    suffixed = _SUFFIX.fullmatch(given.strip())
    return person(family, *(suffixed.groups() if suffixed else (given,)))


_SCHEMES = ("pubmed", "pmc", "issn", "isbn")
_NUMBER = re.compile(r"(?:E?ISSN-)?([0-9]{4}-[0-9]{3}[0-9Xx])\b")
_ISBN = re.compile(r"(?:ISBN:? *)?([0-9][0-9 -]{8,15}[0-9Xx])(?: \(.*\))?")
_LABELLED = re.compile(r"(.*\S) +\[(\w+)\]")


def _spelled(pairs: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield pairs with identifiers under the names of their schemes."""
    for tag, value in pairs:
        if tag in ("LID", "AID"):
            label = _LABELLED.fullmatch(value)
            doi = bare_doi(label[1] if label and label[2] == "doi" else value)
            is_link = value.startswith(("http://", "https://"))
            yield ("doi", doi) if doi else ("url", value) if is_link else (tag, value)
        elif tag == "PMID" and value.strip("0").isdigit():
            yield "pubmed", value
        elif tag == "PMC" and value.startswith("PMC"):
            yield "pmc", value
        elif tag in ("IS", "ISSN") and (number := _NUMBER.match(value)):
            yield "issn", number[1]
        elif tag == "ISBN" and (number := _ISBN.fullmatch(value)):
            yield "isbn", number[1]
        else:
            yield tag, value


def _type(values: NamedValues, is_book: bool) -> str:
    default = "chapter" if is_book else "article" if values.look("JT", "TA") else ""
    type_ = type_of([value for _, value in values.find("PT")], default)
    # ERIC has reports of research in journals too.
    return "article" if type_ == "report" and values.look("VI") else type_


def _venue(values: NamedValues, texts: Texts, type_: str) -> Venue:
    names = ["BTI", "CTI", "JT"] if type_ == "chapter" else ["JT", "TA", "CTI"]
    name = texts.line("venue", values.take_first(*names))
    short = values.take_first("TA")
    return Venue(
        name=name,
        type={"chapter": "book", "article": "journal"}.get(type_, "") if name else "",
        short="" if short == name else short,
        publisher=values.take_first("PB"),
        volume=values.take_first("VI"),
        number=values.take_first("IP"),
        pages=values.take_first("PG"),
    )
