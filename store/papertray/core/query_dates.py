"""Dates as people write them in a search: ``2026-03``, ``>2025-01-01``, ``7d``, ``march``.

An expression stays text in the syntax tree; only `resolve` needs to know which day it is.
"""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta

MONTHS = tuple(name.lower() for name in (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
))  # fmt: skip

# Four digits that no calendar arithmetic can push out of what `date` holds.
_CALENDAR = re.compile(r"([12]\d{3})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_AGO = re.compile(r"(\d{1,5}d|\d{1,4}w|\d{1,3}m|\d{1,2}y)")
_OPERATOR = re.compile(r"(>=|<=|>|<)?(.*)", re.DOTALL)


def resolve(expression: str, today: date) -> tuple[date | None, date | None]:
    """Return the first day that `expression` means and the first day after it; None: no bound.

    ``7d`` by itself means the last seven days up to now; after a sign or in a range it is that one
    day. ``march`` is the latest March that has begun. Raises ValueError for what is no date.
    """
    text = expression.lower()
    if ".." in text:
        return _range(text, today)
    operator, rest = _OPERATOR.fullmatch(text).groups()  # type: ignore[union-attr]
    first, after = _period(rest, today)
    match operator:
        case ">":
            return after, None
        case ">=":
            return first, None
        case "<":
            return None, first
        case "<=":
            return None, after
        case _:
            return (first, None) if _AGO.fullmatch(rest) else (first, after)


def is_date(expression: str) -> bool:
    """Return whether `resolve` can read `expression`; that does not depend on the day."""
    try:
        resolve(expression, date(2024, 2, 29))
    except ValueError:
        return False
    return True


def _range(text: str, today: date) -> tuple[date | None, date | None]:
    start, _, end = text.partition("..")
    if not start and not end:
        raise ValueError(text)
    first = _period(start, today)[0] if start else None
    after = _period(end, today)[1] if end else None
    return first, after


def _period(text: str, today: date) -> tuple[date, date]:
    """The first day of the time that `text` names, and the first day after it."""
    if text in ("today", "yesterday"):
        day = today - timedelta(days=text == "yesterday")
        return day, day + timedelta(days=1)
    if found := _CALENDAR.fullmatch(text):
        return _calendar(*found.groups())
    if _AGO.fullmatch(text):
        day = days_ago(int(text[:-1]), text[-1], today)
        return day, day + timedelta(days=1)
    number = month_number(text)
    year = today.year if number <= today.month else today.year - 1
    return _calendar(str(year), str(number), None)


def month_number(text: str) -> int:
    """Return which month a name or its first three letters is; raises ValueError for none."""
    for number, name in enumerate(MONTHS, 1):
        if text in (name, name[:3]):
            return number
    raise ValueError(text)


def _calendar(year: str, month: str | None, day: str | None) -> tuple[date, date]:
    if month is None:
        return date(int(year), 1, 1), date(int(year) + 1, 1, 1)
    if day is None:
        first = date(int(year), int(month), 1)
        return first, first + timedelta(days=calendar.monthrange(first.year, first.month)[1])
    first = date(int(year), int(month), int(day))
    return first, first + timedelta(days=1)


def days_ago(number: int, unit: str, today: date) -> date:
    """Return the day that lies a number of days, weeks, months or years (d, w, m, y) before one.

    A month later than a month's last days is its last day. Below zero it lies after.
    """
    match unit:
        case "d":
            return today - timedelta(days=number)
        case "w":
            return today - timedelta(weeks=number)
        case "y":
            number *= 12
        case _:
            pass
    months = today.year * 12 + today.month - 1 - number
    year, month = months // 12, months % 12 + 1
    return date(year, month, min(today.day, calendar.monthrange(year, month)[1]))
