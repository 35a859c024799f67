"""From a file to what a reader reads: pieces of bytes, unpacked, in UTF-8, and a stream of them."""

from __future__ import annotations

import io
import re
import tempfile
from collections import deque
from collections.abc import Iterable, Iterator
from typing import BinaryIO, cast

from papertray.core.errors import UnreadableSource
from papertray.feeds.compression import packed_as, unpacked
from papertray.feeds.encodings import UTF_8, Utf8, wide_encoding
from papertray.feeds.looks import is_binary
from papertray.feeds.reader import BUFFER

HEAD = 1 << 16
"""How many bytes readers may look at before one of them is chosen."""

MOST_BLANKS = 64 << 20
"""Bytes of nothing but blanks at which a source ends: packed, a gigabyte of them is small."""

MOST_ON_DISK = 1 << 30
"""Bytes of an archive that is first copied to disk, as one on standard input must be."""

_BLANK = b" \t\n\v\f\r\x00"
_BLANKS = re.compile(rb"[\s\x00]*")


def reason_of(error: Exception) -> str:
    """Return what went wrong with a file in lower case, without a full stop."""
    text = error.strerror if isinstance(error, OSError) else str(error)
    return (text or type(error).__name__).lower()


def pieces_of(stream: BinaryIO, name: str) -> Iterator[bytes]:
    """Yield what a stream holds. Raises UnreadableSource, which calls it by its `name`."""
    try:
        while data := stream.read(BUFFER):
            yield data
    except OSError as error:
        raise UnreadableSource(f"{name} cannot be read: {reason_of(error)}.") from error


class Pieces:
    """Pieces of bytes that can be looked at before they are taken. `taken` counts their bytes.

    An UnreadableSource on the way ends them; it is kept as `trouble`, so that all that came before
    it is read first.
    """

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self.taken = 0
        self.trouble: UnreadableSource | None = None
        self._rest = iter(pieces)
        self._ahead: deque[bytes] = deque()

    def peek(self, size: int) -> bytes:
        """Return how it begins: `size` bytes, if there are as many."""
        have = sum(map(len, self._ahead))
        while have < size and (piece := self._fetch()):
            self._ahead.append(piece)
            have += len(piece)
        return b"".join(self._ahead)[:size]

    def peek_text(self, size: int) -> bytes:
        """Return how it begins, or where that is all blank, how what follows begins."""
        head = self.peek(size)
        if len(head) < size or _BLANKS.fullmatch(head) is None:
            return head
        while piece := self._fetch():
            self._ahead.append(piece)
            if _BLANKS.fullmatch(piece) is None:
                break
        return b"".join(self._ahead).lstrip(_BLANK)[:size]

    def __iter__(self) -> Iterator[bytes]:
        while piece := self._ahead.popleft() if self._ahead else self._fetch():
            self.taken += len(piece)
            yield piece

    def _fetch(self) -> bytes:
        """Return the next piece that is not empty; empty at the end."""
        try:
            return next(filter(None, self._rest), b"")
        except UnreadableSource as error:
            self.trouble = error
            return b""


class Opened:
    """What a source holds, unpacked and in UTF-8, with what there is to say about it.

    `head` is how that begins, `raw` how it began before it was taken for text in some encoding.
    `kind` says how it was packed (``gzip``), empty if it was not.
    """

    def __init__(self, pieces: Pieces, name: str) -> None:
        self.kind = ""
        self._layers = [pieces]
        while len(self._layers) <= _MOST_LAYERS and (kind := packed_as(pieces.peek(HEAD))):
            self.kind = self.kind or kind
            pieces = Pieces(unpacked(pieces, kind, name))
            self._layers.append(pieces)
        self.raw = pieces.peek(HEAD)
        # What is no text is given as it is: whoever reads it knows what its bytes are.
        is_data = is_binary(self.raw) and not wide_encoding(self.raw)
        self._text = None if is_data else Utf8(pieces)
        self._pieces = Pieces(_without_endless_blanks(self._text or pieces, name))
        self._layers.append(self._pieces)
        self.head = self._pieces.peek_text(HEAD)

    def stream(self) -> BinaryIO:
        """Return it as a stream, which can be read once."""
        return cast(BinaryIO, io.BufferedReader(_Stream(iter(self._pieces)), BUFFER))

    def taken(self) -> int:
        """Return how many bytes of the stream were read, with what it read ahead."""
        return self._pieces.taken

    def encoding(self) -> str:
        """Return what it was read as, so far."""
        return UTF_8 if self._text is None else self._text.found

    def check(self) -> None:
        """Raise the UnreadableSource that ended it before its end, if one did."""
        for pieces in self._layers:
            if pieces.trouble is not None:
                raise pieces.trouble


_MOST_LAYERS = 2
"""How often what was packed is packed again, at most."""


def _without_endless_blanks(pieces: Iterable[bytes], name: str) -> Iterator[bytes]:
    blanks = 0
    for piece in pieces:
        if _BLANKS.fullmatch(piece) is None:
            blanks = 0
        elif (blanks := blanks + len(piece)) > MOST_BLANKS:
            raise UnreadableSource(
                f"{name} goes on with nothing but blanks for more than {MOST_BLANKS >> 20} MB: it "
                "is broken, or made to do harm; what came before was read."
            )
        yield piece


class _Stream(io.RawIOBase):
    """Pieces of bytes as a stream."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._piece = memoryview(b"")

    def readable(self) -> bool:
        return True

    # The buffer is typed as in the standard library's own stubs, where its type has no name.
    def readinto(self, buffer) -> int:  # type: ignore[no-untyped-def]
        if not self._piece:
            self._piece = memoryview(next(self._pieces, b""))
        size = min(len(buffer), len(self._piece))
        buffer[:size] = self._piece[:size]
        self._piece = self._piece[size:]
        return size


def on_disk(pieces: Pieces, name: str) -> BinaryIO:
    """Return a temporary file with all of it: what reads it must go back and forth.

    Raises UnreadableSource if there is no room for it, it is too large, or breaks off.
    """
    file = cast(BinaryIO, tempfile.TemporaryFile())  # noqa: SIM115  # it is returned open
    try:
        for piece in pieces:
            if pieces.taken > MOST_ON_DISK:
                raise UnreadableSource(
                    f"{name} is an archive of more than {MOST_ON_DISK >> 30} GB; unpack it first."
                )
            file.write(piece)
        file.flush()
        file.seek(0)
    except OSError as error:
        file.close()
        reason = reason_of(error)
        raise UnreadableSource(f"{name} cannot be copied to disk: {reason}.") from error
    except UnreadableSource:
        file.close()
        raise
    return file
