"""Feeds: taking in what readers read."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext, suppress
from dataclasses import dataclass, field
from typing import BinaryIO

from papertray.core.clock import instant, local_date
from papertray.core.errors import TrayError, TrayLocked, TrayReplaced, UnreadableSource
from papertray.core.model import Pile, Record, Unread
from papertray.feeds.source import STANDARD_INPUT, Source, files_of, open_source
from papertray.feeds.table import Readers
from papertray.notebook.interrupts import uninterrupted
from papertray.store import adoption, citekeys, ingest, quarantine, writing
from papertray.store.ingest import Arrival, Counts, Prepared, prepare
from papertray.store.journal import Batch, Origin, has_ops
from papertray.store.pacing import Pace
from papertray.store.tray import Connection, Tray
from papertray.store.trial import trial_copy

MOST_BYTES = 1 << 23
"""Bytes of a source that are in memory as one chunk: no million of long abstracts fills it."""


TRIES = 12
"""How often an add on its way waits for the tray as long as other commands wait once."""


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
    """What an add did. `batch` is None if it brought nothing; `piles` counts where papers went.

    `interrupted` tells that Ctrl-C ended it early: what was counted is in, the rest is not.
    """

    counts: Counts = field(default_factory=Counts)
    failures: list[Failure] = field(default_factory=list)
    batch: int | None = None
    piles: dict[Pile, int] = field(default_factory=dict)
    sources_read: int = 0
    interrupted: bool = False

    @property
    def read_nothing(self) -> bool:
        """True when not one source could be read."""
        return self.sources_read == 0


class _Kept(Exception):
    """Rolls back a chunk that told nothing new: it leaves the tray as it was."""


Progress = Callable[[int, float | None], None]
"""Called with the number of records taken so far, and with how much of the present source is read,
from 0 to 1, or None where its size is not known."""


class Feeds:
    """What brings papers into the tray.

    Adding goes in chunks of some hundred papers, each its own transaction, so that other processes
    wait only moments and a kill loses at most one chunk: adding the same source again finishes the
    job. It raises `TrayLocked`, `DiskFull` or `TrayReadOnly`; the chunks before stay.
    """

    def __init__(self, tray: Tray, readers: Readers) -> None:
        self._tray = tray
        self._readers = readers

    def add(
        self,
        sources: Sequence[str],
        stdin: BinaryIO,
        options: AddOptions = AddOptions(),  # frozen
        progress: Progress | None = None,
    ) -> AddReport:
        """Take in files, the files of folders, and `stdin` for ``-``, as one batch.

        A source or a piece of one that cannot be read is a failure in the report (pieces also go
        into quarantine); the rest goes in. Ctrl-C ends it between two chunks.
        """
        report = AddReport()
        path = ""
        with ExitStack() as stack:
            copy = stack.enter_context(trial_copy(self._tray)) if options.dry_run else None
            job = _Job(self._tray, options, report, progress, copy)
            try:
                for path in self._files(sources, report):
                    self._add_one(path, path, stdin, job)
            except TrayReplaced:
                raise  # what went in lies where that tray was set aside
            except TrayError as error:
                if job.batch is None:
                    raise
                # What went in before stays, so the report must say how much that is.
                report.failures.append(Failure(path, "", str(error)))
            except KeyboardInterrupt:
                report.interrupted = True
        report.batch = None if job.batch is None or options.dry_run else job.batch.id
        return report

    def _files(self, sources: Sequence[str], report: AddReport) -> Iterator[str]:
        for name in sources:
            try:
                yield from files_of(name, self._readers)
            except UnreadableSource as error:
                report.failures.append(Failure(name, "", str(error)))

    def _add_one(self, path: str, name: str, stdin: BinaryIO, job: _Job) -> bool:
        """Take in `path`, or `stdin` for ``-``, under its `name`. True if it could be read."""
        failures = job.report.failures
        try:
            with open_source(path, stdin, job.options.format_name, self._readers) as source:
                if job.take(source, name):
                    job.report.sources_read += 1
                else:
                    reason = f"{name} looks like {source.reader.NAME}, but there is no paper in it."
                    failures.append(Failure(name, "", reason))
        except UnreadableSource as error:
            failures.append(Failure(name, "", str(error)))
            return False
        return True

    def retry(self, progress: Progress | None = None) -> AddReport:
        """Read again the sources of everything in quarantine; what is read now leaves it."""
        report = AddReport()
        job = _Job(self._tray, AddOptions(), report, progress)
        try:
            for path, ids in quarantine.sources(self._tray.reader()).items():
                is_there = os.path.exists(path)
                kept = io.BytesIO()
                if not is_there:
                    # The file is gone (or was a pipe): what is left of it are the pieces.
                    kept = io.BytesIO(b"\n".join(quarantine.pieces(self._tray.reader(), ids)))
                if self._add_one(path if is_there else STANDARD_INPUT, path, kept, job):
                    # Only now, or a kill in between would lose them.
                    with self._tray.write() as connection:
                        quarantine.release(connection, set(ids) - job.held)
        except KeyboardInterrupt:
            report.interrupted = True
        report.batch = None if job.batch is None else job.batch.id
        return report


class _Job:
    """One add on its way: its batch, begun with the first chunk that tells something new.

    A dry run works on a `copy` of the tray. `held` are the pieces that went into quarantine.
    """

    def __init__(
        self,
        tray: Tray,
        options: AddOptions,
        report: AddReport,
        progress: Progress | None,
        copy: Connection | None = None,
    ) -> None:
        self.options = options
        self.report = report
        self.batch: Batch | None = None
        self.held: set[int] = set()
        self._tray = tray
        self._progress = progress
        self._copy = copy
        self._pace = Pace()
        self._taken = 0
        self._added = instant(tray.now())

    def take(self, source: Source, name: str) -> bool:
        """Take in all that one source holds; False when it holds nothing, readable or not."""
        before = self._taken
        chunk: list[Record | Unread] = []
        began = 0
        try:
            for item in source.reader.read(source.stream):
                chunk.append(item)
                if len(chunk) >= self._pace.size or source.bytes_read() - began > MOST_BYTES:
                    self._take_items(source, name, chunk)
                    chunk = []
                    began = source.bytes_read()
        except UnreadableSource:
            # What came before the source broke off goes in.
            self._take_items(source, name, chunk)
            raise
        self._take_items(source, name, chunk)
        return self._taken > before

    def _take_items(self, source: Source, name: str, chunk: Sequence[Record | Unread]) -> None:
        unread = [item for item in chunk if isinstance(item, Unread)]
        # All that can be done without the tray is done before it is locked.
        records = [prepare(item) for item in chunk if isinstance(item, Record)]
        with uninterrupted():
            if unread:
                self._patiently(lambda: self._hold(name, unread))
            if records:
                self._patiently(lambda: self._take_records(source, records))
            self._taken += len(chunk)
        if self._progress is not None:
            share = min(1.0, source.bytes_read() / source.size) if source.size else None
            self._progress(self._taken, share)

    def _writing(self) -> AbstractContextManager[Connection]:
        return nullcontext(self._copy) if self._copy else self._tray.write(durable=False)

    def _patiently(self, write: Callable[[], None]) -> None:
        """Run `write` again while others keep the tray locked: half an add helps nobody.

        One that has not begun yet gives up like any other command.
        """
        for _ in range(TRIES - 1 if self.batch is not None else 0):
            with suppress(TrayLocked):
                return write()
        return write()

    def _hold(self, name: str, unread: Sequence[Unread]) -> None:
        at = name if name == STANDARD_INPUT else _storable(os.path.abspath(name))
        self._pace.wait()
        with self._writing() as connection:
            self.held |= quarantine.hold(connection, at, unread, instant(self._tray.now()))
        self.report.failures += [Failure(name, u.place, u.reason) for u in unread]

    def _take_records(self, source: Source, records: Sequence[Prepared]) -> None:
        self._pace.wait()
        with suppress(_Kept):
            with self._writing() as connection:
                self._pace.locked()
                batch = self.batch or writing.start(
                    self._tray, connection, Origin.ADD, label=_storable(f"add {source.name}")
                )
                taken = self._take_chunk(connection, batch, source, records)
                if not taken.tells_new and not has_ops(connection, batch.id):
                    self._count(taken, source)
                    raise _Kept
            # Only now: a full disk shows itself when the transaction ends.
            self.batch = batch
            self._count(taken, source)
        self._pace.freed(len(records))
        if self._copy is None:
            # Takes the disk's time; others may write meanwhile.
            self._tray.checkpoint()

    def _take_chunk(
        self, connection: Connection, batch: Batch, source: Source, records: Sequence[Prepared]
    ) -> ingest.Taken:
        tray, options = self._tray, self.options
        is_library = source.reader.IS_LIBRARY
        kind = "library" if is_library else "file"
        feed = ingest.find_feed(connection, _storable(source.feed), kind, tray.new_uid())
        arrival = Arrival(feed, batch, self._added)
        if is_library:
            arrival = Arrival(feed, batch, self._added, Pile.READ, local_date(tray.now()))
        taken = ingest.take_chunk(connection, arrival, records, tray.new_uid)
        plain = [one.record for one in records]
        if options.decisions:
            adoption.adopt(connection, batch, taken.papers, plain, taken.new, tray.new_uid)
        if options.pile or options.tags:
            adoption.decide_all(
                connection, batch, taken.papers, taken.new, options.pile, options.tags
            )
        if is_library or options.decisions:
            adoption.bring_citekeys(connection, taken.papers, plain)
        if taken.changed:
            citekeys.recompute(connection, sorted(taken.changed))
        if is_library or options.decisions or options.pile:
            citekeys.give(connection, adoption.kept(connection, sorted(taken.new)))
        return taken

    def _count(self, taken: ingest.Taken, source: Source) -> None:
        counts, more = self.report.counts, taken.counts
        counts.added += more.added
        counts.merged += more.merged
        counts.known += more.known
        pile = self.options.pile or (Pile.READ if source.reader.IS_LIBRARY else Pile.INBOX)
        self.report.piles[pile] = self.report.piles.get(pile, 0) + more.added


def _storable(name: str) -> str:
    """Return a file's name as text: what of it is no UTF-8, no database can hold."""
    return name.encode("utf-8", "replace").decode("utf-8")
