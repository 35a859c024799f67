"""What all lists beside the papers have in common: notes, feeds, history, duplicates …"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen
from textual.widgets import Input

from papertray.core.clean import clean
from papertray.tui.dispatch import Dispatcher, Press
from papertray.tui.key_table import Scope
from papertray.tui.typing_ahead import was_handed_on
from papertray.tui.widgets.answer_line import AnswerLine
from papertray.tui.widgets.line import Line
from papertray.tui.widgets.lines import Lines, ListLine

if TYPE_CHECKING:
    from papertray.tui.app import PapertrayApp

Verbs = Mapping[str, tuple[str, Callable[[str], object]]]
"""By action of the key table: its word in the foot line, and what it does with the chosen line."""


class ListScreen(Screen[None]):
    """A heading, a list of lines to be found in and chosen from, and a line of hints.

    A subclass gives `heading`, `lines` and `verbs`. Keys of the table that work everywhere close
    the list, and the papers' screen does what they ask for.
    """

    inherit_bindings = False
    BINDINGS: ClassVar[list[BindingType]] = []
    DEFAULT_CSS = """
    ListScreen {
        layout: vertical;
        & #heading { text-style: bold; }
        & #foot { color: $text-muted; }
        & #find { display: none; }
        &.finding #find { display: block; }
        &.finding #foot { display: none; }
    }
    """

    def __init__(self, app_: PapertrayApp) -> None:
        super().__init__()
        self.papertray = app_
        self.notebook = app_.notebook
        self._keys = Dispatcher(app_.key_map.chords(Scope.LIST), with_counts=True)
        self._all: Sequence[ListLine] = ()
        self._message = ""

    # --- what a subclass gives

    def heading(self) -> str:
        """Return what stands above the list."""
        raise NotImplementedError

    def lines(self) -> Sequence[ListLine]:
        """Return the lines, all clean. Called again whenever something changed."""
        raise NotImplementedError

    def verbs(self) -> Verbs:
        """Return what can be done here."""
        raise NotImplementedError

    # --- life

    def compose(self) -> ComposeResult:
        """Lay out heading, list, find box and hints."""
        yield Line(id="heading")
        yield Lines()
        yield AnswerLine(id="find", placeholder="words of a line", arrows_are_history=False)
        yield Line(id="foot")

    def on_mount(self) -> None:
        """Show the lines and take the keys."""
        self.list = self.query_one(Lines)
        self._verbs = self.verbs()
        self.show_lines()
        self.list.focus()

    def show_lines(self, chosen: str = "") -> None:
        """Read the lines anew, with the cursor where it was, or on the line called `chosen`."""
        self._all = self.lines()
        self._narrow(chosen or self.list.chosen)

    def say(self, message: str) -> None:
        """Say something short in the foot line, until the next key."""
        self._message = clean(message)
        self._show_words()

    def told(self, text: str) -> None:
        """Say what came of something in the background, such as a fetch."""
        self.say(text)

    def refused(self, error: Exception) -> None:
        """Show the lines as they are, and why they could not be changed."""
        self.papertray.warn(str(error))
        self.show_lines()

    def _show_words(self) -> None:
        found = len([line for line in self.list.lines if line.id])
        total = len([line for line in self._all if line.id])
        count = f"{found:,} of {total:,} " if found != total else ""
        self.query_one("#heading", Line).show(f" {clean(self.heading())}", count)
        key_of = self.papertray.key_map.key_of
        back = f" {key_of('list.back')} back "
        words = {action: word for action, (word, _) in self._verbs.items()}
        if total:
            words["list.find"] = "find"
        hints = [(f" {key_of(action)} {word} ", Press(action)) for action, word in words.items()]
        left = self._message or "".join(hint for hint, _ in hints)
        pieces = [*(() if self._message else hints), (back, Press("list.back"))]
        self.query_one("#foot", Line).show(left, back, pieces=pieces)

    # --- keys

    def on_key(self, event: events.Key) -> None:
        """Run a key of the table, as far as it is alive here."""
        if was_handed_on(self, event):
            return
        event.stop()
        event.prevent_default()
        if self.has_class("finding"):
            self._find_key(event)
            return
        names = [event.key]
        if event.character and event.character.isprintable():
            names.append(event.character)
        if event.key == "escape" and self._keys.cancel():
            return
        press = self._keys.feed(*names)
        if press is not None:
            self.run(press)

    def run(self, press: Press) -> None:
        """Do what a key asks for."""
        self._message = ""
        if press.action in self._verbs:
            self._verbs[press.action][1](self.list.chosen)
        elif press.action in _MOVES:
            _MOVES[press.action](self.list, press)
        elif press.action == "list.find" and self._all:
            self.add_class("finding")
            box = self.query_one(AnswerLine)
            box.ask(())
            box.focus()
        elif press.action == "list.back":
            self.back()
        elif press.action == "list.cancel":
            self.say(self.papertray.cancel())
        elif not press.action.startswith("list."):
            self.papertray.run_on_papers(press)
            return
        else:
            self.say("that key does nothing in this list")
        if self.app.screen is self:
            self._show_words()

    def back(self) -> None:
        """Show all lines again, or go back to the papers."""
        box = self.query_one("#find", Input)
        if box.value:
            box.value = ""
        else:
            self.dismiss()

    @on(Line.Pressed)
    def _piece_clicked(self, event: Line.Pressed) -> None:
        self.run(event.press)

    @on(Lines.Chosen)
    def _clicked(self) -> None:
        if "list.open" in self._verbs:
            self.run(Press("list.open"))

    # --- finding

    def _find_key(self, event: events.Key) -> None:
        box = self.query_one(AnswerLine)
        if event.key == "escape":
            box.value = ""
        elif event.key in ("down", "up"):
            self.list.move_by(1 if event.key == "down" else -1)
            return
        elif event.key not in ("enter", "tab"):
            box.take(event)
            return
        self.remove_class("finding")
        self.list.focus()

    @on(Input.Changed, "#find")
    def _typed(self) -> None:
        self._narrow(self.list.chosen)

    def _narrow(self, chosen: str) -> None:
        if not self.query("#find"):
            return  # it was left while a thread read the lines
        words = self.query_one("#find", Input).value.casefold().split()
        shown = [line for line in self._all if line.id and line.has(words)] if words else self._all
        self.list.show(shown, chosen=chosen)
        self._show_words()


_MOVES: Mapping[str, Callable[[Lines, Press], None]] = {
    "move.down": lambda lines, press: lines.move_by(press.times),
    "move.up": lambda lines, press: lines.move_by(-press.times),
    "move.top": lambda lines, press: lines.move_to(press.times - 1),
    "move.bottom": lambda lines, press: lines.move_to((press.count or len(lines.lines)) - 1),
    "move.half-down": lambda lines, press: lines.move_by(press.times * max(1, lines.page // 2)),
    "move.half-up": lambda lines, press: lines.move_by(-press.times * max(1, lines.page // 2)),
    "move.page-down": lambda lines, press: lines.move_by(press.times * lines.page),
    "move.page-up": lambda lines, press: lines.move_by(-press.times * lines.page),
}
