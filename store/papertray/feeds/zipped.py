"""ZIP archives: their members, also of one that was cut, whose list at the end is missing."""

from __future__ import annotations

import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO, cast

from papertray.core.errors import UnreadableSource
from papertray.feeds.compression import CHUNK

LONGEST_LIST = 32 << 20
"""Bytes of an archive's list of members: some 300,000 of them, as many as fit into memory."""

_BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, ValueError, EOFError,
           NotImplementedError, struct.error)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive: its path there, its size in bytes as the archive tells it."""

    name: str
    size: int
    inside: zipfile.ZipInfo | _Found


@dataclass(frozen=True, slots=True)
class _Found:
    """Where a member of an archive without list lies: offset and number of packed bytes."""

    name: str
    offset: int
    packed: int
    is_deflated: bool


class Archive:
    """An open ZIP archive."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        """Read the list of members, or look for them. Raises UnreadableSource for too many."""
        self.name = name
        self._is_cut = False
        self._file = file
        self._zip: zipfile.ZipFile | None = None
        if _list_size(file) > LONGEST_LIST:
            raise UnreadableSource(f"{name} is a ZIP archive with too many members to be read.")
        found: list[zipfile.ZipInfo] | list[_Found]
        try:
            self._zip = zipfile.ZipFile(file)
            found = self._zip.infolist()
            self._members = [Member(one.filename, one.file_size, one) for one in found]
        except _BROKEN:
            self._is_cut = True
            self._members = [Member(one.name, 0, one) for one in _look_for_members(file)]
        self._by_name = {member.name: member for member in self._members}

    def members(self) -> list[Member]:
        """Return the files in it, without folders, hidden files and what macOS puts beside them.

        Of an Office document or e-book, none.
        """
        if "[Content_Types].xml" in self._by_name or "mimetype" in self._by_name:
            return []
        return [member for member in self._by_name.values() if _is_wanted(member.name)]

    def trouble(self) -> str:
        """Return a sentence about an archive that holds nothing, or not all; empty as a rule."""
        if "[Content_Types].xml" in self._by_name or "mimetype" in self._by_name:
            return f"{self.name} is an Office document or an e-book, which papertray cannot read."
        if self._is_cut:
            return (
                f"{self.name} is a ZIP archive that ends in the middle: it was cut; what could be "
                "found of it was read, get it again."
            )
        return "" if self.members() else f"{self.name} is a ZIP archive without files."

    def find(self, name: str) -> Member | None:
        """Return the member of that name, or None."""
        return self._by_name.get(name)

    def pieces(self, member: Member, called: str) -> Iterator[bytes]:
        """Yield what a member holds. Raises UnreadableSource, which calls it `called`."""
        inside = member.inside
        try:
            if isinstance(inside, _Found):
                yield from _unpacked(self._file, inside)
                return
            if inside.flag_bits & 1:
                raise UnreadableSource(f"{called} is locked with a password; unpack it first.")
            assert self._zip is not None
            with self._zip.open(inside) as stream:
                # One step at a time, or what comes before a broken place would be lost with it.
                while data := cast(zipfile.ZipExtFile, stream).read1(CHUNK):
                    yield data
        except _BROKEN as error:
            reason = str(error).splitlines()[0].lower() if str(error) else "it was cut"
            raise UnreadableSource(
                f"{called} cannot be unpacked whole ({reason}); get {self.name} again."
            ) from error


def _is_wanted(name: str) -> bool:
    path = PurePosixPath(name)
    hidden = any(part.startswith(".") or part == "__MACOSX" for part in path.parts)
    return not name.endswith("/") and not hidden


def _list_size(file: BinaryIO) -> int:
    """Return how many bytes the list of members has, 0 where there is none (APPNOTE.TXT 4.3)."""
    file.seek(0, 2)
    file.seek(max(0, file.tell() - (1 << 16) - 22))
    end = file.read()
    file.seek(0)
    place = end.rfind(b"PK\x05\x06")
    if place < 0 or len(end) < place + 22:
        return 0
    (size,) = struct.unpack_from("<I", end, place + 12)
    large = end.rfind(b"PK\x06\x06")
    if size == 0xFFFFFFFF and large >= 0 and len(end) >= large + 56:
        (size,) = struct.unpack_from("<Q", end, large + 40)
    return int(size)


_HEADER = struct.Struct("<4s5H3I2H")
_HAS_NO_SIZE, _IS_UTF_8 = 1 << 3, 1 << 11


def _look_for_members(file: BinaryIO) -> Iterator[_Found]:
    """Yield the members as they lie one after the other, up to one that is no whole file's."""
    offset = 0
    while True:
        file.seek(offset)
        header = file.read(_HEADER.size)
        if len(header) < _HEADER.size or not header.startswith(b"PK\x03\x04"):
            return
        _, _, flags, method, _, _, _, packed, _, name_size, extra_size = _HEADER.unpack(header)
        raw = file.read(name_size)
        offset += _HEADER.size + name_size + extra_size
        if method not in (0, 8) or flags & 1:
            return
        name = raw.decode("utf-8" if flags & _IS_UTF_8 else "cp437", "replace")
        if flags & _HAS_NO_SIZE:
            if method == 0:
                return
            packed = _deflated_size(file, offset)
        yield _Found(name, offset, packed, method == 8)
        offset += packed
        if flags & _HAS_NO_SIZE:
            file.seek(offset)
            offset += 16 if file.read(4) == b"PK\x07\x08" else 12


def _deflated_size(file: BinaryIO, offset: int) -> int:
    """Return how many bytes of a file a deflated text has, which only unpacking it tells."""
    file.seek(offset)
    inner = zlib.decompressobj(-zlib.MAX_WBITS)
    size = 0
    try:
        while not inner.eof and (data := inner.unconsumed_tail or file.read(CHUNK)):
            if not inner.unconsumed_tail:
                size += len(data)
            inner.decompress(data, CHUNK)
    except zlib.error:
        return size
    return size - len(inner.unused_data)


def _unpacked(file: BinaryIO, found: _Found) -> Iterator[bytes]:
    inner = zlib.decompressobj(-zlib.MAX_WBITS)
    position, end = found.offset, found.offset + found.packed
    while position < end:
        file.seek(position)
        data = file.read(min(CHUNK, end - position))
        if not data:
            raise EOFError
        position += len(data)
        if not found.is_deflated:
            yield data
            continue
        while data:
            yield inner.decompress(data, CHUNK)
            data = inner.unconsumed_tail
    if found.is_deflated and not inner.eof:
        raise EOFError
