"""All notes, last changed first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from papertray.core.clean import clean
from papertray.core.model import Note
from papertray.tui.widgets.line import Line

MOST = 500
"""Notes listed; the search finds the others."""


class NotesScreen(Screen[int | None]):
    """A list of notes. Dismissed with the id of the one to open, or None."""

    BINDINGS: ClassVar[list[BindingType]] = []
    DEFAULT_CSS = """
    NotesScreen { layout: vertical; }
    NotesScreen OptionList { height: 1fr; border: none; padding: 0 1; }
    NotesScreen #heading { text-style: bold; }
    """

    def __init__(self, heading: str, notes: Sequence[tuple[Note, str]]) -> None:
        """`notes` come with the title of their paper, empty for free-standing ones."""
        super().__init__()
        self._heading = heading
        self._notes = notes

    def compose(self) -> ComposeResult:
        """Lay out heading, list and hints."""
        yield Line(id="heading")
        # Markup is off: a note may begin with [MASK].
        yield OptionList(
            *(Option(label(note, paper), id=str(note.id)) for note, paper in self._notes),
            markup=False,
        )
        yield Line(id="foot")

    def on_mount(self) -> None:
        """Show the words and take the keys."""
        self.query_one("#heading", Line).show(f" {clean(self._heading)}")
        self.query_one("#foot", Line).show(" Enter opens   q back")
        self.query_one(OptionList).focus()

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(int(event.option.id or 0))

    def on_key(self, event: events.Key) -> None:
        """j and k move, q and Esc go back."""
        if self.app.screen is not self:
            return
        options = self.query_one(OptionList)
        if event.key in ("q", "escape"):
            self.dismiss(None)
        elif event.key == "j":
            options.action_cursor_down()
        elif event.key == "k":
            options.action_cursor_up()
        elif event.key in ("tab", "shift+tab"):
            event.prevent_default()
        else:
            return
        event.stop()


def label(note: Note, paper: str) -> str:
    """Return what the list shows of a note: day, title, first words."""
    title = note.title or paper or "note"
    words = " ".join(note.body.split())
    return clean(f"{note.updated[:10]}  {title[:60]}  · {words[:100]}")
