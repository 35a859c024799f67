"""Colours: what can be read, and what is remembered."""

from __future__ import annotations

import pytest
from textual.color import Color
from textual.theme import BUILTIN_THEMES, Theme

from papertray.tui.themes import CONTRAST, PAPER, next_theme


def luminance(colour: Color) -> float:
    """Return the relative luminance of a colour, as WCAG 2.2 defines it."""
    parts = [part / 255 for part in colour.rgb]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Color, other: Color) -> float:
    """Return the contrast ratio of two colours: 1 (none) to 21 (black on white)."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("theme", "least"), [(PAPER, 4.5), (CONTRAST, 7.0)])
@pytest.mark.parametrize("ground", ["background", "surface", "panel"])
def test_everything_written_can_be_read(theme: Theme, least: float, ground: str) -> None:
    """By the contrast ratios of WCAG 2.2, 1.4.3 and 1.4.6."""
    colours = theme.to_color_system().generate()
    below = Color.parse(colours[ground])
    for name in ("foreground", "text-muted", "primary", "accent", "warning", "error", "success"):
        assert contrast(Color.parse(colours[name]), below) >= least, name


def test_the_next_theme_goes_round() -> None:
    names = [*BUILTIN_THEMES, PAPER.name, CONTRAST.name]
    seen = ["textual-dark"]
    for _ in names:
        seen.append(next_theme(seen[-1], names))
    assert set(seen) == set(names)
    assert seen[-1] == "textual-dark"
    assert next_theme("gone", names) == CONTRAST.name
