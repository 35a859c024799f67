"""Reads streams far larger than a reader may keep: ``python endless.py FORMAT GOLDEN_FILE``.

Prints the megabytes of memory it took at most. In a process of its own, so that it counts alone.
"""

from __future__ import annotations

import io
import resource
import sys
from pathlib import Path
from typing import cast

from papertray.feeds.reader import BUFFER, Reader
from papertray.feeds.table import READERS


class _Endless(io.RawIOBase):
    """Gives `head`, then `piece` again and again until `size` bytes are given."""

    def __init__(self, head: bytes, piece: bytes, size: int) -> None:
        self._ready = head
        self._piece = piece * (1 + BUFFER // len(piece))
        self._left = size

    def readable(self) -> bool:
        return True

    # The buffer is typed as in the standard library's own stubs, where its type has no name.
    def readinto(self, buffer) -> int:  # type: ignore[no-untyped-def]
        if not self._ready and self._left > 0:
            self._ready = self._piece
            self._left -= len(self._piece)
        data, self._ready = self._ready[: len(buffer)], self._ready[len(buffer) :]
        buffer[: len(data)] = data
        return len(data)


def main(format_name: str, golden: str) -> None:
    """Read five such streams with one reader."""
    reader = cast(Reader, READERS.find(format_name))
    whole = Path(golden).read_bytes()
    middle = whole[: len(whole) // 2]
    for head, piece, megabytes in (
        (b"", whole, 6),
        (middle, b"word ", 60),
        (middle, b"a", 60),
        (middle, b"\nword", 20),
        (b"", b" " * 99 + b"\n", 60),
    ):
        raw = _Endless(head, piece, megabytes << 20)
        for _ in reader.read(cast(io.BufferedReader, io.BufferedReader(raw, BUFFER))):
            pass
    print(_most_kilobytes() >> 10)


def _most_kilobytes() -> int:
    """Return the most memory that this process had.

    Linux counts what the process that started it had as its own in `getrusage`; in the status
    file it does not.
    """
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    (most,) = (line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
    return int(most.split()[1])


if __name__ == "__main__":
    main(*sys.argv[1:])
