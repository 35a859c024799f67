"""Titles as bibliographies print them: with a full stop, or in brackets for a translated one."""

from __future__ import annotations

import re

# A full stop that belongs to the last word: "et al.", "U.S.", an ellipsis.
_ITS_OWN = re.compile(r"(?:\.\.|\b(?:et al|etc|vs|Inc|Ltd|Co|Corp|Jr|Sr|[A-Z]\.[A-Z]))\.\Z")


def without_full_stop(title: str) -> str:
    """Return a title without the full stop that ends it in PubMed and DBLP: ``On Sets.``."""
    if not title.endswith(".") or _ITS_OWN.search(title):
        return title
    return title[:-1].rstrip() or title


def without_brackets(title: str) -> str:
    """Return a title without the brackets that stand around all of it: ``[On sets]``.

    So PubMed prints the translation of a title that is not English.
    """
    if not (title.startswith("[") and title.endswith("]")):
        return title
    depth = 0
    for place, character in enumerate(title):
        depth += (character == "[") - (character == "]")
        if depth == 0 and place < len(title) - 1:
            return title
    return title[1:-1].strip() or title
