r"""A .bib file cut into blocks whose texts, put together again, are the file.

BibTeX's own rule is simple: an entry goes from ``@type{`` to the brace that closes it, escaped
braces counted; all else is text. Real files break it: a brace too few swallows everything that
follows, one too many cuts an entry short. So an entry that is still open where a line begins with
another ``@type{key,`` ends there, and one that is closed in the middle of its fields goes on; both
are marked as broken, for `papertray.core.bibfields` to make the best of.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

Kind = Literal["entry", "string", "preamble", "comment", "text"]
"""What a block is; ``text`` stands for everything between the others."""

LONGEST = 2_000_000
"""Characters of the longest block. What is longer (a brace that nothing closes) is cut there."""


class Block(NamedTuple):
    """A piece of a file. `line` is where it begins, from 1; `body` where in `text` the part after
    the opening brace does. `is_broken` tells that its braces do not match; `is_cut` that it is not
    closed before the file ends."""

    kind: Kind
    text: str
    line: int
    body: int = 0
    is_broken: bool = False
    is_cut: bool = False


def braced(depth: int = 6) -> str:
    """Return a pattern for ``{…}`` with matching braces inside, up to `depth` deep."""
    pattern = r"\{[^{}]*+\}"
    for _ in range(depth):
        pattern = rf"\{{(?:[^{{}}]++|{pattern})*+\}}"
    return pattern


def blocks(pieces: Iterable[str]) -> Iterator[Block]:
    """Yield the blocks of a file that comes in `pieces` of any length, with ``\\n`` line ends.

    Holds no more than some times `LONGEST` characters; takes time linear in the file.
    """
    scanner = _Scanner(iter(pieces))
    while block := scanner.next():
        yield block


_BRACED = re.compile(braced())
_PARENTHESISED = re.compile(rf'\((?:[^{{}}()"]++|"(?:[^{{}}"]++|{braced(4)})*+"|{braced(4)})*+\)')
_BRACE = re.compile("[{}]")

# White space and comments may stand between the parts; all is bounded, so that no search is slow.
_GAP = r"(?:\s{1,100}|%[^\n]{0,200}\n){0,4}"
_START = re.compile(rf"(?<![\w.@\\])@{_GAP}([^\W\d_][\w-]{{0,50}}){_GAP}([{{(])")
_LONGEST_START = 2400
_KEY = r"[^,{}()\"=\n@%]{0,200}"
# What follows the brace of an entry: a key and a comma, or a field.
_OPENING = re.compile(r'\s{0,100}(?:[^,{}"=\n@]{0,250}\s{0,100},|[^\W\d_][\w:.+-]{0,50}\s{0,20}=)')
_NEXT = re.compile(
    rf"\n[ \t]{{0,80}}@[ \t]{{0,9}}[^\W\d_][\w-]{{0,50}}[ \t]{{0,9}}[{{(]"
    rf"(?:\s{{0,20}}{_KEY}\s{{0,20}},|\s{{0,20}}[^\W\d_][\w:.+-]{{0,50}}\s{{0,20}}=)"
    r"|\n[ \t]{0,80}@(?:comment|string|preamble)[ \t]{0,9}[{(]",
    re.IGNORECASE,
)
_GOES_ON = re.compile(r'[ \t}]{0,20},?\s{0,100}[^\W\d_][\w:.+-]{0,50}\s{0,20}=\s{0,20}[{"]')
_KINDS: dict[str, Kind] = {"string": "string", "preamble": "preamble", "comment": "comment"}


class _Scanner:
    def __init__(self, pieces: Iterator[str]) -> None:
        self._pieces = pieces
        self._buffer = ""
        self._at = 0  # what comes before has been given out
        self._line = 1
        self._ended = False

    def next(self) -> Block | None:
        """Return the next block, or None at the end."""
        search_from = self._at
        while True:
            found = _START.search(self._buffer, search_from)
            if found is None:
                if self._ended:
                    return self._take("text", len(self._buffer))
                rest = max(search_from, len(self._buffer) - _LONGEST_START)
                if rest - self._at > LONGEST:
                    return self._take("text", rest)
                search_from = self._refill(rest)
                continue
            # The rest of the opening has to be there to be looked at.
            if len(self._buffer) - found.end() < _LONGEST_START and not self._ended:
                search_from = self._refill(search_from)
                continue
            if not self._begins(found):
                search_from = found.start() + 1
                continue
            if found.start() > self._at:
                return self._take("text", found.start())
            return self._block(found)

    def _refill(self, position: int) -> int:
        """Read as much again as is there, and some; return where `position` lies now."""
        kept = self._buffer[self._at :]
        parts, size = [kept], 0
        while size <= len(kept):
            piece = next(self._pieces, None)
            if piece is None:
                self._ended = True
                break
            parts.append(piece)
            size += len(piece)
        position -= self._at
        self._buffer, self._at = "".join(parts), 0
        return position

    def _take(self, kind: Kind, end: int, body: int = 0, **state: bool) -> Block | None:
        if end == self._at:
            return None
        text = self._buffer[self._at : end]
        block = Block(kind, text, self._line, body, **state)
        self._line += text.count("\n")
        self._at = end
        return block

    def _begins(self, found: re.Match[str]) -> bool:
        """Tell whether an ``@type{`` begins a block: it may stand in a comment, or in prose."""
        text, start = self._buffer, found.start()
        line = text[max(self._at, start - 300) : start].rpartition("\n")[2]
        if "%" in line:
            return False
        at_line_start = not line.strip(" \t})")
        if found[1].lower() in _KINDS:
            return at_line_start
        if found[2] == "{":
            return at_line_start or _OPENING.match(text, found.end()) is not None
        return at_line_start and _OPENING.match(text, found.end()) is not None

    def _block(self, found: re.Match[str]) -> Block | None:
        """Return the block whose opening was `found` where the buffer's rest begins."""
        kind: Kind = _KINDS.get(found[1].lower(), "entry")
        body = found.end() - found.start()
        while True:
            text, opening = self._buffer, self._at + body - 1
            following = _NEXT.search(text, opening + 1)
            limit = following.start() + 1 if following else len(text)
            end = _closed(text, opening, limit)
            can_grow = following is None and not self._ended and limit - self._at <= LONGEST
            if end is None and can_grow:
                self._refill(self._at)
                continue
            if end is None:
                is_cut = following is None and self._ended
                end = min(limit, self._at + LONGEST)
                return self._take(kind, end, body, is_broken=True, is_cut=is_cut)
            if kind == "entry" and _GOES_ON.match(text, end, limit):
                if can_grow:
                    self._refill(self._at)
                    continue
                return self._take(kind, min(limit, self._at + LONGEST), body, is_broken=True)
            return self._take(kind, end, body)


def _closed(text: str, opening: int, limit: int) -> int | None:
    """Return where the block that opens at `opening` is closed, or None if not before `limit`."""
    if text[opening] == "(":
        found = _PARENTHESISED.match(text, opening, limit)
        return found.end() if found else None
    return closing(text, opening, limit)


def is_closed(block: Block) -> bool:
    """Tell whether the brace that opens a block of any kind but ``text`` is ever closed in it."""
    return _closed(block.text, block.body - 1, len(block.text)) is not None


def type_place(block: Block) -> tuple[int, int]:
    """Return where the type stands in the text of an entry: ``article`` of ``@article{``."""
    found = _START.match(block.text)
    return found.span(1) if found else (1, 1)


def closing(text: str, opening: int, limit: int) -> int | None:
    """Return the position after the brace that closes the one at `opening`, or None."""
    found = _BRACED.match(text, opening, limit)
    if found:
        return found.end()
    depth = 0
    for brace in _BRACE.finditer(text, opening, limit):
        depth += 1 if brace[0] == "{" else -1
        if depth == 0:
            return brace.end()
    return None
