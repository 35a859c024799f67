"""Kept regions: what a user writes between two marks of an export is there after the next one.

::

    [@vaswani2017]

    <!-- papertray:keep -->
    Compare with §3 of the thesis.
    <!-- /papertray:keep -->

A mark is a line of its own. An exporter writes empty regions; `carried_over` fills them with what
the file on disk holds. In a list, a region belongs to the paper whose citation (``[@key]``, or
``[cite:@key]``) is the line above it, blank lines aside; without one there, to the paper of the
region before it. In a file about one paper, all regions are that paper's. So users may add regions.

Text of papers and notes must not forge a mark: exporters escape it, or take `disarmed` text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from papertray.core.errors import BrokenRegion

_NAME = "papertray:keep"

Kept: TypeAlias = Mapping[str, Sequence[str]]
"""What regions hold, by citation key, in the order of the file: lines with their ends."""


@dataclass(frozen=True, slots=True)
class Marks:
    """How regions are marked in one kind of file.

    `start` and `end` are the lines around a region. `heading` is what regions are put below whose
    paper is not in the file any more. `citation` makes the line that names a paper of its key.
    `is_page`: the file is about one paper.
    """

    start: str
    end: str
    heading: str
    citation: str
    is_page: bool = False

    @property
    def region(self) -> str:
        """An empty region, for exporters to write."""
        return f"{self.start}\n{self.end}\n"


MARKDOWN = Marks(
    f"<!-- {_NAME} -->", f"<!-- /{_NAME} -->", "# Kept from papers that left this list", "[@{}]"
)
"""The marks of Markdown, and of all that nothing else is said of."""

ORG = Marks(
    f"# {_NAME}", f"# /{_NAME}", "* Kept from papers that left this list", "[cite:@{}]"
)  # fmt: skip
TEX = Marks(f"% {_NAME}", f"% /{_NAME}", "% Kept from papers that left this list", "% @{}")

_WITHOUT = frozenset((".bib", ".json", ".jsonl", ".csv", ".ris"))
_OF_SUFFIX = {".org": ORG, ".tex": TEX}


def marks_of(suffix: str, *, is_page: bool = False) -> Marks | None:
    """Return the marks in files of a suffix (``.md``); None where nobody writes by hand."""
    if suffix.lower() in _WITHOUT:
        return None
    found = _OF_SUFFIX.get(suffix.lower(), MARKDOWN)
    if not is_page:
        return found
    return Marks(found.start, found.end, found.heading, found.citation, is_page=True)


def disarmed(text: str) -> str:
    """Return a text of others without what could be taken for a mark."""
    return text.replace(_NAME, "papertray: keep")


class Region(NamedTuple):
    """A region in a file: whose it is, its marks as they stand there, and what is between."""

    owner: str
    start: str
    content: str
    end: str


def parts(lines: Iterable[str], marks: Marks) -> Iterator[str | Region]:
    r"""Yield the lines of a text, each region as one.

    Lines end in ``\n``, but for the last. Raises `BrokenRegion` where marks do not pair up: in a
    region there can be no other.
    """
    owner = above = start = ""
    began = 0
    content: list[str] = []
    for number, line in enumerate(lines, 1):
        mark = line.strip().removeprefix("- ") if _NAME in line else ""
        if mark == marks.start:
            if began:
                raise BrokenRegion(number, f"opens a region in that of line {began}")
            owner = "" if marks.is_page else _owner(above, owner, marks)
            began, start = number, line
        elif mark == marks.end:
            if not began:
                raise BrokenRegion(number, "closes a region, but none is open")
            yield Region(owner, start, "".join(content), line)
            began, content = 0, []
        elif began:
            content.append(line)
        else:
            if not line.isspace():
                above = line
            yield line
    if began:
        raise BrokenRegion(began, "opens a region that is never closed")


def _owner(above: str, before: str, marks: Marks) -> str:
    named = _CITATION.fullmatch(above.strip())
    if named is not None:
        return named[1]
    return "" if above.strip() == marks.heading else before


def carried_over(lines: Iterable[str], kept: Kept, marks: Marks) -> Iterator[str]:
    """Yield a new text with what the regions of the old one held.

    The first region of a paper gets what its first one held, and so on. What has no place any more
    comes behind the paper's last region, or at the end where the paper is gone. Only what is kept
    is held in memory, and the lines between two regions of a paper that has more of them.
    """
    left = {owner: list(contents) for owner, contents in kept.items()}
    waiting: list[str] = []  # lines behind a region whose paper has more to say
    last: Region | None = None
    ending = ""
    for part in parts(lines, marks):
        if isinstance(part, str):
            if last is not None and left.get(last.owner):
                waiting.append(part)
            else:
                yield part
            ending = part
            continue
        if last is not None and last.owner != part.owner:
            yield from _more(last, left, marks)
        yield from waiting
        waiting = []
        contents = left.get(part.owner)
        yield from (part.start, contents.pop(0) if contents else part.content, part.end)
        last, ending = part, part.end
    if last is not None:
        yield from _more(last, left, marks)
    yield from waiting
    yield from _orphans({o: c for o, c in left.items() if any(map(str.strip, c))}, marks, ending)


def _more(region: Region, left: dict[str, list[str]], marks: Marks) -> Iterator[str]:
    """Yield more regions of the same paper, for what stood in regions the user added."""
    contents = [content for content in left.pop(region.owner, ()) if content.strip()]
    if contents and not region.end.endswith("\n"):
        yield "\n"
    for content in contents:
        yield from ("\n", region.start, content, f"{marks.end}\n")


def _orphans(left: Kept, marks: Marks, ending: str) -> Iterator[str]:
    if not left:
        return
    if ending and not ending.endswith("\n"):
        yield "\n"
    yield from ("\n", f"{marks.heading}\n")
    for owner, contents in sorted(left.items()):  # that of no paper comes first
        if owner:
            yield from ("\n", f"{marks.citation.format(owner)}\n")
        for content in contents:
            if content.strip():
                yield from ("\n", f"{marks.start}\n", content, f"{marks.end}\n")


def lines_of(pieces: Iterable[str]) -> Iterator[str]:
    r"""Yield the lines of a text that comes in pieces, each with its ``\n``."""
    rest = ""
    for piece in pieces:
        *whole, rest = (rest + piece).split("\n")
        for line in whole:
            yield line + "\n"
    if rest:
        yield rest


# The key is one of `papertray.core.citekeys.is_citekey`.
_CITATION = re.compile(r"[^\w@]*(?:cite:)?@([^\W_][\w:./+-]*)[^\w@]*")
