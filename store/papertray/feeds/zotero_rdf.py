"""Zotero's RDF: an export whose parts name one another: articles, journals, notes, files, tags.

What the elements mean is said by Zotero's own translator, https://github.com/zotero/translators
(``Zotero RDF.js``). Items are told in Zotero's words, and understood as those of its database are.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

from papertray.core.model import Attachment, Item, LeftBehind, Record, Unread
from papertray.feeds.heads import root_element, text_of
from papertray.feeds.xml_records import elements
from papertray.feeds.zotero_resources import Resource, Resources, resource_of
from papertray.feeds.zotero_words import LinkMode, ZoteroAttachment

NAME = "zotero-rdf"
DESCRIPTION = "RDF with the vocabulary of Zotero's export, or the bibliographic one that it uses"
TAKES = (
    "items as from Zotero's database; tags, collections and notes with `--decisions`; the paths "
    "of files as they are exported, beside the RDF file"
)
LOSES = (
    "links between items; in a file with more than 32 MB of text, what is named from one such "
    "portion in another"
)
IS_LIBRARY = True
FEED = "Zotero"

LARGEST = 32 << 20
"""Characters of resources that are held until what they name is known."""

_FOR_MACHINES = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2} ")
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_VOCABULARIES = ("http://www.zotero.org/namespaces/export", "http://purl.org/net/biblio")


def recognise(head: bytes, name: str) -> bool:
    """Tell Zotero's RDF from feeds, which may be RDF too, by its vocabulary."""
    if root_element(head) != (_RDF, "RDF"):
        return False
    text = text_of(head)
    return any(vocabulary in text for vocabulary in _VOCABULARIES)


def read(stream: BinaryIO) -> Iterator[Item]:
    """Yield a record for each item, a note for each that belongs to none, and what stays behind.

    A resource may be named before it comes, so resources are held, up to `LARGEST`.
    """
    held: list[Resource] = []
    size = 0
    left: Counter[tuple[str, str]] = Counter()
    for element in elements(stream, ["*"], within="RDF"):
        if isinstance(element, Unread):
            yield element
            continue
        resource = resource_of(element)
        held.append(resource)
        size += resource.size
        if size > LARGEST:
            yield from _items(Resources(held), left)
            held, size = [], 0
    yield from _items(Resources(held), left)
    yield from (LeftBehind(what, n, reason) for (what, reason), n in left.items() if n)


_LINKS = ("links between items", "papertray has none")


def _items(resources: Resources, left: Counter[tuple[str, str]]) -> Iterator[Item]:
    # Not above: what recognises a file needs none of it.
    from papertray.feeds.zotero import AUTOMATIC, LOOSE
    from papertray.feeds.zotero_item import free_note, item_to_record

    for resource in resources.items():
        item = resources.item(resource)
        left[AUTOMATIC] += len(item.automatic_tags)
        record = item_to_record(item, "", _file)
        if isinstance(record, Unread):
            yield Unread(resource.place, record.reason, record.data)
        else:
            yield _without_key(record, resource.place)
    for note in resources.free_notes():
        if (text := free_note(note)) is not None:
            yield text
    left[_LINKS] += resources.links
    left[LOOSE] += resources.loose_files


def _without_key(record: Record, place: str) -> Record:
    """Return a record without what Zotero's database counts items by: here is no such key."""
    identifiers = tuple(one for one in record.identifiers if one[0] != "uid")
    kept = record.extra.get("zotero")
    fields = {k: v for k, v in kept.items() if k != "key"} if isinstance(kept, dict) else {}
    if isinstance(date := fields.get("date"), str) and _FOR_MACHINES.match(date):
        fields["date"] = date[len("2017-06-12 ") :]
    extra = {"zotero": fields} if fields else {}
    return replace(record, identifiers=identifiers, extra=extra, place=place)


def _file(attachment: ZoteroAttachment) -> Attachment | None:
    if not attachment.path or attachment.link_mode == LinkMode.LINKED_URL:
        return None
    return Attachment(attachment.path, attachment.media_type)
