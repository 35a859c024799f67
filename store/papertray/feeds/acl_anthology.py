"""The XML of the ACL Anthology: as it is now, as it was in 2019, and before that.

The elements are those of the schema in its repository, https://github.com/acl-org/acl-anthology
(``data/xml/schema.rnc``); how old and new ids are made is told there too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

from papertray.core.citekeys import is_citekey
from papertray.core.identifiers import bare_doi
from papertray.core.json_fields import month_number, number_within
from papertray.core.model import Author, Json, LeftBehind, Record, Unread, Venue, Work
from papertray.core.names import parse_author, person
from papertray.feeds.heads import has_element, root_element
from papertray.feeds.texts import Texts
from papertray.feeds.xml_records import (
    Element,
    children,
    elements,
    json_of,
    json_of_all,
    line_of,
    markup_line,
    unread,
)

NAME = "acl-anthology"
DESCRIPTION = "XML of the ACL Anthology: a collection (before 2019: a volume) of papers"
TAKES = (
    "title and abstract with their formulas, authors, the volume as venue, date, pages, DOI, "
    "Anthology id with its links, key, code; editors, awards, revisions and the rest as they are"
)
LOSES = "front matter, which is no paper"
IS_LIBRARY = False
FEED = "ACL Anthology"

_SITE = "https://aclanthology.org/"
_LINK = re.compile(
    r"https?://(?:www\.)?(?:aclweb\.org/anthology|aclanthology\.(?:org|info|coli\.uni-saarland\.de))"
    r"/(?:.*/)?([^/]+?)(?:\.pdf)?/?"
)
_ID = re.compile(r"[A-Z][0-9]{2}-[0-9]{4,5}|[0-9]{4}\.[a-z0-9_]+-[a-z0-9]+\.[0-9]+")


def recognise(head: bytes, name: str) -> bool:
    """Tell the Anthology's XML by its root element and what is in it."""
    root = root_element(head)[1]
    if root not in ("collection", "volume"):
        return False
    return has_element(head, "paper") or (
        has_element(head, "booktitle") and has_element(head, "frontmatter")
    )


def read(stream: BinaryIO) -> Iterator[Record | Unread | LeftBehind]:
    """Yield a record for each paper; front matter is counted at the end."""
    volume, around = _Volume(), None
    front = 0
    for element in elements(stream, ["meta", "frontmatter", "paper"]):
        if isinstance(element, Unread):
            yield element
        elif element.tag == "meta":
            around = element.getparent()
            volume = _volume(element)
        elif element.tag == "frontmatter":
            front += 1
        else:
            told = volume if element.getparent() is around else _Volume()
            yield _record(element, told) or unread(element, "it has no title")
    if front:
        yield LeftBehind("front matters of volumes", front, "they are no papers")


_NOWHERE = Venue()


@dataclass(frozen=True, slots=True)
class _Volume:
    """What the ``meta`` of a volume says of all its papers."""

    venue: Venue = _NOWHERE
    year: str = ""
    month: str = ""
    is_journal: bool = False
    left: Mapping[str, Json] = field(default_factory=dict)


def _volume(meta: Element) -> _Volume:
    found = children(meta)
    parent = meta.getparent()
    volume = _line(found, "journal-volume")
    around = parent.getparent() if parent is not None else None
    is_journal = (
        bool(volume)
        or (parent is not None and parent.get("type") == "journal")
        or (around is not None and around.get("id", "")[:1] in _JOURNALS)
    )
    title = _text(found["booktitle"][0]) if "booktitle" in found else ""
    journal = _line(found, "journal-title") or _JOURNAL_VOLUME.split(title)[0]
    venue = Venue(
        name=" ".join((journal if is_journal else title).split()),
        type="journal" if is_journal else "conference",
        publisher=_line(found, "publisher"),
        volume=volume,
        number=_line(found, "journal-issue"),
    )
    left = _left(found, _IN_VENUE | ({"booktitle"} if venue.name == title else set()))
    return _Volume(venue, _line(found, "year"), _line(found, "month"), is_journal, left)


_JOURNALS = ("J", "Q")
"""What the ids of journals begin with that have no year in them."""

_JOURNAL_VOLUME = re.compile(r",? Vol(?:ume|\.)?\b")
_IN_VENUE = frozenset("journal-volume journal-title journal-issue publisher year month url".split())


def _line(found: dict[str, list[Element]], name: str) -> str:
    return line_of(found[name][0]) if name in found else ""


def _text(element: Element) -> str:
    """Return text with ``$math$`` and without other tags, which say only how it looks."""
    pieces = [element.text or ""]
    for child in element:
        text = _text(child)
        pieces.append(f"${text.strip().strip('$')}$" if child.tag == "tex-math" else text)
        pieces.append(child.tail or "")
    return "".join(pieces)


def _left(found: dict[str, list[Element]], taken: frozenset[str]) -> dict[str, Json]:
    left = {name: json_of_all(group) for name, group in found.items() if name not in taken}
    return {name: value for name, value in left.items() if value}


_TAKEN = frozenset("title abstract author pages doi year month publisher booktitle issue".split())


def _record(paper: Element, volume: _Volume) -> Record | None:
    found = children(paper)
    texts = Texts("plain")
    title = _marked(found, "title", texts)
    if not title:
        return None
    identifier, pdf_url = _names(paper, found)
    year, month = _line(found, "year") or volume.year, _line(found, "month") or volume.month
    key = _line(found, "bibkey")
    is_key = is_citekey(key)
    doi = bare_doi(_line(found, "doi"))
    is_journal = volume.is_journal or identifier[:1] in _JOURNALS
    work = Work(
        title=title,
        abstract=_marked(found, "abstract", texts),
        authors=tuple(author for one in found.get("author", ()) if (author := _author(one))),
        type="article" if is_journal else "inproceedings",
        year=number_within(_YEARS)(year),
        month=month_number(month),
        venue=_venue(found, volume.venue, is_journal),
        doi=doi,
        url=_SITE + identifier if identifier else "",
        pdf_url=pdf_url,
        code_urls=tuple(url for one in found.get("pwccode", ()) if (url := one.get("url"))),
    )
    taken = _TAKEN | ({"bibkey"} if is_key else set()) - ({"doi"} if not doi else set())
    taken |= {"url"} if pdf_url else set()
    left = {**_left(found, taken), **_told_of(found.get("author", []))}
    if volume.left:
        left["volume"] = dict(volume.left)
    return Record(
        work=work,
        identifiers=(("acl", identifier),) if identifier else (),
        citekey=key if is_key else "",
        original=texts.original,
        extra={"acl-anthology": left} if left else {},
        place=f"paper {identifier or paper.get('id', '')} (line {paper.sourceline})",
    )


_YEARS = range(1000, 3000)


def _marked(found: dict[str, list[Element]], name: str, texts: Texts) -> str:
    if name not in found:
        return ""
    element = found[name][0]
    text = _text(element)
    text = texts.title(text) if name == "title" else texts.abstract(text)
    if text and len(element):
        texts.original[name] = markup_line(element)
    return text


def _author(element: Element) -> Author | None:
    found = children(element)
    if "last" in found or "first" in found:
        last, _, suffix = _line(found, "last").partition(",")
        author = person(last, _line(found, "first"), suffix)
    else:
        author = parse_author(line_of(element))
    return author if author != Author() else None


def _told_of(authors: list[Element]) -> dict[str, Json]:
    """Return what is said of authors beside their names, for those of whom it is."""
    told = [json_of(one) for one in authors if one.attrib or len(one) > 2]
    return {"author": told} if told else {}


def _names(paper: Element, found: dict[str, list[Element]]) -> tuple[str, str]:
    """Return the Anthology id, and the link to the paper itself if there is one."""
    url = _line(found, "url") or _line(found, "href") or paper.get("href", "")
    link = _LINK.fullmatch(url)
    own = link[1] if link else url
    if _ID.fullmatch(own):
        return own, f"{_SITE}{own}.pdf"
    return _made_id(paper), url if url.startswith("http") else ""


def _made_id(paper: Element) -> str:
    """Return the id as its parts make it: ``2022.naloma-1.3``, ``W14-0101``, ``J89-1001``."""
    volume = paper.getparent()
    collection = volume.getparent() if volume is not None else None
    number = paper.get("id", "")
    of_volume = volume.get("id", "") if volume is not None else ""
    of_collection = collection.get("id", "") if collection is not None else ""
    if not of_collection:  # before 2019
        made = f"{of_volume}-{number}"
    elif "." in of_collection:
        made = f"{of_collection}-{of_volume}.{number}"
    elif not (of_volume.isdecimal() and number.isdecimal()):
        return ""
    elif of_collection[0] == "W" or of_collection == "C69" or len(of_volume) == 2:
        made = f"{of_collection}-{int(of_volume):02}{int(number):02}"
    else:
        made = f"{of_collection}-{of_volume}{int(number):03}"
    return made if _ID.fullmatch(made) else ""


_DASH = re.compile(r"\s*(?:[\u2010-\u2015\u2212]|--)\s*")


def _venue(found: dict[str, list[Element]], venue: Venue, is_journal: bool) -> Venue:
    """Return the venue of a paper: that of its volume, with what it says itself."""
    own = _text(found["booktitle"][0]) if "booktitle" in found else ""
    return Venue(
        name=" ".join(own.split()) or venue.name,
        type=("journal" if is_journal else "conference") if own or venue.name else "",
        publisher=_line(found, "publisher") or venue.publisher,
        volume=venue.volume,
        number=_line(found, "issue") or venue.number,
        pages=_DASH.sub("-", _line(found, "pages")),
    )
