"""OpenAlex: abstracts from their index, names as printed, dates no finer than known."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papertray.core.model import Json, Record
from papertray.feeds import openalex


def record(**members: Json) -> Record:
    work = {"id": "https://openalex.org/W1000000001", "title": "A Title", **members}
    (found,) = openalex.read(io.BytesIO(json.dumps(work).encode()))
    assert isinstance(found, Record)
    return found


@given(st.lists(st.text("abc<>&.é", min_size=1, max_size=4), max_size=20))
def test_an_abstract_is_put_together_from_its_index(words: list[str]) -> None:
    index: dict[str, Json] = {}
    for place, word in enumerate(words):
        places = index.setdefault(word, [])
        assert isinstance(places, list)
        places.append(place)
    assert record(abstract_inverted_index=index).work.abstract == " ".join(words)


HOSTILE: list[tuple[Json, str]] = [
    ({"a": [10**18], "b": [-5]}, "b a"), ({"a": ["0"], "b": [0.5], "c": [1]}, "c"),
    ({"a": 1}, ""), ({"a": None}, ""), ([], ""), ("text", ""), (None, ""),
]  # fmt: skip


@pytest.mark.parametrize(("index", "abstract"), HOSTILE)
def test_a_hostile_index_costs_nothing(index: Json, abstract: str) -> None:
    assert record(abstract_inverted_index=index).work.abstract == abstract


NAMES = [
    ("Ozan Sener", "Ozan Şener", "Ozan Sener"), ("Volpi, R.", "Riccardo Volpi", "R. Volpi"),
    ("RICCARDO VOLPI", "Riccardo Volpi", "Riccardo Volpi"),
    ("Riccardo Volpi1,*", "Riccardo Volpi", "Riccardo Volpi"),
    ("", "Riccardo Volpi", "Riccardo Volpi"), ("R. VOLPI", None, "R. VOLPI"),
    ("A. B, C. D, E. F", "Ann B", "Ann B"),
]  # fmt: skip


@pytest.mark.parametrize(("printed", "known", "name"), NAMES)
def test_authors_are_named_as_printed_if_that_is_a_name(
    printed: str, known: Json, name: str
) -> None:
    found = record(authorships=[{"raw_author_name": printed, "author": {"display_name": known}}])
    (author,) = found.work.authors
    assert author.display == name


def test_a_list_of_authors_that_was_cut_says_so() -> None:
    authorships: Json = [{"author": {"display_name": "Ann First"}}]
    found = record(authorships=authorships, is_authors_truncated=True)
    assert found.work.authors[-1].stands_for_others


DATES = [
    ("2021-04-05", 2021, (2021, 4, 5), False), ("2021-04-01", 2021, (2021, 4, None), True),
    ("2021-01-01", 2021, (2021, None, None), True), (None, 2021, (2021, None, None), False),
    ("2020-04-05", 2021, (2021, None, None), True), ("2021-04-05", None, (2021, 4, 5), False),
]  # fmt: skip


@pytest.mark.parametrize(("date", "year", "expected", "stays"), DATES)
def test_a_first_of_the_month_is_no_day(
    date: Json, year: Json, expected: tuple[int | None, ...], stays: bool
) -> None:
    found = record(publication_date=date, publication_year=year)
    assert (found.work.year, found.work.month, found.work.day) == expected
    assert ("publication_date" in str(found.extra)) == stays


TYPES: list[tuple[dict[str, Json], str]] = [
    ({"type": "article"}, "article"), ({"type": "article", "type_crossref": "proceedings-article"},
     "inproceedings"), ({"type": "dissertation"}, "thesis"), ({"type": "paratext"}, "misc"),
    ({}, ""),
    ({"type": "article", "primary_location": {"source": {"type": "repository"}}}, "preprint"),
    ({"type": "article", "primary_location": {"source": {"type": "conference"}}}, "inproceedings"),
]  # fmt: skip


@pytest.mark.parametrize(("members", "type_"), TYPES)
def test_types(members: dict[str, Json], type_: str) -> None:
    assert record(**members).work.type == type_


def test_a_copy_at_arxiv_is_the_same_work() -> None:
    found = record(locations=[{"landing_page_url": "https://example.org/abs/2101.00002"},
                              {"pdf_url": "http://arxiv.org/pdf/2101.00001v2"}])  # fmt: skip
    assert found.work.arxiv_id == "2101.00001"


MINE: list[Json] = [
    {"id": "https://openalex.org/W12", "title": "A"}, {"id": "W12", "authorships": []},
    {"meta": {"count": 1}, "results": [{"id": "https://openalex.org/W12", "title": "A"}]},
    {"meta": {"count": 0, "db_response_time_ms": 3}, "results": []},
]  # fmt: skip
OTHERS: list[Json] = [
    {"id": "W12", "title": "A"}, {"id": "https://openalex.org/A12", "display_name": "Ann"},
    {"results": []}, {"results": [{"id": "https://example.org/W12"}]}, {"id": 7}, {},
]  # fmt: skip


@pytest.mark.parametrize("value", MINE)
def test_is_recognised(value: Json) -> None:
    assert openalex.recognise(json.dumps(value).encode(), "x")


@pytest.mark.parametrize("value", OTHERS)
def test_others_are_not(value: Json) -> None:
    assert not openalex.recognise(json.dumps(value).encode(), "x")
