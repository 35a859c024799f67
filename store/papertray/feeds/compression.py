"""Unpacking gzip, xz, bzip2 and zstd as it is read, in bounded memory however well it was packed.

What of a broken or cut one can be unpacked is yielded; then an UnreadableSource says so.
"""

from __future__ import annotations

import bz2
import lzma
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

from papertray.core.errors import UnreadableSource

CHUNK = 1 << 17
"""Bytes that are unpacked at a time."""

_MOST_MEMORY = 200 << 20
"""Bytes that unpacking may take: ``xz -9`` wants 65 MB, one that wants more is made to do harm."""

_SIGNATURES = {
    b"\x1f\x8b\x08": "gzip",
    b"\xfd7zXZ\x00": "xz",
    b"(\xb5/\xfd": "zstd",
    **{b"BZh%d1AY&SY" % level: "bzip2" for level in range(1, 10)},
}


def packed_as(head: bytes) -> str:
    """Return how what begins with `head` is packed, by name (``gzip``), or ``""``."""
    return next((kind for mark, kind in _SIGNATURES.items() if head.startswith(mark)), "")


def unpacked(pieces: Iterable[bytes], kind: str, name: str) -> Iterator[bytes]:
    """Yield what `pieces` of an archive of that `kind` hold, some of which one after the other make
    one text.

    What follows the archive and is none is left out. Raises UnreadableSource, which calls it by
    its `name`.
    """
    packed = iter(pieces)
    article = "an" if kind == "xz" else "a"
    mark = next(mark for mark, other in _SIGNATURES.items() if other == kind)[:2]
    unpacker: _Unpacker | None = None
    data = b""
    try:
        while True:
            if unpacker is None or unpacker.eof:
                data = unpacker.unused_data if unpacker else data
                while len(data) < len(mark) and (more := next(packed, b"")):
                    data += more
                if not data.startswith(mark):
                    return
                unpacker = _UNPACKERS[kind]()
            elif unpacker.needs_input:
                data = next(packed, b"")
                if not data:
                    break
            given = unpacker.decompress(data, CHUNK)
            data = b""
            if given:
                yield given
    except _broken(kind) as error:
        raise UnreadableSource(
            f"{name} is {article} {kind} archive that is broken ({str(error).lower()}); get it "
            "again."
        ) from error
    raise UnreadableSource(
        f"{name} is {article} {kind} archive that ends in the middle: it was cut; get it again."
    )


class _Unpacker(Protocol):
    """As the standard library's `bz2.BZ2Decompressor`."""

    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    @property
    def needs_input(self) -> bool: ...
    def decompress(self, data: bytes, max_length: int = -1, /) -> bytes: ...


class _Gzip:
    """gzip with the manners of `bz2.BZ2Decompressor`."""

    def __init__(self) -> None:
        self._inner = zlib.decompressobj(zlib.MAX_WBITS | 16)
        self._may_have_more = False

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    @property
    def needs_input(self) -> bool:
        return not self._may_have_more

    def decompress(self, data: bytes, max_length: int = -1, /) -> bytes:
        # Little at a time: what comes with the step that finds the archive broken is lost.
        most = min(max_length, 1 << 15)
        given = self._inner.decompress(self._inner.unconsumed_tail + data, most)
        self._may_have_more = bool(self._inner.unconsumed_tail) or len(given) == most
        return given


class _Zstd:
    """zstd with the manners of `bz2.BZ2Decompressor`.

    Its library cannot be told how much to give at a time, so it gets little at a time.
    """

    _STEP = 128  # of which it makes at most 4 MB

    def __init__(self) -> None:
        import zstandard  # only who has such an archive needs it

        self._inner = zstandard.ZstdDecompressor(max_window_size=1 << 27).decompressobj()
        self._waiting = b""
        self._place = 0

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data + self._waiting[self._place :]

    @property
    def needs_input(self) -> bool:
        return self._place >= len(self._waiting)

    def decompress(self, data: bytes, max_length: int = -1, /) -> bytes:
        if data:
            self._waiting, self._place = self._waiting[self._place :] + data, 0
        given: list[bytes] = []
        size = 0
        while self._place < len(self._waiting) and size < max_length and not self._inner.eof:
            step = self._waiting[self._place : self._place + self._STEP]
            self._place += len(step)
            given.append(self._inner.decompress(step))
            size += len(given[-1])
        return b"".join(given)


_UNPACKERS: dict[str, Callable[[], _Unpacker]] = {
    "gzip": _Gzip,
    "xz": lambda: lzma.LZMADecompressor(memlimit=_MOST_MEMORY),
    "bzip2": bz2.BZ2Decompressor,
    "zstd": _Zstd,
}


def _broken(kind: str) -> tuple[type[Exception], ...]:
    """Return what unpacking raises where an archive is broken."""
    if kind == "zstd":
        import zstandard

        return (zstandard.ZstdError,)
    return (zlib.error, lzma.LZMAError, OSError, ValueError)
