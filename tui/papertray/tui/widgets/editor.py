"""The text of a note while it is edited."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec

from rich.style import Style
from rich.text import Text
from textual import events
from textual.binding import BindingsMap
from textual.widgets import TextArea
from textual.widgets.text_area import TextAreaTheme

from papertray.tui.text import masked
from papertray.tui.typing_ahead import was_done

MOST_LINES = 2000
"""Lines of a note that is highlighted while it is written."""

_STRONG, _QUIET = Style(bold=True), Style(dim=True)
_CODE = Style(italic=True)
THEME = TextAreaTheme(
    "papertray",
    # Without colours: readable in every theme, and with NO_COLOR.
    syntax_styles={
        "heading": _STRONG, "heading.marker": _STRONG, "list.marker": _STRONG,
        "punctuation.special": _QUIET, "punctuation.delimiter": _QUIET, "text.literal": _CODE,
        "link.uri": Style(underline=True), "link.label": _STRONG,
    },
)  # fmt: skip
"""How Markdown looks while it is written, where the grammar for it is installed."""


_OWN = BindingsMap(TextArea.BINDINGS)


class Editor(TextArea):
    """Draws its text without what steers terminals; the text itself stays as it is."""

    before_key: Callable[[events.Key], bool] | None = None
    """Called with each key first; a key for which it returns True is done with."""

    async def _on_key(self, event: events.Key) -> None:
        await self.take(event)
        event.stop()
        event.prevent_default()

    async def take(self, event: events.Key) -> None:
        """Do what a key does. The screen calls it for keys that came before the editor had them."""
        is_done = self.before_key is not None and self.before_key(event)
        if not is_done and not was_done(self, _OWN, event):
            await super()._on_key(event)

    def get_line(self, line_index: int) -> Text:
        """Return a line as it is drawn, with as many characters as it has."""
        line = super().get_line(line_index)
        line.plain = masked(line.plain)
        return line

    def become(self, text: str) -> None:
        """Change the text into another one, only where it differs: the cursor stays in place."""
        present = self.text
        start = next(
            (at for at, (a, b) in enumerate(zip(present, text, strict=False)) if a != b),
            min(len(present), len(text)),
        )
        rest = min(len(present), len(text)) - start
        back = next((at for at in range(rest) if present[-1 - at] != text[-1 - at]), max(0, rest))
        if start == len(present) == len(text):
            return
        at, selection = _location(present, start), self.selection
        end = _location(present, len(present) - back)
        self.replace(text[start : len(text) - back], at, end)
        if max(selection) <= at:
            self.selection = selection  # what is put in at the cursor goes behind it

    def highlight(self) -> None:
        """Show headings, lists and code as such, from now on; only where a grammar is loaded.

        A text of many lines stays plain: all of it is looked at again with each letter.
        """
        if self.document.line_count > MOST_LINES:
            return
        self.register_theme(THEME)
        self.theme = THEME.name
        selection, place = self.selection, self.scroll_offset
        self.language = "markdown"  # puts the cursor at the beginning
        self.selection = selection
        self.scroll_to(*place, animate=False)


def load_grammar() -> bool:
    """Load the grammar of Markdown; False where it is not installed. For a worker thread."""
    if find_spec("tree_sitter") is None or find_spec("tree_sitter_markdown") is None:
        return False
    from textual._tree_sitter import get_language

    return get_language("markdown") is not None


def _location(text: str, place: int) -> tuple[int, int]:
    """Return the line and column of a place in a text."""
    before = text[:place]
    return before.count("\n"), place - (before.rfind("\n") + 1)
