"""Hugging Face's daily papers, in both shapes."""

from __future__ import annotations

import io
import json

import pytest

from papertray.core.model import Record, Sighting, Unread
from papertray.feeds import hf_daily_papers

PAPER = {
    "id": "2606.00467", "title": "A\n  Title", "summary": "Words\nwrapped.", "upvotes": 7,
    "publishedAt": "2026-05-30T00:00:00.000Z",
    "authors": [{"_id": "1", "name": "Ann Lee", "hidden": False}],
}  # fmt: skip
LISTING = {"paper": PAPER, "publishedAt": "2026-06-01T20:00:00.000Z", "title": "A\n  Title"}


def read(value: object) -> list[Record | Unread]:
    return list(hf_daily_papers.read(io.BytesIO(json.dumps(value).encode())))


def listed(listing: dict[str, object] | None = None, **paper: object) -> Record:
    (found,) = read([{**LISTING, **(listing or {}), "paper": {**PAPER, **paper}}])
    assert isinstance(found, Record)
    return found


def test_the_date_is_the_papers_and_the_listing_is_a_sighting() -> None:
    found = listed(submittedOnDailyAt="2026-06-12T00:00:00.000Z")
    work = found.work
    assert (work.arxiv_id, work.title, work.abstract) == ("2606.00467", "A Title", "Words wrapped.")
    assert (work.year, work.month, work.day) == (2026, 5, 30)
    assert found.sightings == (Sighting(seen="2026-06-12T00:00:00.000Z", votes=7),)


def test_the_old_shape_tells_the_listing_outside() -> None:
    assert listed().sightings == (Sighting(seen="2026-06-01T20:00:00.000Z", votes=7),)


def test_links_are_code_and_what_a_model_wrote_is_kept_apart() -> None:
    found = listed(
        githubRepo="https://github.com/a/b", projectPage="https://x.org", ai_summary="Short.",
        ai_keywords=["a"], organization={"name": "o"},
    )  # fmt: skip
    assert found.work.code_urls == ("https://github.com/a/b", "https://x.org")
    extra = found.extra["hf-daily-papers"]
    assert isinstance(extra, dict)
    assert (extra["ai_summary"], extra["ai_keywords"]) == ("Short.", ["a"])
    assert extra["organization"] == {"name": "o"}
    assert extra["listing"] == {"publishedAt": LISTING["publishedAt"]}


def test_the_date_of_a_paper_that_tells_none_is_in_its_id() -> None:
    assert (listed(publishedAt=None).work.year, listed(publishedAt=None).work.month) == (2026, 6)


def test_a_paper_alone() -> None:
    (found,) = read(PAPER)
    assert isinstance(found, Record)
    assert found.work.arxiv_id == "2606.00467"


def test_without_a_title_it_is_named_and_its_neighbours_go_in() -> None:
    found = read([{"paper": {"id": "2606.00001", "upvotes": 1, "summary": "x"}}, LISTING])
    assert [type(item) for item in found] == [Unread, Record]


@pytest.mark.parametrize(
    ("value", "is_ours"),
    [
        ([LISTING], True), (PAPER, True), ([], False), ({"paper": {"id": "x"}}, False),
        ({"id": "2606.00467", "title": "A", "summary": "B"}, False),
    ],
)  # fmt: skip
def test_recognising(value: object, is_ours: bool) -> None:
    assert hf_daily_papers.recognise(json.dumps(value).encode(), "x.json") is is_ours
