"""Exports: from papers to files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from papertray.core.model import Entry
from papertray.exporters.exporter import ExportOptions
from papertray.exporters.table import Format, Formats
from papertray.notebook.own_files import check_file, write_file
from papertray.store import citekeys, exported
from papertray.store import entries as stored_entries
from papertray.store import notes as stored_notes
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
        entries = stored_entries.entries(reader, ordered)
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

    def sample(
        self, paper_ids: Sequence[int], format_: Format, options: ExportOptions
    ) -> Iterator[str]:
        """Yield how the export of some papers would look. Gives no citation keys: nothing leaves.

        A paper without one shows the word ``key`` in its place.
        """
        entries = stored_entries.entries(self._tray.reader(), paper_ids)
        keyed = (replace(entry, citekey=entry.citekey or "key") for entry in entries)
        yield from format_.load()(keyed, options)

    def check_file(self, path: Path) -> None:
        """Raise `ExportRefused`, or `ForeignFile`, where `to_file` would without force."""
        check_file(self._tray, path)

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

        A file is replaced only if papertray wrote it and nobody changed it since, or with `force`.
        Raises `ExportRefused` otherwise and when the folder cannot be written, `DiskFull` when
        there is no room; the file then is what it was.
        """
        pieces = self.text(paper_ids, format_, options, progress)
        changed = write_file(self._tray, path, format_.name, pieces, force=force)
        return Exported(len(paper_ids), self.notes_in(paper_ids, options), path, changed)


def _told(entries: Iterable[Entry], total: int, progress: Progress) -> Iterator[Entry]:
    for done, entry in enumerate(entries, 1):
        yield entry
        progress(done, total)
