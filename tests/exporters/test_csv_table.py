"""Tables: a row a paper, no cell a formula, and all of it back from our own reader."""

from __future__ import annotations

import csv
import dataclasses
import io
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cli.command_line import steering_in
from papertray.core.model import Author, Entry, Pile, Record, Venue, Work
from papertray.exporters.csv_table import COLUMNS, write
from papertray.exporters.exporter import ExportOptions
from papertray.feeds import csv_table

from strategies import entries, entry, note, people, texts, visible_line


def text(*found: Entry, **options: bool) -> str:
    return "".join(write(found, ExportOptions(**options)))  # type: ignore[arg-type]


def rows(written: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(written)))


def back(written: str) -> Record:
    (found,) = csv_table.read(io.BytesIO(written.encode()))
    assert isinstance(found, Record)
    return found


WORK = Work(
    "A <i>title</i> of ours",
    abstract="One.\nTwo.",
    authors=(
        Author("Lovelace", "Ada"),
        Author("García Márquez", "Gabriel"),
        Author(literal="Allen Brain Atlas"),
        Author(literal="et al."),
    ),
    type="article",
    year=2015,
    month=5,
    day=27,
    venue=Venue("Nature", "journal", "Nat.", "Springer", "521", "7553", "3–4"),
    doi="10.1038/nature14539",
    arxiv_id="1506.00001",
    url="https://example.org/a",
)


def test_a_row() -> None:
    kept = entry(WORK, tags=("a, b", "c"), notes=(note("x\n\n%%y%%"), note("z")))
    (row,) = rows(text(kept, notes=True))
    assert tuple(row) == COLUMNS
    assert row["authors"] == ("Ada Lovelace; García Márquez, Gabriel; {Allen Brain Atlas}; et al.")
    assert (row["tags"], row["notes"]) == ("a, b; c", "x\n\nz")
    assert (row["pile"], row["year"], row["venue"]) == ("read", "2015", "Nature")


def test_columns_that_are_not_wanted_are_not_there() -> None:
    assert set(COLUMNS) - set(rows(text(entry(WORK), abstracts=False))[0]) == {"abstract", "notes"}
    assert text() == ",".join(name for name in COLUMNS if name != "notes") + "\n"


def test_our_reader_gives_the_same_paper() -> None:
    kept = entry(WORK, "a-b-c", tags=("a, b", "c"), pile=Pile.STARRED, done="2026-11-23")
    found = back(text(kept))
    assert found.work == WORK
    assert (found.uid, found.citekey, found.extra) == ("uid", "a-b-c", {})
    assert found.decisions.tags == ("a, b", "c")
    assert (found.decisions.pile, found.decisions.done) == (Pile.STARRED, "2026-11-23")


@pytest.mark.parametrize(
    ("title", "cell"),
    [
        ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
        ("@SUM(1)", "'@SUM(1)"),
        ("-1 is", "'-1 is"),
        ("＋full", "'＋full"),
        ("'=x", "''=x"),
        ("'tis", "'tis"),
        ("a;=x", "a;'=x"),
        ("a; -x", "a; '-x"),
        ("a - b = c", "a - b = c"),
    ],
)
def test_no_cell_is_a_formula(title: str, cell: str) -> None:
    written = text(entry(Work(title)))
    assert rows(written)[0]["title"] == cell
    assert back(written).work.title == title


def test_pages_are_no_date() -> None:
    assert rows(text(entry(Work("A", venue=Venue("B", pages="3-4")))))[0]["pages"] == "3–4"


@given(st.lists(people(), max_size=4, unique=True))
def test_authors_come_back(authors: list[Author]) -> None:
    work = Work("A title", authors=tuple(authors))
    assert back(text(entry(work))).work.authors == work.authors


@settings(max_examples=40)
@given(entries(), st.lists(texts(2), max_size=2))
def test_any_paper_comes_back(found: Entry, tags: list[str]) -> None:
    written = text(dataclasses.replace(found, tags=tuple(tags)), notes=True, private=True)
    assert not [character for character in steering_in(written) if character != "\t"]
    (row,) = rows(written)
    for cell in row.values():
        for piece in cell.replace("\t", ";").replace("\n", ";").split(";"):
            assert not piece.lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))
    title = visible_line(found.work.title)
    if title:
        assert back(written).work.title == unicodedata.normalize("NFC", title)
        assert back(written).work.year == found.work.year
