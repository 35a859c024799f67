"""DataCite: DOIs as its API answers (https://support.datacite.org/docs/api), in the JSON of its
content negotiation, or one a line as in its dumps.

What a property means is said in https://datacite-metadata-schema.readthedocs.io/.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from papertray.core.identifiers import bare_doi, split_arxiv_id
from papertray.core.json_fields import one_line
from papertray.core.model import Author, Json, Record, Unread, Venue, Work
from papertray.core.names import OTHERS, parse_author, person
from papertray.feeds.heads import first_value
from papertray.feeds.json_items import Fields, left, object_of, objects_of, records, text
from papertray.feeds.service_fields import joined_title, pages, pubmed_id
from papertray.feeds.texts import Texts
from papertray.feeds.written_dates import WrittenDate, written_date

NAME = "datacite"
DESCRIPTION = (
    "JSON of DataCite: `attributes` of a DOI, or these alone, with `creators` and `titles`"
)
TAKES = "title and subtitle, abstract, creators, date, type, venue, pages, DOI, arXiv id"
LOSES = "the copy of each record in XML (`xml`); subjects, rights and all else stay as they are"
IS_LIBRARY = False
FEED = ""

_OPEN_AT = ("data",)
_GENERAL_TYPES = {
    "ComputationalNotebook": "software", "Software": "software", "Dataset": "dataset",
    "ConferencePaper": "inproceedings", "ConferenceProceeding": "book", "Book": "book",
    "BookChapter": "chapter", "DataPaper": "article", "JournalArticle": "article",
    "Dissertation": "thesis", "Preprint": "preprint", "Report": "report",
}  # fmt: skip
_TEXT_TYPES = (
    (r"thes[ie]s|dissertation|diplom(?!acy)|tesis|tese|habilitation", "thesis"),
    (r"pre-?print", "preprint"),
    (r"conference (?:paper|proceeding|contribution)|proceedings paper", "inproceedings"),
    (r"chapter|book ?(?:section|part)", "chapter"),
    (r"report|working paper|white paper", "report"),
    (r"article|review", "article"),
    (r"book|monograph", "book"),
    (r"data ?set", "dataset"),
    (r"software|source code", "software"),
)
"""What people call a text's type, by pattern → ours."""

_CITEPROC_TYPES = {"thesis": "thesis", "report": "report", "chapter": "chapter", "book": "book",
                   "dataset": "dataset", "paper-conference": "inproceedings"}  # fmt: skip
_VENUE_TYPES = {"article": "journal", "inproceedings": "conference", "chapter": "book"}
_DATES = ("Issued", "Available", "Created", "Submitted")


def recognise(head: bytes, name: str) -> bool:
    """Tell a DOI by its attributes, and these by creators and titles."""
    return first_value(head, _belongs, _OPEN_AT) is not None


def _belongs(value: Json) -> bool:
    if not isinstance(value, dict):
        return False
    attributes = value.get("attributes")
    if isinstance(attributes, dict):
        return value.get("type") == "dois" or _are_attributes(attributes)
    return _are_attributes(value)


def _are_attributes(value: dict[str, Json]) -> bool:
    titles = value.get("titles")
    if not isinstance(titles, list) or not ("doi" in value or "identifiers" in value):
        return False
    return "creators" in value or "types" in value


def read(stream: BinaryIO) -> Iterator[Record | Unread]:
    """Yield a record for each DOI."""
    yield from records(stream, _belongs, _OPEN_AT, _item)


def _item(fields: Fields, place: str) -> Record | Unread:
    attributes = object_of(fields.get("attributes"))
    if not attributes:
        return _record(fields, {}, place)
    outer = left(fields, frozenset(["id", "type", "attributes"]))
    named = {"doi": text(fields, "id")} if not text(attributes, "doi") else {}
    return _record({**attributes, **named}, outer, place)


_TAKEN = frozenset(
    """xml doi titles creators publisher container publicationYear dates types descriptions url
    id""".split()
)


def _record(fields: Fields, outer: dict[str, Json], place: str) -> Record | Unread:
    decoded = Texts("html")
    main, other_titles = _titles(fields)
    title = decoded.title(main)
    if not title:
        return Unread(place, "it has no title")
    abstract, other_texts = _abstract(fields)
    doi = bare_doi(text(fields, "doi", "id"))
    date, other_dates = _date(fields)
    type_ = _type(fields, doi)
    arxiv_id = _arxiv_id(fields, doi)
    kept = left(fields, _TAKEN)
    if _names_only(fields.get("identifiers"), doi):
        del kept["identifiers"]
    kept |= left({"titles": other_titles, "descriptions": other_texts, **other_dates}, frozenset())
    kept |= {**outer, **_kept_parts(fields, type_)}
    return Record(
        work=Work(
            title=title,
            abstract=decoded.abstract(abstract),
            authors=tuple(_creators(fields)),
            type=type_,
            year=date.year,
            month=date.month,
            day=date.day,
            venue=_venue(fields, type_, decoded),
            doi=doi,
            arxiv_id=arxiv_id,
            url=text(fields, "url"),
        ),
        identifiers=tuple(dict.fromkeys(_identifiers(fields, doi))),
        original=decoded.original,
        extra={NAME: kept} if kept else {},
        place=place,
    )


def _names_only(identifiers: Json, doi: str) -> bool:
    """Tell whether a list of identifiers says no more than the DOI."""
    named = [bare_doi(text(one, "identifier")).lower() for one in objects_of(identifiers)]
    return bool(named) and set(named) == {doi.lower()}


def _titles(fields: Fields) -> tuple[str, list[Json]]:
    """Return the title with its subtitle, and the others: translated ones, those of a series."""
    titles = [one for one in objects_of(fields.get("titles")) if text(one, "title")]
    main = next((one for one in titles if not one.get("titleType")), titles[0] if titles else {})
    subtitles = [one for one in titles if one.get("titleType") == "Subtitle" and one is not main]
    whole = joined_title(text(main, "title"), text(subtitles[0], "title") if subtitles else "")
    used = [main, *subtitles[:1]]
    return whole, [one for one in titles if all(one is not another for another in used)]


def _abstract(fields: Fields) -> tuple[str, list[Json]]:
    """Return the abstract, in the language of the work if there are several, and what is left."""
    descriptions = [one for one in objects_of(fields.get("descriptions")) if _description(one)]
    abstracts = [one for one in descriptions if text(one, "descriptionType") in ("Abstract", "")]
    language = text(fields, "language")[:2].lower()
    chosen = next(
        (one for one in abstracts if language and text(one, "lang")[:2].lower() == language),
        abstracts[0] if abstracts else {},
    )
    return _description(chosen), [one for one in descriptions if one is not chosen]


def _description(value: Fields) -> str:
    return _told(text(value, "description"))


def _told(value: str) -> str:
    """Return a value that is none of DataCite's codes for what is not told, as ``(:unav)``."""
    return "" if _UNTOLD.fullmatch(value.strip()) else value


_UNTOLD = re.compile(
    r"\(?:(?:unac|unal|unap|unas|unav|unkn|none|null|tba|etal)\)?|n/a|none", re.IGNORECASE
)


def _creators(fields: Fields) -> Iterator[Author]:
    for creator in objects_of(fields.get("creators")):
        name, family, given = (
            _told(one_line(text(creator, part)).strip())
            for part in ("name", "familyName", "givenName")
        )
        if text(creator, "name").strip("() ") == ":etal":
            yield OTHERS
        if text(creator, "nameType") == "Organizational" and name:
            yield Author(literal=name)
        elif family:
            yield person(family, given)
        elif name or given:
            yield parse_author(name or given)


def _date(fields: Fields) -> tuple[WrittenDate, dict[str, Json]]:
    """Return the date of issue, and what else is said about dates."""
    dates = objects_of(fields.get("dates"))
    year = text(fields, "publicationYear")
    told = written_date(year)
    for kind in _DATES if told.year is None else _DATES[:1]:
        for one in dates:
            found = written_date(text(one, "date"))
            if text(one, "dateType") == kind and found.year is not None:
                others: list[Json] = [d for d in dates if d is not one or not found.is_whole]
                other_year = year if told.year != found.year else ""
                return found, {"dates": others, "publicationYear": other_year}
    return told, {"dates": [*dates]}


def _type(fields: Fields, doi: str) -> str:
    if _is_arxiv(doi):
        return "preprint"
    types = object_of(fields.get("types"))
    general, named = text(types, "resourceTypeGeneral"), text(types, "resourceType").lower()
    if general in _GENERAL_TYPES:
        return _GENERAL_TYPES[general]
    if general in ("Text", "Other", ""):
        for pattern, type_ in _TEXT_TYPES:
            if re.search(pattern, named):
                return type_
    citeproc = _CITEPROC_TYPES.get(text(types, "citeproc"))
    if citeproc or general in ("Text", ""):
        return citeproc or ""
    return "misc"


def _venue(fields: Fields, type_: str, decoded: Texts) -> Venue:
    container = object_of(fields.get("container"))
    name = text(container, "title")
    publisher = text(fields, "publisher") or text(object_of(fields.get("publisher")), "name")
    is_journal = text(container, "type") == "Journal"
    return Venue(
        name=decoded.line("venue", name),
        type=_VENUE_TYPES.get(type_, "journal" if is_journal else "") if name else "",
        publisher=_told(one_line(publisher)),
        volume=text(container, "volume"),
        number=text(container, "issue"),
        pages=pages(*(page if _is_page(page) else "" for page in _pages_of(container))),
    )


_ARXIV_DOI = "10.48550/arxiv."
_IS_SAME = frozenset(["IsIdenticalTo", "IsVersionOf", "IsVariantFormOf", "IsPreprintOf"])


def _is_arxiv(doi: str) -> bool:
    return doi.lower().startswith(_ARXIV_DOI)


def _arxiv_id(fields: Fields, doi: str) -> str:
    if _is_arxiv(doi) and (found := split_arxiv_id(doi[len(_ARXIV_DOI) :])):
        return found[0]
    return next((found[0] for kind, number in _same(fields)
                 if kind == "arxiv" and (found := split_arxiv_id(number))), "")  # fmt: skip


def _same(fields: Fields) -> Iterator[tuple[str, str]]:
    """Yield (kind, identifier) of what is said to be the same work."""
    for one in objects_of(fields.get("relatedIdentifiers")):
        if text(one, "relationType") in _IS_SAME:
            yield text(one, "relatedIdentifierType").lower(), text(one, "relatedIdentifier")
    for name in ("identifiers", "alternateIdentifiers"):
        for one in objects_of(fields.get(name)):
            kind = text(one, "identifierType", "alternateIdentifierType").lower()
            yield kind, text(one, "identifier", "alternateIdentifier")


def _identifiers(fields: Fields, doi: str) -> Iterator[tuple[str, str]]:
    for kind, value in _same(fields):
        if kind in ("pmid", "pubmed") and (number := pubmed_id(value)):
            yield "pubmed", number
        elif kind in ("isbn", "issn") and value:
            yield kind, value
        # arXiv names the journal's DOI so; elsewhere it is another release of a data set.
        elif kind == "doi" and _is_arxiv(doi):
            other = bare_doi(value)
            if other and other.lower() != doi.lower():
                yield "doi", other
    container = object_of(fields.get("container"))
    if text(container, "identifierType") in ("ISSN", "ISBN"):
        yield text(container, "identifierType").lower(), text(container, "identifier")


_CONTAINER = frozenset(
    "title volume issue firstPage lastPage type identifier identifierType".split()
)
_NAME_PARTS = frozenset("name nameType familyName givenName affiliation nameIdentifiers".split())


def _kept_parts(fields: Fields, type_: str) -> dict[str, Json]:
    """Return what was taken only in part, as it came."""
    kept: dict[str, Json] = {}
    creators = objects_of(fields.get("creators"))
    more = ("affiliation", "nameIdentifiers")
    if any(c.keys() - _NAME_PARTS or any(c.get(name) for name in more) for c in creators):
        kept["creators"] = [*creators]
    container = object_of(fields.get("container"))
    is_serial = text(container, "identifierType") in ("ISSN", "ISBN", "")
    is_usual = is_serial and text(container, "type") in _USUAL
    if (
        container.keys() - _CONTAINER
        or not is_usual
        or not all(map(_is_page, _pages_of(container)))
    ):
        kept["container"] = container
    publisher = object_of(fields.get("publisher"))
    if publisher.keys() - {"name"}:
        kept["publisher"] = publisher
    if object_of(fields.get("types")):
        kept["types"] = fields["types"]
    return left(kept, frozenset())


_USUAL = ("", "Journal")


def _pages_of(container: Fields) -> tuple[str, str]:
    return text(container, "firstPage"), text(container, "lastPage")


def _is_page(value: str) -> bool:
    """Tell a page from what DataCite takes for one: the rest of a line about the series."""
    return not value or _PAGE.fullmatch(value.strip()) is not None


_PAGE = re.compile(r"[A-Za-z.]{0,6}[0-9]{1,9}[A-Za-z]?")
