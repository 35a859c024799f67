"""The page of statistics, from numbers: bars, words, and how they fit."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from rich.cells import cell_len

from papertray.notebook.statistics import DAYS, WEEKS, Inbox, Statistics, Streak
from papertray.store.statistics import Share
from papertray.tui.charts import bar, columns
from papertray.tui.statistics_shown import paragraphs

NOTHING = Statistics(
    date(2026, 11, 23), [0] * DAYS, [0] * DAYS, [0] * WEEKS, Streak(0, 0),
    Inbox(0, 0, 0, 0, 0, 0, 0), [], [],
)  # fmt: skip

SOME = replace(
    NOTHING,
    added=[0] * 27 + [4, 2, 1],
    decided=[0] * 28 + [12_345, 0],
    done=[0] * 6 + [2, 3],
    streak=Streak(5, 12),
    inbox=Inbox(174, 23, 3, 25, 86, 40, 23),
    feeds=[Share("cs.CL", 12, 1204), Share("HF daily \x1b[2J[MASK] " + "long " * 9, 1, 2)],
    venues=[Share("ICML", 5, 10)],
)

WIDTHS = (18, 40, 78, 98, 118, 198)


def page(numbers: Statistics, width: int = 78) -> list[str]:
    """Return the lines of the page."""
    return [paragraph.text for paragraph in paragraphs(numbers, width)]


@pytest.mark.parametrize(
    ("counts", "height", "width", "lines"),
    [
        ([], 2, 2, ["", ""]),
        ([0, 0], 2, 2, ["    ", "    "]),
        ([8, 4, 0], 1, 2, ["█ ▄   "]),
        ([16, 12, 8, 1], 2, 2, ["█ ▄     ", "█ █ █ ▁ "]),
        ([1, 10**6], 1, 3, ["▁▁ ██ "]),
    ],
)
def test_bars_upwards(counts: list[int], height: int, width: int, lines: list[str]) -> None:
    assert columns(counts, height, width) == lines


@pytest.mark.parametrize(
    ("count", "most", "shown"),
    [(0, 9, "    "), (9, 9, "████"), (1, 1000, "▏   "), (3, 8, "█▌  "), (0, 0, "    ")],
)
def test_a_bar_to_the_right(count: int, most: int, shown: str) -> None:
    assert bar(count, most, 4) == shown


def test_the_words_without_any_numbers() -> None:
    assert [line for line in page(NOTHING) if line] == [
        "Papers a day   none in 30 days",
        "Decisions a day   none in 30 days",
        "No decision yet: a streak begins with the first.",
        "Starred of those decided, by feed",
        "nothing yet",
        "Starred of those decided, by venue",
        "nothing yet",
        "Inbox",
        "empty",
        "Done a week",
        "nothing in 8 weeks",
    ]


def test_every_bar_has_its_number_beside() -> None:
    lines = page(SOME)
    assert lines[0] == "Papers a day   today 1, 7 in 30 days, most 4 on Sat 21 Nov"
    assert lines[1].split() == ["4", "│", "█"]
    assert lines[4].split() == ["0", "│", "█", "█", "█"]
    assert lines[5].split() == "26 Oct 2 Nov 9 Nov 16 Nov today".split()
    assert "12.3k │" in lines[8]
    assert any(line.split() == ["cs.CL", "1", "%", "▏", "12", "of", "1,204"] for line in lines)
    assert "Inbox 174   oldest 23 days, median 3 days" in lines
    assert any(line.startswith("this week  86 ███") for line in lines)
    assert any(line.startswith("from 16 Nov 2 ███") for line in lines)
    assert "Done a week   5 in 8 weeks" in lines


@pytest.mark.parametrize(
    ("streak", "today", "words"),
    [
        (Streak(5, 12), 0, "Decisions 5 days in a row, none yet today; the longest streak was 12"),
        (Streak(5, 12), 3, "Decisions 5 days in a row; the longest streak was 12 days."),
        (Streak(5, 5), 3, "Decisions 5 days in a row, the longest streak so far."),
        (Streak(1, 1), 3, "Decisions 1 day in a row."),
        (Streak(0, 12), 0, "No streak now; the longest was 12 days with decisions."),
    ],
)
def test_the_streak_in_words(streak: Streak, today: int, words: str) -> None:
    numbers = replace(NOTHING, streak=streak, decided=[0] * 29 + [today])
    assert any(line.startswith(words) for line in page(numbers, 98))


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("numbers", [NOTHING, SOME])
def test_it_fits_and_is_clean(numbers: Statistics, width: int) -> None:
    for line in page(numbers, width):
        assert cell_len(line) <= width or width < 76, "in less the pane wraps what is too long"
        assert line.isprintable()


def test_tables_stand_side_by_side_where_there_is_room() -> None:
    (line,) = (line for line in page(SOME, 118) if "by feed" in line)
    assert "by venue" in line
    assert len(page(SOME, 118)) <= 38, "one screen of forty lines"
