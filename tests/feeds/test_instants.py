"""Dates and times as feeds write them."""

from __future__ import annotations

import pytest

from papertray.feeds.instants import date_in, instant_in


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2022-02-24T15:05:19Z", "2022-02-24T15:05:19.000Z"),
        ("2026-11-20T00:00:00-05:00", "2026-11-20T05:00:00.000Z"),
        ("2026-11-20", "2026-11-20T00:00:00.000Z"),
        ("Mon, 2 Apr 2007 19:18:42 GMT", "2007-04-02T19:18:42.000Z"),
        ("Fri, 20 Nov 2026 00:00:00 -0500", "2026-11-20T05:00:00.000Z"),
        ("20 November 2026 01:02 EST", "2026-11-20T06:02:00.000Z"),
        ("Fri, 20 Nov 2026", "2026-11-20T00:00:00.000Z"),
        ("Fri, 31 Feb 2026 00:00:00 GMT", ""),
        ("Fri, 20 Foo 2026 00:00:00 GMT", ""),
        ("Fri, 20 Nov 2026 25:00:00 GMT", ""),
        ("0001-01-01", ""),
        ("soon", ""),
        (" " * 100_000 + "1", ""),
        ("", ""),
    ],
)
def test_instants(text: str, instant: str) -> None:
    assert instant_in(text) == instant


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2022-02-24T15:05:19Z", (2022, 2, 24)),
        ("2022-02-24", (2022, 2, 24)),
        ("2022-12-31T23:30:00-05:00", (2023, 1, 1)),
        ("Mon, 2 Apr 2007 19:18:42 GMT", (2007, 4, 2)),
        ("2022-13-01", (None, None, None)),
        ("2022", (None, None, None)),
        ("", (None, None, None)),
    ],
)
def test_dates(text: str, date: tuple[int | None, ...]) -> None:
    assert date_in(text) == date
