"""Files written for the user: beside first, then renamed; only papertray's own are replaced.

What the user writes into the kept regions of a file (`papertray.exporters.kept_regions`) leaves it
papertray's own, and is carried over into the next one.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from papertray.core.clock import instant
from papertray.core.errors import BrokenRegion, ExportRefused, ForeignFile
from papertray.exporters.kept_regions import (
    Marks,
    Region,
    carried_over,
    lines_of,
    marks_of,
    parts,
)
from papertray.notebook.plain_files import is_something_else, written_beside
from papertray.store import exported
from papertray.store.tray import Tray

_OUTSIDE = "outside:"
"""Begins a digest of what stands outside of kept regions."""


def write_file(
    tray: Tray, path: Path, format_name: str, pieces: Iterable[str], *, force: bool = False
) -> bool:
    """Write a text to a file, and return whether the file holds something else now.

    Arguments: `format_name` is remembered with the file; `pieces` are asked for once it is clear
    that the file may be written.

    A file is replaced only if papertray wrote it and nobody changed it since outside of its kept
    regions, or with `force`. What is in them is carried over, also with `force`. Raises
    `ExportRefused` otherwise, and when the folder cannot be written, `DiskFull` when there is no
    room; the file then is what it was.
    """
    target, name, present = _writable(tray, path, force=force)
    written = _write_beside(target, pieces, present)
    with tray.write() as connection:
        exported.remember(connection, name, format_name, written.digest, instant(tray.now()))
    return written.whole != present.whole


def check_file(tray: Tray, path: Path) -> None:
    """Raise what `write_file` would raise before it writes: `ExportRefused`."""
    _writable(tray, path, force=False)


@dataclass(frozen=True, slots=True)
class Content:
    """What a file holds, as far as it matters for replacing it.

    `whole` is the digest of all its bytes, `digest` what papertray remembers: of what stands
    outside of regions where there are some. `kept` is what the regions hold, `moment` when the
    file was last touched; both are empty where there is no file.
    """

    whole: str = ""
    digest: str = ""
    kept: dict[str, list[str]] = field(default_factory=dict)
    moment: tuple[int, ...] = ()

    def is_what_we_wrote(self, digest: str) -> bool:
        """Tell whether the content still is what was remembered as `digest`."""
        return bool(digest) and digest in (self.digest, self.whole)


def _new_digest() -> hashlib.blake2b:
    return hashlib.blake2b(digest_size=16)


class Digester:
    """Takes the parts of a text one after the other, and finds both digests of it."""

    def __init__(self) -> None:
        self._whole = _new_digest()
        self._outside = _new_digest()
        self._has_regions = False

    def take(self, part: str | Region) -> bytes:
        """Take the next line or region, and return its bytes."""
        if isinstance(part, Region):
            self._has_regions = True
            data = encoded(part.start + part.content + part.end)
        else:
            data = encoded(part)
            # Editors trim blanks and end files as they like: that is no change of the user's.
            if line := data.rstrip():
                self._outside.update(line + b"\n")
        self._whole.update(data)
        return data

    def content(
        self, kept: dict[str, list[str]] | None = None, moment: tuple[int, ...] = ()
    ) -> Content:
        """Return what was taken."""
        whole = self._whole.hexdigest()
        digest = _OUTSIDE + self._outside.hexdigest() if self._has_regions else whole
        return Content(whole, digest, kept or {}, moment)


def decoded(lines: Iterable[bytes]) -> Iterator[str]:
    """Yield lines as text. `encoded`, they are the same bytes, also where those are no UTF-8."""
    for line in lines:
        yield line.decode("utf-8", "surrogateescape")


def encoded(text: str) -> bytes:
    """Return the bytes of a text."""
    return text.encode("utf-8", "surrogateescape")


def content_of(lines: Iterable[str], marks: Marks | None, moment: tuple[int, ...] = ()) -> Content:
    """Return what a text holds. Without `marks` it has no regions. Raises `BrokenRegion`."""
    digester = Digester()
    kept: dict[str, list[str]] = {}
    for part in lines if marks is None else parts(lines, marks):
        digester.take(part)
        if isinstance(part, Region):
            kept.setdefault(part.owner, []).append(part.content)
    return digester.content(kept, moment)


def name_in_tray(target: Path) -> str:
    """Return what the database calls a file: what of a name is no UTF-8, no database can hold."""
    return str(target).encode("utf-8", "replace").decode("utf-8")


def _writable(tray: Tray, path: Path, *, force: bool) -> tuple[Path, str, Content]:
    """Return the file behind `path`, its name for the database, and what it holds."""
    target = Path(os.path.realpath(path))  # a link stays a link
    if is_something_else(target):
        raise ExportRefused(f"{path} is not a file that could be replaced; choose another.")
    name = name_in_tray(target)
    ours = exported.digest_of(tray.reader(), name)
    foreign = ForeignFile(
        path, "changed since papertray wrote it" if ours else "was not written by papertray"
    )
    try:
        present = _content_of_file(target)
    except BrokenRegion as error:
        if ours or force:
            raise BrokenRegion(error.line, error.how, path) from error
        raise foreign from error
    if present.whole and not present.is_what_we_wrote(ours) and not force:
        raise foreign
    return target, name, present


def _content_of_file(path: Path) -> Content:
    marks = marks_of(path.suffix)
    try:
        with path.open("rb") as stream:
            moment = _moment(os.fstat(stream.fileno()))
            if marks is not None:
                return content_of(decoded(stream), marks, moment)
            whole = hashlib.file_digest(stream, _new_digest).hexdigest()
            return Content(whole, whole, {}, moment)
    except FileNotFoundError:
        return Content()
    except OSError as error:
        raise ExportRefused(f"{path} cannot be read: {error.strerror}.") from error


def _write_beside(target: Path, pieces: Iterable[str], present: Content) -> Content:
    """Write a text to a temporary file beside `target` and rename it; return what it holds."""
    digester = Digester()
    with written_beside(target) as (stream, beside):
        try:
            for part in _parts_with_kept(pieces, present, marks_of(target.suffix)):
                stream.write(digester.take(part))
        except BrokenRegion as error:
            raise ExportRefused(
                f"{target} was not written: line {error.line} of what it would hold {error.how}."
            ) from error
        written = digester.content()
        if written.whole == present.whole:
            return written  # what looks at times, such as make, has nothing to do then
        stream.flush()
        os.fsync(stream.fileno())
        if present.moment != _moment_of(target):
            raise ExportRefused(f"{target} changed meanwhile and was left alone; export again.")
        os.replace(beside, target)
    return written


def _parts_with_kept(
    pieces: Iterable[str], present: Content, marks: Marks | None
) -> Iterator[str | Region]:
    if marks is None:
        return iter(pieces)
    lines: Iterable[str] = lines_of(pieces)
    if present.kept:
        lines = carried_over(lines, present.kept, marks)
    return parts(lines, marks)


def _moment(stat: os.stat_result) -> tuple[int, ...]:
    return stat.st_ino, stat.st_size, stat.st_mtime_ns


def _moment_of(path: Path) -> tuple[int, ...]:
    try:
        return _moment(path.stat())
    except FileNotFoundError:
        return ()
