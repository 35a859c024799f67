"""A home folder with a tray, and papertray as one starts it there.

Import with ``from .home import Home``.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from papertray.notebook.notebook import Notebook
from papertray.store.journal import Origin
from papertray.store.places import find_places

from .terminal import Terminal

ROOT = Path(__file__).parents[2]
ROOTS = [str(ROOT / name) for name in ("store", "exporters", "tui")]


class Home:
    """A home folder with a tray, and papertray as one starts it there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "tmp").mkdir()
        self.environment = {
            "HOME": str(folder), "TMPDIR": str(folder / "tmp"), "PATH": "/usr/bin:/bin",
            "PYTHONPATH": os.pathsep.join(ROOTS), "LANG": "C.UTF-8", "TERM": "xterm-256color",
            "COLORTERM": "truecolor", "PAPERTRAY_TRAY": str(folder / "tray"),
            "PAPERTRAY_CACHE": str(folder / "cache"), "PAPERTRAY_STATE": str(folder / "state"),
            "PAPERTRAY_CONFIG": str(folder / "config"),
        }  # fmt: skip

    def command(self, *words: str) -> Sequence[str]:
        """Return how papertray is called."""
        return [sys.executable, "-m", "papertray", *words]

    def run(self, *words: str) -> str:
        """Run a command to its end; return what it prints."""
        return subprocess.run(
            self.command(*words), env=self.environment, cwd=self.folder, check=True,
            capture_output=True, text=True, timeout=60,
        ).stdout  # fmt: skip

    def open(self, *words: str, columns: int = 80, lines: int = 24) -> Terminal:
        """Start papertray on a terminal."""
        return Terminal(
            self.command(*words), environment=self.environment, folder=self.folder,
            columns=columns, lines=lines,
        )  # fmt: skip

    def notebook(self) -> Notebook:
        """Open the tray."""
        return Notebook(find_places(None, self.environment), Origin.COMMAND)
