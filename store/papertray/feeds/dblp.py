"""DBLP's XML: the whole dump, a person's page, single records, and answers of its search.

The elements are those of https://dblp.org/xml/dblp.dtd; what they mean tells
https://dblp.org/xml/docu/dblpxml.pdf. The named characters (``&ouml;``) that only that DTD declares
are all HTML's too, so none of them is lost without it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from papertray.core.identifiers import bare_doi, doi_name, split_arxiv_id
from papertray.core.json_fields import month_number, number_within
from papertray.core.model import Author, Json, LeftBehind, Record, Unread, Venue, Work
from papertray.core.names import parse_author
from papertray.feeds.heads import has_element, root_element, text_of
from papertray.feeds.texts import Texts
from papertray.feeds.titles import without_full_stop
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

NAME = "dblp"
DESCRIPTION = "XML with the root element dblp or dblpperson, or an answer of DBLP's search"
TAKES = (
    "title, authors without their homonym numbers, venue, date, DOI, arXiv id, link, DBLP key, "
    "ISBN; editors, ORCIDs and the rest as they are"
)
LOSES = (
    "home pages, which are no papers; what only the entry of a cross-reference says is not joined"
)
IS_LIBRARY = False
FEED = "DBLP"

_TYPES = {
    "article": "article",
    "inproceedings": "inproceedings",
    "proceedings": "book",
    "book": "book",
    "incollection": "chapter",
    "phdthesis": "thesis",
    "mastersthesis": "thesis",
    "www": "misc",
    "data": "dataset",
    "info": "",
}
_TYPES_IN_WORDS = {
    "Journal Articles": "article",
    "Conference and Workshop Papers": "inproceedings",
    "Informal and Other Publications": "preprint",
    "Books and Theses": "book",
    "Editorship": "book",
    "Parts in Books or Collections": "chapter",
    "Reference Works": "chapter",
    "Data and Artifacts": "dataset",
}
_YEARS = range(1000, 3000)


def recognise(head: bytes, name: str) -> bool:
    """Tell DBLP's XML by its root element; a search's answer also by its links to DBLP."""
    root = root_element(head)[1]
    if root == "result":
        return has_element(head, "hits") and "dblp.org/" in text_of(head)
    return root in ("dblp", "dblpperson", "dblpcites")


def read(stream: BinaryIO) -> Iterator[Record | Unread | LeftBehind]:
    """Yield a record for each publication; home pages are counted at the end."""
    pages = number = 0
    for element in elements(stream, [*_TYPES, "person"]):
        if isinstance(element, Unread):
            yield element
        elif local_name(element) == "person" or element.get("key", "").startswith("homepages/"):
            pages += 1
        else:
            number += 1
            record = _record(element, f"record {number} (line {element.sourceline})")
            yield record or unread(element, "it has no title")
    if pages:
        yield LeftBehind("home pages", pages, "they are no papers")


class _Fields:
    """The fields of a publication; what is not taken is left."""

    def __init__(self, element: Element) -> None:
        self.left = children(element)

    def line(self, name: str) -> str:
        """Take the text of a field that comes once; of several the first, and leave the others."""
        found = self.left.get(name, [])
        if len(found) == 1:
            del self.left[name]
        return line_of(found.pop(0)) if found else ""

    def elements(self, name: str) -> list[Element]:
        """Take all fields of a name."""
        return self.left.pop(name, [])


def _record(element: Element, place: str) -> Record | None:
    fields = _Fields(element)
    texts = Texts("html")
    title = _title(fields, texts)
    if not title:
        return None
    links = [line_of(link) for link in fields.elements("ee")]
    key = element.get("key") or fields.line("key")
    doi, arxiv_id, version = _names(links, fields)
    type_ = _type(element, fields, key)
    authors, about_authors = _authors(fields)
    venue = _venue(fields, type_, texts)
    year, month = fields.line("year"), fields.line("month")
    work = Work(
        title=title,
        authors=authors,
        type=type_,
        year=number_within(_YEARS)(year),
        month=month_number(month),
        venue=venue,
        doi=doi,
        arxiv_id=arxiv_id,
        url=next((link for link in links if not _names_doi(link)), ""),
    )
    isbns = [("isbn", line_of(isbn)) for isbn in fields.elements("isbn")]
    extra = _extra(element, fields)
    extra |= {"ee": [*links]} if len(links) > 1 else {}
    extra |= {"year": year} if year and not work.year else {}
    extra |= {"month": month} if month and not work.month else {}
    extra |= about_authors
    return Record(
        work=work,
        arxiv_version=version,
        identifiers=(*([("dblp", key)] if key else []), *isbns),
        original=texts.original,
        extra={"dblp": extra} if extra else {},
        place=place,
    )


def _title(fields: _Fields, texts: Texts) -> str:
    found = fields.elements("title")
    for reference in found[0].iter("ref") if found else ():
        reference.tag = "span"  # a link, which no dialect of text knows by that name
    raw = markup_line(found[0]) if found else ""
    printed = texts.title(raw)
    title = without_full_stop(printed)
    if title != printed:
        texts.original["title"] = raw
    return title


def _type(element: Element, fields: _Fields, key: str) -> str:
    kind = element.get("publtype", "")
    name = local_name(element)
    if name == "info":
        return _TYPES_IN_WORDS.get(fields.line("type"), "misc")
    if key.startswith("journals/corr/") or (name == "article" and kind == "informal"):
        return "preprint"
    return "software" if kind == "software" else _TYPES[name]


_DOI_LINK = re.compile(r"https?://[^/]*\bdoi\b[^/]*/(10\.[0-9]{4,9}/\S+)")


def _names_doi(link: str) -> str:
    found = _DOI_LINK.fullmatch(link)
    return bare_doi(link) or (bare_doi(found[1]) if found else "")


def _names(links: list[str], fields: _Fields) -> tuple[str, str, int | None]:
    """Return DOI, arXiv id and version as the links or CoRR's volume (``abs/1706.03762``) tell."""
    dois = list(filter(None, (*map(_names_doi, links), bare_doi(fields.line("doi")))))
    arxiv_id, version = "", None
    volumes = [line_of(one) for one in fields.left.get("volume", [])]
    for link in (*links, *(volume[4:] for volume in volumes if volume.startswith("abs/"))):
        if found := split_arxiv_id(link):
            arxiv_id, version = found
            break
    of_arxiv = [name[1] for doi in dois if (name := doi_name(doi))[0] == "arxiv"]
    others = [doi for doi in dois if doi_name(doi)[0] == "doi"]
    return (others or [""])[0], arxiv_id or (of_arxiv or [""])[0], version


def _venue(fields: _Fields, type_: str, texts: Texts) -> Venue:
    if type_ == "preprint":  # CoRR is arXiv, and its volume the arXiv id
        return Venue()
    journal = texts.line("venue", fields.line("journal"))
    book = journal or texts.line("venue", fields.line("booktitle") or fields.line("venue"))
    types = {"article": "journal", "inproceedings": "conference", "chapter": "book"}
    return Venue(
        name=book,
        type=("journal" if journal else types.get(type_, "")) if book else "",
        publisher=fields.line("publisher") or fields.line("school"),
        volume=fields.line("volume"),
        number=fields.line("number"),
        pages=fields.line("pages"),
    )


_HOMONYM = re.compile(r" [0-9]{4}\Z")


def _authors(fields: _Fields) -> tuple[tuple[Author, ...], dict[str, Json]]:
    """Return authors, and as DBLP has them those with a homonym number or an ORCID."""
    about: dict[str, Json] = {}
    people = fields.elements("author")
    people += [one for group in fields.elements("authors") for one in group]
    authors = tuple(parse_author(_HOMONYM.sub("", line_of(one))) for one in people)
    told = [json_of(one) for one in people if one.attrib or _HOMONYM.search(line_of(one))]
    if told:
        about["author"] = told
    if editors := [json_of(one) for one in fields.elements("editor")]:
        about["editor"] = editors
    return tuple(author for author in authors if author != Author()), about


def _extra(element: Element, fields: _Fields) -> dict[str, Json]:
    left: dict[str, Json] = {f"@{name}": str(element.get(name)) for name in ("mdate", "publtype")
                             if element.get(name)}  # fmt: skip
    left |= {name: json_of_all(found) for name, found in fields.left.items()}
    return {name: value for name, value in left.items() if value}
