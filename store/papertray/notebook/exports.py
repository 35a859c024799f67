"""Exports: from papers to files."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from papertray.core.clock import instant
from papertray.core.errors import DiskFull, ExportRefused
from papertray.core.model import Entry
from papertray.exporters.exporter import ExportOptions
from papertray.exporters.table import Format, Formats
from papertray.store import citekeys, exported
from papertray.store import notes as stored_notes
from papertray.store import papers as stored
from papertray.store.tray import Tray


@dataclass(frozen=True, slots=True)
class Exported:
    """What left the tray: papers, notes, and where to. `changed` is False for the same bytes."""

    papers: int
    notes: int
    path: Path
    changed: bool


Progress = Callable[[int, int], None]
"""Called with how many papers of how many are written."""


class Exports:
    """What leaves the tray. Papers that leave get final citation keys."""

    def __init__(self, tray: Tray, formats: Formats) -> None:
        self._tray = tray
        self._formats = formats

    def formats(self) -> Sequence[Format]:
        """Return the formats there are."""
        return self._formats.all()

    def find(self, name: str) -> Format:
        """Return a format by name. Raises `UnknownFormat`."""
        return self._formats.find(name)

    def of_file(self, path: Path) -> Format | None:
        """Return the format that a file's suffix stands for, or None."""
        return self._formats.of_suffix(path.suffix)

    def text(
        self,
        paper_ids: Sequence[int],
        format_: Format,
        options: ExportOptions,
        progress: Progress | None = None,
    ) -> Iterator[str]:
        """Yield the export of papers piece by piece, without holding more than some in memory."""
        citekeys.finalise_all(self._tray, paper_ids)
        reader = self._tray.reader()
        ordered = exported.in_export_order(reader, paper_ids, by_pile=format_.by_pile)
        entries = stored.entries(reader, ordered)
        if progress is not None:
            entries = _told(entries, len(paper_ids), progress)
        yield from format_.load()(entries, options)

    def notes_in(self, paper_ids: Sequence[int], options: ExportOptions) -> int:
        """Return how many notes an export with these options would carry."""
        if not options.notes:
            return 0
        from papertray.exporters.private import visible_notes

        return sum(
            sum(1 for _ in visible_notes(notes, private=options.private))
            for notes in stored_notes.notes_of_papers(self._tray.reader(), paper_ids)
        )

    def to_file(
        self,
        paper_ids: Sequence[int],
        format_: Format,
        options: ExportOptions,
        path: Path,
        *,
        force: bool = False,
        progress: Progress | None = None,
    ) -> Exported:
        """Write papers to a file: beside it first, then renamed over it.

        A file is replaced only if an export wrote it and nobody changed it since, or with `force`.
        Raises `ExportRefused` otherwise and when the folder cannot be written, `DiskFull` when
        there is no room; the file then is what it was.
        """
        target = Path(os.path.realpath(path))  # a link stays a link
        if target.exists() and not target.is_file():
            raise ExportRefused(f"{path} is not a file that could be replaced; choose another.")
        present = _digest_of_file(target)
        # What of a file's name is no UTF-8, no database can hold.
        name = str(target).encode("utf-8", "replace").decode("utf-8")
        ours = exported.digest_of(self._tray.reader(), name)
        if present and present != ours and not force:
            how = "changed since papertray wrote it" if ours else "was not written by papertray"
            raise ExportRefused(
                f"{path} {how} and was left alone; choose another file, or replace it with --force."
            )
        digest = _write_beside(target, self.text(paper_ids, format_, options, progress))
        with self._tray.write() as connection:
            exported.remember(connection, name, format_.name, digest, instant(self._tray.now()))
        return Exported(len(paper_ids), self.notes_in(paper_ids, options), path, digest != present)


def _told(entries: Iterable[Entry], total: int, progress: Progress) -> Iterator[Entry]:
    for done, entry in enumerate(entries, 1):
        yield entry
        progress(done, total)


def _digest_of_file(path: Path) -> str:
    """Return the digest of a file's bytes, empty when there is no such file."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, lambda: hashlib.blake2b(digest_size=16)).hexdigest()
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise ExportRefused(f"{path} cannot be read: {error.strerror}.") from error


def _write_beside(target: Path, pieces: Iterable[str]) -> str:
    """Write `pieces` to a temporary file beside `target` and rename it; return the digest."""
    digest = hashlib.blake2b(digest_size=16)
    try:
        handle, beside = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    except OSError as error:
        raise ExportRefused(
            f"{target} cannot be written ({error.strerror}); choose another folder."
        ) from error
    try:
        with os.fdopen(handle, "wb") as stream:
            for piece in pieces:
                data = piece.encode("utf-8")
                digest.update(data)
                stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(beside, _mode(target))
        os.replace(beside, target)
    except OSError as error:
        Path(beside).unlink(missing_ok=True)
        raise DiskFull(
            f"{target} could not be written ({error.strerror}); what was there is untouched."
        ) from error
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
    return digest.hexdigest()


def _mode(target: Path) -> int:
    """Return the mode a new file gets: the old file's, or what the umask leaves."""
    try:
        return target.stat().st_mode & 0o777
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask
