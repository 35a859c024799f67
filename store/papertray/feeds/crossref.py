"""Crossref: the JSON answers of its REST API (https://api.crossref.org), and dumps of its works.

A search (``message.items``), one work (``message``), or bare works, one a line. What a member
means is said in https://github.com/CrossRef/rest-api-doc/blob/master/api_format.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from papertray.core import names
from papertray.core.identifiers import bare_doi, split_arxiv_id
from papertray.core.json_fields import one_line
from papertray.core.markup import decode_markup
from papertray.core.model import Author, Json, Record, Unread, Venue, Work
from papertray.feeds.heads import first_json, first_value
from papertray.feeds.json_items import Fields, left, object_of, objects_of, records, text, texts
from papertray.feeds.service_fields import joined_title
from papertray.feeds.texts import Texts
from papertray.feeds.written_dates import WrittenDate, written_date

NAME = "crossref"
DESCRIPTION = "JSON of the API of Crossref: works with a `DOI` and a list of titles"
TAKES = "title and subtitle, abstract, authors, date, type, venue, pages, DOI, preprint's DOI, PDF"
LOSES = "nothing: funders, references, licences and all else stay as they are"
IS_LIBRARY = False
FEED = ""

_OPEN_AT = ("message", "items")
_BOOKS = frozenset(
    """indexed deposited reference-count references-count is-referenced-by-count member prefix score
    content-domain""".split()
)
"""What Crossref keeps of each work, and nobody who only cites it."""

TYPES = {
    "journal-article": "article", "proceedings-article": "inproceedings", "book": "book",
    "monograph": "book", "edited-book": "book", "reference-book": "book", "book-set": "book",
    "proceedings": "book", "book-chapter": "chapter", "book-section": "chapter",
    "book-part": "chapter", "book-track": "chapter", "reference-entry": "chapter",
    "dissertation": "thesis", "report": "report", "report-series": "report",
    "report-component": "report", "dataset": "dataset", "database": "dataset",
    "software": "software",
}  # fmt: skip
"""Crossref's types → ours; posted content is told by its subtype, all others are `misc`."""

_VENUE_TYPES = {"article": "journal", "inproceedings": "conference", "chapter": "book"}
_DATES = ("issued", "published", "published-print", "published-online", "posted")


def recognise(head: bytes, name: str) -> bool:
    """Tell an answer by its message, a work by its list of titles and Crossref's bookkeeping."""
    if first_value(head, _belongs, _OPEN_AT) is not None:
        return True
    answer = first_json(head)
    if not isinstance(answer, dict) or not isinstance(answer.get("message"), dict):
        return False
    # One without a work, or cut before the work says what it is.
    return text(answer, "message-type").startswith("work") and "status" in answer


def _belongs(value: Json) -> bool:
    if not isinstance(value, dict) or not isinstance(value.get("DOI"), str):
        return False
    title = value.get("title")
    # A title that is a text is CSL-JSON, which Crossref answers with when asked for it.
    return isinstance(title, list) or (title is None and not _BOOKS.isdisjoint(value))


def read(stream: BinaryIO) -> Iterator[Record | Unread]:
    """Yield a record for each work."""
    yield from records(stream, _belongs, _OPEN_AT, _work)


_TAKEN = frozenset(
    """abstract DOI type title subtitle author container-title short-container-title publisher
    volume issue page ISSN ISBN issn-type isbn-type""".split()
)


def _work(fields: Fields, place: str) -> Record | Unread:
    titles, subtitles = texts(fields.get("title")), texts(fields.get("subtitle"))
    decoded = Texts("html")
    title = (
        decoded.title(joined_title(titles[0], subtitles[0] if subtitles else "")) if titles else ""
    )
    if not title:
        return Unread(place, "it has no title")
    type_ = _type(fields)
    date, date_member = _date(fields)
    url = text(object_of(object_of(fields.get("resource")).get("primary")), "URL")
    return Record(
        work=Work(
            title=title,
            abstract=decoded.abstract(text(fields, "abstract")),
            authors=tuple(_authors(fields.get("author"))),
            type=type_,
            year=date.year,
            month=date.month,
            day=date.day,
            venue=_venue(fields, type_, decoded),
            doi=bare_doi(text(fields, "DOI")),
            arxiv_id=next(_arxiv_ids(fields), ""),
            url=url,
            pdf_url=_pdf(fields.get("link")),
        ),
        identifiers=tuple(dict.fromkeys([*_other_dois(fields), *_serials(fields)])),
        original=decoded.original,
        extra=_extra(fields, type_, date_member),
        place=place,
    )


def _type(fields: Fields) -> str:
    name = text(fields, "type")
    if name == "posted-content":
        return "preprint" if text(fields, "subtype") in ("preprint", "") else "misc"
    return TYPES.get(name, "misc") if name else ""


def _date(fields: Fields) -> tuple[WrittenDate, str]:
    """Return the date of publication, and the member that says no more than it.

    The first of them is the earliest, and the one that CSL-JSON has.
    """
    for name in _DATES:
        parts = object_of(fields.get(name)).get("date-parts")
        first = parts[0] if isinstance(parts, list) and parts else None
        numbers = [text({"": part}, "") for part in first] if isinstance(first, list) else []
        date = written_date("-".join(numbers[:3]))
        if date.year is not None:
            return date, name if date.is_whole and parts == [first] else ""
    return WrittenDate(), ""


def _authors(value: Json) -> Iterator[Author]:
    people = objects_of(value)
    # Some publishers list the first author elsewhere, but always name her.
    for person in sorted(people, key=lambda person: person.get("sequence") != "first"):
        family, given, name = (one_line(decode_markup(text(person, p))).strip() for p in _NAMES)
        if family:
            yield names.person(family, given, text(person, "suffix"))
        elif name or given:
            others = names.parse_author(name or given)
            yield others if others.stands_for_others else Author(literal=name or given)


_NAMES = ("family", "given", "name")


def _venue(fields: Fields, type_: str, decoded: Texts) -> Venue:
    containers = texts(fields.get("container-title"))
    shorts = texts(fields.get("short-container-title"))
    hosts = [text(one, "name") for one in objects_of(_listed(fields.get("institution")))]
    # Of a chapter's containers the series comes first, the book last.
    name = containers[-1 if type_ in ("chapter", "inproceedings") else 0] if containers else ""
    if not name and type_ == "preprint" and hosts:
        name = hosts[0]
    short = decode_markup(shorts[0]) if shorts and shorts[0] != name else ""
    return Venue(
        name=decoded.line("venue", name),
        type=_VENUE_TYPES.get(type_, "") if name else "",
        short=one_line(short),
        publisher=one_line(decode_markup(text(fields, "publisher") or (hosts or [""])[0])),
        volume=text(fields, "volume"),
        number=text(fields, "issue"),
        pages=text(fields, "page", "article-number"),
    )


def _listed(value: Json) -> Json:
    return [value] if isinstance(value, dict) else value


_SAME_WORK = ("is-preprint-of", "has-preprint")


def _relations(fields: Fields) -> Iterator[dict[str, Json]]:
    relations = object_of(fields.get("relation"))
    for name in _SAME_WORK:
        yield from objects_of(_listed(relations.get(name)))


def _other_dois(fields: Fields) -> Iterator[tuple[str, str]]:
    """Yield the DOIs of the preprint of a published work, and of what a preprint became."""
    for other in _relations(fields):
        if text(other, "id-type") == "doi" and (doi := bare_doi(text(other, "id"))):
            yield "doi", doi


def _arxiv_ids(fields: Fields) -> Iterator[str]:
    for other in _relations(fields):
        if text(other, "id-type") == "arxiv" and (found := split_arxiv_id(text(other, "id"))):
            yield found[0]


def _serials(fields: Fields) -> Iterator[tuple[str, str]]:
    for name in ("ISSN", "ISBN"):
        told = (text(one, "value") for one in objects_of(fields.get(f"{name.lower()}-type")))
        for number in (*texts(fields.get(name)), *filter(None, told)):
            yield name.lower(), number.rpartition("/")[2]


def _pdf(links: Json) -> str:
    for link in objects_of(links):
        is_for_readers = text(link, "intended-application") != "similarity-checking"
        if is_for_readers and text(link, "content-type") == "application/pdf":
            return text(link, "URL")
    return ""


def _extra(fields: Fields, type_: str, date_member: str) -> dict[str, Json]:
    """Keep what was not taken, and the whole of what was taken in part."""
    kept = left(fields, _TAKEN | {date_member})
    for name in ("title", "subtitle", "container-title", "short-container-title"):
        if len(texts(fields.get(name))) > 1:
            kept[name] = fields[name]
    if TYPES.get(text(fields, "type"), "") != type_ or type_ in _SEVERAL:
        kept["type"] = fields.get("type")
    authors = objects_of(fields.get("author"))
    if any(author.get("ORCID") or author.get("affiliation") for author in authors):
        kept["author"] = [*authors]
    return {NAME: kept} if kept else {}


_SEVERAL = frozenset(our for our in TYPES.values() if list(TYPES.values()).count(our) > 1)
