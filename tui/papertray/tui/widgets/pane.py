"""A pane of running text that pages: the preview below the list, and the card."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from papertray.tui.text import DrawnLine, Paragraph, lines_of, styled

WIDEST = 110
"""Cells of the longest line that reads well, however wide the terminal is."""


class Pane(Widget):
    """Draws paragraphs, wrapped to its width, from line `top` on. Without a layout of its own."""

    DEFAULT_CSS = """
    Pane {
        & > .pane--quiet { color: $text-muted; }
        & > .pane--strong { text-style: bold; }
        & > .pane--emphasis { text-style: italic; }
        & > .pane--code { text-style: bold italic; }
        & > .pane--link { text-style: underline; }
        & > .pane--match { text-style: bold underline; }
        & > .pane--added { text-style: bold; color: $text-success; }
        & > .pane--gone { text-style: strike; color: $text-muted; }
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "pane--quiet",
        "pane--strong",
        "pane--emphasis",
        "pane--code",
        "pane--link",
        "pane--match",
        "pane--added",
        "pane--gone",
    }
    ALLOW_SELECT = False

    class Resized(Message):
        """More or fewer lines fit than before."""

    class Opened(Message):
        """A link was clicked; `target` is its address."""

        def __init__(self, target: str) -> None:
            super().__init__()
            self.target = target

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._paragraphs: Sequence[Paragraph] = ()
        self._lines: list[DrawnLine] = []
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

    def on_click(self, event: events.Click) -> None:
        """Ask for the link under the mouse, if there is one."""
        index = self.top + event.y
        if index >= self.length:
            return
        line = self._lines[index]
        for span in line.spans:
            first = 1 + cell_len(line.before + line.text[: span.start])
            last = first + cell_len(line.text[span.start : span.end])
            if span.target and first <= event.x < last:
                self.post_message(self.Opened(span.target))
                return

    def render_line(self, y: int) -> Strip:
        """Draw one line of the screen."""
        self._wrap()
        width = self.size.width
        index = self.top + y
        base: Style = self.rich_style
        if index >= len(self._lines):
            return Strip.blank(width, base)
        line = self._lines[index]
        if line.paragraph.is_strong:
            base += self._style("strong")
        elif line.paragraph.is_quiet:
            base += self._style("quiet")
        segments = [Segment(f" {line.before}", base)]
        for text, spans in styled(line):
            style = base
            for span in spans:
                style += self._style(span.look)
            segments.append(Segment(text, style))
        return Strip(segments).adjust_cell_length(width, base)

    def _style(self, name: str) -> Style:
        return self.get_component_rich_style(f"pane--{name}", partial=True)

    def _wrap(self) -> None:
        width = self.size.width
        if self._wrapped_for == width:
            return
        self._wrapped_for = width
        room = min(width - 2, WIDEST)
        self._lines = [line for each in self._paragraphs for line in lines_of(each, room)]
        self.top = max(0, min(self.top, len(self._lines) - self.size.height))
