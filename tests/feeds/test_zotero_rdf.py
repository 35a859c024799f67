"""Zotero's RDF: parts that name one another, before and after they come."""

from __future__ import annotations

import io

import pytest

from papertray.core.model import Item, LeftBehind, NoteText, Record
from papertray.feeds import zotero_rdf

_HEAD = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
    ' xmlns:z="http://www.zotero.org/namespaces/export#" xmlns:dcterms="http://purl.org/dc/terms/"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:bib="http://purl.org/net/biblio#"'
    ' xmlns:link="http://purl.org/rss/1.0/modules/link/">'
)


def _read(inside: str) -> list[Item]:
    return list(zotero_rdf.read(io.BytesIO(f"{_HEAD}{inside}</rdf:RDF>".encode())))


def _item(number: int, inside: str, kind: str = "Article", type_: str = "journalArticle") -> str:
    return (
        f'<bib:{kind} rdf:about="#item_{number}"><z:itemType>{type_}</z:itemType>'
        f"<dc:title>T{number}</dc:title>{inside}</bib:{kind}>"
    )


_JOURNAL = (
    '<bib:Journal rdf:about="urn:issn:1"><dc:title>J</dc:title>'
    "<dc:identifier>DOI 10.1234/x</dc:identifier></bib:Journal>"
)
_IN_JOURNAL = '<dcterms:isPartOf rdf:resource="urn:issn:1"/>'


@pytest.mark.parametrize("document", [_JOURNAL + "{}", "{}" + _JOURNAL])
def test_a_journal_may_come_before_or_after(document: str) -> None:
    (record,) = _read(document.format(_item(1, _IN_JOURNAL)))
    assert isinstance(record, Record)
    assert record.work.venue.name == "J"
    # Zotero tells the DOI of an article as that of its journal.
    assert record.work.doi == "10.1234/x"


def test_a_doi_of_a_journal_that_two_share_is_nobodys() -> None:
    items = _read(_item(1, _IN_JOURNAL) + _item(2, _IN_JOURNAL) + _JOURNAL)
    assert [item.work.doi for item in items if isinstance(item, Record)] == ["", ""]


def test_notes_belong_to_their_items_or_to_nobody() -> None:
    memo = (
        '<bib:Memo rdf:about="#item_{0}"><rdf:value>&lt;p&gt;N{0}&lt;/p&gt;</rdf:value></bib:Memo>'
    )
    items = _read(
        _item(1, '<dcterms:isReferencedBy rdf:resource="#item_2"/>')
        + memo.format(2)
        + memo.format(3)
    )
    assert isinstance(items[0], Record)
    assert [note.body for note in items[0].decisions.notes] == ["N2"]
    assert items[1:] == [NoteText("N3")]


def test_collections_are_tags_by_their_paths() -> None:
    (record,) = _read(
        _item(1, "<dc:subject>own</dc:subject>")
        + '<z:Collection rdf:about="#c2"><dc:title>B</dc:title>'
        '<dcterms:hasPart rdf:resource="#item_1"/></z:Collection>'
        '<z:Collection rdf:about="#c1"><dc:title>A</dc:title>'
        '<dcterms:hasPart rdf:resource="#c2"/></z:Collection>'
    )
    assert isinstance(record, Record)
    assert record.decisions.tags == ("own", "A/B")


def test_collections_within_one_another_end() -> None:
    circle = (
        '<z:Collection rdf:about="#a"><dc:title>A</dc:title><dcterms:hasPart rdf:resource="#b"/>'
        '<dcterms:hasPart rdf:resource="#item_1"/></z:Collection><z:Collection rdf:about="#b">'
        '<dc:title>B</dc:title><dcterms:hasPart rdf:resource="#a"/></z:Collection>'
    )
    (record,) = _read(_item(1, "") + circle)
    assert isinstance(record, Record)
    assert record.decisions.tags == ("B/A",)


@pytest.mark.parametrize(("mode", "paths"), [(0, ["files/x.pdf"]), (2, ["files/x.pdf"]), (3, [])])
def test_files_and_links(mode: int, paths: list[str]) -> None:
    (record,) = _read(
        _item(1, '<link:link rdf:resource="#item_2"/>')
        + '<z:Attachment rdf:about="#item_2"><z:itemType>attachment</z:itemType>'
        f'<rdf:resource rdf:resource="files/x.pdf"/><z:linkMode>{mode}</z:linkMode></z:Attachment>'
    )
    assert isinstance(record, Record)
    assert [file.path for file in record.attachments] == paths


def test_a_record_has_no_key_of_a_library_that_it_does_not_name() -> None:
    (record,) = _read(_item(1, ""))
    assert isinstance(record, Record)
    assert (record.identifiers, record.extra) == ((), {})


def test_what_stays_behind_is_counted() -> None:
    items = _read(_item(1, '<dc:relation rdf:resource="#item_2"/>') + _item(2, ""))
    assert items[2:] == [LeftBehind("links between items", 1, "papertray has none")]


def test_a_large_file_is_read_in_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zotero_rdf, "LARGEST", 10_000)
    items = _read("".join(_item(n, "") for n in range(1000)))
    titles = [item.work.title for item in items if isinstance(item, Record)]
    assert titles == [f"T{n}" for n in range(1000)]


def test_a_feed_in_rdf_is_not_zoteros() -> None:
    assert zotero_rdf.recognise(_HEAD.encode(), "")
    feed = _HEAD.replace("http://www.zotero.org/namespaces/export#", "urn:x").replace(
        "http://purl.org/net/biblio#", "http://purl.org/rss/1.0/"
    )
    assert not zotero_rdf.recognise(feed.encode(), "x.rdf")
