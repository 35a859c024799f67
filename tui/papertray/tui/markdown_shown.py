"""Markdown as it is read: from the text of a note to paragraphs of a pane. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from papertray.core.clean import clean_text
from papertray.tui.text import Look, Paragraph, Span

if TYPE_CHECKING:
    from markdown_it.token import Token

_LOOKS = {"strong": Look.STRONG, "em": Look.EMPHASIS, "s": Look.GONE, "link": Look.LINK}
_BLANK = Paragraph("")


def shown_markdown(text: str) -> list[Paragraph]:
    """Return a note as paragraphs, all clean: HTML in it is text, links are not live."""
    from markdown_it import MarkdownIt  # no paper without a note needs it

    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    return _Blocks(parser.parse(clean_text(text))).paragraphs()


class _Blocks:
    """Goes through the blocks of a text once."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens
        self._found: list[Paragraph] = []
        self._edges: list[tuple[str, str]] = []  # what stands before first and other lines
        self._numbers: list[int | None] = []  # of ordered lists; None for others
        self._is_strong = False

    def paragraphs(self) -> list[Paragraph]:
        """Return the paragraphs, with a blank line between blocks."""
        cells: list[str] = []
        before = ""
        for token in self._tokens:
            kind, previous, before = token.type, before, token.type
            if kind == "heading_open":
                self._is_strong = True
            elif kind == "heading_close":
                self._is_strong = False
            elif kind == "bullet_list_open":
                self._numbers.append(None)
            elif kind == "ordered_list_open":
                self._numbers.append(int(token.attrs.get("start", 1)))
            elif kind in ("bullet_list_close", "ordered_list_close"):
                self._numbers.pop()
            elif kind == "list_item_open":
                self._begin_item()
            elif kind == "blockquote_open":
                self._edges.append(("│ ", "│ "))
            elif kind in ("list_item_close", "blockquote_close"):
                self._edges.pop()
            elif kind == "tr_open":
                cells = []
            elif kind == "tr_close":
                self._add("  |  ".join(cells), (), is_apart=False)
            elif kind == "inline" and previous in ("td_open", "th_open"):
                cells.append(_inline(token.children or ())[0])
            elif kind == "inline":
                self._add(*_inline(token.children or ()), is_apart=not token.hidden)
            elif kind in ("fence", "code_block"):
                content = token.content.rstrip("\n")
                self._add(content, [Span(0, len(content), Look.CODE)])
            elif kind == "hr":
                self._add("─" * 20, ())
        return self._found

    def _begin_item(self) -> None:
        number = self._numbers[-1]
        mark = "- " if number is None else f"{number}. "
        if number is not None:
            self._numbers[-1] = number + 1
        self._edges.append((mark, " " * len(mark)))

    def _add(self, text: str, spans: Sequence[Span], *, is_apart: bool = True) -> None:
        first = "".join(edge for edge, _ in self._edges)
        rest = "".join(edge for _, edge in self._edges)
        if self._found and is_apart and not self._edges:
            self._found.append(_BLANK)
        self._found.append(
            Paragraph(text, self._is_strong, spans=tuple(spans), first=first, rest=rest)
        )
        self._edges = [(edge if edge == "│ " else " " * len(edge), edge_after)
                       for (edge, edge_after) in self._edges]  # fmt: skip


def _inline(tokens: Sequence[Token]) -> tuple[str, list[Span]]:
    """Return the text of a block and how its parts look."""
    text = ""
    spans = []
    opened: list[tuple[str, int]] = []
    for token in tokens:
        name = token.type.removesuffix("_open").removesuffix("_close")
        if token.type.endswith("_open"):
            opened.append((name, len(text)))
        elif token.type.endswith("_close") and opened:
            _, start = opened.pop()
            spans.append(Span(start, len(text), _LOOKS.get(name, Look.EMPHASIS)))
        elif token.type == "code_inline":
            spans.append(Span(len(text), len(text) + len(token.content), Look.CODE))
            text += token.content
        elif token.type in ("softbreak", "hardbreak"):
            text += " " if token.type == "softbreak" else "\n"
        else:
            text += token.content
    return text, spans
