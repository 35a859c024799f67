"""Ovid, RefWorks, Web of Science, EndNote: lines with tags, cut into records and read."""

from __future__ import annotations

import io
from types import ModuleType

import pytest

from papertray.core.model import NoteText, Record, Unread
from papertray.feeds import endnote_tagged, ovid, refworks, ris, web_of_science


def read(reader: ModuleType, text: str) -> list[Record | Unread]:
    return list(reader.read(io.BytesIO(text.encode())))


def record(reader: ModuleType, text: str) -> Record:
    (found,) = read(reader, text)
    assert isinstance(found, Record)
    return found


def names(found: Record) -> list[str]:
    return [author.display for author in found.work.authors]


HEADS = {
    ris: ["TY  - JOUR\nTI  - A\n", "\ufeff1.\nTY  - JOUR\nTI  - A\n", "TI  - A\nAU  - B\nER  - \n"],
    ovid: ["<1. >\nVN  - Ovid\nTI  - A\n", "<12>\r\nUnique Identifier\r\n  1\r\n",
           "\n<3. >\nTI - A\n"],
    refworks: ["RT Journal Article\nSR Print(0)\nT1 A\n", "\ufeffRT Generic\nA1 B\nT1 C\n"],
    web_of_science: ["FN Clarivate Analytics Web of Science\nVR 1.0\nPT J\nTI A\n",
                     "PT J\nAU B\nTI A\nSO C\nUT WOS:1\nER\n"],
    endnote_tagged: ["%0 Journal Article\n%T A\n", "%A B\n%T A\n%D 1978\n",
                     "\n%0 Book\n%A B\n%T C\n"],
}  # fmt: skip
ALL = list(HEADS)


@pytest.mark.parametrize("reader", ALL, ids=lambda reader: reader.NAME)
def test_each_format_is_recognised_by_its_own_reader_alone(reader: ModuleType) -> None:
    for head in HEADS[reader]:
        assert [one.NAME for one in ALL if one.recognise(head.encode(), "export.txt")] == [
            reader.NAME
        ]


@pytest.mark.parametrize(
    "text",
    ["% Encoding: UTF-8\n\n@article{a,\n title = {B}}\n", "%A comment of TeX\n\\documentclass{a}",
     "PT J is a line of text\n", "RT this is a tweet\n", "<1. > is a list\nwith text\n",
     "# Title\n", "title,abstract\na,b\n", "PMID- 1\nTI  - A\nAU  - B\nSO  - C\n"],
)  # fmt: skip
def test_other_texts_are_not_recognised(text: str) -> None:
    assert not any(reader.recognise(text.encode(), "export.txt") for reader in ALL)


# Web of Science


def wos(*lines: str) -> Record:
    return record(web_of_science, "\n".join(["FN Clarivate", "VR 1.0", "PT J", *lines, "ER", "EF"]))


def test_lines_of_web_of_science_are_unwrapped_and_lists_are_kept_apart() -> None:
    found = wos("AU Lee, A", "   van der Berg, B", "TI A title over", "   two lines",
                "DE gold; golden", "   files", "CR ONE, 2001", "   TWO, 2002")  # fmt: skip
    assert found.work.title == "A title over two lines"
    assert names(found) == ["A Lee", "B van der Berg"]
    assert found.decisions.tags == ("gold", "golden files")
    assert found.extra["wos"] == {
        "PT": "J", "AU": "Lee, A\nvan der Berg, B", "CR": "ONE, 2001\nTWO, 2002",
    }  # fmt: skip


def test_full_names_are_preferred_and_the_short_ones_kept() -> None:
    found = wos("AU Smith, JM", "AF Smith, J. Mark", "TI A")
    assert names(found) == ["J. Mark Smith"]
    assert found.extra["wos"] == {"PT": "J", "AU": "Smith, JM"}


def test_a_work_without_persons_has_its_body_as_author() -> None:
    assert names(wos("CA ATLAS Collaboration", "TI A")) == ["ATLAS Collaboration"]


def test_unindented_lines_that_begin_like_tags_are_text() -> None:
    found = wos("TI A title", "that wraps and", "US soldiers", "PY 2005")
    assert (found.work.title, found.work.year) == ("A title that wraps and US soldiers", 2005)


def test_an_unknown_tag_of_web_of_science_is_kept() -> None:
    assert wos("TI A", "QQ something").extra["wos"] == {"PT": "J", "QQ": "something"}


def test_identifiers_of_web_of_science() -> None:
    found = wos("TI A", "UT WOS:000123", "PM 77", "DI 10.1/a", "DI 10.1234/b", "SN 1234-5679",
                "BP 1", "EP 9", "PD JAN-FEB", "PY 2010")  # fmt: skip
    assert found.identifiers == (("wos", "WOS:000123"), ("pubmed", "77"), ("issn", "1234-5679"))
    assert (found.work.doi, found.work.venue.pages) == ("10.1234/b", "1–9")
    assert (found.work.year, found.work.month) == (2010, 1)
    assert found.extra["wos"] == {"PT": "J", "DI": "10.1/a", "PD": "JAN-FEB"}, "a range says more"


# Ovid


def test_ovids_marks_are_no_part_of_names_and_are_kept() -> None:
    lines = ["AU  - Zhang, Wei 1,2,*", "AU  - Gazic, Barbara MD, PhD *", "AU  - Lee, A [Editor]"]
    found = record(ovid, "\n".join(["<1. >", "TI  - A title.  [Article]", *lines]))
    assert names(found) == ["Wei Zhang", "Barbara Gazic", "A Lee"]
    assert found.extra["ovid"] == {"AU": [line[6:] for line in lines]}
    assert (found.work.title, found.original["title"]) == ("A title", "A title. [Article]")


SOURCES = [
    ("Journal of Things. 12(3):45-67, 2004 Mar.",
     ("Journal of Things", "12", "3", "45-67"), 2004, 3),
    ("Acta Biochimica August 2011;43(8):647-653",
     ("Acta Biochimica", "43", "8", "647-653"), 2011, 8),
    ("Chirurgica November/December 2010;6:611-613", ("Chirurgica", "6", "", "611-613"), 2010, 11),
    ("Ecology & Management. 201(2-3):327-334, November 15, 2004.",
     ("Ecology & Management", "201", "2-3", "327-334"), 2004, 11),
    ("A source that nobody can read", ("", "", "", ""), None, None),
]  # fmt: skip


@pytest.mark.parametrize(("source", "venue", "year", "month"), SOURCES)
def test_ovids_source_tells_what_no_field_does(
    source: str, venue: tuple[str, str, str, str], year: int | None, month: int | None
) -> None:
    found = record(ovid, f"<1. >\nTI  - A\nSO  - {source}\n")
    told = found.work.venue
    assert (told.name, told.volume, told.number, told.pages) == venue
    assert (found.work.year, found.work.month) == (year, month)
    assert found.extra["ovid"]["SO"] == source, "and is kept"  # type: ignore[call-overload,index]


def test_names_of_fields_may_stand_on_lines_of_their_own() -> None:
    text = "<1>\nTitle\n  A title\nAuthors\n  Smith JA. Jones B.\nAbstract\n  One\n  two.\n"
    found = record(ovid, text)
    assert (found.work.title, found.work.abstract) == ("A title", "One two.")
    assert names(found) == ["JA Smith", "B Jones"]


# RefWorks


def test_a_record_of_refworks() -> None:
    found = record(refworks, "RT Book, Section\nSR Print(0)\nID 9\nA1 Lee,Ann\nT1 A part\n"
                   "T2 The book\nYR 2002\nFD Feb 3\nSP 1\nOP 9\nK1 gold\nNO Mine.\n"
                   "ZZ new\n")  # fmt: skip
    work = found.work
    assert (work.title, work.type, work.venue.name) == ("A part", "chapter", "The book")
    assert (work.year, work.month, work.day, work.venue.pages) == (2002, 2, 3, "1–9")
    assert found.decisions.tags == ("gold",)
    assert found.decisions.notes == (NoteText("Mine."),)
    assert found.extra["refworks"] == {
        "RT": "Book, Section", "SR": "Print(0)", "ID": "9", "ZZ": "new",
    }  # fmt: skip


# EndNote


def test_blank_lines_part_records_of_refer_and_paragraphs_of_endnote() -> None:
    assert len(read(endnote_tagged, "%A B\n%T A\n\n%A C\n%T D\n")) == 2
    found = record(endnote_tagged, "%0 Book\n%T A\n%X One.\n\nTwo, 100%\nof it.\n%G en\n")
    assert found.work.abstract == "One.\nTwo, 100% of it."


def test_tags_of_endnote() -> None:
    found = record(endnote_tagged, "%0 Journal Article\n%A Lee, Ann\n%T A\n%J J\n%V 1\n%N 2\n"
                   "%D 1936\n%8 May 28\n%R 10.1234/a\n%K a\nb\n%F lee36\n%1 c\n")  # fmt: skip
    work = found.work
    assert (work.type, work.year, work.month, work.day) == ("article", 1936, 5, 28)
    assert (work.venue.name, work.venue.volume, work.venue.number) == ("J", "1", "2")
    assert (work.doi, found.citekey, found.decisions.tags) == ("10.1234/a", "lee36", ("a", "b"))
    assert found.extra["endnote"] == {"%0": "Journal Article", "%1": "c"}


@pytest.mark.parametrize(
    ("reader", "text"),
    [
        (ris, "TY  - JOUR\n" * 60_000 + "TI  - A\n"),
        (ovid, "<1. >\nTI  - A\nAU  - x" + " 1" * 60_000 + " x\n"),
        (ovid, "<1. >\nTI  - A" + " [A" * 60_000 + "\n"),
    ],
    ids=["types", "marks", "brackets"],
)
def test_time_grows_with_the_size_and_no_faster(reader: ModuleType, text: str) -> None:
    """Each took minutes when it grew with the square of the size."""
    assert record(reader, text).work.title.startswith("A")


def test_ovids_types_are_parted_by_full_stops() -> None:
    found = record(ovid, "<1>\nTitle\n  A\nPublication Type\n  Journal Article. Review.\n")
    assert found.work.type == "article"
