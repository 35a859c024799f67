"""Where Zotero keeps things on this machine: its profile's settings, and the library they name.

Looks at a few known places under a home folder; walks through nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

DATABASE = "zotero.sqlite"

_DATA_FOLDERS = (
    "Zotero",
    "snap/zotero-snap/common/Zotero",
    ".var/app/org.zotero.Zotero/data/zotero/Zotero",
    ".var/app/org.zotero.Zotero/Zotero",
)
"""Where the library lies unless the profile says otherwise: everywhere, snap, Flatpak."""

_PROFILES = (
    ".zotero/zotero",
    "Library/Application Support/Zotero/Profiles",
    "AppData/Roaming/Zotero/Zotero/Profiles",
    "snap/zotero-snap/common/.zotero/zotero",
    ".var/app/org.zotero.Zotero/.zotero/zotero",
    ".var/app/org.zotero.Zotero/data/zotero",
)
"""Where profiles lie: Linux, macOS, Windows, snap, Flatpak."""

_SETTING = re.compile(
    r'^user_pref\("extensions\.zotero\.(\w+)",\s*("(?:[^"\\]|\\.)*"|\w+)\);', re.M
)
_LONGEST = 1 << 20


def find_library(home: Path) -> Path | None:
    """Return the folder of the Zotero library under the `home` folder, None where there is none.

    The folder that a profile names comes first: who moved the library left the old place behind.
    """
    named = (
        Path(settings["dataDir"])
        for settings in profiles(home)
        if settings.get("useDataDir", "true") == "true" and settings.get("dataDir")
    )
    usual = (home / folder for folder in _DATA_FOLDERS)
    for folder in (*named, *usual):
        with suppress(OSError, ValueError):  # not ours to look at, or no name of a file
            if (folder / DATABASE).is_file():
                return folder
    return None


def linked_files_folder(home: Path) -> Path | None:
    """Return the folder that paths of linked files begin at, where a profile names one."""
    for settings in profiles(home):
        if settings.get("baseAttachmentPath"):
            return Path(settings["baseAttachmentPath"])
    return None


def profiles(home: Path) -> Iterator[dict[str, str]]:
    """Yield the settings of Zotero in each profile under `home`, by their short names."""
    for place in _PROFILES:
        try:
            found = sorted((home / place).glob("*/prefs.js"))
        except OSError:
            continue
        for file in found:
            with suppress(OSError), open(file, encoding="utf-8", errors="replace") as prefs:
                yield read_settings(prefs.read(_LONGEST))


def read_settings(text: str) -> dict[str, str]:
    """Return what a ``prefs.js`` says of Zotero: texts without quotes, others as they stand."""
    settings = {}
    for name, value in _SETTING.findall(text):
        if value.startswith('"'):
            try:
                value = json.loads(value)
            except ValueError:  # JavaScript knows escapes that JSON does not
                continue
        settings[name] = value
    return settings
