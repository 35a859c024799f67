"""Papers with Code: abstracts, links, API answers."""

from __future__ import annotations

import io
import json

import pytest

from papertray.core.model import Record, Unread
from papertray.feeds import papers_with_code

PAPER = {
    "paper_url": "https://paperswithcode.com/paper/a", "arxiv_id": "1805.10616",
    "title": "A Title", "url_abs": "http://arxiv.org/abs/1805.10616v4", "url_pdf": None,
    "proceeding": None, "authors": ["Ann Lee"], "date": "2018-05-27", "tasks": ["t"],
}  # fmt: skip
LINK = {
    "paper_url": "https://paperswithcode.com/paper/a", "paper_title": "A Title",
    "paper_arxiv_id": "1805.10616", "paper_url_abs": None, "repo_url": "https://github.com/a/1",
    "is_official": True,
}  # fmt: skip


def read(value: object) -> list[Record | Unread]:
    return list(papers_with_code.read(io.BytesIO(json.dumps(value).encode())))


def paper(**fields: object) -> Record:
    (found,) = read([{**PAPER, **fields}])
    assert isinstance(found, Record)
    return found


def test_the_version_is_in_the_link() -> None:
    assert (paper().work.arxiv_id, paper().arxiv_version) == ("1805.10616", 4)
    assert paper(url_abs="https://arxiv.org/abs/1901.00001v9").arxiv_version is None


@pytest.mark.parametrize(
    ("proceeding", "venue"),
    [("NeurIPS 2018 12", "NeurIPS 2018"), ("ACL 2019", "ACL 2019"), ("Somewhere", "Somewhere")],
)
def test_conferences(proceeding: str, venue: str) -> None:
    found = paper(proceeding=proceeding)
    assert (found.work.venue.name, found.work.type) == (venue, "")
    extra = found.extra["papers-with-code"]
    assert isinstance(extra, dict)
    assert extra["proceeding"] == proceeding


def test_papers_of_elsewhere() -> None:
    found = paper(arxiv_id=None, url_abs="https://aclanthology.org/N18-1001", openreview_id="rJx")
    assert (found.work.arxiv_id, found.work.type) == ("", "")
    assert found.work.url == "https://aclanthology.org/N18-1001"
    assert found.identifiers == (("openreview", "rJx"),)


def test_links_of_one_paper_are_one_record() -> None:
    second = {**LINK, "repo_url": "https://github.com/a/2", "is_official": False}
    other = {**LINK, "paper_url": "x", "paper_title": "Other", "repo_url": "https://github.com/b"}
    found = read([LINK, second, {"paper_url": "y", "paper_arxiv_id": None, "repo_url": "z"}, other])
    assert [
        item.work.code_urls if isinstance(item, Record) else item.reason for item in found
    ] == [
        ("https://github.com/a/1", "https://github.com/a/2"), "it has no title",
        ("https://github.com/b",),
    ]  # fmt: skip
    assert isinstance(found[0], Record)
    extra = found[0].extra["papers-with-code"]
    assert isinstance(extra, dict)
    assert extra["links"] == [
        {"repo_url": "https://github.com/a/1", "is_official": True},
        {"repo_url": "https://github.com/a/2", "is_official": False},
    ]


def test_no_link_is_lost_however_many_a_paper_has() -> None:
    links = [{**LINK, "repo_url": f"https://github.com/a/{n}"} for n in range(4_500)]
    found = read(links)
    code = [url for item in found if isinstance(item, Record) for url in item.work.code_urls]
    assert len(code) == 4_500


@pytest.mark.parametrize(
    ("value", "is_ours"),
    [([PAPER], True), ([LINK], True), ({"count": 1, "results": [PAPER]}, True),
     ([{"title": "A", "url_abs": "x"}], False), ({"results": []}, False)],
)  # fmt: skip
def test_recognising(value: object, is_ours: bool) -> None:
    assert papers_with_code.recognise(json.dumps(value).encode(), "x.json") is is_ours
