"""A list of lines with a cursor: notes, feeds, history and the like."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from papertray.tui.text import fit


@dataclass(frozen=True, slots=True)
class ListLine:
    """A clean line: `left` is cut where it is too long, `right` keeps its place at the edge.

    `id` is what its owner knows it by. The cursor passes over a line without id: a heading, when it
    is strong. `is_quiet` is for what matters less.
    """

    left: str
    right: str = ""
    id: str = ""
    is_strong: bool = False
    is_quiet: bool = False

    def has(self, words: Sequence[str]) -> bool:
        """Return whether all of some folded words stand in the line."""
        text = f"{self.left} {self.right}".casefold()
        return all(word in text for word in words)


class Lines(ScrollView, can_focus=True):
    """Draws the lines on screen. `index` is the line under the cursor."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {"lines--cursor", "lines--quiet", "lines--strong"}
    DEFAULT_CSS = """
    Lines {
        height: 1fr;
        overflow-x: hidden;
        scrollbar-size-vertical: 1;
        & > .lines--cursor { text-style: reverse bold; }
        & > .lines--quiet { color: $text-muted; }
        & > .lines--strong { text-style: bold; }
    }
    """

    class Moved(Message):
        """The cursor stands on another line."""

    class Chosen(Message):
        """The line under the cursor was clicked again."""

    def __init__(self, *, id: str = "lines") -> None:
        super().__init__(id=id)
        self.lines: Sequence[ListLine] = ()
        self.index = 0

    @property
    def chosen(self) -> str:
        """The id of the line under the cursor; empty where there is none."""
        return self.lines[self.index].id if self.index < len(self.lines) else ""

    def show(self, lines: Sequence[ListLine], *, chosen: str = "") -> None:
        """Show other lines, with the cursor on the one called `chosen`, or about where it was."""
        self.lines = lines
        self.virtual_size = Size(0, len(lines))
        wanted = next((i for i, line in enumerate(lines) if chosen and line.id == chosen), None)
        self.index = self._nearest(self.index if wanted is None else wanted, 1)
        self._show_cursor()
        self.refresh()
        self.post_message(self.Moved())

    def move_by(self, lines: int) -> None:
        """Move the cursor down by some lines, or up."""
        self.move_to(self.index + lines)

    def move_to(self, index: int) -> None:
        """Put the cursor on a line, or on the nearest one that it may stand on."""
        index = self._nearest(index, 1 if index > self.index else -1)
        if index != self.index:
            self.index = index
            self.refresh()
            self.post_message(self.Moved())
        self._show_cursor()

    def _nearest(self, index: int, step: int) -> int:
        """Return the nearest line with an id, looking on first, then back."""
        if not self.lines:
            return 0
        index = max(0, min(index, len(self.lines) - 1))
        ahead = range(index, len(self.lines) if step > 0 else -1, step)
        behind = range(index, -1 if step > 0 else len(self.lines), -step)
        return next((i for i in (*ahead, *behind) if self.lines[i].id), index)

    @property
    def page(self) -> int:
        """Lines on screen."""
        return max(1, self.scrollable_content_region.height)

    def _show_cursor(self) -> None:
        height = self.scrollable_content_region.height
        if not height:
            return
        first = self.index
        while first > 0 and not self.lines[first - 1].id:
            first -= 1  # a heading is seen with its first line
        top = self.scroll_offset.y
        if first < top:
            self.scroll_to(y=first, animate=False)
        elif self.index >= top + height:
            self.scroll_to(y=self.index - height + 1, animate=False)

    def on_resize(self) -> None:
        """Keep the cursor on screen in the new size."""
        self._show_cursor()

    def on_click(self, event: events.Click) -> None:
        """Put the cursor where the mouse is; a second click chooses."""
        index = self.scroll_offset.y + event.y
        if index >= len(self.lines) or not self.lines[index].id:
            return
        if index == self.index:
            self.post_message(self.Chosen())
        self.move_to(index)

    def render_line(self, y: int) -> Strip:
        """Draw one line of the screen."""
        index = self.scroll_offset.y + y
        width = self.scrollable_content_region.width
        style: Style = self.rich_style
        if index >= len(self.lines):
            return Strip.blank(width, style)
        line = self.lines[index]
        is_cursor = bool(line.id) and index == self.index
        names = {"strong": line.is_strong, "quiet": line.is_quiet, "cursor": is_cursor}
        for name in (name for name, applies in names.items() if applies):
            style += self.get_component_rich_style(f"lines--{name}", partial=True)
        right = f" {line.right} " if line.right else ""
        right = fit(right, min(cell_len(right), width // 2)) if right else ""
        left = fit(f"{'>' if is_cursor else ' '} {line.left}", width - cell_len(right))
        return Strip([Segment(left + right, style)])
