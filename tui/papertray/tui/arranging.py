"""What a list shows and how it stands: which papers, their order, and what its headings say. Pure.

Imports nothing of Textual.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

from rich.cells import cell_len

from papertray.core.errors import QueryError
from papertray.store.papers import Row, View
from papertray.store.search_order import ADDED, Sort, parse_sort
from papertray.store.views import Arrangement, Grouping, day_of
from papertray.tui.text import fit

if TYPE_CHECKING:
    from papertray.store.saved_searches import SavedSearch

TITLES = {
    View.INBOX: "Inbox",
    View.READ: "Read",
    View.STARRED: "Starred",
    View.SKIP: "Skip",
    View.DONE: "Done",
}


USUAL = Arrangement()
"""Newest first, in no groups."""


QUERIES = {
    View.INBOX: "pile:inbox -is:snoozed",
    View.READ: "pile:read -is:done",
    View.DONE: "pile:read is:done",
}
"""What finds the papers of those views that are not simply a pile."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a list shows: a pile, or what a saved search finds (then `view` is None), and how."""

    view: View | None = View.INBOX
    saved: SavedSearch | None = None
    arrangement: Arrangement = USUAL

    @property
    def title(self) -> str:
        """What is listed, as the user calls it; not clean."""
        if self.saved is not None:
            return self.saved.name
        return TITLES[self.view or View.INBOX]

    @property
    def query(self) -> str:
        """The query that finds what is listed."""
        if self.saved is not None:
            return self.saved.query
        view = self.view or View.INBOX
        return QUERIES.get(view, f"pile:{view}")

    @property
    def place(self) -> View | int:
        """What tells it from the other views, in whatever order it stands."""
        return self.saved.id if self.saved is not None else self.view or View.INBOX


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to the question how a list should stand: its key, and an order or a grouping."""

    key: str
    name: str
    short: str
    sort: str = ""
    grouping: Grouping | None = None


CHOICES = (
    Choice("a", "added", "added", "added"),
    Choice("l", "listing rank", "listed", "listing"),
    Choice("y", "year", "year", "year"),
    Choice("t", "title", "title", "title"),
    Choice("v", "venue", "venue", "venue"),
    Choice("d", "decided", "decided", "decided"),
    Choice("r", "random", "random", "random"),
    Choice("D", "day", "day", grouping=Grouping.DAY),
    Choice("F", "feed", "feed", grouping=Grouping.FEED),
    Choice("V", "venue", "venue", grouping=Grouping.VENUE),
    Choice("N", "none", "none", grouping=Grouping.NONE),
)
"""All answers, in the order in which the question names them: orders, then groupings."""


def question(width: int) -> str:
    """Return the line that asks how the list should stand, in at most `width` cells if it can."""
    sorts = [choice for choice in CHOICES if choice.sort]
    groups = [choice for choice in CHOICES if not choice.sort]
    lines = (
        f"sort: {'  '.join(f'{each.key} {each.name}' for each in sorts)}  |  "
        f"group: {'  '.join(f'{each.key} {each.name}' for each in groups)}",
        f"sort {' '.join(f'{each.key} {each.name}' for each in sorts)} | "
        f"group {' '.join(f'{each.key} {each.name}' for each in groups)}",
        f"{' '.join(_with_key(each) for each in sorts)} | "
        f"{' '.join(_with_key(each) for each in groups)}",
    )
    return next((line for line in lines if len(line) <= width), lines[-1])


def _with_key(choice: Choice) -> str:
    return f"{choice.key}){choice.short[1:]}"


def sort_of(text: str) -> Sort:
    """Return the order that was remembered as `text`; by added where that names none."""
    try:
        return parse_sort(text) if text else ADDED
    except QueryError:
        return ADDED


def grouping_of(text: str, height: int) -> Grouping:
    """Return the grouping that was remembered as `text`, else what suits a screen of `height`."""
    try:
        return Grouping(text)
    except ValueError:
        return Grouping.DAY if height >= 30 else Grouping.NONE


def group_of(arrangement: Arrangement) -> Callable[[Row], str]:
    """Return what says to which group a row belongs: a day, or the name of a feed or a venue."""
    match arrangement.grouping:
        case Grouping.DAY:
            return lambda row: day_of(row.added, arrangement.zone)
        case Grouping.FEED:
            return lambda row: row.feed
        case Grouping.VENUE:
            return lambda row: row.venue
    return lambda row: ""


def heading(group: str, grouping: Grouping, count: int | None, today: str) -> str:
    """Return what stands on a heading: ``Sunday 22 Nov, 25``. `count` None is not known yet.

    `group` is what `group_of` says; `today` is the local date.
    """
    if grouping is Grouping.DAY:
        name = day_name(date.fromisoformat(group), date.fromisoformat(today))
    else:
        name = group or f"no {grouping}"
    return name if count is None else f"{name}, {count:,}"


def day_name(day: date, today: date) -> str:
    """Return a day as a heading names it: ``Sunday 22 Nov``, with the year where it is another."""
    year = "" if day.year == today.year else f" {day.year}"
    return f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}{year}"


def stopped(left: str, now: datetime, zone: tzinfo | None) -> str:
    """Return the line that says when one stopped; empty when that was less than an hour ago.

    `left` is the instant at which the screen was left, empty for never. ``you stopped here on
    Friday 18:02``; with the date when it was more than six days ago.
    """
    try:
        then = datetime.fromisoformat(left).astimezone(zone or now.tzinfo)
    except ValueError:
        return ""
    if now - then < timedelta(hours=1):
        return ""
    days = (now.date() - then.date()).days
    if days <= 0:
        return f"you stopped here at {then:%H:%M}"
    day = _DAYS[then.weekday()] if days < 7 else day_name(then.date(), now.date())
    return f"you stopped here on {day} {then:%H:%M}"


# Not by `strftime`, which speaks the language of the machine.
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip


def rule(text: str, note: str, width: int) -> str:
    """Return a heading as a line of `width` cells: ``─── Sunday 22 Nov, 25 ─── you stopped …``."""
    line = "".join(f"─── {piece} " for piece in (text, note) if piece)
    missing = width - cell_len(line)
    return fit(line, width) if missing < 0 else line + "─" * missing
