"""Rows of a table as text: which character parts its cells, where its header is, row by row.

The standard library's parser does the parsing. What it cannot do is here: find the dialect by the
header instead of by statistics, and go on behind a quote that nobody closes.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import BinaryIO

from papertray.feeds.text_lines import TextLine, text_lines

LONGEST_CELL = 1 << 20
"""Characters that one cell may have."""

MOST_CELLS = 10_000
HEADER_WITHIN = 20
"""Lines in which a header is looked for: some programs write a line or two above it."""

_DELIMITERS = ("\t", ",", ";")
_MOST_REPAIRS = 20


@dataclass(frozen=True, slots=True)
class Header:
    """The names of the columns, the character between them, and the line they stand in, from 1."""

    columns: tuple[str, ...]
    delimiter: str
    line: int


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its number among the rows behind the header, its first line, its cells.

    `problem` says why it could not be read; then its cells are empty, and `text` is what it was.
    """

    number: int
    line: int
    cells: tuple[str, ...] = ()
    problem: str = ""
    text: str = ""


def find_header(lines: Iterable[str], score: Callable[[Sequence[str]], int]) -> Header | None:
    """Return the header among the first `lines`: the columns with the best `score` above 0."""
    best, best_score = None, 0
    for number, line in enumerate(islice(lines, HEADER_WITHIN), 1):
        for delimiter in _DELIMITERS:
            columns = _cells(line, delimiter)
            found = score(columns)
            if found > best_score:
                best, best_score = Header(tuple(columns), delimiter, number), found
        if best is not None:  # data below may look like a header, too
            break
    return best


def _cells(line: str, delimiter: str) -> list[str]:
    """Split one line; a quote that it leaves open is taken for what it is."""
    _allow_long_cells()
    try:
        return [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter), [])]
    except csv.Error:
        return []


def _allow_long_cells() -> None:
    # The limit is the module's own, for the whole process; it is only ever raised.
    csv.field_size_limit(max(csv.field_size_limit(), LONGEST_CELL))


def _unquoted(cell: str) -> str:
    is_quoted = len(cell) > 1 and cell.startswith('"') and cell.endswith('"')
    return cell[1:-1].replace('""', '"') if is_quoted else cell


class _Lines:
    """Hands lines to the parser, and takes back those of a row that went wrong."""

    def __init__(self, lines: Iterator[TextLine]) -> None:
        self._lines = lines
        self._again: deque[TextLine] = deque()
        self.of_row: list[TextLine] = []

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._lines)
        self.of_row.append(line)
        return line.text + "\n"

    def split_at_tabs(self, header: Header) -> list[str]:
        """Return the cells of a line that has as many tabs as the header, else none.

        Databases write tabs without quoting: a quote at the beginning of a cell may be text.
        """
        if header.delimiter != "\t":
            return []
        line = next(iter(self._again), None) or next(self._lines, None)
        if line is None:
            return []
        if not self._again:
            self._again.append(line)
        cells = line.text.split("\t")
        is_open = cells[-1].startswith('"') and not cells[-1].endswith('"')
        if len(cells) != len(header.columns) or is_open:
            return []
        self.of_row.append(self._again.popleft())
        return [_unquoted(cell) for cell in cells]

    def give_back(self, lines: Sequence[TextLine]) -> None:
        self._again.extendleft(reversed(lines))

    @property
    def is_at_end(self) -> bool:
        if not self._again and (line := next(self._lines, None)) is not None:
            self._again.append(line)
        return not self._again


def rows(stream: BinaryIO, score: Callable[[Sequence[str]], int]) -> Iterator[Header | Row]:
    """Yield the header of a stream in UTF-8, then its rows; nothing if there is no header.

    Arguments: `score` says how much the cells of a line look like a header, as in `find_header`.
    """
    lines = text_lines(stream)
    first = list(islice(lines, HEADER_WITHIN))
    header = find_header((line.text for line in first), score)
    if header is None:
        return
    yield header
    yield from _rows(chain(first[header.line :], lines), header)


_OPEN = "it has a quote that nobody closes"


def _rows(text: Iterator[TextLine], header: Header) -> Iterator[Row]:
    """Parse what is behind the header.

    Behind a quote that nobody closes the lines are read again one by one. They may be rows, or
    what was within the quotes: only those with as many cells as the header are taken for rows.
    """
    _allow_long_cells()
    lines = _Lines(text)
    parser = csv.reader(lines, delimiter=header.delimiter)
    repairs = number = doubtful_until = 0
    while True:
        lines.of_row = []
        try:
            cells, problem = lines.split_at_tabs(header) or next(parser), ""
        except StopIteration:
            return
        except csv.Error:
            cells, problem = [], _OPEN
        written = lines.of_row
        if len(written) > 1 and not problem and lines.is_at_end and _is_open(written, header):
            problem = _OPEN
        if problem and len(written) > 1 and repairs < _MOST_REPAIRS:
            repairs += 1
            doubtful_until = max(doubtful_until, written[-1].number)
            lines.give_back(written[1:])
            written = written[:1]
        elif written[0].number <= doubtful_until and 0 < len(cells) != len(header.columns):
            problem = "it is a part of a broken row, or broken itself"
        elif any(line.too_long for line in written) or len(cells) > MOST_CELLS:
            problem = "it is longer than a row can be"
        if problem:
            parser = csv.reader(lines, delimiter=header.delimiter)  # its state is of no use
        if problem or any(map(str.strip, cells)):
            number += 1
            yield Row(
                number, written[0].number, () if problem else tuple(cells), problem,
                _text(written) if problem else "",
            )  # fmt: skip


def _text(lines: Sequence[TextLine]) -> str:
    return "\n".join(line.text for line in lines[:100])[:LONGEST_CELL]


def _is_open(lines: Sequence[TextLine], header: Header) -> bool:
    """Tell whether the last cell of the last row is open: then it would take in what follows."""
    text = "\n".join(line.text for line in lines)
    try:
        cells = next(csv.reader([f"{text}\n\x1f"], delimiter=header.delimiter), [""])
    except csv.Error:  # a line end outside of quotes
        return False
    return bool(cells) and cells[-1].endswith("\n\x1f")
