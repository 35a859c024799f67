"""How the Markdown of notes is read by formats that are no Markdown themselves."""

from __future__ import annotations

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.reference import reference


def note_parser() -> MarkdownIt:
    """Return a new parser: CommonMark with tables and strikethrough, HTML being text.

    Footnotes are text as well; CommonMark alone takes ``[^1]: so`` for the address of a link, and
    nobody would see it.
    """
    parser = MarkdownIt("commonmark", {"html": False, "xhtmlOut": False}).enable(
        ["table", "strikethrough"]
    )
    parser.block.ruler.at("reference", _reference)
    return parser


def _reference(state: StateBlock, first: int, end: int, silent: bool) -> bool:
    start = state.bMarks[first] + state.tShift[first]
    return not state.src.startswith("[^", start) and reference(state, first, end, silent)
