"""Two texts that were written from one, put together line by line. Pure text.

As `diff3 <https://www.cis.upenn.edu/~bcpierce/papers/diff3-short.pdf>`__ does it, but for what both
put in at the same place: that is kept from both, one after the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

MOST_LINES = 20_000
"""Lines beyond which it would take long: such texts are not merged."""


@dataclass(frozen=True, slots=True)
class _Change:
    """Lines `start` to `end` (exclusive) of the text before, and what stands there now."""

    start: int
    end: int
    lines: tuple[str, ...]


def merged(base: str, ours: str, theirs: str) -> str | None:
    """Return a text with the changes of both, or None where they changed the same lines."""
    before = _ended(base)
    mine, others = _ended(ours), _ended(theirs)
    if max(len(before), len(mine), len(others)) > MOST_LINES:
        return None
    changes = sorted(
        {*_changes(before, mine), *_changes(before, others)}, key=lambda c: (c.start, c.end)
    )
    own = set(_changes(before, mine))
    result: list[str] = []
    at = 0
    for change in _in_order(changes, own):
        if change.start < at:
            return None
        result += before[at : change.start]
        result += change.lines
        at = change.end
    return "".join([*result, *before[at:]])


def _ended(text: str) -> list[str]:
    """Return the lines of a text, the last one ended: else adding one would change the last."""
    return (text if not text or text.endswith("\n") else text + "\n").splitlines(keepends=True)


def _changes(before: Sequence[str], after: Sequence[str]) -> Iterator[_Change]:
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for kind, start, end, first, last in matcher.get_opcodes():
        if kind != "equal":
            yield _Change(start, end, tuple(after[first:last]))


def _in_order(changes: Sequence[_Change], own: set[_Change]) -> list[_Change]:
    """Sort changes by place; of two that put lines in at one place, ours comes first."""
    return sorted(changes, key=lambda change: (change.start, change.end, change not in own))
