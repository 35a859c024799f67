"""Links between notes: ``[[citekey]]`` and ``[[title of a note]]``. Pure text.

The syntax is that of wikis as Obsidian and others read it: the name ends at a ``|``, behind which
stands what is shown instead. What stands in code is no link.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

LONGEST = 200
"""Characters a name in brackets may have: beyond that it is text that happens to have brackets."""

_LINK = re.compile(rf"\[\[([^\[\]|\n]{{1,{LONGEST}}})(?:\|[^\[\]\n]{{0,{LONGEST}}})?\]\]")
_BEGUN = re.compile(rf"\[\[([^\[\]|\n]{{0,{LONGEST}}})$")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_CODE = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)")


@dataclass(frozen=True, slots=True)
class Wikilink:
    """The characters `start` to `end` (exclusive) of a text, and the name they link to."""

    start: int
    end: int
    name: str


def wikilinks(text: str) -> list[Wikilink]:
    """Return the links of a note, in its order."""
    found = []
    for start, line in prose_lines(text):
        if "[[" not in line:
            continue
        code = [each.span() for each in _CODE.finditer(line)]
        for match in _LINK.finditer(line):
            is_code = any(begin <= match.start() < end for begin, end in code)
            if match[1].strip() and not is_code:
                place = start + match.start()
                found.append(Wikilink(place, start + match.end(), match[1].strip()))
    return found


def begun_name(line: str) -> str | None:
    """Return what stands behind the ``[[`` that a line ends in, None where it ends in no link.

    For completion: `line` is the text of the line before the cursor.
    """
    found = _BEGUN.search(line)
    return None if found is None else found[1]


def is_linkable(name: str) -> bool:
    """Return whether a link can say a name: it fits between the brackets."""
    return bool(name.strip()) and _LINK.fullmatch(f"[[{name}]]") is not None and "|" not in name


def folded_name(name: str) -> str:
    """Return a name as two names are compared: without case, blanks as one."""
    return " ".join(name.split()).casefold()


def prose_lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield the place of each line in a text, and the line without its end; no fenced code.

    A fence is closed by one of the same sign that is at least as long, or by the end (CommonMark
    0.31, 4.5).
    """
    fence = ""
    place = 0
    for line in text.split("\n"):
        mark = _FENCE.match(line)
        if fence:
            if mark and mark[1].startswith(fence) and not line[mark.end() :].strip():
                fence = ""
        elif mark and not ("`" in mark[1] and "`" in line[mark.end() :]):
            fence = mark[1]
        else:
            yield place, line.rstrip("\r")
        place += len(line) + 1
