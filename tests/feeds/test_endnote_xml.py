"""EndNote's XML: values in runs of style, and files in the library's own folder."""

from __future__ import annotations

import io

import pytest

from papertray.core.model import Attachment, Record
from papertray.feeds import endnote_xml


def _record(inside: str, title: str = "T", kind: str = "Journal Article") -> Record:
    document = (
        f'<xml><records><record>{inside}<ref-type name="{kind}">1</ref-type>'
        f"<titles><title>{title}</title><secondary-title>S</secondary-title></titles>"
        "</record></records></xml>"
    )
    (record,) = endnote_xml.read(io.BytesIO(document.encode()))
    assert isinstance(record, Record)
    return record


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("Plain &amp; simple", "Plain & simple"),
        ('<style face="normal">One</style><style face="italic"> two</style>', "One two"),
        ("<style>H</style><style face='subscript'>2</style><style>O &lt; 1</style>", "H₂O < 1"),
        ("<style>10</style><style face='bold superscript'>6</style>", "10⁶"),
        ("<style font='Symbol'>b</style><style>-cells</style>", "β-cells"),
        ("\n  <style>Wrapped\n   here</style>\n", "Wrapped here"),
    ],
)
def test_runs_of_style_are_one_text(title: str, found: str) -> None:
    assert _record("", title).work.title == found


@pytest.mark.parametrize(
    ("database", "url", "path"),
    [
        ("/home/a/My.enl", "internal-pdf://12/x y.pdf", "/home/a/My.Data/PDF/12/x y.pdf"),
        ("My.enl", "internal-pdf://12/x%20y.pdf", "My.Data/PDF/12/x y.pdf"),
        ("C:\\Docs\\My.enl", "internal-pdf://12/x.pdf", "C:\\Docs\\My.Data\\PDF\\12\\x.pdf"),
        ("", "internal-pdf://12/x.pdf", "12/x.pdf"),
        ("", "file://localhost/home/a/x%20y.pdf", "/home/a/x y.pdf"),
        ("", "file:///C:/Docs/x.pdf", "C:/Docs/x.pdf"),
    ],
)
def test_paths_of_files(database: str, url: str, path: str) -> None:
    record = _record(
        f'<database path="{database}">D</database>'
        f"<urls><pdf-urls><url>{url}</url></pdf-urls></urls>"
    )
    assert record.attachments == (Attachment(path, "application/pdf"),)


def test_a_pdf_somewhere_else_is_a_link() -> None:
    record = _record("<urls><pdf-urls><url>https://example.org/x.pdf</url></pdf-urls></urls>")
    assert (record.attachments, record.work.pdf_url) == ((), "https://example.org/x.pdf")


@pytest.mark.parametrize(
    ("database", "identifiers"),
    [("PubMed", (("pubmed", "123"),)), ("Medline (OVID)", (("pubmed", "123"),)), ("Embase", ())],
)
def test_an_accession_number_is_pubmeds_only_where_it_says_so(
    database: str, identifiers: tuple[tuple[str, str], ...]
) -> None:
    record = _record(
        f"<accession-num>123</accession-num><remote-database-name>{database}</remote-database-name>"
    )
    assert record.identifiers == identifiers


def test_keywords_and_notes_are_decisions_and_the_label_is_the_key() -> None:
    record = _record(
        "<keywords><keyword>a</keyword><keyword>b</keyword></keywords><notes>mine</notes>"
        "<research-notes>too</research-notes><label>doe_2001</label>"
    )
    assert record.decisions.tags == ("a", "b")
    assert [note.body for note in record.decisions.notes] == ["mine", "too"]
    assert record.citekey == "doe_2001"


@pytest.mark.parametrize(
    ("kind", "venue"), [("Journal Article", "S"), ("Book Section", "S"), ("Book", "")]
)
def test_the_second_title_of_a_book_is_a_series(kind: str, venue: str) -> None:
    assert _record("", kind=kind).work.venue.name == venue


@pytest.mark.parametrize(
    ("head", "is_endnote"),
    [
        ("<xml><records><record><ref-type name='Book'>", True),
        ("<records><record><contributors>", True),
        ("<xml><records><record><id>", False),
        ("<rss><record><contributors>", False),
    ],
)
def test_recognising(head: str, is_endnote: bool) -> None:
    assert endnote_xml.recognise(head.encode(), "x.xml") is is_endnote
