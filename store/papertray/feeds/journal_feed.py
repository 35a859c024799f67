"""Feeds of journals and all others: RSS of any version, Atom, JSON Feed.

Sources: https://www.rssboard.org/rss-specification, https://web.resource.org/rss/1.0/spec,
RFC 4287, https://www.jsonfeed.org/version/1.1/. What an item's names mean is decided in
`papertray.feeds.journal_item`.

lxml reads the XML, and keeps all that is there. feedparser, which was made for feeds, is not used:
it takes `<EOS>` and `<SEG>` out of RSS descriptions (or makes them lower case) and takes twice the
time of all that is done here; lxml finds the same items in the files of its own test suite.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import TYPE_CHECKING, BinaryIO

from papertray.core.model import Item, Json, Record, Unread
from papertray.feeds.heads import first_json, root_element, text_of
from papertray.feeds.journal_item import FeedItem, FeedItself, record_of
from papertray.feeds.json_items import Fields, records
from papertray.feeds.reader import rejoin
from papertray.feeds.texts import Dialect

if TYPE_CHECKING:
    from papertray.feeds.xml_records import Element

NAME = "feed"
DESCRIPTION = "RSS, Atom or JSON Feed: by its outermost element, or the version that it names"
TAKES = (
    "title, abstract (the summary, or the content where that is only its beginning), authors, "
    "dates, links, DOI, arXiv and PubMed ids, journal with volume, number and pages"
)
LOSES = (
    "markup of titles and texts, but for the original; what the feed says of itself, but for a "
    "journal's name and publisher: a feed's title is no venue unless it has an ISSN"
)
IS_LIBRARY = False
FEED = ""

_HEAD = 1 << 16

_SPACES = {
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/elements/1.0/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://search.yahoo.com/mrss/": "media",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "http://www.w3.org/1999/xhtml": "xhtml",
    "http://arxiv.org/schemas/atom": "arxiv",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
}
"""Namespace → the prefix of its names in `journal_item`; PRISM has one for each version."""

_PRISM = re.compile(
    r"https?://(?:(?:www\.)?prismstandard\.org/namespaces/|purl\.org/rss/1\.0/modules/prism/)",
    re.IGNORECASE,
)
_ATOM = re.compile(r"http://(?:www\.w3\.org/2005/Atom|purl\.org/atom/ns#)")
_RSS_IN_RDF = re.compile(r"http://(?:purl\.org/rss/1|my\.netscape\.com/rdf|channel\.netscape\.com)")
_JSON_FEED = re.compile(r"https?://(?:www\.)?jsonfeed\.org/version/1")


def recognise(head: bytes, name: str) -> bool:
    """Tell a feed by its outermost element (and namespace, for RDF), or its JSON version."""
    space, root = root_element(head)
    if root == "RDF":
        return _RSS_IN_RDF.search(text_of(head)) is not None
    if root == "entry":
        return _ATOM.match(space) is not None
    if root == "feed":
        return not space or _ATOM.match(space) is not None
    return root.lower() == "rss" or _is_json_feed(first_json(head))


def _is_json_feed(value: Json) -> bool:
    version = value.get("version") if isinstance(value, dict) else None
    return isinstance(version, str) and _JSON_FEED.match(version) is not None


def _is_json_item(value: Json) -> bool:
    return isinstance(value, dict) and "items" not in value and not _is_json_feed(value)


def read(stream: BinaryIO) -> Iterator[Item]:
    """Yield a record for each item that has a title; an Unread for each that has none."""
    head = stream.read(_HEAD)
    whole = rejoin(head, stream)
    if text_of(head).lstrip()[:1] in ("{", "["):
        yield from records(whole, _is_json_item, ("items",), _read_json)
    else:
        yield from _read_xml(whole, _feed_itself(head))


def _read_xml(stream: BinaryIO, feed: FeedItself) -> Iterator[Item]:
    # Not above: lxml is not needed to tell whose file it is.
    from papertray.feeds.xml_records import elements, unread

    number = 0
    for element in elements(stream, ("item", "entry")):
        if isinstance(element, Unread):
            yield element
            continue
        if _name(element).startswith("content:") or not (len(element) or element.attrib):
            continue  # a part of an item's content, or nothing at all
        number += 1
        found = record_of(_item_of(element), feed, f"item {number}")
        yield unread(element, found.reason) if isinstance(found, Unread) else found


def _item_of(element: Element) -> FeedItem:
    from papertray.feeds.xml_records import plain_text

    item = FeedItem()
    for name, value in element.attrib.items():
        item.add(str(name).rpartition("}")[2], str(value))
    for child in element:
        if not isinstance(child.tag, str):
            continue
        name = _name(child)
        if name in ("author", "contributor") and len(child):
            names = [plain_text(part) for part in child if _name(part) == "name"]
            item.add(name, "; ".join(names) or plain_text(child))
        elif name == "link" and child.get("href"):
            relation = child.get("rel", "")
            item.links.append((relation, child.get("type", ""), child.get("href", "")))
        elif name == "enclosure":
            item.links.append((name, child.get("type", ""), child.get("url", "")))
        elif name == "category" and child.get("term"):
            item.add(name, child.get("term", ""))
        else:
            _add_text(item, name, child)
    return item


def _add_text(item: FeedItem, name: str, child: Element) -> None:
    from papertray.feeds.xml_records import markup_text, plain_text

    kind = child.get("type", "")
    if len(child):
        item.add(name, markup_text(child))
    elif name in _ATOM_TEXTS and kind in ("", "text", "text/plain") and _is_atom(child):
        item.add(name, plain_text(child), "plain")
    elif child.text and child.text.strip():
        item.add(name, child.text)
    elif child.attrib:
        item.more[name] = {str(key): str(value) for key, value in child.attrib.items()}


_ATOM_TEXTS = ("title", "summary", "content", "rights")


def _is_atom(element: Element) -> bool:
    return isinstance(element.tag, str) and _ATOM.match(element.tag[1:]) is not None


def _name(element: Element) -> str:
    """Return the name of an element as `journal_item` knows it: ``dc:creator``, ``title``."""
    space, _, name = str(element.tag).lstrip("{").rpartition("}")
    if _PRISM.match(space):
        return f"prism:{name}"
    prefix = _SPACES.get(space, "")
    if not prefix and ":" in name:
        return name  # a prefix that was not declared
    return f"{prefix}:{name}" if prefix else name


_ITEM = re.compile(rb"<(?:[\w.-]+:)?(?:item|entry)[\s>]")


def _feed_itself(head: bytes) -> FeedItself:
    """Return what a feed says of itself before its first item."""
    from papertray.feeds.xml_records import elements, local_name, plain_text

    first = _ITEM.search(head)
    before = head[: first.start()] if first else head
    told: dict[str, str] = {}
    for element in elements(BytesIO(before), ("title", "publicationName", "issn", "publisher")):
        if not isinstance(element, Unread):
            told.setdefault(local_name(element), " ".join(plain_text(element).split()))
    return FeedItself(
        told.get("title", ""), told.get("publicationName", ""), told.get("issn", ""),
        told.get("publisher", ""),
    )  # fmt: skip


def _read_json(fields: Fields, place: str) -> Record | Unread:
    return record_of(_item_of_json(fields), FeedItself(), place)


_JSON_NAMES: Mapping[str, tuple[str, Dialect]] = {
    "id": ("id", "plain"), "title": ("title", "plain"), "summary": ("summary", "plain"),
    "content_html": ("content", "html"), "content_text": ("content:encoded", "plain"),
    "date_published": ("published", "plain"), "date_modified": ("updated", "plain"),
    "doi": ("doi", "plain"), "_doi": ("doi", "plain"),
}  # fmt: skip


def _item_of_json(fields: Fields) -> FeedItem:
    item = FeedItem()
    for name, value in fields.items():
        if name in ("author", "authors"):
            for person in value if isinstance(value, list) else [value]:
                told = person.get("name") if isinstance(person, dict) else person
                item.add("author", told if isinstance(told, str) else "")
        elif name in ("url", "external_url") and isinstance(value, str):
            item.links.append(("" if name == "url" else "external", "", value))
        elif isinstance(value, str | int) and name in _JSON_NAMES:
            kept, dialect = _JSON_NAMES[name]
            item.add(kept, str(value), dialect)
        elif name == "attachments" and isinstance(value, list):
            for one in value:
                if isinstance(one, dict):
                    kind, address = one.get("mime_type"), one.get("url")
                    item.links.append(("enclosure", str(kind or ""), str(address or "")))
        elif value not in (None, "", [], {}):
            item.more[name] = value
    return item
