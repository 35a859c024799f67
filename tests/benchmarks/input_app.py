"""The floor of typing: a Textual app that shows one line to type into."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import Input


class InputApp(App[None]):
    """Shows what is typed."""

    ENABLE_COMMAND_PALETTE = False

    def compose(self) -> ComposeResult:
        """Show the line."""
        yield Input(placeholder="READY")


if __name__ == "__main__":
    InputApp().run()
