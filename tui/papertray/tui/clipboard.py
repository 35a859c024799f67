"""The clipboard of the desktop, by a program that puts a text there. Imports nothing of Textual.

Where there is none, or it fails, the terminal itself is asked (OSC 52), which also reaches the
desktop through ssh.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence

PATIENCE = 2.0
"""Seconds after which a program is given up: they answer at once, or wait for a desktop in vain."""

# What each needs to be there: without a desktop to reach they wait, or fail.
_PROGRAMS = (
    ("WAYLAND_DISPLAY", ("wl-copy",)),
    ("DISPLAY", ("xclip", "-in", "-selection", "clipboard")),
    ("DISPLAY", ("xsel", "--input", "--clipboard")),
    ("", ("pbcopy",)),
)


def clipboard_program(environment: Mapping[str, str]) -> Sequence[str]:
    """Return the command that puts its input on the clipboard, empty where there is none."""
    for variable, command in _PROGRAMS:
        has_desktop = not variable or environment.get(variable)
        if has_desktop and (path := shutil.which(command[0], path=environment.get("PATH"))):
            return (path, *command[1:])
    return ()


def give(command: Sequence[str], text: str) -> bool:
    """Give a text to a command of `clipboard_program`; return whether it took it. May wait."""
    import subprocess

    try:
        # They stay behind to serve the text, so nothing of theirs may be waited for but the start.
        ended = subprocess.run(
            command, input=text.encode("utf-8", "replace"), stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, timeout=PATIENCE, check=False, start_new_session=True,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return False
    return ended.returncode == 0
