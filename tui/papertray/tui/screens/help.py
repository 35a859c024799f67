"""Something to read on a screen of its own: every key, made from the table, for one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen

from papertray.tui.keys import Group, KeyMap, shown
from papertray.tui.text import Paragraph
from papertray.tui.widgets.line import Line
from papertray.tui.widgets.pane import Pane


class HelpScreen(Screen[None]):
    """Paragraphs on a screen of their own; Space pages, any other key goes back."""

    BINDINGS: ClassVar[list[BindingType]] = []
    DEFAULT_CSS = """
    HelpScreen { layout: vertical; }
    HelpScreen #text { height: 1fr; }
    HelpScreen #heading { text-style: bold; }
    """

    def __init__(self, heading: str, beside: str, paragraphs: Sequence[Paragraph]) -> None:
        """Show `paragraphs` under a `heading`, with `beside` at its right. All text is clean."""
        super().__init__()
        self._heading = heading
        self._beside = beside
        self._paragraphs = paragraphs

    def compose(self) -> ComposeResult:
        """Lay out heading, text and hints."""
        yield Line(id="heading")
        yield Pane(id="text")
        yield Line(id="foot")

    def on_mount(self) -> None:
        """Show the text."""
        self.query_one("#heading", Line).show(f" {self._heading}", f"{self._beside} ")
        self.query_one("#text", Pane).show(self._paragraphs)
        self.query_one("#foot", Line).show(" Space pages   j k scroll   any other key: back")

    def on_key(self, event: events.Key) -> None:
        """Page, scroll, or go back."""
        event.stop()
        event.prevent_default()
        if self.app.screen is not self:
            return
        pane = self.query_one("#text", Pane)
        if event.key in ("j", "down"):
            pane.scroll(1)
        elif event.key in ("k", "up"):
            pane.scroll(-1)
        elif event.key == "pageup":
            pane.scroll(-pane.size.height)
        elif event.key not in ("space", "pagedown") or not pane.page():
            self.dismiss()


def table(key_map: KeyMap) -> list[Paragraph]:
    """Return the key table as paragraphs."""
    found = []
    for group in Group:
        found.append(Paragraph(str(group), is_strong=True))
        for action in key_map.actions:
            if action.group is group:
                keys = " ".join(map(shown, action.chords)) or "(no key)"
                found.append(Paragraph(f"{keys:<18} {action.text}", indent=1))
        found.append(Paragraph(""))
    return found[:-1]
