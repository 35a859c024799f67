"""Which papers are marked: one byte a paper. Pure, without Textual."""

from __future__ import annotations

from array import array
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import compress, pairwise, repeat
from typing import TypeVar

Found = TypeVar("Found")

_INVERSE = bytes([1, 0]) + bytes(254)


class Marks:
    """A set of papers, as a byte for each id up to the largest one marked.

    Made for drawing (is this one marked?) and for many at once: marking a million papers, or
    choosing them from a list, are single passes in C.
    """

    def __init__(self, paper_ids: Sequence[int] = ()) -> None:
        self._mask = bytearray()
        self.add(paper_ids)

    def __contains__(self, paper_id: int) -> bool:
        """Return whether a paper is marked."""
        return paper_id < len(self._mask) and bool(self._mask[paper_id])

    def __len__(self) -> int:
        """Return how many papers are marked, in lists or not."""
        return self._mask.count(1)

    def add(self, paper_ids: Sequence[int]) -> None:
        """Mark papers."""
        self._reading(
            paper_ids, lambda mask: deque(map(mask.__setitem__, paper_ids, repeat(1)), maxlen=0)
        )

    def remove(self, paper_ids: Sequence[int]) -> None:
        """Mark papers no longer; they need not be marked."""
        for paper_id in self.among(paper_ids):
            self._mask[paper_id] = 0

    def toggle(self, paper_id: int) -> None:
        """Mark a paper, or mark it no longer."""
        if paper_id in self:
            self._mask[paper_id] = 0
        else:
            self.add([paper_id])

    def clear(self) -> None:
        """Mark none."""
        self._mask = bytearray()

    def among(self, paper_ids: Sequence[int]) -> array[int]:
        """Return those of some papers that are marked, in their order."""
        return self._reading(
            paper_ids,
            lambda mask: array("q", compress(paper_ids, map(mask.__getitem__, paper_ids))),
        )

    def without(self, paper_ids: Sequence[int]) -> array[int]:
        """Return those of some papers that are not marked, in their order."""

        def unmarked(mask: bytearray) -> array[int]:
            inverse = mask.translate(_INVERSE)
            return array("q", compress(paper_ids, map(inverse.__getitem__, paper_ids)))

        return self._reading(paper_ids, unmarked)

    def number(self, paper_ids: Sequence[int]) -> int:
        """Return how many of some papers are marked."""
        return self._reading(paper_ids, lambda mask: sum(map(mask.__getitem__, paper_ids)))

    def _reading(self, paper_ids: Sequence[int], look: Callable[[bytearray], Found]) -> Found:
        """Return what `look` finds in the bytes, once there is one for each of the papers."""
        try:
            return look(self._mask)
        except IndexError:
            # Only now: looking for the largest id takes as long as all the rest.
            self._mask.extend(bytes(max(paper_ids) + 1 - len(self._mask)))
            return look(self._mask)


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of a list once papers are taken out of it.

    `starts` are the positions at which its groups begin. `index` is where the cursor goes: to the
    paper under it, else to the next that is left. `stop` is where the line is that says where one
    stopped, None without one.
    """

    ids: array[int]
    starts: array[int]
    index: int
    stop: int | None


def take_out(
    paper_ids: Sequence[int],
    ids: array[int],
    starts: Sequence[int],
    index: int,
    stop: int | None = None,
) -> Left:
    """Return what is left of the list `ids` without `paper_ids`, in one pass.

    `starts` are the positions in `ids` at which groups begin, ascending, none where there are no
    groups; `index` is the cursor's position, `stop` that of the line where one stopped.
    """
    marks = Marks(paper_ids)
    left, begins = array("q"), array("q")
    for start, end in pairwise((*(starts or (0,)), len(ids))):
        kept = marks.without(ids[start:end])
        if starts and kept:
            begins.append(len(left))
        left.extend(kept)

    def moved(position: int) -> int:
        return position - marks.number(ids[:position])

    return Left(left, begins, moved(index), None if stop is None else moved(stop))
