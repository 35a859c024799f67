"""How many papers there are: in each pile, found by each saved search, decided today."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING

from textual.timer import Timer
from textual.worker import Worker

from papertray.core.clean import clean
from papertray.core.errors import PapertrayError
from papertray.core.piles import Pile
from papertray.store.papers import PaperCounts, View
from papertray.tui.arranging import TITLES
from papertray.tui.dispatch import Press
from papertray.tui.session import Session
from papertray.tui.widgets.line import Line

if TYPE_CHECKING:
    from papertray.store.saved_searches import SavedSearch
    from papertray.tui.screens.triage import TriageScreen

LOOK_AGAIN_AFTER = 0.5
"""Seconds after which it is read again what was decided today, where decisions came between."""

COUNT_AFTER = 0.3
"""Seconds after a decision before saved searches are counted anew: each takes tenths of a second
in a large tray, and the next decision comes soon."""


class Counting:
    """The counts of a screen: shown in its tabs, and in its status line while nothing is said."""

    def __init__(self, screen: TriageScreen, session: Session) -> None:
        self._screen = screen
        self._notebook = screen.notebook
        self._piles = PaperCounts(0, 0, 0, 0, 0)
        self._found: dict[str, int] = {}
        self._timer: Timer | None = None
        self._decisions = 0
        self.saved: list[SavedSearch] = []
        self.session = session

    def load(self, *, is_ours: bool = False) -> None:
        """Read how many papers each pile holds. `is_ours`: after a decision of this session."""
        before, self._piles = self._piles, self._notebook.papers.counts()
        self.session.left = self._piles.inbox
        if is_ours:
            moved = _moved(before, self._piles)
            self.session.decided(moved)
            self._decisions += 1
            if min(moved.values()) < 0:
                self.look()  # what was taken back may be of another day
        self.show()
        if self.saved:
            self._count_soon()

    # --- in a thread

    def look(self) -> None:
        """Read what was decided today and which searches are saved, in a thread."""
        _: Worker[None] = self._screen.run_worker(self._look, group="today", exclusive=True)

    async def _look(self) -> None:
        decisions = self._decisions
        try:
            today = await asyncio.to_thread(self._notebook.papers.decided_today)
            self.saved = await asyncio.to_thread(lambda: self._notebook.searches.all())
        except PapertrayError as error:
            self._screen.papertray.warn(str(error))
            return
        if decisions != self._decisions or not self._screen.papertray.writer.is_idle:
            # Some of these may be in what was read, and be counted here, too: once all is quiet.
            self._screen.set_timer(LOOK_AGAIN_AFTER, self.look)
            return
        self.session.counted({Pile(pile): count for pile, count in today.items()})
        self.show()
        self._screen.show_undo()
        if self.saved:
            await self._count()

    def _count_soon(self) -> None:
        if self._timer is not None:
            self._timer.stop()
        self._timer = self._screen.set_timer(COUNT_AFTER, self._begin_count)

    def _begin_count(self) -> None:
        _: Worker[None] = self._screen.run_worker(self._count, group="saved", exclusive=True)

    async def _count(self) -> None:
        """Count what the saved searches find, one after the other."""
        for search in list(self.saved):
            count = await asyncio.to_thread(self._count_one, search.query)
            if count is not None and self._found.get(search.query) != count:
                self._found[search.query] = count
                self.show()

    def _count_one(self, query: str) -> int | None:
        """Return how many papers a query finds; None where that cannot be told now."""
        from papertray.core.query_parser import parse

        try:
            total = self._notebook.search.totals(parse(query, typing=False))
        except PapertrayError:
            return None  # showing it tells what is wrong
        return None if total is None else sum(total.values())

    # --- on the screen

    def of(self, view: View) -> int:
        """Return how many papers a pile holds."""
        return self._piles.of(view)

    def show(self) -> None:
        """Show the piles with their counts, the saved searches, the search, and what goes on."""
        screen = self._screen
        shown, finding = screen.viewing.shown, screen.finding
        search = ""
        if finding.text:
            hits = finding.hits
            found = f"{len(screen.rows):,}" if hits and hits.is_complete else "many"
            search = f" /{clean(finding.path)} {found} "
        tabs: list[tuple[str, View | SavedSearch]] = [
            (f" {TITLES[view]} {self._piles.of(view):,} ", view) for view in View
        ]
        room = screen.size.width - len(screen.papertray.notice) - len(search) - 2
        room -= sum(len(text) for text, _ in tabs)
        for number, saved in enumerate(self.saved, 1):
            tab = self._tab(number, saved)
            room -= len(tab)
            if room < 0 and saved != shown.saved:
                break
            tabs.append((tab, saved))
        left = "".join(text for text, _ in tabs) + (f"|{search}" if search else "")
        here = shown.saved or shown.view
        strong = search or next((text for text, place in tabs if place == here), "")
        pieces = [(text, self._press(place)) for text, place in tabs]
        screen.query_one("#tabs", Line).show(
            left, screen.papertray.notice + " ", strong, pieces=pieces
        )

    def _press(self, place: View | SavedSearch) -> Press:
        """Return what shows a view."""
        if isinstance(place, View):
            return Press(f"view.{place}")
        return Press("view.saved", self.saved.index(place) + 1)

    def _tab(self, number: int, saved: SavedSearch) -> str:
        count = self._found.get(saved.query)
        edge = "|" if number == 1 else ""
        return f"{edge} {clean(saved.name)}{'' if count is None else f' {count:,}'} "


def _moved(before: PaperCounts, now: PaperCounts) -> Mapping[Pile, int]:
    """Return how many papers more lie in each pile than before; done ones lie in `read`."""
    return {
        Pile.READ: now.read + now.done - before.read - before.done,
        Pile.STARRED: now.starred - before.starred,
        Pile.SKIP: now.skip - before.skip,
    }
