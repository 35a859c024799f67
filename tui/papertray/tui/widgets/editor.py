"""The text of a note while it is edited."""

from __future__ import annotations

from rich.text import Text
from textual.widgets import TextArea

from papertray.tui.text import masked


class Editor(TextArea):
    """Draws its text without what steers terminals; the text itself stays as it is."""

    def get_line(self, line_index: int) -> Text:
        """Return a line as it is drawn, with as many characters as it has."""
        line = super().get_line(line_index)
        line.plain = masked(line.plain)
        return line
