"""The floor: a Textual app that shows one line."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import Static


class EmptyApp(App[None]):
    """Shows a line and waits for q."""

    ENABLE_COMMAND_PALETTE = False
    BINDINGS = [("q", "quit", "Quit")]  # noqa: RUF012  # as small as an app can be

    def compose(self) -> ComposeResult:
        """Show the line."""
        yield Static("READY")


if __name__ == "__main__":
    EmptyApp().run()
