"""What the statistics screen says. Pure: from numbers to paragraphs, for a width in cells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import zip_longest

from papertray.core.clean import clean
from papertray.core.counting import counted
from papertray.notebook.statistics import Inbox, Statistics
from papertray.store.statistics import Share
from papertray.tui.charts import bar, columns
from papertray.tui.text import Paragraph, fit

HEIGHT = 4
"""Lines of the bars of a day."""

BESIDE = 100
"""Cells from which tables stand side by side."""

WIDEST = 110
"""Cells that are used at most: as wide as a pane writes."""

_MARGIN = 8
"""Cells for the number beside the bars of the days."""

_BETWEEN = 4

_NO_LINES: Sequence[str] = ("nothing yet",)


def paragraphs(numbers: Statistics, width: int) -> list[Paragraph]:
    """Return the whole page, all clean, each line at most `width` cells wide."""
    width = min(width, WIDEST)
    days = _days_that_fit(width)
    found = [
        *_chart("Papers", numbers.added[-days:], numbers.today, width),
        *_chart("Decisions", numbers.decided[-days:], numbers.today, width),
        Paragraph(fit(_streak(numbers), width).rstrip()),
        Paragraph(""),
    ]
    found += _tables(width, *_share_tables(numbers, _column(width)))
    found += _tables(width, *_other_tables(numbers, _column(width)))
    return found[:-1]


def _days_that_fit(width: int) -> int:
    return max(1, (width - _MARGIN) // 2)


def _column(width: int) -> int:
    """Return how wide a table is."""
    return (width - _BETWEEN) // 2 if width >= BESIDE else width


def _tables(width: int, left: Sequence[str], right: Sequence[str]) -> Iterator[Paragraph]:
    """Yield two tables, each with its heading first, side by side or one after the other."""
    if width < BESIDE:
        for table in (left, right):
            for number, line in enumerate(table):
                yield Paragraph(line.rstrip(), is_strong=number == 0)
            yield Paragraph("")
        return
    blank, gap = " " * _column(width), " " * _BETWEEN
    for number, pair in enumerate(zip_longest(left, right, fillvalue=blank)):
        yield Paragraph(gap.join(fit(line, _column(width)) for line in pair).rstrip(),
                        is_strong=number == 0)  # fmt: skip
    yield Paragraph("")


# --- by day


def _chart(name: str, counts: Sequence[int], today: date, width: int) -> Iterator[Paragraph]:
    most, total = max(counts), sum(counts)
    if not total:
        yield Paragraph(f"{name} a day   none in {counted(len(counts), 'day')}", is_strong=True)
        yield Paragraph("")
        return
    best = today - timedelta(days=len(counts) - 1 - counts.index(most))
    about = (
        f"{name} a day   today {counts[-1]:,}, {total:,} in {counted(len(counts), 'day')},"
        f" most {most:,} on {_day(best)}"
    )
    yield Paragraph(fit(about, width).rstrip(), is_strong=True)
    cells = max(2, min(3, (width - _MARGIN) // len(counts)))
    for number, line in enumerate(columns(counts, HEIGHT, cells)):
        label = _short(most) if number == 0 else ("0" if number == HEIGHT - 1 else "")
        yield Paragraph(f"{label:>{_MARGIN - 2}} │{line}".rstrip())
    yield Paragraph(" " * _MARGIN + _axis(len(counts), today, cells), is_quiet=True)
    yield Paragraph("")


def _axis(days: int, today: date, cells: int) -> str:
    """Return the days below their bars: Mondays, but for what is too near the end; and today."""
    line = ""
    for number in range(days):
        day = today - timedelta(days=days - 1 - number)
        text = f"{day.day} {day:%b}"
        is_room = number * cells + len(text) < (days - 1) * cells - len("today")
        if day.weekday() == 0 and is_room and len(line) <= number * cells:
            line = line.ljust(number * cells) + text
    end = days * cells - 1
    return line.ljust(end - len("today")) + "today"


def _day(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b}"


def _short(count: int) -> str:
    """Return a number in at most six cells: ``1,204``, ``12.3k``, ``1.2M``."""
    if count < 10_000:
        return f"{count:,}"
    return f"{count / 1000:.1f}k" if count < 999_950 else f"{count / 1_000_000:.1f}M"


def _streak(numbers: Statistics) -> str:
    streak = numbers.streak
    if not streak.longest:
        return "No decision yet: a streak begins with the first."
    if not streak.present:
        return f"No streak now; the longest was {counted(streak.longest, 'day')} with decisions."
    told = f"Decisions {counted(streak.present, 'day')} in a row"
    if not numbers.decided[-1]:
        told += ", none yet today"
    if streak.longest > streak.present:
        return f"{told}; the longest streak was {counted(streak.longest, 'day')}."
    return f"{told}, the longest streak so far." if streak.longest > 1 else f"{told}."


# --- tables


def _share_tables(numbers: Statistics, width: int) -> tuple[list[str], list[str]]:
    return (
        _share_table("Starred of those decided, by feed", numbers.feeds, width),
        _share_table("Starred of those decided, by venue", numbers.venues, width),
    )


def _share_table(heading: str, shares: Sequence[Share], width: int) -> list[str]:
    """Return a line a share: name, percent, a bar, how many of how many."""
    rows = [
        (clean(share.name), round(100 * share.starred / share.decided),
         f"{share.starred:,} of {share.decided:,}")
        for share in shares
    ]  # fmt: skip
    last = max((len(of) for *_, of in rows), default=0)
    bars = max(4, width // 5)
    room = max(4, width - bars - last - 8)
    return [
        heading,
        *(
            f"{fit(name, room)} {percent:>3} % {bar(percent, 100, bars)} {of:>{last}}"
            for name, percent, of in rows
        ),
        *(() if rows else _NO_LINES),
    ]


def _other_tables(numbers: Statistics, width: int) -> tuple[list[str], list[str]]:
    return _inbox_table(numbers.inbox, width), _done_table(numbers, width)


def _inbox_table(inbox: Inbox, width: int) -> list[str]:
    if not inbox.papers:
        return ["Inbox", "empty"]
    ages = (
        ("today", inbox.today),
        ("this week", inbox.week),
        ("this month", inbox.month),
        ("older", inbox.older),
    )
    heading = (
        f"Inbox {inbox.papers:,}   oldest {counted(inbox.oldest_days, 'day')},"
        f" median {counted(inbox.median_days, 'day')}"
    )
    return [heading, *_bars(ages, width)]


def _done_table(numbers: Statistics, width: int) -> list[str]:
    if not any(numbers.done):
        return ["Done a week", f"nothing in {counted(len(numbers.done), 'week')}"]
    monday = numbers.today - timedelta(days=numbers.today.weekday())
    weeks = [
        (_week(monday - timedelta(weeks=back)) if back else "this week", count)
        for back, count in enumerate(reversed(numbers.done))
    ]
    return [f"Done a week   {sum(numbers.done):,} in {counted(len(weeks), 'week')}",
            *_bars(weeks, width)]  # fmt: skip


def _week(monday: date) -> str:
    return f"from {monday.day} {monday:%b}"


def _bars(rows: Sequence[tuple[str, int]], width: int) -> Iterator[str]:
    """Yield a line a row: its name, its number, its bar."""
    most = max(count for _, count in rows)
    names = max(len(name) for name, _ in rows)
    numbers = max(len(f"{count:,}") for _, count in rows)
    room = max(4, min(30, width - names - numbers - 3))
    for name, count in rows:
        yield f"{name:<{names}} {count:>{numbers},} {bar(count, most, room)}"
