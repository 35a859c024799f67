"""Text as Logseq takes it: literal in a block, whatever it holds.

What is escaped was tried with Logseq's own parser, mldoc 1.6 (https://github.com/logseq/mldoc). It
differs from Markdown: ``\\[`` and ``\\(`` begin a formula that the same with a closing bracket
ends, so closing ones are never escaped, and no character reference is known.
"""

from __future__ import annotations

import re

from papertray.core.segments import one_line, segments


def literal(text: str) -> str:
    """Return `text` as one line of a block that shows it as it stands; formulas stay formulas."""
    line = "".join(
        f"${piece.text}$"
        if piece.is_math and not _NOT_IN_MATH.search(piece.text)
        else _escaped(f"${piece.text}$" if piece.is_math else piece.text)
        for piece in segments(one_line(text))
    )
    line = _FIELD.sub(r":\\:", line)
    return _BEGINNING.sub(r"\\\g<0>", line)


def property_value(text: str) -> str:
    """Return `text` as the value of a property: in quotes, where nothing is looked for in it."""
    line = one_line(text).replace('"', "'")
    return f'"{_OPENED_TWICE.sub(_split, line)}"' if line else ""


def harmless(markdown: str) -> str:
    """Return a line of Markdown without what Logseq would run or look up in it.

    That are macros, blocks that are drawn in, pages, properties, dates, blocks of Org and HTML.
    """
    pieces = _CODE_OR_MATH.split(markdown)  # every other one is code or math
    pieces[::2] = [_tamed(piece) for piece in pieces[::2]]
    pieces[1::2] = [p if p[0] == "`" else _OPENED_TWICE.sub(_spread, p) for p in pieces[1::2]]
    line = _FIELD.sub(r":\\:", "".join(pieces))
    return _BEGINNING_OF_ORG.sub(r"\\\g<0>", line)


def _tamed(text: str) -> str:
    text = _OPENED_TWICE.sub(_split, text)
    return _TAG.sub(r"\\<", _DATED.sub(r"\1\\:", text))


def _spread(match: re.Match[str]) -> str:
    return f"{match[0][0]} {match[0][1]}"


def _split(match: re.Match[str]) -> str:
    return f"{match[0][0]}\\{match[0][1]}"


def _escaped(text: str) -> str:
    text = _SPECIAL.sub(r"\\\g<0>", text)
    text = _OPENED_TWICE.sub(_split, text)
    text = _LINK.sub(r"]\\(", text)
    text = _CLOSED.sub("\\g<0>\u2060", text)
    text = _DATED.sub(r"\1\\:", text)
    return _ADDRESS.sub(r"\1\\://", text)


_SPECIAL = re.compile(r"[\\`*_<>|~$^#{}=]")
_OPENED_TWICE = re.compile(r"\{(?=\{)\{|\((?=\()\(|\[(?=\[)\[")
_CLOSED = re.compile(r"\\\\(?=[\])])")  # would end a formula, also where the backslash is text
_LINK = re.compile(r"\]\(")
_ADDRESS = re.compile(r"(\w):(?=//)//")
_DATED = re.compile(r"(SCHEDULED|DEADLINE|CLOSED|CLOCK):", re.IGNORECASE)
_FIELD = re.compile(r"::(?=\s|$)")
_CODE_OR_MATH = re.compile(r"(`+[^`\n]+`+|\$\$?[^$\n]+\$\$?)")
_TAG = re.compile(r"(?<!\\)<(?=[A-Za-z/!?])(?!https?://)")
_NOT_IN_MATH = re.compile(r"[`\n]|\{\{|\(\(|\[\[|::")

# At the start of a block: states of tasks, bullets, numbers, quotes, rules, drawers, blocks of Org.
_BEGINNING = re.compile(
    r"\A(?:TODO|DOING|DONE|LATER|NOW|WAIT|WAITING|CANCELLED|CANCELED|STARTED|IN-PROGRESS)(?=\s|$)"
    r"|\A[-+:]"
)
_BEGINNING_OF_ORG = re.compile(r"(?<![^\s>])(?:#\+|:(?=\w+:\s*$))")
