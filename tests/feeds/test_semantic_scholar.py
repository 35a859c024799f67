"""Semantic Scholar: its shapes of lists, its many identifiers, and members that are not there."""

from __future__ import annotations

import io
import json

import pytest

from papertray.core.model import Json, Record, Unread
from papertray.feeds import semantic_scholar


def read(value: Json) -> list[Record | Unread]:
    return list(semantic_scholar.read(io.BytesIO(json.dumps(value).encode())))


def record(**members: Json) -> Record:
    (found,) = read({"paperId": "ab", "title": "A Title", **members})
    assert isinstance(found, Record)
    return found


PAPER: dict[str, Json] = {"paperId": "ab", "title": "A"}
SHAPES: list[Json] = [
    PAPER, [PAPER], [None, PAPER, None], {"total": 1, "data": [PAPER]},
    {"token": "x", "data": [PAPER]}, {"recommendedPapers": [PAPER]},
    {"authorId": "1", "name": "Ann", "papers": [PAPER]}, {"data": [{"citedPaper": PAPER}]},
    {"data": [{"citingPaper": PAPER, "contexts": []}]}, {"corpusid": 7, "title": "A"},
    {"data": [{"snippet": {"text": "x"}, "paper": {"corpusId": "7", "title": "A"}}]},
    {"data": [{"citedPaper": {"paperId": None, "title": "A"}}]},
]  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_shapes_of_answers(shape: Json) -> None:
    assert semantic_scholar.recognise(json.dumps(shape).encode(), "x")
    (found,) = read(shape)
    assert isinstance(found, Record)
    assert found.work.title == "A"


OTHERS: list[Json] = [
    {"error": "Paper with id 0 not found"}, {"message": "Too Many Requests"}, [None], {},
    {"data": [{"id": "10.5555/a", "attributes": {"titles": []}}]}, {"title": "A"},
    {"paper": {"id": "2101.00001", "title": "A"}}, {"data": [{"authorId": "1", "name": "Ann"}]},
]  # fmt: skip


@pytest.mark.parametrize("value", OTHERS)
def test_others_are_not_recognised(value: Json) -> None:
    assert not semantic_scholar.recognise(json.dumps(value).encode(), "x")


def test_a_refusal_among_answers_is_named() -> None:
    first, second = read([PAPER, {"error": "Paper with id 0 not found"}])
    assert isinstance(first, Record)
    assert isinstance(second, Unread)
    assert "Paper with id 0 not found" in second.reason


def test_a_paper_without_a_title_says_what_to_do() -> None:
    (found,) = read([{"paperId": "ab", "year": 2020}])
    assert isinstance(found, Unread)
    assert "ask the service" in found.reason


def test_all_identifiers_of_a_paper() -> None:
    ids: Json = {"DOI": "10.5555/A", "ArXiv": "2101.00001", "DBLP": "conf/x/Y", "ACL": "A1-1",
                 "PubMed": "12", "PubMedCentral": "34", "CorpusId": 56, "MAG": "78"}  # fmt: skip
    found = record(externalIds=ids)
    assert (found.work.doi, found.work.arxiv_id) == ("10.5555/A", "2101.00001")
    assert set(found.identifiers) == {
        ("semanticscholar", "ab"), ("corpus", "56"), ("dblp", "conf/x/Y"), ("acl", "A1-1"),
        ("pubmed", "12"), ("pmc", "PMC34"), ("mag", "78"),
    }  # fmt: skip


TYPES: list[tuple[dict[str, Json], str]] = [
    ({"publicationTypes": ["JournalArticle"]}, "article"),
    ({"publicationTypes": ["JournalArticle", "Conference"]}, "inproceedings"),
    ({"publicationTypes": ["JournalArticle"], "venue": "arXiv.org"}, "preprint"),
    ({"venue": "arXiv.org", "externalIds": {"DOI": "10.48550/arXiv.2101.00001"}}, "preprint"),
    ({"venue": "arXiv.org", "externalIds": {"DOI": "10.5555/A"}}, ""),
    ({"publicationTypes": None}, ""), ({}, ""),
]  # fmt: skip


@pytest.mark.parametrize(("members", "type_"), TYPES)
def test_types(members: dict[str, Json], type_: str) -> None:
    assert record(**members).work.type == type_


def test_arxiv_is_no_venue() -> None:
    journal: Json = {"name": "ArXiv", "volume": "abs/2101.00001"}
    found = record(venue="arXiv.org", journal=journal)
    assert not found.work.venue
    assert found.extra["semantic-scholar"] == {"journal": journal}
