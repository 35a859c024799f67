"""The judges can fail: each is shown what is wrong on purpose, and says what is wrong with it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from papertray.core.model import Entry

from .browser import CHROMIUM, browser
from .cases import CASES, Case, Expected, entries_of, written
from .latex_documents import (
    biber_complaints,
    bibtex_complaints,
    print_with_biber,
    print_with_bibtex,
    tex_complaints,
)
from .lists import PARSERS, by_pandoc, headings
from .programs import needs
from .reading import Person, Read, by_bibtex, by_bibtexparser, differences, expected
from .test_any_paper import told_otherwise
from .test_records import complaints
from .test_tables import formulas

clients = pytest.mark.clients
CASE = next(case for case in CASES if case.people and not case.misread)
RIGHT = expected(CASE.entry)


def found(read: Read) -> dict[str, Read]:
    return {CASE.entry.citekey: read}


def test_what_is_right_is_passed() -> None:
    assert differences([CASE], found(RIGHT), "reader") == []
    shouted = replace(RIGHT, title=RIGHT.title.upper())
    assert differences([CASE], found(shouted), "reader") == []


@pytest.mark.parametrize(
    ("read", "word"),
    [
        (replace(RIGHT, title="Another"), "title"),
        (replace(RIGHT, title=RIGHT.title + "}"), "title"),
        (replace(RIGHT, year="1900"), "year"),
        (replace(RIGHT, people=RIGHT.people[:-1]), "names"),
        (replace(RIGHT, people=RIGHT.people[::-1]), "names"),
        (replace(RIGHT, people=(Person(RIGHT.people[0].display), *RIGHT.people[1:])), "names"),
    ],
)
def test_what_a_reader_finds_otherwise_is_told(read: Read, word: str) -> None:
    told = differences([CASE], found(read), "reader")
    assert len(told) >= 1
    assert word in told[0]
    assert CASE.why in told[0]


def test_a_lost_paper_and_a_lost_name_are_told() -> None:
    assert differences([CASE], {}, "reader") == [f"reader lost {CASE}"]
    fewer = replace(RIGHT, people=RIGHT.people[:-1])
    assert len(differences([CASE], found(fewer), "reader", names=False)) == 1
    assert told_otherwise([CASE.entry], {})
    assert told_otherwise([CASE.entry], found(fewer))


def test_only_the_reader_that_misreads_is_excused() -> None:
    excused = Case(CASE.why, CASE.entry, misread=frozenset({"reader"}))
    wrong = found(replace(RIGHT, title="Another"))
    assert differences([excused], wrong, "reader") == []
    assert len(differences([excused], wrong, "another reader")) == 1


def test_pieces_that_are_missing_or_must_be_are_told() -> None:
    text = "@misc{key,\n  title = {One},\n}\n"
    assert complaints(text, Expected(has=["{One}"], lacks=["year"], type="misc")) == []
    assert complaints(text, Expected(["{Two}"], ["title"], "book")) == [
        "lacks '{Two}'", "has 'title'", "is @misc, not @book"
    ]  # fmt: skip


def test_what_programs_say_is_heard() -> None:
    assert tex_complaints("fine\n! Missing $ inserted.\nl.7 a_b\n") != []
    assert bibtex_complaints("Warning--empty year in a\n(There was 1 warning)\n") == []
    assert bibtex_complaints("I was expecting a `,' or a `}'---line 3 of file a.bib") != []
    assert biber_complaints("WARN - Entry 'a': Missing mandatory field 'editor'\n") == []
    assert biber_complaints("WARN - Invalid field 'publisher'\nERROR - no\n") != []


def test_titles_that_are_no_literal_text_are_seen() -> None:
    right = "---\ntitle: x\n---\n\n## A \\*star\\*\n"
    assert headings(right, PARSERS["commonmark"]) == [(2, "A *star*")]
    assert headings(right.replace("\\", ""), PARSERS["commonmark"]) != [(2, "A *star*")]


def test_formulas_are_seen() -> None:
    assert formulas("title,tags\n'=1+1,a; b\n") == []
    assert set(formulas("title,tags\n=1+1,a;-b\n")) == {"=1+1", "-b"}


# What an exporter does that escapes nothing, or too little.


def raw(entries: list[Entry]) -> str:
    """Write a bibliography as if titles and names were TeX."""
    return "\n".join(
        f"@misc{{{entry.citekey},\n  title = {{{entry.work.title}}},\n  author = "
        f"{{{' and '.join(author.display for author in entry.work.authors)}}},\n  year = "
        f"{{{entry.work.year or ''}}},\n}}\n"
        for entry in entries
    )


def about(word: str) -> list[Case]:
    return [case for case in CASES if word in case.why]


@clients
@needs("bibtex", "pdflatex")
def test_bibtex_and_tex_see_what_is_not_escaped(tmp_path: Path) -> None:
    special = about("ampersand, percent")
    assert print_with_bibtex(raw(entries_of(special)), "plain", "", tmp_path).complaints
    brace = print_with_bibtex(raw(entries_of(about("opening brace alone"))), "plain", "", tmp_path)
    assert brace.complaints
    body = about("stays one")
    assert differences(body, by_bibtex(raw(entries_of(body)), tmp_path), "bibtex")


@clients
@needs("biber", "pdflatex")
def test_biber_and_biblatex_see_what_is_not_escaped(tmp_path: Path) -> None:
    special = raw(entries_of(about("ampersand, percent")))
    assert print_with_biber(special, "numeric", tmp_path).complaints


@clients
def test_bibtexparser_sees_what_is_not_escaped() -> None:
    special = about("tilde, caret")
    assert differences(special, by_bibtexparser(raw(entries_of(special))), "bibtexparser")


@clients
@needs("pandoc")
def test_pandoc_sees_what_is_not_escaped(tmp_path: Path) -> None:
    document = by_pandoc("---\ntitle: STOLEN\n---\n\n## A *star* [@key]\n", "markdown", tmp_path)
    assert document.title == "STOLEN"
    assert document.headings != ((2, "A *star* [@key]"),)
    assert document.citations == ("key",)


@clients
@needs(CHROMIUM, "bash")
def test_the_browser_sees_what_a_page_asks_for_and_runs(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        "<title>t</title><h2>One</h2><h2 hidden>Two</h2>"
        "<img src='https://spy.example/x.png'><script>window.stolen = 1; alert('two')</script>"
    )
    with browser(tmp_path / "profile") as opened:
        opened.open(page)
        assert opened.asked == [page.as_uri(), "https://spy.example/x.png"]
        assert opened.dialogues == ["two"]
        assert opened.evaluate("document.body.innerText").strip() == "One"
        assert opened.evaluate("typeof window.stolen") == "number"


def test_every_kind_of_paper_is_written_by_some_rule() -> None:
    """A record that no exporter tells from another would judge nothing."""
    texts = [written("bibtex", [case.entry]) for case in CASES]
    assert len(set(texts)) == len(texts) == 89
