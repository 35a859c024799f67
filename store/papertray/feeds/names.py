"""Names of works, one a line: arXiv ids, DOIs, addresses of papers' pages.

What people paste from a mail or a chat. Nothing is known of such works but their names, until they
are looked up.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

from papertray.core.model import Record, Unread
from papertray.core.pasted import parse_pasted, placeholder
from papertray.feeds.heads import text_of
from papertray.feeds.reader import numbered_lines
from papertray.feeds.streams import HEAD

NAME = "names"
DESCRIPTION = (
    "names of works, one a line: arXiv ids, DOIs, addresses of papers; `#` begins a remark"
)
TAKES = "the names; the rest is looked up, at once or with the next network"
LOSES = "nothing"
IS_LIBRARY = False
FEED = ""

_LONGEST = 2000


def recognise(head: bytes, name: str) -> bool:
    """Tell a list of names by its lines: there is nothing else in it."""
    lines = text_of(head).splitlines()
    if len(head) >= HEAD:
        del lines[-1:]  # it may be cut
    named = [line for line in lines if _is_told(line)]
    return bool(named) and all(parse_pasted(line) is not None for line in named)


def read(stream: BinaryIO) -> Iterator[Record | Unread]:
    """Yield a placeholder for each name; an Unread, with its line, for what is none."""
    for line in numbered_lines(stream, _LONGEST):
        text = line.data.decode("utf-8", "replace")
        place = f"line {line.number}"
        if not _is_told(text):
            continue
        named = parse_pasted(text)
        if named is None:
            yield Unread(place, "this is no arXiv id, DOI or address of a paper", line.data)
        else:
            yield replace(placeholder(named), place=place)


def _is_told(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")
