"""DataCite: titles of several kinds, creators, types, and what is said not to be known."""

from __future__ import annotations

import io
import json

import pytest

from papertray.core.model import Author, Json, Record
from papertray.feeds import datacite


def record(**members: Json) -> Record:
    attributes: dict[str, Json] = {"doi": "10.5555/a", "titles": [{"title": "A Title"}],
                                   "creators": [], **members}  # fmt: skip
    outer = {"data": {"id": "10.5555/a", "type": "dois", "attributes": attributes}}
    (found,) = datacite.read(io.BytesIO(json.dumps(outer).encode()))
    (bare,) = datacite.read(io.BytesIO(json.dumps(attributes).encode()))
    assert isinstance(found, Record)
    assert found == bare, "both shapes say the same"
    return found


def test_titles_of_several_kinds() -> None:
    titles: Json = [
        {"title": "Rosen", "titleType": "TranslatedTitle"}, {"title": "Roses"},
        {"title": "All of them", "titleType": "Subtitle"}, {"title": None},
    ]  # fmt: skip
    found = record(titles=titles)
    assert found.work.title == "Roses: All of them"
    assert "Rosen" in str(found.extra)


CREATORS: list[tuple[dict[str, Json], list[Author]]] = [
    ({"name": "Lovelace, Ada", "nameType": "Personal", "givenName": "Ada",
      "familyName": "Lovelace"}, [Author("Lovelace", "Ada")]),
    ({"name": "Lovelace, Ada"}, [Author("Lovelace", "Ada")]),
    ({"name": "Smith, Jones, and Co", "nameType": "Organizational"},
     [Author(literal="Smith, Jones, and Co")]),
    ({"name": "(:unav)"}, []), ({"name": ":null", "nameType": "Personal"}, []),
    ({"name": "(:etal)"}, [Author(literal="et al.")]), ({}, []),
]  # fmt: skip


@pytest.mark.parametrize(("creator", "authors"), CREATORS)
def test_creators(creator: dict[str, Json], authors: list[Author]) -> None:
    assert record(creators=[creator]).work.authors == tuple(authors)


TYPES: list[tuple[dict[str, Json], str]] = [
    ({"resourceTypeGeneral": "Dataset"}, "dataset"), ({"resourceTypeGeneral": "Image"}, "misc"),
    ({"resourceTypeGeneral": "Software", "citeproc": "article"}, "software"),
    ({"resourceTypeGeneral": "Text", "resourceType": "Doctoral Thesis",
      "citeproc": "article-journal"}, "thesis"),
    ({"resourceTypeGeneral": "Text", "resourceType": "Working paper"}, "report"),
    ({"resourceTypeGeneral": "Text", "citeproc": "article-journal"}, ""),
    ({"resourceTypeGeneral": "JournalArticle"}, "article"), ({}, ""),
]  # fmt: skip


@pytest.mark.parametrize(("types", "ours"), TYPES)
def test_types(types: dict[str, Json], ours: str) -> None:
    assert record(types=types).work.type == ours


DATES: list[tuple[dict[str, Json], tuple[int | None, ...]]] = [
    ({"publicationYear": 2020}, (2020, None, None)),
    ({"publicationYear": "2020", "dates": [{"date": "2019-05-06", "dateType": "Issued"}]},
     (2019, 5, 6)),
    ({"publicationYear": 2020, "dates": [{"date": "2019-05", "dateType": "Available"}]},
     (2020, None, None)),
    ({"dates": [{"date": "2019-05", "dateType": "Available"}]}, (2019, 5, None)),
    ({"dates": None}, (None, None, None)),
]  # fmt: skip


@pytest.mark.parametrize(("members", "date"), DATES)
def test_dates(members: dict[str, Json], date: tuple[int | None, ...]) -> None:
    work = record(**members).work
    assert (work.year, work.month, work.day) == date


def test_the_abstract_is_in_the_language_of_the_work() -> None:
    descriptions: Json = [
        {"description": "Series 7", "descriptionType": "SeriesInformation"},
        {"description": "Auf Deutsch", "descriptionType": "Abstract", "lang": "de"},
        {"description": "In English", "descriptionType": "Abstract", "lang": "en-GB"},
    ]
    found = record(language="en", descriptions=descriptions)
    assert found.work.abstract == "In English"
    assert "Auf Deutsch" in str(found.extra)
    assert record(descriptions=[{"description": ":unav"}]).work.abstract == ""


RELATED: list[tuple[str, str, str, str, tuple[tuple[str, str], ...]]] = [
    ("10.48550/arXiv.2101.00001", "DOI", "10.5555/J", "2101.00001", (("doi", "10.5555/J"),)),
    ("10.5281/zenodo.2", "DOI", "10.5281/zenodo.1", "", ()),
    ("10.5555/a", "arXiv", "arXiv:2101.00001", "2101.00001", ()),
    ("10.5555/a", "PMID", "123", "", (("pubmed", "123"),)),
]


@pytest.mark.parametrize(("doi", "kind", "other", "arxiv_id", "identifiers"), RELATED)
def test_what_is_the_same_work(
    doi: str, kind: str, other: str, arxiv_id: str, identifiers: tuple[tuple[str, str], ...]
) -> None:
    related: Json = [{"relationType": "IsVersionOf", "relatedIdentifierType": kind,
                      "relatedIdentifier": other}]  # fmt: skip
    found = record(doi=doi, relatedIdentifiers=related)
    assert (found.work.arxiv_id, found.identifiers) == (arxiv_id, identifiers)


def test_what_is_no_page_is_none_but_stays() -> None:
    container: Json = {"type": "Journal", "title": "J", "firstPage": "Bd. 1 Nr. 1 (2018)"}
    found = record(container=container)
    assert found.work.venue.pages == ""
    assert found.extra["datacite"] == {"container": container}
    assert record(container={"firstPage": "e12", "lastPage": "e34"}).work.venue.pages == "e12-e34"


DOI: dict[str, Json] = {"doi": "10.5555/a", "creators": [], "titles": [{"title": "A"}]}
MINE: list[Json] = [
    DOI, {"id": "x", "type": "dois", "attributes": DOI},
    {"data": [{"id": "x", "type": "dois", "attributes": DOI}], "meta": {}},
    {"data": {"id": "x", "type": "dois", "attributes": DOI}},
]  # fmt: skip
OTHERS: list[Json] = [
    {"doi": "10.5555/a", "title": "A"}, {"titles": ["A"]}, {"data": [{"paperId": "x"}]}, {},
    {"data": {"id": "ex", "type": "clients", "attributes": {"name": "Ex"}}}, {"data": []},
]  # fmt: skip


@pytest.mark.parametrize("value", MINE)
def test_is_recognised(value: Json) -> None:
    assert datacite.recognise(json.dumps(value).encode(), "x")


@pytest.mark.parametrize("value", OTHERS)
def test_others_are_not(value: Json) -> None:
    assert not datacite.recognise(json.dumps(value).encode(), "x")


def test_particles_are_told_from_surnames() -> None:
    creator: Json = {"name": "van der Berg, Jan", "familyName": "van der Berg", "givenName": "Jan"}
    assert record(creators=[creator]).work.authors == (Author("Berg", "Jan", "van der"),)
