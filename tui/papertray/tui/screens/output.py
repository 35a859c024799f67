"""Something to read and leave: what a command said, what was told, what could not be brought in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen

from papertray.tui.dispatch import Dispatcher, Press
from papertray.tui.key_table import Scope
from papertray.tui.keys import KeyMap
from papertray.tui.text import Paragraph
from papertray.tui.typing_ahead import was_handed_on
from papertray.tui.widgets.line import Line
from papertray.tui.widgets.pane import Pane


class OutputScreen(Screen[None]):
    """Paragraphs on a screen of their own. The keys that move in a list scroll, `q` goes back."""

    inherit_bindings = False
    BINDINGS: ClassVar[list[BindingType]] = []
    DEFAULT_CSS = """
    OutputScreen {
        layout: vertical;
        & #heading { text-style: bold; }
        & #text { height: 1fr; }
        & #foot { color: $text-muted; }
    }
    """

    def __init__(
        self, key_map: KeyMap, heading: str, beside: str, paragraphs: Sequence[Paragraph]
    ) -> None:
        """All text is clean; `beside` stands at the right of the heading."""
        super().__init__()
        self._keys = Dispatcher(key_map.chords(Scope.LIST), with_counts=True)
        self._heading = heading
        self._beside = beside
        self._paragraphs = paragraphs

    def compose(self) -> ComposeResult:
        """Lay out heading, text and hints."""
        yield Line(id="heading")
        yield Pane(id="text")
        yield Line(id="foot")

    def on_mount(self) -> None:
        """Show the lines."""
        self.query_one("#heading", Line).show(f" {self._heading}", f"{self._beside} ")
        self._pane = self.query_one("#text", Pane)
        self._pane.show(self._paragraphs)
        self.query_one("#foot", Line).show(" Space pages   j k scroll   q back")

    def on_key(self, event: events.Key) -> None:
        """Scroll, page, or go back."""
        if was_handed_on(self, event):
            return
        event.stop()
        event.prevent_default()
        if event.key == "space":
            self._pane.page()
            return
        names = [event.key]
        if event.character and event.character.isprintable():
            names.append(event.character)
        press = self._keys.feed(*names)
        if press is None:
            return
        height = max(1, self._pane.size.height - 2)
        steps = {
            "move.down": press.times,
            "move.up": -press.times,
            "move.top": -self._pane.length,
            "move.bottom": self._pane.length,
            "move.half-down": press.times * height // 2,
            "move.half-up": -press.times * height // 2,
            "move.page-down": press.times * height,
            "move.page-up": -press.times * height,
        }
        if press.action in steps:
            self._pane.scroll(steps[press.action])
        elif press.action in ("list.back", "list.open"):
            self.dismiss()
        elif not press.action.startswith("list."):
            self._run_on_papers(press)

    def _run_on_papers(self, press: Press) -> None:
        """Close, and have the papers' screen do what works everywhere."""
        from papertray.tui.app import PapertrayApp

        self.dismiss()
        if isinstance(self.app, PapertrayApp):
            self.app.run_on_papers(press)
