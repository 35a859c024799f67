"""All feeds: when each was fetched, what it brought, and why it failed."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input

from papertray.tui.feed_lines import Feed, feed_line, feed_told, line_for
from papertray.tui.screens.list_screen import ListScreen, Verbs
from papertray.tui.screens.opened import is_open
from papertray.tui.widgets.line import Line
from papertray.tui.widgets.lines import Lines, ListLine
from papertray.tui.widgets.masking import Masking
from papertray.tui.widgets.pane import Pane

if TYPE_CHECKING:
    from textual.worker import Worker

    from papertray.notebook.journal import TakenBack
    from papertray.notebook.subscriptions import Changed
    from papertray.tui.screens.triage import TriageScreen


class FeedsScreen(ListScreen):
    """One line a feed; below, all of the chosen one, its whole error too. Read in a thread."""

    DEFAULT_CSS = """
    FeedsScreen #told { height: 6; }
    """

    def __init__(self, papers: TriageScreen) -> None:
        """`papers` is the screen whose list is read anew after an undo."""
        super().__init__(papers.papertray)
        self._papers = papers
        self._feeds: Sequence[Feed] = ()
        self._is_read = False

    def compose(self) -> ComposeResult:
        """Lay out heading, list, the chosen feed, find box and hints."""
        yield Line(id="heading")
        yield Lines()
        yield Line(id="rule", fill="─")
        yield Pane(id="told")
        yield Input(id="find", placeholder="words of a feed", highlighter=Masking())
        yield Line(id="foot")

    def heading(self) -> str:
        """Say how many there are, and how many failed."""
        if not self._is_read:
            return "Feeds …"
        failed = sum(bool(feed.state.failure) for feed in self._feeds)
        return f"Feeds {len(self._feeds):,}" + (f", {failed:,} failed" if failed else "")

    def lines(self) -> Sequence[ListLine]:
        """The feeds by name."""
        if not self._feeds and self._is_read:
            add = self.papertray.key_map.key_of("list.add")
            return [
                ListLine(f"No feeds yet. {add} subscribes: arXiv, a journal, any RSS, a folder.")
            ]
        now = self.notebook.subscriptions.now
        return [feed_line(feed, now) for feed in self._feeds]

    def verbs(self) -> Verbs:
        """Return what can be done with a feed."""
        return {
            "list.open": ("its papers", self._open),
            "list.add": ("add", lambda chosen: self.add()),
            "list.edit": ("edit", self._edit),
            "list.remove": ("remove", self._remove),
            "list.fetch": ("fetch", lambda chosen: self._fetch()),
            "list.rules": ("rules", lambda chosen: self._show_rules()),
            "list.undo": ("undo", lambda chosen: self._undo()),
        }

    # --- reading

    def on_mount(self) -> None:
        """Show an empty list, and read the feeds."""
        super().on_mount()
        self.read()

    def read(self, message: str = "") -> None:
        """Read the feeds anew; then say something."""
        _: Worker[None] = self.run_worker(partial(self._read, message), exclusive=True)

    async def _read(self, message: str) -> None:
        is_first, self._is_read = not self._is_read, True
        self._feeds = await asyncio.to_thread(self._all_told)
        if not is_open(self):
            return
        self.show_lines()
        if message:
            self.say(message)
        if is_first and not self._feeds and self.app.screen is self:
            self.add()

    def _all_told(self) -> Sequence[Feed]:
        subscriptions = self.notebook.subscriptions
        brought = subscriptions.brought_last()
        return [Feed(*each, brought.get(each[0].id)) for each in subscriptions.all()]

    def told(self, text: str) -> None:
        """Show what came of a fetch."""
        self.read(text)

    def _feed(self, chosen: str) -> Feed | None:
        return next((feed for feed in self._feeds if str(feed.one.id) == chosen), None)

    @on(Lines.Moved)
    def _show_told(self) -> None:
        feed = self._feed(self.list.chosen)
        now = self.notebook.subscriptions.now
        self.query_one("#told", Pane).show([] if feed is None else [*feed_told(feed, now)])

    # --- what can be done

    def _open(self, chosen: str) -> None:
        if (feed := self._feed(chosen)) is not None:
            self.papertray.show_found(f'feed:"{feed.one.name}"')

    def add(self) -> None:
        """Ask for what to subscribe to, and fetch it."""
        from papertray.tui.screens.subscribing import ask_for_feed

        ask_for_feed(self.papertray, self._added, self.refused)

    def _added(self, changed: Changed) -> None:
        said = self.papertray.background.fetch(again=True)
        self._changed(f"added the feed {changed.subscription.name}; {said}", changed.note)

    def _edit(self, chosen: str) -> None:
        from papertray.tui.screens.subscribing import ask_for_change

        if (feed := self._feed(chosen)) is not None:
            ask_for_change(self.papertray, feed.one, self._edited, self.refused)

    def _edited(self, changed: Changed) -> None:
        self._changed(f"changed: {line_for(changed.subscription)}", changed.note)

    def _remove(self, chosen: str) -> None:
        if (feed := self._feed(chosen)) is None:
            return
        name, undo = feed.one.name, self.papertray.key_map.key_of("list.undo")
        self.papertray.writer.write(
            lambda: self.notebook.subscriptions.remove([name]),
            lambda outcome: self._changed(
                f"removed the feed {name}; its papers stay, {undo} brings it back"
            ),
            self.refused,
        )

    def _fetch(self) -> None:
        self.say(self.papertray.background.fetch())

    def _show_rules(self) -> None:
        from papertray.tui.screens.rules import RulesScreen

        self.app.push_screen(RulesScreen(self._papers))

    def _undo(self) -> None:
        self.papertray.writer.write(self.notebook.journal.undo, self._undone, self.refused)

    def _undone(self, taken: TakenBack | None) -> None:
        if taken is not None and taken.papers:
            self._papers.viewing.reload_all("")
        self._changed(f"undone: {taken.label}" if taken is not None else "nothing to undo")

    def _changed(self, message: str, note: str = "") -> None:
        if note:
            self.papertray.warn(note)
        if is_open(self):
            self.read(message)
        else:
            self._papers.say(message)

    def refused(self, error: Exception) -> None:
        """Say why something could not be done."""
        self.papertray.warn(str(error))
        if is_open(self):
            self.read()
