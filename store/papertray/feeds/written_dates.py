"""Dates as people and programs write them into a field of text: ``2015/03//``, ``FEB 2011``.

What is not sure is left out: ``03/04/2015`` is the year 2015, since only a country could tell the
rest; ``10 15`` and ``99`` are no date.
"""

from __future__ import annotations

import re
from calendar import monthrange
from typing import NamedTuple

from papertray.core.json_fields import month_number

_MONTH = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_YEAR = re.compile(r"(?<![0-9.])([12][0-9]{3})(?![0-9])(?:\.0(?![0-9]))?")
_NUMBERS = re.compile(
    r"([12][0-9]{3})(?:[-/. ]([0-9]{1,2})?(?:[-/. ]([0-9]{1,2})?)?)?[/.]*"
    r"(?:[T ][0-9]{2}:[0-9:.]*Z?)?"
)
_DAY_FIRST = re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([12][0-9]{3})")
_NAMED_MONTH = re.compile(rf"(?<![a-z]){_MONTH}(?![a-z])\.?", re.IGNORECASE)
_DAY = re.compile(r"(?<![0-9])([0-9]{1,2})(?:st|nd|rd|th)?(?![0-9])")
_LONGEST = 80


class WrittenDate(NamedTuple):
    """What a text says of a date. `is_whole` is False if it says more, as a season or a range."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    is_whole: bool = False


def written_date(text: str) -> WrittenDate:
    """Return the date that `text` says; a month (and day) may come without a year (``Sep 18``)."""
    text = text.strip()
    if len(text) > _LONGEST:
        return WrittenDate()
    if numbers := _NUMBERS.fullmatch(text):
        return _checked(*(int(part) if part else None for part in numbers.groups()))
    if day_first := _DAY_FIRST.fullmatch(text):
        return _from_day_first(*(int(part) for part in day_first.groups()))
    year, rest = _cut(_YEAR, text)
    name, rest = _cut(_NAMED_MONTH, rest)
    day, rest = _cut(_DAY, rest) if name and len(_DAY.findall(rest)) == 1 else ("", rest)
    month = month_number(name) if name else None
    found = _checked(int(year) if year else None, month, int(day) if day else None)
    return found._replace(is_whole=found.is_whole and not any(c.isalnum() for c in rest))


def _cut(pattern: re.Pattern[str], text: str) -> tuple[str, str]:
    """Return what `pattern` finds in `text` (or nothing), and the text without it."""
    found = pattern.search(text)
    return (found[1], text[: found.start()] + " " + text[found.end() :]) if found else ("", text)


def _from_day_first(one: int, two: int, year: int) -> WrittenDate:
    if one > 12 >= two:
        return _checked(year, two, one)
    if two > 12 >= one or one == two:
        return _checked(year, one, two)
    return WrittenDate(year)


def _checked(year: int | None, month: int | None = None, day: int | None = None) -> WrittenDate:
    """Leave out what no calendar has; RIS writes ``2001/00/00`` for a year alone."""
    if not month:
        return WrittenDate(year, None, None, year is not None and not day)
    if month > 12:
        return WrittenDate(year)
    if day and day > monthrange(year or _LEAP_YEAR, month)[1]:
        return WrittenDate(year, month)
    return WrittenDate(year, month, day or None, is_whole=True)


_LEAP_YEAR = 2000
"""Stands for a year that is not told: 29 February may be meant."""
