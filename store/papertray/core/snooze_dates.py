"""Dates to come, as people write them: ``tomorrow``, ``monday``, ``3d``, ``2w``, ``2026-12-24``."""

from __future__ import annotations

import re
from datetime import date, timedelta

from papertray.core.query_dates import days_ago, month_number

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

EXAMPLES = ("tomorrow", "monday", "3d", "2w", "1m")
"""Answers to the question until when, for a line that asks it."""

_LATER = re.compile(r"(\d{1,4})([dwm])|(\d{1,2})(y)")
_DATE = re.compile(r"[12]\d{3}-\d{1,2}-\d{1,2}")


def snooze_date(text: str, today: date) -> date:
    """Return the day that `text` names, which comes after `today`.

    A day of the week is the next one, a month its first day; both may be cut to three letters.
    Raises ValueError, with a sentence, for what is no such day.
    """
    said = " ".join(text.lower().split())
    try:
        day = _day(said.removeprefix("next ") if said.startswith("next ") else said, today)
    except ValueError:
        raise ValueError(
            f"{text.strip() or 'Nothing'} is no day; {', '.join(EXAMPLES)} or 2026-12-24 are."
        ) from None
    if day <= today:
        raise ValueError(f"{text.strip()} is not after today, {today.isoformat()}.")
    return day


def _day(said: str, today: date) -> date:
    if said in ("today", "tomorrow"):
        return today + timedelta(days=said == "tomorrow")
    if said in ("week", "month"):
        return _weekday(0, today) if said == "week" else _month(today.month % 12 + 1, today)
    if found := _LATER.fullmatch(said):
        number, unit = found[1] or found[3], found[2] or found[4]
        return days_ago(-int(number), unit, today)
    if _DATE.fullmatch(said):
        return date(*map(int, said.split("-")))
    for number, name in enumerate(DAYS):
        if said in (name, name[:3]):
            return _weekday(number, today)
    return _month(month_number(said), today)


def _weekday(number: int, today: date) -> date:
    return today + timedelta(days=(number - today.weekday() - 1) % 7 + 1)


def _month(number: int, today: date) -> date:
    return date(today.year + (number <= today.month), number, 1)
