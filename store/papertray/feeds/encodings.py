"""Finding the encoding of a source, and giving it as UTF-8 whatever it came in.

What is valid UTF-8 is UTF-8, whatever it says of itself, and passes through as it is. Otherwise a
byte order mark decides, the NULs of UTF-16, what the text declares (XML, BibTeX and editors have
their ways), and for Chinese, Japanese and Korean the look of the bytes, where that is clear. All
that is left is UTF-8 whose bad bytes are read as windows-1252, one by one, so that no byte spoils a
file.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator

UTF_8 = "UTF-8"
_BYTE = "papertray-windows-1252"
"""The name of the error handler that reads a byte that fits nowhere as windows-1252."""


class Utf8:
    """The pieces of a source as UTF-8, each ending between two characters.

    `found` is what it turned out to be so far, in words: ``UTF-8``, ``windows-1252``.
    """

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self.found = UTF_8
        self._pieces = iter(pieces)
        self._has_multibyte = False
        self._declared = ""

    def __iter__(self) -> Iterator[bytes]:
        first = next(self._pieces, b"")
        while len(first) < _LEAST and (more := next(self._pieces, b"")):
            first += more
        for mark, codec in _MARKS:
            if first.startswith(mark):
                return self._after_mark(first[len(mark) :], codec)
        codec = wide_encoding(first)
        if codec:
            return self._decoded(first, codec)
        self._declared = declared_encoding(first)
        return self._checked(first)

    def _after_mark(self, first: bytes, codec: str) -> Iterator[bytes]:
        return self._checked(first) if codec == "utf-8" else self._decoded(first, codec)

    def _checked(self, first: bytes) -> Iterator[bytes]:
        """Yield what is UTF-8 as it is; at the first piece that is not, find out what it is."""
        held = first
        while True:
            piece = next(self._pieces, b"")
            is_last = not piece
            if held.isascii():
                yield held
                held = b""
            else:
                try:
                    _, used = codecs.utf_8_decode(held, "strict", is_last)
                    yield held[:used]
                    held = held[used:]
                    self._has_multibyte = True
                except UnicodeDecodeError:
                    codec = "" if self._has_multibyte else self._other_encoding(held)
                    if codec:
                        yield from self._decoded(held + piece, codec)
                        return
                    text, held = self._mixed(held, is_last)
                    yield text
            if is_last:
                return
            held += piece

    def _other_encoding(self, data: bytes) -> str:
        """Return the codec of what is no UTF-8; empty where windows-1252 is as good a guess."""
        for codec in (self._declared, likely_encoding(data)):
            if codec and _fits(data, codec):
                return codec
        return ""

    def _mixed(self, data: bytes, is_last: bool) -> tuple[bytes, bytes]:
        """Decode bytes that are not all UTF-8: (as UTF-8, what is to be looked at with more)."""
        if _MULTIBYTE.search(data) is None:
            used = len(data) if is_last else _CUT.search(data).start()  # type: ignore[union-attr]
            text = data[:used].decode("cp1252", _BYTE)
        else:
            text, used = codecs.utf_8_decode(data, _BYTE, is_last)
            self._has_multibyte = True
        kind = "UTF-8 with some bytes of windows-1252" if self._has_multibyte else "windows-1252"
        self.found = kind
        return text.encode("utf-8", "replace"), data[used:]

    def _decoded(self, first: bytes, codec: str) -> Iterator[bytes]:
        self.found = _name(codec)
        errors = "replace" if codec.startswith("utf") else _BYTE
        decoder = codecs.getincrementaldecoder(codec)(errors)
        piece = first
        while piece:
            yield decoder.decode(piece).encode("utf-8", "replace")
            piece = next(self._pieces, b"")
        yield decoder.decode(b"", True).encode("utf-8", "replace")


_LEAST = 1 << 12
"""Bytes of a source that are looked at together, also from a pipe that gives few at a time."""

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with that one's
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (codecs.BOM_UTF8, "utf-8"),
)
_MULTIBYTE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_CUT = re.compile(rb"(?:[\xc2-\xf4][\x80-\xbf]{0,2})?\Z")


def _read_byte(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    byte = error.object[error.start : error.start + 1]
    try:
        return byte.decode("cp1252"), error.start + 1
    except UnicodeDecodeError:  # one of the five that windows-1252 leaves open
        return byte.decode("latin-1"), error.start + 1


codecs.register_error(_BYTE, _read_byte)


def wide_encoding(head: bytes) -> str:
    """Return the codec of UTF-16 or UTF-32 without a byte order mark, told by its NULs, or ``""``.

    Every second byte of its letters, digits and line ends is NUL (of UTF-32 three in four), always
    on the same side, and none of its characters is a control that no text has.
    """
    start = head[: min(4096, len(head) & ~3)]
    if b"\x00" not in start:
        return ""
    nuls = [start[place::4].count(b"\x00") for place in range(4)]
    codec = _SIDES.get("".join("-" if count * 80 < len(start) else "0" for count in nuls), "")
    if not codec:
        return ""
    text = start.decode(codec, "replace")
    return "" if _NO_TEXT.search(text) else codec


_SIDES = {"-000": "utf-32-le", "000-": "utf-32-be", "-0-0": "utf-16-le", "0-0-": "utf-16-be"}
_NO_TEXT = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")

_DECLARED = re.compile(rb"coding\s*[=:]\s*[\"']?\s*([A-Za-z][\w.-]*)", re.IGNORECASE)
"""``<?xml encoding="…"?>``, ``% Encoding: …``, ``% !TeX encoding = …``, ``-*- coding: … -*-``."""

_KNOWN = re.compile(r"(?:iso8859|cp\d|koi8|kz1048|mac|ptcp|gb|big5|shift_jis|euc|johab|tis)")
_WIDER = {
    "ascii": "cp1252", "iso8859-1": "cp1252", "gb2312": "gb18030", "gbk": "gb18030",
    "shift_jis": "cp932", "euc_kr": "cp949", "big5": "big5hkscs",
}  # fmt: skip
"""Codecs whose name is often said of what is really in the wider one."""


def declared_encoding(head: bytes) -> str:
    """Return the codec that a text names near its beginning; empty for none, UTF-8, or no text's.

    What is declared may be wrong: whether the bytes fit must be seen.
    """
    found = _DECLARED.search(head[:4096])
    if found is None:
        return ""
    try:
        name = codecs.lookup(found[1].decode("ascii")).name
    except LookupError:
        return ""
    name = _WIDER.get(name, name)
    return name if _KNOWN.match(name) else ""


def _fits(data: bytes, codec: str) -> bool:
    try:
        codecs.getincrementaldecoder(codec)("strict").decode(data)
    except UnicodeDecodeError:
        return codec == "cp1252"
    return True


_HIGH = re.compile(rb"[\x80-\xff]")
_TYPICAL = {
    "cp932": rb"\x81[\x40-\xac]|\x82[\x4f-\xf1]|\x83[\x40-\x96]|[\x88-\x98][\x40-\x7e\x80-\xfc]"
    rb"|[\xb1-\xdd](?=[\xb1-\xdf])",
    "euc_jp": rb"\xa1[\xa1-\xfe]|\xa3[\xb0-\xfa]|\xa4[\xa1-\xf3]|\xa5[\xa1-\xf6]"
    rb"|[\xb0-\xcf][\xa1-\xfe]",
    "cp949": rb"\xa1[\xa1-\xfe]|[\xb0-\xc8][\xa1-\xfe]",
    "gb18030": rb"[\xa1\xa3][\xa1-\xfe]|[\xb0-\xd7][\xa1-\xfe]",
    "big5hkscs": rb"[\xa1\xa2][\x40-\x7e\xa1-\xfe]|[\xa4-\xc6][\x40-\x7e\xa1-\xfe]",
}
"""Codec → pairs of bytes that are its common characters: the first level of its set, kana."""

_PAIRS = {codec: re.compile(pairs) for codec, pairs in _TYPICAL.items()}
_KANA = {
    "cp932": re.compile(rb"\x82[\x9f-\xf1]|\x83[\x40-\x96]"),
    "euc_jp": re.compile(rb"[\xa4\xa5][\xa1-\xf6]"),
}
_LEAST_PAIRS = 6


def likely_encoding(data: bytes) -> str:
    """Return the codec of Chinese, Japanese or Korean bytes, or ``""`` where it is not clear.

    Clear means that at least six pairs, and 19 in 20 of all bytes above ASCII, are among its
    common characters; of Japanese some are kana.
    """
    high = len(_HIGH.findall(data))
    for codec in ("euc_jp", "cp949", "gb18030", "cp932", "big5hkscs"):
        pairs = _PAIRS[codec].findall(data)
        if len(pairs) < _LEAST_PAIRS:
            continue
        if len(_HIGH.findall(_PAIRS[codec].sub(b"", data))) * 20 > high:
            continue
        if codec in _KANA and len(_KANA[codec].findall(data)) * 8 < len(pairs):
            continue
        if _fits(data, codec):
            return codec
    return ""


_NAMES = {"gb18030": "GB18030", "cp932": "Shift-JIS", "euc_jp": "EUC-JP", "cp949": "EUC-KR",
          "big5hkscs": "Big5", "mac-roman": "Mac Roman"}  # fmt: skip


def _name(codec: str) -> str:
    """Return what people call a codec."""
    if codec.startswith("utf"):
        return codec[:6].upper()
    if codec.startswith("cp125"):
        return f"windows-{codec[2:]}"
    if codec.startswith("iso8859"):
        return f"ISO-8859{codec[7:]}"
    return _NAMES.get(codec, codec)
