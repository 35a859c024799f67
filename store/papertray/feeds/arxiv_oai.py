"""OAI-PMH: arXiv's metadata in its forms `arXiv`, `arXivRaw` and `arXivOld`, and anybody's Dublin
Core.

The protocol: https://www.openarchives.org/OAI/openarchivesprotocol.html; arXiv's forms:
https://info.arxiv.org/help/oa/index.html. One page of a harvest, many in one file, single records.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO

from papertray.core.model import Item, Json, LeftBehind, Record, Unread
from papertray.feeds.arxiv_authors import authors_in, authors_of_parts, says_no_more_than_names
from papertray.feeds.arxiv_fields import ArxivPaper, arxiv_record, split_categories
from papertray.feeds.heads import root_element, text_of
from papertray.feeds.oai_dublin_core import dublin_core_record
from papertray.feeds.xml_records import elements, local_name, plain_text, unread

if TYPE_CHECKING:
    from papertray.feeds.xml_records import Element

NAME = "arxiv-oai"
DESCRIPTION = "OAI-PMH answers: arXiv's own forms, and Dublin Core of any repository"
TAKES = "all fields; dates of all versions from `arXivRaw`; collaborations put together again"
LOSES = "deleted records, which are counted: the protocol says nothing else of them"
IS_LIBRARY = False
FEED = ""

_OAI = "http://www.openarchives.org/OAI/2.0/"
_ROOTS = frozenset(("OAI-PMH", "ListRecords", "GetRecord"))


def recognise(head: bytes, name: str) -> bool:
    """Tell an answer of the protocol by its root; a lone record also by what is in it."""
    namespace, root = root_element(head)
    if root in _ROOTS:
        return True
    return root == "record" and (namespace == _OAI or "http://arxiv.org/OAI/" in text_of(head))


def read(stream: BinaryIO) -> Iterator[Item]:
    """Yield a record for each that is not deleted; an Unread for an error of the server's."""
    number = deleted = 0
    for element in elements(stream, ["record", f"{{{_OAI}}}error"]):
        if isinstance(element, Unread):
            yield element
        elif local_name(element) == "error":
            if element.get("code") != "noRecordsMatch":
                code, text = element.get("code", "error"), " ".join((element.text or "").split())
                reason = f"the server answered {code}: {text[:200]}"
                yield unread(element, reason, breaks_off=True)
        elif _is_deleted(element):
            deleted += 1
        else:
            number += 1
            item = _record(element, f"record {number}")
            yield unread(element, item.reason) if isinstance(item, Unread) else item
    if deleted:
        yield LeftBehind("deleted records", deleted, "the repository says no more of them")


def _is_deleted(record: Element) -> bool:
    return any(part.get("status") == "deleted" for part in record if local_name(part) == "header")


def _record(record: Element, place: str) -> Record | Unread:
    header = metadata = None
    for part in record:
        name = local_name(part)
        if name == "header":
            header = part
        elif name == "metadata":
            metadata = part
    form = (
        next((part for part in metadata if local_name(part)), None)
        if metadata is not None
        else None
    )
    if form is None:
        return Unread(place, "it has no metadata")
    identifier, about = _header(header)
    name = local_name(form)
    if name in ("arXiv", "arXivRaw", "arXivOld"):
        return arxiv_record(_arxiv(form, identifier, about), place)
    if name == "dc":
        return dublin_core_record(_fields(form), identifier, about, place)
    return Unread(place, f"metadata of the form {name[:40]} is not read")


def _header(header: Element | None) -> tuple[str, dict[str, Json]]:
    """Return the identifier of a record, and what else its header says."""
    told = _fields(header) if header is not None else {}
    identifier = told.pop("identifier", [""])[0]
    return identifier, {
        f"oai_{name}": many[0] if name == "datestamp" else [*many] for name, many in told.items()
    }


def _fields(element: Element) -> dict[str, list[str]]:
    """Return the texts of the child elements by name."""
    found: dict[str, list[str]] = {}
    for child in element:
        name = local_name(child)
        if name and (text := plain_text(child).strip()):
            found.setdefault(name, []).append(text)
    return found


_KNOWN = frozenset("id title abstract comments journal-ref doi categories created authors".split())
_NUMBER = re.compile(r"v([0-9]{1,4})")


class _Form:
    """One of arXiv's forms, gathered in one pass. They share their elements, but `arXiv` has an
    element for each author, the others one line; and only `arXivRaw` has versions."""

    def __init__(self, form: Element) -> None:
        self.texts: dict[str, str] = {}
        self.people: list[tuple[str, str, str]] = []
        self.affiliations: list[Json] = []
        self.versions: list[tuple[int, str]] = []
        for child in form:
            name = local_name(child)
            if name == "version":
                self._take_version(child)
            elif name == "authors" and len(child):
                for author in child:
                    self._take_author(author)
            elif name and (text := plain_text(child).strip()):
                # Several DOIs or references come each in an element of its own.
                self.texts[name] = f"{self.texts[name]}; {text}" if name in self.texts else text

    def _take_author(self, author: Element) -> None:
        told = {"keyname": "", "forenames": "", "suffix": ""}
        places: list[Json] = []
        for part in author:
            name = local_name(part)
            if name == "affiliation":
                places.append(part.text or "")
            else:  # a second surname may come in an element of its own
                told[name] = f"{told.get(name, '')} {part.text or ''}".strip()
        family, given, suffix = told["keyname"], told["forenames"], told["suffix"]
        self.people.append((family, given, suffix))
        reading = " ".join(filter(None, (given, family, suffix))) if places else ""
        if any(map(str.isalnum, reading)):  # a colon has no affiliation
            self.affiliations.append([reading, places])

    def _take_version(self, version: Element) -> None:
        number = _NUMBER.fullmatch(version.get("version", ""))
        date = next((part.text for part in version if local_name(part) == "date"), "")
        if number:
            self.versions.append((int(number[1]), (date or "").strip()))


def _arxiv(element: Element, identifier: str, about: dict[str, Json]) -> ArxivPaper:
    form = _Form(element)
    told = form.texts
    extra: dict[str, Json] = {name: text for name, text in told.items() if name not in _KNOWN}
    line = told.get("authors", "")
    if not says_no_more_than_names(line):
        extra["authors"] = line
    if form.affiliations:
        extra["affiliations"] = form.affiliations
    first = next((date for number, date in form.versions if number == 1), "")
    return ArxivPaper(
        identifier=told.get("id", identifier),
        title=told.get("title", ""),
        abstract=told.get("abstract", ""),
        authors=authors_in(line) if line else authors_of_parts(form.people),
        comment=told.get("comments", ""),
        journal_ref=told.get("journal-ref", ""),
        doi=told.get("doi", ""),
        categories=split_categories(told.get("categories", "")),
        submitted=told.get("created", first),
        versions=tuple(form.versions),
        extra=extra | about,
    )
