"""Checking files of the index by the CRC32 that each one ends in; the library itself never does.

A file is its content, a footer such as ``{"version":{…},"crc":1128978064}``, the footer's length
and the number 1337, both in 32 bits, little endian.
"""

from __future__ import annotations

import json
import os
import struct
import zlib
from pathlib import Path
from typing import BinaryIO

_PIECE = 1 << 20  # bytes read at once; other threads run while one is summed up
_MAGIC = 1337
_END = struct.Struct("<II")
_LONGEST_FOOTER = 50_000


def is_intact(path: Path) -> bool:
    """Return whether the content of a file is what its footer says. Raises `OSError`."""
    with path.open("rb", buffering=0) as file:
        size = os.fstat(file.fileno()).st_size
        found = _footer(file, size)
        if found is None:
            return False
        rest, wanted = found
        file.seek(0)
        crc = 0
        while rest and (piece := file.read(min(rest, _PIECE))):
            crc = zlib.crc32(piece, crc)
            rest -= len(piece)
    return not rest and crc == wanted


def _footer(file: BinaryIO, size: int) -> tuple[int, int] | None:
    """Return the length of the content and its checksum; None where the end makes no sense."""
    if size < _END.size:
        return None
    file.seek(size - _END.size)
    length, magic = _END.unpack(file.read(_END.size))
    content = size - _END.size - length
    if magic != _MAGIC or length > _LONGEST_FOOTER or content < 0:
        return None
    file.seek(content)
    try:
        crc = json.loads(file.read(length))["crc"]
    except (ValueError, KeyError, TypeError):
        return None
    return (content, crc) if isinstance(crc, int) else None
