"""Searching on the screen: the box, what was found, and the way back."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from textual import events
from textual.worker import Worker

from papertray.core.counting import counted
from papertray.core.errors import PapertrayError

if TYPE_CHECKING:
    from textual.widgets import Input

    from papertray.store.papers import View
    from papertray.store.search import Hits
    from papertray.tui.screens.triage import TriageScreen

SEARCH_AFTER = 0.03
"""Seconds after the last letter before a search begins."""

COUNT_AFTER = 0.25
"""Seconds after a search before all its hits are counted: that would slow the next search down."""


class Finding:
    """The search of a screen. `text` is what the list shows the hits of; empty: a view."""

    def __init__(self, screen: TriageScreen) -> None:
        self._screen = screen
        self._box: Input | None = None
        self._scope: View | None = None
        self._generation = 0
        self.text = ""
        self.hits: Hits | None = None

    @property
    def is_typing(self) -> bool:
        """Whether the box is open."""
        return self._box is not None and self._screen.has_class("searching")

    def open(self, scope: View | None) -> None:
        """Open the box, for the whole tray or for one view."""
        if self._scope != scope and self.text:
            self._screen.show_view(self._screen.view)
        self._scope = scope
        if self._box is None:
            # Made when first needed: importing it takes as long as drawing the list.
            from textual.widgets import Input

            from papertray.tui.widgets.masking import Masking

            hint = "words, “phrases”, author:… tag:… -not"
            self._box = Input(id="search", placeholder=hint, highlighter=Masking())
            self._screen.mount(self._box, after="#status")
        self._screen.add_class("searching")
        self._box.focus()

    def show(self, text: str) -> None:
        """Show what a text finds in the whole tray, as if it had been typed into the box."""
        self.open(None)
        assert self._box is not None
        self._box.value = text
        self._leave_box()

    def key(self, event: events.Key) -> None:
        """Take a key that the box did not want."""
        papers = self._screen.paper_list
        if event.key == "escape":
            self.clear()
        elif event.key in ("enter", "tab"):
            self._leave_box()
        elif event.key in ("down", "up"):
            papers.move_to(papers.index + (1 if event.key == "down" else -1))
        elif self._box is not None and event.is_printable and event.character:
            # Typed before the box had the keys: after that it takes letters itself.
            self._box.insert_text_at_cursor(event.character)
        else:
            return
        event.stop()
        event.prevent_default()

    def typed(self, value: str) -> None:
        """Search for what stands in the box, a moment after the last letter."""
        text = value.strip()
        self._generation += 1  # what is being searched for is not wanted any more
        if not text:
            scope = self._scope
            self._screen.show_view(self._screen.view)
            self._scope = scope
            return
        if text == self.text:
            return
        _: Worker[None] = self._screen.run_worker(
            partial(self._search, text, self._generation), group="search", exclusive=True
        )

    async def _search(self, text: str, generation: int) -> None:
        await asyncio.sleep(SEARCH_AFTER)
        screen = self._screen
        try:
            hits = await asyncio.to_thread(screen.papertray.find, text, self._scope)
        except PapertrayError as error:
            screen.papertray.warn(str(error))
            return
        if generation != self._generation:
            return
        if not self.text:
            screen.remember_place()
        self.text, self.hits = text, hits
        screen.show_hits(hits.ids)
        screen.say(summary(hits))
        if hits.total is None:
            await self._count(hits, screen.papertray.message)

    async def _count(self, hits: Hits, said: str) -> None:
        """Say how many hits there are once nobody types; the next letter cancels this.

        Nothing is said where the status line says another thing than `said` by then.
        """
        await asyncio.sleep(COUNT_AFTER)
        screen = self._screen
        try:
            total = await asyncio.to_thread(screen.notebook.search.totals, hits.query)
        except PapertrayError:
            return  # the search before has told of it
        if total is None or self.hits is not hits:
            return
        self.hits = replace(hits, total=total)
        if screen.papertray.message == said:
            screen.say(summary(self.hits))

    def forget(self) -> None:
        """Have no search any more: a view is going to be shown."""
        self._generation += 1
        self.text, self.hits, self._scope = "", None, None
        if self._box is not None:
            with self._box.prevent(type(self._box).Changed):
                self._box.value = ""

    def clear(self) -> bool:
        """Go back from the box or the hits to the view; False when there is no search."""
        if not self.text and not self._screen.has_class("searching"):
            return False
        self._leave_box()
        self._screen.papertray.message = ""
        self._screen.show_view(self._screen.view)
        return True

    def _leave_box(self) -> None:
        self._screen.remove_class("searching")
        self._screen.paper_list.focus()


def summary(hits: Hits) -> str:
    """Return what a search found, in words: ``41 hits: 33 skip, 6 read, 2 starred; 3 notes``.

    What the user should know besides comes after it.
    """
    if hits.total is None:
        said = f"more than {len(hits.ids):,} hits"
    else:
        count = sum(hits.total.values())
        where = ", ".join(f"{number:,} {pile}" for pile, number in hits.total.items() if number)
        said = counted(count, "hit") + (f": {where}" if where else "")
    if hits.notes:
        said += f"; {counted(len(hits.notes), 'note')}"
    more = " ".join(filter(None, (hits.notice, *hits.remarks)))
    return f"{said}. {more}" if more else said
