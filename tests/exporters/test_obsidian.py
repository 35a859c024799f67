"""A file a paper that Obsidian shows, and runs nothing of."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from papertray.core.citekeys import is_citekey
from papertray.core.file_names import folded, safe_stem
from papertray.core.model import Entry, Pile, Venue, Work
from papertray.core.names import parse_author
from papertray.exporters.exporter import ExportOptions, Page
from papertray.exporters.obsidian import obsidian_tag, page
from papertray.exporters.page_names import page_stem

from strategies import entries, entry, note, visible_line

EVERYTHING = ExportOptions(
    notes=True, private=True, paper_of=lambda name: "att2017" if name == "attention" else ""
)
PARSER = MarkdownIt("gfm-like", {"linkify": False, "html": True})


def made(found: Entry) -> Page:
    return page(found, EVERYTHING)


def properties(text: str) -> dict[str, object]:
    """The properties of a page: each is JSON in itself."""
    front = text.split("---\n", 2)[1]
    pairs = (line.split(": ", 1) for line in front.splitlines())
    return {name: json.loads(value) for name, value in pairs}


def test_a_page() -> None:
    work = Work(
        "Attention & [MASK]",
        abstract="It's 100%.",
        authors=(parse_author("Ashish Vaswani"), parse_author("et al.")),
        year=2017,
        venue=Venue("NeurIPS"),
        doi="10.1/x",
        arxiv_id="1706.03762",
        code_urls=("https://github.com/a/b",),
    )
    body = "# My view\nAs in [[attention]], [[attention|the first]], not [[nothing]]."
    kept = entry(
        work, "vaswani2017", pile=Pile.STARRED, done="2026-11-23",
        tags=("nlp", "machine learning", "R&D"), notes=(note(body, "Ideas"),),
    )  # fmt: skip
    assert made(kept) == Page(
        "@vaswani2017.md",
        '---\ntitle: "Attention & [MASK]"\naliases: ["Attention & [MASK]"]\n'
        'authors: ["Ashish Vaswani"]\nyear: 2017\ncitekey: "vaswani2017"\ndoi: "10.1/x"\n'
        'arxiv: "1706.03762"\ntags: ["R-D", "machine-learning", "nlp"]\nstatus: "starred"\n'
        'done: "2026-11-23"\n---\n\n'
        "# Attention & \\[MASK\\]\n\n"
        "Ashish Vaswani, et al. (2017). NeurIPS\n\n"
        "- <https://arxiv.org/abs/1706.03762>\n"
        "- <https://doi.org/10.1/x>\n"
        "- Code: <https://github.com/a/b>\n"
        "- Tags: R&D, machine learning, nlp\n\n"
        "> [!abstract] Abstract\n> It\\'s 100%.\n\n"
        "## Ideas\n\n"
        "### My view\n"
        "As in [[@att2017|attention]], [[@att2017|the first]], not \\[\\[nothing\\]\\].\n\n"
        "<!-- papertray:keep -->\n<!-- /papertray:keep -->\n",
    )


def test_a_page_of_a_paper_of_which_little_is_known() -> None:
    kept = entry(Work(""), notes=(note("shown\n# private\nsecret"),))
    assert page(kept, ExportOptions(notes=True, abstracts=False)).text == (
        '---\ncitekey: "key"\nstatus: "read"\n---\n\n# (untitled)\n\n## Note\n\nshown\n\n'
        "<!-- papertray:keep -->\n<!-- /papertray:keep -->\n"
    )
    assert "shown" not in page(kept, ExportOptions()).text


COMMANDS = "<% tp.x %> {{title}} {%x%} `= this.file` `$= dv` %%x%% ```dataviewjs"


def test_no_command_in_what_is_known_of_a_paper() -> None:
    text = made(
        entry(
            Work(COMMANDS, abstract=COMMANDS, authors=(parse_author(COMMANDS),)), tags=(COMMANDS,)
        )
    ).text
    assert not re.search(r"<%|\{\{|\{%|%%|(?<!\\)`", text)
    assert properties(text)["title"] == COMMANDS


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("<% tp.x %>", "< % tp.x %>"),
        ("```\n<%* x %>\n```", "```\n< %* x %>\n```"),
        ("a `= this.x` and `$= js`, but `a = b`", "a \\`= this.x\\` and \\`$= js\\`, but `a = b`"),
        ("```dataviewjs\nx\n```", "```text dataviewjs\nx\n```"),
        ("~~~ tasks\nx\n~~~", "~~~ text tasks\nx\n~~~"),
        ("```Python\nx\n```", "```Python\nx\n```"),
        ("```\nx\n```", "```\nx\n```"),
        ("> [!note] A callout\n> x", "> [!note] A callout\n> x"),
        ("`[[code]]`", "`[[code]]`"),
    ],
)
def test_no_command_in_a_note(body: str, shown: str) -> None:
    assert f"## Note\n\n{shown}\n\n<!--" in made(entry(Work("t"), notes=(note(body),))).text


@pytest.mark.parametrize(
    ("tag", "shown"),
    [
        ("nlp", "nlp"),
        ("machine learning", "machine-learning"),
        ("2024", "2024_"),
        ("#a/b//c/", "a/b/c"),
        ("R&D!", "R-D"),
        ("深層学習", "深層学習"),
        ("!?", ""),
    ],
)
def test_tags_are_such_as_obsidian_takes(tag: str, shown: str) -> None:
    assert obsidian_tag(tag) == shown


def test_files_are_called_after_citation_keys() -> None:
    assert page_stem("vaswani2017") == "vaswani2017"
    assert page_stem("Müller-2020.b") == "Müller-2020.b"
    for key, beginning in (("DBLP:conf/x", "DBLP-conf-x"), ("con", "con_"), ("x" * 200, "x" * 120)):
        assert re.fullmatch(rf"{beginning}-[0-9a-f]{{8}}", page_stem(key))


@given(st.sets(st.text("aA:/.+-é\u0301", min_size=1, max_size=4), max_size=30))
def test_two_keys_are_two_files_everywhere(found: set[str]) -> None:
    keys = {key.casefold(): key for key in found if is_citekey(key)}
    names = {folded(page_stem(key)) for key in keys.values()}
    assert len(names) == len(keys)
    assert all(safe_stem(name) == name for name in map(page_stem, keys.values()))


@settings(max_examples=50, deadline=None)
@given(entries())
def test_any_paper_is_a_page_with_its_title(found: Entry) -> None:
    text = made(found).text
    text.encode()
    assert text == made(found).text
    shown = visible_line(found.work.title)
    assert properties(text).get("title", "") == shown
    tokens = PARSER.parse(text.split("---\n", 2)[2])
    heading = next(tokens[n + 1] for n, t in enumerate(tokens) if t.tag == "h1")
    children = heading.children or []
    assert "".join(c.content for c in children) == (shown or "(untitled)")
    assert "<%" not in text
