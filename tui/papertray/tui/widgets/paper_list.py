"""The list of papers: draws only the lines on screen, however many papers there are."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from papertray.core.clean import clean
from papertray.core.piles import Pile
from papertray.store.papers import Row
from papertray.tui.rows import RowWindow
from papertray.tui.tex_shown import shown_tex
from papertray.tui.text import fit

if TYPE_CHECKING:
    from papertray.tui.highlights import Highlights, Spans

WIDE = 100
"""Columns from which on there is room for the first author, and for all signs of a paper."""

_MARKS = {Pile.INBOX: " ", Pile.READ: "r", Pile.STARRED: "★", Pile.SKIP: "x"}


class PaperList(ScrollView, can_focus=True):
    """One line a paper, a cursor, and nothing in memory but ids and the rows last looked at.

    Between the rows stand the headings of the window: the cursor passes over them. `is_marked` says
    which papers are marked, `heading` what stands on the heading above a row, in a given width.
    """

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "paper-list--cursor",
        "paper-list--aside",
        "paper-list--match",
    }
    DEFAULT_CSS = """
    PaperList {
        overflow-x: hidden;
        scrollbar-size-vertical: 1;
        & > .paper-list--cursor { text-style: reverse bold; }
        & > .paper-list--aside { color: $text-muted; }
        & > .paper-list--match { text-style: bold underline; }
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
        self.highlights: Highlights | None = None
        self.is_marked: Callable[[int], bool] = lambda paper_id: False
        self.heading: Callable[[int, int], str] = lambda index, width: "─" * width
        self._strips: OrderedDict[tuple[int, bool, bool, int, bool], Strip] = OrderedDict()

    # --- where the cursor is

    @property
    def paper_id(self) -> int | None:
        """The paper under the cursor."""
        return self.rows.ids[self.index] if self.index < len(self.rows) else None

    @property
    def page(self) -> int:
        """Lines on screen."""
        return max(1, self.scrollable_content_region.height)

    def half_page(self) -> int:
        """Lines of half a page, at least one."""
        return max(1, self.page // 2)

    def move_by(self, lines: int) -> None:
        """Move the cursor down by some lines, or up."""
        self.move_to(self.index + lines)

    def move_to(self, index: int) -> None:
        """Put the cursor on a line, as near as there is one, and show it."""
        index = max(0, min(index, len(self.rows) - 1))
        if index == self.index:
            return
        old, self.index = self.index, index
        self.refresh_lines(self.rows.headings.line_of(old))
        self.refresh_lines(self._line)
        self.show_cursor()
        self.post_message(self.Moved(self.paper_id, self.index))

    @property
    def _line(self) -> int:
        """The line of the cursor, headings counted."""
        return self.rows.headings.line_of(self.index)

    def show_cursor(self) -> None:
        """Scroll so that the cursor's line is on screen, and the heading above it."""
        height = self.scrollable_content_region.height
        if not height:
            return  # before the first layout a scroll would hide the first line
        top, line = self.scroll_offset.y, self._line
        first = line - 1 if height > 1 and self.rows.headings.has_heading(self.index) else line
        if first < top:
            self.scroll_to(y=first, animate=False)
        elif line >= top + height:
            self.scroll_to(y=line - height + 1, animate=False)

    @property
    def cursor_line(self) -> int:
        """The line of the screen on which the cursor stands, counted from the list's first."""
        return self._line - self.scroll_offset.y

    def view_changed(
        self,
        *,
        index: int | None = None,
        keep_scroll: bool = True,
        keep_line: bool = False,
        line: int | None = None,
    ) -> None:
        """Draw anew after the ids changed, with the cursor on `index` (where it was, if None).

        With `keep_line` the cursor stays on its line of the screen, whatever came in above: on
        `line`, what `cursor_line` was before the ids changed.
        """
        if index is not None:
            self.index = index
        self.index = max(0, min(self.index, len(self.rows) - 1))
        top = self._line - (line or 0) if keep_line else 0
        # Few papers may lie below the cursor: then blank lines do, rather than that the list moves.
        self.virtual_size = Size(0, max(self.rows.lines, top + self.page if top > 0 else 0))
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
        index, is_heading = self.rows.headings.row_at(self.scroll_offset.y + event.y)
        if is_heading or index >= len(self.rows):
            return
        if index == self.index:
            self.post_message(self.Clicked())
        self.move_to(index)

    def render_line(self, y: int) -> Strip:
        """Draw one line of the screen."""
        index, is_heading = self.rows.headings.row_at(self.scroll_offset.y + y)
        width = self.scrollable_content_region.width
        if index >= len(self.rows):
            return Strip.blank(width, self.rich_style)
        if is_heading:
            aside = self.get_component_rich_style("paper-list--aside", partial=True)
            return Strip([Segment(self.heading(index, width), self.rich_style + aside)], width)
        paper_id = self.rows.ids[index]
        has_authors = self._has_authors(width)
        key = (paper_id, index == self.index, self.is_marked(paper_id), width, has_authors)
        strip = self._strips.get(key)
        if strip is None:
            row = self.rows.row(index)
            if row is None:
                return Strip.blank(width, self.rich_style)
            strip = self._strips[key] = self._draw(
                row, index == self.index, width, has_authors=has_authors
            )
            if len(self._strips) > 1024:
                self._strips.popitem(last=False)
        return strip

    def _has_authors(self, width: int) -> bool:
        """Whether there is room for authors, and a row on screen has one."""
        if width < WIDE:
            return False
        first, _ = self.rows.headings.row_at(self.scroll_offset.y)
        for index in range(first, min(first + self.page, len(self.rows))):
            row = self.rows.row(index)
            if row is not None and row.first_author:
                return True
        return False

    def _draw(self, row: Row, is_cursor: bool, width: int, *, has_authors: bool) -> Strip:
        base: Style = self.rich_style
        aside = base + self.get_component_rich_style("paper-list--aside", partial=True)
        if is_cursor:
            base = aside = base + self.get_component_rich_style("paper-list--cursor", partial=True)
        match = self.get_component_rich_style("paper-list--match", partial=True)
        is_wide = width >= WIDE
        gutter = self._gutter(row, is_cursor, is_wide)
        author_width = 14 if has_authors else 0
        label_width = 14 if width >= 60 else 0
        age = f" {_age(row.added, self.today):>4}" if width >= 40 else ""
        title_width = max(1, width - len(gutter) - author_width - label_width - len(age))
        found = self.highlights
        segments = [Segment(gutter, base)]
        segments += _marked(
            shown_tex(clean(row.title)), title_width, found.title if found else None, base, match
        )
        if author_width:
            segments.append(Segment(" ", aside))
            author = clean(row.first_author)
            segments += _marked(
                author, author_width - 1, found.author if found else None, aside, match
            )
        if label_width:
            segments.append(Segment(" " + fit(_label(row), label_width - 1), aside))
        segments.append(Segment(age, aside))
        return Strip(segments)

    def _gutter(self, row: Row, is_cursor: bool, is_wide: bool) -> str:
        """Return the signs before a title: the cursor, a mark, the pile, what is new, a note.

        Where there is little room, one sign stands for all but the cursor.
        """
        cursor = ">" if is_cursor else " "
        mark = "*" if self.is_marked(row.id) else " "
        pile = _MARKS[row.pile] if self.shows_piles else " "
        news = _news(row)
        note = "n" if row.has_note else " "
        if is_wide:
            return f"{cursor}{mark if mark != ' ' else pile}{news}{note} "
        return cursor + next((sign for sign in (mark, pile, news, note) if sign != " "), " ") + " "


def _news(row: Row) -> str:
    """Return the number of the version that came since the paper was known, ``+`` for a rule."""
    if row.new_version:
        return str(row.new_version) if row.new_version < 10 else "9"
    return "+" if row.is_ruled else " "


def _marked(
    text: str, width: int, spans_of: Callable[[str], Spans] | None, style: Style, match: Style
) -> list[Segment]:
    """Return a clean text in exactly `width` cells, with what matches drawn in another style."""
    shown = fit(text, width)
    spans = spans_of(text) if spans_of is not None else ()
    if not spans:
        return [Segment(shown, style)]
    is_cut = shown.rstrip().endswith("…") and not text.rstrip().endswith("…")
    length = len(shown.rstrip()) - 1 if is_cut else len(text)
    segments, at = [], 0
    for start, end in spans:
        if start >= length:
            break
        if at < start:
            segments.append(Segment(shown[at:start], style))
        at = min(end, length)
        segments.append(Segment(shown[start:at], style + match))
    return [*segments, Segment(shown[at:], style)]


def _label(row: Row) -> str:
    if row.rank is not None:
        return clean(f"{row.feed} {row.rank}")
    return clean(row.venue or row.feed) if not row.year else clean(f"{row.year} {row.venue}")


def _age(added: str, today: str) -> str:
    """Return how long ago an instant was, to be read at a glance: ``3d``, ``5w``, ``2y``."""
    if not today:
        return ""
    days = (date.fromisoformat(today) - date.fromisoformat(added[:10])).days
    if days <= 0:
        return "new"
    if days < 14:
        return f"{days}d"
    return f"{days // 7}w" if days < 366 else f"{days // 365}y"
