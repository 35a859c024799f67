"""The views of the papers: piles and saved searches, their order, and where one was in each."""

from __future__ import annotations

import asyncio
from array import array
from collections.abc import Callable, Sequence
from dataclasses import replace
from threading import Event
from typing import TYPE_CHECKING

from textual.worker import Worker

from papertray.core.clean import clean
from papertray.core.clock import instant
from papertray.core.errors import PapertrayError
from papertray.core.piles import Pile
from papertray.store.papers import View
from papertray.store.views import Arrangement, Grouping, Listed
from papertray.tui.arranging import (
    Shown,
    group_of,
    grouping_of,
    heading,
    rule,
    sort_of,
    stopped,
)
from papertray.tui.dispatch import Press
from papertray.tui.marks import Marks
from papertray.tui.screens.counting import Counting

if TYPE_CHECKING:
    from papertray.store.saved_searches import SavedSearch
    from papertray.store.search_order import Sort
    from papertray.tui.screens.triage import TriageScreen
    from papertray.tui.session import Session

FIRST_PAGE = 200
"""Ids loaded before the first paint; the rest follows from a thread."""

EMPTY_AFTER = 0.1
"""Seconds for which the list before is still seen while another view is being read."""

TELL_AFTER = 0.5
"""Seconds after which it is told that a list is being read."""


class Viewing:
    """Which papers a screen lists: those of `shown`, until a search shows its hits."""

    def __init__(self, screen: TriageScreen, session: Session) -> None:
        self._screen = screen
        self._notebook = screen.notebook
        self._rows = screen.rows
        self._generation = 0
        self._stop = Event()
        self._is_whole = True
        self._places: dict[View | int, int] = {}
        self._stopped = ""
        self._stopped_in: tuple[View | int, int] | None = None
        self.shown = Shown()
        self._arrangement = self.shown.arrangement
        self.counting = Counting(screen, session)

    # --- what is shown

    @property
    def view(self) -> View | None:
        """The pile that is shown, or was before a search; None for a saved search."""
        return self.shown.view

    @property
    def title(self) -> str:
        """What the list shows, in words."""
        text = self._screen.finding.text
        return f"“{text}”" if text else self.shown.title

    @property
    def is_of_hits(self) -> bool:
        """Whether the list shows what a search found, saved or not: decided papers stay in it."""
        return bool(self._screen.finding.text) or self.shown.saved is not None

    @property
    def is_whole(self) -> bool:
        """Whether all papers of the list are in it by now."""
        return self._is_whole or bool(self._screen.finding.text)

    @property
    def can_put_back(self) -> bool:
        """Whether `RowWindow.put_back` knows where a paper belongs; otherwise `reload` does."""
        return self.shown.arrangement.is_by_added and not self.is_of_hits

    # --- choosing

    def begin(self) -> None:
        """Show what was shown when the screen was left, as the tray is now."""
        self._screen.paper_list.heading = self._heading
        self.counting.load()
        remembered = self._screen.papertray.memory.now
        papers = self._notebook.papers
        self._arrangement = Arrangement(
            sort_of(remembered.sort),
            grouping_of(remembered.group, self._screen.app.size.height),
            papers.zone,
        )
        shown = Shown()
        if remembered.is_saved:
            named = (one for one in self._notebook.searches.all() if one.name == remembered.view)
            shown = replace(shown, saved=next(named, None))
        elif remembered.view in list(View):
            shown = replace(shown, view=View(remembered.view))
        if shown.saved is not None:
            shown = replace(shown, view=None)
        if remembered.paper_id:
            self._places[shown.place] = remembered.paper_id
            self._stopped = stopped(remembered.left, papers.now, papers.zone)
            self._stopped_in = (shown.place, remembered.paper_id)
        self._open(shown)
        self._screen.call_after_refresh(self._go_on)

    def _go_on(self) -> None:
        """Do after the first paint what can wait until then."""
        remembered, screen = self._screen.papertray.memory.now, self._screen
        self.counting.look()
        if screen.session.time_left is not None:
            from papertray.tui.screens.checkpoint import watch_budget

            watch_budget(screen)
        if remembered.search and not screen.finding.text:
            within = self.shown.query if remembered.is_narrowed else ""
            screen.finding.show(remembered.search, within=within)
        if remembered.is_card:
            screen.reading.set_card(True)

    def remember(self) -> None:
        """Remember what is shown for the next start."""
        finding = self._screen.finding
        self._screen.papertray.memory.change(
            view=self.shown.saved.name if self.shown.saved else str(self.shown.view),
            is_saved=self.shown.saved is not None,
            search=finding.text,
            is_narrowed=finding.is_narrowed,
            paper_id=self._screen.paper_id or 0,
            is_card=self._screen.reading.is_card,
            left=instant(self._notebook.papers.now),
        )

    def show(self, view: View | None = None, *, wanted: int | None = None) -> None:
        """Show a pile, or anew what is shown: the cursor where it was there.

        If the paper `wanted` lies in it, the cursor goes there.
        """
        shown = self.shown
        if view is not None:
            shown = replace(shown, view=view, saved=None)
        self._open(shown, wanted=wanted)

    def show_saved(self, press: Press) -> None:
        """Show the saved search whose number is the key's last digit, or the count."""
        last = press.chord[-1:]
        number = int(last) if last.isdigit() else press.times
        saved = self._notebook.searches.all()
        if number <= len(saved):
            self.show_search(saved[number - 1])
        elif not saved:
            self._screen.say("no search is saved yet: search with /, then save it")
        else:
            self._screen.say(f"there is no saved search {number}, only {len(saved)}")

    def show_search(self, search: SavedSearch) -> None:
        """Show what a saved search finds."""
        self._open(replace(self.shown, view=None, saved=search))

    def turn(self, step: int) -> None:
        """Go some views on, or back: through the piles, then the saved searches."""
        saved = self._notebook.searches.all()
        here = self.shown.saved or self.shown.view
        places: list[View | SavedSearch] = [*View, *saved]
        at = places.index(here) if here in places else 0
        place = places[(at + step) % len(places)]
        if isinstance(place, View):
            self.show(place)
        else:
            self.show_search(place)

    def arrange(self, *, sort: Sort | None = None, grouping: Grouping | None = None) -> None:
        """Show all views in another order, from its beginning, or in other groups."""
        before = self._arrangement
        self._arrangement = replace(
            before, sort=sort or before.sort, grouping=grouping or before.grouping
        )
        self._screen.papertray.memory.change(
            sort=str(self._arrangement.sort), group=str(self._arrangement.grouping)
        )
        shown = replace(self.shown, arrangement=self._arrangement)
        self._load(shown, is_from_top=sort is not None)

    # --- listing

    def _open(self, shown: Shown, *, wanted: int | None = None) -> None:
        screen = self._screen
        if not screen.finding.text:
            self.remember_place()
        screen.finding.forget()
        # What was chosen last, also where the list before did not come to stand so.
        shown = self.shown = replace(shown, arrangement=self._arrangement)
        place = self._places.get(shown.place)
        if wanted is not None and (shown.view is None or self._lies_in(shown.view, wanted)):
            place = wanted
        screen.paper_list.shows_piles = shown.saved is not None
        if shown.saved is not None:
            from papertray.tui.highlights import highlights_of

            screen.paper_list.highlights = highlights_of(shown.saved.query)
        screen.paper_list.rows_changed()
        if shown.view is not None and shown.arrangement.is_by_added:
            self._show_page(shown, shown.view, place)
        else:
            self._show_nothing()
        self.counting.show()
        if not self._is_whole:
            self._load(shown, wanted=place, is_from_top=not self._rows)

    def _show_page(self, shown: Shown, view: View, place: int | None) -> None:
        """Show the page of a pile on which a paper lies, or would lie; the first one without."""
        papers = self._notebook.papers
        page = papers.first_page(view, shown.arrangement, FIRST_PAGE)
        self._is_whole = len(page.ids) < FIRST_PAGE
        index = page.ids.index(place) if place is not None and place in page.ids else None
        if place is not None and index is None:
            around, index = papers.page_around(view, place, FIRST_PAGE // 2, shown.arrangement)
            if index == FIRST_PAGE // 2:
                page = around
        self._put(page)
        self._screen.paper_list.view_changed(index=index or 0, keep_scroll=False)

    def _show_nothing(self) -> None:
        """Have no papers until they are read, or a key would decide about those of another view.

        What is seen stays for a moment: most lists are there by then.
        """
        self._is_whole = False
        self._rows.replace(array("q"))
        self._screen.paper_list.index = 0
        generation = self._generation + 1

        def empty() -> None:
            if generation == self._generation and not self._is_whole:
                self._screen.paper_list.view_changed(index=0, keep_scroll=False)

        self._screen.set_timer(EMPTY_AFTER, empty)

    def _lies_in(self, view: View, paper_id: int) -> bool:
        row = self._notebook.papers.rows([paper_id]).get(paper_id)
        if row is None or row.pile is not Pile.READ:
            return row is not None and view.value == row.pile.value
        return view is (View.DONE if row.is_done else View.READ)

    def reload(self, *, wanted: int | None = None, first_of: Sequence[int] = ()) -> None:
        """Read the view anew in a thread, then show it around the cursor's paper.

        The cursor goes to the paper `wanted`, where it is among them, or to the `first_of` some.
        """
        self._load(self.shown, wanted=wanted, first_of=first_of)

    def _load(
        self,
        shown: Shown,
        *,
        wanted: int | None = None,
        first_of: Sequence[int] = (),
        is_from_top: bool = False,
    ) -> None:
        """Read all papers of `shown`, then show them; until then the list stays as it is."""
        self._generation += 1
        self._stop.set()
        generation, stop = self._generation, Event()
        self._stop = stop
        screen = self._screen
        self._rows.moved.clear()

        async def load() -> None:
            timer = screen.set_timer(TELL_AFTER, lambda: tell("sorting …"))
            try:
                listed = await asyncio.to_thread(self._read, shown, stop.is_set)
            except PapertrayError as error:
                screen.papertray.warn(str(error))
                return
            finally:
                stop.set()
                timer.stop()
                tell("")
            chosen = wanted
            if listed is not None and first_of:
                here = await asyncio.to_thread(Marks(first_of).among, listed.ids)
                chosen = next(iter(here), wanted)
            if listed is not None and generation == self._generation and not screen.finding.text:
                self._list(shown, listed, chosen, is_from_top=is_from_top)

        def tell(text: str) -> None:
            if generation == self._generation:
                screen.papertray.show_notice("list", text)

        # As a function: a coroutine whose worker is replaced at once would never be awaited.
        _: Worker[None] = screen.run_worker(load, group="ids", exclusive=True)

    def _read(self, shown: Shown, is_stopped: Callable[[], bool]) -> Listed | None:
        papers = self._notebook.papers
        if shown.saved is None:
            return papers.listed(shown.view or View.INBOX, shown.arrangement, is_stopped)
        found = self._notebook.search.search(shown.saved.query, sort=shown.arrangement.sort)
        return papers.arranged(found.ids, shown.arrangement, is_stopped)

    def _list(self, shown: Shown, listed: Listed, wanted: int | None, *, is_from_top: bool) -> None:
        """Show what was read, with the cursor on `wanted` or else the paper where it was."""
        papers = self._screen.paper_list
        self.shown, self._is_whole = shown, True
        line, here = papers.cursor_line, papers.paper_id
        changed = dict(self._rows.moved)
        self._put(listed)
        self._follow(changed)
        for paper_id in (wanted, None if is_from_top else here):
            index = None
            if paper_id is not None:
                index = self._rows.position(paper_id, near=papers.index)
            if index is not None:
                break
        if index is None and is_from_top:
            index = 0
        keeps_line = not is_from_top and index is not None and wanted in (None, here)
        papers.view_changed(
            index=index, keep_scroll=not is_from_top, keep_line=keeps_line, line=line
        )
        self.counting.show()

    def _put(self, listed: Listed) -> None:
        """Have the window show papers with their headings: a lone group needs none."""
        arrangement = self.shown.arrangement
        headings = self._rows.headings
        if headings.stop is not None and self._stopped_in is not None and self._rows:
            self._stopped_in = (self._stopped_in[0], self._rows.ids[headings.stop])
        self._rows.group_of = group_of(arrangement)
        is_alone = len(listed.starts) < 2 and len(listed.ids) < FIRST_PAGE
        self._rows.replace(listed.ids, () if is_alone else listed.starts)
        if self._stopped and self._stopped_in and self._stopped_in[0] == self.shown.place:
            self._rows.headings.stop = self._rows.position(self._stopped_in[1])

    def _follow(self, changed: dict[int, bool]) -> None:
        """Do to what was read what was done to the list meanwhile: the reader may not have seen."""
        for paper_id, is_in in changed.items():
            index = self._rows.position(paper_id)
            if index is not None and not is_in:
                self._rows.take_out(index)
            elif index is None and is_in and self.can_put_back:
                self._rows.put_back(paper_id)

    def _heading(self, index: int, width: int) -> str:
        """Return what stands above a row: which group begins, or when one stopped there."""
        headings, row = self._rows.headings, self._rows.row(index)
        said = ""
        if row is not None and headings.is_group(index):
            count: int | None = headings.size_of(index, len(self._rows))
            if not self._is_whole and index + (count or 0) == len(self._rows):
                count = None  # the group goes on beyond what was read so far
            grouping, today = self.shown.arrangement.grouping, self._notebook.papers.today
            said = clean(heading(self._rows.group_of(row), grouping, count, today))
        return rule(said, self._stopped if index == headings.stop else "", width)

    # --- counts and tabs

    def load_counts(self, *, is_ours: bool = False) -> None:
        """Show how many papers there are now. `is_ours`: after a decision of this session."""
        self.counting.load(is_ours=is_ours)

    # --- what others do

    def reload_all(self, message: str) -> None:
        """Show the view anew after papers came in."""
        self._rows.forget_all()
        self.load_counts()
        self.counting.look()
        if not self._screen.finding.text:
            self.show()
        self._screen.say(message)
        self._screen.reading.show()

    def show_hits(self, ids: array[int], index: int = 0) -> None:
        """Show what a search found in place of the view, with the cursor on the line `index`."""
        self._screen.paper_list.shows_piles = True
        self._screen.paper_list.rows_changed()
        self._rows.replace(ids)
        self._screen.paper_list.view_changed(index=index, keep_scroll=False)
        self.counting.show()

    def remember_place(self) -> None:
        """Remember the cursor's paper for the next time this view is shown."""
        if self._screen.paper_list.paper_id is not None:
            self._places[self.shown.place] = self._screen.paper_list.paper_id
