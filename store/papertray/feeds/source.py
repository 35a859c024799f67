"""Opening what a user names: a file, a folder's files, an archive's members, or standard input.

::

    with Sources(sys.stdin.buffer) as sources:
        for name in sources.names("downloads"):
            with sources.open(name) as source:
                for item in source.items():
                    ...

The only I/O of readers, but for libraries that are a folder or a database and open themselves.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, BinaryIO, Self, cast

from papertray.core.errors import UnreadableSource
from papertray.core.model import Item
from papertray.feeds.encodings import UTF_8
from papertray.feeds.looks import LIST_OF_FEEDS, SQLITE, ZIP, looks_like, office_document
from papertray.feeds.reader import PathReader, Reader, reads_paths
from papertray.feeds.streams import HEAD, Opened, Pieces, on_disk, pieces_of, reason_of
from papertray.feeds.table import READERS, Readers

if TYPE_CHECKING:  # most of what is read is no archive
    from papertray.feeds.zipped import Archive, Member

STANDARD_INPUT = "-"
_PACKED = (".gz", ".xz", ".zst", ".bz2")
_DEEPEST = 2
"""How deep archives may lie in archives: one in another."""

_ASK = "(`papertray add --help` names the formats)"


@dataclass(frozen=True, slots=True)
class Source:
    """An open source and the reader for it.

    `name` is what messages call it, `feed` the feed that its sightings belong to. `items` yields
    what the reader finds in it, and raises UnreadableSource at the end of one that broke off.
    `bytes_read` tells how much has been read of the `size` in bytes, which is None for what has
    none that is known before (a pipe, a folder, a database); `bytes_given` how much of it, unpacked
    and in UTF-8, the reader has got. `encoding` says what it was read as, once it was.
    """

    name: str
    feed: str
    reader: Reader | PathReader
    items: Callable[[], Iterator[Item]]
    size: int | None = None
    bytes_read: Callable[[], int] = int
    bytes_given: Callable[[], int] = int
    encoding: Callable[[], str] = lambda: UTF_8

    @property
    def is_own(self) -> bool:
        """True for a library as its owner keeps it: what it tells of her decisions is taken."""
        return reads_paths(self.reader)


@contextmanager
def open_source(
    name: str, stdin: BinaryIO, format_name: str = "", readers: Readers = READERS
) -> Iterator[Source]:
    """Open a single source, as `Sources.open` does."""
    with Sources(stdin, format_name, readers) as sources, sources.open(name) as source:
        yield source


class Sources:
    """What the names of one command stand for. Leaving the context closes what it opened."""

    def __init__(self, stdin: BinaryIO, format_name: str = "", readers: Readers = READERS) -> None:
        """Arguments: `format_name` names the reader for all; empty: the content decides.

        Raises UnknownFormat for a `format_name` that is none.
        """
        self._readers = readers
        self._format_name = format_name
        self._chosen = readers.find(format_name) if format_name else None
        self._stdin = Pieces(pieces_of(stdin, called(STANDARD_INPUT)))
        self._archives: dict[str, Archive] = {}
        self._unreadable: dict[str, UnreadableSource] = {}
        self._files = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._close_archives()

    def names(self, name: str) -> Iterator[str]:
        """Yield what to open for `name`: itself, the files of a folder, the members of an archive.

        A folder that is a library (or that the user says is one) is yielded itself. Of another,
        files whose name begins with a dot, sub-folders and what is not a regular file are left
        out. Members are called ``archive.zip/member``, those of an archive in an archive
        ``archive.zip/inner.zip/member``; each must be opened before the next name is asked for.
        Raises UnreadableSource if a folder cannot be listed or holds no file.
        """
        if name == STANDARD_INPUT:
            if self._stdin.peek(HEAD).startswith(ZIP):
                self._close_archives()
                yield from self._members(name, partial(on_disk, self._stdin, called(name)))
            else:
                yield name
            return
        is_folder = os.path.isdir(name) and self._path_reader(name) is None
        for file in _files_in(name) if is_folder else [name]:
            if _begins_with(file, ZIP) and not office_document(file):
                self._close_archives()
                yield from self._members(file, partial(_opened, file))
            else:
                yield file

    @contextmanager
    def open(self, name: str) -> Iterator[Source]:
        """Open the file, library or member `name`, or standard input for ``-``; find its reader.

        Raises UnreadableSource, whose one sentence names the source and what it looks like, if it
        cannot be opened or read or nobody recognises it.
        """
        if name in self._unreadable:
            raise self._unreadable[name]
        library = self._path_reader(name)
        if library is not None:
            yield _library(name, library)
        elif name == STANDARD_INPUT:
            yield self._recognised(name, "", self._stdin, None)
        elif (found := self._find_member(name)) is not None:
            archive, member = found
            pieces = Pieces(archive.pieces(member, called(name)))
            yield self._recognised(name, PurePosixPath(member.name).name, pieces, member.size)
        else:
            with _opened(name) as file:
                pieces = Pieces(pieces_of(file, name))
                yield self._recognised(name, Path(name).name, pieces, _size(file))

    @contextmanager
    def open_page(self, path: Path, name: str) -> Iterator[Source]:
        """Open a file that is only the copy of a page: messages call it by the page's `name`.

        Raises UnreadableSource as `open` does.
        """
        with _opened(str(path)) as file:
            yield self._recognised(name, "", Pieces(pieces_of(file, name)), _size(file))

    def is_there(self, name: str) -> bool:
        """Tell whether there is a file, folder or member of an archive of that name."""
        return os.path.exists(name) or self._find_member(name) is not None

    def left_out(self, name: str) -> int:
        """Return how many sub-folders of a folder `names` leaves out; hidden ones do not count."""
        if name == STANDARD_INPUT or not os.path.isdir(name) or self._path_reader(name):
            return 0
        try:
            with os.scandir(name) as entries:
                return sum(e.is_dir() and not e.name.startswith(".") for e in entries)
        except OSError:
            return 0  # `names` says why it cannot be listed

    def _members(self, name: str, opened: Callable[[], BinaryIO], depth: int = 1) -> Iterator[str]:
        """Yield the names of what an archive holds, and its own if there is to say something."""
        from papertray.feeds.zipped import Archive

        try:
            archive = Archive(self._files.enter_context(opened()), called(name))
        except UnreadableSource as error:
            self._unreadable[name] = error
            yield name
            return
        self._archives[name] = archive
        for member in archive.members():
            path = f"{name}/{member.name}"
            if member.name.lower().endswith(".zip") and depth < _DEEPEST:
                inner = Pieces(archive.pieces(member, called(path)))
                yield from self._members(path, partial(on_disk, inner, called(path)), depth + 1)
            else:
                yield path
        if trouble := archive.trouble():
            self._unreadable[name] = UnreadableSource(trouble)
            yield name

    def _find_member(self, name: str) -> tuple[Archive, Member] | None:
        """Return the member of an archive that `name` stands for, and its archive."""
        # As it is written: `PurePosixPath` would make ``all.zip`` of ``./all.zip``.
        above = [name[:place] for place, sign in enumerate(name) if sign == "/"][::-1]
        if not any(path in self._archives for path in above) and not os.path.exists(name):
            # Nobody asked for the names of its archive: it is told by name from an earlier time.
            for path in above:
                if _begins_with(path, ZIP):
                    self._close_archives()
                    for _ in self._members(path, partial(_opened, path)):
                        pass
        for path, archive in self._archives.items():
            if name.startswith(path + "/"):
                member = archive.find(name[len(path) + 1 :])
                if member is not None:
                    return archive, member
        return None

    def _close_archives(self) -> None:
        self._files.close()
        self._archives.clear()

    def _path_reader(self, name: str) -> PathReader | None:
        """Return the reader of the folder or database `name`, or None if it is a stream."""
        if self._chosen is not None:
            if not reads_paths(self._chosen):
                return None
            if name == STANDARD_INPUT:
                raise UnreadableSource(
                    f"{self._format_name} is not read from standard input; name its file or folder."
                )
            return self._chosen
        if os.path.isdir(name) or _begins_with(name, (SQLITE,)):
            return self._readers.recognise_path(Path(name))
        return None

    def _recognised(self, name: str, file_name: str, pieces: Pieces, size: int | None) -> Source:
        opened = Opened(pieces, called(name))
        if opened.kind and file_name.lower().endswith(_PACKED):
            file_name = Path(file_name).stem
        if not opened.head.strip():
            opened.check()
            raise UnreadableSource(f"{called(name)} is empty.")
        reader = cast("Reader | None", self._chosen)
        reader = reader or self._readers.recognise(opened.head, file_name)
        if reader is None:
            opened.check()
            looks = looks_like(opened.raw, file_name)
            if looks == LIST_OF_FEEDS:
                raise UnreadableSource(
                    f"{called(name)} is {looks}, not of papers; `papertray feeds import` reads it."
                )
            raise UnreadableSource(
                f"{called(name)} is {looks}, which papertray cannot read {_ASK}."
            )

        def items(reader: Reader = reader) -> Iterator[Item]:
            yield from reader.read(opened.stream())
            opened.check()

        return Source(
            called(name), reader.FEED or Path(file_name).stem or "stdin", reader, items,
            size, lambda: pieces.taken, opened.taken, opened.encoding,
        )  # fmt: skip


def called(name: str) -> str:
    """Return what messages call a source."""
    is_from_stdin = name == STANDARD_INPUT or name.startswith(f"{STANDARD_INPUT}/")
    return f"standard input{name[1:]}" if is_from_stdin else name


def _library(name: str, reader: PathReader) -> Source:
    path = Path(name)
    if not path.exists():
        raise UnreadableSource(f"There is no file or folder {name}.")
    return Source(name, reader.FEED or path.stem, reader, partial(reader.read_path, path))


def _files_in(folder: str) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            found = sorted(e.path for e in entries if e.is_file() and not e.name.startswith("."))
    except OSError as error:
        raise UnreadableSource(f"{folder} cannot be listed: {reason_of(error)}.") from error
    if not found:
        raise UnreadableSource(
            f"{folder} is a folder without files; name a file, or a folder that holds some."
        )
    return found


def _begins_with(name: str, marks: tuple[bytes, ...]) -> bool:
    """Tell whether a regular file begins with one of some marks; not why one cannot be opened."""
    try:
        if not stat.S_ISREG(os.stat(name).st_mode):
            return False  # looking at a pipe would take from it
        with open(name, "rb") as file:
            return file.read(max(map(len, marks))).startswith(marks)
    except (OSError, ValueError):
        return False


def _opened(name: str) -> BinaryIO:
    try:
        if stat.S_ISDIR(os.stat(name).st_mode):
            raise UnreadableSource(f"{name} is a folder, not a file.")
        return open(name, "rb")
    except FileNotFoundError as error:
        raise UnreadableSource(f"There is no file {name}.") from error
    except (OSError, ValueError) as error:
        raise UnreadableSource(f"{name} cannot be opened: {reason_of(error)}.") from error


def _size(file: BinaryIO) -> int | None:
    status = os.fstat(file.fileno())
    return status.st_size if stat.S_ISREG(status.st_mode) else None
