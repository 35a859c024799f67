"""One line of text with a left and a right part: tabs, rules, status and hints."""

from __future__ import annotations

from typing import Literal

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from papertray.tui.text import fit


class Line(Widget):
    """Draws clean text in one line; the right part keeps its place, the left one is cut.

    `fill` fills the middle: blanks, or ``-`` for a rule. `strong` is a piece of the left part
    that is drawn in reverse, such as the tab one is in.
    """

    DEFAULT_CSS = """
    Line { height: 1; }
    """
    ALLOW_SELECT = False

    def __init__(self, *, id: str, fill: Literal[" ", "─"] = " ") -> None:
        super().__init__(id=id)
        self._fill = fill
        self._parts = ("", "", "")

    def show(self, left: str, right: str = "", strong: str = "") -> None:
        """Show other text; nothing is drawn when it is the same."""
        if (left, right, strong) != self._parts:
            self._parts = (left, right, strong)
            self.refresh()

    @property
    def text(self) -> str:
        """The left part as it stands, for tests and the palette."""
        return self._parts[0]

    def render_line(self, y: int) -> Strip:
        """Draw the line."""
        left, right, strong = self._parts
        width = self.size.width
        most = max(width // 2, width - cell_len(left))
        right = fit(right, min(cell_len(right), most)) if right else ""
        room = width - cell_len(right)
        shown = left if cell_len(left) <= room else fit(left, room)
        shown += self._fill * (room - cell_len(shown))
        style = self.rich_style
        if strong and strong in shown:
            before, _, after = shown.partition(strong)
            reverse = style + Style(reverse=True, bold=True)
            return Strip(
                [Segment(before, style), Segment(strong, reverse), Segment(after + right, style)]
            )
        return Strip([Segment(shown + right, style)])
