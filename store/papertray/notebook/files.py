"""Files of papers: fetching PDFs, attaching one's own, and finding them again."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from papertray.core.errors import DiskFull, TrayReadOnly, UsageError
from papertray.core.model import Attachment
from papertray.store import attachments, files
from papertray.store import papers as stored
from papertray.store.file_folder import FileFolder, copy_whole, is_same
from papertray.store.journal import Batch, Origin
from papertray.store.tray import Connection, Tray
from papertray.store.writing import decide

if TYPE_CHECKING:  # nobody who attaches or opens a file waits for what fetching needs
    from papertray.core.settings import Settings
    from papertray.feeds.fetching.transport import Transport
    from papertray.notebook.pdf_fetching import FilesReport, FreeBytes, Progress
    from papertray.notebook.wanted_pdfs import Due


@dataclass(frozen=True, slots=True)
class LocalFile:
    """A file of a paper: where it lies, absolute where that is known, and whether it is there."""

    path: str
    media_type: str
    is_there: bool

    @property
    def is_pdf(self) -> bool:
        """Whether it is a PDF, as far as its type or its name says."""
        return self.media_type == files.PDF or self.path.lower().endswith(".pdf")


@dataclass(slots=True)
class AttachReport:
    """What came of attaching files: each by its name as the user gave it.

    `attached` and `known` are pairs of that name and where the file lies; what is `known` was
    attached before, by this path or with the same content. `failures` are sentences.
    """

    attached: list[tuple[str, str]] = field(default_factory=list)
    known: list[tuple[str, str]] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    batch: int | None = None


@dataclass(frozen=True, slots=True)
class _Ready:
    """A file that can be attached: its type, and the copy of it that is on its way, if any."""

    name: str
    source: Path
    media_type: str
    copy: Path | None


class Files:
    """The files of a tray's papers. Reading works in any thread."""

    def __init__(
        self,
        tray: Tray,
        origin: Origin,
        settings: Callable[[], Settings],
        free: FreeBytes | None = None,
    ) -> None:
        """Arguments: `free` tells how much room a disk has; None asks the system."""
        self._tray = tray
        self._origin = origin
        self._settings = settings
        self._free = free
        self._folder = FileFolder(tray.places.tray)

    @property
    def folder(self) -> Path:
        """Where the tray's own files lie; there once it has one."""
        return self._folder.path

    def of(self, paper_id: int) -> tuple[LocalFile, ...]:
        """Return the files of a paper: those that are there first, and of these PDFs."""
        told = attachments.of_papers(self._tray.reader(), [paper_id]).get(paper_id, ())
        found = [self._local(file) for file in told]
        return tuple(sorted(found, key=lambda file: (not file.is_there, not file.is_pdf)))

    def _local(self, file: Attachment) -> LocalFile:
        path = self._folder.resolved(file.path)
        # What another program told relative to a folder of its own is not looked for.
        return LocalFile(path, file.media_type, os.path.isabs(path) and os.path.isfile(path))

    # --- the user's own

    def attach(self, paper_id: int, names: Sequence[str], *, link: bool = False) -> AttachReport:
        """Give a paper files of the user's own, as one decision.

        Arguments: `names` are paths. A copy of each goes into the tray's folder, unless `link`
        leaves them where they are. What is no file that can be read is a failure; the others go
        in. Raises `TrayError`; then nothing was attached.
        """
        report = AttachReport()
        present = [Path(file.path) for file in self.of(paper_id) if file.is_there]
        ready: list[_Ready] = []
        try:
            for name in names:
                try:
                    known = _same(Path(name), [*present, *(one.source for one in ready)])
                    if known is None:
                        ready.append(self._ready(name, link=link))
                    else:
                        report.known.append((name, str(known)))
                except UsageError as error:
                    report.failures.append(str(error))
            if ready:
                self._write(paper_id, ready, report)
        finally:
            for one in ready:
                if one.copy is not None:
                    self._folder.done(one.copy)
        return report

    def _ready(self, name: str, *, link: bool) -> _Ready:
        """Look at a file, and copy it unless it stays where it is. Raises `UsageError`."""
        import mimetypes

        from papertray.feeds.fetching.pdf_content import HEAD, is_pdf

        source = Path(os.path.abspath(name))
        try:
            if not stat.S_ISREG(source.stat().st_mode):  # a pipe would make us wait for ever
                raise UsageError(f"{name} is no file; only files can be attached.")
            with source.open("rb") as file:
                head = file.read(HEAD)
        except OSError as error:
            raise UsageError(f"{name} cannot be read: {error.strerror}.") from error
        kind = files.PDF if is_pdf(head) else mimetypes.guess_type(source.name, strict=False)[0]
        if link:
            if not _is_text(str(source)):
                raise UsageError(f"{name} has a name that is no text; attach it without --link.")
            return _Ready(name, source, kind or "", None)
        try:
            copy = self._folder.way(f"{self._tray.new_uid()}.part")
            copy_whole(source, copy)
        except OSError as error:
            raise self._refusal(error) from error
        return _Ready(name, source, kind or "", copy)

    def _write(self, paper_id: int, ready: Sequence[_Ready], report: AttachReport) -> None:
        attached: list[tuple[str, str]] = []

        def action(connection: Connection, batch: Batch) -> int:
            present = stored.survivor(connection, paper_id)
            told = []
            for one in ready:
                path = self._named(connection, present, one)
                attached.append((one.name, self._folder.resolved(path)))
                told.append((present, Attachment(path, one.media_type)))
            # Fewer where a file that was gone is back.
            return attachments.attach(connection, batch, told)

        title = stored.quoted_title(self._tray.reader(), paper_id)
        label = f"attach {ready[0].source.name if len(ready) == 1 else f'{len(ready)} files'}"
        try:
            outcome = decide(self._tray, self._origin, f"{_storable(label)} to {title}", action)
        except OSError as error:
            raise self._refusal(error) from error
        report.attached += attached
        report.batch = outcome.batch

    def _named(self, connection: Connection, paper_id: int, one: _Ready) -> str:
        """Return the path of a file as the tray holds it; a copy gets its name now."""
        from papertray.core.file_names import safe_stem, safe_suffix

        # What an undo took off a paper lies there still.
        own = self._folder.named(one.source)
        if own and _is_text(own):
            return own
        if one.copy is None:
            return str(one.source)
        stem, suffix = safe_stem(one.source.stem), safe_suffix(one.source.suffix)
        key = files.citekey_of(connection, paper_id)
        if one.media_type == files.PDF and not suffix:
            suffix = ".pdf"
        stem = stem if stem.casefold().startswith(key.casefold()) else f"{key}-{stem}"
        return self._folder.place(
            one.copy, safe_stem(stem) or f"paper-{paper_id}", suffix,
            lambda path: files.belongs_to_another(connection, path, paper_id),
        )  # fmt: skip

    def _refusal(self, error: OSError) -> DiskFull | TrayReadOnly:
        import errno

        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            return DiskFull(
                f"There is no room left on the disk of {self._folder.path}; nothing was attached."
            )
        return TrayReadOnly(
            f"{self._folder.path} cannot be written ({error.strerror}); nothing was attached, "
            "check its permissions."
        )

    # --- what the network gives

    def fetch_wanted(
        self,
        transport: Transport,
        progress: Progress = lambda done, total: None,
        stop: Callable[[], bool] = lambda: False,
    ) -> FilesReport:
        """Fetch the PDFs of papers that are starred, or read and not done, and have none here.

        The last decided come first. Arguments: `progress` is called in this thread; `stop`, asked
        between two papers in other threads, ends it. An address that gave a PDF, or never will,
        is not asked again; one that may another day is asked then. Nothing is fetched where the
        settings say so. Raises `TrayError` where the tray cannot be written.
        """
        from papertray.notebook.wanted_pdfs import due

        settings = self._settings()
        return self._fetch(due(self._tray, settings), settings, transport, progress, stop)

    def has_work(self) -> bool:
        """Tell whether there is any PDF to fetch now: without one no network is needed."""
        from papertray.notebook.wanted_pdfs import is_any_due

        return is_any_due(self._tray, self._settings())

    def waiting(self) -> int:
        """Return of how many papers the PDF is to be asked for another day."""
        from papertray.notebook.wanted_pdfs import due

        return due(self._tray, self._settings()).waiting

    def fetch_one(
        self, paper_id: int, transport: Transport, stop: Callable[[], bool] = lambda: False
    ) -> FilesReport:
        """Fetch the PDF of one paper because the user asks for it now.

        So also in another pile, and from addresses that gave none before. Raises `TrayError`.
        """
        from papertray.notebook.wanted_pdfs import asked_for

        settings = self._settings()
        found = asked_for(self._tray, settings, paper_id)
        return self._fetch(found, settings, transport, lambda done, total: None, stop)

    def may_have_pdf(self, paper_id: int) -> bool:
        """Tell whether there is an address from which a paper's PDF may be fetched."""
        from papertray.notebook.wanted_pdfs import asked_for

        found = asked_for(self._tray, self._settings(), paper_id)
        return bool(found.tasks or found.waiting)

    def _fetch(
        self,
        found: Due,
        settings: Settings,
        transport: Transport,
        progress: Progress,
        stop: Callable[[], bool],
    ) -> FilesReport:
        from papertray.notebook.pdf_fetching import MEGABYTE, Limits, PdfFetch, free_bytes

        limits = Limits(
            settings.number("pdfs.largest") * MEGABYTE, settings.number("pdfs.most") * MEGABYTE
        )
        report = PdfFetch(
            self._tray, transport, limits,
            progress=progress, stop=stop, free=self._free or free_bytes,
        ).run(found.tasks)  # fmt: skip
        report.waiting += found.waiting
        return report


def _same(file: Path, others: Sequence[Path]) -> Path | None:
    """Return which of `others` is `file` or has its content, None if none does."""
    try:
        size = file.stat().st_size
        alike = [one for one in others if one.stat().st_size == size]
    except OSError:
        return None
    return next((one for one in alike if is_same(file, one)), None)


def _is_text(name: str) -> bool:
    """Tell whether the name of a file can be stored: some file systems allow any bytes."""
    return _storable(name) == name


def _storable(text: str) -> str:
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
