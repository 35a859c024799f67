"""arXiv's Atom: the answers of its API, and the Atom form of its daily announcements.

What the elements mean: https://info.arxiv.org/help/api/user-manual.html and
https://info.arxiv.org/help/rss_specifications.html. An answer to a wrong question is a feed too,
whose one entry is titled "Error".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO

from papertray.core.model import Author, Json, Record, Sighting, Unread
from papertray.feeds.arxiv_authors import authors_in, authors_of_names, says_no_more_than_names
from papertray.feeds.arxiv_fields import (
    ArxivPaper,
    arxiv_record,
    filled,
    first_and_current,
    split_announcement,
)
from papertray.feeds.heads import root_element, text_of
from papertray.feeds.instants import instant_in
from papertray.feeds.xml_records import elements, local_name, plain_text, unread

if TYPE_CHECKING:
    from papertray.feeds.xml_records import Element

NAME = "arxiv-atom"
DESCRIPTION = "Atom with arXiv's namespace or its ids: answers of the API, daily announcements"
TAKES = "all fields; the dates of the first version and of this one; affiliations as they are"
LOSES = "nothing but links to arXiv's own pages, which the id says"
IS_LIBRARY = False
FEED = ""

_ATOM = "http://www.w3.org/2005/Atom"
_ARXIV = re.compile(
    r"http://arxiv\.org/schemas/atom"
    r"|<id>\s*(?:https?://(?:export\.|rss\.)?arxiv\.org/|oai:arXiv\.org:)"
)
_ERROR = re.compile(r"https?://(?:export\.)?arxiv\.org/api/errors")
_ROOTS = ((_ATOM, "feed"), (_ATOM, "entry"))


def recognise(head: bytes, name: str) -> bool:
    """Tell arXiv's Atom from others by the namespace of its elements, or by an id."""
    return root_element(head) in _ROOTS and _ARXIV.search(text_of(head)) is not None


def read(stream: BinaryIO) -> Iterator[Record | Unread]:
    """Yield a record for each entry; an Unread for an error that arXiv answered with."""
    number = 0
    for entry in elements(stream, [f"{{{_ATOM}}}entry"]):
        if isinstance(entry, Unread):
            yield entry
            continue
        number += 1
        item = _item(_Entry(entry), f"entry {number}")
        if isinstance(item, Unread):
            item = unread(entry, item.reason, breaks_off=item.breaks_off)
        yield item


class _Entry:
    """What the children of an entry say, gathered in one pass."""

    def __init__(self, entry: Element) -> None:
        self.texts: dict[str, str] = {}
        self.categories: list[str] = []
        self.names: list[str] = []
        self.affiliations: list[Json] = []
        self.links: dict[str, str] = {}
        for child in entry:
            tag = local_name(child)
            if tag == "author":
                self._take_author(child)
            elif tag == "category":
                self.categories.append(child.get("term", ""))
            elif tag == "link":
                self.links[child.get("title") or child.get("rel") or ""] = child.get("href", "")
            elif tag == "primary_category":
                self.texts[tag] = child.get("term", "")
            elif tag:
                self.texts[tag] = plain_text(child)

    def _take_author(self, author: Element) -> None:
        name, places = "", list[Json]()
        for part in author:
            tag = local_name(part)
            if tag == "name":
                name = part.text or ""
            elif tag == "affiliation" and part.text:
                places.append(part.text)
        self.names.append(name)
        if places:
            self.affiliations.append([name, places])


_KNOWN = frozenset(
    "id title summary published updated comment journal_ref journal_reference doi DOI "
    "primary_category creator".split()
)


def _item(entry: _Entry, place: str) -> Record | Unread:
    texts = entry.texts
    if _ERROR.match(texts.get("id", "").strip()):
        reason = f"arXiv answered with an error: {_short(texts.get('summary', ''))}"
        return Unread(place, reason, breaks_off=True)
    told, announce_type, abstract = split_announcement(texts.get("summary", ""))
    identifier = texts.get("id", "").strip() or told
    published, updated = texts.get("published", ""), texts.get("updated", "")
    extra = {tag: text for tag, text in texts.items() if tag not in _KNOWN}
    creators = texts.get("creator", "")
    if not says_no_more_than_names(creators):
        extra["authors"] = creators
    is_announced = bool(announce_type or "announce_type" in texts)
    return arxiv_record(
        ArxivPaper(
            identifier=identifier,
            title=texts.get("title", ""),
            abstract=abstract,
            authors=_authors(entry.names, creators),
            comment=texts.get("comment", ""),
            journal_ref=texts.get("journal_ref") or texts.get("journal_reference", ""),
            doi=texts.get("doi") or texts.get("DOI", ""),
            categories=tuple(entry.categories),
            primary_class=texts.get("primary_category", ""),
            # An announcement says when it was made, and nothing of when the paper came.
            submitted="" if is_announced else published,
            versions=() if is_announced else first_and_current(identifier, published, updated),
            page=entry.links.get("alternate", ""),
            pdf=entry.links.get("pdf", ""),
            sightings=(Sighting(seen=instant_in(published)),) if is_announced else (),
            extra=filled(
                [
                    ("announce_type", announce_type),
                    ("affiliations", entry.affiliations),
                    *extra.items(),
                ]
            ),
        ),
        place,
    )


def _authors(names: list[str], creators: str) -> tuple[Author, ...]:
    """Return the authors, who stand one by one, or all in one text, or some in either."""
    found = authors_of_names(names)
    return (*found, *(author for author in authors_in(creators) if author not in found))


def _short(text: str) -> str:
    return " ".join(text.split())[:200] or "it does not say which"
