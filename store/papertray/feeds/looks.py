"""What a source seems to be that nobody reads, in words."""

from __future__ import annotations

import re
from pathlib import Path

SQLITE = b"SQLite format 3\x00"
ZIP = (b"PK\x03\x04", b"PK\x05\x06")
"""How a ZIP archive begins, the second one that is empty."""

LIST_OF_FEEDS = "an OPML list of feeds"

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
    (SQLITE, "an SQLite database"),
    (b"\x7fELF", "a program"),
    (b"{\\rtf", "an RTF document"),
    (b"%!PS", "a PostScript file"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
)
_OFFICE = {".docx": "a Word document", ".xlsx": "an Excel sheet", ".pptx": "a slide show",
           ".odt": "an OpenDocument text", ".ods": "an OpenDocument sheet",
           ".epub": "an e-book"}  # fmt: skip


def office_document(name: str) -> str:
    """Return what a ZIP archive called `name` really is, in words; empty if it is an archive."""
    return _OFFICE.get(Path(name).suffix.lower(), "")


def looks_like(head: bytes, name: str) -> str:
    """Return in words what a source seems to be that nobody reads: ``a PDF``, ``plain text``."""
    if head[8:12] == b"WEBP" and head.startswith(b"RIFF"):
        return "a WebP image"
    if head.startswith(ZIP):
        return office_document(name) or "a ZIP archive"
    if head[257:262] == b"ustar":
        return "a tar archive"
    for signature, words in _SIGNATURES:
        # Few letters alone are as likely a text; no text has control characters after them.
        is_sure = len(signature) > 3 or not signature.isascii() or is_binary(head)
        if head.startswith(signature) and is_sure:
            return words
    if is_binary(head):
        return "binary data"
    start = head[:4096].lstrip().lower()
    if start.startswith(b"<!doctype html") or b"<html" in start:
        return "an HTML page"
    if b"<opml" in start:
        return LIST_OF_FEEDS
    if start.startswith((b"<?xml", b"<svg", b"<rss", b"<feed")):
        return "an SVG image" if b"<svg" in start else "an XML file"
    if start.startswith((b"{", b"[")):
        return "JSON of another kind"
    return "plain text"


def is_binary(head: bytes) -> bool:
    """Tell data from text: a NUL, or more than a few controls that no text has."""
    return b"\x00" in head or len(_CONTROLS.findall(head)) * 50 > len(head)


_CONTROLS = re.compile(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f]")
