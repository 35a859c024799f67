"""Any paper at all, with any Unicode in it, is read back as the paper it was.

Hypothesis makes the papers, always the same ones; a program then reads all of them at once.
"""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import pytest
import rispy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from papertray.core.model import Entry

from .cases import written
from .lists import by_pandoc
from .programs import needs
from .reading import OTHERS, Read, by_biber, by_bibtex, expected, folded
from .reading import by_pandoc as bibliography_by_pandoc
from strategies import entries, keyed, to_be_printed, visible_line

MADE = 250
"""How many papers are made."""


def made() -> list[Entry]:
    """Return `MADE` papers that hypothesis made, with the keys ``key0``, ``key1`` …"""
    found: list[Entry] = []

    @settings(
        max_examples=MADE,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(entries())
    def collect(kept: Entry) -> None:
        found.append(kept)

    collect()
    assert len(found) >= MADE
    return keyed(found)


PAPERS = st.lists(entries(), max_size=3).map(keyed)


def told_otherwise(kept: list[Entry], found: dict[str, Read]) -> list[str]:
    """Return what BibTeX or biber understood otherwise than it was meant, a line each."""
    wrong = [f"{entry.citekey} is lost" for entry in kept if entry.citekey not in found]
    for entry in kept:
        got, wanted = found.get(entry.citekey, Read()), expected(entry)
        names = [letters(as_printed(person.display)) for person in wanted.people]
        told = [letters(person.display) for person in got.people]
        if got.title != as_printed(entry.work.title):
            wrong.append(f"title of {entry.citekey}: {got.title!r}, not {entry.work.title!r}")
        if told != names:
            wrong.append(f"names of {entry.citekey}: {told}, not {names}")
        if got.year != wanted.year:
            wrong.append(f"year of {entry.citekey}: {got.year!r}, not {wanted.year!r}")
    return wrong


def as_printed(text: str) -> str:
    return " ".join(to_be_printed(text).replace("\u00a0", " ").split())


def composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def letters(name: str) -> str:
    """Return a name without what divides names: BibTeX drops hyphens that stand alone."""
    return name.replace("-", "").replace(" ", "")


@pytest.mark.clients
@needs("bibtex")
def test_bibtex_understands_any_paper(tmp_path: Path) -> None:
    kept = made()
    found = by_bibtex(written("bibtex", kept, notes=True, private=True), tmp_path)
    assert told_otherwise(kept, found) == []


@pytest.mark.clients
@needs("biber")
@pytest.mark.parametrize("name", ["bibtex", "biblatex"])
def test_biber_understands_any_paper(name: str, tmp_path: Path) -> None:
    kept = made()
    found, _ = by_biber(written(name, kept, notes=True, private=True), tmp_path)
    assert told_otherwise(kept, found) == []


@pytest.mark.clients
@needs("pandoc")
@pytest.mark.parametrize(
    ("name", "form"), [("markdown", "markdown"), ("markdown", "gfm"), ("org", "org")]
)
def test_titles_of_any_paper_are_literal(name: str, form: str, tmp_path: Path) -> None:
    kept = made()
    document = by_pandoc(written(name, kept, notes=True, private=True), form, tmp_path)
    # pandoc composes letters in one of these formats, and takes them as they are in the others.
    shown = [composed(text) for level, text in document.headings if level == 2]
    wanted = [one_space(entry.work.title) or "(untitled)" for entry in in_order(kept)]
    assert shown == list(map(composed, wanted))


@pytest.mark.clients
@needs("pandoc")
def test_pandoc_understands_csl_json_of_any_paper(tmp_path: Path) -> None:
    kept = made()
    found = bibliography_by_pandoc(written("csl-json", kept), "csljson", tmp_path)
    assert {key: (folded(read.title), read.year) for key, read in found.items()} == {
        entry.citekey: (folded(visible_line(entry.work.title)), expected(entry).year)
        for entry in kept
    }


@settings(max_examples=40, deadline=None)
@given(PAPERS)
def test_csl_json_of_any_paper_is_json(kept: list[Entry]) -> None:
    items = json.loads(written("csl-json", kept))
    assert [item["id"] for item in items] == [entry.citekey for entry in kept]


@settings(max_examples=40, deadline=None)
@given(PAPERS)
def test_rispy_understands_any_paper(kept: list[Entry]) -> None:
    items = rispy.loads(written("ris", kept, notes=True, private=True))
    assert [item["id"] for item in items] == [entry.citekey for entry in kept]
    for item, entry in zip(items, kept, strict=True):
        assert item.get("title", "") == visible_line(entry.work.title)
        assert item.get("year", "")[:4] == expected(entry).year
        people = [person for person in expected(entry).people if person.family != OTHERS]
        told = [name for name in item.get("authors", []) if name != "et al."]
        assert len(told) == len(people)


def in_order(kept: list[Entry]) -> list[Entry]:
    return sorted(kept, key=lambda entry: entry.citekey)


def one_space(text: str) -> str:
    """As `headings` and `by_pandoc` show a title."""
    return " ".join(visible_line(text).replace("\u00a0", " ").replace("\u2060", "").split())
