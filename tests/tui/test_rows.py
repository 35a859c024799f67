"""The window on a view behaves like the plain list it stands for."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papertray.core.model import Pile
from papertray.store.papers import Row
from papertray.tui.rows import KEPT, PAGE, RowWindow


class Shelf:
    """Papers by id with the day they were added, and a record of what was fetched."""

    def __init__(self, added: dict[int, str]) -> None:
        self.added = added
        self.fetches: list[list[int]] = []

    def fetch(self, paper_ids: Sequence[int]) -> dict[int, Row]:
        """Return rows, as the notebook does."""
        assert len(paper_ids) <= PAGE
        self.fetches.append(list(paper_ids))
        return {id_: self._row(id_) for id_ in paper_ids if id_ in self.added}

    def _row(self, id_: int) -> Row:
        return Row(
            id_, f"paper {id_}", "", None, "", Pile.INBOX, self.added[id_], False, False, "",
            None, None,
        )  # fmt: skip

    def in_order(self, ids: Iterable[int]) -> list[int]:
        """Return ids newest first, then by id: the order of every view."""
        return sorted(sorted(ids), key=lambda id_: self.added[id_], reverse=True)


def window_on(shelf: Shelf, ids: Sequence[int]) -> RowWindow:
    """Return a window that shows these ids."""
    window = RowWindow(shelf.fetch)
    window.replace(array("q", ids))
    return window


def test_rows_are_fetched_by_page_and_once() -> None:
    shelf = Shelf(dict.fromkeys(range(1, 201), "2026-11-20"))
    window = window_on(shelf, range(1, 201))
    for index in (70, 64, 127, 70):
        row = window.row(index)
        assert row is not None
        assert row.id == index + 1
    assert shelf.fetches == [list(range(65, 129))]


def test_a_forgotten_row_is_fetched_anew_and_alone() -> None:
    shelf = Shelf(dict.fromkeys(range(1, 65), "2026-11-20"))
    window = window_on(shelf, range(1, 65))
    window.row(0)
    window.forget([5, 900])
    window.row(4)
    window.row(0)
    assert shelf.fetches[1:] == [[5]]
    window.forget_all()
    window.row(0)
    assert len(shelf.fetches) == 3


def test_a_paper_that_is_gone_has_no_row_and_is_not_asked_for_again() -> None:
    shelf = Shelf({1: "2026-11-20", 3: "2026-11-20"})
    window = window_on(shelf, [1, 2, 3])
    assert window.row(1) is None
    assert window.row(1) is None
    assert len(shelf.fetches) == 1
    assert window.put_back(2) is None
    assert list(window.ids) == [1, 2, 3]


def test_memory_stays_bounded_however_far_one_scrolls() -> None:
    shelf = Shelf(dict.fromkeys(range(1, KEPT * 2), "2026-11-20"))
    window = window_on(shelf, range(1, KEPT * 2))
    for index in range(len(window)):
        assert window.row(index) is not None
    assert len(window._rows) <= KEPT
    assert len(shelf.fetches) == -(-len(window) // PAGE)


def test_putting_back_looks_at_some_rows_and_not_at_all() -> None:
    ids = range(1, 100_001)
    shelf = Shelf({id_: f"2026-{id_:06d}" for id_ in ids})
    window = window_on(shelf, [id_ for id_ in shelf.in_order(ids) if id_ != 40_000])
    assert window.put_back(40_000) == 60_000
    assert len(shelf.fetches) < 20


def test_a_paper_is_found_near_where_one_looks_first() -> None:
    shelf = Shelf({})
    window = window_on(shelf, range(1000))
    assert window.position(500, near=498) == 500
    assert window.position(500) == 500
    assert window.position(0, near=900) == 0
    assert window.position(5000) is None
    assert window_on(shelf, []).position(1) is None


def test_an_empty_window_has_no_first_row() -> None:
    window = window_on(Shelf({}), [])
    assert len(window) == 0
    with pytest.raises(IndexError):
        window.row(0)


PAPERS = st.dictionaries(
    st.integers(1, 400),
    st.sampled_from(["2026-11-20", "2026-11-21", "2026-11-22", "2026-11-22T07"]),
    min_size=1,
    max_size=200,
)
DEEDS = st.lists(
    st.tuples(st.sampled_from(["take", "put", "look", "forget", "find"]), st.integers(0, 500)),
    max_size=40,
)


@given(PAPERS, DEEDS)
def test_the_window_is_the_plain_list(added: dict[int, str], deeds: list[tuple[str, int]]) -> None:
    shelf = Shelf(added)
    shown = shelf.in_order(added)
    window = window_on(shelf, shown)
    for deed, number in deeds:
        some_id = sorted(added)[number % len(added)]
        if deed == "take" and shown:
            assert window.take_out(number % len(shown)) == shown.pop(number % len(shown))
        elif deed == "put":
            shown = shelf.in_order({*shown, some_id})
            assert window.put_back(some_id) == shown.index(some_id)
        elif deed == "look" and shown:
            row = window.row(number % len(shown))
            assert row is not None
            assert row.id == shown[number % len(shown)]
        elif deed == "forget":
            window.forget([some_id])
        elif deed == "find":
            expected = shown.index(some_id) if some_id in shown else None
            assert window.position(some_id, near=number) == expected
        assert list(window.ids) == shown
