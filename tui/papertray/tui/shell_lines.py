"""The user's own commands: lines for the shell with places for what a paper is.

What a paper says never becomes part of a line: it is handed to the shell in variables, so that a
title may hold quotation marks, ``$(…)`` or line breaks. Imports nothing of Textual.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Mapping

from papertray.core.errors import UsageError

NAMES = {
    "pdf": "PDF on this machine; p fetches it",
    "citekey": "citation key",
    "url": "link",
    "title": "title",
    "doi": "DOI",
    "arxiv_id": "arXiv id",
}
"""What can stand in braces, and what a paper that lacks it is said to lack."""

_PLACE = re.compile(r"\{\{|\}\}|(?<!\$)\{([A-Za-z_]+)\}")


def wrong_in(line: str) -> str:
    """Return what is wrong with the places in a line, in a sentence; empty when nothing is."""
    from difflib import get_close_matches

    for match in _PLACE.finditer(line):
        name = match[1]
        if name is None:
            continue
        if name not in NAMES:
            near = get_close_matches(name, NAMES, 1, 0.5)
            hint = f"did you mean {{{near[0]}}}?" if near else f"there are {_listed()}."
            return f"There is no {{{name}}}; {hint}"
        if is_quoted(line[: match.start()]):
            return f"{{{name}}} is one word already: write it without quotation marks."
    return ""


def placed(line: str) -> tuple[str, tuple[str, ...]]:
    """Return a line as the shell gets it, and the names of what it asks for of the paper."""
    names = dict.fromkeys(match[1] for match in _PLACE.finditer(line) if match[1])

    def put(match: re.Match[str]) -> str:
        return f'"${{{_variable(match[1])}}}"' if match[1] else match[0][0]

    return _PLACE.sub(put, line), tuple(names)


def variables(names: tuple[str, ...], value_of: Callable[[str], str]) -> Mapping[str, str]:
    """Return the variables of the shell for some names. Raises `UsageError` where one is empty."""
    found = {}
    for name in names:
        value = value_of(name).replace("\0", "")
        if not value:
            raise UsageError(f"this paper has no {NAMES[name]}")
        found[_variable(name)] = value
    return found


def is_quoted(before: str) -> bool:
    """Return whether what comes after a piece of a line stands in quotation marks."""
    try:
        shlex.split(before)
    except ValueError:
        return True
    return False


def _variable(name: str) -> str:
    return f"PAPERTRAY_PAPER_{name.upper()}"


def _listed() -> str:
    return " ".join(f"{{{name}}}" for name in NAMES)
