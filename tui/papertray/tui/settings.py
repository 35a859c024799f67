"""The user's settings: a TOML file that may be missing or wrong."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from papertray.tui.keys import KeyMap, rebound


def read_key_map(file: Path) -> KeyMap:
    """Return the key table with the `[keys]` of a settings file.

    A file that cannot be read is a problem of the table, never an exception.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return KeyMap()
    except (OSError, UnicodeDecodeError) as error:
        return KeyMap(problems=(f"{file} was not read: {error}",))
    return _parsed(text, file)


def _parsed(text: str, file: Path) -> KeyMap:
    import tomllib  # only those who have settings wait for it

    try:
        settings = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return KeyMap(problems=(f"{file} was not read: {error}",))
    changes = settings.get("keys", {})
    if not isinstance(changes, Mapping):
        return KeyMap(problems=(f"[keys] in {file} must be a table of action = key.",))
    return rebound(changes)
