"""DBLP's XML: names with a number, entities without a DTD, arXiv under the name of CoRR."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from papertray.core.model import LeftBehind, Record, Unread
from papertray.feeds import dblp
from papertray.feeds.source import open_source


def _read(inside: str) -> list[Record | Unread | LeftBehind]:
    return list(dblp.read(io.BytesIO(f"<dblp>{inside}</dblp>".encode())))


def _article(inside: str, attributes: str = 'key="journals/x/A"') -> Record:
    found = _read(f"<article {attributes}><title>T.</title>{inside}</article>")
    assert isinstance(found[0], Record)
    return found[0]


@pytest.mark.parametrize("doctype", ["", '<!DOCTYPE dblp SYSTEM "dblp.dtd">'])
def test_boehlen_keeps_his_vowel(tmp_path: Path, doctype: str) -> None:
    path = tmp_path / "dblp.xml"
    path.write_bytes(
        f'<?xml version="1.0" encoding="ISO-8859-1"?>{doctype}<dblp><article key="a/b/C">'
        "<author>Michael H. B&ouml;hlen</author><author>Jürgen M&#252;ller</author>"
        "<title>T</title></article></dblp>".encode("latin-1")
    )
    with open_source(str(path), io.BytesIO()) as source:
        (record,) = source.items()
    assert isinstance(record, Record)
    assert [author.family for author in record.work.authors] == ["Böhlen", "Müller"]


def test_a_homonym_number_is_no_part_of_a_name_but_kept() -> None:
    record = _article("<author>Wei Wang 0001</author>")
    assert record.work.authors[0].display == "Wei Wang"
    assert record.extra["dblp"] == {"author": ["Wei Wang 0001"]}


@pytest.mark.parametrize(
    ("link", "doi"),
    [
        ("https://doi.org/10.1234/a(1)", "10.1234/a(1)"),
        ("http://doi.acm.org/10.1145/1666420.1666444", "10.1145/1666420.1666444"),
        ("http://doi.ieeecomputersociety.org/10.1109/X.1", "10.1109/X.1"),
        ("http://example.org/10.1234/x", ""),
    ],
)
def test_links_with_a_doi(link: str, doi: str) -> None:
    work = _article(f"<ee>{link}</ee>").work
    assert work.doi == doi
    assert work.url == ("" if doi else link)


@pytest.mark.parametrize(
    "inside",
    [
        "<volume>abs/1706.03762</volume>",
        "<ee>http://arxiv.org/abs/1706.03762</ee>",
        "<ee>https://doi.org/10.48550/arXiv.1706.03762</ee>",
    ],
)
def test_corr_is_arxiv(inside: str) -> None:
    work = _article(f"<journal>CoRR</journal>{inside}", 'key="journals/corr/abs-1"').work
    assert (work.type, work.arxiv_id, work.doi) == ("preprint", "1706.03762", "")
    assert not work.venue


def test_a_year_that_is_none_is_kept_as_it_came() -> None:
    record = _article("<year>forthcoming</year>")
    assert record.work.year is None
    assert record.extra["dblp"] == {"year": "forthcoming"}


def test_home_pages_are_counted_and_left() -> None:
    page = '<www key="homepages/x"><author>A B</author><title>Home Page</title></www>'
    assert _read(page * 2) == [LeftBehind("home pages", 2, "they are no papers")]


def test_an_answer_of_the_search_is_read() -> None:
    answer = (
        b'<result><query>x</query><hits><hit><info><authors><author pid="1/2">Ada B</author>'
        b"</authors><title>T.</title><venue>CAV</venue><year>2020</year><key>conf/cav/B</key>"
        b"<type>Conference and Workshop Papers</type><doi>10.1234/x</doi>"
        b"<url>https://dblp.org/rec/conf/cav/B</url></info></hit></hits></result>"
    )
    assert dblp.recognise(answer, "")
    (record,) = dblp.read(io.BytesIO(answer))
    assert isinstance(record, Record)
    assert (record.work.type, record.work.venue.name) == ("inproceedings", "CAV")
    assert record.identifiers == (("dblp", "conf/cav/B"),)
    assert record.work.doi == "10.1234/x"
