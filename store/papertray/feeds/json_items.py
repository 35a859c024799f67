"""Objects of a stream of JSON, one record after the other, for readers of services and dumps."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import BinaryIO

from papertray.core.model import Json, Record, Unread
from papertray.feeds.json_values import (
    DEEPEST,
    KEPT,
    Broken,
    Value,
    is_shallow,
    values,
    without_surrogates,
)

Fields = Mapping[str, Json]


def objects(
    stream: BinaryIO, belongs: Callable[[Json], bool], open_at: Sequence[str]
) -> Iterator[tuple[dict[str, Json], Value] | Unread]:
    """Yield each object of a stream with where it stands; an Unread for what cannot be one.

    Arguments are those of `papertray.feeds.json_values.values`. What is yielded can be written
    again: it is not nested too deep, and has no halves of characters.
    """
    for found in values(stream, belongs, open_at):
        if isinstance(found, Broken):
            yield unread(found, found.reason)
        elif found.value is None:  # a service's answer for an id that it does not know
            continue
        elif not isinstance(found.value, dict):
            yield unread(found, "not a JSON object")
        # Without many brackets there is no depth, and most records have few.
        elif found.text.count("[") + found.text.count("{") > DEEPEST and not is_shallow(
            found.value
        ):
            yield unread(found, f"nested more than {DEEPEST} deep")
        else:  # only an escape can bring half a character in
            yield (
                without_surrogates(found.value) if "\\u" in found.text else found.value,
                found,
            )


def records(
    stream: BinaryIO,
    belongs: Callable[[Json], bool],
    open_at: Sequence[str],
    read_one: Callable[[Fields, str], Record | Unread],
) -> Iterator[Record | Unread]:
    """Yield what `read_one` makes of each object of a stream and its place (``item 7``).

    An Unread of it is completed: place, line, and how the object is written.
    """
    for found in objects(stream, belongs, open_at):
        if isinstance(found, Unread):
            yield found
            continue
        fields, value = found
        item = read_one(fields, f"item {value.number}")
        yield unread(value, item.reason) if isinstance(item, Unread) else item


def unread(found: Value | Broken, reason: str) -> Unread:
    """Return a value that could not be read, with its place, the `reason`, and how it begins."""
    place = f"item {found.number} (line {found.line})"
    data = found.text[:KEPT].encode("utf-8", "replace")
    return Unread(place, reason, data, breaks_off=isinstance(found, Broken))


def text(fields: Fields, *names: str) -> str:
    """Return the first member of these that is a text (or a number) and says something."""
    for name in names:
        value = fields.get(name)
        if isinstance(value, str):
            if value.strip():
                return value
        elif isinstance(value, int | float) and not isinstance(value, bool):
            return (
                str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
            )
    return ""


def texts(value: Json) -> tuple[str, ...]:
    """Return the texts of a list, or a single one; what is no text is left out."""
    many = value if isinstance(value, list) else [value]
    return tuple(one.strip() for one in many if isinstance(one, str) and one.strip())


def objects_of(value: Json) -> list[dict[str, Json]]:
    """Return the objects of a list; what is none is left out."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def object_of(value: Json) -> dict[str, Json]:
    """Return a value that is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def left(fields: Fields, taken: frozenset[str]) -> dict[str, Json]:
    """Return the members that say something and were not taken: they go into `extra`."""
    return {
        name: value
        for name, value in fields.items()
        if name not in taken and value is not None and value not in _EMPTY
    }


_EMPTY: tuple[Json, ...] = ("", [], {})
