"""Statistics: the last weeks of a tray in numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from papertray.core.clock import SystemClock, instant
from papertray.store import statistics as stored
from papertray.store.statistics import LATELY, Share, Waiting
from papertray.store.tray import Tray

DAYS = 30
"""Days that are told one by one."""

WEEKS = 8
"""Weeks that are told one by one."""


@dataclass(frozen=True, slots=True)
class Streak:
    """Days in a row with decisions: until today or yesterday, and the longest ever."""

    present: int
    longest: int


@dataclass(frozen=True, slots=True)
class Inbox:
    """What waits: its number, days since the oldest and the median paper came, and since when.

    `today`, `week` and `month` count what came today, in the six days before, and in the 23 before
    those; `older` the rest.
    """

    papers: int
    oldest_days: int
    median_days: int
    today: int
    week: int
    month: int
    older: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """The numbers of a tray. `today` is the last of the days; weeks begin on Mondays.

    `added` and `decided` have a count a day, `done` one a week, the last of each for the present
    one. Shares are those of the last `lately` decisions.
    """

    today: date
    added: Sequence[int]
    decided: Sequence[int]
    done: Sequence[int]
    streak: Streak
    inbox: Inbox
    feeds: Sequence[Share]
    venues: Sequence[Share]
    lately: int = LATELY


def count_statistics(
    tray: Tray, is_stopped: Callable[[], bool] = lambda: False
) -> Statistics | None:
    """Return the numbers of a tray as they are now, None once `is_stopped`.

    Takes about a second at a million papers: for a worker thread. Raises `TrayLocked`.
    """
    now = tray.now()
    # By a clock of the tray's own, days begin in its zone; else in the machine's on each day.
    zone = None if isinstance(tray.clock, SystemClock) else now.tzinfo
    today = now.astimezone(zone).date()
    days = [today - timedelta(days=back) for back in range(DAYS - 1, -2, -1)]
    starts = [start_of(day, zone) for day in days]
    monday = today - timedelta(days=today.weekday())
    mondays = [monday - timedelta(weeks=back) for back in range(WEEKS - 1, -1, -1)]
    with tray.sorter(is_stopped) as connection:
        alone = stored.by_themselves(connection)
        waiting = stored.waiting(connection, today.isoformat())
        since = [
            stored.waiting_since(connection, today.isoformat(), start_of(first, zone))
            for first in (today, today - timedelta(days=6), today - timedelta(days=29))
        ]
        return Statistics(
            today,
            stored.added_between(connection, starts),
            stored.decided_between(connection, starts, alone),
            by_week(stored.done_since(connection, mondays[0].isoformat()), mondays),
            streak_of(
                [
                    day_of(start, zone)
                    for start in stored.decision_days(
                        connection, lambda moment: start_of(day_of(moment, zone), zone), alone
                    )
                ],
                today,
            ),
            inbox_of(waiting, since, today, zone),
            stored.shares_of_feeds(connection, alone),
            stored.shares_of_venues(connection, alone),
        )
    return None


def day_of(moment: str, zone: tzinfo | None) -> date:
    """Return the local day of an instant of a table; `zone` None: the machine's."""
    return datetime.fromisoformat(moment).astimezone(zone).date()


def start_of(day: date, zone: tzinfo | None) -> str:
    """Return the instant at which a local day begins, as tables hold it."""
    midnight = datetime.combine(day, time(), zone)
    return instant(midnight if zone is not None else midnight.astimezone())


def streak_of(days: Sequence[date], today: date) -> Streak:
    """Return the streaks among the days with decisions, which come newest first.

    One that ended yesterday still counts: today is not over.
    """
    runs: list[list[date]] = []
    for day in days:
        if runs and runs[-1][-1] - day == timedelta(days=1):
            runs[-1].append(day)
        else:
            runs.append([day])
    is_present = bool(runs) and today - runs[0][0] <= timedelta(days=1)
    return Streak(len(runs[0]) if is_present else 0, max(map(len, runs), default=0))


def by_week(done: dict[str, int], mondays: Sequence[date]) -> list[int]:
    """Return how many of the counts by day fall into each of the weeks; days to come into none."""
    weeks = dict.fromkeys(mondays, 0)
    for text, count in done.items():
        day = date.fromisoformat(text)
        monday = day - timedelta(days=day.weekday())
        if monday in weeks:
            weeks[monday] += count
    return list(weeks.values())


def inbox_of(waiting: Waiting, since: Sequence[int], today: date, zone: tzinfo | None) -> Inbox:
    """Return what waits. `since` counts what came today, in seven days, and in thirty."""

    def days(moment: str) -> int:
        return max(0, (today - day_of(moment, zone)).days) if moment else 0

    of_today, of_week, of_month = since
    return Inbox(
        waiting.papers, days(waiting.oldest), days(waiting.median), of_today,
        of_week - of_today, of_month - of_week, waiting.papers - of_month,
    )  # fmt: skip
