"""Colours: Textual's themes, and two of papertray's own. No state is told by colour alone."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual.theme import Theme

if TYPE_CHECKING:
    from textual.app import App

PAPER = Theme(
    name="papertray-paper",
    primary="#1f4f82",
    secondary="#5b4a8a",
    accent="#8a4b08",
    warning="#8a4b08",
    error="#a3182d",
    success="#22662f",
    foreground="#26231d",
    background="#fbf7ee",
    surface="#f3ede0",
    panel="#e8e0cf",
    dark=False,
    variables={"text-muted": "#5c564a"},
)
"""Dark on the colour of paper."""

CONTRAST = Theme(
    name="papertray-contrast",
    primary="#ffff00",
    secondary="#00ffff",
    accent="#ffff00",
    warning="#ffd700",
    error="#ff9c9c",
    success="#7cff7c",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#1c1c1c",
    variables={"text-muted": "#e6e6e6"},
)
"""White on black, with nothing faint."""

WITHOUT_COLOUR = "ansi-dark"
"""The theme with which Textual sends no colour code when `NO_COLOR` is set."""


def keeps_ansi() -> bool | None:
    """Return what an app is to be made with as `ansi_color`: True where `NO_COLOR` is set.

    Textual chooses then how it leaves colours out; later, it would make them shades of grey, and
    the terminal's own colours black on black.
    """
    return True if os.environ.get("NO_COLOR") else None


def use_themes(app: App[None], remembered: str) -> None:
    """Give an app papertray's themes, and the one that was chosen last time."""
    app.register_theme(PAPER)
    app.register_theme(CONTRAST)
    if os.environ.get("NO_COLOR"):
        app.theme = WITHOUT_COLOUR
    elif remembered in app.available_themes:
        app.theme = remembered


def next_theme(present: str, names: Iterable[str]) -> str:
    """Return the theme after the present one, ours first; the first again after the last."""
    ordered = sorted(names, key=lambda name: (not name.startswith("papertray-"), name))
    at = ordered.index(present) if present in ordered else -1
    return ordered[(at + 1) % len(ordered)]
