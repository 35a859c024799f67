"""Papers by a few letters of title, author or citation key: for the palette and for picking."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from papertray.core.clean import clean
from papertray.tui.naming import best

if TYPE_CHECKING:
    from papertray.core.model import Entry
    from papertray.notebook.notebook import Notebook

LOOKED_AT = 100
"""Hits of the index that are ranked by their names."""


def find_papers(notebook: Notebook, typed: str, most: int) -> list[Entry]:
    """Return the papers that are named most like what was typed, best first.

    Any thread may call it. Words may be half typed or mistyped; without words the newest papers are
    found. Raises `TrayError`.
    """
    words = re.findall(r"\w+", typed)
    if not words:
        return list(notebook.papers.entries(notebook.papers.newest(most)))
    ids = _hits(notebook, words)
    if not ids and any(len(word) > 2 for word in words):
        ids = _hits(notebook, [f"{word}~" if len(word) > 2 else word for word in words])
    ids = dict.fromkeys([*_by_key(notebook, typed.strip()), *ids])
    named = [(name_of(entry), entry) for entry in notebook.papers.entries(list(ids))]
    found = best(typed, named, most)
    # What the index found has the words somewhere: in the abstract, or as other forms of them.
    rest = [entry for _, entry in named if entry not in found]
    return [*found, *rest][:most]


def _hits(notebook: Notebook, words: list[str]) -> dict[int, None]:
    found = notebook.search.search(" ".join(words), typing=True, limit=LOOKED_AT)
    return dict.fromkeys(found.ids)


def _by_key(notebook: Notebook, key: str) -> list[int]:
    """Return the papers whose citation key begins with what was typed."""
    from papertray.core.errors import UnknownPaper
    from papertray.store.beginnings import Kind, names_beginning

    found = []
    for name in names_beginning(notebook.places.database, Kind.CITEKEY, key)[:LOOKED_AT]:
        try:
            found.append(notebook.papers.find(name))
        except UnknownPaper:  # removed
            continue
    return found


def name_of(entry: Entry) -> str:
    """Return what a paper is found by, clean: title, authors, citation key."""
    authors = " ".join(author.display for author in entry.work.authors[:8])
    return clean(f"{entry.work.title} {authors} {entry.citekey}")
