"""The papers of a view in order and groups, whole or as a page around one of them."""

from __future__ import annotations

from datetime import UTC, timedelta, timezone, tzinfo
from itertools import groupby

import pytest

from papertray.store.papers import View
from papertray.store.search_order import SORTS, parse_sort
from papertray.store.tray import Tray
from papertray.store.views import (
    Arrangement,
    Grouping,
    Listed,
    arrange,
    day_of,
    list_view,
    page_around,
)

from made_up_papers import add_paper

TODAY = "2026-11-23"

EAST = timezone(timedelta(hours=9))


@pytest.fixture
def papers(tray: Tray) -> Tray:
    """Sixty papers of three nights, of venues in either case and none, every tenth skipped."""
    with tray.write() as connection:
        for number in range(60):
            add_paper(
                connection,
                f"Paper {number * 7 % 60}",
                pile="skip" if number % 10 == 3 else "inbox",
                added=f"2026-11-{20 + number % 3}T{13 + number % 2 * 4:02d}:00:00.000Z",
                venue=("ACL", "acl", "NeurIPS", "")[number % 4],
                title_key=f"paper{number * 7 % 60:02d}",
                year=2000 + number % 5,
            )
    return tray


def listed(tray: Tray, arrangement: Arrangement, view: View = View.INBOX) -> Listed:
    """Return a whole view."""
    return list_view(tray.reader(), view, TODAY, arrangement)


@pytest.mark.parametrize("grouping", Grouping)
@pytest.mark.parametrize("sort", SORTS)
def test_each_order_lists_each_paper_once_and_in_groups(
    papers: Tray, sort: str, grouping: Grouping
) -> None:
    plain = listed(papers, Arrangement())
    found = listed(papers, Arrangement(parse_sort(sort), grouping, UTC))
    assert sorted(found.ids) == sorted(plain.ids)
    assert len(found.ids) == 54
    expected = {Grouping.NONE: 0, Grouping.DAY: 3, Grouping.FEED: 1, Grouping.VENUE: 4}
    assert len(found.starts) == expected[grouping]
    assert (
        arrange(papers.reader(), plain.ids, Arrangement(parse_sort(sort), grouping, UTC)) == found
    )


@pytest.mark.parametrize(("zone", "days"), [(UTC, 3), (EAST, 4)])
@pytest.mark.parametrize("sort", ["added", "title"])
def test_days_begin_where_the_user_is(papers: Tray, zone: tzinfo, days: int, sort: str) -> None:
    found = listed(papers, Arrangement(parse_sort(sort), Grouping.DAY, zone))
    added = dict(papers.reader().execute("SELECT paper_id, added FROM standing").fetchall())
    order = [day_of(added[paper_id], zone) for paper_id in found.ids]
    assert [day for day, _ in groupby(order)] == sorted(set(order), reverse=True)
    assert len(found.starts) == days
    assert list(found.starts) == [
        place for place, day in enumerate(order) if not place or order[place - 1] != day
    ]


@pytest.mark.parametrize("count", [1, 5, 100])
def test_a_page_around_a_paper_is_a_piece_of_the_view(papers: Tray, count: int) -> None:
    arrangement = Arrangement(grouping=Grouping.DAY, zone=UTC)
    whole = listed(papers, arrangement)
    for place, paper_id in enumerate(whole.ids):
        page, index = page_around(papers.reader(), View.INBOX, TODAY, paper_id, count, arrangement)
        first = max(0, place - count)
        assert list(page.ids) == list(whole.ids[first : place + count])
        assert index == place - first
        within = [start - first for start in whole.starts if first <= start < first + len(page.ids)]
        # Where the page begins in the middle, nobody knows whether a group does there.
        assert [start for start in page.starts if start] == [start for start in within if start]


def test_a_paper_that_left_the_view_has_its_place_in_it(papers: Tray) -> None:
    (gone,) = (
        papers.reader()
        .execute(
            "SELECT paper_id FROM standing WHERE pile = 'skip' ORDER BY added DESC LIMIT 1 OFFSET 2"
        )
        .fetchone()
    )
    arrangement = Arrangement()
    page, index = page_around(papers.reader(), View.INBOX, TODAY, gone, 100, arrangement)
    order = "SELECT added, -paper_id FROM standing WHERE paper_id = ?"
    key = papers.reader().execute(order, (gone,)).fetchone()
    before = [
        paper_id
        for paper_id in page.ids
        if papers.reader().execute(order, (paper_id,)).fetchone() > key
    ]
    assert len(before) == index
    assert gone not in page.ids


def test_around_a_paper_that_never_was_there_is_nothing(papers: Tray) -> None:
    page, index = page_around(papers.reader(), View.INBOX, TODAY, 9999, 5, Arrangement())
    assert (len(page.ids), index) == (0, 0)


def test_a_long_query_ends_without_an_error_once_nobody_wants_it(
    papers: Tray, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("papertray.store.tray.STEPS", 1)
    found = None
    with papers.sorter(lambda: True) as connection:
        found = list_view(connection, View.INBOX, TODAY, Arrangement(parse_sort("title")))
    assert found is None
