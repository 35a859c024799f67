"""What a note keeps to itself: sections headed ``private`` and text between ``%%`` and ``%%``.

A section reaches from its heading (of any level, in any case) to the next heading of the same or a
higher level. In fenced code both are literal, as is ``%%`` in a code span. In doubt more is
removed: a ``%%`` without its mate hides the rest of the note.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from papertray.core.model import Note
from papertray.core.segments import many_lines

if TYPE_CHECKING:
    from markdown_it import MarkdownIt


def visible_notes(notes: Iterable[Note], *, private: bool) -> Iterator[tuple[str, str]]:
    """Yield title and body of each note as an export may show it; what is left empty is skipped.

    Control characters are gone from bodies. With `private`, nothing is held back; without it, a
    note that is itself titled ``private`` is held back whole.
    """
    for note in notes:
        body = many_lines(note.body)
        if not private:
            if _is_private(note.title):
                continue
            body = without_private(body)
        if body.strip():
            yield note.title, body


def without_private(body: str) -> str:
    """Return the Markdown text `body` without what it marks as private."""
    if "%%" in body:
        body = _without_comments(body)
    if "private" in body.casefold():
        body = _without_sections(body)
    return body


def _without_comments(body: str) -> str:
    lines = body.split("\n")
    fenced = _fenced_lines(body)
    kept: list[str] = []
    hidden = False
    for number, line in enumerate(lines):
        if number in fenced:
            if not hidden:
                kept.append(line)
            continue
        was_hidden = hidden
        shown: list[str] = []
        place = 0
        while match := (_HIDDEN_END if hidden else _COMMENT_OR_CODE).search(line, place):
            if not hidden:
                end = match.start() if match[0] == "%%" else match.end()
                shown.append(line[place:end])
            if match[0] == "%%":
                hidden = not hidden
            place = match.end()
        if not hidden:
            shown.append(line[place:])
        rest = "".join(shown)
        # A line that held nothing but a comment goes; an empty line of the text stays.
        if rest.strip() or not (was_hidden or "%%" in line):
            kept.append(rest)
    return "\n".join(kept)


def _without_sections(body: str) -> str:
    lines = body.split("\n")
    tokens = _parser().parse(_without_open_fence(body))
    hidden: set[int] = set()
    until: tuple[int, int] | None = None  # rank and depth of the private heading we are under
    start = 0
    for token, following in pairwise(tokens):
        if token.type != "heading_open" or token.map is None:
            continue
        rank = int(token.tag[1])
        if until is not None and rank <= until[0] and token.level <= until[1]:
            hidden.update(range(start, token.map[0]))
            until = None
        if until is None and _is_private(following.content):
            until, start = (rank, token.level), token.map[0]
    if until is not None:
        hidden.update(range(start, len(lines)))
    return "\n".join(line for number, line in enumerate(lines) if number not in hidden)


def _is_private(heading: str) -> bool:
    # "Private notes" means it as well; what it does not mean is better asked for than given away.
    return re.match(r"private\b", heading.strip("*_: \t").casefold()) is not None


def _without_open_fence(body: str) -> str:
    """Return `body`, line for line, without the opening of code that never ends.

    To Markdown all that follows is code, but a slip of the pen must not give away what is private.
    """
    lines = body.split("\n")
    for fence in _parser().parse(body):
        if fence.type != "fence" or fence.map is None:
            continue
        first, end = fence.map
        last = lines[end - 1].lstrip("> \t").rstrip()
        if end - 1 == first or not last or last.strip(fence.markup[0]):
            lines[first] = ""
            return _without_open_fence("\n".join(lines))
    return body


def _fenced_lines(body: str) -> set[int]:
    fences = (
        t
        for t in _parser().parse(_without_open_fence(body))
        if t.type == "fence" and t.map is not None
    )
    return {number for fence in fences for number in range(*(fence.map or (0, 0)))}


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    # Most notes mark nothing as private: those must not pay for the import.
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark")


_HIDDEN_END = re.compile("%%")
_COMMENT_OR_CODE = re.compile(r"%%|(`+)(?!`).*?(?<!`)\1(?!`)")
