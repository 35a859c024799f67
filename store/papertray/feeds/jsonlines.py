"""JSON Lines: one object a line, as `papertray export --to jsonl` writes it.

An array of the same objects is read too, on one line or many, element by element. What the fields
mean is decided in `papertray.core.records`.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

from papertray.core.model import Item, Json, Unread
from papertray.core.records import item_from_json
from papertray.feeds.json_values import (
    DECODER,
    DEEPEST,
    KEPT,
    LONGEST,
    Broken,
    is_shallow,
    values,
    without_surrogates,
)
from papertray.feeds.reader import Line, numbered_lines, rejoin

NAME = "jsonl"
DESCRIPTION = "JSON objects with a title, one a line, or an array of them"
TAKES = "all that papertray's own export holds; unknown fields are kept as they are"
LOSES = "nothing"
IS_LIBRARY = False
FEED = ""

_CHUNK = 1 << 16
_KEYS = frozenset(["title", "record"])
# Of CSL-JSON and Crossref, OpenAlex, Semantic Scholar, Hugging Face: other meanings, other readers.
_FOREIGN_KEYS = frozenset(
    [
        "DOI",
        "issued",
        "container-title",
        "abstract_inverted_index",
        "paperId",
        "externalIds",
        "paper",
        # package.json, schemas and descriptions of interfaces, notebooks
        "dependencies",
        "devDependencies",
        "scripts",
        "$schema",
        "properties",
        "openapi",
        "cells",
        # issues, posts and bookmarks
        "state",
        "userId",
        "children",
    ]
)
_KEY = re.compile(r'[{,]\s*"(?:title|record)"\s*:')


def recognise(head: bytes, name: str) -> bool:
    """Tell our objects by a ``title`` (or ``record``) in the first that is whole."""
    text = head.removeprefix(codecs.BOM_UTF8).decode("utf-8", "replace").lstrip()
    if text.startswith("["):
        return text[1:].lstrip().startswith("{") and _begins_with_ours(text[1:].lstrip())
    if not text.startswith("{"):
        return False
    if name.lower().endswith((".jsonl", ".ndjson")):
        return True
    return any(_begins_with_ours(line) for line in text.split("\n", 20)[:20] if line.strip())


def _begins_with_ours(text: str) -> bool:
    try:
        value, _ = DECODER.raw_decode(text)
    except ValueError:
        # Longer than the head, then; else broken.
        return len(text) > _CHUNK // 2 and bool(_KEY.search(text))
    except RecursionError:
        return False
    return isinstance(value, dict) and _is_ours(value) and _FOREIGN_KEYS.isdisjoint(value)


def read(stream: BinaryIO) -> Iterator[Item]:
    """Yield a record, or what else a tray holds, for each object.

    For a line that is none it is an Unread with that line. Lines over 16 MB are not read. Behind a
    broken place an array is read on at the next object.
    """
    head = stream.read(_CHUNK)
    whole = rejoin(head, stream)
    if head.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"["):
        yield from _read_array(whole)
    else:
        for line in numbered_lines(whole, LONGEST):
            if line.too_long or line.data.strip():
                yield _read_line(line)


def _read_line(line: Line) -> Item:
    place = f"line {line.number}"
    if line.too_long:
        limit = LONGEST >> 20
        return Unread(place, f"longer than {limit} MB", line.data[:KEPT])
    try:
        value = DECODER.decode(line.data.decode("utf-8"))
    except UnicodeDecodeError:
        reason = "not in UTF-8"
    except RecursionError:
        reason = f"nested more than {DEEPEST} deep"
    except ValueError as error:
        cut = "" if line.ended else "; the file may have been cut here"
        reason = f"not valid JSON ({_short(error)}){cut}"
    else:
        return _record(value, place, line.data)
    return Unread(place, reason, line.data)


def _read_array(stream: BinaryIO) -> Iterator[Item]:
    for found in values(stream, _is_ours):
        data = found.text.encode("utf-8", "replace")
        if isinstance(found, Broken):
            yield Unread(f"line {found.line}", found.reason, data)
        else:
            yield _record(found.value, f"line {found.line}", data)


def _is_ours(value: Json) -> bool:
    return isinstance(value, dict) and not _KEYS.isdisjoint(value)


def _record(value: Json, place: str, data: bytes) -> Item:
    if not isinstance(value, dict):
        return Unread(place, "not a JSON object", data)
    # Without many brackets there is no depth, and most records have few.
    if data.count(b"[") + data.count(b"{") > DEEPEST and not is_shallow(value):
        return Unread(place, f"nested more than {DEEPEST} deep", data)
    if b"\\u" in data:  # only an escape can bring a surrogate in
        value = without_surrogates(value)
    found = item_from_json(value, place)
    return replace(found, data=data) if isinstance(found, Unread) else found


def _short(error: Exception | None) -> str:
    return getattr(error, "msg", str(error))[:80]
