"""`n` and `N`: to the next hit of a search, else to the next paper that is not decided."""

from __future__ import annotations

import asyncio
from array import array
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from papertray.core.piles import Pile
from papertray.store.papers import View

if TYPE_CHECKING:
    from papertray.tui.screens.triage import TriageScreen

AT_ONCE = 500
"""Papers of which it is asked at once whether they are decided."""


def next_hit(screen: TriageScreen, steps: int) -> None:
    """Go on by some hits, or back; where all papers are undecided, each is one."""
    papers, number = screen.paper_list, len(screen.rows)
    if not number:
        screen.say("no paper here")
    elif screen.finding.text or screen.viewing.view is View.INBOX:
        index = papers.index + steps
        papers.move_to(index % number)
        _say_wrapped(screen, index, number)
    elif not papers.shows_piles:
        screen.say("all of these are decided")
    else:
        screen.run_worker(_next_undecided(screen, steps), group="next", exclusive=True)


async def _next_undecided(screen: TriageScreen, steps: int) -> None:
    ids, begin = screen.ids, screen.paper_list.index
    piles = screen.notebook.search.piles_of
    found = await asyncio.to_thread(undecided, ids, begin, steps, piles)
    if screen.ids is not ids:
        return  # the list is another one by now
    if found is None:
        screen.say("all of these are decided")
    else:
        screen.paper_list.move_to(found % len(ids))
        _say_wrapped(screen, found, len(ids))


def _say_wrapped(screen: TriageScreen, index: int, number: int) -> None:
    screen.say("from the top again" if index >= number else "from the end" if index < 0 else "")


def undecided(
    ids: array[int],
    begin: int,
    steps: int,
    piles_of: Callable[[Sequence[int]], dict[int, Pile]],
) -> int | None:
    """Return the position of the undecided paper some steps from `begin`, None without any.

    Negative steps go back. A position below 0, or beyond the last, is one on the other side.
    """
    number, left = len(ids), abs(steps)
    found = None
    places = range(1, number + 1)
    for at in range(0, number, AT_ONCE):
        some = [begin + (place if steps > 0 else -place) for place in places[at : at + AT_ONCE]]
        piles = piles_of([ids[place % number] for place in some])
        for place in some:
            if piles.get(ids[place % number]) is Pile.INBOX:
                found, left = place, left - 1
                if not left:
                    return found
    return found
