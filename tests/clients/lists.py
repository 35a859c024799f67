"""What the readers of Markdown and Org found in a reading list.

Import with ``from .lists import headings_by_pandoc``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt

from .programs import run

PARSERS = {
    "commonmark": MarkdownIt("commonmark"),
    "github": MarkdownIt("gfm-like", {"linkify": False, "html": True}),
    "default": MarkdownIt("default", {"html": True}),
}
"""Three Markdowns, by how strict they are."""


@dataclass(frozen=True, slots=True)
class Document:
    """What pandoc made of a document: headings with their levels, and its title."""

    headings: tuple[tuple[int, str], ...]
    title: str
    metadata: Mapping[str, str]
    citations: tuple[str, ...]


def headings(source: str, parser: MarkdownIt) -> list[tuple[int, str]]:
    """Return level and text of each heading that `parser` sees outside of lists and quotes.

    Text is what is shown; anything in a heading that is no text comes as its name between NULs.
    """
    tokens = parser.parse(re.sub(r"\A---\n.*?\n---\n", "", source, flags=re.DOTALL))
    found = []
    for place, token in enumerate(tokens):
        if token.type == "heading_open" and token.level == 0:
            children = tokens[place + 1].children or []
            pieces = [
                child.content if child.type in ("text", "text_special") else f"\0{child.type}\0"
                for child in children
            ]
            found.append((int(token.tag[1]), _one_line("".join(pieces))))
    return found


def by_pandoc(source: str, form: str, folder: Path) -> Document:
    """Read `source` with pandoc; `form` is pandoc's name of the format: markdown, org."""
    ran = run("pandoc", "-f", form, "-t", "json", folder=folder, stdin=source)
    assert ran.code == 0, ran.said
    document = json.loads(ran.out)
    metadata = {name: _inline(_content(value)) for name, value in document["meta"].items()}
    return Document(
        tuple(_pandoc_headings(document["blocks"])),
        metadata.get("title", ""),
        metadata,
        tuple(_citations(document["blocks"])),
    )


def first_bullet_by_pandoc(source: str, folder: Path) -> str:
    """Return the heading in the first bullet of a page that is one list, as those of Logseq are.

    The properties above the list are left out. Empty if it is no such page.
    """
    _, _, bullets = source.partition("\n\n")
    ran = run("pandoc", "-f", "commonmark", "-t", "json", folder=folder, stdin=bullets)
    assert ran.code == 0, ran.said
    blocks = json.loads(ran.out)["blocks"]
    if [block["t"] for block in blocks] != ["BulletList"]:
        return ""
    first = blocks[0]["c"][0][0]
    return _one_line(_inline(first["c"][2])) if first["t"] == "Header" else ""


def _content(value: Mapping[str, Any]) -> list[Any]:
    found = value["c"]
    if value["t"] == "MetaInlines":
        return list(found)
    return [{"t": "Str", "c": json.dumps(found)}]


def _pandoc_headings(blocks: list[Any]) -> Iterator[tuple[int, str]]:
    for block in blocks:
        if block["t"] == "Header":
            level, _, inlines = block["c"]
            yield level, _one_line(_inline(inlines))
        elif block["t"] == "Div":
            yield from _pandoc_headings(block["c"][1])


def _inline(pieces: list[Any]) -> str:
    found = []
    for piece in pieces:
        kind, content = piece["t"], piece.get("c")
        if kind == "Str":
            found.append(content)
        elif kind in ("Space", "SoftBreak"):
            found.append(" ")
        elif kind == "Math":
            found.append(f"${content[1]}$")
        elif kind == "Quoted":
            before, after = _QUOTES[content[0]["t"]]
            found.append(f"{before}{_inline(content[1])}{after}")
        elif not (kind == "Span" and "tag" in content[0][1]):  # those of Org stand in headlines
            found.append(f"\0{kind}\0")
    return "".join(found)


_QUOTES = {"SingleQuote": ("‘", "’"), "DoubleQuote": ("“", "”")}


def _citations(tree: Any) -> Iterator[str]:
    if isinstance(tree, dict):
        if tree.get("t") == "Cite":
            yield from (citation["citationId"] for citation in tree["c"][0])
        tree = list(tree.values())
    if isinstance(tree, list):
        for branch in tree:
            yield from _citations(branch)


def _one_line(text: str) -> str:
    # Org is kept from reading marks by word joiners, which nobody sees.
    return " ".join(text.replace("\u00a0", " ").replace("\u2060", "").split())
