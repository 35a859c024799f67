"""Zotero's notes become Markdown that shows the same text and does nothing else."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from papertray.feeds.zotero_annotations import annotations_to_markdown
from papertray.feeds.zotero_notes import PICTURE, note_to_markdown
from papertray.feeds.zotero_words import AnnotationType, ZoteroAnnotation


@pytest.mark.parametrize(
    ("note", "expected"),
    [
        ('<div class="zotero-note znv1"><p>One</p><p>two</p></div>', "One\n\ntwo"),
        ("<h1>Head</h1><h3>Third</h3>", "# Head\n\n### Third"),
        ("<p>a <strong>b </strong><em>c</em></p>", "a **b** *c*"),
        ("<p>a<br>b<br></p>", "a\\\nb"),
        ("<ul><li>a</li><li><p>b</p><ul><li>c</li></ul></li></ul>", "- a\n- b\n  - c"),
        ('<ol start="3"><li>c</li><li>d</li></ol>', "3. c\n4. d"),
        ("<ul><li>a</li></ul><ol><li>b</li></ol>", "- a\n\n1. b"),
        ("<ul><li><p>a</p><p>b</p></li></ul>", "- a\n\n  b"),
        ("<blockquote><p>a</p><p>b</p></blockquote>", "> a\n>\n> b"),
        ("<pre>x = 1\n  ```</pre>", "````\nx = 1\n  ```\n````"),
        ("<p><code>a`*b</code></p>", "``a`*b``"),
        ('<p><a href="https://e.org/a_(b)">there</a></p>', "[there](<https://e.org/a_(b)>)"),
        ('<p><a href="https://e.org/a">https://e.org/a</a></p>', "<https://e.org/a>"),
        ('<p><a href="javascript:alert(1)">there</a></p>', "there"),
        ('<p><span class="math">$x_1 * y$</span></p>', "$x_1 * y$"),
        ('<pre class="math">$$\\frac{a}{b}$$</pre>', "$$\\frac{a}{b}$$"),
        ("<p>H<sub>2</sub>O, x<sup>n</sup></p>", "H₂O, x\\^n"),
        (
            "<table><tr><th>a|b</th></tr><tr><td><p>1</p><p>2</p></td></tr></table>",
            "| a\\|b |\n| --- |\n| 1 2 |",
        ),
        ('<p>a <img alt="">b</p>', f"a {PICTURE}b"),
        ("<p>&lt;EOS&gt; and <EOS></p>", "\\<EOS\\> and \\<EOS\\>"),
        ("<p>*a* _b_ snake_case # [x] `c` $1 &amp;amp;</p>",
         "\\*a\\* \\_b\\_ snake_case # \\[x\\] \\`c\\` \\$1 \\&amp;"),
        ("<p># no</p><p>- no</p><p>1. no</p><p>---</p>",
         "\\# no\n\n\\- no\n\n1\\. no\n\n\\---"),
        (
            '<p><span class="highlight" data-annotation="%7B%7D">“Marked”</span> '
            '<span class="citation" data-citation="%7B%7D">(<span class="citation-item">Smith, '
            "2020, p. 3</span>)</span></p>",
            "“Marked” (Smith, 2020, p. 3)",
        ),
        ("plain &amp; simple", "plain & simple"),
        ("<p><b>open<p>next", "**open**\n\n**next**"),
        ("<p> </p>", ""),
    ],
)  # fmt: skip
def test_a_note_becomes_markdown(note: str, expected: str) -> None:
    assert note_to_markdown(note) == expected


_MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def _shown(markdown: str) -> tuple[str, set[str]]:
    """Return what a reader of Markdown shows, without blanks, and the kinds of its parts."""
    text: list[str] = []
    kinds: set[str] = set()
    for token in _MARKDOWN.parse(markdown):
        for part in (token, *(token.children or ())):
            kinds.add(part.type)
            text.append(part.content if part.type in ("text", "code_inline", "fence") else "")
    return "".join("".join(text).split()), kinds


@given(st.text(alphabet="ab1 *_`[]()<>#+-=!|~^$&;:\\/.\"'{}@%\n", max_size=60))
def test_any_text_shows_as_it_stands(text: str) -> None:
    from html import escape

    shown, kinds = _shown(note_to_markdown(f"<p>{escape(text)}</p>"))
    assert shown == "".join(text.split())
    assert kinds <= {"paragraph_open", "paragraph_close", "inline", "text", "softbreak",
                     "text_special"}  # fmt: skip


@pytest.mark.parametrize(
    "note",
    [
        "<" * 100_000,
        "<a " * 50_000,
        "<!--" * 50_000,
        "<ul><li>" * 30_000 + "x",
        "<blockquote>" * 30_000 + "x",
        "<b>" * 3000 + "<p>x" * 3000,
        "<table><tr><td>" * 20_000,
        "<pre>" * 50_000,
        "&" * 100_000,
        "x" * 3_000_000,
    ],
    ids=lambda note: note[:8],
)
def test_a_note_that_nobody_wrote_costs_little(note: str) -> None:
    assert len(note_to_markdown(note)) < 40 * len(note)


def test_mutated_notes_never_raise() -> None:
    chance = random.Random(3)
    whole = (
        '<div class="zotero-note znv1"><h1>A</h1><ul><li>b<ol><li>c</li></ol></li></ul><table>'
        '<tr><td>d</td></tr></table><pre class="math">$$e$$</pre><p><b>f <i>g</i></b>'
        '<a href="https://h">i</a><code>j</code></p><blockquote>k</blockquote></div>'
    )
    for _ in range(3000):
        letters = list(whole)
        for _ in range(chance.randrange(1, 12)):
            at = chance.randrange(len(letters))
            letters[at : at + chance.randrange(3)] = chance.choice(["<", ">", "/", "", "x", '"'])
        note_to_markdown("".join(letters))


def test_what_was_marked_stands_with_its_page_and_comment() -> None:
    marks = [
        ZoteroAnnotation(AnnotationType.HIGHLIGHT, "two\nlines", "mine", "iv", ("key",)),
        ZoteroAnnotation(AnnotationType.NOTE, "", "a note", "5"),
        ZoteroAnnotation(AnnotationType.IMAGE, "", "", "6"),
        ZoteroAnnotation(AnnotationType.HIGHLIGHT, "", "", "7"),
        ZoteroAnnotation(AnnotationType.UNDERLINE, "no page", "", ""),
    ]
    assert annotations_to_markdown(marks) == (
        "> two\\\n> lines (p. iv)\n\nmine\n\nTags: key\n\na note (p. 5)\n\n> *(picture)* (p. 6)\n\n"
        "> no page"
    )
