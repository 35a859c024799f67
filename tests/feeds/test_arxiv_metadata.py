"""The metadata dump of arXiv, and lists of papers as others keep them."""

from __future__ import annotations

import io
import json

import pytest

from papertray.core.model import Record, Unread, Version
from papertray.feeds import arxiv_metadata

PAPER = {
    "id": "0704.0001", "title": "A\n  Title", "categories": "hep-ph cs.CV",
    "versions": [{"version": "v1", "created": "Mon, 2 Apr 2007 19:18:42 GMT"}],
    "authors_parsed": [["Lee", "Ann", ""]], "authors": "Ann Lee", "update_date": "2008-11-26",
}  # fmt: skip
LISTED = {
    "title": "A Title", "authors": ["Ann Lee"], "arxiv_id": "2512.13304v2", "summary": "Words.",
    "published": "2025-12-15", "updated": "2025-12-17", "categories": ["cs.RO"],
}  # fmt: skip


def read(value: object) -> list[Record | Unread]:
    return list(arxiv_metadata.read(io.BytesIO(json.dumps(value).encode())))


def dumped(**fields: object) -> Record:
    (found,) = read({**PAPER, **fields})
    assert isinstance(found, Record)
    return found


def test_a_paper_of_the_dump() -> None:
    work = dumped(abstract="  Wrapped\nwords.\n").work
    assert (work.title, work.abstract, work.type) == ("A Title", "Wrapped words.", "preprint")
    assert (work.year, work.month, work.day) == (2007, 4, 2)
    assert (work.primary_class, work.categories) == ("hep-ph", ("hep-ph", "cs.CV"))


def test_all_versions_have_their_dates_and_the_last_its_text() -> None:
    versions = [
        {"version": "v1", "created": "Mon, 2 Apr 2007 19:18:42 GMT"},
        {"version": "v2", "created": "Tue, 24 Jul 2007 20:10:27 GMT"},
    ]
    found = dumped(versions=versions)
    assert found.arxiv_version == 2
    assert found.versions == (
        Version(1, seen="2007-04-02T19:18:42.000Z"),
        Version(2, "A Title", "", "2007-07-24T20:10:27.000Z"),
    )


@pytest.mark.parametrize("versions", [[{"version": "first"}], {"version": "v1"}, "v1", [7]])
def test_versions_that_cannot_be_read_are_kept(versions: object) -> None:
    extra = dumped(versions=versions).extra["arxiv"]
    assert isinstance(extra, dict)
    assert extra["versions"] == versions


@pytest.mark.parametrize(
    ("line", "stays"),
    [("Ann Lee", False), ("Ann Lee (House)", True), (r"Ann L\'ee", True)],
)
def test_the_line_of_authors_stays_where_it_says_more(line: str, stays: bool) -> None:
    extra = dumped(authors=line).extra["arxiv"]
    assert isinstance(extra, dict)
    assert extra.get("authors") == (line if stays else None)


def test_without_parsed_authors_the_line_is_read() -> None:
    found = dumped(authors_parsed=None, authors="Ann Lee, Bo van Ek and The X Collaboration")
    assert [author.display for author in found.work.authors] == [
        "Ann Lee", "Bo van Ek", "The X Collaboration",
    ]  # fmt: skip


@pytest.mark.parametrize("wrap", ["papers", "entries", "results"])
def test_a_list_of_papers(wrap: str) -> None:
    (found,) = read({"count": 1, wrap: [LISTED]})
    assert isinstance(found, Record)
    assert (found.work.arxiv_id, found.arxiv_version) == ("2512.13304", 2)
    assert [version.seen[:10] for version in found.versions] == ["2025-12-15", "2025-12-17"]
    assert found.work.abstract == "Words."


@pytest.mark.parametrize(
    ("links", "code"),
    [
        ([{"url": "https://github.com/a/b", "type": "github"}], ("https://github.com/a/b",)),
        (["https://github.com/a/b"], ("https://github.com/a/b",)),
        ([], ()), (None, ()), ([{"type": "github"}], ()),
    ],
)  # fmt: skip
def test_links_to_code(links: object, code: tuple[str, ...]) -> None:
    (found,) = read({"papers": [{**LISTED, "code_links": links}]})
    assert isinstance(found, Record)
    assert found.work.code_urls == code


def test_items_of_the_python_package() -> None:
    (found,) = read([{
        "entry_id": "http://arxiv.org/abs/hep-ph/9609357v1", "title": "Old", "summary": "W.",
        "authors": [{"name": "Ann Lee"}], "primary_category": "hep-ph",
    }])  # fmt: skip
    assert isinstance(found, Record)
    assert (found.work.arxiv_id, found.arxiv_version) == ("hep-ph/9609357", 1)
    assert found.work.authors[0].display == "Ann Lee"


@pytest.mark.parametrize(
    ("value", "is_ours"),
    [
        (PAPER, True), ([PAPER], True), ({"count": 1, "papers": [LISTED]}, True),
        # Ours: its lines have an `arxiv_id` too.
        ({"title": "A", "arxiv_id": "2512.13304", "versions": []}, False),
        ({"papers": [{"title": "A"}]}, False), ({"papers": []}, False),
        ({"id": "x", "versions": [], "authors_parsed": [], "title": "A"}, False),
    ],
)  # fmt: skip
def test_recognising(value: object, is_ours: bool) -> None:
    assert arxiv_metadata.recognise(json.dumps(value).encode(), "x.json") is is_ours
