"""OPML, the list of feeds that all feed readers exchange: http://opml.org/spec2.opml.

Searches and folders, which are ours alone, have addresses that begin with ``papertray:`` in it.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from pathlib import PurePath
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from papertray.core.errors import UsageError
from papertray.core.model import Unread
from papertray.core.subscriptions import Kind, Subscription
from papertray.feeds.encodings import Utf8
from papertray.feeds.fetching.listed import ListedFeed, name_of, once_each
from papertray.feeds.fetching.locations import Location, parse_listed
from papertray.feeds.xml_records import elements

if TYPE_CHECKING:
    from papertray.feeds.xml_records import Element

_OURS = "papertray:"
_FEEDS = frozenset(("", "rss", "atom", "feed"))
"""Types of outlines that may be feeds; a link or an included list is none."""


def read_opml(data: bytes) -> tuple[list[ListedFeed], list[Unread]]:
    """Return the feeds of an OPML file, each once, and what of it cannot be a feed, with reasons.

    The folders that a feed lies in become its tags, its categories too. Any spelling, any encoding
    and broken files are read as far as they go.
    """
    feeds: list[ListedFeed] = []
    unread: list[Unread] = []
    for element in elements(io.BytesIO(b"".join(Utf8([data]))), ["outline"]):
        found = element if isinstance(element, Unread) else _feed(element)
        if isinstance(found, Unread):
            unread.append(found)
        elif found is not None:
            feeds.append(found)
    return once_each(feeds), unread


def _feed(outline: Element) -> ListedFeed | Unread | None:
    """Return the feed of an outline; None for one that is a folder, a text or a link."""
    told = _attributes(outline)
    kind = told.get("type", "").strip().lower()
    address = told.get("xmlurl") or (told.get("url", "") if kind in _FEEDS else "")
    called = _name(told)
    if not address:
        if kind not in _FEEDS - {""}:
            return None
        return Unread(f"line {outline.sourceline}", f"{called or 'a feed'} has no address")
    try:
        place = _place(address)
    except UsageError as error:
        return Unread(f"line {outline.sourceline}", str(error))
    folders = [_name(_attributes(above)) for above in outline.iterancestors("{*}outline")]
    tags = filter(None, [*reversed(folders), *_categories(told.get("category", ""))])
    return ListedFeed(
        called or name_of(place), place, tuple(dict.fromkeys(tags)), _days(told.get("expire", ""))
    )


def _attributes(outline: Element) -> dict[str, str]:
    """Return the attributes by name in lower case: all spellings of ``xmlUrl`` are in use."""
    return {
        str(name).rpartition("}")[2].lower(): str(value) for name, value in outline.attrib.items()
    }


def _name(told: dict[str, str]) -> str:
    return " ".join((told.get("title") or told.get("text", "")).split())


def _place(address: str) -> Location:
    if not address.startswith(_OURS):
        return parse_listed(address)
    own = unquote(address[len(_OURS) :])
    return Location(Kind.FOLDER, own) if PurePath(own).is_absolute() else parse_listed(own)


def _categories(text: str) -> Iterator[str]:
    """Yield the categories of a list: ``/Tourism/New York,physics``."""
    for category in text.split(","):
        yield " ".join(unquote(category.strip().strip("/")).split())


def _days(text: str) -> int:
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def write_opml(subscriptions: Iterable[Subscription], title: str = "papertray") -> bytes:
    """Return an OPML file of some subscriptions, those with tags in the folder of the first one.

    `read_opml` gives them back. Characters that XML cannot hold are left out.
    """
    from lxml import etree

    root = etree.Element("opml", {"version": "2.0"}, {"papertray": "urn:papertray"})
    etree.SubElement(etree.SubElement(root, "head"), "title").text = _writable(title)
    body = etree.SubElement(root, "body")
    folders: dict[str, Element] = {}
    for one in subscriptions:
        within = body
        if one.tags:
            folder = one.tags[0]
            if folder not in folders:
                called = _writable(folder)
                folders[folder] = etree.SubElement(body, "outline", text=called, title=called)
            within = folders[folder]
        outline = etree.SubElement(within, "outline", type="rss")
        for name, value in _written(one).items():
            outline.set(name, _writable(value))
    return etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)


def _written(one: Subscription) -> dict[str, str]:
    address = one.location if one.kind is Kind.URL else _OURS + quote(one.location, safe="/:")
    told = {"text": one.name, "title": one.name, "xmlUrl": address}
    if one.tags:
        told["category"] = ",".join(map(_category, one.tags))
    if one.expire:
        told["{urn:papertray}expire"] = str(one.expire)
    return told


def _category(tag: str) -> str:
    """Return a tag as a category, where commas and slashes mean something."""
    return tag.replace("%", "%25").replace(",", "%2C").replace("/", "%2F")


def _writable(text: str) -> str:
    """Return a text without the characters that XML has no way to write."""
    return "".join(sign for sign in text if sign in "\t\n\r" or _is_written(ord(sign)))


def _is_written(code: int) -> bool:
    return 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or code >= 0x10000
