"""Whether what came is a PDF, and all of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

HEAD = 1024
"""Bytes within which a PDF begins: more than one viewer allows for some rubbish before it
(Adobe's Implementation Note 13 to the PDF Reference 1.7)."""

TAIL = 2048
"""Bytes within which it ends: some have rubbish after the end, too."""


@dataclass(frozen=True, slots=True)
class Content:
    """What is looked at of a file: its first and last bytes, and its size in bytes."""

    head: bytes
    tail: bytes
    size: int


def read_content(path: Path) -> Content:
    """Read what is to be looked at of a file. Raises OSError."""
    with path.open("rb") as file:
        head = file.read(HEAD)
        size = file.seek(0, 2)
        file.seek(max(0, size - TAIL))
        return Content(head, file.read(TAIL), size)


def is_pdf(head: bytes) -> bool:
    """Tell from its first bytes whether a file is a PDF.

    A page about PDFs is none: before the mark there is no markup.
    """
    before, mark, _ = head[:HEAD].partition(b"%PDF-")
    return bool(mark) and b"<" not in before


def is_whole(content: Content, headers: Mapping[str, str]) -> bool:
    """Tell whether all of a PDF came. `headers` of the answer have lower-case names.

    It has the mark of its end, or else is as long as the server said: some that every viewer shows
    end in more rubbish than the mark allows for. The length alone would not do, as many servers
    tell none.
    """
    is_as_told = not headers.get("content-encoding") and headers.get("content-length", "") == str(
        content.size
    )
    return b"%%EOF" in content.tail or is_as_told
