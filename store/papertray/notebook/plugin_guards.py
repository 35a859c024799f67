"""Guards around what plugins bring: nothing they raise or return gets further than a sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, BinaryIO, cast

from papertray.core.errors import PapertrayError, PluginFailed, UnreadableSource
from papertray.core.model import (
    Entry,
    Item,
    LeftBehind,
    NoteText,
    Record,
    ToldFeed,
    ToldRule,
    ToldSearch,
    Unread,
)
from papertray.exporters.exporter import Exporter, ExportOptions, Page, PageExporter
from papertray.exporters.table import Format

if TYPE_CHECKING:
    from papertray.feeds.reader import Reader

Failure = Callable[[Exception], str]
"""Logs what was raised and returns the sentence that says so."""


class GuardedReader:
    """A reader of a plugin. It is imported when it is tried or asked for."""

    NAME: str
    DESCRIPTION: str
    TAKES: str
    LOSES: str
    IS_LIBRARY: bool
    FEED: str

    def __init__(self, name: str, target: str, failure: Failure, tell: Callable[[str], None]):
        """`failure` makes a sentence of what was raised; `tell` takes those nobody else can say."""
        self.NAME = name
        self._target = target
        self._failure = failure
        self._tell = tell
        self._is_broken = False

    def __getattr__(self, name: str) -> object:
        """Return what the reader says of itself. Raises `UnreadableSource` where it is broken."""
        return getattr(self._reader(), name)

    def recognise(self, head: bytes, name: str) -> bool:
        """Ask the reader. One that raises does not recognise, and is told of once."""
        if self._is_broken:
            return False
        try:
            return self._reader().recognise(head, name)
        except UnreadableSource as error:
            self._tell(str(error))
        except Exception as error:
            self._tell(self._failure(error))
        self._is_broken = True
        return False

    def read(self, stream: BinaryIO) -> Iterator[Item]:
        """Yield what the reader yields. Raises `UnreadableSource` for what it raises."""
        reader = self._reader()
        try:
            for item in reader.read(stream):
                if not isinstance(item, _ITEMS):
                    raise TypeError(f"it yielded {type(item).__name__}, not Record or Unread")
                yield item
        except PapertrayError:
            raise
        except Exception as error:
            raise UnreadableSource(self._failure(error)) from error

    def _reader(self) -> Reader:
        try:
            reader = load(self._target)
            for name in ("DESCRIPTION", "IS_LIBRARY", "FEED", "recognise", "read"):
                getattr(reader, name)  # a missing one must not show itself halfway
        except Exception as error:
            raise UnreadableSource(self._failure(error)) from error
        return cast("Reader", reader)


_ITEMS = (Record, Unread, NoteText, LeftBehind, ToldFeed, ToldSearch, ToldRule)


@dataclass(frozen=True, slots=True)
class _GuardedExporter:
    """An exporter of a plugin, as a function like any other."""

    exporter: Exporter
    failure: Failure

    def __call__(self, entries: Iterable[Entry], options: ExportOptions) -> Iterator[str]:
        try:
            for piece in self.exporter(entries, options):
                if not isinstance(piece, str):
                    raise TypeError(f"it yielded {type(piece).__name__}, not str")
                yield piece
        except PapertrayError:
            raise
        except Exception as error:
            raise PluginFailed(self.failure(error)) from error


@dataclass(frozen=True, slots=True)
class _GuardedPages:
    """What makes the pages of a plugin, as a function like any other."""

    pages: PageExporter
    failure: Failure

    def __call__(self, entry: Entry, options: ExportOptions) -> Page:
        try:
            page = self.pages(entry, options)
            if not isinstance(page, Page):
                raise TypeError(f"it returned {type(page).__name__}, not Page")
        except PapertrayError:
            raise
        except Exception as error:
            raise PluginFailed(self.failure(error)) from error
        return page


@dataclass(frozen=True, slots=True)
class GuardedFormat(Format):
    """A format of a plugin; what its exporter raises becomes `PluginFailed`."""

    failure: Failure = str

    def load(self) -> Exporter:
        """Import the format's module and return its exporter, guarded. Raises `PluginFailed`."""
        if self.is_folder:
            return Format.load(self)
        return _GuardedExporter(cast(Exporter, self._found()), self.failure)

    def load_pages(self) -> PageExporter:
        """Do the same for a format that writes a folder."""
        return _GuardedPages(cast(PageExporter, self._found()), self.failure)

    def _found(self) -> object:
        try:
            return load(self.target)
        except Exception as error:
            raise PluginFailed(self.failure(error)) from error


def load(target: str) -> object:
    """Import what a dotted name stands for: ``package.module`` or ``package.module:name``."""
    module, _, name = target.partition(":")
    found: object = import_module(module)
    return getattr(found, name) if name else found
