"""Reading lists: titles are literal to every reader, citations resolve, notes stay in place."""

from __future__ import annotations

import json
from html import unescape
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from papertray.core.model import Entry, Work

from .cases import CASES, entries_of, written
from .hostile_notes import HOSTILE
from .lists import PARSERS, by_pandoc, first_bullet_by_pandoc, headings
from .programs import needs, run
from strategies import entry, note

clients = pytest.mark.clients
BY_KEY = sorted(CASES, key=lambda case: case.entry.citekey.casefold())
TITLES = [" ".join(case.title.replace("\u00a0", " ").split()) for case in BY_KEY]


def titles(found: list[tuple[int, str]]) -> list[str]:
    return [text for level, text in found if level == 2]


@pytest.mark.parametrize("parser", PARSERS.values(), ids=PARSERS)
def test_titles_are_literal_to_markdown_it(parser: MarkdownIt) -> None:
    found = headings(written("markdown", entries_of(CASES), notes=True), parser)
    assert titles(found) == TITLES


@clients
@needs("pandoc")
@pytest.mark.parametrize(
    ("name", "form", "top"),
    [("markdown", "markdown", 1), ("markdown", "gfm", 1), ("org", "org", 0)],
)
def test_titles_are_literal_to_pandoc(name: str, form: str, top: int, tmp_path: Path) -> None:
    document = by_pandoc(written(name, entries_of(CASES), notes=True), form, tmp_path)
    assert titles(list(document.headings)) == TITLES


@clients
@needs("pandoc")
def test_pages_say_what_they_are_about(tmp_path: Path) -> None:
    wrong = []
    for case, title in zip(BY_KEY, TITLES, strict=True):
        source = written("obsidian", [case.entry], notes=True)
        document = by_pandoc(source, "markdown", tmp_path)
        # What is in quotes in YAML is JSON; pandoc would read Markdown in it.
        head = next(line for line in source.split("\n") if line.startswith("title: "))
        named = json.loads(head.removeprefix("title: "))
        if document.headings[:1] != ((1, title),) or named != case.title:
            wrong.append((str(case), source))
    assert wrong == []


@clients
@needs("pandoc")
def test_pages_of_logseq_begin_with_what_they_are_about(tmp_path: Path) -> None:
    wrong = []
    for case, title in zip(BY_KEY, TITLES, strict=True):
        source = written("logseq", [case.entry], notes=True)
        shown = first_bullet_by_pandoc(source, tmp_path)
        if unescape(shown) != unescape(title):  # pandoc knows entities
            wrong.append((str(case), shown, source))
    assert wrong == []


@clients
@needs("pandoc")
@pytest.mark.parametrize("trick", HOSTILE)
def test_hostile_notes_stay_in_bullets(trick: str, tmp_path: Path) -> None:
    kept = three(HOSTILE[trick])[0]
    source = written("logseq", [kept], notes=True, private=True)
    assert first_bullet_by_pandoc(source, tmp_path) == "First Paper", source
    head, _, _ = source.partition("\n\n")
    assert head == written("logseq", [entry(kept.work, "a")]).partition("\n\n")[0]


@clients
@needs("pandoc")
@pytest.mark.parametrize(
    ("bibliography", "suffix"), [("bibtex", "bib"), ("biblatex", "bib"), ("csl-json", "json")]
)
@pytest.mark.parametrize(("name", "suffix_of_list"), [("markdown", "md"), ("org", "org")])
def test_every_citation_resolves(
    name: str, suffix_of_list: str, bibliography: str, suffix: str, tmp_path: Path
) -> None:
    entries = entries_of(CASES)
    refs, file = f"refs.{suffix}", f"list.{suffix_of_list}"
    (tmp_path / refs).write_text(written(bibliography, entries), encoding="utf-8")
    source = written(name, entries, notes=True, bibliography=refs)
    (tmp_path / file).write_text(source, encoding="utf-8")
    cited = by_pandoc(source, "markdown" if name == "markdown" else "org", tmp_path).citations
    assert sorted(cited) == sorted(case.entry.citekey for case in CASES)
    command = ("pandoc", "-s", "--citeproc", "--mathml", file, "-t", "html")
    ran = run(*command, "--bibliography", refs, folder=tmp_path)
    assert ran.code == 0, ran.said
    assert [line for line in ran.said.split("\n") if "not found" in line] == []
    assert ran.out.count('class="csl-entry"') == len(CASES)


def three(body: str, title: str = "") -> list[Entry]:
    """Return three papers, of which the first two carry one note."""
    kept = [entry(Work(name), key, notes=(note(body, title),)) for name, key in _NAMES[:2]]
    return [*kept, entry(Work(_NAMES[2][0]), _NAMES[2][1])]


_NAMES = [("First Paper", "a"), ("Second Paper", "b"), ("Third Paper", "c")]
_SHOWN = [name for name, _ in _NAMES]


@pytest.mark.parametrize("trick", HOSTILE)
def test_hostile_notes_stay_in_place_for_markdown_it(trick: str) -> None:
    source = written("markdown", three(HOSTILE[trick]), notes=True, private=True)
    for name, parser in PARSERS.items():
        found = headings(source, parser)
        assert titles(found) == _SHOWN, (name, source)
        assert [text for level, text in found if level == 1] == ["Reading list", "To read"], source
        assert parser.render(source).count("<p>[@") == 3, (name, source)


@clients
@needs("pandoc")
@pytest.mark.parametrize("trick", HOSTILE)
def test_hostile_notes_stay_in_place_for_pandoc(trick: str, tmp_path: Path) -> None:
    source = written("markdown", three(HOSTILE[trick]), notes=True, private=True)
    document = by_pandoc(source, "markdown", tmp_path)
    assert titles(list(document.headings)) == _SHOWN, source
    assert [text for level, text in document.headings if level == 1] == ["Reading list", "To read"]
    assert document.metadata == {"title": "Reading list"}
    assert tuple(dict.fromkeys(document.citations)) == ("a", "b", "c"), source


@clients
@needs("pandoc")
@pytest.mark.parametrize("trick", HOSTILE)
def test_hostile_notes_stay_in_place_in_org(trick: str, tmp_path: Path) -> None:
    source = written("org", three(HOSTILE[trick]), notes=True, private=True)
    document = by_pandoc(source, "org", tmp_path)
    assert titles(list(document.headings)) == _SHOWN, source
    assert document.title == "Reading list", source


@clients
@needs("pandoc")
@pytest.mark.parametrize("trick", HOSTILE)
def test_hostile_notes_leave_the_head_of_a_page_alone(trick: str, tmp_path: Path) -> None:
    kept = three(HOSTILE[trick])[0]
    bare = by_pandoc(written("obsidian", [entry(kept.work, "a")]), "markdown", tmp_path)
    source = written("obsidian", [kept], notes=True, private=True)
    document = by_pandoc(source, "markdown", tmp_path)
    assert document.metadata == bare.metadata, source
    assert [text for level, text in document.headings if level == 1] == ["First Paper"], source
