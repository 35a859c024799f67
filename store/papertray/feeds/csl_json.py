"""CSL-JSON: what Zotero, Better BibTeX, pandoc and citation services write.

An array of items, one item a line, or a single item. What an item means is decided in
`papertray.feeds.csl_item`.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

from papertray.core.model import Json, Record, Unread
from papertray.feeds.csl_item import OTHER_TYPES, TYPES, item_to_record
from papertray.feeds.json_values import (
    DECODER,
    DEEPEST,
    KEPT,
    Broken,
    Value,
    is_shallow,
    values,
    without_surrogates,
)

NAME = "csl-json"
DESCRIPTION = "CSL-JSON items, by their type and variables such as `issued`: Zotero, pandoc"
TAKES = "all variables; tags and notes with `--decisions`"
LOSES = "nothing: variables without a field of ours are kept as they are"
IS_LIBRARY = True
FEED = ""

_TYPES = TYPES.keys() | OTHER_TYPES
# Variables that nobody else calls so, and fields that only others have.
_VARIABLES = frozenset(
    "issued container-title citation-key DOI URL ISBN ISSN author page accessed id".split()
)
_FOREIGN = frozenset(
    "authors uid pile arxiv_id doi url record abstract_inverted_index paperId ids".split()
)
_OPENING = re.compile(r'\s*(?:\{\s*"items"\s*:\s*)?\[?\s*(?=\{)')
_A_TYPE = re.compile(r'"type"\s*:\s*"([\w-]+)"')
_A_VARIABLE = re.compile(r'"(?:issued|container-title|citation-key|DOI)"\s*:')


def recognise(head: bytes, name: str) -> bool:
    """Tell CSL-JSON by the type and the variables of the first item."""
    text = head.removeprefix(codecs.BOM_UTF8).decode("utf-8", "replace")
    begin = _OPENING.match(text)
    if begin is None:
        return False
    try:
        value, _ = DECODER.raw_decode(text, begin.end())
    except RecursionError:
        return False
    except ValueError:
        # Longer than the head, then; else broken.
        found = _A_TYPE.search(text)
        return len(head) > KEPT // 2 and bool(
            found and found[1] in _TYPES and _A_VARIABLE.search(text)
        )
    # Crossref's own works have lists for titles, and are no library.
    return (
        isinstance(value, dict)
        and _is_item(value)
        and _FOREIGN.isdisjoint(value)
        and isinstance(value.get("title", ""), str)
    )


def _is_item(value: Json) -> bool:
    if not isinstance(value, dict) or _VARIABLES.isdisjoint(value):
        return False
    kind = value.get("type")
    return isinstance(kind, str) and kind in _TYPES


def read(stream: BinaryIO) -> Iterator[Record | Unread]:
    """Yield a record for each item; an Unread, with its number, for each that cannot be read.

    Behind a broken place it goes on at the next item.
    """
    for found in values(stream, _is_item):
        item = Unread("", found.reason) if isinstance(found, Broken) else _item(found)
        if isinstance(item, Unread):
            # Items have no lines of their own in most files, so both are said.
            place = f"item {found.number} (line {found.line})"
            item = replace(item, place=place, data=found.text.encode("utf-8", "replace"))
        yield item


def _item(found: Value) -> Record | Unread:
    place, value, text = f"item {found.number}", found.value, found.text
    if not isinstance(value, dict):
        return Unread(place, "not a JSON object")
    # Without many brackets there is no depth, and most items have few.
    if text.count("[") + text.count("{") > DEEPEST and not is_shallow(value):
        return Unread(place, f"nested more than {DEEPEST} deep")
    if "\\u" in text:  # only an escape can bring a surrogate in
        value = without_surrogates(value)
    return item_to_record(value, place)
