"""Zotero's own library: its database, which Zotero may hold open meanwhile, and its files.

Named is the database or the folder it lies in. A private copy is read (`zotero_snapshot`), put
together item by item (`zotero_database`) and told in our words (`zotero_item`).
"""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from papertray.core.errors import UnreadableSource
from papertray.core.model import Item, LeftBehind, Unread
from papertray.feeds.zotero_files import ZoteroFiles
from papertray.feeds.zotero_words import AnnotationType, LinkMode

if TYPE_CHECKING:  # recognising a folder needs none of it
    from papertray.feeds.zotero_database import ZoteroDatabase
    from papertray.feeds.zotero_words import ZoteroItem

NAME = "zotero"
DESCRIPTION = "Zotero's database by its tables, or the folder with `zotero.sqlite` in it"
TAKES = (
    "items, citation keys (Better BibTeX's too), notes and annotations as Markdown, tags, "
    "collections as tags, the paths of files; while Zotero runs"
)
LOSES = (
    "pictures in notes and annotations (a note is text), colours and places of annotations, the "
    "trash, groups, feeds, saved searches, links between items; automatic tags are kept with the "
    "paper but are no tags"
)
IS_LIBRARY = True
FEED = "Zotero"


def recognise_path(path: Path) -> bool:
    """Tell Zotero's database by its tables; a folder by the database in it."""
    from papertray.feeds.zotero_profile import DATABASE

    if path.is_dir():
        path = path / DATABASE
    if not path.is_file():
        return False
    # Each file of a folder is asked about, and few are databases.
    with suppress(OSError), open(path, "rb") as file:
        if file.read(6) == b"SQLite":
            from papertray.feeds.zotero_database import is_zotero

            return is_zotero(path)
    return False


def read_path(path: Path) -> Iterator[Item]:
    """Yield the library at `path`, and what stays behind.

    Raises UnreadableSource if it cannot be copied or is no library that can be read.
    """
    home = None
    with suppress(RuntimeError):  # nobody's home: then no profile tells about linked files
        home = Path.home()
    yield from read_library(path, home)


def read_library(path: Path, home: Path | None) -> Iterator[Item]:
    """Yield the library at `path`; `home` is where Zotero's profile is looked for."""
    # Not before a library is read: recognising a folder needs none of it.
    from papertray.feeds.zotero_database import better_bibtex_keys, opened
    from papertray.feeds.zotero_profile import DATABASE, linked_files_folder
    from papertray.feeds.zotero_snapshot import copy_at_rest

    database = path / DATABASE if path.is_dir() else path
    _check(database)
    linked = linked_files_folder(home) if home else None
    files = ZoteroFiles(Path(os.path.abspath(database)).parent, linked)
    with tempfile.TemporaryDirectory(prefix="papertray-") as folder:
        keys = {}
        if (better_bibtex := database.with_name("better-bibtex.sqlite")).is_file():
            with suppress(UnreadableSource):  # keys that nobody pinned: no reason to stop here
                keys = better_bibtex_keys(copy_at_rest(better_bibtex, Path(folder)))
        with opened(copy_at_rest(database, Path(folder)), database) as library:
            yield from _items(library, keys, files)


def _check(database: Path) -> None:
    """Raise UnreadableSource for what only ``--from zotero`` makes a library of Zotero's."""
    try:
        with open(database, "rb") as file:
            is_database = file.read(6) == b"SQLite"
    except FileNotFoundError as error:
        raise UnreadableSource(
            f"There is no {database.name} in {database.parent}; Zotero's settings name the folder "
            "of its data under Advanced, Files and Folders."
        ) from error
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UnreadableSource(f"{database} cannot be read: {reason}.") from error
    if not is_database:
        raise UnreadableSource(
            f"{database} is no database of Zotero's; without --from its format is recognised."
        )


def _items(library: ZoteroDatabase, keys: Mapping[str, str], files: ZoteroFiles) -> Iterator[Item]:
    from papertray.feeds.zotero_item import free_note, item_to_record, notes_of, notes_of_file

    left: Counter[tuple[str, str]] = Counter()
    for item in library.items():
        item = replace(item, citekey=keys.get(item.key, ""))
        record = item_to_record(item, library.account, files.find)
        _count_left(left, item, files)
        yield record
        if isinstance(record, Unread):
            yield from notes_of(item)
    for note in library.free_notes():
        left[PICTURES] += note.html.count("<img")
        if (text := free_note(note)) is not None:
            yield text
    for file in library.loose_files():
        left[LOOSE] += 1
        yield from notes_of_file(file, is_only=False)
    counted = [LeftBehind(what, number, reason) for (what, reason), number in left.items()]
    yield from (one for one in (*library.left_behind(), *counted) if one.number)


PICTURES = ("pictures in notes", "a note here is text; a mark stands where they were")
LOOSE = (
    "files without an item",
    "nothing is known of them; Zotero's “Retrieve Metadata” makes items, and the next add takes "
    "these. Their notes and annotations came along",
)
AUTOMATIC = (
    "automatic tags",
    "they came with the items and are not yours; kept with the papers; `tag:` does not find them",
)
MISSING = (
    "files that are not on this machine",
    "Zotero has not fetched them, or they were moved; where they belong is kept",
)
MARKED_PICTURES = ("marked areas and drawings", "a note here is text; their comments came along")
LINKS = ("links as attachments", "they are no files; kept with the papers")


def _count_left(left: Counter[tuple[str, str]], item: ZoteroItem, files: ZoteroFiles) -> None:
    left[AUTOMATIC] += len(item.automatic_tags)
    left[PICTURES] += sum(note.html.count("<img") for note in item.notes)
    for attachment in item.attachments:
        left[LINKS] += attachment.link_mode == LinkMode.LINKED_URL
        left[MISSING] += files.is_missing(attachment)
        left[MARKED_PICTURES] += sum(
            one.type in (AnnotationType.IMAGE, AnnotationType.INK) for one in attachment.annotations
        )
