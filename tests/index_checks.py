"""Looking at an index in a test.

Import with ``from index_checks import add, current_generation, ids_by_index``.
"""

from __future__ import annotations

from pathlib import Path

from papertray.store.index.generations import Generations
from papertray.store.index.schema import VERSION
from papertray.store.search import Search
from papertray.store.tray import Tray

from made_up_papers import add_paper


def add(tray: Tray, title: str, **fields: str) -> int:
    """Put a paper into the tray; return its id."""
    with tray.write() as connection:
        return add_paper(connection, title, **fields)


def ids_by_index(search: Search, text: str) -> list[int]:
    """Return what is found by the index alone: all was followed and nothing went wrong."""
    hits = search.search(text)
    assert hits.notice == ""
    return sorted(hits.ids)


def current_generation(tray: Tray) -> Path:
    """Return the folder of the index that is in use."""
    found = Generations(tray.places.cache / str(VERSION)).current()
    assert found is not None
    return found
