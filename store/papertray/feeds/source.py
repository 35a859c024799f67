"""Opening what a user names: a file, a folder's files, or standard input. The only I/O of readers.

::

    for name in files_of("downloads"):
        with open_source(name, sys.stdin.buffer) as source:
            for item in source.reader.read(source.stream):
                ...
"""

from __future__ import annotations

import codecs
import io
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from papertray.core.errors import UnreadableSource
from papertray.feeds.reader import BUFFER, Reader, rejoin
from papertray.feeds.table import READERS, Readers

STANDARD_INPUT = "-"
HEAD = 1 << 16
"""How many bytes readers may look at before one of them is chosen."""


@dataclass(frozen=True, slots=True)
class Source:
    """An open source and the reader for it.

    `name` is what messages call it, `feed` the feed that its sightings belong to. `stream` starts
    at the beginning, in UTF-8 without a byte order mark if it came as UTF-16 or UTF-32 with one,
    and otherwise byte for byte. `bytes_read` tells how much has been read of the `size` in bytes,
    which is None for what has none that is known before (a pipe).
    """

    name: str
    feed: str
    reader: Reader
    stream: BinaryIO
    bytes_read: Callable[[], int]
    size: int | None


def files_of(name: str, readers: Readers = READERS) -> Iterator[str]:
    """Yield what to open for `name`: itself, or for a folder its files, sorted by name.

    Files whose name begins with a dot, sub-folders and what is not a regular file are left out.
    Raises UnreadableSource if the folder cannot be listed or holds no file.
    """
    if name == STANDARD_INPUT or not os.path.isdir(name):
        yield name
        return
    try:
        with os.scandir(name) as entries:
            found = sorted(e.path for e in entries if e.is_file() and not e.name.startswith("."))
    except OSError as error:
        raise UnreadableSource(f"{name} cannot be listed: {_reason(error)}.") from error
    if not found:
        formats = _formats(readers)
        raise UnreadableSource(f"{name} is a folder without files; papertray reads {formats}.")
    yield from found


@contextmanager
def open_source(
    name: str, stdin: BinaryIO, format_name: str = "", readers: Readers = READERS
) -> Iterator[Source]:
    """Open the file `name`, or `stdin` for ``-``, and find the reader for it.

    Arguments: `format_name` names the reader; empty means that the content decides.

    Raises UnknownFormat for a `format_name` that is none, and UnreadableSource, whose one sentence
    names the source, what it looks like and the formats there are, if it cannot be opened or read
    or nobody recognises it. While the block runs, errors of reading are UnreadableSource too.
    """
    chosen = readers.find(format_name) if format_name else None
    if name == STANDARD_INPUT:
        yield _recognised("standard input", "", stdin, chosen, readers)
        return
    with _open(name) as stream:
        yield _recognised(name, Path(name).name, stream, chosen, readers)


def _open(name: str) -> BinaryIO:
    try:
        if stat.S_ISDIR(os.stat(name).st_mode):
            raise UnreadableSource(f"{name} is a folder, not a file.")
        return open(name, "rb")
    except FileNotFoundError as error:
        raise UnreadableSource(f"There is no file {name}.") from error
    except (OSError, ValueError) as error:
        raise UnreadableSource(f"{name} cannot be opened: {_reason(error)}.") from error


def _recognised(
    name: str, file_name: str, stream: BinaryIO, chosen: Reader | None, readers: Readers
) -> Source:
    raw = _Guarded(stream, name)
    guarded = cast(BinaryIO, io.BufferedReader(raw, BUFFER))
    head = _read_head(guarded)
    whole = rejoin(head, guarded)
    for mark, encoding in _FOREIGN_MARKS:
        if head.startswith(mark):
            whole = cast(BinaryIO, io.BufferedReader(_Transcoded(whole, encoding)))
            head = _read_head(whole)
            whole = rejoin(head, whole)
            break
    if head.startswith(codecs.BOM_UTF8):
        whole.read(len(codecs.BOM_UTF8))
        head = head[len(codecs.BOM_UTF8) :]
    if not head.strip():
        raise UnreadableSource(f"{name} is empty; papertray reads {_formats(readers)}.")
    reader = chosen or readers.recognise(head, file_name)
    if reader is None:
        looks = looks_like(head, file_name)
        raise UnreadableSource(
            f"{name} is {looks}, which papertray cannot read; it reads {_formats(readers)}."
        )
    feed = reader.FEED or Path(file_name).stem or "stdin"
    return Source(name, feed, reader, whole, lambda: raw.bytes_read, _size(stream))


def _size(stream: BinaryIO) -> int | None:
    try:
        status = os.fstat(stream.fileno())
    except OSError:  # not a file at all
        return None
    return status.st_size if stat.S_ISREG(status.st_mode) else None


def _read_head(stream: BinaryIO) -> bytes:
    """Read up to HEAD bytes, also from a pipe that gives them in small pieces."""
    pieces: list[bytes] = []
    missing = HEAD
    while missing and (piece := stream.read(missing)):
        pieces.append(piece)
        missing -= len(piece)
    return b"".join(pieces)


_FOREIGN_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16: its mark begins with that one's
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class _Guarded(io.RawIOBase):
    """Turns the errors of a stream into the error of a source."""

    def __init__(self, stream: BinaryIO, name: str) -> None:
        self._stream = stream
        self._name = name
        self.bytes_read = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:  # type: ignore[no-untyped-def]  # as in reader.py
        try:
            data = self._stream.read(len(buffer))
        except OSError as error:
            reason = _reason(error)
            raise UnreadableSource(f"{self._name} cannot be read: {reason}.") from error
        buffer[: len(data)] = data
        self.bytes_read += len(data)
        return len(data)


class _Transcoded(io.RawIOBase):
    """Gives text of another encoding as UTF-8."""

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        self._ready = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:  # type: ignore[no-untyped-def]  # as in reader.py
        while not self._ready:
            data = self._stream.read(HEAD)
            self._ready = self._decoder.decode(data, final=not data).encode("utf-8", "replace")
            if not data:
                break
        data, self._ready = self._ready[: len(buffer)], self._ready[len(buffer) :]
        buffer[: len(data)] = data
        return len(data)


def _reason(error: Exception) -> str:
    text = error.strerror if isinstance(error, OSError) else str(error)
    return (text or type(error).__name__).lower()


def _formats(readers: Readers) -> str:
    *first, last = readers.names()
    return f"{', '.join(first)} and {last}" if first else last


_SIGNATURES = (
    (b"%PDF-", "a PDF"),
    (b"\x89PNG\r\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"BM", "a BMP image"),
    (b"II*\x00", "a TIFF image"),
    (b"MM\x00*", "a TIFF image"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"(\xb5/\xfd", "a zstd archive"),
    (b"Rar!", "a RAR archive"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"\x7fELF", "a program"),
    (b"{\\rtf", "an RTF document"),
    (b"%!PS", "a PostScript file"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
)
_OFFICE = {".docx": "a Word document", ".xlsx": "an Excel sheet", ".pptx": "a slide show",
           ".odt": "an OpenDocument text", ".epub": "an e-book"}  # fmt: skip


def looks_like(head: bytes, name: str) -> str:
    """Return in words what a source seems to be that nobody reads: ``a PDF``, ``plain text``."""
    if head[8:12] == b"WEBP" and head.startswith(b"RIFF"):
        return "a WebP image"
    if head.startswith(b"PK\x03\x04"):
        return _OFFICE.get(Path(name).suffix.lower(), "a ZIP archive")
    for signature, words in _SIGNATURES:
        # Two letters alone are as likely a text; no text has control characters after them.
        if head.startswith(signature) and (signature != b"BM" or _is_binary(head)):
            return words
    if _is_binary(head):
        return "binary data"
    start = head[:4096].lstrip().lower()
    if start.startswith(b"<!doctype html") or b"<html" in start:
        return "an HTML page"
    if start.startswith((b"<?xml", b"<svg", b"<rss", b"<feed")):
        return "an SVG image" if b"<svg" in start else "an XML file"
    if start.startswith((b"{", b"[")):
        return "JSON of another kind"
    return "plain text"


def _is_binary(head: bytes) -> bool:
    """Tell data from text: a NUL, or more than a few controls that no text has."""
    controls = sum(head.count(bytes([code])) for code in range(32) if code not in _IN_TEXT)
    return b"\x00" in head or controls * 50 > len(head)


_IN_TEXT = frozenset(b"\t\n\v\f\r\x1b")
