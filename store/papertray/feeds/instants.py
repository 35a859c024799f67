"""Dates and times as feeds write them, ISO 8601 or RFC 822, become instants or calendar dates.

Arithmetic only where an offset asks for it: feeds have hundreds of thousands of dates.
"""

from __future__ import annotations

import re

from papertray.core.json_fields import instant_of, month_number

_RFC_822 = re.compile(
    r"\s*(?:[A-Za-z]{3,9},?\s+)?([0-9]{1,2})\s+([A-Za-z]{3})[a-z]*\.?\s+([0-9]{4})"
    r"(?:\s+([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?\s*([+-][0-9]{4}|[A-Za-z]{1,5})?)?\s*"
)
_LONGEST = 60
_ISO_DATE = re.compile(r"\s*([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?![0-9])")
_UTC = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
# Offsets that have names in RFC 822; all other names are read as UTC, as it says.
_ZONES = {"EST": "-0500", "EDT": "-0400", "CST": "-0600", "CDT": "-0500", "MST": "-0700",
          "MDT": "-0600", "PST": "-0800", "PDT": "-0700"}  # fmt: skip


def instant_in(text: str) -> str:
    """Return the instant that `text` says (``2026-11-23T07:12:01.000Z``), or an empty text.

    A date without a time is its first moment in UTC.
    """
    text = text.strip()
    if len(text) > _LONGEST:
        return ""
    found = _RFC_822.fullmatch(text)
    if found is None:
        return instant_of(text) or ""
    day, month, year, hour, minute, second, zone = found.groups()
    number = month_number(month)
    if number is None:
        return ""
    offset = zone if zone and zone[0] in "+-" else _ZONES.get((zone or "").upper(), "+0000")
    time = f"T{int(hour):02}:{minute}:{second or '00'}{offset[:3]}:{offset[3:]}" if hour else ""
    return instant_of(f"{year}-{number:02}-{int(day):02}{time}") or ""


def date_in(text: str) -> tuple[int | None, int | None, int | None]:
    """Return (year, month, day) of the date or instant that `text` begins with, or three Nones.

    The day is the one in UTC where a time with an offset is told, as the tray's own days are.
    """
    found = _ISO_DATE.match(text)
    if found is None or (len(text) > 20 and not _UTC.fullmatch(text)):
        found = _ISO_DATE.match(instant_in(text))
    if found is None:
        return None, None, None
    year, month, day = map(int, found.groups())
    if not (1000 <= year < 3000 and 1 <= month <= 12 and 1 <= day <= 31):
        return None, None, None
    return year, month, day
