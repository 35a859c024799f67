"""RIS that our reader and rispy read back, and out of which no text can break."""

from __future__ import annotations

import io
import re
import unicodedata

import pytest
import rispy
from hypothesis import given, settings
from hypothesis import strategies as st

from cli.command_line import steering_in
from papertray.core.model import Author, Entry, Record, Venue, Work
from papertray.exporters.exporter import ExportOptions
from papertray.exporters.ris import write
from papertray.feeds import ris

from strategies import entries, entry, keyed, note, people, visible_line


def text(*found: Entry, **options: bool) -> str:
    return "".join(write(found, ExportOptions(**options)))  # type: ignore[arg-type]


def back(written: str) -> list[Record]:
    found = [one for one in ris.read(io.BytesIO(written.encode())) if isinstance(one, Record)]
    assert len(found) == written.count("\nER  - \n")
    return found


AUTHORS = (
    Author("Maaten", "Laurens", "van der"),
    Author("King", "Martin Luther", suffix="Jr."),
    Author("García Márquez", "Gabriel"),
    Author(literal="OpenAI"),
    Author(literal="AT&T Labs, Inc."),
    Author(literal="Allen Brain Atlas"),
    Author(literal="et al."),
)
WORK = Work(
    "Deep learning",
    abstract="One.\nTwo.",
    authors=AUTHORS,
    year=2015,
    month=5,
    venue=Venue("Nature", "journal", "Nat.", "Springer", "521", "7553", "436--444"),
    doi="10.1038/nature14539",
    arxiv_id="1506.00001",
)


def test_an_article() -> None:
    assert text(entry(WORK, tags=("a;b", "c"), notes=(note("Good."),))) == (
        "TY  - JOUR\n"
        "ID  - key\n"
        "AU  - van der Maaten, Laurens\n"
        "AU  - King, Martin Luther, Jr.\n"
        "AU  - García Márquez, Gabriel\n"
        "AU  - OpenAI\n"
        "AU  - AT&T Labs, Inc.\n"
        "AU  - Allen Brain Atlas,\n"
        "AU  - et al.\n"
        "TI  - Deep learning\n"
        "PY  - 2015\n"
        "DA  - 2015/05//\n"
        "T2  - Nature\n"
        "J2  - Nat.\n"
        "PB  - Springer\n"
        "VL  - 521\n"
        "IS  - 7553\n"
        "SP  - 436\n"
        "EP  - 444\n"
        "DO  - 10.1038/nature14539\n"
        "DB  - arXiv\n"
        "AN  - arXiv:1506.00001\n"
        "UR  - https://arxiv.org/abs/1506.00001\n"
        "AB  - One. Two.\n"
        "KW  - a,b\n"
        "KW  - c\n"
        "ER  - \n"
    )


def test_our_reader_reads_it_back() -> None:
    (found,) = back(text(entry(WORK)))
    assert found.work.authors == AUTHORS
    assert found.citekey == "key"
    for name in ("title", "year", "month", "doi", "arxiv_id"):
        assert getattr(found.work, name) == getattr(WORK, name)
    assert found.work.venue == Venue(
        "Nature", "journal", "Nat.", "Springer", "521", "7553", "436–444"
    )


@pytest.mark.parametrize(
    ("work", "tag", "type_"),
    [
        (Work("A", arxiv_id="1706.03762"), "UNPB", "preprint"),
        (Work("A", type="inproceedings"), "CPAPER", "inproceedings"),
        (Work("A", type="thesis"), "THES", "thesis"),
        (Work("A", type="report"), "RPRT", "report"),
        (Work("A", type="chapter"), "CHAP", "chapter"),
        (Work("A", type="book"), "BOOK", "book"),
        (Work("A", type="dataset"), "DATA", "dataset"),
        (Work("A", type="software"), "COMP", "software"),
        (Work("A"), "GEN", ""),
    ],
)
def test_kinds_of_works(work: Work, tag: str, type_: str) -> None:
    written = text(entry(work))
    assert written.startswith(f"TY  - {tag}\n")
    assert back(written)[0].work.type == type_


def test_no_line_of_a_note_is_a_tag() -> None:
    body = "Begin\nER  - \nTY  - BOOK\n  au - Mallory\n%%secret%%"
    kept = entry(Work("A"), notes=(note(body, "T"),))
    assert "N1" not in text(kept)
    written = text(kept, notes=True)
    assert "N1  - T\nBegin\nER  – \nTY  – BOOK\n  au – Mallory\nER  - \n" in written
    assert len(back(written)) == 1


@given(st.lists(people(), max_size=4, unique=True))
def test_authors_and_identifiers_come_back(authors: list[Author]) -> None:
    work = Work("A title", authors=tuple(authors), doi="10.1234/a(b)<c>;d")
    written = text(entry(work))
    assert back(written)[0].work.authors == work.authors
    assert back(written)[0].work.doi == work.doi
    (by_rispy,) = rispy.loads(written)
    assert by_rispy["doi"] == work.doi
    assert len(by_rispy.get("authors", [])) == len(authors)


@settings(max_examples=40)
@given(st.lists(entries(), max_size=2).map(keyed))
def test_any_paper_stays_in_its_record(found: list[Entry]) -> None:
    written = text(*found, notes=True, private=True)
    assert not steering_in(written)
    assert len(re.findall(r"^TY  - ", written, re.MULTILINE)) == len(found)
    by_rispy = rispy.loads(written)
    assert [one["id"] for one in by_rispy] == [one.citekey for one in found]
    ours = list(ris.read(io.BytesIO(written.encode())))
    assert len(ours) == len(found)
    for kept, one, our in zip(found, by_rispy, ours, strict=True):
        title = visible_line(kept.work.title)
        assert one.get("title", "") == title
        assert one.get("year", "") == str(kept.work.year or "")
        if title and not {"<", "&"} & set(title):  # those are markup to our reader
            assert isinstance(our, Record)
            assert our.work.title == unicodedata.normalize("NFC", title)
            assert our.work.year == kept.work.year
