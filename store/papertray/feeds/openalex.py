"""OpenAlex: works as its API answers (https://docs.openalex.org), and as its snapshot has them.

An abstract comes as an index of its words: word → places.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from papertray.core.identifiers import bare_doi
from papertray.core.model import Author, Json, Record, Unread, Venue, Work
from papertray.core.names import OTHERS, parse_author
from papertray.feeds.heads import first_json, first_value
from papertray.feeds.json_items import Fields, left, object_of, objects_of, records, text, texts
from papertray.feeds.service_fields import arxiv_place, coarse_date, pages, pmc_id, pubmed_id
from papertray.feeds.texts import Texts

NAME = "openalex"
DESCRIPTION = "JSON of OpenAlex: works with an id such as `https://openalex.org/W2741809807`"
TAKES = (
    "title, abstract, authors as printed, date, type, venue, pages, identifiers, link to the PDF"
)
LOSES = "nothing: institutions, topics, citations and counts stay as they are"
IS_LIBRARY = False
FEED = ""

_OPEN_AT = ("results",)
_ID = re.compile(r"(?:https?://(?:api\.)?openalex\.org/(?:works/)?)?(W[0-9]{2,12})", re.IGNORECASE)
_TYPES = {
    "article": "article", "letter": "article", "editorial": "article", "review": "article",
    "erratum": "article", "retraction": "article", "preprint": "preprint", "book": "book",
    "book-chapter": "chapter", "reference-entry": "chapter", "book-section": "chapter",
    "dissertation": "thesis", "report": "report", "dataset": "dataset", "software": "software",
}  # fmt: skip
_CROSSREF_TYPES = {"proceedings-article": "inproceedings", "posted-content": "preprint"}
_VENUE_TYPES = {"journal": "journal", "conference": "conference", "book series": "book"}


def recognise(head: bytes, name: str) -> bool:
    """Tell a work by its id; an answer without works by what OpenAlex says about it."""
    if first_value(head, _belongs, _OPEN_AT) is not None:
        return True
    answer = first_json(head)
    if not isinstance(answer, dict) or answer.get("results") != []:
        return False
    return "db_response_time_ms" in object_of(answer.get("meta"))


def _belongs(value: Json) -> bool:
    if not isinstance(value, dict):
        return False
    own = text(value, "id") or text(object_of(value.get("ids")), "openalex")
    if not _ID.fullmatch(own):
        return False
    return own.lower().startswith("http") or not _MEMBERS.isdisjoint(value)


_MEMBERS = frozenset("authorships display_name primary_location abstract_inverted_index".split())


def read(stream: BinaryIO) -> Iterator[Record | Unread]:
    """Yield a record for each work."""
    yield from records(stream, _belongs, _OPEN_AT, _work)


_TAKEN = frozenset(
    """id doi title display_name publication_year type abstract_inverted_index biblio""".split()
)


def _work(fields: Fields, place: str) -> Record | Unread:
    decoded = Texts("html")
    title = decoded.title(text(fields, "title", "display_name"))
    if not title:
        return Unread(place, "it has no title")
    ids = object_of(fields.get("ids"))
    location = object_of(fields.get("primary_location"))
    date, is_whole = coarse_date(text(fields, "publication_date"), text(fields, "publication_year"))
    arxiv_id, version = _arxiv(fields)
    doi = bare_doi(text(fields, "doi") or text(ids, "doi"))
    url = text(location, "landing_page_url")
    type_ = _type(fields, object_of(location.get("source")))
    return Record(
        work=Work(
            title=title,
            abstract=decoded.abstract(_abstract(fields)),
            authors=tuple(_authors(fields)),
            type=type_,
            year=date.year,
            month=date.month,
            day=date.day,
            venue=_venue(fields, type_, decoded),
            doi=doi,
            arxiv_id=arxiv_id,
            url=url if bare_doi(url).lower() != doi.lower() or not doi else "",
            pdf_url=_pdf(fields),
        ),
        arxiv_version=version,
        identifiers=tuple(dict.fromkeys(_identifiers(fields, ids))),
        original=decoded.original,
        extra=_extra(fields, ids, is_whole=is_whole),
        place=place,
    )


def _abstract(fields: Fields) -> str:
    """Put an abstract together: words are sorted by place, so no place costs more than another."""
    words = [
        (place, word)
        for word, places in object_of(fields.get("abstract_inverted_index")).items()
        if isinstance(places, list)
        for place in places
        if isinstance(place, int)
    ]
    return " ".join(word for _, word in sorted(words)) or text(fields, "abstract")


def _authors(fields: Fields) -> Iterator[Author]:
    """Yield the authors as the work itself prints them, or else as OpenAlex knows them.

    Its own name of an author is that of a person found by a program, and may be another's.
    """
    for authorship in objects_of(fields.get("authorships")):
        printed = text(authorship, "raw_author_name")
        known = text(object_of(authorship.get("author")), "display_name")
        author = parse_author(printed if _is_a_name(printed) or not known else known)
        if author.display:
            yield author
    if fields.get("is_authors_truncated") is True:
        yield OTHERS


def _is_a_name(printed: str) -> bool:
    """Tell a name from what else stands in its place: all in capitals, with marks, a whole list."""
    return (
        0 < len(printed) <= _LONGEST_NAME
        and not printed.isupper()
        and not any(c.isdigit() or c in "*†‡@;" for c in printed)
        and printed.count(",") <= 1
    )


_LONGEST_NAME = 80


def _type(fields: Fields, source: Fields) -> str:
    name = text(fields, "type")
    if name in ("article", ""):
        by_crossref = _CROSSREF_TYPES.get(text(fields, "type_crossref"), "")
        if by_crossref:
            return by_crossref
        by_source = {"conference": "inproceedings", "repository": "preprint"}
        return by_source.get(text(source, "type"), "article" if name else "")
    return _TYPES.get(name) or _TYPES.get(text(fields, "type_crossref"), "misc")


def _venue(fields: Fields, type_: str, decoded: Texts) -> Venue:
    source = object_of(object_of(fields.get("primary_location")).get("source"))
    biblio = object_of(fields.get("biblio"))
    # A platform of e-books is where a book is sold, not the book that a chapter is in.
    is_venue = text(source, "type") not in ("repository", "ebook platform")
    name = text(source, "display_name") if is_venue else ""
    publisher = text(source, "host_organization_name")
    conference = "conference" if name and type_ == "inproceedings" else ""
    return Venue(
        name=decoded.line("venue", name),
        type=conference or (_VENUE_TYPES.get(text(source, "type"), "") if name else ""),
        publisher=publisher if text(source, "type") != "repository" else "",
        volume=text(biblio, "volume"),
        number=text(biblio, "issue"),
        pages=pages(text(biblio, "first_page"), text(biblio, "last_page")),
    )


def _locations(fields: Fields) -> Iterator[dict[str, Json]]:
    for name in ("primary_location", "best_oa_location"):
        yield object_of(fields.get(name))
    yield from objects_of(fields.get("locations"))


def _arxiv(fields: Fields) -> tuple[str, int | None]:
    for location in _locations(fields):
        for name in ("landing_page_url", "pdf_url"):
            found = arxiv_place(text(location, name))
            if found[0]:
                return found
    return "", None


def _pdf(fields: Fields) -> str:
    return next(filter(None, (text(one, "pdf_url") for one in _locations(fields))), "")


def _identifiers(fields: Fields, ids: Fields) -> Iterator[tuple[str, str]]:
    own = _ID.fullmatch(text(fields, "id") or text(ids, "openalex"))
    if own:
        yield "openalex", own[1].upper()
    if number := pubmed_id(text(ids, "pmid")):
        yield "pubmed", number
    if number := pmc_id(text(ids, "pmcid")):
        yield "pmc", number
    if number := text(ids, "mag"):
        yield "mag", number
    source = object_of(object_of(fields.get("primary_location")).get("source"))
    for serial in texts(source.get("issn")):
        yield "issn", serial


_KNOWN_IDS = frozenset(["openalex", "doi", "pmid", "pmcid", "mag"])


def _extra(fields: Fields, ids: Fields, *, is_whole: bool) -> dict[str, Json]:
    taken = _TAKEN | {"ids"}
    kept = left(fields, taken | {"publication_date"} if is_whole else taken)
    if others := left(ids, _KNOWN_IDS):
        kept["ids"] = others
    if text(fields, "type") not in ("article", "preprint", "book", "dataset", "report"):
        kept["type"] = fields.get("type")
    if text(fields, "title") and text(fields, "display_name") not in ("", text(fields, "title")):
        kept["display_name"] = fields["display_name"]
    return {NAME: kept} if kept else {}
