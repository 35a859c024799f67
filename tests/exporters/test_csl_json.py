"""CSL-JSON that is valid, says what it is to be cited as, and comes back as it was."""

from __future__ import annotations

import io
import json
import unicodedata
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cli.command_line import steering_in
from papertray.core.model import Author, Entry, Record, Venue, Work
from papertray.exporters.csl_json import write
from papertray.exporters.exporter import ExportOptions
from papertray.feeds import csl_json

from strategies import entries, entry, note, people, visible_line

VARIABLES = frozenset(
    """id citation-key type title author issued container-title container-title-short
    collection-title collection-number volume issue number page publisher DOI URL archive
    archive_location abstract keyword note""".split()
)
"""What is written of the schema's variables; it allows no others than its own."""

TYPES = frozenset(
    """article article-journal paper-conference book chapter thesis report dataset software
    document""".split()
)

NATURE = Venue("Nature", "journal", "Nat.", "Springer", "521", "7553", "436--444")


def text(*found: Entry, **options: bool) -> str:
    return "".join(write(found, ExportOptions(**options)))  # type: ignore[arg-type]


def item(work: Work, **fields: object) -> Any:
    """Return the one item of a file with one paper."""
    (found,) = json.loads(text(entry(work, **fields), notes=True))  # type: ignore[arg-type]
    return found


def test_a_preprint() -> None:
    work = Work(
        "Attention Is All You Need",
        authors=(Author("Maaten", "Laurens", "van der", "Jr."), Author(literal="OpenAI")),
        year=2017,
        month=6,
        day=12,
        arxiv_id="1706.03762",
    )
    assert item(work, tags=("b", "a, c")) == {
        "id": "key",
        "citation-key": "key",
        "type": "article",
        "title": "Attention Is All You Need",
        "author": [
            {
                "family": "Maaten",
                "given": "Laurens",
                "non-dropping-particle": "van der",
                "suffix": "Jr.",
            },
            {"literal": "OpenAI"},
        ],
        "issued": {"date-parts": [[2017, 6, 12]]},
        "number": "arXiv:1706.03762",
        "publisher": "arXiv",
        "URL": "https://arxiv.org/abs/1706.03762",
        "keyword": "a c, b",
    }


def test_an_article_that_lies_on_arxiv_too() -> None:
    """Styles print the `number` of an article as if the journal had given it."""
    found = item(Work("Deep learning", venue=NATURE, doi="10.1038/x", arxiv_id="1506.00001"))
    assert (found["type"], found["DOI"]) == ("article-journal", "10.1038/x")
    assert (found["archive"], found["archive_location"]) == ("arXiv", "1506.00001")
    assert "number" not in found
    assert [found[name] for name in ("container-title", "container-title-short")] == [
        "Nature",
        "Nat.",
    ]
    assert [found[name] for name in ("volume", "issue", "page")] == ["521", "7553", "436–444"]


@pytest.mark.parametrize(
    ("work", "type_", "name", "value"),
    [
        (Work("A", type="thesis", venue=Venue("MIT")), "thesis", "publisher", "MIT"),
        (Work("A", type="report", venue=Venue("BBN", number="7")), "report", "number", "7"),
        (Work("A", type="book", venue=Venue("LNCS")), "book", "collection-title", "LNCS"),
        (Work("A", type="chapter", venue=Venue("B")), "chapter", "container-title", "B"),
        (Work("A", type="dataset"), "dataset", "title", "A"),
        (Work("A", type="software"), "software", "title", "A"),
        (Work("A", type="misc"), "document", "title", "A"),
        (
            Work("A", venue=Venue("ACL", "conference")),
            "paper-conference",
            "container-title",
            "ACL",
        ),
    ],
)
def test_kinds_of_works(work: Work, type_: str, name: str, value: str) -> None:
    found = item(work)
    assert (found["type"], found[name]) == (type_, value)


@pytest.mark.parametrize(
    ("title", "written"),
    [
        ("<SEG> & [MASK] $x_1$ a < b", "<SEG> & [MASK] $x_1$ a < b"),
        ("A <i>tag</i>", 'A <span class="nocase"><</span>i>tag<span class="nocase"><</span>/i>'),
        ("CHI '03 and 'so'", "CHI ’03 and 'so'"),
    ],
)
def test_no_title_is_markup(title: str, written: str) -> None:
    assert item(Work(title))["title"] == written


def test_what_cannot_be_a_link_is_none() -> None:
    assert "URL" not in item(Work("A", url="javascript:alert(1)"))


def test_no_line_of_a_note_is_a_variable() -> None:
    kept = entry(Work("A"), notes=(note("DOI: 10.1/x\n{:publisher: x}\nplain\n\n%%secret%%"),))
    assert "note" not in json.loads(text(kept))[0]
    (found,) = json.loads(text(kept, notes=True))
    assert found["note"] == "- DOI: 10.1/x\n{ :publisher: x}\nplain"


def test_nothing_is_an_empty_array_and_each_paper_a_line() -> None:
    assert text() == "[]\n"
    lines = text(entry(Work("A"), "a"), entry(Work("B"), "b")).splitlines()
    assert (lines[0], lines[-1], len(lines)) == ("[", "]", 4)
    assert lines[2] == text(entry(Work("B"), "b")).splitlines()[1]


def test_one_at_a_time() -> None:
    def papers() -> Iterator[Entry]:
        yield entry(Work("A"))
        pytest.fail("asked for the next before the first was written")

    assert '"A"' in next(write(papers(), ExportOptions()))


@given(st.lists(people(), max_size=4, unique=True))
def test_authors_come_back(authors: list[Author]) -> None:
    work = Work("A title", authors=tuple(authors))
    (found,) = csl_json.read(io.BytesIO(text(entry(work)).encode()))
    assert isinstance(found, Record)
    assert found.work.authors == work.authors


@settings(max_examples=40)
@given(entries())
def test_any_paper_is_valid_harmless_and_comes_back(found: Entry) -> None:
    written = text(found, notes=True, private=True)
    assert not steering_in(written)
    assert len(written.splitlines()) == 3
    (one,) = json.loads(written)
    assert one.keys() <= VARIABLES
    assert one["type"] in TYPES
    assert all(
        isinstance(value, str) for name, value in one.items() if name not in ("author", "issued")
    )
    title = visible_line(found.work.title)
    # The reader takes any known tag and entity for markup, so titles without are compared.
    if title and not {"<", "&", "'"} & set(title):
        (back,) = csl_json.read(io.BytesIO(written.encode()))
        assert isinstance(back, Record)
        assert back.work.title == unicodedata.normalize("NFC", title)
        assert back.work.year == found.work.year
