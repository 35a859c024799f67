"""Dates as people write them: what is sure is taken, what is not is left out."""

from __future__ import annotations

import pytest

from papertray.feeds.written_dates import WrittenDate, written_date

DATES = [
    ("2015", (2015, None, None, True)),
    ("1999.0", (1999, None, None, True)),
    ("2014//", (2014, None, None, True)),
    ("2015/03//", (2015, 3, None, True)),
    ("2005/07/15", (2005, 7, 15, True)),
    ("2005-7-5", (2005, 7, 5, True)),
    ("2005-07-15T10:00:00Z", (2005, 7, 15, True)),
    ("2001/00/00/", (2001, None, None, True)),
    ("1998///Dec", (1998, 12, None, True)),
    ("FEB 2011", (2011, 2, None, True)),
    ("JUN 28 2011", (2011, 6, 28, True)),
    ("September 15th, 2018", (2018, 9, 15, True)),
    ("15 Sept. 2018", (2018, 9, 15, True)),
    ("Sep 18", (None, 9, 18, True)),
    ("15/10/2014", (2014, 10, 15, True)),
    ("10/15/2014", (2014, 10, 15, True)),
    ("03/04/2015", (2015, None, None, False)),
    ("JAN-FEB 2010", (2010, 1, None, False)),
    ("Spring 2010", (2010, None, None, False)),
    ("2010-2012", (2010, None, None, False)),
    ("2015-13-45", (2015, None, None, False)),
    ("2020-02-30", (2020, 2, None, False)),
    ("30/02/2020", (2020, 2, None, False)),
    ("31 April 2020", (2020, 4, None, False)),
    ("2020-02-29", (2020, 2, 29, True)),
    ("2021-02-29", (2021, 2, None, False)),
    ("2020 03 12.", (2020, 3, 12, True)),
    ("2020.", (2020, None, None, True)),
    ("c1998", (1998, None, None, False)),
    ("Marxism", (None, None, None, False)),
    ("10 15", (None, None, None, False)),
    ("99", (None, None, None, False)),
    ("YEAR/MONTH/DAY/", (None, None, None, False)),
    ("", (None, None, None, False)),
    ("2015 " * 100, (None, None, None, False)),
]


@pytest.mark.parametrize(("text", "date"), DATES)
def test_written_dates(text: str, date: tuple[int | None, int | None, int | None, bool]) -> None:
    assert written_date(text) == WrittenDate(*date)
