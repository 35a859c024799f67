"""The one table of built-in readers. A module is imported when its format is tried or asked for."""

from __future__ import annotations

import difflib
import importlib
from collections.abc import Iterator
from typing import cast

from papertray.core.errors import UnknownFormat
from papertray.feeds.reader import Reader

BUILT_IN = {
    "trending-page": "papertray.feeds.trending_page",
    "jsonl": "papertray.feeds.jsonlines",
}
"""Format name → module, in the order in which they are tried."""


def names() -> tuple[str, ...]:
    """Return the names of all formats that can be read."""
    return tuple(BUILT_IN)


def readers() -> Iterator[Reader]:
    """Yield all readers, importing each when it is its turn."""
    for module in BUILT_IN.values():
        yield cast(Reader, importlib.import_module(module))


def find_reader(name: str) -> Reader:
    """Return the reader of the format `name`. Raises UnknownFormat, which names the nearest."""
    module = BUILT_IN.get(name)
    if module is None:
        near = difflib.get_close_matches(name, BUILT_IN, n=1, cutoff=0.4)
        hint = f'did you mean "{near[0]}"?' if near else f"there are {', '.join(BUILT_IN)}."
        raise UnknownFormat(f'No reader is called "{name}": {hint}')
    return cast(Reader, importlib.import_module(module))


def recognise(head: bytes, name: str) -> Reader | None:
    """Return the first reader that recognises a source by its `head` and file `name`, or None."""
    return next((reader for reader in readers() if reader.recognise(head, name)), None)
