"""Fields of foreign JSON objects: taken one by one, tolerant of spellings, nothing lost.

What `records` needs to read a line: a `Fields` hands out values by name, and keeps apart what is
not known or cannot be used.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Set
from datetime import UTC, date, datetime
from typing import TypeVar

from papertray.core.clock import instant
from papertray.core.model import Json

_Value = TypeVar("_Value")

OTHER_NAMES = {
    "abstract": "summary",
    "arxiv_id": "arxiv",
    "authors": "author",
    "citekey": "key",
    "tags": "keywords",
}
"""What other programs call our fields. Our own name wins where both are there."""

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def all_names(*names: str) -> frozenset[str]:
    """Return our names of fields and what others call them, for `Fields.has_any`."""
    return frozenset([*names, *(OTHER_NAMES[name] for name in names if name in OTHER_NAMES)])


class WrongType(ValueError):
    """A field holds another type of JSON value than it can be read from."""

    def __init__(self, name: str, expected: str) -> None:
        super().__init__(f'its "{name}" is not {expected}')
        self.name = name


class Fields:
    """The fields of one object; what is taken leaves, what cannot be used goes to `extra`."""

    def __init__(self, fields: Mapping[str, Json], unknown: Set[str] = frozenset()) -> None:
        """Fields named in `unknown` count as not known, whatever they are called."""
        self.left = dict(fields)
        self.left.pop("record", None)
        self.extra = {name: self.left.pop(name) for name in fields if name in unknown}

    def take(self, name: str) -> tuple[str, Json]:
        """Take the field `name` out, or the one others call by its other name."""
        value = self.left.pop(name, None)
        if value is None and name in OTHER_NAMES:
            name = OTHER_NAMES[name]
            value = self.left.pop(name, None)
        return name, value

    def has_any(self, names: Set[str]) -> bool:
        """Tell whether one of the fields in `names` is there."""
        return not self.left.keys().isdisjoint(names)

    def text(self, name: str) -> str:
        """Take a text; numbers count as text."""
        if name not in self.left and name not in OTHER_NAMES:  # as most are not
            return ""
        name, value = self.take(name)
        return text_of(value, name)

    def texts(self, name: str, separators: str = "") -> tuple[str, ...]:
        """Take a list of texts; one text is cut at the `separators`."""
        name, value = self.take(name)
        if value is None:
            return ()
        if isinstance(value, list):
            texts = [text_of(item, name) for item in value]
        else:
            text = text_of(value, name)
            texts = re.split(f"[{separators}]", text) if separators else [text]
        return tuple(text.strip() for text in texts if text.strip())

    def objects(self, name: str) -> list[dict[str, Json]]:
        """Take a list of objects, or a single one."""
        name, value = self.take(name)
        items = value if isinstance(value, list) else [] if value is None else [value]
        objects = [item for item in items if isinstance(item, dict)]
        if len(objects) < len(items):
            raise WrongType(name, "a list of objects")
        return objects

    def usable(self, name: str, read: Callable[[str], _Value | None], default: _Value) -> _Value:
        """Take a text and `read` it; if that gives None, keep the field in `extra`."""
        if name not in self.left and name not in OTHER_NAMES:
            return default
        name, value = self.take(name)
        if value is None:
            return default
        text = text_of(value, name).strip()
        if not text:
            return default
        found = read(text)
        if found is None:
            self.extra[name] = value
            return default
        return found


def text_of(value: Json, name: str) -> str:
    """Return a JSON `value` as text; raise WrongType, naming the field, if it is no single one."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool | list | dict):
        raise WrongType(name, "a text")
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


_WHOLE_NUMBER = re.compile(r"[+-]?[0-9]{1,15}")


def whole_number(text: str) -> int | None:
    """Return the number that `text` is, or None."""
    return int(text) if _WHOLE_NUMBER.fullmatch(text) else None


def number_within(allowed: range) -> Callable[[str], int | None]:
    """Return a reader of numbers in `allowed`, for `Fields.usable`."""

    def read(text: str) -> int | None:
        number = whole_number(text)
        return number if number is not None and number in allowed else None

    return read


def month_number(text: str) -> int | None:
    """Return the month that a number or an English name (``Jun``) says, or None."""
    name = text[:3].lower()
    return _MONTHS.index(name) + 1 if name in _MONTHS else number_within(range(1, 13))(text)


def local_date(text: str) -> str | None:
    """Return an ISO date as ``2026-11-23``, or None."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return None


def instant_of(text: str) -> str | None:
    """Return an ISO date or time as an instant (no offset: UTC), or None.

    Years before 1000 are none: as text they would not sort.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if not 1000 <= moment.year < 9999:
        return None
    return instant(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def one_line(text: str) -> str:
    """Return `text` in NFC, its line breaks (an old feed has them in titles) as single spaces."""
    if "\n" in text or "\r" in text:
        lines = text.replace("\r", "\n").split("\n")
        text = " ".join(line.strip() for line in lines if line.strip())
    return unicodedata.normalize("NFC", text)
