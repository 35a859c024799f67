"""arXiv's RSS, today's and the one before 2024, and feeds of others whose items are arXiv's papers.

Today's: https://info.arxiv.org/help/rss_specifications.html. The one before was RSS 1.0: titles
ended in ``(arXiv:2101.00001v2 [cs.LG] UPDATED)``, authors were links. Others put the abstract into
paragraphs of HTML, with lines such as "Comments: …" behind it.

The text is never read as HTML unless it has paragraphs: ``<EOS>`` in an abstract is a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, BinaryIO

from papertray.core.identifiers import split_arxiv_id
from papertray.core.markup import decode_markup
from papertray.core.model import Author, Json, Record, Sighting, Unread
from papertray.feeds.arxiv_authors import authors_in, says_no_more_than_names
from papertray.feeds.arxiv_fields import (
    ArxivPaper,
    arxiv_record,
    filled,
    first_and_current,
    split_announcement,
)
from papertray.feeds.heads import root_element, text_of
from papertray.feeds.instants import instant_in
from papertray.feeds.xml_records import elements, plain_text, unread

if TYPE_CHECKING:
    from papertray.feeds.xml_records import Element

NAME = "arxiv-rss"
DESCRIPTION = "RSS of arXiv, or RSS whose items all have an arXiv id as guid or link"
TAKES = "all fields; the announce type as it is; which version was announced"
LOSES = "the order of feeds of others; fields of the channel"
IS_LIBRARY = False
FEED = ""

_ROOTS = ("rss", "RDF")
_CHANNEL = re.compile(
    r"(?:<link>\s*|<channel rdf:about=[\"'])https?://(?:rss\.|export\.)?arxiv\.org/(?!abs/)"
)
_ITEM = re.compile(r"<item[\s>].*?(?:</item>|\Z)", re.DOTALL)
_IDENTIFIER = re.compile(r"<(guid|link)(?:\s[^>]*)?>\s*+(?:<!\[CDATA\[)?\s*+([^<\s\]]+)")


def recognise(head: bytes, name: str) -> bool:
    """Tell arXiv's papers by the channel's address, or by the ids of all items."""
    if root_element(head)[1] not in _ROOTS:
        return False
    text = text_of(head)
    if _CHANNEL.search(text.partition("<item")[0]):
        return True
    items = [found[0] for found in _ITEM.finditer(text)]
    whole = [item for item in items if item.endswith("</item>")] or items
    return bool(whole) and all(map(_is_of_arxiv, whole))


def _is_of_arxiv(item: str) -> bool:
    return any(split_arxiv_id(found[2]) for found in _IDENTIFIER.finditer(item))


def read(stream: BinaryIO) -> Iterator[Record | Unread]:
    """Yield a record for each item."""
    number = 0
    for item in elements(stream, ["item"]):
        if isinstance(item, Unread):
            yield item
            continue
        number += 1
        found = _item(_texts(item), item.get(_ABOUT, ""), f"item {number}")
        yield unread(item, found.reason) if isinstance(found, Unread) else found


_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"


def _texts(item: Element) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for child in item:
        if isinstance(child.tag, str):
            text = plain_text(child)
            if text.strip():
                found.setdefault(child.tag.rpartition("}")[2], []).append(text)
    return found


_KNOWN = frozenset(
    "title link description guid category pubDate DOI doi journal_reference journal_ref comment "
    "creator author date".split()
)

_LABELS = frozenset(("comments", "published", "updated", "pdf"))


def _item(texts: dict[str, list[str]], about: str, place: str) -> Record | Unread:
    def first(*names: str) -> str:
        return next((texts[name][0].strip() for name in names if name in texts), "")

    description = first("description", "encoded")
    told, announce_type, abstract = split_announcement(description)
    html = _Html() if told else _html(abstract, first("author", "creator"))
    title, ending = _title(first("title"))
    creators = html.authors or ", ".join(texts.get("creator") or texts.get("author") or [])
    seen = instant_in(first("pubDate", "date"))
    extra: dict[str, Json] = {
        name: many[0] if len(many) == 1 else [*many]
        for name, many in texts.items()
        if name not in _KNOWN
    }
    if not says_no_more_than_names(creators):
        extra["authors"] = creators
    identifier = _identifier([first("guid"), told, ending.id, about, first("link")])
    published = html.labels.get("published", "")
    extra |= {name: text for name, text in html.labels.items() if name not in _LABELS}
    paper = ArxivPaper(
        identifier=identifier,
        title=title,
        abstract=html.abstract if html.is_used else abstract,
        authors=_authors(creators),
        comment=html.labels.get("comments") or first("comment"),
        journal_ref=first("journal_reference", "journal_ref"),
        doi=first("DOI", "doi"),
        categories=tuple(texts.get("category") or ending.categories),
        submitted=published,
        versions=first_and_current(identifier, published, html.labels.get("updated", "")),
        page=first("link"),
        pdf=html.labels.get("pdf", ""),
        sightings=(Sighting(seen=seen),) if seen else (),
        extra=filled([("announce_type", announce_type or ending.announce_type), *extra.items()]),
    )
    if not html.is_used:
        return arxiv_record(paper, place)
    # Whoever writes HTML has read the TeX before: a tilde in it is one.
    found = arxiv_record(replace(paper, dialect="html"), place)
    if isinstance(found, Unread):
        return found
    return replace(found, original={**found.original, "abstract": description})


_ENDING = re.compile(
    r"\.?\s*\((?P<id>arXiv:\S+?)(?:\s+\[(?P<class>[\w. -]+)\])?"
    r"(?:\s+(?P<type>UPDATED|CROSS LISTED))?\)\s*"
)
_ENDING_TYPES = {"UPDATED": "replace", "CROSS LISTED": "cross", "": ""}


@dataclass(frozen=True, slots=True)
class _Ending:
    """What the title of an item said in brackets before 2024."""

    id: str = ""
    categories: tuple[str, ...] = ()
    announce_type: str = ""


def _title(text: str) -> tuple[str, _Ending]:
    begin = text.rfind("(arXiv:")
    found = _ENDING.fullmatch(text, max(text.rfind(".", 0, begin), 0)) if begin > 0 else None
    if found is None:
        found = _ENDING.fullmatch(text, begin) if begin > 0 else None
    if found is None:
        return text, _Ending()
    ending = _Ending(found["id"], (found["class"],) if found["class"] else (),
                     _ENDING_TYPES[found["type"] or ""])  # fmt: skip
    return text[: found.start()].rstrip(), ending


def _identifier(told: Iterable[str]) -> str:
    """Return the id that says the version, else the first that is one of arXiv's."""
    found = [(text, parsed) for text in told if (parsed := split_arxiv_id(text))]
    exact = (text for text, (_, version) in found if version is not None)
    return next(exact, found[0][0] if found else "")


def _authors(text: str) -> tuple[Author, ...]:
    return authors_in(decode_markup(text) if "<" in text else text)


_PARAGRAPH = re.compile(
    r"<(p|div)\b[^<>]*>(.*?)(?:</\1\s*>|(?=<\1\b)|\Z)", re.DOTALL | re.IGNORECASE
)
_LABEL = re.compile(
    r"\s*+<(b|strong|i|em)>\s*+([A-Za-z][A-Za-z ]{0,30}+):?\s*+</\1>\s*+:?(.*)",
    re.DOTALL | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Html:
    """What a description in HTML says: paragraphs of text, and lines with a label in bold."""

    is_used: bool = False
    authors: str = ""
    abstract: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)


def _html(description: str, first_author: str) -> _Html:
    """Read a description that has paragraphs; the line of authors begins with the first of them."""
    if "<p" not in description and "<div" not in description:
        return _Html()
    labels: dict[str, str] = {}
    paragraphs: list[str] = []
    authors = ""
    for found in _PARAGRAPH.finditer(description):
        label = _LABEL.fullmatch(found[2])
        inner = label[3] if label else found[2]
        text = decode_markup(inner).strip()
        name = label[2].strip().lower() if label else ""
        if name and name not in ("abstract", "summary"):
            labels[name] = text
        elif not authors and first_author and text.startswith(first_author):
            authors = text
        elif text:
            paragraphs.append(inner.strip())
    return _Html(bool(paragraphs), authors, "\n\n".join(paragraphs), labels)
