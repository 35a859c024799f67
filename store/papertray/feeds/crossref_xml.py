"""Crossref's XML: what a query for a DOI answers (Unixref, UNIXSD), and what publishers deposit.

The elements are those of Crossref's deposit schema, https://www.crossref.org/documentation/
schema-library/; a work comes after what is said of the journal, conference or book around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from papertray.core.identifiers import bare_doi
from papertray.core.json_fields import month_number, number_within
from papertray.core.model import Author, Json, LeftBehind, Record, Unread, Venue, Work
from papertray.core.names import person
from papertray.feeds.heads import has_element, root_element
from papertray.feeds.service_fields import joined_title
from papertray.feeds.texts import Texts
from papertray.feeds.xml_records import (
    Element,
    children,
    elements,
    json_of,
    json_of_all,
    line_of,
    local_name,
    markup_line,
    unread,
)

NAME = "crossref-xml"
DESCRIPTION = "XML of Crossref: doi_records, crossref_result or doi_batch with works in them"
TAKES = (
    "title and subtitle, abstract, authors, the earlier of the dates, type, venue, pages, DOI, "
    "link, PDF; editors, affiliations, funders, references and the rest as they are"
)
LOSES = "journals and issues without an article, which are no papers"
IS_LIBRARY = False
FEED = "Crossref"

_PARTS = {
    "journal_article": "article",
    "conference_paper": "inproceedings",
    "content_item": "chapter",
    "dissertation": "thesis",
    "posted_content": "preprint",
    "dataset": "dataset",
    "peer_review": "misc",
}
"""Works that are parts of something, or stand alone → our type."""

_WHOLES = {
    "book_metadata": "book",
    "book_series_metadata": "book",
    "book_set_metadata": "book",
    "proceedings_metadata": "book",
    "proceedings_series_metadata": "book",
    "report-paper_metadata": "report",
    "report-paper_series_metadata": "report",
    "standard_metadata": "report",
    "database_metadata": "dataset",
}
"""What is said of a whole, which is a work too where none of its parts is told of."""

_POSTED = {"dissertation": "thesis", "report": "report", "preprint": "preprint",
           "working_paper": "preprint", "": "preprint"}  # fmt: skip
_AROUND = ("journal_metadata", "journal_issue", "event_metadata")
_ROOTS = frozenset(["doi_records", "doi_record", "crossref_result", "doi_batch", "crossref"])


def recognise(head: bytes, name: str) -> bool:
    """Tell Crossref's XML by its root element, or by its records within another one."""
    root = root_element(head)[1]
    return root in _ROOTS or (root == "OAI-PMH" and has_element(head, "doi_record"))


def read(stream: BinaryIO) -> Iterator[Record | Unread | LeftBehind]:
    """Yield a record for each work; an Unread for a DOI that Crossref did not know."""
    whole = _Whole()
    journals = number = 0
    names = [*_PARTS, *_WHOLES, *_AROUND, "error", "msg"]
    for element in elements(stream, names):
        if isinstance(element, Unread):
            yield element
            continue
        name, around = local_name(element), element.getparent()
        if name in ("error", "msg"):
            if name == "error" or (around is not None and around.get("status") == "unresolved"):
                yield unread(element, f"Crossref answered: {line_of(element)[:200]}")
            continue
        if around is not whole.element:
            if whole.record:
                number += 1
                yield whole.record
            journals += whole.is_empty_journal
            whole = _Whole(around)
        if name in _PARTS:
            number += 1
            whole.has_parts = True
            record = _record(element, whole, _type(element), _place(number, element))
            yield record or unread(element, "it has no title")
        else:
            whole.take(element, _place(number + 1, element))
    if whole.record:
        yield whole.record
    journals += whole.is_empty_journal
    if journals:
        yield LeftBehind("journals and issues", journals, "they are no papers")


def _place(number: int, element: Element) -> str:
    return f"record {number} (line {element.sourceline})"


def _type(element: Element) -> str:
    name = local_name(element)
    if name == "posted_content":
        return _POSTED.get(element.get("type", ""), "misc")
    return _PARTS[name]


class _Whole:
    """What was said of the journal, conference or book whose element is open."""

    def __init__(self, element: Element | None = None) -> None:
        self.element = element
        self.has_parts = False
        self.venue = Venue()
        self.conference = ""
        self.date = _Date()
        self.serials: list[tuple[str, str]] = []
        self.left: dict[str, Json] = {}
        self._record: Record | Unread | None = None

    @property
    def record(self) -> Record | Unread | None:
        """The whole as a work of its own, where none of its parts was told of."""
        return None if self.has_parts else self._record

    @property
    def is_empty_journal(self) -> bool:
        """Tell whether this is a journal or an issue, of which no article was told."""
        is_journal = self.element is not None and local_name(self.element) == "journal"
        return is_journal and not self.has_parts

    def take(self, element: Element, place: str) -> None:
        """Take what is said of it, before its parts come."""
        name = local_name(element)
        found = children(element)
        if name == "event_metadata":
            self.conference = _line(found, "conference_name")
            acronym = _line(found, "conference_acronym")
            self.venue = Venue(self.conference, "conference", acronym)
        elif name in _WHOLES:
            self._record = _record(element, self, _WHOLES[name], place) or unread(
                element, "it has no title"
            )
        self.date = _date(found) or self.date
        self.venue = _venue_of(name, found, self.venue)
        self.serials += _serials(found)
        left = _left(found, _TAKEN | _OF_VENUE)
        if left:
            self.left[name] = left


_OF_VENUE = frozenset(
    "full_title abbrev_title journal_volume issue conference_name conference_acronym "
    "proceedings_title publisher volume series_metadata".split()
)


def _venue_of(name: str, found: Mapping[str, list[Element]], before: Venue) -> Venue:
    """Return the venue that the parts of a whole have, as one more element tells of it."""
    if name == "journal_metadata":
        return Venue(_line(found, "full_title"), "journal", _line(found, "abbrev_title"))
    if name == "journal_issue":
        volume = children(found["journal_volume"][0]) if "journal_volume" in found else {}
        number = _line(found, "issue")
        return Venue(before.name, "journal", before.short, "", _line(volume, "volume"), number)
    if name == "event_metadata":
        return before
    series = children(found["series_metadata"][0]) if "series_metadata" in found else {}
    title = _line(found, "proceedings_title") or _title(found, Texts("html"))
    type_ = {"proceedings": "conference", "book": "book"}.get(re.split("[_-]", name)[0], "")
    return Venue(
        name=title or before.name or _title(series, Texts("html")),
        type=before.type or type_,
        short=before.short,
        publisher=_publisher(found),
        volume=_line(found, "volume"),
    )


@dataclass(frozen=True, slots=True)
class _Date:
    year: int | None = None
    month: int | None = None
    day: int | None = None

    def __bool__(self) -> bool:
        return self.year is not None


_TAKEN = frozenset(
    "titles contributors person_name doi_data pages issn isbn abstract proceedings_title".split()
)


def _record(element: Element, whole: _Whole, type_: str, place: str) -> Record | None:
    found = children(element)
    texts = Texts("html")
    title = _title(found, texts)
    if not title and type_ == "book":
        title = texts.title(_line(found, "proceedings_title"))
    if not title:
        return None
    authors, about = _contributors(found)
    doi_data = children(found["doi_data"][0]) if "doi_data" in found else {}
    doi = bare_doi(_line(doi_data, "doi"))
    date = _date(found) or whole.date
    is_part = local_name(element) in _PARTS
    work = Work(
        title=title,
        abstract=_abstract(found, texts),
        authors=authors,
        type=type_,
        year=date.year,
        month=date.month,
        day=date.day,
        venue=_venue(found, whole, type_ if is_part else ""),
        doi=doi,
        url=_line(doi_data, "resource"),
        pdf_url=_pdf(doi_data),
    )
    left = {**_left(found, _TAKEN), **about, **whole.left}
    if kind := element.get("type") or element.get("publication_type"):
        left["@type"] = kind
    serials = [*whole.serials, *_serials(found)]
    return Record(
        work=work,
        identifiers=tuple(dict.fromkeys(serials)),
        original=texts.original,
        extra={"crossref-xml": left} if left else {},
        place=place,
    )


def _line(found: Mapping[str, list[Element]], name: str) -> str:
    return line_of(found[name][0]) if name in found else ""


def _left(found: Mapping[str, list[Element]], taken: frozenset[str]) -> dict[str, Json]:
    left: dict[str, Json] = {}
    for name, group in found.items():
        value = json_of_all(group) if name not in taken else None
        if value and not _is_told(name, value):
            left[name] = value
    return left


_DATE_PARTS = frozenset(["year", "month", "day", "@media_type"])


def _is_told(name: str, value: Json) -> bool:
    """Tell whether a record says all of the only date, or the only publisher, of a work."""
    if not isinstance(value, dict):
        return False
    if name in _DATES:
        return value.keys() <= _DATE_PARTS
    return name in _PUBLISHERS and value.keys() == {_PUBLISHERS[name]}


def _title(found: Mapping[str, list[Element]], texts: Texts) -> str:
    for group in found.get("titles", ()):
        parts = children(group)
        title = markup_line(parts["title"][0]) if "title" in parts else ""
        if title and title != "[No title found]":
            subtitle = markup_line(parts["subtitle"][0]) if "subtitle" in parts else ""
            return texts.title(joined_title(title, subtitle))
    return ""


def _abstract(found: Mapping[str, list[Element]], texts: Texts) -> str:
    """Return the abstract proper, not a teaser or one in pictures that comes beside it."""
    abstracts = found.get("abstract", [])
    proper = [one for one in abstracts if not one.get("abstract-type")] or abstracts
    return texts.abstract(markup_line(proper[0])) if proper else ""


def _contributors(
    found: Mapping[str, list[Element]],
) -> tuple[tuple[Author, ...], dict[str, Json]]:
    """Return the authors in their order, and as it came what else is said of contributors."""
    people = [one for group in found.get("contributors", ()) for one in group]
    people += found.get("person_name", ())  # as dissertations had it
    people.sort(key=lambda one: one.get("sequence") != "first")
    authors: list[Author] = []
    about: list[Json] = []
    for one in people:
        parts = children(one)
        is_author = one.get("contributor_role", "author") == "author"
        author = _author(one, parts)
        if is_author and author != Author():
            authors.append(author)
        if not is_author or parts.keys() - _NAME_PARTS:
            about.append(json_of(one))
    return tuple(authors), {"contributors": about} if about else {}


_NAME_PARTS = frozenset(["given_name", "surname", "suffix"])


def _author(element: Element, parts: Mapping[str, list[Element]]) -> Author:
    if local_name(element) == "person_name":
        return person(_line(parts, "surname"), _line(parts, "given_name"), _line(parts, "suffix"))
    if local_name(element) == "organization":
        return Author(literal=line_of(element))
    return Author()


_DATES = ("publication_date", "posted_date", "approval_date", "review_date", "completion_date")
_YEARS = range(1000, 3000)


def _date(found: Mapping[str, list[Element]]) -> _Date:
    """Return the earliest date, as Crossref itself counts: in print or online."""
    dates = [_date_in(one) for name in _DATES for one in found.get(name, ())]
    for group in found.get("database_date", ()):
        dates += [_date_in(one) for one in group]
    dates = [date for date in dates if date]
    return min(dates, key=lambda d: (d.year, d.month or 13, d.day or 32), default=_Date())


def _date_in(element: Element) -> _Date:
    parts = children(element)
    year = number_within(_YEARS)(_line(parts, "year"))
    month = month_number(_line(parts, "month"))
    day = number_within(range(1, 32))(_line(parts, "day"))
    return _Date(year, month if year else None, day if year and month else None)


def _serials(found: Mapping[str, list[Element]]) -> list[tuple[str, str]]:
    pairs = [(name, line_of(one)) for name in ("issn", "isbn") for one in found.get(name, ())]
    for series in found.get("series_metadata", ()):
        pairs += _serials(children(series))
    return [pair for pair in pairs if pair[1]]


_PUBLISHERS = {"publisher": "publisher_name", "institution": "institution_name"}


def _publisher(found: Mapping[str, list[Element]]) -> str:
    for name, part in _PUBLISHERS.items():
        for one in found.get(name, ()):
            if text := _line(children(one), part):
                return text
    return ""


def _venue(found: Mapping[str, list[Element]], whole: _Whole, part_type: str) -> Venue:
    """Return the venue of a work; `part_type` is its type, empty for a whole."""
    venue = whole.venue
    is_within = part_type in ("article", "inproceedings", "chapter", "dataset", "misc")
    pages = children(found["pages"][0]) if "pages" in found else {}
    first, last = _line(pages, "first_page"), _line(pages, "last_page")
    other = _line(pages, "other_pages")
    return Venue(
        name=venue.name if is_within else "",
        type=venue.type if is_within and venue.name else "",
        short=venue.short if is_within and venue.short != venue.name else "",
        publisher=_publisher(found) or venue.publisher,
        volume=_line(found, "volume") or (venue.volume if is_within else ""),
        number=venue.number if is_within else "",
        pages=", ".join(filter(None, ("-".join(filter(None, (first, last))), other))),
    )


def _pdf(doi_data: Mapping[str, list[Element]]) -> str:
    for collection in doi_data.get("collection", ()):
        for link in collection.iter("{*}resource"):
            if link.get("mime_type") == "application/pdf" or line_of(link).endswith(".pdf"):
                return line_of(link)
    return ""
