"""Searching on the screen: the box, what was found, and the way back."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar

from textual import events
from textual.worker import Worker

from papertray.core.clean import clean
from papertray.core.errors import PapertrayError
from papertray.tui.found import HINTS, Found, moved, summary
from papertray.tui.widgets.line import Line

if TYPE_CHECKING:
    from papertray.core.piles import Pile
    from papertray.store.search import Hits
    from papertray.tui.highlights import Highlights
    from papertray.tui.screens.triage import TriageScreen
    from papertray.tui.widgets.answer_line import AnswerLine

Answer = TypeVar("Answer")

SEARCH_AFTER = 0.03
"""Seconds after the last letter before a search begins."""

QUICK = 0.08
"""Seconds between two letters of somebody who types so fast that hits would come between them."""

SEARCH_AFTER_QUICK = 0.055
"""Seconds after the last of such letters before a search begins: what draws hits delays echoes."""

COUNT_AFTER = 0.25
"""Seconds after a search before all its hits are counted: that would slow the next search down."""

MOST_HITS = 500
"""Hits a search shows; the count says how many there are."""


class Finding:
    """The search of a screen. `text` is what the list shows the hits of; empty: a view.

    A search may narrow a view, or the hits of another search: each is a step back then.
    """

    def __init__(self, screen: TriageScreen) -> None:
        self._screen = screen
        self._box: AnswerLine | None = None
        self._within = ""
        self._found: Found | None = None
        self._below: tuple[Found, ...] = ()
        self._offer = ""
        self._sought: str | None = None
        self._typed_at = self._search_at = 0.0
        self._is_searching = False
        # Each keeps what conditions left, or the piles of all papers, for the next time; and no
        # search waits for the counting of the one before.
        self._searcher = ThreadPoolExecutor(1, "papertray-search")
        self._counter = ThreadPoolExecutor(1, "papertray-count")
        self._anchor: int | None = None
        self._piles: Mapping[Pile, int] = {}
        self.highlights: Highlights | None = None

    # --- what is searched for

    @property
    def text(self) -> str:
        """What the list shows the hits of, as it was typed; empty: it shows a view."""
        return self._found.text if self._found is not None else ""

    @property
    def hits(self) -> Hits | None:
        """What was found, None without a search."""
        return self._found.hits if self._found is not None else None

    @property
    def is_narrowed(self) -> bool:
        """Whether the search stays within a view or another search."""
        return bool(self._within)

    @property
    def path(self) -> str:
        """What is searched for, after what it narrows: ``masked \\ bert``."""
        texts = [found.text for found in self._below]
        return " \\ ".join(texts if self._is_base else [*texts, self.text])

    @property
    def _is_base(self) -> bool:
        """Whether what is listed is what the box, still empty, is going to narrow."""
        return bool(self._below) and self._found is self._below[-1]

    @property
    def summary(self) -> str:
        """What the search found, in words; empty without a search."""
        return summary(self._found.hits) if self._found is not None else ""

    # --- the box

    @property
    def is_typing(self) -> bool:
        """Whether the box is open."""
        return self._box is not None and self._screen.has_class("searching")

    def open(self) -> None:
        """Open the box for a search in the whole tray, or to go on with the one there is."""
        if self._within:
            self._drop()
            self._screen.viewing.show()
        self._open_box()

    def narrow(self) -> None:
        """Open the box for a search within what is listed now: a view, or the hits of a search."""
        if self._found is not None:
            here = replace(self._found, paper_id=self._screen.paper_id)
            self._found = here
            self._below = (*self._below, here)
            self._within = str(here.hits.query)
        else:
            self._within = self._screen.viewing.shown.query
        self._open_box("")

    def _open_box(self, text: str | None = None) -> None:
        history = self._screen.papertray.memory.now.searches
        if self._box is None:
            # Made when first needed: importing it takes as long as drawing the list.
            from papertray.tui.widgets.answer_line import AnswerLine

            self._box = AnswerLine(
                id="search",
                complete=self._complete,
                arrows_are_history=False,
            )
            self._line = Line(id="found")
            self._screen.mount_all([self._box, self._line], after="#status")
        self._box.ask(history)
        if text is not None:
            self._put_into_box(text)
        self._offer = ""
        self._anchor = self._screen.paper_id
        self._screen.add_class("searching")
        self._show_line()
        self._box.focus()

    def _put_into_box(self, text: str) -> None:
        if self._box is not None:
            with self._box.prevent(type(self._box).Changed):
                self._box.value = text
            self._box.cursor_position = len(text)

    def show(self, text: str, *, within: str = "") -> None:
        """Show what a text finds in the whole tray, or `within` a query, as if it were typed."""
        self._drop()
        self._within = within
        self._open_box(text)
        self._leave_box()
        self.typed(text)

    def key(self, event: events.Key) -> None:
        """Take a key that the box did not want."""
        papers = self._screen.paper_list
        moves = {"down": 1, "up": -1, "pagedown": papers.page, "pageup": -papers.page}
        if event.key == "escape":
            self._leave_box()
        elif event.key == "enter":
            if self._box is not None and self._box.value.strip():
                self._screen.papertray.memory.typed("searches", self._box.value.strip())
            self._leave_box()
        elif event.key in moves:
            papers.move_by(moves[event.key])
            self._anchor = papers.paper_id
        elif event.key == "ctrl+s":
            self.save()
        elif self._box is None or not self._box.take(event):
            return
        event.stop()
        event.prevent_default()

    def _leave_box(self) -> None:
        self._screen.remove_class("searching")
        self._screen.paper_list.focus()
        if self._is_base and not self._sought:
            self._pop()  # narrowed by nothing
        self._screen.show_undo()

    def _complete(self, line: str, cursor: int) -> tuple[int, Sequence[str]]:
        from papertray.core.query_parser import FIELDS
        from papertray.store.completion import beginning_of_word

        start = beginning_of_word(line, cursor)
        if start == cursor:
            return start, [f"{field}:" for field in FIELDS]
        try:
            return start, self._screen.notebook.search.completions(line, cursor)
        except PapertrayError:
            return start, ()

    def offered(self, words: Sequence[str], chosen: int | None) -> None:
        """Show what Tab may complete the word to."""
        shown = (f"[{word}]" if at == chosen else word for at, word in enumerate(words))
        self._offer = clean("  ".join(shown))
        self._show_line()

    def _show_line(self) -> None:
        """Show below the box what was found, or what can be typed."""
        if self._box is None:
            return
        said = clean(self.summary) if self._box.value.strip() else HINTS
        count, _, _ = said.partition(":") if self._offer and said is not HINTS else ("", "", "")
        self._line.show(f" {self._offer or said}", f"  {count} " if count else "")

    # --- searching

    def typed(self, value: str) -> None:
        """Search for what stands in the box, a moment after the last letter."""
        text, now = value.strip(), monotonic()
        is_quick = now - self._typed_at < QUICK
        self._sought, self._typed_at = text, now
        self._search_at = now + (SEARCH_AFTER_QUICK if is_quick else SEARCH_AFTER)
        self._stop_counting()
        if not text:
            self._show_base()
        elif not self._is_searching and (text != self.text or self._is_base):
            self._is_searching = True
            _: Worker[None] = self._screen.run_worker(self._search, group="search")

    async def _search(self) -> None:
        """Search for what is sought, one search at a time, until nothing newer is sought."""
        done = None
        try:
            while self._sought and (sought := (self._sought, self._within)) != done:
                await asyncio.sleep(self._search_at - monotonic())
                if not self._sought or self._search_at > monotonic():
                    continue  # left meanwhile, or typed on
                done = sought = (self._sought, self._within)
                try:
                    hits, piles = await _in(self._searcher, self._find, *sought)
                except PapertrayError as error:
                    self._screen.papertray.warn(str(error))
                else:
                    if sought == (self._sought, self._within):
                        self._show_hits(Found(*sought, hits), piles)
        finally:
            self._is_searching = False

    def _find(self, text: str, within: str) -> tuple[Hits, Mapping[Pile, int]]:
        search = self._screen.notebook.search
        hits = search.search(text, typing=True, within=within, limit=MOST_HITS)
        return hits, self._piles_of(hits)

    def _piles_of(self, hits: Hits) -> Mapping[Pile, int]:
        return Counter(self._screen.notebook.search.piles_of(hits.ids).values())

    def _show_hits(self, found: Found, piles: Mapping[Pile, int]) -> None:
        from papertray.tui.highlights import Highlights

        screen = self._screen
        if self._found is None:
            screen.viewing.remember_place()
        self._found, self._piles = found, piles
        self._list(found, Highlights(found.hits.query), self._anchor)
        if found.hits.total is None:
            _: Worker[None] = screen.run_worker(
                partial(self._count, found), group="count", exclusive=True
            )

    def _list(self, found: Found, highlights: Highlights, wanted: int | None) -> None:
        """List hits, with the cursor on the paper `wanted` where it is among them."""
        screen = self._screen
        self.highlights = highlights
        screen.paper_list.highlights = highlights
        ids = found.hits.ids
        index = ids.index(wanted) if wanted is not None and wanted in ids else 0
        screen.viewing.show_hits(ids, index)
        screen.papertray.message = ""
        self._show_line()
        screen.show_undo()

    # --- counting

    async def _count(self, found: Found) -> None:
        """Count all hits once nobody types; the next letter cancels this."""
        await asyncio.sleep(COUNT_AFTER)
        search = self._screen.notebook.search
        try:
            total = await _in(self._counter, search.totals, found.hits.query)
            piles = await _in(self._counter, self._piles_of, found.hits)
        except PapertrayError:
            return  # the search before has told of it
        if total is not None and self._found is found:
            self._tell(replace(found, hits=replace(found.hits, total=total)), piles)

    def decided(self) -> None:
        """Say in which piles the hits lie now that something was decided."""
        if self._found is not None and self._found.hits.total is not None:
            _: Worker[None] = self._screen.run_worker(
                partial(self._recount, self._found), group="count", exclusive=True
            )

    async def _recount(self, found: Found) -> None:
        """Count those hits again that are listed: only there was anything decided by hand."""
        try:
            piles = await _in(self._counter, self._piles_of, found.hits)
        except PapertrayError:
            return  # who decided is told of it
        if self._found is found and found.hits.total is not None:
            total = moved(found.hits.total, self._piles, piles)
            self._tell(replace(found, hits=replace(found.hits, total=total)), piles)

    def _tell(self, found: Found, piles: Mapping[Pile, int]) -> None:
        if self._is_base:
            self._below = (*self._below[:-1], found)
        self._found, self._piles = found, piles
        self._show_line()
        self._screen.show_undo()

    def _stop_counting(self) -> None:
        self._screen.workers.cancel_group(self._screen, "count")

    # --- the way back

    def clear(self) -> bool:
        """Go one step back, from the box or from a search; False when there is neither."""
        if self.is_typing:
            self._leave_box()
            return True
        if self._found is None:
            return False
        if self._below:
            self._pop()
            return True
        self._screen.papertray.message = ""
        self._back_to_view(self._screen.paper_id)
        return True

    def _pop(self) -> None:
        """Show the hits again that the search narrowed."""
        *below, found = self._below
        self._below = tuple(below)
        self._within = found.within
        here = self._screen.paper_id
        self._put_into_box(found.text)
        self._show_found(found, here if here in found.hits.ids else found.paper_id)

    def _show_base(self) -> None:
        """Show what is searched in: the box is empty."""
        if self._below:
            self._show_found(self._below[-1], self._anchor)
        elif self._found is not None:
            within = self._within
            self._back_to_view(self._anchor)
            self._within = within
        self._show_line()

    def _show_found(self, found: Found, wanted: int | None) -> None:
        from papertray.tui.highlights import Highlights

        self._found = found
        self._list(found, Highlights(found.hits.query), wanted)
        self.decided()

    def _back_to_view(self, paper_id: int | None) -> None:
        self._screen.viewing.show(wanted=paper_id)

    def forget(self) -> None:
        """Have no search any more: a view is going to be shown."""
        self._drop()
        self._put_into_box("")

    def _drop(self) -> None:
        self._sought = None
        self._found, self._below, self._within = None, (), ""
        self.highlights = self._screen.paper_list.highlights = None
        self._stop_counting()

    # --- saving

    def save(self) -> None:
        """Ask for a name under which the search is kept."""
        from papertray.tui.screens.saving import save_search

        text = self._box.value.strip() if self._box is not None and self.is_typing else self.text
        save_search(self._screen, text, self._within)


async def _in(thread: ThreadPoolExecutor, ask: Callable[..., Answer], *arguments: Any) -> Answer:
    """Ask in a thread, and wait for the answer without holding anything up."""
    return await asyncio.get_running_loop().run_in_executor(thread, ask, *arguments)
