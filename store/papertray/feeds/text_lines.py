"""Text line by line, whatever ends its lines: old Macs wrote a carriage return alone."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

LONGEST = 1 << 20
"""Characters of a line that are kept."""


class TextLine(NamedTuple):
    """A line without its end, numbered from 1. Of one that is `too_long` this is the beginning."""

    number: int
    text: str
    too_long: bool = False


def text_lines(stream: BinaryIO) -> Iterator[TextLine]:
    r"""Yield the lines of a stream in UTF-8, which end in ``\n``, ``\r\n`` or ``\r``.

    What is not UTF-8 is replaced; NULs, which no text has, and a byte order mark are left out.
    """
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="replace", newline=None)
    try:
        number = 0
        while line := text.readline(LONGEST + 1):
            number += 1
            too_long = len(line) > LONGEST and not line.endswith("\n")
            piece = line
            while too_long and piece and not piece.endswith("\n"):
                piece = text.readline(1 << 16)
            line = line[:LONGEST] if too_long else line.removesuffix("\n")
            yield TextLine(number, line.replace("\0", "") if "\0" in line else line, too_long)
    finally:
        if not stream.closed:
            text.detach()  # else it would close a stream that is not ours
