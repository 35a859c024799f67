"""Likely duplicates: which pairs are found, and how well, on bibliographies of the same works."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from papertray.core.likeness import features, pair_of, pairs_within
from papertray.notebook.notebook import Notebook

from same_works import Pairs, two_bibliographies
from trays import add_lines, open_notebook

TITLE = "Adaptive Query Processing for Streams"


@pytest.fixture
def notebook(tmp_path: Path) -> Iterator[Notebook]:
    """An empty tray."""
    with open_notebook(tmp_path) as opened:
        yield opened


ALIKE = [
    ("a slip of the pen", {"title": "Adaptive Qeury Processing for Streams"}),
    ("the order of words", {"title": "For Streams: Adaptive Query Processing"}),
    ("without the subtitle", {"title": f"{TITLE}: A Survey of What There Is"}),
    ("a misspelt surname", {"title": f"{TITLE}!", "authors": ["A. Leee"], "doi": "10.1234/z"}),
    ("no surname", {"title": f"{TITLE} Revisited", "authors": []}),
    ("no year", {"title": f"{TITLE} Revisited", "year": None}),
    ("the same title, but short", {"title": "Streams!", "of": "Streams"}),
    ("an editorial of the same year", {"title": "Editorial.", "of": "Editorial"}),
]  # fmt: skip

NOT_ALIKE = [
    ("another surname", {"title": f"{TITLE} Revisited", "authors": ["Bob Ray"]}),
    ("two years apart", {"title": f"{TITLE} Revisited", "year": 2022}),
    ("another DOI", {"title": f"{TITLE} Revisited", "doi": "10.1234/y"}),
    ("another id of one scheme", {"title": f"{TITLE} Revisited", "identifiers": ["acl:P20-2"]}),
    ("other words", {"title": "Adaptive Query Processing for Sensors and Views"}),
    ("part of a title, but short", {"title": "Query Processing"}),
    ("an editorial of the next year", {"title": "Editorial", "of": "Editorial", "year": 2021}),
]  # fmt: skip


def both(fields: dict[str, object]) -> list[dict[str, object]]:
    """Return two records, the second with other `fields`."""
    one: dict[str, object] = {
        "title": fields.get("of", TITLE), "authors": ["Ann Lee"], "year": 2020,
        "doi": "10.1234/x", "identifiers": ["acl:P20-1"],
    }  # fmt: skip
    other = {"title": TITLE, "authors": ["Lee, A."], "year": 2020, "doi": ""} | fields
    del one["doi" if "doi" not in fields or fields["doi"] == "10.1234/z" else "identifiers"]
    return [one, {name: value for name, value in other.items() if value and name != "of"}]


@pytest.mark.parametrize(("why", "fields"), ALIKE, ids=[case[0] for case in ALIKE])
def test_alike(notebook: Notebook, why: str, fields: dict[str, object]) -> None:
    add_lines(notebook, both(fields))
    assert [(pair.one, pair.other) for pair in notebook.duplicates.find()] == [(1, 2)], why


@pytest.mark.parametrize(("why", "fields"), NOT_ALIKE, ids=[case[0] for case in NOT_ALIKE])
def test_not_alike(notebook: Notebook, why: str, fields: dict[str, object]) -> None:
    add_lines(notebook, both(fields))
    assert notebook.papers.number() == 2
    assert notebook.duplicates.find() == [], why


def test_the_most_alike_come_first_and_what_is_gone_is_not_there(notebook: Notebook) -> None:
    titles = [TITLE, f"{TITLE} and More", f"{TITLE}s", "Adaptive Qeury Processing of Streams"]
    add_lines(notebook, [{"title": t, "authors": ["Ann Lee"], "year": 2020} for t in titles])
    found = notebook.duplicates.find()
    assert [pair.order for pair in found] == sorted(pair.order for pair in found)
    assert (found[0].one, found[0].other) == (1, 2)
    notebook.papers.remove([2])
    notebook.duplicates.merge(1, 3)
    assert {(pair.one, pair.other) for pair in notebook.duplicates.find()} <= {(1, 4)}


def test_within_a_query_one_of_a_pair_is_enough(notebook: Notebook) -> None:
    titles = [TITLE, f"{TITLE} Revisited", "The Views of Lattices", "The Views of Lattices Again"]
    add_lines(notebook, [{"title": t, "authors": ["Ann Lee"], "year": 2020} for t in titles])
    assert len(notebook.duplicates.find()) == 2
    assert [(pair.one, pair.other) for pair in notebook.duplicates.find([3])] == [(3, 4)]
    assert notebook.duplicates.find([]) == []


def test_blocks_find_nearly_all_that_comparing_each_with_each_finds() -> None:
    told = two_bibliographies(400, 3)
    papers = [
        features(number, str(record["title"]), "same", None)
        for number, record in enumerate([*told.one, *told.other])
    ]
    everything = {pair_of(one, other) for one, other in product(papers, papers) if one is not other}
    assert len(everything) > 300
    assert len(set(pairs_within(papers)) & everything) >= 0.99 * (len(everything) - 1)


def joined(notebook: Notebook, told: Pairs) -> dict[str, int]:
    """Add both bibliographies; return the paper of each record by its uid."""
    for records in (told.one, told.other):
        add_lines(notebook, records)
    return {
        str(record["uid"]): notebook.papers.find(str(record["uid"]))
        for record in (*told.one, *told.other)
    }


def quality(found: set[tuple[str, str]], same: set[tuple[str, str]]) -> tuple[float, float]:
    """Return precision and recall."""
    right = len(found & same)
    return right / len(found), right / len(same)


def across(told: Pairs, papers: dict[str, int]) -> set[tuple[str, str]]:
    """Return the pairs of records, one of each bibliography, that are in one paper."""
    by_paper: dict[int, list[str]] = {}
    for record in told.one:
        by_paper.setdefault(papers[str(record["uid"])], []).append(str(record["uid"]))
    return {
        (uid, str(record["uid"]))
        for record in told.other
        for uid in by_paper.get(papers[str(record["uid"])], ())
    }


@pytest.mark.parametrize("seed", [1, 2])
def test_what_joins_by_itself_and_what_is_suggested(notebook: Notebook, seed: int) -> None:
    told = two_bibliographies(1000, seed)
    papers = joined(notebook, told)
    automatic = across(told, papers)
    precision, recall = quality(automatic, told.same)
    assert precision >= 0.93
    assert recall >= 0.90
    suggested = {(pair.one, pair.other) for pair in notebook.duplicates.find()}
    suggested |= {(other, one) for one, other in suggested}
    with_suggestions = automatic | {
        (one, other) for one, other in told.same if (papers[one], papers[other]) in suggested
    }
    assert quality(with_suggestions, told.same)[1] >= 0.98


def test_merging_all_that_is_suggested_takes_one_undo_each(notebook: Notebook) -> None:
    told = two_bibliographies(150, 5)
    joined(notebook, told)
    number = notebook.papers.number()
    merged = 0
    while pairs := notebook.duplicates.find():
        notebook.duplicates.merge(pairs[0].one, pairs[0].other)
        merged += 1
    assert notebook.papers.number() == number - merged
    for _ in range(merged):
        notebook.journal.undo()
    assert notebook.papers.number() == number
