"""Fitting text into cells. What comes in here has been through `clean`, but for `masked`."""

from __future__ import annotations

from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size, split_graphemes

from papertray.core.clean import clean


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Clean text and how it looks: `is_strong` for titles, `is_quiet` for what is beside."""

    text: str
    is_strong: bool = False
    is_quiet: bool = False
    indent: int = 0


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
    width = max(1, width)
    lines: list[str] = []
    for paragraph in text.split("\n"):
        lines += _wrap_paragraph(paragraph, width)
    return lines


def _wrap_paragraph(paragraph: str, width: int) -> list[str]:
    if paragraph.isascii() and len(paragraph) <= width:
        return [paragraph]
    lines = []
    line, used = "", 0
    for word in paragraph.split(" "):
        cells = cell_len(word)
        if used and used + 1 + cells <= width:
            line, used = f"{line} {word}", used + 1 + cells
            continue
        if line:
            lines.append(line)
        if cells > width:
            *whole, word = _pieces(word, width)
            lines += whole
            cells = cell_len(word)
        line, used = word, cells
    lines.append(line)
    return lines


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
