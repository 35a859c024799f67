"""The list of papers: draws only the lines on screen, however many papers there are."""

from __future__ import annotations

from collections import OrderedDict
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from papertray.core.clean import clean
from papertray.core.model import Pile
from papertray.store.papers import Row
from papertray.tui.rows import RowWindow
from papertray.tui.text import fit

_MARKS = {Pile.INBOX: " ", Pile.READ: "r", Pile.STARRED: "★", Pile.SKIP: "x"}


class PaperList(ScrollView, can_focus=True):
    """One line a paper, a cursor, and nothing in memory but ids and the rows last looked at."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {"paper-list--cursor", "paper-list--aside"}
    DEFAULT_CSS = """
    PaperList {
        overflow-x: hidden;
        scrollbar-size-vertical: 1;
        & > .paper-list--cursor { text-style: reverse bold; }
        & > .paper-list--aside { color: $text-muted; }
    }
    """

    class Moved(Message):
        """The cursor stands on another paper, or on none (`paper_id` None)."""

        def __init__(self, paper_id: int | None, index: int) -> None:
            super().__init__()
            self.paper_id = paper_id
            self.index = index

    class Clicked(Message):
        """The line under the cursor was clicked again."""

    def __init__(self, rows: RowWindow, *, id: str) -> None:
        super().__init__(id=id)
        self.rows = rows
        self.index = 0
        self.today = ""
        self.shows_piles = False
        self._strips: OrderedDict[tuple[int, bool, int], Strip] = OrderedDict()

    # --- where the cursor is

    @property
    def paper_id(self) -> int | None:
        """The paper under the cursor."""
        return self.rows.ids[self.index] if self.index < len(self.rows) else None

    @property
    def page(self) -> int:
        """Lines on screen."""
        return max(1, self.scrollable_content_region.height)

    def move_to(self, index: int) -> None:
        """Put the cursor on a line, as near as there is one, and show it."""
        index = max(0, min(index, len(self.rows) - 1))
        if index == self.index:
            return
        old, self.index = self.index, index
        self.refresh_lines(old)
        self.refresh_lines(index)
        self.show_cursor()
        self.post_message(self.Moved(self.paper_id, self.index))

    def show_cursor(self) -> None:
        """Scroll so that the cursor's line is on screen."""
        height = self.scrollable_content_region.height
        if not height:
            return  # before the first layout a scroll would hide the first line
        top = self.scroll_offset.y
        if self.index < top:
            self.scroll_to(y=self.index, animate=False)
        elif self.index >= top + height:
            self.scroll_to(y=self.index - height + 1, animate=False)

    def view_changed(
        self, *, index: int | None = None, keep_scroll: bool = True, keep_line: bool = False
    ) -> None:
        """Draw anew after the ids changed, with the cursor on `index` (where it was, if None).

        With `keep_line` the cursor stays on its line of the screen, whatever came in above.
        """
        line = self.index - self.scroll_offset.y
        if index is not None:
            self.index = index
        self.index = max(0, min(self.index, len(self.rows) - 1))
        top = self.index - line if keep_line else 0
        # Few papers may lie below the cursor: then blank lines do, rather than that the list moves.
        self.virtual_size = Size(0, max(len(self.rows), top + self.page if top > 0 else 0))
        if not keep_scroll:
            self.scroll_to(y=0, animate=False)
        elif keep_line and top != self.scroll_offset.y:
            # By force: a list that had no more lines than the screen could not be scrolled so far.
            self.scroll_to(y=top, animate=False, force=True)
        self.show_cursor()
        self.refresh()
        self.post_message(self.Moved(self.paper_id, self.index))

    def rows_changed(self) -> None:
        """Draw anew after rows were fetched anew."""
        self._strips.clear()
        self.refresh()

    # --- drawing

    def notify_style_update(self) -> None:
        """Forget lines drawn in the old colours."""
        super().notify_style_update()
        self._strips.clear()

    def on_resize(self) -> None:
        """Keep the cursor on screen in the new size."""
        self._strips.clear()
        self.show_cursor()

    def on_click(self, event: events.Click) -> None:
        """Put the cursor where the mouse is; a second click opens the card."""
        index = self.scroll_offset.y + event.y
        if index >= len(self.rows):
            return
        if index == self.index:
            self.post_message(self.Clicked())
        self.move_to(index)

    def render_line(self, y: int) -> Strip:
        """Draw one line of the screen."""
        index = self.scroll_offset.y + y
        width = self.scrollable_content_region.width
        if index >= len(self.rows):
            return Strip.blank(width, self.rich_style)
        key = (self.rows.ids[index], index == self.index, width)
        strip = self._strips.get(key)
        if strip is None:
            row = self.rows.row(index)
            if row is None:
                return Strip.blank(width, self.rich_style)
            strip = self._strips[key] = self._draw(row, index == self.index, width)
            if len(self._strips) > 1024:
                self._strips.popitem(last=False)
        return strip

    def _draw(self, row: Row, is_cursor: bool, width: int) -> Strip:
        base: Style = self.rich_style
        aside = base + self.get_component_rich_style("paper-list--aside", partial=True)
        if is_cursor:
            base = aside = base + self.get_component_rich_style("paper-list--cursor", partial=True)
        mark = _MARKS[row.pile] if self.shows_piles else " "
        gutter = f"{'>' if is_cursor else ' '}{mark}{'+' if row.has_note else ' '}"
        author_width = 14 if width >= 100 else 0
        label_width = 14 if width >= 60 else 0
        beside = ""
        if author_width:
            beside += " " + fit(clean(row.first_author), author_width - 1)
        if label_width:
            beside += " " + fit(_label(row), label_width - 1)
        age = f" {_age(row.added, self.today):>4}" if width >= 40 else ""
        title_width = max(1, width - len(gutter) - author_width - label_width - len(age))
        title = fit(clean(row.title), title_width)
        return Strip([Segment(gutter, base), Segment(title, base), Segment(beside + age, aside)])


def _label(row: Row) -> str:
    if row.rank is not None:
        return clean(f"{row.feed} {row.rank}")
    return clean(row.venue or row.feed) if not row.year else clean(f"{row.year} {row.venue}")


def _age(added: str, today: str) -> str:
    """Return how long ago an instant was, to be read at a glance: ``3d``, ``5w``, ``2y``."""
    from datetime import date

    if not today:
        return ""
    days = (date.fromisoformat(today) - date.fromisoformat(added[:10])).days
    if days <= 0:
        return "new"
    if days < 14:
        return f"{days}d"
    return f"{days // 7}w" if days < 366 else f"{days // 365}y"
