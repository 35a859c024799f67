"""One line of text with a left and a right part: tabs, rules, status and hints."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from papertray.tui.dispatch import Press
from papertray.tui.text import fit

Pieces: TypeAlias = Sequence[tuple[str, Press]]
"""Pieces of a line as they stand in it, from left to right, and what each asks for."""


class Line(Widget):
    """Draws clean text in one line; the right part keeps its place, the left one is cut.

    `fill` fills the middle: blanks, or ``-`` for a rule. `strong` is a piece of the left part
    that is drawn in reverse, such as the tab one is in.
    """

    DEFAULT_CSS = """
    Line { height: 1; }
    """
    ALLOW_SELECT = False

    class Pressed(Message):
        """A piece of the line was clicked that asks for something."""

        def __init__(self, press: Press) -> None:
            super().__init__()
            self.press = press

    def __init__(self, *, id: str, fill: Literal[" ", "─"] = " ") -> None:
        super().__init__(id=id)
        self._fill = fill
        self._parts = ("", "", "")
        self._pieces: Pieces = ()

    def show(self, left: str, right: str = "", strong: str = "", pieces: Pieces = ()) -> None:
        """Show other text; nothing is drawn when it is the same. `pieces` can be clicked."""
        self._pieces = pieces
        if (left, right, strong) != self._parts:
            self._parts = (left, right, strong)
            self.refresh()

    @property
    def text(self) -> str:
        """The left part as it stands, for tests and the palette."""
        return self._parts[0]

    def on_click(self, event: events.Click) -> None:
        """Ask for what the piece under the mouse stands for, if it stands for anything."""
        text, at = "".join(self._shown()), 0
        for piece, press in self._pieces:
            # One that was cut ends where the line does.
            start = text.find(piece.rstrip(), at)
            if start < 0:
                continue
            at = start + len(piece.rstrip())
            first = cell_len(text[:start])
            if first <= event.x < first + cell_len(piece):
                self.post_message(self.Pressed(press))
                return

    def _shown(self) -> tuple[str, str]:
        """Return both parts as they fit, the left one filled up to the right one."""
        left, right, _ = self._parts
        width = self.size.width
        most = max(width // 2, width - cell_len(left))
        right = fit(right, min(cell_len(right), most)) if right else ""
        room = width - cell_len(right)
        shown = left if cell_len(left) <= room else fit(left, room)
        return shown + self._fill * (room - cell_len(shown)), right

    def render_line(self, y: int) -> Strip:
        """Draw the line."""
        strong = self._parts[2]
        shown, right = self._shown()
        style = self.rich_style
        if strong and strong in shown:
            before, _, after = shown.partition(strong)
            reverse = style + Style(reverse=True, bold=True)
            return Strip(
                [Segment(before, style), Segment(strong, reverse), Segment(after + right, style)]
            )
        return Strip([Segment(shown + right, style)])
