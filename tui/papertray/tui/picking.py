"""Choosing papers for another program: a line to type into, and what it finds."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.widgets import Input
from textual.worker import Worker

from papertray.core.clean import clean
from papertray.core.errors import PapertrayError
from papertray.tui.paper_finder import find_papers
from papertray.tui.themes import keeps_ansi, use_themes
from papertray.tui.widgets.answer_line import AnswerLine
from papertray.tui.widgets.line import Line
from papertray.tui.widgets.lines import Lines, ListLine

if TYPE_CHECKING:
    from papertray.core.model import Entry
    from papertray.notebook.notebook import Notebook

MOST = 100
"""Papers that are offered at once."""

SEARCH_AFTER = 0.03
"""Seconds after the last letter until papers are looked for."""


class PickApp(App[None]):
    """Has `chosen` in the end: the ids of papers in the order they were marked; none after Esc."""

    TITLE = "papertray"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = []
    CSS = """
    Screen { layout: vertical; }
    #hints { color: $text-muted; }
    """

    def __init__(self, notebook: Notebook, typed: str = "") -> None:
        """`typed` stands in the line already."""
        super().__init__(ansi_color=keeps_ansi())
        self._notebook = notebook
        self._typed = typed
        self._found: Sequence[Entry] = ()
        self._found_for: str | None = None
        self._is_entered = False
        self._marked: dict[int, None] = {}
        self.chosen: Sequence[int] = ()

    def compose(self) -> ComposeResult:
        """Lay out the line, the list and the hints."""
        yield AnswerLine(self._typed, placeholder="title, author or key", arrows_are_history=False)
        yield Lines()
        yield Line(id="hints")

    def on_mount(self) -> None:
        """Show the newest papers, or what was asked for."""
        use_themes(self, "")
        self._list = self.query_one(Lines)
        self.query_one(AnswerLine).focus()
        self._hint()
        _: Worker[None] = self.run_worker(self._look, group="papers", exclusive=True)
        self.run_worker(asyncio.to_thread(self._follow), group="index", exit_on_error=False)

    def _follow(self) -> None:
        """Bring the index up to date; then what was found meanwhile may be more."""
        search = self._notebook.search
        if search.is_ready and search.behind():
            search.follow()
            self.call_later(self._look_again)

    def _look_again(self) -> None:
        _: Worker[None] = self.run_worker(self._look, group="papers", exclusive=True)

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        self._typed = event.value
        self._look_again()

    async def _look(self) -> None:
        await asyncio.sleep(SEARCH_AFTER)
        typed = self._typed
        try:
            found = await asyncio.to_thread(find_papers, self._notebook, typed, MOST)
        except PapertrayError as error:
            self._hint(clean(str(error)))
            self._is_entered = False
            self.query_one(AnswerLine).ask(())
            return
        if typed == self._typed:
            self._found = found
            self._found_for = typed
            self._show(first=True)
            if self._is_entered:
                self._enter()

    def _show(self, *, first: bool = False) -> None:
        lines = [self._line(entry) for entry in self._found]
        if not lines:
            lines = [ListLine("Nothing found.", is_quiet=True)]
        self._list.show(lines, chosen=lines[0].id if first else self._list.chosen)
        self._hint()

    def _line(self, entry: Entry) -> ListLine:
        author = entry.work.authors[0].short if entry.work.authors else ""
        right = " ".join(filter(None, (clean(author), str(entry.work.year or ""))))
        mark = "*" if entry.id in self._marked else " "
        return ListLine(f"{mark} {clean(entry.work.title)}", right, str(entry.id))

    def _hint(self, said: str = "") -> None:
        marked = f"{len(self._marked)} marked " if self._marked else ""
        hints = " Enter prints   Tab marks   ↓ into the list: v marks, j k move   Esc nothing"
        self.query_one("#hints", Line).show(said or hints, marked)

    # --- keys

    async def on_event(self, event: events.Event) -> None:
        """Take the keys of the list before the line does."""
        if isinstance(event, events.Key) and self._take(event.key):
            return
        await super().on_event(event)

    def _take(self, key: str) -> bool:
        """Do what a key asks for; False for one that the line is to get."""
        box = self.query_one(AnswerLine)
        page = max(1, self._list.page - 1)
        steps = {"down": 1, "up": -1, "ctrl+n": 1, "ctrl+p": -1, "pagedown": page, "pageup": -page}
        is_listing = not box.has_focus
        if is_listing:
            steps |= {"j": 1, "k": -1}
        if key in steps:
            if key == "down" and not is_listing:
                self.screen.set_focus(self._list)  # at once: the next key may be there already
            elif key == "up" and is_listing and not self._list.index:
                self.screen.set_focus(box)
            self._list.move_by(steps[key])
        elif key in ("tab", "shift+tab") or (is_listing and key in ("v", "space")):
            self._mark()
        elif key == "enter" and is_listing:
            self._choose()
        elif key in ("escape", "ctrl+c", "ctrl+q") or (is_listing and key == "q"):
            self._leave()
        elif is_listing and key in ("slash", "i", "backspace"):
            self.screen.set_focus(box)
        else:
            return is_listing
        return True

    def _mark(self) -> None:
        """Mark the paper at the cursor, or no longer, and go on."""
        chosen = self._list.chosen
        if not chosen:
            return
        if int(chosen) in self._marked:
            del self._marked[int(chosen)]
        else:
            self._marked[int(chosen)] = None
        self._show()
        self._list.move_by(1)

    def on_key(self, event: events.Key) -> None:
        """Take Enter in its turn, behind the letters that the line had to take first."""
        if event.key == "enter":
            self._enter()

    def _enter(self) -> None:
        """Give what is chosen, once the list shows what was found for all that was typed."""
        box = self.query_one(AnswerLine)
        self._is_entered = self._found_for != box.value
        if not self._is_entered:
            self._choose()
            box.ask(())

    @on(Lines.Chosen)
    def _choose(self) -> None:
        self.chosen = list(self._marked)
        if not self.chosen and self._list.chosen:
            self.chosen = [int(self._list.chosen)]
        if self.chosen:
            self._leave()

    def _leave(self) -> None:
        self._notebook.search.close()  # nobody waits for the index to follow
        self.exit()
