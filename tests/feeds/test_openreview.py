"""OpenReview: notes of both versions of its API, and flattened lists."""

from __future__ import annotations

import io
import json

import pytest

from papertray.core.model import Item, LeftBehind, Record, Unread
from papertray.feeds import openreview

LISTED = {
    "id": "B1x", "title": "A Title", "track": "main", "status": "Reject", "author": "Ann Lee;Bo Ek",
    "site": "https://openreview.net/forum?id=B1x", "rating": "4;5", "aff": ";;",
}  # fmt: skip


def read(value: object) -> list[Item]:
    return list(openreview.read(io.BytesIO(json.dumps(value).encode())))


def note(wrapped: bool = True, **content: object) -> Record:
    fields = {"title": "A Title", **content}
    inner = {name: {"value": value} for name, value in fields.items()} if wrapped else fields
    (found,) = read({"notes": [{"id": "Ab-1_x", "forum": "Ab-1_x", "content": inner}]})
    assert isinstance(found, Record)
    return found


def listed(**fields: object) -> Record:
    (found,) = read([{**LISTED, **fields}])
    assert isinstance(found, Record)
    return found


@pytest.mark.parametrize("wrapped", [True, False])
def test_both_versions_of_the_api_say_the_same(wrapped: bool) -> None:
    found = note(
        wrapped, authors=["Ann Lee"], abstract="Words\nwrapped.", pdf="/pdf/1.pdf",
        venue="NeurIPS 2026 spotlight", keywords=["a"],
    )  # fmt: skip
    work = found.work
    assert (work.abstract, work.authors[0].display) == ("Words wrapped.", "Ann Lee")
    assert (work.venue.name, work.year) == ("NeurIPS 2026 spotlight", 2026)
    assert work.url == "https://openreview.net/forum?id=Ab-1_x"
    assert work.pdf_url == "https://openreview.net/pdf/1.pdf"
    assert found.identifiers == (("openreview", "Ab-1_x"),)
    assert found.extra == {"openreview": {"keywords": ["a"]}}


def test_titles_hold_tex() -> None:
    found = note(title=r"\emph{Fast} $O(n)$ na\"ive   <EOS>")
    assert found.work.title == "Fast $O(n)$ naïve <EOS>"
    assert found.original["title"].startswith("\\emph")


@pytest.mark.parametrize(
    ("fields", "year"),
    [
        ({"pdate": 1600000000000, "cdate": 1500000000000}, 2020), ({"cdate": 1500000000000}, 2017),
        ({"cdate": -1}, None), ({"cdate": 1e300}, None), ({"cdate": "x"}, None), ({}, None),
    ],
)  # fmt: skip
def test_the_year_of_a_note_without_a_venue(fields: dict[str, object], year: int | None) -> None:
    (found,) = read({"notes": [{"id": "a", "forum": "a", "content": {"title": "A"}, **fields}]})
    assert isinstance(found, Record)
    assert found.work.year == year


def test_reviews_are_no_papers_and_are_counted() -> None:
    found = read({"notes": [
        {"id": "a", "forum": "a", "content": {"title": "A"}},
        {"id": "r1", "forum": "a", "content": {"title": "Review", "rating": 8}},
        {"id": "r2", "forum": "a", "content": {"decision": "Reject"}},
    ]})  # fmt: skip
    assert [type(item) for item in found] == [Record, LeftBehind]
    assert isinstance(found[-1], LeftBehind)
    assert found[-1].number == 2


@pytest.mark.parametrize(
    ("told", "displayed"),
    [
        ("Ann Lee;Bo van Ek", ["Ann Lee", "Bo van Ek"]),
        ("Martín Abadi, David G. Andersen", ["Martín Abadi", "David G. Andersen"]),
        ("Ann Lee;;Bo Ek", ["Ann Lee", "Bo Ek"]), ("Ann Lee, Jr.", ["Ann Lee Jr."]), ("", []),
    ],
)  # fmt: skip
def test_authors_in_one_text(told: str, displayed: list[str]) -> None:
    assert [author.display for author in listed(author=told).work.authors] == displayed


def test_a_flattened_paper() -> None:
    bibtex = "@inproceedings{x,\nbooktitle={International Conference on Gardens},\nyear={2017}\n}"
    found = listed(bibtex=bibtex, github="https://github.com/a/b", status="Poster")
    assert (found.work.venue.name, found.work.year) == ("International Conference on Gardens", 2017)
    assert found.work.code_urls == ("https://github.com/a/b",)
    assert found.extra == {
        "openreview": {"track": "main", "status": "Poster", "rating": "4;5", "bibtex": bibtex}
    }


def test_papers_of_other_sites_have_no_forum() -> None:
    found = listed(id="0a1b", site="https://openaccess.example.org/x.html", arxiv="2401.00001")
    assert found.identifiers == ()
    assert (found.work.url, found.work.arxiv_id) == (
        "https://openaccess.example.org/x.html", "2401.00001",
    )  # fmt: skip
    extra = found.extra["openreview"]
    assert isinstance(extra, dict)
    assert extra["id"] == "0a1b"


def test_without_a_title_it_is_named_and_its_neighbours_go_in() -> None:
    assert [type(item) for item in read([{**LISTED, "title": ""}, LISTED])] == [Unread, Record]


@pytest.mark.parametrize(
    ("value", "is_ours"),
    [
        ({"notes": [{"id": "a", "forum": "a", "content": {}}]}, True), ([LISTED], True),
        ({"id": "a", "forum": "a", "content": {"title": "A"}}, True),
        ({"title": "A", "status": "read", "site": "x"}, False), ({"notes": ["mine"]}, False),
        ({"title": "A", "notes": [{"body": "mine"}]}, False),
    ],
)  # fmt: skip
def test_recognising(value: object, is_ours: bool) -> None:
    assert openreview.recognise(json.dumps(value).encode(), "x.json") is is_ours
