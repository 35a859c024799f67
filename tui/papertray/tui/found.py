"""What a search found, and how it is told. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from papertray.core.counting import counted

if TYPE_CHECKING:
    from papertray.core.piles import Pile
    from papertray.store.search import Hits


HINTS = 'author:… tag:… year:2020.. pile:skip "phrase" -word   Tab completes  ^P earlier'
"""What can be typed, in as many cells as the narrowest usual terminal has."""


@dataclass(frozen=True, slots=True)
class Found:
    """A search whose hits are listed: its text, the query it stayed within, and the cursor."""

    text: str
    within: str
    hits: Hits
    paper_id: int | None = None


def moved(
    total: Mapping[Pile, int], before: Mapping[Pile, int], now: Mapping[Pile, int]
) -> dict[Pile, int]:
    """Return the counts by pile after some of the papers went from where they were `before`."""
    piles = dict.fromkeys((*total, *now))
    counts = {pile: total.get(pile, 0) - before.get(pile, 0) + now.get(pile, 0) for pile in piles}
    return {pile: count for pile, count in counts.items() if count > 0}


def summary(hits: Hits) -> str:
    """Return what a search found, in words: ``41 hits: 33 skip, 6 read, 2 starred; 3 notes``.

    What of the query was not understood comes first, what the user should know besides last.
    """
    if hits.total is None:
        said = f"more than {len(hits.ids):,} hits"
    else:
        count = sum(hits.total.values())
        where = ", ".join(f"{number:,} {pile}" for pile, number in hits.total.items() if number)
        said = counted(count, "hit") + (f": {where}" if where else "")
    if hits.notes:
        said += f"; {counted(len(hits.notes), 'note')}"
    said = " ".join((*hits.remarks, said))
    return f"{said}. {hits.notice}" if hits.notice else said
