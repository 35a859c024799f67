"""A reading list that every reader of Markdown shows literally."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from papertray.core.model import PILE_ORDER, Author, Entry, Pile, Venue, Work
from papertray.core.names import parse_author
from papertray.exporters.exporter import ExportOptions
from papertray.exporters.markdown import write
from papertray.exporters.markdown_text import autolink, literal, running, yaml_string

from strategies import entries, entry, keyed, note, sample_titles, texts, visible_line

PARSERS = {
    "commonmark": MarkdownIt("commonmark"),
    "gfm": MarkdownIt("gfm-like", {"linkify": False, "html": True}),
    "linked": MarkdownIt("gfm-like", {"linkify": True, "html": True}),
}
# As on GitHub, where `foo.ai` is no link.
assert PARSERS["linked"].linkify is not None
PARSERS["linked"].linkify.set({"fuzzy_link": False})
EVERYTHING = ExportOptions(notes=True, private=True, bibliography="refs.bib")


def reading_list(*found: Entry, options: ExportOptions = EVERYTHING) -> str:
    return "".join(write(found, options))


def shown(source: str, parser: MarkdownIt) -> list[str]:
    """The text of each inline block, anything but text as its kind between ``\\x00``."""
    blocks = []
    for token in parser.parse(source):
        if token.type == "inline":
            blocks.append(
                "".join(
                    child.content
                    if child.type in ("text", "text_special")
                    else f"\x00{child.type}\x00"
                    for child in token.children or []
                )
            )
    return blocks


def headings(source: str, level: str, parser: MarkdownIt) -> list[str]:
    body = source.split("\n---\n", 1)[1]
    tokens = parser.parse(body)
    places = [n for n, t in enumerate(tokens) if t.type == "heading_open" and t.tag == level]
    found = []
    for place in places:
        children = tokens[place + 1].children or []
        found.append(
            "".join(
                c.content if c.type in ("text", "text_special") else f"\x00{c.type}\x00"
                for c in children
            )
        )
    return found


def test_a_reading_list() -> None:
    work = Work(
        "Attention & [MASK]",
        abstract="It's 100%.",
        authors=(parse_author("Ashish Vaswani"), parse_author("et al.")),
        year=2017,
        venue=Venue("NeurIPS"),
        doi="10.1/x",
        arxiv_id="1706.03762",
        url="https://arxiv.org/abs/1706.03762",
        code_urls=("https://github.com/a/b", "not a link"),
    )
    kept = [
        entry(work, "a", pile=Pile.STARRED, tags=("nlp", "R_D"), notes=(note("# My view\nGood."),)),
        entry(Work("Second"), "b", done="2026-11-23"),
    ]
    assert reading_list(*kept) == (
        '---\ntitle: "Reading list"\nbibliography: "refs.bib"\nlink-citations: true\n---\n\n'
        "# Reading list\n\n"
        "# Starred\n\n"
        "## Attention & \\[MASK\\]\n\n"
        "Ashish Vaswani, et al. (2017). NeurIPS\n\n"
        "[@a]\n\n"
        "<!-- papertray:keep -->\n<!-- /papertray:keep -->\n\n"
        "- <https://arxiv.org/abs/1706.03762>\n"
        "- <https://doi.org/10.1/x>\n"
        "- Code: <https://github.com/a/b>\n"
        "- Code: not a link\n"
        "- Tags: R\\_D, nlp\n\n"
        "> It\\'s 100%.\n\n"
        "### Note\n\n"
        "#### My view\nGood.\n\n"
        "# Read\n\n"
        "## Second\n\n"
        "[@b]\n\n"
        "<!-- papertray:keep -->\n<!-- /papertray:keep -->\n\n"
        "- Read: 2026-11-23\n\n"
        "# References\n\n::: {#refs}\n:::\n"
    )


def test_options() -> None:
    kept = entry(Work("t", abstract="An abstract."), notes=(note("shown\n# private\nsecret"),))
    plain = reading_list(kept, options=ExportOptions(title='My "list"', abstracts=False))
    assert plain.startswith('---\ntitle: "My \\"list\\""\n---\n\n# My \\"list\\"\n')
    assert not re.search("abstract|shown|bibliography|refs", plain)
    with_notes = reading_list(kept, options=ExportOptions(notes=True))
    assert "shown" in with_notes
    assert "secret" not in with_notes
    assert "secret" in reading_list(kept)


def test_a_heading_where_the_group_changes() -> None:
    kept = [entry(Work("t"), f"k{n}", pile=p) for n, p in enumerate((*PILE_ORDER, Pile.SKIP))]
    assert headings(reading_list(*kept), "h1", PARSERS["commonmark"]) == [
        *("Reading list", "Starred", "To read", "Inbox", "Skipped", "References")
    ]


@pytest.mark.parametrize(
    ("group", "expected"),
    [("tag", ["#1 [x]", "Untagged"]), ("year", ["2024", "Year unknown"]), ("", [])],
)
def test_other_groups(group: str, expected: list[str]) -> None:
    kept = [entry(Work("a", year=2024), "a", tags=("#1 [x]",)), entry(Work("b"), "b")]
    text = reading_list(*kept, options=ExportOptions(group=group))
    assert headings(text, "h1", PARSERS["gfm"]) == ["Reading list", *expected]
    assert headings(text, "h2", PARSERS["gfm"]) == ["a", "b"]


def test_addresses_in_abstracts_are_text_that_shows_them() -> None:
    line = "Code: https://example.org/a_b?c=d&e=f, www.example.org and a@b.org."
    text = reading_list(entry(Work("t", abstract=line)))
    for parser in PARSERS.values():
        assert line in shown(text, parser)


@pytest.mark.parametrize(
    ("work", "byline"),
    [
        (Work("t", year=2017), "Published 2017"),
        (Work("t", year=2017, venue=Venue("1. ICML")), "Published 2017, 1. ICML"),
        (Work("t", authors=(Author(literal="1. A"),)), "1\\. A"),
        (Work("t", authors=(Author("*B*", "A"),), year=1), "A \\*B\\* (1)"),
    ],
)
def test_bylines_are_no_lists(work: Work, byline: str) -> None:
    expected = byline.replace(", 1. ICML", ", 1\\. ICML")
    assert f"\n\n{expected}\n\n[@key]" in reading_list(entry(work))


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("[MASK] <SEG> P* \\faGithub~", "\\[MASK\\] \\<SEG\\> P\\* \\\\faGithub\\~"),
        ("snake_case `x` #tag @key a|b ^1 {x}",
         "snake\\_case \\`x\\` \\#tag \\@key a\\|b \\^1 \\{x\\}"),
        ("it's \"so\"", "it\\'s \\\"so\\\""),
        ("![x](y) wow!", "\\!\\[x\\](y) wow!"),
        ("R&D &amp; &#60; AT&T", "R&D \\&amp; &\\#60; AT&T"),
        ("==x== 1=1 50% %%c%%", "\\=\\=x\\=\\= 1=1 50% \\%\\%c\\%\\%"),
        ("--- a--b a-b x...", "\\-\\-- a\\--b a-b x\\..."),
        ("https://a.b www.a.b WWW.a", "https\\://a.b www\\.a.b WWW\\.a"),
        ("Saving $5 and $10", "Saving \\$5 and \\$10"),
        ("$O(n \\log n)$ and $L_2$", "$O(n \\log n)$ and $L_2$"),
        ("$\\{a\\}$", "\\$\\\\\\{a\\\\\\}\\$"),
        ("1. x", "1\\. x"),
        ("(a) x", "(a\\) x"),
        ("iv) x", "iv\\) x"),
        ("- x", "\\- x"),
        ("+ x", "\\+ x"),
        ("-x", "-x"),
        (":::{.note}", "\\:\\:\\:\\{.note\\}"),
        ("key:: value a:://b :cat: 1:2", "key:\\: value a:\\://b \\:cat: 1:2"),
        ("<% x %> {% x %} {{< x >}}", "\\<\\% x %\\> \\{\\% x %\\} \\{\\{\\< x \\>\\}\\}"),
        ("$\\input{x}$", "\\$\\\\input\\{x\\}\\$"),
        ("= x", "\\= x"),
        ("2017", "2017"),
        (" two\n lines\x1b[0m \u202e", "two lines\\[0m"),
    ],
)  # fmt: skip
def test_literal(text: str, source: str) -> None:
    assert literal(text) == source


def test_running_text_keeps_more_math() -> None:
    assert running("$\\mathcal{L}_{a} = \\{1\\}$ & $x$") == "$\\mathcal{L}_{a} = \\{1\\}$ & $x$"
    assert running("$a<b>c$ $`x`$") == "\\$a\\<b\\>c\\$ \\$\\`x\\`\\$"
    assert running("$a < b$") == "$a < b$"


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("https://a.b/c_d?e=f&g=h#i", "<https://a.b/c_d?e=f&g=h#i>"),
        ("https://a.b/> <script>", "<https://a.b/%3E%3Cscript%3E>"),
        ("https://a.b/é\x07", "<https://a.b/%C3%A9>"),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ("github.com/[x]", "github.com/\\[x\\]"),
    ],
)
def test_autolink(address: str, link: str) -> None:
    assert autolink(address) == link


@given(texts())
def test_yaml_strings_are_json(text: str) -> None:
    assert json.loads(yaml_string(text)) == visible_line(text)


@settings(max_examples=200, deadline=None)
@given(texts())
def test_any_text_is_literal(text: str) -> None:
    for source in (literal(text), f"> {literal(text)}", f"- {literal(text)}"):
        for parser in PARSERS.values():
            line = visible_line(text)
            assert shown(source, parser) == ([line] if line else [])


@settings(max_examples=60, deadline=None)
@given(st.lists(entries(), max_size=3))
def test_any_entries_are_as_many_headings(found: list[Entry]) -> None:
    kept = keyed(found)
    text = reading_list(*kept)
    text.encode()
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)
    titles = [visible_line(e.work.title) or "(untitled)" for e in kept]
    for parser in PARSERS.values():
        assert headings(text, "h2", parser) == titles


@settings(max_examples=30, deadline=None)
@given(st.lists(entries(), min_size=2, max_size=4), st.data())
def test_leaving_one_out_changes_no_other(found: list[Entry], data: st.DataObject) -> None:
    kept = [entry(e.work, e.citekey, notes=e.notes, tags=e.tags) for e in keyed(found)]
    left_out = data.draw(st.integers(0, len(kept) - 1))
    front, pile, *pieces = write(kept, ExportOptions(notes=True))
    assert reading_list(*kept) == reading_list(*kept)
    del kept[left_out], pieces[left_out]
    assert list(write(kept, ExportOptions(notes=True))) == [front, pile, *pieces]


def test_real_titles_come_back() -> None:
    titles = sample_titles()
    text = reading_list(*keyed([entry(Work(title)) for title in titles]))
    assert len(titles) == 228
    for parser in PARSERS.values():
        assert headings(text, "h2", parser) == titles
