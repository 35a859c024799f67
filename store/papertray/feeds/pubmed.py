"""PubMed's XML: what efetch and PubMed's own files hold, books too, and what publishers send in.

What the elements mean: https://www.nlm.nih.gov/bsd/licensee/elements_descriptions.html, and
https://www.ncbi.nlm.nih.gov/books/NBK3828/ for a publisher's ``ArticleSet``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from papertray.core.identifiers import bare_doi
from papertray.core.json_fields import month_number
from papertray.core.model import Author, Json, Record, Unread, Venue, Work
from papertray.core.names import OTHERS, person
from papertray.feeds.heads import has_element, root_element
from papertray.feeds.medline import title_of, type_of
from papertray.feeds.reader import rejoin
from papertray.feeds.texts import Texts
from papertray.feeds.written_dates import WrittenDate, written_date
from papertray.feeds.xml_records import (
    Element,
    children,
    elements,
    json_of_all,
    line_of,
    local_name,
    markup_line,
    unread,
)

NAME = "pubmed"
DESCRIPTION = "XML of PubMed: PubmedArticleSet, PubmedBookArticleSet, MedlineCitation, ArticleSet"
TAKES = (
    "title, abstract with its labels, authors, journal or book, date, DOI, PubMed and PMC ids; "
    "MeSH, keywords, grants, affiliations and the rest as they are"
)
LOSES = "the list of references, which are other works, and PubMed's dates of processing"
IS_LIBRARY = False
FEED = "PubMed"

_RECORDS = ("PubmedArticle", "PubmedBookArticle")
_OTHER_RECORDS = {
    "MedlineCitationSet": "MedlineCitation",
    "MedlineCitation": "MedlineCitation",
    "ArticleSet": "Article",
}
_ROOTS = {*_RECORDS, *_OTHER_RECORDS, *(f"{name}Set" for name in _RECORDS)}


def recognise(head: bytes, name: str) -> bool:
    """Tell PubMed's XML by its root, or by its records within another one."""
    root = root_element(head)[1]
    if root == "ArticleSet":
        return has_element(head, "ArticleTitle") or has_element(head, "VernacularTitle")
    return root in _ROOTS or (root != "" and has_element(head, "MedlineCitation"))


def read(stream: BinaryIO) -> Iterator[Record | Unread]:
    """Yield a record for each article and book."""
    head = stream.read(1 << 16)
    other = _OTHER_RECORDS.get(root_element(head)[1])
    number = 0
    for element in elements(rejoin(head, stream), [other] if other else _RECORDS):
        if isinstance(element, Unread):
            yield element
            continue
        number += 1
        yield _record(element, number) or unread(element, "it has no title")


_AROUND = frozenset(
    "PubmedArticle MedlineCitation Article Journal JournalIssue MedlineJournalInfo PubmedData "
    "PubmedBookArticle BookDocument Book Publisher PubmedBookData Pagination".split()
)
"""Elements that only group others: whose child something is does not matter."""


class _Parts:
    """The parts of a record by name, whatever they are grouped in, taken out one by one."""

    def __init__(self, element: Element) -> None:
        self._left: dict[str, list[Element]] = {}
        self._gather(element)

    def _gather(self, element: Element) -> None:
        for child in element:
            name = local_name(child)
            if name in _AROUND:
                self._gather(child)
            elif name:
                self._left.setdefault(name, []).append(child)

    def take_all(self, name: str) -> list[Element]:
        """Take all parts called `name`."""
        return self._left.pop(name, [])

    def take(self, *names: str) -> Element | None:
        """Take the first part that is called as one of `names`; others of that name are left."""
        for name in names:
            if parts := self._left.get(name):
                if len(parts) == 1:
                    del self._left[name]
                return parts.pop(0)
        return None

    def line(self, *names: str) -> str:
        """Take the text of the first part that is called as one of `names`, as one line."""
        return line_of(self.take(*names))

    def look_all(self, name: str) -> list[Element]:
        """Return all parts called `name`, and leave them."""
        return self._left.get(name, [])

    def look(self, name: str) -> Element | None:
        """Return the first part called `name`, and leave it."""
        return next(iter(self.look_all(name)), None)

    def put_back(self, part: Element) -> None:
        """Leave a part that was taken, so that it is kept."""
        self._left.setdefault(local_name(part), []).append(part)

    def left(self) -> dict[str, Json]:
        """Return what nobody took, but for what says nothing of the work."""
        kept: dict[str, Json] = {}
        for name, parts in self._left.items():
            if name in _COMPACT:
                kept[name] = [text for part in parts for text in _COMPACT[name](part)]
            elif name not in _LEFT_OUT:
                kept[name] = json_of_all(parts)
        return {name: value for name, value in kept.items() if value}


_LEFT_OUT = frozenset(
    "ReferenceList History DateCreated DateCompleted DateRevised PublicationStatus "
    "NumberOfReferences CitationSubset".split()
)


def _headings(part: Element) -> Iterator[Json]:
    """Yield ``Flow Cytometry/*methods`` for each heading: MeSH as PubMed prints it."""
    for heading in part:
        words = [
            ("*" if word.get("MajorTopicYN") == "Y" else "") + line_of(word) for word in heading
        ]
        yield "/".join(words)


def _lines(part: Element) -> Iterator[Json]:
    return (line_of(child) for child in part)


_COMPACT = {
    "MeshHeadingList": _headings,
    "KeywordList": _lines,
    "PublicationTypeList": _lines,
    "SupplMeshList": _lines,
}
"""Lists that are kept as lists of text."""


def _record(element: Element, number: int) -> Record | None:
    parts = _Parts(element)
    texts = Texts("html")
    title = _title(parts, texts)
    if not title:
        return None
    book = texts.line("venue", markup_line(parts.take("BookTitle")))
    type_ = _type(parts, is_book=book == title or local_name(element) == "PubmedBookArticle")
    abstract = _abstract(parts, texts)
    authors, about_authors = _authors(parts)
    date = _date(parts)
    named, other = _identifiers(parts)
    venue = _venue(parts, texts, "" if book == title else book)
    serials = [("issn", line_of(one)) for one in parts.take_all("ISSN") + parts.take_all("Issn")]
    serials += [("isbn", line_of(one)) for one in parts.take_all("Isbn")]
    left = {**parts.left(), **about_authors, **other}
    return Record(
        work=Work(
            title=title,
            abstract=abstract,
            authors=authors,
            type="book" if type_ == "chapter" and not venue.name else type_,
            year=date.year,
            month=date.month,
            day=date.day,
            venue=venue,
            doi=named.pop("doi", ""),
        ),
        identifiers=(*named.items(), *(one for one in serials if one[1])),
        original=texts.original,
        extra={"pubmed": left} if left else {},
        place=f"record {number} (line {element.sourceline})",
    )


def _title(parts: _Parts, texts: Texts) -> str:
    """Take the title; the vernacular one or the book's where PubMed has no English one."""
    for name in ("ArticleTitle", "VernacularTitle", "BookTitle"):
        raw = markup_line(parts.look(name))
        printed = texts.title(raw)
        if title := title_of(printed):
            if title != printed:
                texts.original["title"] = raw
            if name != "BookTitle":
                parts.take(name)
            return title
    return ""


def _type(parts: _Parts, *, is_book: bool) -> str:
    kinds = [line_of(kind) for kind in parts.look_all("PublicationType")]
    kinds += [line_of(kind) for group in parts.look_all("PublicationTypeList") for kind in group]
    return "chapter" if is_book else type_of(kinds, "article")


def _abstract(parts: _Parts, texts: Texts) -> str:
    """Take the abstract; each labelled part is a paragraph (``METHODS: We ...``)."""
    whole = parts.take("Abstract")
    found = children(whole)
    raws: list[str] = []
    for part in found.get("AbstractText", [] if whole is None else [whole]):
        raw, label = markup_line(part), part.get("Label", "").strip()
        if raw:
            is_named = label and label.upper() not in _NO_LABELS
            raws.append(f"{label.rstrip(':')}: {raw}" if is_named else raw)
    for notice in found.get("CopyrightInformation", []):
        parts.put_back(notice)
    paragraphs = [Texts("html").line("", raw) for raw in raws]
    if paragraphs != raws:
        texts.original["abstract"] = "\n".join(raws)
    return "\n".join(paragraphs)


_NO_LABELS = frozenset(["UNLABELLED", "UNLABELED", "UNASSIGNED", "ABSTRACT"])


def _authors(parts: _Parts) -> tuple[tuple[Author, ...], dict[str, Json]]:
    """Take the authors, and what else is said of them: affiliations, identifiers, editors."""
    authors: list[Author] = []
    editors: list[Json] = []
    details: list[Json] = []
    for group in parts.take_all("AuthorList"):
        for element in group:
            found = children(element)
            author = _author(found)
            if element.get("ValidYN") == "N" or author == Author():
                continue  # a misprint: the right name is there too
            if group.get("Type") == "editors":
                editors.append(author.display)
            else:
                authors.append(author)
            said: dict[str, Json] = {"name": author.display}
            for name in ("AffiliationInfo", "Affiliation", "Identifier"):
                if name in found:
                    said[name] = json_of_all(found[name])
            if len(said) > 1:
                details.append(said)
        if group.get("CompleteYN") == "N" and OTHERS not in authors:
            authors.append(OTHERS)
    about: dict[str, Json] = {"authors": details, "editors": editors}
    return tuple(authors), {name: value for name, value in about.items() if value}


def _author(found: dict[str, list[Element]]) -> Author:
    def line(name: str) -> str:
        return line_of(found[name][0]) if name in found else ""

    if body := line("CollectiveName"):
        return Author(literal=body.removesuffix("."))
    given = line("ForeName") or f"{line('FirstName')} {line('MiddleName')}".strip()
    return person(line("LastName"), given or line("Initials"), line("Suffix"))


def _date(parts: _Parts) -> WrittenDate:
    """Take the date of the issue, or the electronic one; what says more than a day also stays."""
    for name in ("PubDate", "ArticleDate", "ContributionDate"):
        element = parts.take(name)
        if element is None:
            continue
        date = _date_in(element)
        if not date.is_whole:
            parts.put_back(element)
        if date.year:
            return date
    return WrittenDate()


def _date_in(element: Element) -> WrittenDate:
    found = {local_name(part): line_of(part) for part in element}
    if "Year" not in found:
        return written_date(found.get("MedlineDate", ""))
    month = month_number(found.get("Month", ""))
    date = written_date("-".join(filter(None, (found["Year"], f"{month or ''}", found.get("Day")))))
    says_more = found.keys() - {"Year", "Month", "Day"} or ("Month" in found and month is None)
    return date._replace(is_whole=date.is_whole and not says_more)


_PMC = re.compile(r"PMC[0-9]+")


def _identifiers(parts: _Parts) -> tuple[dict[str, str], dict[str, Json]]:
    """Take identifiers: those of schemes that we know, and others as they are."""
    named: dict[str, str] = {}
    other: list[Json] = []
    found = [("pubmed", parts.line("PMID"))]
    for group in parts.take_all("ArticleIdList"):
        found += [(one.get("IdType", ""), line_of(one)) for one in group]
    for one in parts.take_all("ELocationID"):
        if one.get("ValidYN") != "N":
            found.append((one.get("EIdType", ""), line_of(one)))
    for scheme, text in found:
        value = text
        if scheme == "doi":
            value = bare_doi(text)
        elif scheme in ("pmc", "pmcid"):
            scheme, value = "pmc", (_PMC.findall(text) or [""])[0]
        if value and scheme in _SCHEMES:
            named.setdefault(scheme, value)
        if text and (scheme not in _SCHEMES or named.get(scheme, "").lower() != value.lower()):
            other.append(f"{scheme} {text}".strip())
    return named, {"article_ids": other} if other else {}


_SCHEMES = frozenset(["doi", "pubmed", "pmc"])


def _venue(parts: _Parts, texts: Texts, book: str) -> Venue:
    name = book or texts.line("venue", markup_line(parts.take("Title", "JournalTitle")))
    short = parts.line("ISOAbbreviation") or parts.line("MedlineTA")
    pages = parts.line("MedlinePgn")
    first, last = parts.line("StartPage", "FirstPage"), parts.line("EndPage", "LastPage")
    return Venue(
        name=name,
        type=("book" if book else "journal") if name or short else "",
        short="" if short == name else short,
        publisher=parts.line("PublisherName"),
        volume=parts.line("Volume"),
        number=parts.line("Issue"),
        pages=pages or "-".join(dict.fromkeys(filter(None, (first, last)))),
    )
