"""Whether a screen is still there, for what a thread has read for it meanwhile."""

from __future__ import annotations

from textual.screen import Screen


def is_open(screen: Screen[None]) -> bool:
    """Return whether a screen was not left: one that was may have no parts any more."""
    return screen.is_attached and screen in screen.app.screen_stack
