"""The line about a session: today, left, pace and end, by a clock that is moved by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from papertray.core.model import Pile
from papertray.tui.session import Session


class Watch:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Return the time."""
        return self.time

    def pass_by(self, seconds: float) -> None:
        """Let time pass."""
        self.time += timedelta(seconds=seconds)


@pytest.fixture
def watch() -> Watch:
    """A clock that shows nine in the morning."""
    return Watch()


def decide(session: Session, watch: Watch, times: int, seconds: float = 12) -> None:
    """Skip some papers, one after so many seconds."""
    for _ in range(times):
        watch.pass_by(seconds)
        session.decided({Pile.SKIP: 1})


def test_before_any_decision_there_is_nothing_to_say(watch: Watch) -> None:
    assert Session(watch).line(100) == ""


def test_the_whole_line(watch: Watch) -> None:
    session = Session(watch)
    session.counted({Pile.STARRED: 2, Pile.READ: 7, Pile.SKIP: 19, Pile.INBOX: 5})
    decide(session, watch, 10)
    session.left = 174
    assert session.line(100) == (
        "38 today: 2 star, 7 read, 29 skip   174 left, 5.0 a min, until about 09:36"
    )
    assert session.line(60) == "38 today, 174 left, ~35 min"


def test_a_pace_needs_some_decisions(watch: Watch) -> None:
    session = Session(watch)
    decide(session, watch, 4)
    assert session.pace is None
    decide(session, watch, 1)
    assert session.pace == pytest.approx(5)


def test_pauses_and_many_at_once_do_not_count(watch: Watch) -> None:
    session = Session(watch)
    decide(session, watch, 10)
    watch.pass_by(3600)
    session.decided({Pile.SKIP: 1})
    watch.pass_by(10)
    session.decided({Pile.SKIP: 400})
    assert session.pace == pytest.approx(5)
    assert session.line(100).startswith("411 today: 411 skip")


def test_what_is_taken_back_is_not_done(watch: Watch) -> None:
    session = Session(watch)
    decide(session, watch, 3)
    session.decided({Pile.SKIP: -1})
    assert session.line(100).startswith("2 today: 2 skip")
    session.decided({Pile.SKIP: -9})
    assert session.line(100) == ""


@pytest.mark.parametrize(
    ("left", "end"), [(5, "until about 09:02"), (6000, "until about tomorrow"),
                      (60_000, "until about in 8 days")]
)  # fmt: skip
def test_the_end_may_be_far(watch: Watch, left: int, end: str) -> None:
    session = Session(watch)
    decide(session, watch, 5)
    session.left = left
    assert session.line(200).endswith(end)


def test_a_budget_counts_down_and_can_begin_again(watch: Watch) -> None:
    session = Session(watch, budget=1200)
    assert session.line(100) == "20 min to go"
    decide(session, watch, 6, seconds=10)
    session.left = 30
    assert session.line(100).startswith("19 min to go   6 today: 6 skip   30 left, 6.0 a min")
    watch.pass_by(1100)
    assert session.line(40) == "40 s to go   6 today, 30 left, ~5 min"
    assert not session.is_over
    watch.pass_by(60)
    assert session.is_over
    assert session.summary() == [
        "Decided: 6 papers (6 skip).",
        "30 left in the inbox: 5 min at 6.0 a minute, until about 09:25.",
    ]
    session.go_on()
    assert not session.is_over
    assert session.length == "20 min"


def test_a_summary_of_little(watch: Watch) -> None:
    session = Session(watch, budget=7500)
    assert session.length == "2 h 5 min"
    assert session.summary() == ["Nothing was decided.", "The inbox is empty."]
    session.left = 3
    assert session.summary()[1] == "3 left in the inbox."
