"""Finding Zotero's library under a home folder."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from papertray.feeds.zotero_profile import find_library, linked_files_folder, read_settings


def a_library(folder: Path) -> Path:
    """Make a folder look like Zotero's."""
    folder.mkdir(parents=True)
    (folder / "zotero.sqlite").write_bytes(b"")
    return folder


def a_profile(home: Path, place: str, **settings: str) -> None:
    """Write a profile with settings of Zotero's."""
    folder = home / place / "x1.default"
    folder.mkdir(parents=True)
    lines = [f'user_pref("extensions.zotero.{n}", {json.dumps(v)});' for n, v in settings.items()]
    (folder / "prefs.js").write_text("\n".join(["// Mozilla", *lines, ""]), encoding="utf-8")


@pytest.mark.parametrize(
    "place",
    ["Zotero", "snap/zotero-snap/common/Zotero", ".var/app/org.zotero.Zotero/data/zotero/Zotero"],
)
def test_it_lies_where_it_usually_does(tmp_path: Path, place: str) -> None:
    assert find_library(tmp_path) is None
    assert find_library(a_library(tmp_path / place).parents[place.count("/")]) == tmp_path / place


@pytest.mark.parametrize(
    "place",
    [
        ".zotero/zotero",
        "Library/Application Support/Zotero/Profiles",
        "AppData/Roaming/Zotero/Zotero/Profiles",
    ],
)
def test_the_profile_says_where_it_was_moved_to(tmp_path: Path, place: str) -> None:
    a_library(tmp_path / "Zotero")  # left behind
    moved = a_library(tmp_path / "Documents" / "Zötero \\ x")
    a_profile(tmp_path, place, dataDir=str(moved), baseAttachmentPath="/base")
    assert find_library(tmp_path) == moved
    assert linked_files_folder(tmp_path) == Path("/base")


def test_a_profile_that_names_what_is_gone_does_not_matter(tmp_path: Path) -> None:
    a_profile(tmp_path, ".zotero/zotero", dataDir="/gone\0/away")
    assert find_library(tmp_path) is None
    usual = a_library(tmp_path / "Zotero")
    assert find_library(tmp_path) == usual


def test_settings_are_read_as_they_stand() -> None:
    text = (
        'user_pref("extensions.zotero.dataDir", "C:\\\\Users\\\\me");\n'
        'user_pref("extensions.zotero.useDataDir", false);\n'
        'user_pref("extensions.zotero.odd", "\\x41");\n'
        'user_pref("browser.dataDir", "/no");\n'
    )
    assert read_settings(text) == {"dataDir": "C:\\Users\\me", "useDataDir": "false"}
