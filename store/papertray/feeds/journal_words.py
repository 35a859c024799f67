"""What publishers write into the description of an item that is no abstract.

Elsevier's holds nothing but date, journal and authors, and says them nowhere else; the American
Physical Society, Nature, the American Chemical Society, Wiley, Sage and Taylor & Francis write
authors, issue, date or DOI before or behind the abstract.
"""

from __future__ import annotations

import re
from typing import NamedTuple


class Words(NamedTuple):
    """A description in parts: the `abstract` alone, and what else it said, each may be empty."""

    abstract: str
    authors: str = ""
    journal: str = ""
    volume: str = ""
    number: str = ""
    date: str = ""


def words_of(text: str, journal: str) -> Words:
    """Return the parts of a description in canonical text, whose lines are paragraphs.

    Arguments: `journal` is what the feed is called or says it is of; a line of that name is none
    of an abstract where notices are.
    """
    lines = text.split("\n")
    first, last = 0, len(lines)
    told: dict[str, str] = {}
    while first < last and _is_notice(lines[first], told):
        first += 1
    while first < last and _is_notice(lines[last - 1], told):
        last -= 1
    if last - first == 1 < len(lines) and lines[first] and journal.startswith(lines[first]):
        last = first
    source = _SOURCE.fullmatch(told.get("Source", ""))
    journal, volume, number = source.groups("") if source else ("", "", "")
    return Words(
        abstract="\n".join(lines[first:last]),
        authors=told.get("Author(s)", ""),
        journal=journal,
        volume=volume,
        number=number,
        date=told.get("Publication date") or told.get("Available online", ""),
    )


def _is_notice(line: str, told: dict[str, str]) -> bool:
    """Tell whether a line is no part of an abstract; keep in `told` what it says by name."""
    named = _NAMED.fullmatch(line)
    if named:
        told.setdefault(named[1], named[2])
    return named is not None or _NOTICE.fullmatch(line) is not None


_NAMED = re.compile(r"(Author\(s\)|Publication date|Available online|Source):? ?(\S.*)")
_NOTICE = re.compile(
    r"\[[^\[\]]{1,200}\] Published \w{3} \w{3} \d{1,2}, \d{4}"
    r"|[^;]{1,200}, Published online: [^;]{1,40}; ?doi: ?10\.\S{3,200}"
    r"|DOI: 10\.\S{3,200}"
    r"|(?:[^.]{1,200}, )?(?:EarlyView|Early View|Accepted Article|Ahead of Print)\.?"
    r"|(?:[^.]{1,200}, )?Volume [\w/-]{1,20}, Issue [^.]{1,80}\.?"
)
_SOURCE = re.compile(r"(.{1,200}?)(?:, Volume ([\w–-]{1,20}))?(?:, Issue ([\w–-]{1,20}))?(?:, .*)?")
