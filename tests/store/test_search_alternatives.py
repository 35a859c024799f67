"""Conditions beside words, as in ``pile:skip OR robots``: each is searched for by itself."""

from __future__ import annotations

import pytest

from papertray.core.model import Pile
from papertray.core.query_parser import parse
from papertray.store.search import Search
from papertray.store.search_plan import alternatives
from papertray.store.tray import Tray

from made_up_papers import add_paper


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("deep", []),
        ("deep OR wide", []),
        ("deep pile:skip", []),
        ("pile:skip OR pile:read", []),
        ("pile:skip OR deep", ["deep", "pile:skip"]),
        ("deep OR wide OR pile:skip", ["deep OR wide", "pile:skip"]),
        ("deep OR (pile:skip wide)", ["deep", "pile:skip wide"]),
        ("net (pile:skip OR deep)", ["net deep", "net pile:skip"]),
        ("-(pile:skip OR deep)", []),
    ],
)
def test_what_is_taken_apart(text: str, parts: list[str]) -> None:
    assert [str(part) for part in alternatives(parse(text, typing=False))] == parts


@pytest.mark.parametrize(
    "text",
    [
        "pile:skip OR robot",
        "robot OR pile:skip OR pile:read",
        "garden OR (pile:skip robot)",
        "robot (pile:skip OR garden)",
        "(pile:skip OR garden) (pile:read OR robot)",
        "-nothing OR pile:read",
    ],
)
@pytest.mark.parametrize("sort", [None, "title", "added"])
def test_alternatives_find_and_count_what_one_search_does(
    tray: Tray, text: str, sort: str | None
) -> None:
    titles = ("A robot", "A garden", "A robot in a garden", "A lantern")
    with tray.write() as connection:
        for number in range(24):
            pile = list(Pile)[number % 3]
            add_paper(connection, f"{titles[number % 4]} {number}", pile=pile)
    search = Search(tray)
    search.follow()
    whole = search.search(text, sort=sort)  # without a limit nothing is taken apart
    parted = search.search(text, limit=100, sort=sort)
    assert set(parted.ids) == set(whole.ids)
    assert len(parted.ids) == len(whole.ids)
    if sort is not None:
        assert parted.ids == whole.ids
    assert parted.total == whole.total == search.totals(parse(text, typing=False))
    assert parted.is_complete
    few = search.search(text, limit=3, sort=sort)
    assert list(few.ids) == list(parted.ids)[:3]
    assert (few.is_complete, few.total) == (False, None)


def test_many_alternatives_are_not_counted(tray: Tray) -> None:
    search = Search(tray)
    search.follow()
    text = "a OR (b pile:read) OR (c pile:skip) OR (d pile:starred)"
    assert search.totals(parse(text, typing=False)) is None
