"""OAI-PMH: arXiv's forms, Dublin Core of anybody, deleted records, errors."""

from __future__ import annotations

import io

import pytest

from papertray.core.model import Item, LeftBehind, Record, Unread, Version
from papertray.feeds import arxiv_oai

OAI = 'xmlns="http://www.openarchives.org/OAI/2.0/"'
DC = (
    'xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
)


def read(inner: str) -> list[Item]:
    data = f"<OAI-PMH {OAI}><ListRecords>{inner}</ListRecords></OAI-PMH>"
    return list(arxiv_oai.read(io.BytesIO(data.encode())))


def one(metadata: str, identifier: str = "oai:arXiv.org:2601.00001") -> Record:
    (found,) = read(
        f"<record><header><identifier>{identifier}</identifier></header>"
        f"<metadata>{metadata}</metadata></record>"
    )
    assert isinstance(found, Record)
    return found


def arxiv(inner: str, form: str = "arXiv") -> Record:
    return one(
        f'<{form} xmlns="http://arxiv.org/OAI/{form}/"><title>A Title</title>{inner}</{form}>'
    )


def dublin_core(inner: str, identifier: str = "oai:example.org:7") -> Record:
    return one(f"<oai_dc:dc {DC}><dc:title>A Title</dc:title>{inner}</oai_dc:dc>", identifier)


def test_the_header_names_a_paper_that_does_not() -> None:
    assert arxiv("").work.arxiv_id == "2601.00001"


def test_a_form_without_a_namespace_of_its_own() -> None:
    found = one("<arXiv><id>math.AG/0309136</id><title>Old</title></arXiv>")
    assert (found.work.arxiv_id, found.work.year, found.work.month) == ("math/0309136", 2003, 9)


def test_an_author_with_two_surnames_keeps_both() -> None:
    author = "<keyname>Saxe</keyname><keyname>Wall</keyname><forenames>C. J.</forenames>"
    (found,) = arxiv(f"<authors><author>{author}</author></authors>").work.authors
    assert (found.family, found.given) == ("Saxe Wall", "C. J.")


def test_reports_classes_licences_and_updates_are_kept() -> None:
    found = arxiv(
        "<created>2026-01-02</created><updated>2026-01-05</updated><report-no>X-1</report-no>"
        "<acm-class>I.2.6</acm-class><license>http://l</license><proxy>ccsd</proxy>"
    )
    assert (found.work.year, found.work.month, found.work.day) == (2026, 1, 2)
    assert found.extra == {
        "arxiv": {
            "updated": "2026-01-05", "report-no": "X-1", "acm-class": "I.2.6",
            "license": "http://l", "proxy": "ccsd",
        }
    }  # fmt: skip


def test_raw_has_the_dates_of_all_versions_and_the_text_of_the_last() -> None:
    found = arxiv(
        '<version version="v1"><date>Mon, 02 Apr 2007 19:18:42 GMT</date></version>'
        '<version version="v2"><date>Tue, 24 Jul 2007 20:10:27 GMT</date></version>'
        r"<authors>C. Bal\'azs (House, Paris) and E. B{\"o}hlen</authors>"
        "<abstract>  Wrapped\nwords.\n</abstract>",
        "arXivRaw",
    )
    assert found.arxiv_version == 2
    assert found.versions == (
        Version(1, seen="2007-04-02T19:18:42.000Z"),
        Version(2, "A Title", "Wrapped words.", "2007-07-24T20:10:27.000Z"),
    )
    assert (found.work.year, found.work.month, found.work.day) == (2007, 4, 2)
    assert [author.display for author in found.work.authors] == ["C. Balázs", "E. Böhlen"]
    arxiv_extra = found.extra["arxiv"]
    assert isinstance(arxiv_extra, dict)
    assert str(arxiv_extra["authors"]).endswith(r"E. B{\"o}hlen")


def test_deleted_records_are_counted_and_a_page_may_say_that_more_follow() -> None:
    deleted = '<record><header status="deleted"><identifier>x</identifier></header></record>'
    found = read(f'{deleted}{deleted}<resumptionToken cursor="0">1|2</resumptionToken>')
    assert [(type(item), getattr(item, "number", 0)) for item in found] == [(LeftBehind, 2)]


@pytest.mark.parametrize(
    ("code", "reasons"),
    [
        ("noRecordsMatch", []),
        ("badArgument", ["the server answered badArgument: from must be a date"]),
    ],
)
def test_errors_of_the_server(code: str, reasons: list[str]) -> None:
    data = f'<OAI-PMH {OAI}><error code="{code}">from must be\na date</error></OAI-PMH>'
    found = arxiv_oai.read(io.BytesIO(data.encode()))
    assert [item.reason for item in found if isinstance(item, Unread)] == reasons


def test_other_forms_are_named_and_their_neighbours_go_in() -> None:
    unknown = '<record><metadata><marc xmlns="m"/></metadata></record>'
    known = "<record><metadata><arXiv><title>A</title></arXiv></metadata></record>"
    found = read(f"{unknown}<record><metadata/></record>{known}")
    assert [getattr(item, "reason", "") for item in found] == [
        "metadata of the form marc is not read", "it has no metadata", "",
    ]  # fmt: skip


def test_dublin_core_of_arxiv_has_comments_and_references_among_its_fields() -> None:
    work = dublin_core(
        "<dc:creator>Lee, Ada</dc:creator><dc:description>Words\nwrapped.</dc:description>"
        "<dc:description>Comment: 3 pages</dc:description><dc:date>2008-01-12</dc:date>"
        "<dc:date>2007-04-01</dc:date><dc:identifier>http://arxiv.org/abs/0704.0003</dc:identifier>"
        "<dc:identifier>Annals 11 (2008) 7</dc:identifier>"
        "<dc:identifier>doi:10.9999/w.3</dc:identifier>",
        "oai:arXiv.org:0704.0003",
    ).work
    assert (work.arxiv_id, work.doi) == ("0704.0003", "10.9999/w.3")
    assert (work.abstract, work.comment) == ("Words wrapped.", "3 pages")
    assert work.venue.name == "Annals 11 (2008) 7"
    assert (work.year, work.month, work.day) == (2007, 4, 1)


@pytest.mark.parametrize(
    ("told", "type_"),
    [
        ("info:eu-repo/semantics/doctoralThesis", "thesis"), ("Article", "article"),
        ("info:eu-repo/semantics/bookPart", "chapter"), ("Text", ""),
        ("http://purl.org/coar/resource_type/c_6501", ""),
    ],
)  # fmt: skip
def test_types_of_dublin_core(told: str, type_: str) -> None:
    found = dublin_core(f"<dc:type>{told}</dc:type>")
    assert found.work.type == type_
    extra = found.extra["oai_dc"]
    assert isinstance(extra, dict)
    assert extra["type"] == [told], "ours may say less, so theirs stays"


@pytest.mark.parametrize(
    ("dates", "date"),
    [
        (["2019"], (2019, None, None)), (["2019-05"], (2019, 5, None)),
        (["2021-03-04T05:06:07Z", "2019-05"], (2019, 5, None)),
        (["2019", "2019-05-06"], (2019, 5, 6)), (["s.d."], (None, None, None)),
    ],
)  # fmt: skip
def test_dates_of_dublin_core(dates: list[str], date: tuple[int | None, ...]) -> None:
    found = dublin_core("".join(f"<dc:date>{text}</dc:date>" for text in dates))
    assert (found.work.year, found.work.month, found.work.day) == date


def test_no_letter_is_lost_to_a_named_character() -> None:
    assert dublin_core("<dc:publisher>B&ouml;hlen</dc:publisher>").work.venue.publisher == "Böhlen"


@pytest.mark.parametrize(
    ("data", "is_ours"),
    [
        (f"<OAI-PMH {OAI}>", True), (f"<?xml version='1.0'?><record {OAI}>", True),
        ('<record><arXiv xmlns="http://arxiv.org/OAI/arXiv/">', True), ("<record>", False),
        ("<records><record/></records>", False), ("<feed>", False),
    ],
)  # fmt: skip
def test_recognising(data: str, is_ours: bool) -> None:
    assert arxiv_oai.recognise(data.encode(), "x") is is_ours
