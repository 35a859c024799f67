"""Folders with a file for each paper, written for the user: only what changed is touched.

Files are written beside and renamed, so that each is whole at any moment. The disk is not waited
for at each of them, as 10,000 would take minutes, but once, for the folder: a power cut can leave
files empty, and those are made again. Where a file carries over what the user wrote, which nobody
can make again, the disk is waited for before it is renamed.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from papertray.core.clock import instant
from papertray.core.errors import BrokenRegion, ExportRefused
from papertray.core.file_names import folded
from papertray.exporters.exporter import Page
from papertray.exporters.kept_regions import Marks, carried_over, lines_of, marks_of
from papertray.notebook.own_files import Content, content_of, decoded, encoded, name_in_tray
from papertray.notebook.plain_files import open_plain, written_beside
from papertray.store import exported
from papertray.store.tray import Tray

_CHUNK = 200
"""Files whose digests are looked up and remembered together."""


@dataclass(frozen=True, slots=True)
class LeftAlone:
    """A file that was not written, and why, as the end of a sentence about it."""

    name: str
    how: str


@dataclass(slots=True)
class FolderReport:
    """What became of the files of a folder.

    `older` counts those of earlier exports whose papers are not in this one: they stay.
    """

    written: int = 0
    unchanged: int = 0
    older: int = 0
    left: list[LeftAlone] = field(default_factory=list)


class _Left(Exception):
    """A file must be left alone; the message is how it is."""


def write_folder(
    tray: Tray, folder: Path, format_name: str, pages: Iterable[Page], *, force: bool = False
) -> FolderReport:
    """Write pages as the files of a folder, which is made where there is none.

    A file that holds what it is to hold is not touched. One that papertray did not write, or that
    was changed outside of its kept regions, is left alone and reported; with `force` it is
    replaced, but for what is in its kept regions. Nothing is ever deleted. Raises `ExportRefused`
    where the folder cannot be written, `DiskFull` where there is no room: the files up to there are
    written.
    """
    report = FolderReport()
    run = _Run(tray, _made(folder), format_name, force, report)
    pages = iter(pages)
    while chunk := list(islice(pages, _CHUNK)):
        run.write(chunk)
    run.finish()
    return report


def _made(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise ExportRefused(f"{folder} is a file; a folder is needed here.") from error
    except OSError as error:
        raise ExportRefused(
            f"{folder} cannot be made ({error.strerror}); choose another folder."
        ) from error
    return Path(os.path.realpath(folder))


class _Run:
    """One export to a folder."""

    def __init__(
        self, tray: Tray, folder: Path, format_name: str, force: bool, report: FolderReport
    ) -> None:
        self._tray = tray
        self._folder = folder
        self._format = format_name
        self._force = force
        self._report = report
        try:
            self._spelled = {folded(name): name for name in os.listdir(folder)}
        except OSError as error:
            raise ExportRefused(
                f"{folder} cannot be read ({error.strerror}); choose another folder."
            ) from error
        self._taken: set[str] = set()

    def write(self, pages: list[Page]) -> None:
        """Write some pages, and remember what was written, also where it ends halfway."""
        digests = exported.digests_of(
            self._tray.reader(), [self._name(page.name) for page in pages]
        )
        new: dict[str, str] = {}
        try:
            for page in pages:
                name = self._name(page.name)
                try:
                    digest = self._write_page(page, digests.get(name, ""))
                except _Left as left:
                    self._report.left.append(LeftAlone(page.name, str(left)))
                    continue
                if digest != digests.get(name):
                    new[name] = digest
        finally:
            if new:
                at = instant(self._tray.now())
                with self._tray.write() as connection:
                    exported.remember_all(connection, self._format, new, at)

    def finish(self) -> None:
        """Wait for the disk, and count what earlier exports left here."""
        names = set(self._spelled.values())
        for path in exported.written_into(self._tray.reader(), self._name(""), self._format):
            name = path.rpartition("/")[2]
            self._report.older += name in names and folded(name) not in self._taken
        if self._report.written:
            _synchronise(self._folder)

    def _name(self, name: str) -> str:
        return name_in_tray(Path(f"{self._folder}/{name}"))

    def _write_page(self, page: Page, ours: str) -> str:
        """Write a page where need be; return the digest of what its file holds now."""
        path = self._folder / self._checked(page.name)
        marks = marks_of(path.suffix, is_page=True)
        old = _read(path)
        try:
            present = _content(old, marks)
        except BrokenRegion as error:
            raise _Left(f"has marks that do not pair up: line {error.line} {error.how}") from error
        new = _with_kept(page.text, present, marks)
        if old == new:
            self._report.unchanged += 1
            return present.digest
        # A program for notes makes an empty file where somebody follows a link to nothing.
        if old and not present.is_what_we_wrote(ours) and not self._force:
            raise _Left("changed since papertray wrote it" if ours else "is not of papertray")
        try:
            content = _content(new, marks)
        except BrokenRegion as error:
            raise _Left(f"would have a line {error.line} that {error.how}") from error
        has_kept = any(text.strip() for texts in present.kept.values() for text in texts)
        _replace(path, new, is_precious=has_kept)
        self._report.written += 1
        return content.digest

    def _checked(self, name: str) -> str:
        if not name or name != os.path.basename(name) or name.startswith(".") or "\0" in name:
            raise _Left("is no name for a file")
        if folded(name) in self._taken:
            raise _Left("is the file of another paper already")
        other = self._spelled.get(folded(name), name)
        if other != name:
            raise _Left(f"is there already as {other}")
        self._taken.add(folded(name))
        return name


def _replace(path: Path, data: bytes, *, is_precious: bool) -> None:
    with written_beside(path) as (stream, beside):
        stream.write(data)
        stream.flush()
        if is_precious:
            os.fsync(stream.fileno())
        os.replace(beside, path)


def _read(path: Path) -> bytes:
    """Return what a file holds, nothing where there is none. Raises `_Left` for what is no file."""
    try:
        with open_plain(path) as stream:
            return stream.read()
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise _Left(f"cannot be read: {error.strerror}") from error


def _content(data: bytes, marks: Marks | None) -> Content:
    """Return what some bytes hold. Raises `BrokenRegion`."""
    return content_of(lines_of(decoded([data])), marks)


def _with_kept(text: str, present: Content, marks: Marks | None) -> bytes:
    if marks is None or not present.kept:
        return encoded(text)
    return encoded("".join(carried_over(lines_of([text]), present.kept, marks)))


def _synchronise(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    with suppress(OSError):  # some file systems cannot do it for a folder
        os.fsync(handle)
    os.close(handle)
