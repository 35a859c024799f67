"""The readers there are. A module is imported when its format is tried or asked for."""

from __future__ import annotations

import difflib
import importlib
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import TYPE_CHECKING, cast

from papertray.core.errors import UnknownFormat
from papertray.feeds.reader import Reader

if TYPE_CHECKING:  # hooks are what plugins need; reading with a built-in reader does not
    from papertray.core.hooks import RegisterReader

BUILT_IN = {
    "trending-page": "papertray.feeds.trending_page",
    "csl-json": "papertray.feeds.csl_json",
    "jsonl": "papertray.feeds.jsonlines",
}
"""Format name → module, in the order in which they are tried."""


def register_readers(register: RegisterReader) -> None:
    """Register the built-in readers, as a plugin registers its own."""
    for name, module in BUILT_IN.items():
        register(name, module)


class Readers:
    """The built-in readers, and those of plugins once none of the built-in ones will do."""

    def __init__(self, more: Callable[[], Iterable[Reader]] = tuple) -> None:
        """`more` finds the readers of plugins; it is called at most once."""
        self._find_more = more

    @cached_property
    def _more(self) -> dict[str, Reader]:
        return {reader.NAME: reader for reader in self._find_more()}

    def names(self) -> tuple[str, ...]:
        """Return the names of all formats that can be read."""
        return (*BUILT_IN, *self._more)

    def find(self, name: str) -> Reader:
        """Return the reader of the format `name`. Raises UnknownFormat, which names the nearest."""
        if name in BUILT_IN:
            return cast(Reader, importlib.import_module(BUILT_IN[name]))
        if name in self._more:
            return self._more[name]
        near = difflib.get_close_matches(name, self.names(), n=1, cutoff=0.4)
        hint = f'did you mean "{near[0]}"?' if near else f"there are {', '.join(self.names())}."
        raise UnknownFormat(f'No reader is called "{name}": {hint}')

    def recognise(self, head: bytes, name: str) -> Reader | None:
        """Return the first reader that recognises a source by its `head` and file `name`, or None.

        The built-in ones are asked first.
        """
        for built_in in BUILT_IN:
            reader = self.find(built_in)
            if reader.recognise(head, name):
                return reader
        return next((one for one in self._more.values() if one.recognise(head, name)), None)


READERS = Readers()
"""The built-in readers alone."""
