"""The end of a session that had a budget of time: what was done, and whether to go on."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen

from papertray.tui.text import Paragraph
from papertray.tui.widgets.pane import Pane

if TYPE_CHECKING:
    from papertray.tui.screens.triage import TriageScreen
    from papertray.tui.session import Session

LOOK_EVERY = 1.0
"""Seconds between two looks at the clock."""


class Checkpoint(Screen[bool]):
    """Says what was decided; Enter goes on for as long again (True), q leaves (False).

    All other keys are dead: whoever was deciding fast decides nothing here.
    """

    inherit_bindings = False
    BINDINGS: ClassVar[list[BindingType]] = []
    DEFAULT_CSS = """
    Checkpoint { padding: 1 2; }
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session

    def compose(self) -> ComposeResult:
        """Lay out the sentences."""
        yield Pane(id="checkpoint")

    def on_mount(self) -> None:
        """Show them."""
        length = self._session.length
        self.query_one(Pane).show(
            [
                Paragraph(f"Time is over: {length}.", is_strong=True),
                Paragraph(""),
                *map(Paragraph, self._session.summary()),
                Paragraph(""),
                Paragraph(f"Enter goes on for another {length}, q leaves.", is_quiet=True),
            ]
        )

    def on_key(self, event: events.Key) -> None:
        """Go on, or leave."""
        event.stop()
        event.prevent_default()
        if event.key in ("enter", "q"):
            self.dismiss(event.key == "enter")


def watch_budget(screen: TriageScreen) -> None:
    """Have the status line count down, and stop at a checkpoint once the time is used up.

    Not over a note or another screen that is open: as soon as the papers are there again.
    """
    session = screen.session

    def answered(goes_on: bool | None) -> None:
        if goes_on:
            session.go_on()
            screen.show_undo()
        else:
            screen.papertray.leave()

    def look() -> None:
        if screen.app.screen is not screen or screen.finding.is_typing:
            return
        screen.show_undo()
        if session.is_over:
            screen.app.push_screen(Checkpoint(session), answered)

    if session.time_left is not None:
        screen.set_interval(LOOK_EVERY, look)
