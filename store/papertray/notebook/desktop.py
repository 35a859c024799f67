"""Handing a file or an address to the program with which the desktop opens it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # few commands start a program
    from subprocess import Popen


def start_opening(target: str) -> Popen[bytes] | None:
    """Have the desktop open an absolute path or an address; None where there is no desktop.

    Returns the process that does it, to be waited for. It is never a shell, and what it writes goes
    nowhere: it would draw over the screen. Raises OSError where it cannot be started.
    """
    import shutil
    import subprocess

    opener = shutil.which("xdg-open") or shutil.which("open")
    has_desktop = bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    # The `open` of macOS needs no variable to find the screen.
    if opener is None or not (has_desktop or opener.endswith("/open")):
        return None
    return subprocess.Popen(
        [opener, target], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
