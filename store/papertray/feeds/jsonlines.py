"""JSON Lines: one object a line, as `papertray export --to jsonl` writes it.

An array of the same objects is read too, on one line or many, element by element. What the fields
mean is decided in `papertray.core.records`.
"""

from __future__ import annotations

import codecs
import json
import math
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

from papertray.core.model import Json, Record, Unread
from papertray.core.records import record_from_json
from papertray.feeds.reader import Line, numbered_lines, rejoin

NAME = "jsonl"
DESCRIPTION = "JSON objects with a title, one a line, or an array of them"
IS_LIBRARY = False
FEED = ""

LONGEST_LINE = 1 << 24
DEEPEST = 100
"""Deeper nesting is refused: what is kept must be writable again from any depth of calls."""

_KEPT = 1 << 16  # bytes of an unread piece that are kept to look at
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
    ]
)
_KEY = re.compile(r'[{,]\s*"(?:title|record)"\s*:')
_SPACE = re.compile(r"[\s,]*")
_SURROGATE = re.compile("[\ud800-\udfff]")


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
        value, _ = _DECODER.raw_decode(text)
    except ValueError:
        # Longer than the head, then; else broken.
        return len(text) > _CHUNK // 2 and bool(_KEY.search(text))
    except RecursionError:
        return False
    if not isinstance(value, dict) or _KEYS.isdisjoint(value):
        return False
    return _FOREIGN_KEYS.isdisjoint(value)


def read(stream: BinaryIO) -> Iterator[Record | Unread]:
    """Yield a record for each object; an Unread with its line for each line that is none.

    Lines over 16 MB are not read. An array is read up to the first place where it is broken.
    """
    head = stream.read(_CHUNK)
    whole = rejoin(head, stream)
    if head.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"["):
        yield from _read_array(whole)
    else:
        for line in numbered_lines(whole, LONGEST_LINE):
            if line.too_long or line.data.strip():
                yield _read_line(line)


def _read_line(line: Line) -> Record | Unread:
    place = f"line {line.number}"
    if line.too_long:
        limit = LONGEST_LINE >> 20
        return Unread(place, f"longer than {limit} MB", line.data[:_KEPT])
    try:
        value = _DECODER.decode(line.data.decode("utf-8"))
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


def _read_array(stream: BinaryIO) -> Iterator[Record | Unread]:
    """Decode element after element, with no more in memory than the longest of them needs.

    A failed attempt means that the element is not all there, or that it is broken; which, shows at
    the end. The text to try again with grows by half each time, which keeps the sum linear.
    """
    decoder = codecs.getincrementaldecoder("utf-8-sig")("replace")
    text = ""
    line, wanted, at_end, opened = 1, 0, False, False
    while True:
        while len(text) <= wanted and not at_end:
            data = stream.read(_CHUNK)
            at_end = not data
            text += decoder.decode(data, final=at_end)
        position = 0
        error: Exception | None = None
        while error is None:
            start = _after_space(text, position, opened)
            opened = opened or start > 0
            line += text.count("\n", position, start)
            position = start
            if text[start : start + 1] in ("", "]"):
                break
            try:
                value, position = _DECODER.raw_decode(text, start)
            except (ValueError, RecursionError) as broken:
                error = broken
            else:
                data = text[start:position].encode("utf-8", "replace")
                yield _record(value, f"line {line}", data)
                line += text.count("\n", start, position)
        text = text[position:]
        if text.startswith("]"):
            return
        if at_end or len(text) > LONGEST_LINE or isinstance(error, RecursionError):
            reason = f"the array is broken or cut here ({_short(error)})" if error else ""
            data = text[:_KEPT].encode("utf-8", "replace")
            yield Unread(f"line {line}", reason or "the array is not closed: it was cut", data)
            return
        wanted = len(text) + len(text) // 2


def _after_space(text: str, position: int, opened: bool) -> int:
    """Return where the next element or the closing bracket stands."""
    found = _SPACE.match(text, position)
    end = found.end() if found else position
    if not opened and text.startswith("[", end):
        found = _SPACE.match(text, end + 1)
        end = found.end() if found else end + 1
    return end


def _record(value: Json, place: str, data: bytes) -> Record | Unread:
    if not isinstance(value, dict):
        return Unread(place, "not a JSON object", data)
    if not _is_shallow(value):
        return Unread(place, f"nested more than {DEEPEST} deep", data)
    if b"\\u" in data:  # only an escape can bring a surrogate in
        value = {_whole_text(name): _without_surrogates(item) for name, item in value.items()}
    found = record_from_json(value, place)
    return replace(found, data=data) if isinstance(found, Unread) else found


def _is_shallow(value: Json) -> bool:
    level: list[Json] = [value]
    for _ in range(DEEPEST):
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
        if not level:
            return True
    return False


def _without_surrogates(value: Json) -> Json:
    if isinstance(value, str):
        return _whole_text(value)
    if isinstance(value, list):
        return [_without_surrogates(item) for item in value]
    if isinstance(value, dict):
        return {_whole_text(name): _without_surrogates(item) for name, item in value.items()}
    return value


def _whole_text(text: str) -> str:
    return _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)


def _number(text: str) -> float | None:
    number = float(text)
    return number if math.isfinite(number) else None


def _short(error: Exception | None) -> str:
    return getattr(error, "msg", str(error))[:80]


# NaN and numbers beyond all bounds are no JSON, and could not be written back.
_DECODER = json.JSONDecoder(parse_constant=lambda _: None, parse_float=_number)
