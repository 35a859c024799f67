"""Crossref's JSON: what is lost elsewhere is not lost here, and what is others' is left to them."""

from __future__ import annotations

import io
import json

import pytest

from papertray.core.model import Author, Json, Record, Unread
from papertray.feeds import crossref


def read(value: Json) -> list[Record | Unread]:
    return list(crossref.read(io.BytesIO(json.dumps(value).encode())))


def record(**members: Json) -> Record:
    """Return the record of a work with these members, underscores read as hyphens."""
    work: dict[str, Json] = {"DOI": "10.5555/a", "title": ["A Title"], "member": "1"}
    work |= {name.replace("_", "-"): value for name, value in members.items()}
    (found,) = read({"status": "ok", "message": work})
    assert isinstance(found, Record)
    return found


TITLES = [
    (["One"], [], "One"), (["One"], ["Two"], "One: Two"), (["One: two"], ["Two"], "One: two"),
    (["One?"], ["Two"], "One? Two"), (["One", "Uno"], [], "One"),
    (["On <i>R. testata</i> &amp; <EOS>"], [], "On R. testata & <EOS>"),
]  # fmt: skip


@pytest.mark.parametrize(("title", "subtitle", "whole"), TITLES)
def test_titles(title: list[Json], subtitle: list[Json], whole: str) -> None:
    found = record(title=title, subtitle=subtitle)
    assert found.work.title == whole
    kept = found.extra["crossref"]
    assert isinstance(kept, dict)
    assert ("title" in kept) == (len(title) > 1), "a second title stays"


DATES: list[tuple[dict[str, Json], tuple[int | None, ...]]] = [
    ({"issued": {"date-parts": [[2021]]}}, (2021, None, None)),
    ({"issued": {"date-parts": [[2021, 4]]}}, (2021, 4, None)),
    ({"issued": {"date-parts": [["2021", "4", "5"]]}}, (2021, 4, 5)),
    ({"issued": {"date-parts": [[None]]}}, (None, None, None)),
    ({"issued": {"date-parts": [[None]]}, "published_online": {"date-parts": [[2020, 1]]}},
     (2020, 1, None)),
    ({"issued": {"date-parts": [[2021, 13, 40]]}}, (2021, None, None)),
    ({"issued": {"date-parts": 7}}, (None, None, None)), ({"issued": []}, (None, None, None)),
    ({"indexed": {"date-parts": [[2026]]}}, (None, None, None)),
]  # fmt: skip


@pytest.mark.parametrize(("members", "date"), DATES)
def test_dates_are_as_precise_as_they_are_told(
    members: dict[str, Json], date: tuple[int | None, ...]
) -> None:
    work = record(**members).work
    assert (work.year, work.month, work.day) == date


def test_a_date_that_says_more_stays() -> None:
    issued: Json = {"date-parts": [[2021, 13]]}
    assert record(issued=issued).extra["crossref"] == {"member": "1", "issued": issued}


def test_authors_bodies_and_the_first_one_first() -> None:
    found = record(author=[
        {"family": "Second", "given": "Ben", "sequence": "additional"},
        {"family": "First", "given": "Ann", "suffix": "Jr.", "sequence": "first"},
        {"name": "Society of R&amp;D"}, {"family": "Plato"}, {"given": "Madonna"}, {}, "x",
    ])  # fmt: skip
    assert found.work.authors == (
        Author("First", "Ann", suffix="Jr."), Author("Second", "Ben"),
        Author(literal="Society of R&D"), Author(literal="Plato"), Author(literal="Madonna"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("type_", "ours"),
    [("journal-article", "article"), ("proceedings-article", "inproceedings"),
     ("posted-content", "preprint"), ("book-chapter", "chapter"), ("dissertation", "thesis"),
     ("monograph", "book"), ("peer-review", "misc"), ("not-yet-known", "misc"), (None, "")],
)  # fmt: skip
def test_types(type_: Json, ours: str) -> None:
    assert record(type=type_).work.type == ours


def test_preprint_and_published_copy_name_each_other() -> None:
    relation: Json = {"has-preprint": [{"id-type": "doi", "id": "10.5555/PRE"}],
                      "is-version-of": [{"id-type": "doi", "id": "10.5555/other"}]}  # fmt: skip
    assert record(relation=relation).identifiers == (("doi", "10.5555/PRE"),)
    arxiv: Json = {"is-preprint-of": {"id-type": "arxiv", "id": "2101.00001"}}
    assert record(relation=arxiv).work.arxiv_id == "2101.00001"


def test_a_structured_abstract_keeps_its_labels_and_paragraphs() -> None:
    abstract = (
        "<jats:sec>\n <jats:title>Aims</jats:title>\n <jats:p>One\n two.</jats:p></jats:sec>"
        "<jats:sec><jats:title>Results</jats:title><jats:p>&gt; 3.</jats:p></jats:sec>"
    )
    found = record(abstract=abstract)
    assert found.work.abstract == "Aims: One two.\nResults: > 3."
    assert found.original["abstract"] == abstract


WORK: dict[str, Json] = {"DOI": "10.5555/a", "title": ["A"], "member": "1", "type": "book"}
MINE: list[Json] = [
    WORK, [WORK], {"message": WORK}, {"status": "ok", "message": {"items": [WORK]}},
    [{"message": WORK}], {"status": "ok", "message-type": "work-list", "message": {"items": []}},
]  # fmt: skip
OTHERS: list[Json] = [
    {"DOI": "10.5555/a", "title": "A", "type": "article-journal", "source": "Crossref"},
    {"message": "Resource not found."}, {"title": ["A"]}, {"doi": "10.5555/a", "title": ["A"]},
    {"status": "ok", "message-type": "member-list", "message": {"items": [{"id": 1}]}}, {}, [], 7,
]  # fmt: skip


@pytest.mark.parametrize("value", MINE)
def test_is_recognised(value: Json) -> None:
    assert crossref.recognise(json.dumps(value).encode(), "x")


@pytest.mark.parametrize("value", OTHERS)
def test_others_are_not(value: Json) -> None:
    assert not crossref.recognise(json.dumps(value).encode(), "x")


def test_an_answer_longer_than_the_head_is_recognised() -> None:
    work = {"indexed": {}, "reference": [{"key": "x" * 100}] * 2000, **WORK}
    answer = {"status": "ok", "message-type": "work", "message": work}
    assert crossref.recognise(json.dumps(answer).encode()[: 1 << 16], "x")


def test_particles_are_told_from_surnames_as_in_the_xml_of_crossref() -> None:
    author: Json = [{"family": "van der Berg", "given": "Jan"}, {"family": "Plato"}]
    assert record(author=author).work.authors == (
        Author("Berg", "Jan", "van der"), Author(literal="Plato"),
    )  # fmt: skip


def test_serial_numbers_that_only_their_types_tell() -> None:
    members: dict[str, Json] = {"ISSN": ["0028-0836"], "issn-type": [
        {"value": "0028-0836", "type": "print"}, {"value": "1476-4687", "type": "electronic"},
    ]}  # fmt: skip
    found = record(**members)
    assert found.identifiers == (("issn", "0028-0836"), ("issn", "1476-4687"))
