"""Notes as Org: their Markdown is read by markdown-it, and what Org has no words for is text.

Nothing in a note can reach beyond it: all text goes through `papertray.exporters.org_text`, blocks
hold lines with Org's comma, and what is HTML, a footnote or a formula stays as it was typed.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from papertray.exporters.note_markdown import note_parser
from papertray.exporters.org_text import (
    JOINER,
    at_line_start,
    emphasised,
    escaped_line,
    heading,
    inline,
    link,
    passage,
    verbatim,
)


def org_of_markdown(body: str, level: int) -> str:
    """Return the Markdown text `body` as Org, fit to stand below a headline of `level`."""
    tree = SyntaxTreeNode(_parser().parse(body))
    return "\n\n".join(filter(None, _blocks(tree.children, body.split("\n"), level)))


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    return note_parser()


def _blocks(nodes: Iterable[SyntaxTreeNode], source: Sequence[str], level: int) -> Iterator[str]:
    """Yield each block. A `level` of 0: within a list or quote, where no headline can be."""
    for node in nodes:
        match node.type:
            case "heading" if level:
                title = heading(_plain_text(node.children[0]))
                yield f"{'*' * (level + int(node.tag[1]))} {title}".rstrip()
            case "heading":
                yield emphasised("*", inline(_plain_text(node.children[0])))
            case "paragraph":
                yield _paragraph(node.children[0])
            case "bullet_list" | "ordered_list":
                yield "\n".join(_items(node, source))
            case "blockquote":
                yield from _quote(node, source)
            case "fence" | "code_block":
                yield _code(node)
            case "table":
                first, end = node.map or (0, 0)
                yield _example(source[first:end])
            case "hr":
                yield "-----"


def _paragraph(node: SyntaxTreeNode) -> str:
    return "\n".join(map(at_line_start, _inline(node.children).split("\n")))


def _items(node: SyntaxTreeNode, source: Sequence[str]) -> Iterator[str]:
    first = int(node.attrs.get("start", 1))
    for number, item in enumerate(node.children, first):
        bullet = f"{number}. " if node.type == "ordered_list" else "- "
        counter = f"[@{number}] " if number == first > 1 else ""
        text = "\n\n".join(filter(None, _blocks(item.children, source, 0)))
        if text.lower().startswith(_DONE):
            text = "[X] " + text.removeprefix(text[: len(_DONE)])
        indented = textwrap.indent(text, " " * len(bullet)).lstrip()
        yield (bullet + counter + indented).rstrip()


def _quote(node: SyntaxTreeNode, source: Sequence[str]) -> Iterator[str]:
    """Yield a quote as a block. Org has none within another, so an inner one is a part of it."""
    inner = list(filter(None, _blocks(node.children, source, 0)))
    parent = node.parent
    while parent is not None and parent.type != "blockquote":
        parent = parent.parent
    if parent is not None:
        yield from inner
    else:
        yield "\n".join(("#+begin_quote", "\n\n".join(inner), "#+end_quote"))


def _code(node: SyntaxTreeNode) -> str:
    language = (node.info.split() or [""])[0]
    lines = node.content.removesuffix("\n").split("\n")
    if not language.isalnum():
        return _example(lines)
    return "\n".join((f"#+begin_src {language}", *map(escaped_line, lines), "#+end_src"))


def _example(lines: Sequence[str]) -> str:
    return "\n".join(("#+begin_example", *map(escaped_line, lines), "#+end_example"))


def _plain_text(node: SyntaxTreeNode) -> str:
    """Return what a reader sees of a heading, without its markup."""
    if node.type in ("softbreak", "hardbreak"):
        return " "
    return node.content if not node.children else "".join(map(_plain_text, node.children))


def _inline(nodes: Iterable[SyntaxTreeNode]) -> str:
    out = ""
    is_marked = False
    for node in nodes:
        piece = _piece(node)
        marks = bool(piece) and node.type in _MARKED
        # Emphasis that has letters beside it needs the zero width space, as Org's manual says.
        if (
            out
            and piece
            and ((marks and out[-1] not in _BEFORE) or (is_marked and piece[0] not in _AFTER))
        ):
            out += "\N{ZERO WIDTH SPACE}"
        out += piece
        is_marked = marks
    return out


def _piece(node: SyntaxTreeNode) -> str:
    match node.type:
        case "softbreak":
            return "\n"
        case "hardbreak":
            return "\\\\\n"
        case "code_inline":
            return verbatim(node.content)
        case "link":
            return link(str(node.attrs.get("href", "")), _inline(node.children).replace("\n", " "))
        case "image":
            return link(str(node.attrs.get("src", "")), inline(node.content))
        case "strong" | "em" | "s":
            return emphasised(_MARKERS[node.type], _inline(node.children).replace("\n", " "))
        case _:
            return passage(node.content)


_DONE = f"[{JOINER}x] "
_MARKERS = {"strong": "*", "em": "/", "s": "+"}
_MARKED = frozenset((*_MARKERS, "code_inline"))
_BEFORE = " \t\n\u200b-('\"{"
_AFTER = " \t\n\u200b-.,:!?;'\")}\\["
