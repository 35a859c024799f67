"""What both dialects of a bibliography must do with any paper, read by a parser of other people."""

from __future__ import annotations

import random
import re
import unicodedata

import pytest
from bibtexparser.entrypoint import parse_string
from bibtexparser.library import Library
from hypothesis import given, settings
from hypothesis import strategies as st

from papertray.core.model import Author, Entry, Venue, Work
from papertray.core.tex_bibliography import decode_bibliography
from papertray.exporters import biblatex, bibtex
from papertray.exporters.cited_work import work_type
from papertray.exporters.exporter import Exporter, ExportOptions
from papertray.feeds.bibtex_names import names

from strategies import (
    braces_balance,
    entries,
    entry,
    folded,
    keyed,
    note,
    printed,
    texts,
    to_be_printed,
)

DIALECTS = pytest.mark.parametrize("write", [bibtex.write, biblatex.write])
EVERYTHING = ExportOptions(notes=True, private=True)


def bib(write: Exporter, *found: Entry) -> str:
    return "".join(write(found, EVERYTHING))


def parsed(text: str) -> Library:
    library = parse_string(text)
    assert not library.failed_blocks
    return library


def fields_of(write: Exporter, work: Work) -> dict[str, str]:
    (read,) = parsed(bib(write, entry(work))).entries
    return {name: field.value for name, field in read.fields_dict.items()}


@DIALECTS
@pytest.mark.parametrize(
    ("pages", "written"),
    [
        ("4171-4186", "4171--4186"),
        ("436–444", "436--444"),
        ("12 — 15", "12--15"),
        ("7−9", "7--9"),
        ("1--5", "1--5"),
        ("1, 3, 5-7", "1, 3, 5--7"),
        ("105:1-105:20", "105:1--105:20"),
        ("S1-12–S1-15", "S1-12--S1-15"),
        ("S1-12-S1-15", "S1-12--S1-15"),
        ("xi–xv", "xi--xv"),
        ("e0123 & 7_1", r"e0123 \& 7\_1"),
        ("12-", "12-"),
    ],
)
def test_pages(write: Exporter, pages: str, written: str) -> None:
    work = Work("t", venue=Venue("Nature", "journal", pages=pages))
    assert fields_of(write, work)["pages"] == written


@DIALECTS
def test_pages_that_are_only_a_dash_are_none(write: Exporter) -> None:
    work = Work("t", venue=Venue("Nature", "journal", pages="–"))
    assert "pages" not in fields_of(write, work)


@DIALECTS
@pytest.mark.parametrize(
    ("work", "address"),
    [
        (Work("t", doi="10.1/a%b"), "https://doi.org/10.1/a%25b"),
        (Work("t", doi="10.1/a%b", url="https://a.b"), "https://a.b"),
        (Work("t", doi="10.1000/ü"), "https://doi.org/10.1000/%C3%BC"),
        (Work("t", arxiv_id="hep-ph/9609357"), "https://arxiv.org/abs/hep-ph/9609357"),
        (Work("t", url="https://a.b/50%/x_y{z}"), "https://a.b/50%/x_y%7Bz%7D"),
    ],
)
def test_address(write: Exporter, work: Work, address: str) -> None:
    found = fields_of(write, work)
    assert found["url"] == address
    assert "doi" not in found


@pytest.mark.parametrize(
    ("venue", "type_"),
    [
        (Venue("Nature", "Journal"), "article"),
        (Venue("H", "chapter"), "chapter"),
        (Venue("t", "book"), "book"),
        (Venue("", "book", publisher="MIT"), "book"),
        (Venue("Zenodo", "dataset"), "dataset"),
        (Venue("Radio", "podcast"), "misc"),
        (Venue("bioRxiv", "preprint"), "misc"),
        (Venue(), "misc"),
    ],
)
def test_a_type_is_guessed_from_the_venue(venue: Venue, type_: str) -> None:
    assert work_type(Work("t", venue=venue)) == type_


NASTY = [
    "}{", "{{", "\\", "ends in \\", "$", "$5 and $x_1$", "%", "a % b", "@article{key, title = {x}}",
    "tab\there\r\nnew line", "{$z$}", "$a$b$c$", "a $\\{$ b", "\x1b[31m \u202ered", "``x'' “y” ‘z’",
    "x" * 3000, "{" * 200, "学习 🤗 ễ", "&amp; <b>", "C:\\temp\\x", "ﬁ № ″ ′", "\u2009thin\u202f",
]  # fmt: skip


@DIALECTS
@pytest.mark.parametrize("text", NASTY)
def test_nasty_text_stays_in_its_field(write: Exporter, text: str) -> None:
    venue = Venue(text, "conference", text, text, text, text, text)
    work = Work(text, text, (Author(literal=text),), year=2024, venue=venue, doi=text, url=text)
    written = bib(write, entry(work, tags=(text,), notes=(note(text, text),)))
    (read,) = parsed(written).entries
    assert braces_balance(written)
    assert printed(read.fields_dict["title"].value) == to_be_printed(text)
    assert len(re.findall(r"^@", written, re.MULTILINE)) == 1


def check_reading(write: Exporter, kept: Entry) -> None:
    """Any entry is read as one, with its title, abstract, year and key."""
    text = bib(write, kept)
    (read,) = parsed(text).entries
    assert read.key == kept.citekey
    assert len(re.findall(r"@\w*[ \t]*\{", text)) == 1
    assert braces_balance(text)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)
    text.encode()
    fields = {name: field.value for name, field in read.fields_dict.items()}
    assert not {"note", "archivePrefix"} & set(fields)
    for name, value in (("title", kept.work.title), ("abstract", kept.work.abstract)):
        assert printed(fields.get(name, "")) == to_be_printed(value)
    year = fields.get("year") or fields.get("date", "")[:4]
    assert year == (str(kept.work.year) if kept.work.year else "")


def check_names(write: Exporter, work: Work) -> None:
    """Our own reader finds as many people, each called as before."""
    found = fields_of(write, Work("t", authors=work.authors)).get("author", "")
    read = [same(author.display) for author in names(found)]
    told = [a for a in work.authors if not a.stands_for_others and is_name(same(a.display))]
    others = any(a.stands_for_others for a in work.authors) and bool(told)
    assert read == [same(a.display) for a in told] + ["et al."] * others


def is_name(text: str) -> bool:
    """Tell whether anything is to be seen of a name: accents alone are nobody."""
    return not all(map(unicodedata.combining, text))


def same(text: str) -> str:
    text = decode_bibliography(folded(to_be_printed(text))).translate(_TWINS)
    return re.sub(r"\s", "", text)


# Two characters with one command, of which one comes back.
_TWINS = str.maketrans("ϵϕ⋆★", "εφ★★")


def check_leaving_out(write: Exporter, found: list[Entry], chosen: int) -> None:
    """The order in which papers are kept in a tray does not matter, nor does one more of them."""
    kept = keyed(found)
    shuffled = random.Random(chosen).sample(kept, len(kept))
    text = bib(write, *kept)
    assert bib(write, *sorted(shuffled, key=lambda e: e.citekey)) == text
    pieces = [bib(write, e) for e in kept]
    assert text == "\n".join(pieces)
    left_out = chosen % len(kept)
    rest = [e for n, e in enumerate(kept) if n != left_out]
    assert bib(write, *rest) == "\n".join(p for n, p in enumerate(pieces) if n != left_out)


@DIALECTS
@settings(max_examples=60, deadline=None)
@given(kept=entries())
def test_any_entry_is_read_back_as_one(write: Exporter, kept: Entry) -> None:
    check_reading(write, kept)


@DIALECTS
@settings(max_examples=15, deadline=None)
@given(found=st.lists(entries(), min_size=2, max_size=4), chosen=st.integers(0, 99))
def test_leaving_one_out_changes_no_other(write: Exporter, found: list[Entry], chosen: int) -> None:
    check_leaving_out(write, found, chosen)


_words = st.text(st.characters(categories=("L", "M"), max_codepoint=0x3FF), min_size=1, max_size=8)
_people = st.builds(Author, family=_words, given=_words) | st.builds(
    Author, literal=st.tuples(_words, texts(2), _words).map("".join)
)


@DIALECTS
@settings(max_examples=40, deadline=None)
@given(people=st.lists(_people, max_size=3))
def test_any_names_come_back(write: Exporter, people: list[Author]) -> None:
    check_names(write, Work("t", authors=tuple(people)))


@pytest.mark.long
@DIALECTS
@settings(max_examples=800, deadline=None)
@given(kept=entries())
def test_any_of_many_entries_is_read_back_as_one(write: Exporter, kept: Entry) -> None:
    check_reading(write, kept)


@pytest.mark.long
@DIALECTS
@settings(max_examples=200, deadline=None)
@given(found=st.lists(entries(), min_size=2, max_size=6), chosen=st.integers(0, 99))
def test_leaving_one_of_many_out_changes_no_other(
    write: Exporter, found: list[Entry], chosen: int
) -> None:
    check_leaving_out(write, found, chosen)


@DIALECTS
@settings(max_examples=25, deadline=None)
@given(tags=st.lists(texts(2), max_size=4))
def test_tags_stay_apart(write: Exporter, tags: list[str]) -> None:
    (read,) = parsed(bib(write, entry(Work("t"), tags=tuple(tags)))).entries
    words = read.fields_dict["keywords"].value.split(", ") if "keywords" in read.fields_dict else []
    spelled = {to_be_printed(re.sub("[,;]", " ", tag)) for tag in tags} - {""}
    assert {printed(word) for word in words} == spelled
