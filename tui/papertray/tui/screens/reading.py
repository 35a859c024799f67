"""Reading the paper under the cursor: the preview below or beside the list, and the card."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from textual.timer import Timer
from textual.worker import Worker

from papertray.core.clean import clean
from papertray.core.counting import counted
from papertray.tui.nothing_here import nothing_here
from papertray.tui.widgets.line import Line
from papertray.tui.widgets.pane import Pane

if TYPE_CHECKING:
    from papertray.core.model import Entry
    from papertray.tui.preview import Beside
    from papertray.tui.screens.triage import TriageScreen

PREVIEW_AFTER = 0.03
"""Seconds the cursor rests before the preview follows: a held key draws the list only."""


LINKS_AFTER = 0.3
"""Seconds a paper is shown before it is asked which notes link to it: that takes a search."""


class Reading:
    """The preview of a screen. The card is the preview without the list."""

    def __init__(self, screen: TriageScreen) -> None:
        self._screen = screen
        self.pane = screen.query_one("#preview", Pane)
        self._timer: Timer | None = None
        self._shown: int | None = None
        self._linking = 0
        self._links_timer: Timer | None = None

    def follow(self) -> None:
        """Show the paper under the cursor, once the cursor rests."""
        self.show_position()
        if self._timer is not None:
            self._timer.stop()
        self._timer = self._screen.set_timer(PREVIEW_AFTER, self.show)

    @property
    def place(self) -> str:
        """How far down the text one is (``8/17``); empty where all of it is on screen."""
        if self.pane.length > self.pane.size.height > 0 and not self._screen.has_class("flat"):
            return f"{self.pane.bottom}/{self.pane.length}"
        return ""

    def show_position(self) -> None:
        """Show in the rule where in the list one is, and where the paper was seen."""
        position = (
            f"── {self._screen.paper_list.index + 1:,} of {len(self._screen.rows):,} "
            if self._screen.rows
            else "──"
        )
        row = self._screen.rows.row(self._screen.paper_list.index) if self._screen.rows else None
        right = ""
        if row is not None and row.rank:
            votes = f", {counted(row.votes, 'vote')}" if row.votes else ""
            right = f" {row.feed} #{row.rank}{votes} ──"
        self._screen.query_one("#rule", Line).show(position, clean(right))

    def show(self) -> None:
        """Show the paper under the cursor, or what to do where there is none."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        paper_id = self._screen.paper_list.paper_id
        is_same, self._shown = paper_id == self._shown, paper_id
        if not is_same:
            self._linking = 0
        if paper_id is None:
            offer = self._screen.moving_in.offer()
            self.pane.show(nothing_here(self._screen.notebook, self._screen.finding.text, offer))
        else:
            from papertray.tui.preview import paragraphs  # the list is drawn before

            # Who reads it stays where she is when papers come in or its note is saved.
            entry, beside = self._known(paper_id)
            self.pane.show(paragraphs(entry, beside), keep_place=is_same)
            if not is_same:
                self._ask_for_links(entry)
        self._screen.show_undo()

    def _known(self, paper_id: int) -> tuple[Entry, Beside]:
        from papertray.tui.preview import Beside

        papers = self._screen.notebook.papers
        entry = papers.entry(paper_id)
        return entry, Beside(
            # Where nobody decided it lies where it came: most papers, and they are the quickest.
            papers.moved_there(paper_id) if entry.decided else None,
            papers.files(paper_id),
            self._linking,
            self._screen.paper_list.highlights,
        )

    def _ask_for_links(self, entry: Entry) -> None:
        """Say after a while how many notes link to a paper: they name it by its key."""
        if self._links_timer is not None:
            self._links_timer.stop()
            self._links_timer = None
        if entry.citekey:
            self._links_timer = self._screen.set_timer(
                LINKS_AFTER, partial(self._begin_links, entry.id)
            )

    def _begin_links(self, paper_id: int) -> None:
        if not self._screen.notebook.search.is_ready:
            return  # without the index all notes would be read

        async def count() -> None:
            notes = self._screen.notebook.notes
            found = await asyncio.to_thread(notes.backlinks, paper_id=paper_id)
            if found and paper_id == self._shown:
                self._linking = len(found)
                self.show()

        _: Worker[None] = self._screen.run_worker(count, group="links", exclusive=True)

    @property
    def is_card(self) -> bool:
        """Whether the card covers the list."""
        return self._screen.has_class("card")

    def set_card(self, is_card: bool) -> None:
        """Show one paper on the whole screen, or the list again. Decisions show the next card."""
        self._screen.set_class(is_card and bool(self._screen.rows), "card")
        self._screen.call_after_refresh(self._screen.show_undo)

    def page(self) -> None:
        """Page through the preview; at its end go to the next paper."""
        if self._screen.has_class("flat") and not self.is_card:
            self.set_card(True)  # too low a terminal for a preview: there is nothing to page
            return
        if self._shown != self._screen.paper_list.paper_id:
            self.show()  # or what is paged would be the paper before
        if not self.pane.page():
            self._screen.paper_list.move_to(self._screen.paper_list.index + 1)
        self._screen.show_undo()
