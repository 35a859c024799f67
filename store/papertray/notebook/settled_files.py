"""What a file of a watched folder holds, and whether all of it is there yet."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from papertray.core.errors import UnreadableSource
from papertray.core.model import Item, LeftBehind, Record, Unread
from papertray.feeds.reader import PathReader, Reader
from papertray.feeds.source import Source, Sources
from papertray.feeds.table import Readers
from papertray.notebook.bug_log import guarded

MOST_BYTES = 1 << 23
"""Bytes of a file, unpacked, that are in memory at once; a larger one is read a second time."""

MOST_ITEMS = 5000
"""The same for what does not tell its bytes: a library."""

MOST_TROUBLES = 50
"""Pieces that could not be read, of which a text beside the file tells."""


class Stopped(Exception):
    """The reading of a file was ended before its end."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """A file that could not be read (`place` empty), or a piece of one."""

    place: str
    reason: str


@dataclass(slots=True)
class Part:
    """What one reader found in a file: all of it, but in an archive."""

    reader: Reader | PathReader
    items: list[Item] = field(default_factory=list)


@dataclass(slots=True)
class Contents:
    """What a file holds. `parts` are empty for one that `is_large`.

    `troubled` counts all that could not be read, `troubles` tells of the first. `is_cut` tells that
    there is trouble where it ends: as when the rest is still to come. `papers` counts records.
    """

    parts: list[Part] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    troubled: int = 0
    papers: int = 0
    size: int = 0
    is_large: bool = False
    is_cut: bool = False

    def fail(self, place: str, reason: str) -> None:
        """Count a trouble, and keep it if it is one of the first."""
        self.troubled += 1
        if len(self.troubles) < MOST_TROUBLES:
            self.troubles.append(Trouble(place, reason))


def sources_of(path: str, readers: Readers) -> Iterator[tuple[Sources, str]]:
    """Yield each name to be opened for a file, library or archive, with what opens it.

    Raises UnreadableSource.
    """
    with Sources(io.BytesIO(), readers=readers) as sources:
        for name in sources.names(path):
            yield sources, name


def read_contents(
    path: str, readers: Readers, state: Path, is_stopped: Callable[[], bool]
) -> Contents:
    """Read a file, or a folder that is a library, without taking anything in.

    `state` is the folder of the log of bugs. Raises Stopped as soon as `is_stopped` answers True.
    """
    contents = Contents()
    try:
        for sources, name in sources_of(path, readers):
            place = name[len(path) + 1 :]  # of an archive's member, empty for a file itself
            try:
                with sources.open(name) as source:
                    safe = replace(source, items=partial(guarded, source.items, state))
                    _read(safe, place, contents, is_stopped)
            except UnreadableSource as error:
                contents.fail(place, str(error))
                # The list at its end tells that an archive is whole.
                contents.is_cut = not place
    except UnreadableSource as error:
        contents.fail("", str(error))
        contents.is_cut = True
    contents.is_cut = contents.is_cut and not is_pdf(path)
    return contents


def is_pdf(path: str) -> bool:
    """Tell a PDF by how it begins."""
    try:
        with open(path, "rb") as file:
            return file.read(len(_PDF)) == _PDF
    except OSError:
        return False


_PDF = b"%PDF-"


def _read(source: Source, within: str, contents: Contents, is_stopped: Callable[[], bool]) -> None:
    """Read one source to its end. Raises UnreadableSource."""
    contents.parts.append(Part(source.reader))
    before, given, found = contents.size, 0, 0
    contents.is_cut = False
    for item in source.items():
        if is_stopped():
            raise Stopped
        found += 1
        if isinstance(item, Unread):
            contents.fail(", ".join(filter(None, (within, item.place))), item.reason)
        contents.papers += isinstance(item, Record)
        if not isinstance(item, LeftBehind):
            contents.is_cut = isinstance(item, Unread) and not within
        given = source.bytes_given()
        if before + given > MOST_BYTES or found > MOST_ITEMS:
            contents.is_large = True
            contents.parts.clear()
        if not contents.is_large:
            contents.parts[-1].items.append(item)
    contents.size = before + given
    if not found and source.reader.IS_LIBRARY:
        kind = source.reader.NAME
        contents.fail(within, f"{source.name} looks like {kind}, but there is no paper in it.")
        contents.is_cut = not within


def lying_at(item: Item, path: str, place: str) -> Item:
    """Return an item whose attachments lie where they do once `path` was moved to `place`."""
    if not isinstance(item, Record) or not item.attachments:
        return item
    within = os.path.join(path, "")
    files = tuple(
        replace(file, path=os.path.join(place, file.path[len(within) :]))
        if file.path.startswith(within)
        else file
        for file in item.attachments
    )
    return replace(item, attachments=files)
