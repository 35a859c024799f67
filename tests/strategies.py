"""Hypothesis strategies for papers as the world sends them, and what must come back of their text.

Import with ``from strategies import entries, texts``.
"""

from __future__ import annotations

import dataclasses
import os
import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from papertray.core.model import WORK_TYPES, Author, Entry, Note, Pile, Venue, Work
from papertray.core.segments import segments
from papertray.exporters.latex_spelling import SYMBOLS as SPELLED_SYMBOLS

FRAGMENTS = (
    *"{}[]()<>$%&#_^~\\|@`*\"'!?=+-.:;,/",
    *("[MASK]", "<SEG>", "P*", r"\faGithub~", r"na\"ive"),
    *(r"45\%", r"\eg", "{em x}", "}{", "{{", "}}"),
    *("$\\°$", "$a\\\\%b$", "$k$NN", "$O(n \\log n)$", "$x_1$", "$5 and $10"),
    *("$PATH/$HOME", "$$x$$", "$\\{a\\}$", "$a"),
    *("$\\input{x}$", "$a%b$", "$\\mathcal{L}_{a}$", "$α$", "$<b>$", "\\{", "\\}", "\\\\", "\\$"),
    *("--", "---", "...", "``x''", "?`", ",,", "==x=="),
    *("~~x~~", "%%x%%", "[[x]]", "[^1]", "[@key]"),
    *("@article{x,", "@x {", "1. ", "(a) ", "iv) ", "- ", "+ ", "# ", ": ", "::: x", "> ", "***"),
    *("https://example.org/a_b?c=d&e=f", "www.example.org"),
    *("a@b.org", "&amp;", "&#60;", "<!--", "-->"),
    *("![x](http://x.y/z)", "[x](javascript:a)", "<script>", "</script>", "\\input{/etc/passwd}"),
    *("GPT-4", "U-Net", "BERT", "Łukasz", "é", "e\u0301"),
    *("ǰ", "ễ", "ß", "α", "→", "²", "−", "–", "—"),
    *("“q”", "‘q’", "…", "学", "김", "🤗", "עברית"),
    *("\u202e", "\u2066", "\u200b", "\u200d", "\u00ad"),
    *("\x1b[31m", "\x07", "\x00", "\x9b", "\ud800"),
    *("\ufeff", "\u2028", "\u00a0", "\u3000", "\t", "\r\n"),
)  # fmt: skip
"""Pieces of real titles, and of what means something to TeX, Markdown, YAML or a terminal."""

HOSTILE_LINES = (
    *(
        "===",
        "# one",
        "## two",
        "###### six",
        "####### seven",
        "Big\n===",
        "Small\n---",
        "---",
        "***",
        "> # q",
    ),
    *(
        "> Big\n> ===",
        "- # item",
        "- a\n  ```\n  code",
        "```",
        "~~~~",
        "    # code",
        "<!-- todo",
        "-->",
    ),
    *("<script>", "<pre>", "<style>", "<textarea>"),
    *("<div>", "</div>", "<div>\n## inside\n</div>"),
    *(
        "<details><summary>x</summary>",
        "<?php",
        "<![CDATA[",
        "<!X",
        "---\ntitle: HACKED\n---",
        "::: note",
    ),
    *(
        ":::",
        "$$",
        "%%",
        "a[^1]",
        "[^1]: note",
        "[x]: http://a",
        "|a|b|\n|-|-|\n|1|2|",
        "\\begin{align}",
    ),
    *(
        "plain text",
        "- point",
        "1. point",
        "> quote",
        "",
        "`code",
        "`a` `` b ``",
        "## private",
        "  ",
    ),
)
"""Lines of notes that would reach beyond the note, if they could."""

_anything = st.text(st.characters(exclude_categories=()), max_size=12)


def texts(max_pieces: int = 8) -> SearchStrategy[str]:
    """Any text: hostile fragments and any Unicode, surrogates and controls included."""
    pieces = st.lists(st.one_of(st.sampled_from(FRAGMENTS), _anything), max_size=max_pieces)
    return st.tuples(pieces, st.sampled_from(("", " "))).map(lambda t: t[1].join(t[0]))


def authors() -> SearchStrategy[Author]:
    """Persons with any parts, bodies, and the ``et al.`` that stands for others."""
    part = texts(2)
    return st.one_of(
        st.builds(Author, family=part, given=part, particle=part, suffix=part),
        st.builds(Author, literal=part),
        st.just(Author(literal="et al.")),
    )


def people() -> SearchStrategy[Author]:
    """Authors as libraries have them, in whom each format keeps apart what is apart."""
    families = st.sampled_from(("Lovelace", "García Márquez", "O'Neill", "Ångström-Öz", "Łukasz"))
    given_names = st.sampled_from(("Ada", "J. R. R.", "Gabriel José", "Jean-Paul", "Å"))
    particles = st.sampled_from(("", "van der", "de"))
    suffixes = st.sampled_from(("", "Jr.", "III"))
    bodies = ("OpenAI", "The ATLAS Collaboration", "AT&T Labs, Inc.", "Allen Brain Atlas", "王小明")
    return st.one_of(
        st.builds(Author, family=families, given=given_names, particle=particles, suffix=suffixes),
        st.builds(Author, literal=st.sampled_from(bodies)),
    )


def works() -> SearchStrategy[Work]:
    """Works with hostile text in every field."""
    short = texts(2)
    venues = st.builds(
        Venue,
        name=short,
        type=st.sampled_from(("", "journal", "conference", "workshop", "book")),
        short=short,
        publisher=short,
        volume=short,
        number=short,
        pages=short,
    )
    return st.builds(
        Work,
        title=texts(),
        abstract=texts(),
        authors=st.lists(authors(), max_size=3).map(tuple),
        type=st.sampled_from(("", *WORK_TYPES)),
        year=st.none() | st.integers(1600, 2100),
        month=st.none() | st.integers(1, 12),
        venue=venues,
        doi=short,
        arxiv_id=st.sampled_from(("", "1706.03762", "hep-ph/9609357", "x}y")),
        url=short | st.just("https://example.org/a_b%20c/~user?x=1&y=2#frag"),
        code_urls=st.lists(short, max_size=2).map(tuple),
        primary_class=st.sampled_from(("", "cs.CL", "{")),
    )


def hostile_notes() -> SearchStrategy[Note]:
    """Notes made of `HOSTILE_LINES`, with or without blank lines between."""
    bodies = st.tuples(
        st.sampled_from(("\n", "\n\n", "\r\n")),
        st.lists(st.sampled_from(HOSTILE_LINES), max_size=6),
    ).map(lambda t: t[0].join(t[1]))
    return st.builds(note, bodies, texts(2))


def note(body: str, title: str = "") -> Note:
    """A note on paper 1 with what every note has."""
    return Note(1, "n1", 1, title, body, "2026-11-23T07:12:01.123Z", "2026-11-23T07:12:01.123Z")


def entry(work: Work, citekey: str = "key", **fields: object) -> Entry:
    """An entry that was read, with what every entry has."""
    plain = Entry(1, "uid", work, Pile.READ, "2026-11-23T07:12:01.123Z", citekey)
    return dataclasses.replace(plain, **fields)  # type: ignore[arg-type]


def entries() -> SearchStrategy[Entry]:
    """Entries with hostile text and notes. Citekeys are all ``key``: see `keyed`."""
    return st.builds(
        entry,
        works(),
        pile=st.sampled_from(Pile),
        tags=st.lists(texts(2), max_size=2).map(tuple),
        notes=st.lists(hostile_notes(), max_size=2).map(tuple),
    )


def keyed(found: list[Entry]) -> list[Entry]:
    """Give entries the citekeys ``key0``, ``key1`` …"""
    return [dataclasses.replace(e, citekey=f"key{n}") for n, e in enumerate(found)]


def visible_line(text: str) -> str:
    """What must come back of a text: one line, without what only steers terminals."""
    text = re.sub("[\ud800-\udfff]", "\ufffd", text)
    text = "".join(c for c in text if ord(c) & 0xFFFE != 0xFFFE and not "\ufdd0" <= c <= "\ufdef")
    text = re.sub(
        "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff"
        "\ufff9-\ufffb\U000e0000-\U000e007f]",
        "",
        text,
    )
    return re.sub("[^\\S\u00a0]+", " ", text).strip()


def sample_titles() -> list[str]:
    """The titles of the saved page of trending papers in `PAPERTRAY_TEST_DATA`.

    Skips the test where that variable does not name a folder with the page.
    """
    page = Path(os.environ.get("PAPERTRAY_TEST_DATA", "")) / "feed_page" / "trending_papers.txt"
    if not page.is_file():
        pytest.skip("PAPERTRAY_TEST_DATA names no folder with feed_page/trending_papers.txt")
    titles = page.read_text(encoding="utf-8").split("\n")[2::2]
    return [titles[0].removeprefix("Subscribe"), *titles[1:]]


# What TeX prints for a spelling; written down here a second time, on purpose.
MACROS = {
    "textbackslash": "\\", "textasciitilde": "~", "textasciicircum": "^", "dots": "…", "ss": "ß",
    "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "aa": "å",
    "AA": "Å", "i": "ı",
}  # fmt: skip
ACCENTS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", '"': "\u0308", "=": "\u0304",
    ".": "\u0307", "u": "\u0306", "v": "\u030c", "H": "\u030b", "c": "\u0327", "k": "\u0328",
    "r": "\u030a", "b": "\u0331", "d": "\u0323",
}  # fmt: skip
LIGATURES = {"---": "—", "--": "–", "~": "\u00a0"}
TOKEN = re.compile(
    r"(?P<lone_open>\\\{\\vphantom\{\\\}\})|(?P<lone_close>\\vphantom\{\\\{\}\\\})"
    r"|\\(?P<escaped>[&%$#_{}])|\\(?P<macro>[a-zA-Z]{2,}|[aoOlLi](?=\}))"
    r"|\\(?P<accent>[`'^~\"=.]|[uvHckrbd](?=\{))\{?(?P<base>[a-zA-Z])\}?"
    r"|\$(?P<math>(?:[^$\\]|\\.)+)\$|(?P<ligature>---?|~)|(?P<brace>[{}])|(?P<plain>[^\\$])",
    re.DOTALL,
)
# Of two characters with one command, the first is meant.
SYMBOLS = {command: character for character, command in reversed(SPELLED_SYMBOLS.items())}
SYMBOLS |= {"<": "<", ">": ">", "|": "|"}


def printed(source: str) -> str:
    """Return what TeX prints for `source`, formulas between dollars. Fails on anything unknown."""
    out: list[str] = []
    place = 0
    while place < len(source):
        token = TOKEN.match(source, place)
        assert token is not None, source[place:]
        place = token.end()
        match token.lastgroup:
            case "lone_open":
                out.append("{")
            case "lone_close":
                out.append("}")
            case "escaped" | "plain":
                out.append(token[token.lastgroup])
            case "macro":
                out.append(MACROS[token["macro"]])
            case "base":
                accented = token["base"] + ACCENTS[token["accent"]]
                out.append(unicodedata.normalize("NFC", accented))
                place -= token[0].endswith("}") and "{" not in token[0]
            case "math":
                out.append(formula(token["math"]))
            case "ligature":
                out.append(LIGATURES[token["ligature"]])
    return folded("".join(out))


def formula(body: str) -> str:
    """Symbols as characters, so that ``α`` and ``$\\alpha$`` are one."""
    for command, character in SYMBOLS.items():
        body = body.replace(f"{{{command}}}", character)
    body = re.sub(r"\\(.)", lambda m: m[1] if m[1] in "%#&" else m[0], body)
    return SYMBOLS.get(body, body if len(body) == 1 and body in SYMBOLS.values() else f"${body}$")


def to_be_printed(text: str) -> str:
    """The line that `text` must print as: typography that TeX does not tell apart is folded."""
    line = unicodedata.normalize("NFC", visible_line(text))
    line = visible_line(re.sub("[\u200b-\u200d\u2060\u00ad]", "", line))
    line = line.translate(str.maketrans("µ⋅", "μ·"))
    return folded("".join(formula(s.text) if s.is_math else s.text for s in segments(line)))


def folded(text: str) -> str:
    """Quotes and hyphens as TeX knows them."""
    text = text.translate(str.maketrans("‘’‐‑", "`'--"))
    return text.replace("“", "``").replace("”", "''")


def braces_balance(source: str) -> bool:
    """As BibTeX counts (all) and as simple parsers do (those without a backslash before)."""
    for counted in (source, re.sub(r"\\[{}]", "", source)):
        depth = 0
        for character in counted:
            depth += (character == "{") - (character == "}")
            if depth < 0:
                return False
        if depth:
            return False
    return True
