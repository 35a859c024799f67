"""A stream of XML made harmless before it is parsed: only tags, text and numbered characters stay.

Declarations, DTDs with their entities, comments and processing instructions are dropped, CDATA
becomes text, and the named characters that such files use (``&ouml;``) become numbers. What is
left out keeps its line breaks, so that line numbers stay right. What comes out is valid UTF-8
without control characters; an ``&`` or ``<`` that begins no reference and no tag is text. At these
a parser would give up, and lose all that follows.
"""

from __future__ import annotations

import codecs
import html
import re
from collections.abc import Iterator
from typing import BinaryIO

CHUNK = 1 << 16

LONGEST_TAG = 1 << 20
"""Bytes that one tag or document type may have."""


class TagTooLong(ValueError):
    """A tag or document type has more than `LONGEST_TAG` bytes, or never ends."""


_MARK = re.compile(rb"<!--|<!\[CDATA\[|<\?|<!DOCTYPE\b", re.IGNORECASE)
# A subset may hold brackets of its own, in comments and in quotation marks.
_DOCUMENT_TYPE = re.compile(rb"<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>", re.IGNORECASE | re.DOTALL)
_WHOLE = (
    rb"/?[A-Za-z_:][A-Za-z0-9_.:-]{0,250}+"
    rb"(?:>|[\s/](?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+')*+>)"
)
_TAG = re.compile(b"<" + _WHOLE)
_NO_TAG = re.compile(b"<(?!" + _WHOLE + b")")
_CUT_TAG = re.compile(rb"<(?:[/!?A-Za-z_:]|\Z)")
_REFERENCE = re.compile(
    rb"&(?:(amp|lt|gt|quot|apos);|([A-Za-z][A-Za-z0-9]{0,31}|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});)?"
)
_CUT_REFERENCE = re.compile(rb"&[#A-Za-z0-9]{0,33}\Z")
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r"))
_ENDS = {b"<!--": b"-->", b"<![CDATA[": b"]]>", b"<?": b">"}


def harmless(stream: BinaryIO) -> Iterator[bytes]:
    """Yield a stream of XML in pieces, each of which ends between two tags or in text.

    Raises TagTooLong where the rest cannot be told apart any more.
    """
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    held = b""
    inside = b""
    while data := stream.read(CHUNK):
        held += decoder.decode(data).encode().translate(None, _CONTROLS)
        pieces: list[bytes] = []
        inside, held = _scan(inside, held, pieces)
        yield b"".join(pieces)
        if len(held) > LONGEST_TAG:
            raise TagTooLong
    if not inside:
        yield _text(held)


def _scan(inside: bytes, data: bytes, pieces: list[bytes]) -> tuple[bytes, bytes]:
    """Append what of `data` is to be parsed to `pieces`.

    Arguments: `inside` is the mark of what is open as it begins, empty for text.

    Returns what is open at its end, and what of it must be looked at again with more.
    """
    position = 0
    while True:
        if inside:
            ending = _ENDS[inside]
            end = data.find(ending, position)
            cut = max(position, len(data) - len(ending) + 1) if end < 0 else end
            pieces.append(_content(inside, data[position:cut]))
            if end < 0:
                return inside, data[cut:]
            position, inside = end + len(ending), b""
        found = _MARK.search(data, position)
        if found is None:
            end = _safe_end(data, position)
            pieces.append(_text(data[position:end]))
            return b"", data[end:]
        pieces.append(_text(data[position : found.start()]))
        mark = found[0].upper()
        if mark in _ENDS:
            position, inside = found.end(), mark
            continue
        whole = _DOCUMENT_TYPE.match(data, found.start())
        if whole is None:
            return b"", data[found.start() :]
        pieces.append(_lines(whole[0]))
        position = whole.end()


def _text(data: bytes) -> bytes:
    """Return tags and text, whole, as they can be parsed."""
    return _NO_TAG.sub(b"&lt;", _REFERENCE.sub(_spelled, data))


def _content(mark: bytes, data: bytes) -> bytes:
    if mark != b"<![CDATA[":
        return _lines(data)
    return data.replace(b"&", b"&amp;").replace(b"<", b"&lt;").replace(b">", b"&gt;")


def _lines(data: bytes) -> bytes:
    return b"\n" * data.count(b"\n")


def _safe_end(data: bytes, position: int) -> int:
    """Return where text can be cut: before a tag that is not whole, or a reference that is not."""
    tag = data.rfind(b"<", position)
    if tag >= 0 and not _TAG.match(data, tag) and _CUT_TAG.match(data, tag):
        return tag
    found = _CUT_REFERENCE.search(data, max(position, len(data) - 40))
    return found.start() if found else len(data)


def _spelled(found: re.Match[bytes]) -> bytes:
    """Return a reference as XML knows it; as HTML reads it, ``&#146;`` is an apostrophe."""
    if found[1]:
        return found[0]
    if not found[2]:  # an ampersand that is none of XML's
        return b"&amp;"
    characters = html.unescape(found[0].decode("ascii"))
    if characters.startswith("&") and len(characters) > 1:  # nobody's name: literal text
        return b"&amp;" + found[2] + b";"
    return "".join(f"&#{ord(character)};" for character in characters).encode("ascii")
