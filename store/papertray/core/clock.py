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


def minute(then: str) -> str:
    """Return an instant of a table as a sentence names it: ``2026-11-23 07:12 UTC``."""
    return f"{then[:10]} {then[11:16]} UTC"


def local_date(moment: datetime) -> str:
    """Return the local date of an aware `moment`: ``2026-11-23``."""
    return moment.date().isoformat()


def offset_minutes(moment: datetime) -> int:
    """Return the UTC offset of an aware `moment` in minutes east."""
    offset = moment.utcoffset()
    return 0 if offset is None else int(offset.total_seconds() // 60)


def ago(then: str, now: datetime) -> str:
    """Return how long ago an instant of a table was: ``2 h ago``, ``3 days ago``, ``never``."""
    if not then:
        return "never"
    seconds = (now - datetime.fromisoformat(then)).total_seconds()
    if seconds < 60:
        return "just now"
    if seconds < 3600:
        return f"{seconds // 60:.0f} min ago"
    if seconds < 86_400:
        return f"{seconds // 3600:.0f} h ago"
    days = int(seconds // 86_400)
    return "1 day ago" if days == 1 else f"{days:,} days ago"
