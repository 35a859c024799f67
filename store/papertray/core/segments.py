"""Canonical text on its way to a file: one line of text, cut into words and ``$math$``.

Canonical text is Unicode with ``$math$`` and no other TeX, but a dollar is also money and a shell
variable. `segments` decides with the rule of pandoc (the opening dollar is followed, the closing
one preceded by something that is no space, and no digit comes after), made stricter where plain
prose would pass for a formula. What is called math here, pandoc calls math as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple


class Segment(NamedTuple):
    """A piece of canonical text. For math, `text` is the formula without its dollars."""

    text: str
    is_math: bool = False


def segments(text: str) -> list[Segment]:
    """Return `text` cut into text and math, in order; no piece is empty.

    Text and formulas (with a dollar on either side) joined again are `text`.
    """
    if "$" not in text:
        return [Segment(text)] if text else []
    found: list[Segment] = []
    done = start = 0
    while match := _MATH.search(text, start):
        if not _is_formula(match[1], text[match.end() : match.end() + 1]):
            start = match.start() + 1
            continue
        if match.start() > done:
            found.append(Segment(text[done : match.start()]))
        found.append(Segment(match[1], is_math=True))
        done = start = match.end()
    if done < len(text):
        found.append(Segment(text[done:]))
    return found


def one_line(text: str) -> str:
    """Return `text` as a file may hold it on one line.

    Runs of white space become one space (no-break spaces stay, except at the ends); control
    characters, bidi overrides and other characters that only steer a terminal or a renderer are
    dropped; lone surrogates, which no file can hold, become U+FFFD.
    """
    if text.isprintable() and "  " not in text:
        return text.strip()
    text = text.translate(_UNFIT)
    if "\u00a0" not in text:
        return " ".join(text.split())
    return _BREAKING_SPACE.sub(" ", text).strip()


def many_lines(text: str) -> str:
    """Like `one_line` for running text: line ends become ``\\n``, tabs and spaces stay."""
    if text.replace("\n", "").isprintable():
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_UNFIT)
    return _ODD_BREAK.sub(" ", text)


# A dollar that is not escaped, a body whose ends are no spaces, a dollar with no digit after it.
# The possessive groups keep a line of thousands of dollars or backslashes linear.
_MATH = re.compile(r"(?<!\\)\$(?=[^\s$])((?:[^$\\]|\\.)++)(?<!\s)\$(?!\d)", re.DOTALL)

_LONGEST_FORMULA = 1000

# A formula shows at least one of these, or is very short, or is one run without a space.
_TEX = re.compile(r"[\\^_=<>{}]")
_COMPACT = re.compile(r"[\w.,%+\-*/()|'!\[\]]{1,12}")
_WORD = re.compile(r"[^\W\d_]{2}")
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)


def _is_formula(body: str, following: str) -> bool:
    if len(body) > _LONGEST_FORMULA or "\n\n" in body or not braces_balance(body):
        return False
    if following.isalpha() and "\\" not in body and len(body) > 2:
        return False  # $PATH/$HOME
    if body.endswith(("/", "-")):
        return False  # $5/$10 with words for numbers
    if _TEX.search(body) or len(body) <= 2 or _COMPACT.fullmatch(body):
        return True
    return not _WORD.search(body)


def braces_balance(body: str) -> bool:
    """Tell whether the braces of `body` balance for every way in which readers count them.

    TeX skips a backslash with what follows, BibTeX counts each brace, and simple parsers skip
    each brace that has a backslash before it.
    """
    if "{" not in body and "}" not in body:
        return True
    escaped_skipped = (match[0] for match in _BRACE.finditer(body))
    preceded_skipped = re.sub(r"\\[{}]", "", body)
    return all(map(_balance, (escaped_skipped, body, preceded_skipped)))


def _balance(characters: Iterable[str]) -> bool:
    depth = 0
    for character in characters:
        if character == "{":
            depth += 1
        elif character == "}":
            depth -= 1
            if depth < 0:
                return False
    return depth == 0


_KEPT_SPACES = {0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x1C, 0x1D, 0x1E, 0x1F, 0x85}
_CONTROLS = [c for c in (*range(0x20), *range(0x7F, 0xA0)) if c not in _KEPT_SPACES]
_BIDI = [0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
_INVISIBLE = [0xFEFF, *range(0xFFF9, 0xFFFC), *range(0xE0000, 0xE0080)]
_NONCHARACTERS = [
    *range(0xFDD0, 0xFDF0),
    *(p << 16 | c for p in range(17) for c in (0xFFFE, 0xFFFF)),
]
_UNFIT: dict[int, str | None] = dict.fromkeys(
    [*_CONTROLS, *_BIDI, *_INVISIBLE, *_NONCHARACTERS], None
)
_UNFIT |= dict.fromkeys(range(0xD800, 0xE000), "\N{REPLACEMENT CHARACTER}")

_BREAKING_SPACE = re.compile("[^\\S\u00a0]+")
_ODD_BREAK = re.compile("[\v\f\x1c-\x1f\x85\u2028\u2029]")
