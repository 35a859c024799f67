"""bioRxiv and medRxiv: versions, names, DOIs, dates."""

from __future__ import annotations

import io
import json

import pytest

from papertray.core.model import Record, Unread, Version
from papertray.feeds import biorxiv

PREPRINT = {
    "doi": "10.1101/2025.01.10.632001", "title": "A Title", "authors": "Chen, L.; van Berg, M. A.",
    "date": "2025-01-12", "version": "1", "abstract": "Words.", "published": "NA",
    "server": "bioRxiv", "category": "bioinformatics",
}  # fmt: skip


def read(*preprints: object) -> list[Record | Unread]:
    answer = {"messages": [{"status": "ok"}], "collection": preprints}
    return list(biorxiv.read(io.BytesIO(json.dumps(answer).encode())))


def preprint(**fields: object) -> Record:
    (found,) = read({**PREPRINT, **fields})
    assert isinstance(found, Record)
    return found


def test_names_in_one_text() -> None:
    found = preprint(authors="Chen, L.; van Berg, M. A.; The X Consortium; ; ")
    assert [author.display for author in found.work.authors] == [
        "L. Chen", "M. A. van Berg", "The X Consortium",
    ]  # fmt: skip


def test_each_version_is_one_of_the_same_paper() -> None:
    first, second = read(PREPRINT, {**PREPRINT, "version": "2", "date": "2025-02-20"})
    assert isinstance(first, Record)
    assert isinstance(second, Record)
    assert first.work.doi == second.work.doi
    assert first.versions == (Version(1, "A Title", "Words.", "2025-01-12T00:00:00.000Z"),)
    assert second.versions == (Version(2, "A Title", "Words.", "2025-02-20T00:00:00.000Z"),)
    assert (first.work.year, first.work.month, first.work.day) == (2025, 1, 12)
    assert (second.work.year, second.work.month, second.work.day) == (2025, 1, 10), "by its DOI"


@pytest.mark.parametrize(
    ("published", "identifiers"),
    [
        ("NA", ()), ("10.7554/eLife.43696", (("doi", "10.7554/eLife.43696"),)), ("", ()),
        (None, ()),
    ],
)  # fmt: skip
def test_the_doi_of_the_journal_is_another_name(
    published: str | None, identifiers: tuple[tuple[str, str], ...]
) -> None:
    assert preprint(published=published).identifiers == identifiers


@pytest.mark.parametrize(("server", "name"), [("biorxiv", "bioRxiv"), ("medRxiv", "medRxiv")])
def test_both_servers_in_any_spelling(server: str, name: str) -> None:
    assert preprint(server=server).work.venue.name == name


def test_what_their_conversion_leaves_is_taken_out_of_the_abstract() -> None:
    came = "O_ST_ABSBackgroundC_ST_ABSGenes. O_LIOne C_LIO_LITwo C_LI CO_2 and IO_X."
    found = preprint(abstract=came)
    assert found.work.abstract == "Background\nGenes. One Two CO_2 and IO_X."
    assert found.original["abstract"] == came


def test_the_older_list() -> None:
    found = preprint(
        doi=None, rel_doi="10.1101/2020.02.02.20020000", rel_title="Rel", title=None, authors=None,
        rel_authors=[{"author_name": "Ann Lee", "author_inst": "House"}], rel_site="medRxiv",
        rel_date="2020-02-04", rel_abs="Abs.", rel_link="http://medrxiv.org/x", server=None,
        date=None, abstract=None, version=None,
    )  # fmt: skip
    work = found.work
    assert (work.title, work.abstract, work.venue.name) == ("Rel", "Abs.", "medRxiv")
    assert (work.authors[0].display, work.url) == ("Ann Lee", "http://medrxiv.org/x")
    assert (work.year, work.month, work.day) == (2020, 2, 4)


def test_without_a_title_it_is_named_and_its_neighbours_go_in() -> None:
    found = read({**PREPRINT, "title": " "}, PREPRINT)
    assert [type(item) for item in found] == [Unread, Record]


@pytest.mark.parametrize(
    ("value", "is_ours"),
    [
        ({"messages": [], "collection": [PREPRINT]}, True),
        ({"messages": [{"status": "no posts found"}], "collection": []}, True),
        (PREPRINT, True), ([PREPRINT], True), ({"collection": []}, False),
        ({"doi": "10.1101/1", "title": "A"}, False),
    ],
)  # fmt: skip
def test_recognising(value: object, is_ours: bool) -> None:
    assert biorxiv.recognise(json.dumps(value).encode(), "x.json") is is_ours
