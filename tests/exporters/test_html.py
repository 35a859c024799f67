"""A page that is whole in itself, and in which papers and notes are text."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from papertray.core.model import Entry, Pile, Venue, Work
from papertray.core.names import parse_author
from papertray.exporters.exporter import ExportOptions
from papertray.exporters.html import write
from papertray.exporters.html_notes import html_of_markdown

from strategies import entries, entry, keyed, note, visible_line

EVERYTHING = ExportOptions(notes=True, private=True)


def page(*found: Entry, options: ExportOptions = EVERYTHING) -> str:
    return "".join(write(found, options))


def body(*found: Entry, options: ExportOptions = EVERYTHING) -> str:
    """What stands between the head of a page and its script."""
    return page(*found, options=options).split("<main>\n")[1].split("<script>")[0]


class Elements(HTMLParser):
    """The elements of a page: names with attributes, and that each is closed in its turn."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(source)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in ("meta", "link", "input", "br", "hr"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_a_page() -> None:
    work = Work(
        "Attention & <SEG>",
        abstract="It's $O(n)$.",
        authors=(parse_author("Ashish Vaswani"), parse_author("et al.")),
        year=2017,
        venue=Venue("NeurIPS"),
        doi="10.1/x<y",
        arxiv_id="1706.03762",
        url="javascript:alert(1)",
        code_urls=("https://github.com/a?b&c", "not a link"),
    )
    kept = [
        entry(work, "a", pile=Pile.STARRED, tags=("nlp", "R&D"), notes=(note("# Mine\n*Good*."),)),
        entry(Work("Second"), "b", done="2026-11-23"),
    ]
    rel = 'rel="noopener noreferrer"'
    assert body(*kept) == (
        '<section id="starred">\n<h2 dir="auto">Starred</h2>\n'
        '<article id="@a">\n'
        f'<h3 class="text" dir="auto"><a href="https://doi.org/10.1/x%3Cy" {rel}>'
        "Attention &amp; &lt;SEG&gt;</a></h3>\n"
        '<p class="byline text" dir="auto">Ashish Vaswani, et al. · 2017 · '
        "<cite>NeurIPS</cite></p>\n"
        '<p class="facts"><code class="key text">a</code> '
        '<button type="button" aria-label="Copy the citation key a"></button> '
        f'<a href="https://doi.org/10.1/x%3Cy" {rel}>DOI</a> '
        f'<a href="https://arxiv.org/abs/1706.03762" {rel}>arXiv</a> '
        f'<a href="https://github.com/a?b&amp;c" {rel}>Code</a> '
        '<span class="tag text" dir="auto">R&amp;D</span> '
        '<span class="tag text" dir="auto">nlp</span></p>\n'
        "<details><summary>Abstract</summary>\n"
        '<p class="text" dir="auto">It&#x27;s <span class="math">$O(n)$</span>.</p></details>\n'
        '<div class="note text" dir="auto">\n<h4>Note</h4>\n'
        "<h5>Mine</h5>\n<p><em>Good</em>.</p>\n</div>\n"
        "</article>\n</section>\n"
        '<section id="pile-done">\n<h2 dir="auto">Read</h2>\n'
        '<article id="@b">\n<h3 class="text" dir="auto">Second</h3>\n'
        '<p class="facts"><code class="key text">b</code> '
        '<button type="button" aria-label="Copy the citation key b"></button> '
        '<span class="done">Read 2026-11-23</span></p>\n'
        "</article>\n</section>\n</main>\n"
        '<nav aria-label="Groups">\n<ul>\n'
        '<li><a href="#starred">Starred</a> <span>1</span></li>\n'
        '<li><a href="#pile-done">Read</a> <span>1</span></li>\n'
        "</ul>\n</nav>\n"
    )


def test_options() -> None:
    kept = entry(Work("t", abstract="An abstract."), notes=(note("shown\n# private\nsecret"),))
    plain = page(kept, options=ExportOptions(title="<My> list", abstracts=False, group=""))
    assert "<title>&lt;My&gt; list</title>" in plain
    assert '<h1 dir="auto">&lt;My&gt; list</h1>' in plain
    assert '<h2 class="text" dir="auto">t</h2>' in plain
    assert not re.search("An abstract|shown|<section|<nav", plain)
    with_notes = page(kept, options=ExportOptions(notes=True))
    assert "shown" in with_notes
    assert "secret" not in with_notes


def test_the_policy_allows_the_page_its_own_style_and_script_only() -> None:
    text = page(entry(Work("t")))
    policy = re.search(r'Security-Policy" content="([^"]*)"', text)
    assert policy is not None
    for name in ("style", "script"):
        (source,) = re.findall(rf"<{name}>(.*?)</{name}>", text, re.DOTALL)
        digest = b64encode(sha256(source.encode()).digest()).decode()
        assert f"{name}-src 'sha256-{digest}';" in policy[1]
        assert not re.search("https?:|url\\(|@import|fetch|XMLHttp|eval", source)
    assert policy[1].startswith("default-src 'none';")
    assert not re.search(r"unsafe|https?:|\*", policy[1])


@pytest.mark.parametrize("by", ["tag", "venue"])
def test_groups_have_addresses_of_their_own(by: str) -> None:
    names = ("untagged", "C#", "a b", "a%20b", "ä")
    kept = [entry(Work("t", venue=Venue(each)), each, tags=(each,)) for each in names]
    text = body(*kept, entry(Work("u")), options=ExportOptions(group=by))
    ids = re.findall('<section id="([^"]*)"', text)
    assert len(set(ids)) == len(names) + 1
    assert re.findall('<li><a href="#([^"]*)"', text) == ids


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("[x](javascript:a)", "<p>[x](javascript:a)</p>"),
        ("[x](data:text/html,y) <file:/a>", "<p>[x](data:text/html,y) &lt;file:/a&gt;</p>"),
        (
            "[x](http://a?b&c 'd')",
            '<p><a href="http://a?b&amp;c" rel="noopener noreferrer">x</a></p>',
        ),
        (
            '![<i>](http://a/"b)',
            '<p><a href="http://a/%22b" rel="noopener noreferrer">&lt;i&gt;</a></p>',
        ),
        ("<script>x</script>", "<p>&lt;script&gt;x&lt;/script&gt;</p>"),
        ("- [ ] a\n- [x] b\n- [c] d", "<ul>\n<li>☐ a</li>\n<li>☑ b</li>\n<li>[c] d</li>\n</ul>"),
        ("###### a", "<h6>a</h6>"),
        ("so[^1]\n\n[^1]: foot", "<p>so[^1]</p>\n<p>[^1]: foot</p>"),
    ],
)
def test_notes(markdown: str, shown: str) -> None:
    assert html_of_markdown(markdown, 4).strip() == shown


def test_cells_have_no_style_of_their_own() -> None:
    assert "style" not in html_of_markdown("|a|\n|:-:|\n|1|", 4)


ALLOWED = {
    *("html", "head", "meta", "link", "title", "style", "body", "header", "h1", "div", "label"),
    *("input", "output", "main", "section", "h2", "article", "h3", "a", "p", "cite", "code"),
    *("button", "span", "details", "summary", "h4", "h5", "h6", "em", "strong", "s", "ul", "ol"),
    *("li", "blockquote", "pre", "table", "thead", "tbody", "tr", "th", "td", "hr", "br", "nav"),
    "script",
}


@settings(max_examples=60, deadline=None)
@given(st.lists(entries(), max_size=3))
def test_any_entries_are_as_many_articles(found: list[Entry]) -> None:
    text = page(*keyed(found))
    text.encode()
    elements = Elements(text).found
    assert {name for name, _ in elements} <= ALLOWED
    assert sum(name == "article" for name, _ in elements) == len(found)
    assert sum(name == "script" for name, _ in elements) == 1
    for name, attributes in elements:
        assert not any(key.startswith("on") or key == "style" for key in attributes)
        if name == "a":
            assert re.match("https?://|mailto:|#", attributes["href"] or "", re.IGNORECASE)
    titles = re.findall(r'<h[23] class="text" dir="auto">(.*?)</h[23]>', text)
    assert [unescape(re.sub("<[^>]*>", "", title)) for title in titles] == [
        visible_line(each.work.title) or "(untitled)" for each in found
    ]


@settings(max_examples=20, deadline=None)
@given(st.lists(entries(), min_size=2, max_size=4), st.data())
def test_leaving_one_out_changes_no_other(found: list[Entry], data: st.DataObject) -> None:
    kept = [entry(e.work, e.citekey, notes=e.notes, tags=e.tags) for e in keyed(found)]
    left_out = data.draw(st.integers(0, len(kept) - 1))
    pieces = list(write(kept, ExportOptions(notes=True, group="")))
    del kept[left_out], pieces[1 + left_out]
    assert list(write(kept, ExportOptions(notes=True, group=""))) == pieces
