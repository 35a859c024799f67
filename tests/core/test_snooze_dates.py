"""Days to come, as people write them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papertray.core.snooze_dates import EXAMPLES, snooze_date

MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("tomorrow", "2026-11-24"),
        (" Tomorrow ", "2026-11-24"),
        ("monday", "2026-11-30"),
        ("tue", "2026-11-24"),
        ("next friday", "2026-11-27"),
        ("next week", "2026-11-30"),
        ("next month", "2026-12-01"),
        ("december", "2026-12-01"),
        ("nov", "2027-11-01"),
        ("1d", "2026-11-24"),
        ("2w", "2026-12-07"),
        ("1m", "2026-12-23"),
        ("3m", "2027-02-23"),
        ("1y", "2027-11-23"),
        ("2026-12-24", "2026-12-24"),
        ("2027-1-5", "2027-01-05"),
    ],
)
def test_days_to_come(text: str, day: str) -> None:
    assert snooze_date(text, MONDAY).isoformat() == day


def test_a_month_after_a_long_one_ends_with_the_short_one() -> None:
    assert snooze_date("1m", date(2027, 1, 31)) == date(2027, 2, 28)


@pytest.mark.parametrize(
    "text", ["", "x", "3", "0x", "2026-02-30", "2026-13-01", "d", "next", "7q"]
)
def test_what_is_no_day_is_told_with_examples(text: str) -> None:
    with pytest.raises(ValueError, match="is no day; tomorrow, monday, 3d, 2w, 1m or 2026-12-24"):
        snooze_date(text, MONDAY)


@pytest.mark.parametrize("text", ["today", "2026-11-23", "2020-01-01", "0d", "0w"])
def test_a_day_that_has_begun_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="is not after today, 2026-11-23"):
        snooze_date(text, MONDAY)


@given(text=st.text(max_size=12) | st.from_regex(r"\d{0,5}[dwmy]", fullmatch=True),
       today=st.dates(date(1990, 1, 1), date(2200, 1, 1)))  # fmt: skip
def test_whatever_is_typed_is_a_later_day_or_a_sentence(text: str, today: date) -> None:
    said = ""
    try:
        assert snooze_date(text, today) > today
    except ValueError as error:
        said = str(error)
    assert said == "" or said.endswith(".")


@given(today=st.dates(date(1990, 1, 1), date(2200, 1, 1)))
def test_the_examples_are_days_on_every_day(today: date) -> None:
    for example in EXAMPLES:
        assert snooze_date(example, today) > today
