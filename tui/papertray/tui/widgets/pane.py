"""A pane of running text that pages: the preview below the list, and the card."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from papertray.tui.text import Paragraph, fit, wrap


class Pane(Widget):
    """Draws paragraphs, wrapped to its width, from line `top` on. Without a layout of its own."""

    DEFAULT_CSS = """
    Pane {
        & > .pane--quiet { color: $text-muted; }
        & > .pane--strong { text-style: bold; }
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"pane--quiet", "pane--strong"}
    ALLOW_SELECT = False

    class Resized(Message):
        """More or fewer lines fit than before."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._paragraphs: Sequence[Paragraph] = ()
        self._lines: list[tuple[str, Paragraph]] = []
        self._wrapped_for = 0
        self.top = 0

    def show(self, paragraphs: Sequence[Paragraph], *, keep_place: bool = False) -> None:
        """Show other text, from its beginning; with `keep_place` from where one is."""
        self._paragraphs = paragraphs
        self._wrapped_for = 0
        if not keep_place:
            self.top = 0
        self.refresh()

    @property
    def length(self) -> int:
        """The number of lines in the present width."""
        self._wrap()
        return len(self._lines)

    @property
    def bottom(self) -> int:
        """The number of the last line on screen, from 1."""
        return min(self.length, self.top + self.size.height)

    def page(self) -> bool:
        """Go a page on, keeping two lines; False when the end is on screen already."""
        if self.bottom >= self.length:
            return False
        step = max(1, self.size.height - 2)
        self.top = min(self.top + step, max(0, self.length - self.size.height))
        self.refresh()
        return True

    def scroll(self, lines: int) -> None:
        """Scroll by some lines, no further than the text goes."""
        top = max(0, min(self.top + lines, self.length - self.size.height))
        if top != self.top:
            self.top = top
            self.refresh()

    def on_resize(self) -> None:
        """Tell whoever shows how far down one is."""
        self.post_message(self.Resized())

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll with the wheel."""
        self.scroll(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll with the wheel."""
        self.scroll(-3)

    def render_line(self, y: int) -> Strip:
        """Draw one line of the screen."""
        self._wrap()
        width = self.size.width
        index = self.top + y
        base: Style = self.rich_style
        if index >= len(self._lines):
            return Strip.blank(width, base)
        text, paragraph = self._lines[index]
        if paragraph.is_strong:
            base += self.get_component_rich_style("pane--strong", partial=True)
        elif paragraph.is_quiet:
            base += self.get_component_rich_style("pane--quiet", partial=True)
        return Strip([Segment(fit(" " * (1 + paragraph.indent) + text, width), base)])

    def _wrap(self) -> None:
        width = self.size.width
        if self._wrapped_for == width:
            return
        self._wrapped_for = width
        # A line of 110 cells is the longest that reads well, however wide the terminal is.
        self._lines = [
            (line, paragraph)
            for paragraph in self._paragraphs
            for line in wrap(paragraph.text, min(width - 2, 110) - paragraph.indent)
        ]
        self.top = max(0, min(self.top, len(self._lines) - self.size.height))
