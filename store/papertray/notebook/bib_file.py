"""A .bib file of the user's own: read whatever its bytes, replaced only while it stays the same."""

from __future__ import annotations

import codecs
import hashlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from papertray.core.errors import ExportRefused
from papertray.feeds.encodings import declared_encoding, likely_encoding, wide_encoding
from papertray.notebook.plain_files import is_something_else, written_beside


@dataclass(frozen=True, slots=True)
class BibFile:
    """A file as it was when it was read; `data` is empty where there is none.

    `path` is what the user calls it, `target` the file behind its links. `text` and `codec` give
    `data` again, to the byte.
    """

    path: Path
    target: Path
    data: bytes
    text: str
    codec: str

    @property
    def digest(self) -> str:
        """The digest by which exports remember what they wrote."""
        return hashlib.blake2b(self.data, digest_size=16).hexdigest()

    def encoded(self, text: str) -> bytes:
        """Return the bytes of a text of which all that is new `fits`."""
        return text.encode(self.codec, "surrogateescape")

    def fits(self, text: str) -> bool:
        """Tell whether `text` can be written in the encoding of the file."""
        try:
            text.encode(self.codec)
        except UnicodeEncodeError:
            return False
        return True


def read_bib_file(path: Path) -> BibFile:
    """Read a file; one that is not there yet is empty. Raises `ExportRefused`."""
    target = Path(os.path.realpath(path))  # a link stays a link
    if is_something_else(target):
        raise ExportRefused(f"{path} is not a file that could be brought up to date.")
    data = _bytes_of(target, path)
    for codec in _codecs(data):
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            continue
        if text.encode(codec) == data:
            return BibFile(path, target, data, text, codec)
    return BibFile(path, target, data, data.decode("utf-8", "surrogateescape"), "utf-8")


def replace_bib_file(file: BibFile, text: str) -> None:
    """Write another text beside the file and rename it over, keeping its mode.

    Raises `ExportRefused` when the file is not what was read any more, or its folder cannot be
    written, and `DiskFull` when there is no room; the file then is what it is.
    """
    with written_beside(file.target) as (stream, beside):
        stream.write(file.encoded(text))
        stream.flush()
        os.fsync(stream.fileno())
        if _bytes_of(file.target, file.path) != file.data:
            raise ExportRefused(
                f"{file.path} was changed by another program just now, so nothing was written; "
                "save it there, and try again."
            )
        os.replace(beside, file.target)


def keep_copy(file: BibFile) -> Path:
    """Write what the file held to a new file beside it, and return that. Raises `ExportRefused`."""
    number = 1
    while True:
        copy = file.target.with_name(f"{file.target.name}.before{number}")
        try:
            with copy.open("xb") as stream:
                stream.write(file.data)
            shutil.copymode(file.target, copy)
            return copy
        except FileExistsError:
            number += 1
        except OSError as error:
            raise ExportRefused(f"{copy} cannot be written: {error.strerror}.") from error


def _bytes_of(target: Path, path: Path) -> bytes:
    try:
        return target.read_bytes()
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise ExportRefused(f"{path} cannot be read: {error.strerror}.") from error


def _codecs(data: bytes) -> tuple[str, ...]:
    """Return the encodings that a file may have, the likeliest first.

    Many say nothing, and some say the wrong thing; a few have single bytes of another encoding.
    """
    for mark, codec in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if data.startswith(mark):
            return (codec,)
    wide, declared = wide_encoding(data), declared_encoding(data)
    if wide or (declared and data.isascii()):
        return (wide or declared,)
    if not data.decode("utf-8", "ignore").isascii():
        return ("utf-8",)
    return tuple(filter(None, ("utf-8", declared, likely_encoding(data), "cp1252")))
