"""Feeds: taking in what readers read."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from typing import BinaryIO

from papertray.core.clock import instant, local_date
from papertray.core.errors import TrayError, UnreadableSource
from papertray.core.model import Pile, Record, Unread
from papertray.feeds.source import STANDARD_INPUT, Source, files_of, open_source
from papertray.store import adoption, citekeys, ingest, quarantine, writing
from papertray.store.ingest import CHUNK, Arrival, Counts
from papertray.store.journal import Batch, Origin, has_ops
from papertray.store.tray import Connection, Tray


@dataclass(frozen=True, slots=True)
class AddOptions:
    """What the user may choose about an add.

    `format_name` names the reader (empty: by content). `pile` and `tags` are decisions about all
    that comes. `decisions` takes over what the file says was decided. `dry_run` counts and keeps
    nothing.
    """

    format_name: str = ""
    pile: Pile | None = None
    tags: tuple[str, ...] = ()
    decisions: bool = False
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that could not be read: a whole source (`place` empty) or a piece of one."""

    source: str
    place: str
    reason: str


@dataclass(slots=True)
class AddReport:
    """What an add did. `batch` is None if it brought nothing; `piles` counts where papers went."""

    counts: Counts = field(default_factory=Counts)
    failures: list[Failure] = field(default_factory=list)
    batch: int | None = None
    piles: dict[Pile, int] = field(default_factory=dict)
    sources_read: int = 0

    @property
    def read_nothing(self) -> bool:
        """True when not one source could be read."""
        return self.sources_read == 0


class _Kept(Exception):
    """Rolls a chunk back that is to leave the tray as it was: a dry run's, or one with no news."""


Progress = Callable[[int], None]
"""Called with the number of records taken so far."""


class Feeds:
    """What brings papers into the tray.

    Adding goes in chunks of some hundred papers, each its own transaction, so that other processes
    wait only moments and a kill loses at most one chunk: adding the same source again finishes the
    job. It raises `TrayLocked`, `DiskFull` or `TrayReadOnly`; the chunks before stay.
    """

    def __init__(self, tray: Tray) -> None:
        self._tray = tray

    def add(
        self,
        sources: Sequence[str],
        stdin: BinaryIO,
        options: AddOptions = AddOptions(),  # frozen
        progress: Progress | None = None,
    ) -> AddReport:
        """Take in files, the files of folders, and `stdin` for ``-``, as one batch.

        A source or a piece of one that cannot be read is a failure in the report (pieces also go
        into quarantine); the rest goes in.
        """
        report = AddReport()
        job = _Job(self._tray, options, report, progress)
        try:
            for path in self._files(sources, report):
                self._add_one(path, stdin, options, job, report)
        except TrayError as error:
            if job.batch is None:
                raise
            # What went in before stays, so the report must say how much that is.
            report.failures.append(Failure(path, "", str(error)))
        report.batch = None if job.batch is None or options.dry_run else job.batch.id
        return report

    def _files(self, sources: Sequence[str], report: AddReport) -> Iterator[str]:
        for name in sources:
            try:
                yield from files_of(name)
            except UnreadableSource as error:
                report.failures.append(Failure(name, "", str(error)))

    def _add_one(
        self, path: str, stdin: BinaryIO, options: AddOptions, job: _Job, report: AddReport
    ) -> None:
        try:
            with open_source(path, stdin, options.format_name) as source:
                if job.take(source, path):
                    report.sources_read += 1
                else:
                    reason = f"{path} looks like {source.reader.NAME}, but there is no paper in it."
                    report.failures.append(Failure(path, "", reason))
        except UnreadableSource as error:
            report.failures.append(Failure(path, "", str(error)))

    def retry(self, progress: Progress | None = None) -> AddReport:
        """Read again the sources of everything in quarantine; what is read now leaves it."""
        report = AddReport()
        options = AddOptions()
        job = _Job(self._tray, options, report, progress)
        for path, ids in quarantine.sources(self._tray.reader()).items():
            kept = io.BytesIO()
            if not os.path.exists(path):
                # The file is gone (or was a pipe): what is left of it are the pieces themselves.
                kept = io.BytesIO(b"\n".join(quarantine.pieces(self._tray.reader(), ids)))
            with self._tray.write() as connection:
                quarantine.release(connection, path, ids)
            self._add_one(path if os.path.exists(path) else "-", kept, options, job, report)
        report.batch = None if job.batch is None else job.batch.id
        return report


class _Job:
    """One add on its way: its batch, begun with the first chunk that tells something new."""

    def __init__(
        self, tray: Tray, options: AddOptions, report: AddReport, progress: Progress | None
    ) -> None:
        self._tray = tray
        self._options = options
        self._report = report
        self._progress = progress
        self._taken = 0
        self._added = instant(tray.now())
        self.batch: Batch | None = None

    def take(self, source: Source, path: str) -> bool:
        """Take in all that one source holds; False when it holds nothing, readable or not."""
        items = source.reader.read(source.stream)
        name = path if path == STANDARD_INPUT else _storable(os.path.abspath(path))
        found = False
        while chunk := list(islice(items, CHUNK)):
            unread = [item for item in chunk if isinstance(item, Unread)]
            records = [item for item in chunk if isinstance(item, Record)]
            self._report.failures += [Failure(path, u.place, u.reason) for u in unread]
            if unread and not self._options.dry_run:
                with self._tray.write(durable=False) as connection:
                    quarantine.hold(connection, name, unread, instant(self._tray.now()))
            if records:
                self._take_records(source, records)
            self._taken += len(chunk)
            found = True
            if self._progress is not None:
                self._progress(self._taken)
        return found

    def _take_records(self, source: Source, records: Sequence[Record]) -> None:
        with suppress(_Kept):
            with self._tray.write(durable=False) as connection:
                batch = self.batch or writing.start(
                    self._tray, connection, Origin.ADD, label=_storable(f"add {source.name}")
                )
                taken = self._take_chunk(connection, batch, source, records)
                tells_new = taken.listings or taken.changed or has_ops(connection, batch.id)
                if self._options.dry_run or not tells_new:
                    self._count(taken, source)
                    raise _Kept
            # Only now: a full disk shows itself when the transaction ends.
            self.batch = batch
            self._count(taken, source)

    def _take_chunk(
        self, connection: Connection, batch: Batch, source: Source, records: Sequence[Record]
    ) -> ingest.Taken:
        tray, options = self._tray, self._options
        kind = "library" if source.reader.IS_LIBRARY else "file"
        feed = ingest.find_feed(connection, _storable(source.feed), kind, tray.new_uid())
        arrival = Arrival(feed, batch, self._added)
        if source.reader.IS_LIBRARY:
            arrival = Arrival(feed, batch, self._added, Pile.READ, local_date(tray.now()))
        taken = ingest.take_chunk(connection, arrival, records, tray.new_uid)
        if options.decisions:
            adoption.adopt(connection, batch, taken.papers, records, taken.new, tray.new_uid)
        if options.pile or options.tags:
            adoption.decide_all(
                connection, batch, taken.papers, taken.new, options.pile, options.tags
            )
        if source.reader.IS_LIBRARY or options.decisions:
            adoption.bring_citekeys(connection, taken.papers, records)
        citekeys.recompute(connection, sorted(taken.changed))
        citekeys.give(connection, adoption.kept(connection, sorted(taken.new)))
        return taken

    def _count(self, taken: ingest.Taken, source: Source) -> None:
        counts, more = self._report.counts, taken.counts
        counts.added += more.added
        counts.merged += more.merged
        counts.known += more.known
        pile = self._options.pile or (Pile.READ if source.reader.IS_LIBRARY else Pile.INBOX)
        self._report.piles[pile] = self._report.piles.get(pile, 0) + more.added


def _storable(name: str) -> str:
    """Return a file's name as text: what of it is no UTF-8, no database can hold."""
    return name.encode("utf-8", "replace").decode("utf-8")
