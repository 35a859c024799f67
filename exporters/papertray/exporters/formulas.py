"""Which formulas of strangers can do no more than be printed, wherever TeX gets to see them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from papertray.core.segments import Segment, segments


def harmless_pieces(text: str, unfit: re.Pattern[str]) -> Iterator[Segment]:
    """Yield `text` as words and formulas in turn.

    A formula that is not safe, or in which `unfit` finds something, is words, dollars and all.
    """
    words = ""
    for piece in segments(text):
        if not piece.is_math:
            words += piece.text
        elif unfit.search(piece.text) or not is_safe(piece.text):
            words += f"${piece.text}$"
        else:
            if words:
                yield Segment(words)
            yield piece
            words = ""
    if words:
        yield Segment(words)


def is_safe(body: str) -> bool:
    """Tell whether a formula, given without its dollars, can do no more than be printed."""
    return (
        not _UNSAFE.search(body)
        and body.count(r"\begin{") == body.count(r"\end{")
        and len(_LEFT.findall(body)) == len(_RIGHT.findall(body))
    )


# Whatever reads, writes, defines or runs; ^^ spells any character; \° is no command.
_UNSAFE = re.compile(
    r"\^\^|\\[^\x00-\x7f]|\\(?:input|include|openin|openout|read|write|immediate|special|"
    r"def|edef|gdef|xdef|let|futurelet|global|csname|catcode|newcommand|renewcommand|"
    r"providecommand|newwrite|newread|directlua|latelua|loop|repeat|usepackage|documentclass|"
    r"end(?:input|csname|group)|begingroup|everypar|output|shipout|expandafter|noexpand|"
    r"scantokens|verb|lstinputlisting|href|url)(?![a-zA-Z])"
)
_LEFT = re.compile(r"\\left(?![a-zA-Z])")
_RIGHT = re.compile(r"\\right(?![a-zA-Z])")
