"""Time, as an argument: nothing else in papertray asks what time it is."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time. `now` is aware (with an offset), in the user's local zone."""

    def now(self) -> datetime:
        """Return the present moment with its UTC offset."""
        ...


class SystemClock:
    """The machine's clock and zone."""

    def now(self) -> datetime:
        """Return the present moment in the local zone."""
        return datetime.now().astimezone()


def instant(moment: datetime) -> str:
    """Return an aware `moment` as the text that tables hold: ``2026-11-23T07:12:01.123Z``."""
    text = moment.astimezone(UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def local_date(moment: datetime) -> str:
    """Return the local date of an aware `moment`: ``2026-11-23``."""
    return moment.date().isoformat()


def offset_minutes(moment: datetime) -> int:
    """Return the UTC offset of an aware `moment` in minutes east."""
    offset = moment.utcoffset()
    return 0 if offset is None else int(offset.total_seconds() // 60)
