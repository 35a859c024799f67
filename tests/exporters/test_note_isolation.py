"""No note reaches beyond its place, whatever it holds."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from markdown_it import MarkdownIt
from markdown_it.token import Token

from papertray.core.model import Note, Work
from papertray.core.segments import many_lines
from papertray.exporters import note_isolation
from papertray.exporters.exporter import ExportOptions
from papertray.exporters.markdown import write
from papertray.exporters.note_isolation import isolate_note, key_of_note

from strategies import entry, hostile_notes, note

HOSTILE = {
    "html comment open": "see <!-- todo\nmore",
    "comment at line start": "<!-- todo\n\nmore",
    "script": "<script>\nx",
    "pre": "<pre>\nx",
    "div unclosed": "<div>\nx",
    "pandoc div": "::: note\nx",
    "yaml block": "---\ntitle: HACKED\n---\nx",
    "yaml block in a quote": "> ---\n> title: HACKED\n> ---\n> x",
    "setext headings": "Big\n===\n\nSmall\n---\nx",
    "display math open": "$$\nx",
    "fence": "```\nx",
    "longer fence": "~~~~\n```\nx",
    "fence in a list": "- a\n  ```\n  code",
    "footnote": "a[^1]\n\n[^1]: note one",
    "reference": "[x]\n\n[x]: http://a",
    "six and seven": "###### six\n####### seven",
    "fence in a quote": "> ```\n> x",
    "details": "<details><summary>x</summary>\n\ny",
    "raw tex": "\\begin{align}\nx",
    "crlf": "# A\r\n\r\nb\r\n",
    "table": "|a|b|\n|-|-|\n|1|2|",
    "definition of a link": "[One]\n\n[One]: http://a\n[@one]: http://a",
    "callout": "> [!note]\n> # x",
    "comment of Obsidian": "%%\nx",
    "macro": "\\newcommand{\\alpha}{x}\n$$\\gdef\\sum{x}$$",
    "environment": "\\begin{verbatim}\nx",
    "examples": "(@one) x\n\n(@) y",
    "html of a page": "<body><title>HACKED</title></section>\n\nx",
    "fence in an item": "1. a\n   ```\n   code\n\nx",
    "declaration": "<!DOCTYPE html\n\nx",
    "kept region": "<!-- papertray:keep -->\n# x\n",
    "backslash at the end": "x\\",
    "title block": "% HACKED\n% x",
}

PARSERS = {
    "commonmark": MarkdownIt("commonmark"),
    "gfm": MarkdownIt("gfm-like", {"linkify": False, "html": True}),
}


def outline(tokens: list[Token]) -> list[tuple[str, int, str]]:
    """Tag, depth and text of the headings of the first three levels."""
    return [
        (token.tag, token.level, tokens[place + 1].content)
        for place, token in enumerate(tokens)
        if token.type == "heading_open" and token.tag in ("h1", "h2", "h3")
    ]


def reading_list(*notes: Note) -> str:
    entries = [entry(Work(title), title.lower(), notes=notes) for title in ("One", "Two", "Three")]
    return "".join(write(entries, ExportOptions(notes=True, private=True, title="List")))


def expected_outline(*titles: str) -> list[tuple[str, int, str]]:
    found = [("h1", 0, "List"), ("h1", 0, "To read")]
    for title in ("One", "Two", "Three"):
        found += [("h2", 0, title), *(("h3", 0, name) for name in titles)]
    return found


@pytest.mark.parametrize("parser", PARSERS.values(), ids=PARSERS)
@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_hostile_notes_stay_in_their_place(body: str, parser: MarkdownIt) -> None:
    text = reading_list(note(body, "First"), note(body, "Second"))
    tokens = parser.parse(text.split("---\n", 2)[2])
    assert outline(tokens) == expected_outline("First", "Second")
    # pandoc takes a document's title from any block between such lines.
    assert len(re.findall(r"(?m)^[> ]*---\s*$", text)) == 2


@settings(max_examples=200, deadline=None)
@given(hostile_notes())
def test_any_note_stays_in_its_place(hostile: Note) -> None:
    text = reading_list(Note(1, "n", 1, "Name", hostile.body, "", ""))
    for parser in PARSERS.values():
        names = ["Name"] if many_lines(hostile.body).strip() else []
        assert outline(parser.parse(text.split("---\n", 2)[2])) == expected_outline(*names)


def test_what_leaks_all_the_same_is_shown_as_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(note_isolation, "_rewrite_blocks", lambda body, shift: body)
    assert isolate_note("# a\n\n<script>", 3, "k") == "    # a\n\n    <script>"


def test_notes_of_a_paper_share_no_label() -> None:
    assert [key_of_note("key", number) for number in range(3)] == ["key", "key-2", "key-3"]
    text = reading_list(note("[^1]\n\n[^1]: a b"), note("[^1] [x]\n\n[^1]: c d\n[x]: http://x"))
    labels = re.findall(r"(?m)^\[(.+?)\]:", text)
    assert len(labels) == len(set(labels)) == 9


def test_a_definition_in_a_note_makes_no_link_of_a_heading() -> None:
    text = reading_list(note("[@one]: http://a\n[One]: http://a\n[First]: http://a", "First"))
    links = PARSERS["commonmark"].render(text.split("---\n", 2)[2])
    assert "<a " not in links


def test_thousands_of_open_tags_end() -> None:
    assert isolate_note("<script>\n" * 2000 + "# x", 3, "k").count("\\<script>") == 2000


@pytest.mark.parametrize(
    ("body", "isolated"),
    [
        ("Plain *text*, `code` and\n\n- a\n- b\n", "Plain *text*, `code` and\n\n- a\n- b"),
        ("# A\nb", "#### A\nb"),
        ("Big\n===\nb", "#### Big\nb"),
        ("Two\nlines\n---", "##### Two lines"),
        ("#### deep ##\n===", "**deep**\n\n==="),
        ("> ###### deep\n> x", "> **deep**\n>\n> x"),
        ("<script>\n# x\n<pre>", "\\<script>\n#### x\n\\<pre>"),
        ("######", ""),
        ("> # quoted\n> b", "> #### quoted\n> b"),
        ("> Big\n> ---", "> ##### Big"),
        ("- # item", "- #### item"),
        ("a\n\n---\n\n* * *", "a\n\n***\n\n***"),
        ("```\n# code\n[^1]\n---", "```\n# code\n[^1]\n---\n```"),
        ("> ```\n> x", "> ```\n> x\n> ```"),
        ("- a\n  ```\n  code", "- a\n\n  ```\n  code\n  ```"),
        ("a\n~~~\nb\n~~~\n~~~", "a\n\n~~~\nb\n~~~\n\n~~~\n~~~"),
        ("a[^1] `[^1]`\n\n[^1]: b", "a[^key-1] `[^1]`\n\n[^key-1]: b"),
        ("<!-- a -->\nb <!-- c", "<!-- a -->\nb \\<\\!-- c"),
        ("<script>\nx", "\\<script>\nx"),
        ("on [0, 1) and (0, 1]", "on [0, 1) and (0, 1]"),
        ("on [0, 1)\n\nand (0, 1]", "on \\[0, 1)\n\nand (0, 1\\]"),
        ("- [ ] $[0, 1)$ `[` \\[ [a](b)", "- [ ] $[0, 1)$ `[` \\[ [a](b)"),
        ("<pre>x</pre>", "<pre>x</pre>"),
        ("<div>\n# x\n</div>", "<div>\n#### x\n</div>"),
        ("$$\nx\n$$ and $$y", "$$\nx\n$$ and \\$\\$y"),
        ("%%\nx", "\\%\\%\nx"),
        ("a <div> b\n\n</span> `<div>` <br>", "a \\<div> b\n\n\\</span> `<div>` <br>"),
        ("<!X\n\n---\n>", "<!X\n\n***\n>"),
        ("a List<T> b <https://a.b>", "a List\\<T> b <https://a.b>"),
        ("::: note\nx", "\\:\\:: note\nx"),
        ("::: note\nx\n:::", "::: note\nx\n:::"),
        ("[a], [b][a], [A][] `[a]` [c](d)\n\n[a]: http://a",
         "[a][key-a], [b][key-a], [A][key-A] `[a]` [c](d)\n\n[key-a]: http://a"),
        ("> [a]: http://a\n\n![x][a] [b]", "> [key-a]: http://a\n\n![x][key-a] [b]"),
        ("\\cite{x} $\\alpha \\left($ `\\foo` \\# $5",
         "\\\\cite{x} $\\alpha \\left($ `\\foo` \\# $5"),
        ("$\\def\\x{1}$ $x$", "\\$\\\\def\\\\x{1}\\$ $x$"),
        ("```\n\\def\n```", "```\n\\def\n```"),
        ("<script>x</script>", "\\<script>x\\</script>"),
        ("<img src=x onerror=y> <b>", "\\<img src=x onerror=y> \\<b>"),
        ("[x](javascript:a) [y](https://a)", "[x]\\(javascript:a) [y](https://a)"),
        ("[x](&#106;ava&Tab;script&colon;a)", "[x]\\(&#106;ava&Tab;script&colon;a)"),
        ("[x](data\\:a) <javascript:a>", "[x]\\(data\\:a) \\<javascript:a>"),
        ("[x]:\n <javascript:a>", "[x]\\:\n \\<javascript:a>"),
        ("<a title='>' href='&#106;avascript:a'>x", "\\<a title='>' href='&#106;avascript:a'>x"),
        ("`<script>`{=html} `x`{.python}", "`<script>`\\{=html} `x`{.python}"),
        ("``` {=latex}\n\\input{x}\n```", "```\n\\input{x}\n```"),
        ("[x](http://a){onclick=a} [y]{.b}", "[x](http://a)\\{onclick=a} [y]{.b}"),
        ("$<script>$ $x_{=1} < y$", "\\$\\<script>\\$ $x_{=1} < y$"),
        ("$a \\\\b <script>$", "\\$a \\\\b \\<script>\\$"),
        ("(@) a (@one)", "(\\@) a (\\@one)"),
        ("<!-- papertray:keep -->", "<!-- papertray: keep -->"),
    ],
)  # fmt: skip
def test_isolate_note(body: str, isolated: str) -> None:
    assert isolate_note(body, 3, "key") == isolated


def test_rows_of_backticks_take_no_time() -> None:
    body = " ".join("`" * length for length in range(1, 150))

    assert isolate_note(body, 3, "key") == body
