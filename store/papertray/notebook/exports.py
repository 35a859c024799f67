"""Exports: from papers to files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from papertray.core.model import Entry, Note, Told
from papertray.exporters.exporter import ExportOptions
from papertray.exporters.table import Format, Formats
from papertray.notebook.own_files import check_file, write_file
from papertray.store import citekeys, exported
from papertray.store import entries as stored_entries
from papertray.store import notes as stored_notes
from papertray.store.tray import Tray

if TYPE_CHECKING:
    from papertray.notebook.bib_updating import Updated
    from papertray.notebook.cited_keys import CitedAs
    from papertray.notebook.own_folders import FolderReport


Progress = Callable[[int, int], None]
"""Called with how many papers of how many are written."""


_AS_THEY_ARE: CitedAs = MappingProxyType({})


class Exports:
    """What leaves the tray. Papers that leave get final citation keys."""

    def __init__(self, tray: Tray, formats: Formats) -> None:
        self._tray = tray
        self._formats = formats

    def formats(self) -> Sequence[Format]:
        """Return the formats there are."""
        return self._formats.all()

    def template_problems(self) -> Sequence[str]:
        """Return a sentence for each file among the templates of the tray that makes no format."""
        from papertray.notebook.export_templates import TemplateFormat, read_templates

        others = [one for one in self.formats() if not isinstance(one, TemplateFormat)]
        return read_templates(self._tray.places.tray, others)[1]

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
        *,
        whole: bool = False,
        cited_as: CitedAs = _AS_THEY_ARE,
    ) -> Iterator[str]:
        """Yield the export of papers piece by piece, without holding more than some in memory.

        With `whole` they are all the papers of the tray, as `whole_tray` returns them, and what
        else it holds comes along; the format then is one that holds trays. `cited_as` are the keys
        by which a text cites some of them: it is to find them by these.
        """
        citekeys.finalise_all(self._tray, paper_ids)
        if whole:
            yield from self._tray_text(paper_ids, options, progress)
            return
        group = options.group if format_.is_grouped else ""
        entries = self._ordered(paper_ids, group, progress)
        if cited_as:
            from papertray.notebook.cited_keys import under_cited_keys

            entries = under_cited_keys(self._tray.reader(), entries, paper_ids, format_, cited_as)
        yield from format_.load()(entries, self._with_links(options))

    def _ordered(
        self, paper_ids: Sequence[int], group: str, progress: Progress | None
    ) -> Iterable[Entry]:
        reader = self._tray.reader()
        ordered = exported.in_export_order(reader, paper_ids, group)
        entries = stored_entries.entries(reader, ordered)
        return entries if progress is None else _told(entries, len(paper_ids), progress)

    def _with_links(self, options: ExportOptions) -> ExportOptions:
        """Have links of notes find the papers of this tray, whether they are exported or not."""
        return replace(options, paper_of=self._paper_of)

    def _paper_of(self, name: str) -> str:
        from papertray.store import note_lists  # few notes have links

        reader = self._tray.reader()
        paper = note_lists.paper_with_key(reader, name)
        keys = [] if paper is None else note_lists.keys_of(reader, [paper])
        return keys[0].name if keys else ""

    def whole_tray(self) -> Sequence[int]:
        """Return all papers of the tray, also removed ones, in the order in which they came."""
        from papertray.store import whole_tray

        return whole_tray.paper_ids(self._tray.reader())

    def _tray_text(
        self, paper_ids: Sequence[int], options: ExportOptions, progress: Progress | None
    ) -> Iterator[str]:
        from papertray.exporters.jsonlines import write_tray
        from papertray.store import whole_tray

        reader = self._tray.reader()
        entries = whole_tray.whole_entries(reader, paper_ids)
        if progress is not None:
            entries = _told(entries, len(paper_ids), progress)
        rest: Iterator[Note | Told] = chain(
            whole_tray.notes(reader, only_free=True),
            whole_tray.searches(reader),
            whole_tray.rules(reader),
        )
        yield from write_tray(whole_tray.feeds(reader), entries, rest, options)

    def belongings(self) -> dict[str, int]:
        """Return how much goes along with a whole tray, by what it is: ``{"feed": 3}``."""
        from papertray.store import whole_tray

        reader = self._tray.reader()
        return {
            "feed": sum(told.is_subscribed for told in whole_tray.feeds(reader)),
            "saved search": sum(1 for _ in whole_tray.searches(reader)),
            "rule": sum(1 for _ in whole_tray.rules(reader)),
        }  # fmt: skip

    def notes_in_tray(self, options: ExportOptions) -> tuple[int, int]:
        """Return how many notes leave with a whole tray, and of how many something stays."""
        from papertray.exporters.jsonlines import shareable_note
        from papertray.store import whole_tray

        leaving = staying = 0
        for note in whole_tray.notes(self._tray.reader(), only_free=False):
            shown = shareable_note(note, options)
            leaving += shown is not None
            staying += shown != note
        return leaving, staying

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
        yield from format_.load()(keyed, self._with_links(options))

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
        whole: bool = False,
        cited_as: CitedAs = _AS_THEY_ARE,
    ) -> bool:
        """Write papers to a file: beside it first, then renamed over it.

        Returns whether the file holds something else now.

        A file is replaced only if papertray wrote it and nobody changed it since, or with `force`.
        Raises `ExportRefused` otherwise and when the folder cannot be written, `DiskFull` when
        there is no room; the file then is what it was. `whole` and `cited_as` as for `text`.
        """
        pieces = self.text(paper_ids, format_, options, progress, whole=whole, cited_as=cited_as)
        return write_file(self._tray, path, format_.name, pieces, force=force)

    def to_folder(
        self,
        paper_ids: Sequence[int],
        format_: Format,
        options: ExportOptions,
        folder: Path,
        *,
        force: bool = False,
        progress: Progress | None = None,
    ) -> FolderReport:
        """Write a file for each paper into a folder, by a format that `is_folder`.

        See `papertray.notebook.own_folders.write_folder` for what is written, what is left alone
        and what is raised.
        """
        from papertray.notebook.own_folders import write_folder

        citekeys.finalise_all(self._tray, paper_ids)
        make, chosen = format_.load_pages(), self._with_links(options)
        pages = (make(entry, chosen) for entry in self._ordered(paper_ids, "", progress))
        return write_folder(self._tray, folder, format_.name, pages, force=force)

    def update_file(
        self,
        paper_ids: Sequence[int],
        format_: Format,
        options: ExportOptions,
        path: Path,
        *,
        force: bool = False,
        cited_as: CitedAs = _AS_THEY_ARE,
    ) -> Updated:
        """Bring a .bib file of the user's own up to date. See `papertray.notebook.bib_updating`."""
        from papertray.notebook.bib_updating import update_file

        return update_file(
            self._tray, paper_ids, format_, options, path, force=force, cited_as=cited_as
        )


def _told(entries: Iterable[Entry], total: int, progress: Progress) -> Iterator[Entry]:
    for done, entry in enumerate(entries, 1):
        yield entry
        progress(done, total)
