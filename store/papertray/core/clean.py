"""The only road from data to a screen, a terminal or a log: `clean`.

Titles, notes, file names and error messages may hold terminal escapes, C1 controls and bidi
overrides. Textual strips only a few of them, a shell none. Joiners (ZWJ) and variation selectors
stay: emoji and several scripts need them.
"""

from __future__ import annotations

_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_SPACES = "\t\n\r\v\f\x1c\x1d\x1e\x1f\x85\u2028\u2029"
_BIDI = [0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]

_LINE: dict[int, str | None] = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0)], _REPLACEMENT)
_LINE |= dict.fromkeys(map(ord, _SPACES), " ")
_LINE |= dict.fromkeys([*_BIDI, 0xFEFF, *range(0xFFF9, 0xFFFC), *range(0xE0000, 0xE0080)], None)
# Lone surrogates cannot be encoded: one of them would end the program at the next write.
_LINE |= dict.fromkeys(range(0xD800, 0xE000), _REPLACEMENT)
_TEXT = {**_LINE, 0x0A: "\n", 0x09: "    ", 0x0D: None}


def clean(text: str) -> str:
    """Return `text` as one harmless line: controls become U+FFFD, breaks and tabs spaces."""
    return text if text.isascii() and text.isprintable() else text.translate(_LINE)


def clean_text(text: str) -> str:
    """Like `clean`, but line breaks stay: for abstracts, notes and other running text."""
    if text.isascii() and text.replace("\n", "").isprintable():
        return text
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_TEXT)
