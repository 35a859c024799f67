"""Numbers of a tray: days, shares, streaks and what waits, by local days."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest

from papertray.core.model import Pile
from papertray.notebook.feeds import AddOptions
from papertray.notebook.notebook import Notebook
from papertray.notebook.statistics import Inbox, Statistics, Streak, start_of, streak_of
from papertray.store.rules import Action
from papertray.store.statistics import Share

from trays import ZONE, SteppingClock, add_lines, open_notebook, works

MONDAY = datetime(2026, 11, 23, 12, tzinfo=ZONE)


@pytest.fixture
def clock() -> SteppingClock:
    """A clock that stands still until it is moved: nine days before Monday noon at first."""
    still = SteppingClock(step=0)
    still.moment = MONDAY - timedelta(days=9)
    return still


@pytest.fixture
def notebook(tmp_path: Path, clock: SteppingClock) -> Iterator[Notebook]:
    """An empty tray."""
    with open_notebook(tmp_path, clock=clock) as opened:
        yield opened


def count(notebook: Notebook) -> Statistics:
    """Return the numbers of a tray."""
    numbers = notebook.statistics()
    assert numbers is not None
    return numbers


def test_an_empty_tray_has_numbers(notebook: Notebook) -> None:
    numbers = count(notebook)
    assert (sum(numbers.added), sum(numbers.decided), sum(numbers.done)) == (0, 0, 0)
    assert numbers.inbox == Inbox(0, 0, 0, 0, 0, 0, 0)
    assert (numbers.feeds, numbers.venues, numbers.streak) == ([], [], Streak(0, 0))


def test_days_are_local_and_end_at_midnight(notebook: Notebook, clock: SteppingClock) -> None:
    for number, hour in enumerate((0, 23)):
        # In the tests' zone, an hour before London: 0:30 there is still the day before in UTC.
        clock.moment = datetime(2026, 11, 22, hour, 30, tzinfo=ZONE)
        add_lines(notebook, works(3, first=3 * number))
    clock.moment = datetime(2026, 11, 23, 0, 0, tzinfo=ZONE)
    add_lines(notebook, works(1, first=6))
    numbers = count(notebook)
    assert numbers.today == date(2026, 11, 23)
    assert numbers.added[-3:] == [0, 6, 1]


def test_decisions_count_where_they_hold_and_are_hers(
    notebook: Notebook, clock: SteppingClock
) -> None:
    add_lines(notebook, works(6))
    notebook.rules.add("title:7", Action(pile=Pile.SKIP))
    clock.moment += timedelta(hours=1)
    add_lines(notebook, works(1, first=7))
    assert notebook.papers.entry(7).pile is Pile.SKIP, "by a rule"
    add_lines(notebook, works(2, first=20), AddOptions(pile=Pile.READ))
    clock.moment = MONDAY - timedelta(days=1)
    notebook.papers.move([1, 2, 3], Pile.STARRED)
    notebook.papers.move([4], Pile.SKIP)
    notebook.papers.move([4], Pile.INBOX)
    clock.moment = MONDAY
    notebook.papers.move([1], Pile.READ)
    numbers = count(notebook)
    assert numbers.decided[-2:] == [2, 1]
    assert sum(numbers.decided) == 3
    assert numbers.streak == Streak(2, 2)
    notebook.journal.undo()
    assert count(notebook).decided[-2:] == [3, 0]


def test_shares_by_feed_and_venue(notebook: Notebook, clock: SteppingClock, tmp_path: Path) -> None:
    def add(feed: str, records: list[dict[str, object]]) -> None:
        clock.moment += timedelta(days=1)
        file = tmp_path / feed
        file.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
        notebook.feeds.add([str(file)], BytesIO())

    venues: tuple[dict[str, object], ...] = (
        {"venue": {"name": "A Long Name", "short": "ICML"}}, {"venue": "Journal"}, {},
    )  # fmt: skip
    for number, venue in enumerate(venues):
        add(f"{number}.jsonl", [{**work, **venue} for work in works(4, first=4 * number)])
    # A paper that two feeds list counts for both, and once however often it is listed.
    for votes in range(2):
        add("1.jsonl", [{**works(1)[0], "votes": votes}])
    notebook.papers.move([1, 2, 5], Pile.STARRED)
    notebook.papers.move([3, 6, 9], Pile.SKIP)
    numbers = count(notebook)
    assert [(share.starred, share.decided) for share in numbers.feeds] == [(2, 3), (2, 3), (0, 1)]
    assert {share.name for share in numbers.feeds} == {"0", "1", "2"}
    assert numbers.venues == [Share("ICML", 2, 3), Share("Journal", 1, 2)]


def test_what_waits_and_for_how_long(notebook: Notebook, clock: SteppingClock) -> None:
    for number, days in enumerate((50, 20, 3, 1, 0)):
        clock.moment = MONDAY - timedelta(days=days)
        add_lines(notebook, works(1 + number, first=10 * number))
    clock.moment = MONDAY
    assert count(notebook).inbox == Inbox(15, 50, 1, 5, 7, 2, 1)
    notebook.papers.snooze([1, 15], date(2026, 12, 1).isoformat())
    assert count(notebook).inbox == Inbox(13, 20, 1, 4, 7, 2, 0)


def test_done_by_weeks(notebook: Notebook, clock: SteppingClock) -> None:
    add_lines(notebook, works(4))
    for paper, days in ((1, 8), (2, 1), (3, 0), (4, 0)):
        clock.moment = MONDAY - timedelta(days=days)
        notebook.papers.set_done([paper], done=True)
    assert count(notebook).done[-3:] == [1, 1, 2]


@pytest.mark.parametrize(
    ("days", "streak"),
    [
        ("", Streak(0, 0)),
        ("23", Streak(1, 1)),
        ("22", Streak(1, 1)),
        ("21", Streak(0, 1)),
        ("23 22 21", Streak(3, 3)),
        ("22 21 19 18 17 16 1", Streak(2, 4)),
        ("20 19 2", Streak(0, 2)),
    ],
)
def test_streaks(days: str, streak: Streak) -> None:
    found = [date(2026, 11, int(day)) for day in days.split()]
    assert streak_of(found, date(2026, 11, 23)) == streak


def test_a_day_begins_where_its_zone_says() -> None:
    assert start_of(date(2026, 11, 23), ZONE) == "2026-11-22T23:00:00.000Z"
    assert start_of(date(2026, 11, 23), UTC) == "2026-11-23T00:00:00.000Z"


def test_counting_can_be_stopped(notebook: Notebook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("papertray.store.tray.STEPS", 1)
    assert notebook.statistics(lambda: True) is None


def test_everything_is_read_by_an_index(
    notebook: Notebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_lines(notebook, works(3))
    notebook.papers.move([1], Pile.STARRED)
    plans = _plans(monkeypatch, notebook)
    assert len(plans) > 60
    for sql, plan in plans:
        for table in ("paper", "standing", "listing", "op", "l", "p", "s"):
            assert f"SCAN {table}\n" not in plan, (sql, plan)


def _plans(monkeypatch: pytest.MonkeyPatch, notebook: Notebook) -> list[tuple[str, str]]:
    """Return the queries that counting makes, and how SQLite answers each."""
    asked: list[str] = []
    from papertray.store import tray
    from papertray.store.connection import connect

    def traced(opened: Callable[..., sqlite3.Connection]) -> Callable[..., sqlite3.Connection]:
        def connect_traced(*args: object, **how: object) -> sqlite3.Connection:
            connection = opened(*args, **how)
            connection.set_trace_callback(asked.append)
            return connection

        return connect_traced

    monkeypatch.setattr(tray, "connect", traced(connect))
    count(notebook)
    plans = []
    with sqlite3.connect(notebook.places.database) as connection:
        for sql in asked:
            if sql.startswith("SELECT"):
                rows = connection.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall()
                plans.append((sql, "".join(f"{row[3]}\n" for row in rows)))
    return plans
