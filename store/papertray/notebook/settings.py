"""The user's settings file: reading it, and writing a first one."""

from __future__ import annotations

import os
from pathlib import Path

from papertray.core.errors import UsageError
from papertray.core.settings import Settings, parse_settings, unreadable, usual_settings


def read_settings(file: Path) -> Settings:
    """Return what the settings file says; the usual settings where there is none.

    Never raises: a file that cannot be read is a problem of the settings.
    """
    try:
        text = file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return usual_settings()
    except OSError as error:
        return unreadable(f"This cannot be read: {error.strerror}.")
    except UnicodeDecodeError:
        return unreadable("This is not UTF-8 text.")
    return parse_settings(text)


def write_settings(file: Path, text: str) -> None:
    """Write a first settings file, beside it first and then renamed.

    Raises `UsageError` if there is one already, or it cannot be written.
    """
    import tempfile  # reading, which others wait for, needs none

    if os.path.lexists(file):
        raise UsageError(
            f"{file} is there already and was left alone; `papertray config` checks it."
        )
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            "w", dir=file.parent, encoding="utf-8", delete=False
        ) as new:
            new.write(text)
        os.replace(new.name, file)
    except OSError as error:
        raise UsageError(f"{file} cannot be written: {error.strerror}.") from error
