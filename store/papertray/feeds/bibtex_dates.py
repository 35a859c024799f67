"""When a work of a bibliography is from: BibLaTeX's ``date`` (EDTF), or ``year`` and ``month``."""

from __future__ import annotations

import re
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import NamedTuple

from papertray.core.json_fields import instant_of, month_number

_YEARS = range(1000, 3000)


class Day(NamedTuple):
    """A date as far as it is known. `is_all` tells that the text said no more than that."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    is_all: bool = False


_EDTF = re.compile(r"(-?\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?(?![\dXxu])(.*)", re.DOTALL)
_YEAR = re.compile(r"(?<!\d)([12]\d{3})(?!\d)")
_NUMBER = re.compile(r"(?<!\d)(\d{1,2})(?!\d)")
_WORD = re.compile(r"[^\W\d_]{3,}")


def edtf(text: str) -> Day:
    """Return the date that EDTF text says; of a range its beginning.

    Understood are ``2016-07-18``, times, ``1999~``, ``1999?``, ranges
    (``1996-12/1997``, ``1999/``).
    Years that are not exact (``199X``), before 1000 or unknown (``/2004``) give no year; a season
    (``2003-21``) gives no month.
    """
    text = text.strip()
    begin, slash, _ = text.partition("/")
    found = _EDTF.fullmatch(begin.strip())
    if found is None or int(found[1]) not in _YEARS:
        first = None if found or slash else _YEAR.search(text)
        return Day(int(first[1])) if first else Day()
    year, month, day = (int(part) if part else None for part in found.groups()[:3])
    is_all = not slash and not found[4]
    if month is not None and month not in range(1, 13):
        return Day(year)
    if day is not None and day not in range(1, 32):
        return Day(year, month)
    return Day(year, month, day, is_all)


def year_and_month(year: str, month: str, day: str) -> Day:
    """Return what the fields of BibTeX say: ``{2010}``, ``1995--1996``, ``1985a``; a month by
    name, number or macro, perhaps with a day (``15~May``) or a second month (``jun/jul``)."""
    found = _YEAR.search(year)
    if found is None:
        return Day()
    number, is_exact = _month(month)
    days = day.strip() or " ".join(_NUMBER.findall(month) if _WORD.search(month) else ())
    whole = int(days) if days.isdecimal() and int(days) in range(1, 32) else None
    is_all = year.strip(" {}") == found[1] and is_exact and (whole is not None or not days)
    return Day(int(found[1]), number, whole if number else None, is_all)


def _month(text: str) -> tuple[int | None, bool]:
    """Return the first month in `text`, and whether that is all it says."""
    text = text.strip(" {}.,")
    if not text:
        return None, True
    word = _WORD.search(text)
    number = month_number(word[0] if word else text)
    rest = _NUMBER.sub("", text.replace(word[0], "", 1)) if word else ""
    if number is None and (first := _NUMBER.search(text)) and not word:
        number = month_number(first[1])
        rest = "-"
    return number, number is not None and not rest.strip(" ~.,")


_ADDED = re.compile(r"(\d{4})[-./](\d{1,2})[-./](\d{1,2})(?:[T ](\d\d:\d\d(?::\d\d)?))?\s*(.*)")


def added(text: str) -> str:
    """Return the instant that a program wrote for when an entry came in, or an empty text.

    Known are ISO, JabRef's ``2010.03.08``, BibDesk's ``2015-04-15 15:21:27 +0000`` and the dates
    of mails.
    """
    text = text.strip()
    found = _ADDED.fullmatch(text)
    if found is None:
        try:
            return instant_of(parsedate_to_datetime(text).isoformat()) or ""
        except (ValueError, IndexError, OverflowError):
            return ""
    zone = re.sub(r"^(?:GMT|UTC|Z)$", "+00:00", found[5].strip())
    iso = f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}T{found[4] or '00:00'}"
    for candidate in (iso + zone, iso):
        try:
            return instant_of(datetime.fromisoformat(candidate).isoformat()) or ""
        except (ValueError, OverflowError):
            continue
    return ""
