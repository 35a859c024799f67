"""The main screen: piles, the list, the preview, and one key for each decision."""

from __future__ import annotations

import asyncio
from array import array
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen
from textual.timer import Timer
from textual.worker import Worker

from papertray.core.clean import clean
from papertray.core.errors import PapertrayError
from papertray.store.papers import PaperCounts, View
from papertray.tui.dispatch import Dispatcher
from papertray.tui.keys import footer
from papertray.tui.moving_in import MovingIn
from papertray.tui.preview import paragraphs
from papertray.tui.rows import RowWindow
from papertray.tui.screens.actions import actions_of
from papertray.tui.screens.finding import Finding
from papertray.tui.text import fit
from papertray.tui.widgets.line import Line
from papertray.tui.widgets.pane import Pane
from papertray.tui.widgets.paper_list import PaperList

if TYPE_CHECKING:
    from textual.widgets import Input

    from papertray.tui.app import PapertrayApp

TITLES = {
    View.INBOX: "Inbox",
    View.READ: "Read",
    View.STARRED: "Starred",
    View.SKIP: "Skip",
    View.DONE: "Done",
}

FIRST_PAGE = 200
"""Ids loaded before the first paint; the rest follows from a thread."""

PREVIEW_AFTER = 0.03
"""Seconds the cursor rests before the preview follows: a held key draws the list only."""


class TriageScreen(Screen[None]):
    """Everything about the list of a view or a search. The card is this screen without the list."""

    inherit_bindings = False
    BINDINGS: ClassVar[list[BindingType]] = []
    DEFAULT_CSS = """
    TriageScreen {
        layout: vertical;
        & #tabs { text-style: bold; }
        & #list, & #preview { height: 1fr; }
        & #rule, & #hints { color: $text-muted; }
        & #search { display: none; height: 1; border: none; padding: 0 1; }
        &.searching #search { display: block; }
        &.searching #status { display: none; }
        &.flat #rule, &.flat #preview { display: none; }
        &.tiny #hints { display: none; }
        &.wide { layout: grid; grid-size: 2; grid-rows: 1 1 1fr 1 1; }
        &.wide #tabs, &.wide #status, &.wide #search, &.wide #hints { column-span: 2; }
        &.wide #list { row-span: 2; height: 100%; }
        &.wide #preview { height: 100%; }
        &.card { layout: vertical; }
        &.card #list { display: none; }
        &.card #rule, &.card #preview { display: block; height: 1fr; }
        &.card #rule { height: 1; }
    }
    """

    def __init__(self, app_: PapertrayApp) -> None:
        super().__init__()
        self.papertray = app_
        self.notebook = app_.notebook
        self.rows = RowWindow(self.notebook.papers.rows)
        self._keys = Dispatcher(app_.key_map.chords(in_note=False))
        self.finding = Finding(self)
        self.moving_in = MovingIn(self, app_.home)
        self.view = View.INBOX
        self._generation = 0
        self._places: dict[View, int] = {}
        self._counts = PaperCounts(0, 0, 0, 0, 0)
        self._seen_batch = 0

    def compose(self) -> ComposeResult:
        """Lay out tabs, list, preview, status and hints."""
        yield Line(id="tabs")
        yield PaperList(self.rows, id="list")
        yield Line(id="rule", fill="─")
        yield Pane(id="preview")
        yield Line(id="status")
        yield Line(id="hints")

    def on_mount(self) -> None:
        """Show the inbox: its first page now, the rest after the first paint."""
        self.paper_list = self.query_one("#list", PaperList)
        self._actions = actions_of(self)
        self._preview = self.query_one("#preview", Pane)
        self._status = self.query_one("#status", Line)
        self._preview_timer: Timer | None = None
        self._previewed: int | None = None
        self.paper_list.today = self.notebook.papers.today
        self.paper_list.focus()
        self._seen_batch = self.notebook.journal.newest()
        self._load_counts()
        self.show_view(View.INBOX)
        self.call_after_refresh(self.show_preview)

    def on_resize(self, event: events.Resize) -> None:
        """Choose the layout: preview below, beside from 160 columns, none below 16 lines."""
        self.set_class(event.size.width >= 160, "wide")
        self.set_class(event.size.height < 16, "flat")
        self.set_class(event.size.height < 10, "tiny")
        self.query_one("#hints", Line).show(footer(self.papertray.key_map, event.size.width))
        self.call_after_refresh(self._show_position)
        self.call_after_refresh(self.show_undo)

    # --- keys

    def on_key(self, event: events.Key) -> None:
        """Run the action of a key, unless the search box has it."""
        if self.app.screen is not self:
            # Typed while another screen was opening: it is meant for that one.
            event.stop()
            self.app.post_message(events.Key(event.key, event.character))
            return
        if self.finding.is_typing:
            self.finding.key(event)
            return
        event.stop()
        event.prevent_default()
        names = [event.key]
        if event.character and event.character.isprintable():
            names.append(event.character)
        if event.key == "escape" and self._keys.cancel():
            return
        action = self._keys.feed(*names)
        if action is not None:
            self.run(action)

    def run(self, action: str) -> None:
        """Run an action of the key table by its id."""
        self._actions[action]()

    # --- views

    @property
    def paper_id(self) -> int | None:
        """The paper under the cursor."""
        return self.paper_list.paper_id

    @property
    def ids(self) -> array[int]:
        """The papers in the list, in its order."""
        return self.rows.ids

    @property
    def title_of_list(self) -> str:
        """What the list shows, in words."""
        return f"“{self.finding.text}”" if self.finding.text else TITLES[self.view]

    def show_view(self, view: View) -> None:
        """Show a pile: its first page at once, the rest from a thread, the cursor where it was."""
        if not self.finding.text:
            self.remember_place()
        self.finding.forget()
        self.view = view
        self.paper_list.shows_piles = False
        ids = self.notebook.papers.ids(view, limit=FIRST_PAGE)
        self.rows.replace(ids)
        place = self._places.get(view)
        index = self.rows.position(place) if place is not None else None
        self.paper_list.rows_changed()
        self.paper_list.view_changed(index=index or 0, keep_scroll=False)
        self.show_tabs()
        if len(ids) == FIRST_PAGE:
            self.reload()

    def reload(self) -> None:
        """Load the ids of the view anew in a thread, then show them around the cursor's paper."""
        self._generation += 1
        generation, view = self._generation, self.view

        async def load() -> None:
            ids = await asyncio.to_thread(self.notebook.papers.ids, view)
            if generation == self._generation and not self.finding.text:
                self.swap(ids)

        # As a function: a coroutine whose worker is replaced at once would never be awaited.
        _: Worker[None] = self.run_worker(load, group="ids", exclusive=True)

    def swap(self, ids: array[int], *, wanted: int | None = None) -> None:
        """Show other ids, with the cursor on the same paper, or on the same line if it is gone."""
        paper_id = wanted if wanted is not None else self.paper_list.paper_id
        self.rows.replace(ids)
        index = None
        if paper_id is not None:
            index = self.rows.position(paper_id, near=self.paper_list.index)
        self.paper_list.view_changed(index=index, keep_line=wanted is None)

    def _load_counts(self) -> None:
        self._counts = self.notebook.papers.counts()
        self.show_tabs()

    def show_tabs(self) -> None:
        """Show the piles with their counts, the search, and what is going on."""
        names = {view: f" {TITLES[view]} {self._counts.of(view):,} " for view in View}
        left = "".join(names.values())
        strong = names[self.view]
        if self.finding.text:
            hits = self.finding.hits
            found = f"{len(self.rows):,}" if hits and hits.is_complete else "many"
            strong = f" /{clean(self.finding.text)} {found} "
            left += "|" + strong
        self.query_one("#tabs", Line).show(left, self.papertray.notice + " ", strong)

    # --- the preview

    @on(PaperList.Moved)
    def _cursor_moved(self) -> None:
        self._show_position()
        if self._preview_timer is not None:
            self._preview_timer.stop()
        self._preview_timer = self.set_timer(PREVIEW_AFTER, self.show_preview)

    @on(Pane.Resized)
    def _preview_resized(self) -> None:
        self.show_undo()

    @on(PaperList.Clicked)
    def _clicked(self) -> None:
        self.set_card(True)

    def _show_position(self) -> None:
        position = f"── {self.paper_list.index + 1:,} of {len(self.rows):,} " if self.rows else "──"
        row = self.rows.row(self.paper_list.index) if self.rows else None
        right = f" {row.feed} #{row.rank} ──" if row and row.rank else ""
        self.query_one("#rule", Line).show(position, clean(right))

    def show_preview(self) -> None:
        """Show the paper under the cursor, or what to do where there is none."""
        if self._preview_timer is not None:
            self._preview_timer.stop()
            self._preview_timer = None
        paper_id = self.paper_list.paper_id
        is_same, self._previewed = paper_id == self._previewed, paper_id
        if paper_id is None:
            offer = self.moving_in.offer()
            self._preview.show(self.papertray.nothing_here(self.view, self.finding.text, offer))
        else:
            # Who reads it stays where she is when papers come in or its note is saved.
            text = paragraphs(self.notebook.papers.entry(paper_id))
            self._preview.show(text, keep_place=is_same)
        self.show_undo()

    def show_undo(self) -> None:
        """Show what `u` would take back, and how far down the abstract one is."""
        line = self.notebook.journal.next_undo()
        key = self.papertray.key_map.key_of("decide.undo")
        place = ""
        if self._preview.length > self._preview.size.height > 0 and not self.has_class("flat"):
            place = f"   {self._preview.bottom}/{self._preview.length}"
        free = self.size.width - cell_len(self.papertray.message) - 2
        room = max(self.size.width // 2, free) - len(place) - 2
        label = fit(f"{key}: {clean(line.label)}", room).rstrip() if line else ""
        self._status.show(self.papertray.message, f" {label}{place} ")

    @property
    def is_card(self) -> bool:
        """Whether the card covers the list."""
        return self.has_class("card")

    def set_card(self, is_card: bool) -> None:
        """Show one paper on the whole screen, or the list again. Decisions show the next card."""
        self.set_class(is_card and bool(self.rows), "card")
        self.call_after_refresh(self.show_undo)

    def page_on(self) -> None:
        """Page through the preview; at its end go to the next paper."""
        if self.has_class("flat") and not self.is_card:
            self.set_card(True)  # too low a terminal for a preview: there is nothing to page
            return
        if self._previewed != self.paper_list.paper_id:
            self.show_preview()  # or what is paged would be the paper before
        if not self._preview.page():
            self.paper_list.move_to(self.paper_list.index + 1)
        self.show_undo()

    # --- decisions

    def after_write(self, paper_ids: list[int]) -> None:
        """Show papers as they are now, and the counts."""
        self.rows.forget(paper_ids)
        self.paper_list.rows_changed()
        self._load_counts()

    def refused(self, error: PapertrayError) -> None:
        """Show the tray as it is, and why it could not be changed."""
        self.say("")
        self.papertray.warn(str(error))
        self.rows.forget_all()
        self._load_counts()
        self.reload()

    def changed(self, paper_ids: list[int], message: str) -> None:
        """Show that something about papers was written (a note, tags, a key)."""
        self.after_write(paper_ids)
        self.say(message)
        self.show_preview()

    def say(self, message: str) -> None:
        """Show a short sentence in the status line."""
        self.papertray.message = f" {clean(message)}"
        self.show_undo()

    def found_notes(self) -> list[int] | None:
        """The notes that the search found, None without a search."""
        return list(self.finding.hits.notes) if self.finding.hits is not None else None

    def reload_all(self, message: str) -> None:
        """Show the view anew after papers came in."""
        self.rows.forget_all()
        self._load_counts()
        if not self.finding.text:
            self.show_view(self.view)
        self.say(message)
        self.show_preview()

    def look_elsewhere(self) -> None:
        """Show what other processes decided or added since we last looked."""
        journal = self.notebook.journal
        if not self.papertray.writer.is_idle:
            return
        newest = journal.newest()
        if newest == self._seen_batch:
            return
        foreign = journal.changed_by_others(self._seen_batch)
        self._seen_batch = newest
        if foreign:
            self.rows.forget_all()
            self.paper_list.rows_changed()
            self._load_counts()
            if not self.finding.text:
                self.reload()
            self.show_preview()

    # --- searching

    def on_input_changed(self, event: Input.Changed) -> None:
        """Search for what stands in the box now, which may be newer than this message."""
        self.finding.typed(event.input.value)

    def show_hits(self, ids: array[int]) -> None:
        """Show what a search found in place of the view."""
        self.paper_list.shows_piles = True
        self.paper_list.rows_changed()
        self.rows.replace(ids)
        self.paper_list.view_changed(index=0, keep_scroll=False)
        self.show_tabs()

    def remember_place(self) -> None:
        """Remember the cursor's paper for the next time this view is shown."""
        if self.paper_list.paper_id is not None:
            self._places[self.view] = self.paper_list.paper_id
