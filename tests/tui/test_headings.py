"""Headings between the rows of a list: from rows to lines and back, whatever is taken out."""

from __future__ import annotations

from itertools import groupby

from hypothesis import given
from hypothesis import strategies as st

from papertray.tui.headings import Headings

LISTS = st.lists(st.integers(0, 6), max_size=40).map(sorted)
"""The groups of some rows, in order."""


def headings_of(groups: list[int], stop: int | None = None) -> Headings:
    """Return the headings of rows that belong to `groups`."""
    starts = [row for row, group in enumerate(groups) if not row or groups[row - 1] != group]
    return Headings(starts, stop)


def lines_of(groups: list[int], stop: int | None) -> list[tuple[int, bool]]:
    """Return what stands on each line, the plain way: a row, and whether it is its heading."""
    lines = []
    for row, group in enumerate(groups):
        if row == stop or not row or groups[row - 1] != group:
            lines.append((row, True))
        lines.append((row, False))
    return lines


@given(LISTS, st.none() | st.integers(0, 39))
def test_each_line_is_a_row_or_the_heading_above_one(groups: list[int], stop: int | None) -> None:
    stop = stop if stop is not None and stop < len(groups) else None
    headings = headings_of(groups, stop)
    expected = lines_of(groups, stop)
    assert [headings.row_at(line) for line in range(len(expected))] == expected
    assert len(groups) + len(headings) == len(expected)
    for line, (row, is_heading) in enumerate(expected):
        if is_heading:
            assert headings.has_heading(row)
        else:
            assert headings.line_of(row) == line
    assert headings.row_at(len(expected)) == (len(groups), False)


@given(LISTS)
def test_a_group_knows_its_size(groups: list[int]) -> None:
    headings = headings_of(groups)
    sizes = [len(list(rows)) for _, rows in groupby(groups)]
    assert [headings.size_of(row, len(groups)) for row in headings.groups] == sizes


@given(LISTS, st.lists(st.tuples(st.booleans(), st.integers(0, 60)), max_size=30))
def test_headings_follow_what_is_taken_out_and_put_in(
    groups: list[int], deeds: list[tuple[bool, int]]
) -> None:
    headings = headings_of(groups)
    had_groups = bool(groups)
    for puts_in, number in deeds:
        if puts_in and groups:
            group = number % 8
            row = sum(1 for each in groups if each < group)  # first of its group
            begins = row < len(groups) and groups[row] == group
            headings.put_in(row, is_new=not begins, begins=begins)
            groups.insert(row, group)
        elif not puts_in and groups:
            row = number % len(groups)
            headings.take_out(row, len(groups))
            del groups[row]
        if not groups:
            break
    assert not had_groups or list(headings.groups) == list(headings_of(groups).groups)


def test_where_one_stopped_stays_above_the_next_row_when_that_is_taken_out() -> None:
    headings = Headings((), stop=2)
    headings.take_out(2, 5)
    assert headings.stop == 2
    headings.take_out(0, 4)
    assert headings.stop == 1
    headings.put_in(0, is_new=False, begins=False)
    assert headings.stop == 2


def test_where_one_stopped_goes_with_the_last_row() -> None:
    headings = Headings((), stop=1)
    headings.take_out(1, 2)
    assert headings.stop is None
    assert not len(headings)
