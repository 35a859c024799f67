"""A Papis library: a folder of folders, each with a paper's ``info.yaml``, its files and notes.

What Papis writes there: https://papis.readthedocs.io/en/latest/info_file.html
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from papertray.core.errors import UnreadableSource
from papertray.core.model import Item, Json, LeftBehind, Unread

NAME = "papis"
DESCRIPTION = "a folder whose sub-folders hold `info.yaml` files with keys such as `ref`"
TAKES = "all keys; `ref` as citation key, tags, the notes file as note, the paths of files"
LOSES = "nothing: keys without a field of ours are kept as they are"
IS_LIBRARY = True
FEED = "Papis"

INFO = "info.yaml"
LONGEST = 1 << 20
"""Bytes of an info.yaml or a notes file: nobody wrote more by hand."""

_MOST_FOLDERS = 200
"""Folders that are looked at before a folder counts as no library."""

_A_KEY = re.compile(rb"^(title|author|author_list|ref|files|papis_id|type|doi|year|tags):", re.M)


def recognise_path(path: Path) -> bool:
    """Tell a library by an ``info.yaml`` in most of its folders that hold files."""
    if not path.is_dir():
        return False
    papers = others = 0
    for folder, names in islice(_folders(path), _MOST_FOLDERS):
        if INFO in names and _is_info(folder / INFO):
            papers += 1
        elif names:
            others += 1
    return papers > 0 and papers >= others


def _is_info(file: Path) -> bool:
    try:
        with open(file, "rb") as stream:
            return len(set(_A_KEY.findall(stream.read(1 << 16)))) > 1
    except OSError:
        return False


def read_path(path: Path) -> Iterator[Item]:
    """Yield a record for each ``info.yaml`` under `path`, in the order of their folders' names.

    Raises UnreadableSource if `path` is no folder or cannot be listed.
    """
    from papertray.feeds.papis_document import document_to_record  # not where it is recognised

    try:
        os.scandir(path).close()
    except OSError as error:
        reason = (error.strerror or "it is not there").lower()
        raise UnreadableSource(f"{path} cannot be listed: {reason}.") from error
    missing = 0
    for folder, names in _folders(path):
        if INFO not in names:
            continue
        place = os.path.relpath(folder / INFO, path)
        fields = _info(folder / INFO, place)
        if isinstance(fields, Unread):
            yield fields
            continue
        item = document_to_record(
            fields, place, Path(os.path.abspath(folder)), _note_of(folder, fields, names)
        )
        if not isinstance(item, Unread):
            missing += sum(not os.path.exists(file.path) for file in item.attachments)
        yield item
    if missing:
        reason = "info.yaml names them; where they belong is kept"
        yield LeftBehind("files that are not on this machine", missing, reason)


def _folders(path: Path) -> Iterator[tuple[Path, set[str]]]:
    """Yield each folder with the names of its files; hidden ones are Papis' own or git's."""
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield Path(folder), {name for name in names if not name.startswith(".")}


def _info(file: Path, place: str) -> dict[str, Json] | Unread:
    from papertray.feeds.papis_yaml import NotYaml, read_yaml

    try:
        with open(file, "rb") as stream:
            data = stream.read(LONGEST + 1)
    except OSError as error:
        return Unread(place, f"it cannot be read: {(error.strerror or 'no file').lower()}")
    kept = data[: 1 << 16]
    if len(data) > LONGEST:
        return Unread(place, f"it has more than {LONGEST >> 20} MB", kept)
    try:
        value = read_yaml(data.decode("utf-8", "replace"))
    except NotYaml as error:
        return Unread(place, str(error), kept)
    return value if isinstance(value, dict) else Unread(place, "it is no list of keys", kept)


def _note_of(folder: Path, fields: dict[str, Json], names: set[str]) -> str:
    """Return the text of the notes file: the one that is named, else the usual one; or nothing."""
    named = fields.get("notes")
    for name in (named if isinstance(named, str) else "", "notes.md", "notes.org", "notes.tex"):
        if name in names:  # in this folder, and nowhere else
            try:
                with open(folder / name, "rb") as stream:
                    return stream.read(LONGEST).decode("utf-8", "replace").strip()
            except OSError:
                return ""
    return ""
