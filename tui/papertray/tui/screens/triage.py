"""The main screen: piles, the list, the preview, and one key for each decision."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen

from papertray.core.clean import clean, clean_text
from papertray.core.errors import PapertrayError
from papertray.tui.dispatch import Dispatcher, Press
from papertray.tui.hints import INBOX_EMPTY
from papertray.tui.key_table import Scope
from papertray.tui.keys import footer, shown
from papertray.tui.moving_in import MovingIn
from papertray.tui.rows import RowWindow
from papertray.tui.screens.actions import actions_of
from papertray.tui.screens.elsewhere import Elsewhere
from papertray.tui.screens.finding import Finding
from papertray.tui.screens.marking import Marking
from papertray.tui.screens.reading import Reading
from papertray.tui.screens.viewing import Viewing
from papertray.tui.session import Session
from papertray.tui.text import fit
from papertray.tui.typing_ahead import was_handed_on
from papertray.tui.widgets.line import Line
from papertray.tui.widgets.pane import Pane
from papertray.tui.widgets.paper_list import PaperList

if TYPE_CHECKING:
    from textual.widgets import Input

    from papertray.tui.app import PapertrayApp
    from papertray.tui.commanding import Commanding
    from papertray.tui.widgets.answer_line import AnswerLine


LEAST_LABEL = 16
"""Columns below which nothing is said of what `u` would take back."""


class TriageScreen(Screen[None]):
    """Everything about the list of a view or a search. The card is this screen without the list."""

    inherit_bindings = False
    BINDINGS: ClassVar[list[BindingType]] = []
    DEFAULT_CSS = """
    TriageScreen {
        layout: vertical;
        & #tabs { text-style: bold; }
        & #list, & #preview { height: 1fr; }
        &.tall #preview { height: 1.1fr; max-height: 26; }
        & #rule, & #hints { color: $text-muted; }
        & #search, & #found { display: none; }
        &.searching #search, &.searching #found { display: block; }
        &.searching #status, &.searching #hints { display: none; }
        &.flat #rule, &.flat #preview { display: none; }
        &.tiny #hints, &.tiny #found { display: none; }
        &.wide { layout: grid; grid-size: 2; grid-rows: 1 1 1fr 1 1; }
        &.wide #tabs, &.wide #status, &.wide #hints { column-span: 2; }
        &.wide #search, &.wide #found { column-span: 2; }
        &.wide #list { row-span: 2; height: 100%; }
        &.wide #preview { height: 100%; max-height: 100%; }
        &.card { layout: vertical; }
        &.card #list { display: none; }
        &.card #rule, &.card #preview { display: block; height: 1fr; max-height: 100%; }
        &.card #rule { height: 1; }
    }
    """

    def __init__(self, app_: PapertrayApp) -> None:
        super().__init__()
        self.papertray = app_
        self.notebook = app_.notebook
        self.rows = RowWindow(self.notebook.papers.rows)
        self._keys = Dispatcher(app_.key_map.chords(Scope.PAPERS), with_counts=True)
        self.marks = Marking(self)
        self.finding = Finding(self)
        self.moving_in = MovingIn(self, app_.home)
        self.session = Session(lambda: self.notebook.papers.now, app_.budget)
        self.viewing = Viewing(self, self.session)
        self._answered: Callable[[str], None] | None = None
        self._is_alone = False

    @cached_property
    def commanding(self) -> Commanding:
        """The commands that are typed here; imported when somebody types one."""
        from papertray.tui.commanding import Commanding

        return Commanding(self, self.papertray.commands)

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
        self.reading = Reading(self)
        self._actions = actions_of(self)
        self._status = self.query_one("#status", Line)
        self.paper_list.is_marked = self.marks.is_marked
        self.paper_list.today = self.notebook.papers.today
        self.paper_list.focus()
        self.elsewhere = Elsewhere(self)
        self.viewing.begin()
        self.call_after_refresh(self.reading.show)

    def on_resize(self, event: events.Resize) -> None:
        """Choose the layout: preview below, beside from 160 columns, none below 16 lines."""
        self.set_class(event.size.width >= 160, "wide")
        self.set_class(event.size.height >= 32, "tall")
        self.set_class(event.size.height < 16, "flat")
        self.set_class(event.size.height < 10, "tiny")
        hints = footer(self.papertray.key_map, event.size.width)
        self.query_one("#hints", Line).show(
            "".join(hint for hint, _ in hints),
            pieces=[(hint, Press(action)) for hint, action in hints],
        )
        self.call_after_refresh(self.reading.show_position)
        self.call_after_refresh(self.show_undo)

    # --- keys

    def on_key(self, event: events.Key) -> None:
        """Run the action of a key, unless the search box has it."""
        if was_handed_on(self, event):
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
            self.show_undo()
            return
        if self._answered is not None:
            answered, self._answered = self._answered, None
            answered(names[-1])
            return
        pending = self._keys.pending
        press = self._keys.feed(*names)
        if press is not None:
            self.run(press)
        if pending != self._keys.pending:
            self.show_undo()

    def choose(self, question: str, answered: Callable[[str], None]) -> None:
        """Ask for one key in the status line; `answered` gets its letter, or its name."""
        self._answered = None
        self.say(question, alone=True)
        self._answered = answered

    def run(self, press: Press) -> None:
        """Run an action of the key table."""
        if self._answered is not None:
            self._answered = None
            self.say("")
        self._actions[press.action](press)
        self.papertray.hints.happened(press.action, press.times)

    @property
    def paper_id(self) -> int | None:
        """The paper under the cursor."""
        return self.paper_list.paper_id

    @property
    def ids(self) -> array[int]:
        """The papers in the list, in its order."""
        return self.rows.ids

    @on(PaperList.Moved)
    def _cursor_moved(self) -> None:
        self.marks.follow()
        self.reading.follow()

    @on(Line.Pressed)
    def _piece_clicked(self, event: Line.Pressed) -> None:
        self.run(event.press)

    @on(Pane.Resized)
    def _preview_resized(self) -> None:
        self.show_undo()

    @on(Pane.Opened)
    def _link_clicked(self, event: Pane.Opened) -> None:
        from papertray.tui.screens.links import open_outside

        open_outside(self, event.target)

    @on(PaperList.Clicked)
    def _clicked(self) -> None:
        self.reading.set_card(True)

    def show_undo(self) -> None:
        """Show what `u` would take back, how far down the abstract one is, marks, pending keys."""
        line = self.notebook.journal.next_undo()
        key = self.papertray.key_map.key_of("decide.undo")
        pending = "".join(map(shown, self._keys.pending.split()))
        beside = (self.marks.summary, self.reading.place, pending)
        place = "".join(f"   {part}" for part in beside if part)
        message = self.papertray.message or f" {clean(self.finding.summary)}".rstrip()
        if not message and self.is_current and not self.finding.is_typing:
            message = f" {self.papertray.hints.line()}".rstrip()
        message = message or f" {self.session.line(self.size.width * 2 // 3)}".rstrip()
        free = self.size.width - cell_len(message) - 2
        is_said = bool(self.papertray.message)
        # What was just said is shown whole: what `u` would do gives way.
        if is_said and len(place) >= free:
            place = ""
        room = (free if is_said else max(self.size.width // 2, free)) - len(place) - 2
        label = ""
        if line is not None and room >= LEAST_LABEL and not (is_said and self._is_alone):
            label = fit(f"{key}: {clean(line.label)}", room).rstrip()
        pieces = [(label, Press("decide.undo"))] if label.strip() else []
        self._status.show(message, f" {label}{place} " if label or place else "", pieces=pieces)

    # --- decisions

    def after_write(self, paper_ids: list[int]) -> None:
        """Show papers as they are now, and the counts."""
        self.rows.forget(paper_ids)
        self.paper_list.rows_changed()
        self.finding.decided()
        self.viewing.load_counts(is_ours=True)
        if not self.session.left:
            self.papertray.hints.happened(INBOX_EMPTY)

    def refused(self, error: PapertrayError) -> None:
        """Show the tray as it is, and why it could not be changed."""
        self.say("")
        self.papertray.warn(str(error))
        self.rows.forget_all()
        self.viewing.load_counts()
        self.viewing.reload()

    def changed(self, paper_ids: list[int], message: str) -> None:
        """Show that something about papers was written (a note, tags, a key)."""
        self.after_write(paper_ids)
        self.say(message)
        self.reading.show()

    def say(self, message: str, *, alone: bool = False) -> None:
        """Show a short sentence in the status line, `alone` where all of it must be read.

        A question stays there until it is answered.
        """
        if self._answered is not None:
            return
        self._is_alone = alone
        self.papertray.message = f" {clean(message)}" if message else ""
        self.show_undo()

    def copy(self, text: str, message: str) -> None:
        """Put a text on the clipboard, without what steers terminals, and say so."""
        self.app.copy_to_clipboard(clean_text(text))
        self.say(message)

    def found_notes(self) -> list[int] | None:
        """The notes that the search found, None without a search."""
        return list(self.finding.hits.notes) if self.finding.hits is not None else None

    # --- searching

    def on_input_changed(self, event: Input.Changed) -> None:
        """Search for what stands in the box now, which may be newer than this message."""
        self.finding.typed(event.input.value)

    def on_answer_line_offered(self, event: AnswerLine.Offered) -> None:
        """Show what Tab may make of the word in the box."""
        self.finding.offered(event.words, event.chosen)
