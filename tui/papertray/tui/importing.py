"""Modules that no first paint needs and many sessions do: imported in a thread, before a key does.

Each takes some tens of milliseconds, more from a slow disk, in which no key would be answered.
"""

from __future__ import annotations

import threading
from importlib import import_module

SOON = (
    "papertray.tui.screens.links",
    "papertray.tui.screens.noting",
    "papertray.tui.screens.copying",
    "papertray.tui.screens.adding",
    "papertray.tui.screens.prompt",
    "papertray.tui.screens.note",
    "papertray.tui.markdown_shown",
    "papertray.tui.screens.notes",
    "papertray.tui.screens.palette",
    "papertray.tui.screens.help",
    "papertray.tui.screens.exporting",
    "papertray.tui.commanding",
)
"""What is asked for first comes first."""

AFTER = 1.0
"""Seconds after the first paint: the first keys have the processor to themselves."""


def import_soon() -> None:
    """Import them in a thread that nobody waits for."""
    threading.Thread(target=_import_all, name="papertray-imports", daemon=True).start()


def _import_all() -> None:
    for name in SOON:
        import_module(name)
