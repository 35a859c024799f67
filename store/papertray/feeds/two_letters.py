"""Lines that begin with a tag of two letters and a blank: Web of Science and RefWorks."""

from __future__ import annotations

import re
from collections.abc import Callable

from papertray.feeds.tagged_lines import SplitLine

_TAG = re.compile(r"\ufeff?([A-Z][A-Z0-9])(?:[ \t]+(.*)|)", re.DOTALL)


def two_letter_splitter(known: frozenset[str]) -> Callable[[], SplitLine]:
    """Return what makes a splitter of lines for each file.

    Some programs write the further lines of a value without indenting them, and these may begin
    ``UK patients``: once there was such a line, only the tags in `known` are tags.
    """

    class Split:
        def __init__(self) -> None:
            self._only_known = False

        def __call__(self, line: str) -> tuple[str, str] | None:
            found = _TAG.fullmatch(line)
            if found and (found[1] in known or not self._only_known):
                return found[1], found[2] or ""
            if line[:1].strip():
                self._only_known = True
            return None

    return Split
