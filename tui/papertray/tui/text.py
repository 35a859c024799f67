"""Fitting text into cells. What comes in here has been through `clean`, but for `masked`."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from rich.cells import cell_len, set_cell_size, split_graphemes

from papertray.core.clean import clean


class Look(StrEnum):
    """How a piece of running text is drawn: each way is told from the others without colour."""

    STRONG = "strong"
    EMPHASIS = "emphasis"
    CODE = "code"
    LINK = "link"
    MATCH = "match"
    ADDED = "added"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Span:
    """The characters `start` to `end` (exclusive) of a paragraph, and how they look.

    `target` is the web address that a click on them opens, empty for none.
    """

    start: int
    end: int
    look: Look
    target: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Clean text and how it looks: `is_strong` for titles, `is_quiet` for what is beside.

    `spans` may overlap. `first` stands before the first line and `rest` before the others (a
    bullet and blanks, or the edge of a quotation); both are clean, and as wide as each other.
    """

    text: str
    is_strong: bool = False
    is_quiet: bool = False
    indent: int = 0
    spans: Sequence[Span] = ()
    first: str = ""
    rest: str = ""


@dataclass(frozen=True, slots=True)
class DrawnLine:
    """One line of a wrapped paragraph: its text with its spans, and what stands before it."""

    paragraph: Paragraph
    text: str
    before: str = ""
    spans: Sequence[Span] = ()


def masked(text: str) -> str:
    """Return `text` harmless and with as many characters, for where a cursor goes through it."""
    if text.isprintable():
        return text
    return text.translate(
        {ord(each): clean(each) or "\N{REPLACEMENT CHARACTER}" for each in set(text) - {"\t"}}
    )


def fit(text: str, width: int) -> str:
    """Return `text` in exactly `width` cells: padded, or cut with an ellipsis."""
    if width <= 0:
        return ""
    if cell_len(text) <= width:
        return set_cell_size(text, width)
    return set_cell_size(text, width - 1).rstrip() + "…" + " " * _missing(text, width)


def _missing(text: str, width: int) -> int:
    """Cells that trimming blanks before the ellipsis left over."""
    cut = set_cell_size(text, width - 1)
    return cell_len(cut) - cell_len(cut.rstrip())


def wrap(text: str, width: int) -> list[str]:
    """Break running text into lines of at most `width` cells, at blanks where there are any.

    Line breaks in `text` stay. A word longer than a line is broken where the line ends.
    """
    return [text[start:end] for start, end in _places(text, width)]


def lines_of(paragraph: Paragraph, width: int) -> Iterator[DrawnLine]:
    """Yield the lines of a paragraph, at most `width` cells wide with what stands before them."""
    indent = " " * paragraph.indent
    before = indent + paragraph.first
    room = width - paragraph.indent - cell_len(paragraph.first)
    for start, end in _places(paragraph.text, room):
        spans = [
            Span(max(span.start, start) - start, min(span.end, end) - start, span.look, span.target)
            for span in paragraph.spans
            if span.start < end and start < span.end
        ]
        yield DrawnLine(paragraph, paragraph.text[start:end], before, spans)
        before = indent + paragraph.rest


def styled(line: DrawnLine) -> Iterator[tuple[str, Sequence[Span]]]:
    """Yield a line's text piece by piece, each with the spans that cover it.

    No piece ends within what is drawn as one character.
    """
    text, spans = line.text, line.spans
    if not spans:
        yield text, ()
        return
    edges = {0, len(text), *(span.start for span in spans), *(span.end for span in spans)}
    if not text.isascii():
        begins = [*(begin for begin, _, _ in split_graphemes(text)[0]), len(text)]
        before = {begins[max(0, bisect_right(begins, edge) - 1)] for edge in edges}
        edges = before | {begins[bisect_left(begins, edge)] for edge in edges}
    for start, end in pairwise(sorted(edges)):
        yield text[start:end], [span for span in spans if span.start < end and start < span.end]


def _places(text: str, width: int) -> Iterator[tuple[int, int]]:
    """Yield where the lines of wrapped text begin and end in it; between them are only blanks."""
    width = max(1, width)
    position = 0
    for paragraph in text.split("\n"):
        if paragraph.isascii() and len(paragraph) <= width:
            yield position, position + len(paragraph)
        else:
            yield from _places_of_words(paragraph, position, width)
        position += len(paragraph) + 1


def _places_of_words(paragraph: str, position: int, width: int) -> Iterator[tuple[int, int]]:
    """Yield the lines of a text without line breaks that begins at `position` of the whole."""
    lead = len(paragraph) - len(paragraph.lstrip(" "))
    start = end = at = position + lead
    used = 0
    for word in paragraph[lead:].split(" "):
        cells = cell_len(word)
        if used and used + 1 + cells <= width:
            used += 1 + cells
        else:
            if end > start:
                yield start, end
            elif at == position + lead and lead + cells <= width:
                at -= lead  # the blanks before the first word are an indent
                word, cells = " " * lead + word, lead + cells
            start, used = at, cells
            if cells > width:
                *whole, last = _pieces(word, width)
                for piece in whole:
                    yield start, start + len(piece)
                    start += len(piece)
                used = cell_len(last)
        end = at + len(word)
        at = end + 1
    yield start, end


def _pieces(word: str, width: int) -> list[str]:
    """Break a word into pieces of at most `width` cells, never within what is drawn as one."""
    pieces = []
    start, used = 0, 0
    for begin, _, cells in split_graphemes(word)[0]:
        if used + cells > width and start < begin:
            pieces.append(word[start:begin])
            start, used = begin, 0
        used += cells
    return [*pieces, word[start:]]
