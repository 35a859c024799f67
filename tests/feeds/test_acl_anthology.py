"""The Anthology's XML: ids of three schemas, and text whose tags say how it looks."""

from __future__ import annotations

import io

import pytest

from papertray.core.model import Author, Record
from papertray.feeds import acl_anthology


def _papers(document: str) -> list[Record]:
    items = acl_anthology.read(io.BytesIO(document.encode()))
    return [item for item in items if isinstance(item, Record)]


def _paper(inside: str, volume: str = "") -> Record:
    (record,) = _papers(
        f'<collection id="2022.x"><volume id="1"><meta>{volume}</meta><paper id="3">{inside}'
        "</paper></volume></collection>"
    )
    return record


@pytest.mark.parametrize(
    ("collection", "volume", "paper", "identifier"),
    [
        ("2022.naloma", "1", "3", "2022.naloma-1.3"),
        ("2020.acl", "main", "12", "2020.acl-main.12"),
        ("W14", "1", "1", "W14-0101"),
        ("W14", "58", "8", "W14-5808"),
        ("J89", "1", "1", "J89-1001"),
        ("P18", "1", "150", "P18-1150"),
        ("D19", "50", "1", "D19-5001"),
        ("C69", "1", "2", "C69-0102"),
        ("odd", "x", "y", ""),
    ],
)
def test_ids(collection: str, volume: str, paper: str, identifier: str) -> None:
    (record,) = _papers(
        f'<collection id="{collection}"><volume id="{volume}"><paper id="{paper}">'
        "<title>T</title></paper></volume></collection>"
    )
    assert record.identifiers == ((("acl", identifier),) if identifier else ())


@pytest.mark.parametrize(
    ("url", "identifier", "pdf"),
    [
        ("2022.x-1.3", "2022.x-1.3", "https://aclanthology.org/2022.x-1.3.pdf"),
        ("https://aclanthology.org/2022.x-1.3.pdf", "2022.x-1.3", None),
        ("http://www.aclweb.org/anthology/W14-0101", "W14-0101", None),
        ("http://example.org/a.pdf", "2022.x-1.3", "http://example.org/a.pdf"),
    ],
)
def test_links(url: str, identifier: str, pdf: str | None) -> None:
    record = _paper(f"<title>T</title><url>{url}</url>")
    assert record.identifiers == (("acl", identifier),)
    assert record.work.url == f"https://aclanthology.org/{identifier}"
    assert record.work.pdf_url == (pdf or f"https://aclanthology.org/{identifier}.pdf")


def test_text_keeps_its_words_and_formulas() -> None:
    title = "A <fixed-case>P</fixed-case>rolog of <tex-math>x^2</tex-math> &lt;EOS&gt; <i>b</i>"
    record = _paper(f"<title>{title}</title>")
    assert record.work.title == "A Prolog of $x^2$ <EOS> b"
    assert record.original == {"title": title}


def test_pages_are_written_as_in_all_other_sources() -> None:
    assert _paper("<title>T</title><pages>1\u201314</pages>").work.venue.pages == "1-14"
    assert _paper("<title>T</title><pages>i--ix</pages>").work.venue.pages == "i-ix"


def test_a_suffix_behind_the_surname() -> None:
    names = "<author><first>Ada B.</first><last>Stable, Jr.</last></author>"
    record = _paper(f"<title>T</title>{names}")
    assert record.work.authors == (Author("Stable", "Ada B.", suffix="Jr."),)


def test_editors_of_a_volume_are_no_authors() -> None:
    meta = (
        "<booktitle>B</booktitle><editor><first>E</first><last>D</last></editor><year>2022</year>"
    )
    record = _paper("<title>T</title><author><first>A</first><last>van B</last></author>", meta)
    assert [author.display for author in record.work.authors] == ["A van B"]
    assert record.work.authors[0].particle == "van"
    assert record.extra["acl-anthology"] == {"volume": {"editor": {"first": "E", "last": "D"}}}


def test_a_journal_is_told_without_its_volume() -> None:
    meta = "<booktitle>Computational Linguistics, Volume 46, Issue 1</booktitle>"
    record = _paper("<title>T</title>", f"{meta}<journal-volume>46</journal-volume>")
    assert record.work.type == "article"
    assert (record.work.venue.name, record.work.venue.volume) == ("Computational Linguistics", "46")


def test_a_volume_says_nothing_of_the_next_one() -> None:
    first, second = _papers(
        '<collection id="2022.x"><volume id="1"><meta><year>2022</year></meta>'
        '<paper id="1"><title>A</title></paper></volume>'
        '<volume id="2"><paper id="1"><title>B</title></paper></volume></collection>'
    )
    assert (first.work.year, second.work.year) == (2022, None)


@pytest.mark.parametrize(
    ("head", "is_anthology"),
    [
        ('<collection id="2022.x"><volume id="1"><meta><booktitle>B</booktitle></meta>'
         "<frontmatter>", True),
        ('<collection id="W14"><volume id="1"><paper id="1">', True),
        ('<volume id="J89"><paper id="1001">', True),
        ("<collection><record>", False),
        ("<html><paper>", False),
    ],
)  # fmt: skip
def test_recognising(head: str, is_anthology: bool) -> None:
    assert acl_anthology.recognise(head.encode(), "x.xml") is is_anthology
