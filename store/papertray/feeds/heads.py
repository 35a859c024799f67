"""Looks at how a source begins, shared by all readers that ask whether it is theirs.

Each look is remembered for the last heads: thirty readers ask the same questions of one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from papertray.core.model import Json
from papertray.feeds.json_values import DECODER

_DEEPEST = 8


@lru_cache(maxsize=4)
def text_of(head: bytes) -> str:
    """Return a head as text, without a byte order mark; a cut character at its end is replaced."""
    return head.decode("utf-8-sig", "replace")


_OPENING = re.compile(r"\[\s*+(?:null\s*+,?\s*+)*+")
"""An array begins; services answer an unknown id with null."""


@lru_cache(maxsize=4)
def first_json(head: bytes) -> Json:
    """Return the first JSON object of a head, or None if it does not begin with JSON.

    An array gives its first element. Of an object that is longer than the head, the members that
    are whole are given, to a depth of a few levels: enough to tell whose object it is. A shared
    value: never change it.
    """
    text = text_of(head).lstrip()
    if opening := _OPENING.match(text):
        text = text[opening.end() :]
    if not text.startswith("{"):
        return None
    try:
        found: Json = DECODER.raw_decode(text)[0]
    except RecursionError:
        return None
    except ValueError:
        found, _ = _cut_value(text, 0, _DEEPEST)
    return found


def first_value(
    head: bytes, belongs: Callable[[Json], bool], open_at: Sequence[str]
) -> dict[str, Json] | None:
    """Return the first object of a head that `belongs`, or None.

    Of the answer of a service that is the first value in one of its members `open_at`, as
    `papertray.feeds.json_values.values` steps into them.
    """
    value = first_json(head)
    for _ in range(_DEEPEST):
        if isinstance(value, list):
            value = next((one for one in value if one is not None), None)
        if isinstance(value, dict) and belongs(value):
            return value
        if isinstance(value, dict):
            members = (value.get(name) for name in open_at)
            value = next((one for one in members if isinstance(one, dict | list) and one), None)
    return None


def _cut_value(text: str, position: int, depth: int) -> tuple[Json, int | None]:
    """Decode the value at `position`, which may be cut: (value, its end or None if it was)."""
    try:
        return DECODER.raw_decode(text, position)
    except (ValueError, RecursionError):
        pass
    opening = text[position : position + 1]
    if depth == 0 or opening not in ("{", "["):
        return None, None
    items: list[Json] = []
    members: dict[str, Json] = {}
    at = _blank(text, position + 1)
    while at < len(text):
        name = ""
        if opening == "{":
            try:
                name, at = DECODER.raw_decode(text, at) if text[at] == '"' else ("", 0)
            except ValueError:
                break
            at = _blank(text, at)
            if text[at : at + 1] != ":":
                break
            at = _blank(text, at + 1)
        value, end = _cut_value(text, at, depth - 1)
        if value is not None or end is not None:
            items.append(value)
            members[name] = value
        if end is None:
            break
        at = _blank(text, end)
        if text[at : at + 1] != ",":
            break
        at = _blank(text, at + 1)
    return (members if opening == "{" else items), None


_BLANK = re.compile(r"\s*")


def _blank(text: str, position: int) -> int:
    found = _BLANK.match(text, position)
    return found.end() if found else position


_ROOT = re.compile(
    # Each piece is passed over once: looked at again, a thousand comments would take for ever.
    r"\s*+(?:(?><\?[^>]*>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>)\s*+)*+"
    r"<(?:([\w.-]+):)?([A-Za-z_][\w.-]*)([^>]*)",
    re.DOTALL,
)


@lru_cache(maxsize=4)
def root_element(head: bytes) -> tuple[str, str]:
    """Return (namespace, local name) of the root element, or two empty texts if it is no XML."""
    found = _ROOT.match(text_of(head))
    if found is None:
        return "", ""
    prefix, name, attributes = found.groups()
    declared = re.search(
        rf"xmlns{':' + re.escape(prefix) if prefix else ''}\s*=\s*[\"']([^\"']*)", attributes
    )
    return (declared[1] if declared else ""), name


def has_element(head: bytes, name: str) -> bool:
    """Tell whether an element of that local name begins in a head, whatever its prefix."""
    return re.search(rf"<(?:[\w.-]+:)?{re.escape(name)}[\s/>]", text_of(head)) is not None
