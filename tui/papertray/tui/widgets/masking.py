"""A line that is typed, drawn harmless."""

from __future__ import annotations

from rich.highlighter import Highlighter
from rich.text import Text

from papertray.tui.text import masked


class Masking(Highlighter):
    """Draws the text of an `Input` without what steers terminals; the text stays as it is."""

    def highlight(self, text: Text) -> None:
        """Put harmless characters in place of the others, one for one."""
        text.plain = masked(text.plain)
