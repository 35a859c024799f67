"""What a reader is, and the two tools for streams that readers share.

A reader is a module (or any object) with the names and two functions of `Reader`, or of
`PathReader` for libraries that are no stream of bytes. Built-in readers are listed in
`papertray.feeds.table`.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, Protocol, cast

from papertray.core.model import Item

if TYPE_CHECKING:  # in the standard library from Python 3.13 on; only the type checker needs it
    from typing_extensions import TypeIs

BUFFER = 1 << 17
"""Bytes that streams read ahead: each refill costs some calls, which a big file has many of."""


class Format(Protocol):
    """What every reader says of its format.

    Attributes: `NAME` is what ``--from`` takes. `DESCRIPTION` is one line that says how the
    format is recognised; `TAKES` says what is taken from it, `LOSES` what is not, and why (docs
    show all three). `IS_LIBRARY` tells bibliographies and libraries, whose papers were read
    already (they land in `read`, done), from feeds, whose papers land in the inbox. `FEED` is the
    name of the feed that sightings belong to; empty: the name of the file.
    """

    NAME: str
    DESCRIPTION: str
    TAKES: str
    LOSES: str
    IS_LIBRARY: bool
    FEED: str


class Reader(Format, Protocol):
    """A format of files: how it is recognised, and how its bytes become records."""

    def recognise(self, head: bytes, name: str) -> bool:
        """Tell whether a source is of this format.

        Arguments: `head` is how it begins (up to 64 kB of UTF-8); `name` is its file name, which
        counts only where the content leaves doubt.
        """
        ...

    def read(self, stream: BinaryIO) -> Iterator[Item]:
        """Yield what `stream` (UTF-8) holds, in its order: a Record for each work that could be
        read, an Unread, with its place, for each piece that could not.

        Reads as it goes, in bounded memory; a broken piece never keeps its neighbours out. Raises
        only what reading from the stream raises.
        """
        ...


class PathReader(Format, Protocol):
    """A library that is a folder or a database: it is its owner's own, so her tags, notes and
    attachments come along, and none of its files is ever written to."""

    def recognise_path(self, path: Path) -> bool:
        """Tell whether the file or folder `path`, which exists, is such a library."""
        ...

    def read_path(self, path: Path) -> Iterator[Item]:
        """Yield what the library at `path` holds, as `Reader.read` does, and what stays behind.

        Raises UnreadableSource, whose sentence names what the user can do, if it cannot be opened.
        """
        ...


def reads_paths(reader: Reader | PathReader) -> TypeIs[PathReader]:
    """Tell a reader of folders and databases from one of streams."""
    return not hasattr(reader, "recognise")


class Line(NamedTuple):
    """A line of a stream without its line end. `ended` is False for a last line without one."""

    number: int
    data: bytes
    ended: bool
    too_long: bool


def numbered_lines(stream: BinaryIO, longest: int) -> Iterator[Line]:
    r"""Yield the lines of `stream`, which end in ``\n`` or ``\r\n``, numbered from 1.

    A byte order mark before the first line is left out. Of a line longer than `longest` bytes
    only the first `longest` are kept, so that no line fills the memory.
    """
    number = 0
    while data := stream.readline(longest + 2):
        number += 1
        too_long = len(data) > longest and len(data.rstrip(b"\r\n")) > longest
        ended = data.endswith(b"\n")
        if too_long:
            while not ended and (rest := stream.readline(1 << 16)):
                ended = rest.endswith(b"\n")
        if number == 1:
            data = data.removeprefix(b"\xef\xbb\xbf")
        data = data[:longest] if too_long else data.removesuffix(b"\n").removesuffix(b"\r")
        yield Line(number, data, ended, too_long)


class _Rejoined(io.RawIOBase):
    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head = io.BytesIO(head)
        self._rest = rest

    def readable(self) -> bool:
        return True

    # The buffer is typed as in the standard library's own stubs, where its type has no name.
    def readinto(self, buffer) -> int:  # type: ignore[no-untyped-def]
        data = self._head.read(len(buffer)) or self._rest.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def rejoin(head: bytes, rest: BinaryIO) -> BinaryIO:
    """Return a stream that gives `head`, which was read from it, and then the `rest`.

    Closing the returned stream leaves `rest` open.
    """
    return cast(BinaryIO, io.BufferedReader(_Rejoined(head, rest), BUFFER))
