"""Feeds: taking in what readers read."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from papertray.core.errors import TrayError, TrayReplaced, UnreadableSource
from papertray.core.identity import title_key
from papertray.core.model import Item, LeftBehind, Record
from papertray.core.pasted import (
    WHAT_IS_TAKEN,
    Named,
    is_web_address,
    named_by_placeholder,
    parse_pasted,
)
from papertray.feeds.encodings import UTF_8
from papertray.feeds.source import STANDARD_INPUT, Source, Sources, called
from papertray.feeds.table import Readers
from papertray.notebook.add_job import Fetched, Job, Progress, See
from papertray.notebook.add_report import AddOptions, AddReport, Failure
from papertray.notebook.rules import Applied, apply_rules
from papertray.store import quarantine, subscriptions
from papertray.store.tray import Tray
from papertray.store.trial import trial_copy

if TYPE_CHECKING:  # those who name only files wait for nothing of it
    from papertray.notebook.completing import Completing
    from papertray.notebook.network import Network

__all__ = ["AddOptions", "AddReport", "Failure", "Feeds", "Progress"]


_NO_OPTIONS = AddOptions()

NAMES = "names"
"""The format of a list of works' names, which are looked up."""


class Feeds:
    """What brings papers into the tray.

    Adding goes in chunks of some hundred papers, each its own transaction, so that other processes
    wait only moments and a kill loses at most one chunk: adding the same source again finishes the
    job. It raises `TrayLocked`, `DiskFull` or `TrayReadOnly`; the chunks before stay.
    """

    def __init__(
        self,
        tray: Tray,
        readers: Readers,
        changed: int,
        completing: Callable[[], Completing] | None = None,
    ) -> None:
        """`changed` is a percentage of an abstract: see `store.arrival.Arrival`. `completing` gives
        what completes papers, where works can be added by their names."""
        self._tray = tray
        self._readers = readers
        self._changed = changed
        self._completing = completing

    def formats(self) -> tuple[str, ...]:
        """Return the names of all formats that can be read."""
        return self._readers.names()

    def add(
        self,
        sources: Sequence[str],
        stdin: BinaryIO,
        options: AddOptions = _NO_OPTIONS,
        progress: Progress | None = None,
        network: Network | None = None,
    ) -> AddReport:
        """Take in files, the files of folders and archives, and `stdin` for ``-``, as one batch.

        What is no file may be the name of a work (an arXiv id, a DOI, a paper's page) or a web
        address: looked up and fetched by the `network`. Without one a work is taken by its name
        alone, and completed later.
        A source or a piece of one that cannot be read is a failure in the report (pieces also go
        into quarantine); the rest goes in. Ctrl-C ends it between two chunks.
        """

        def take_all(job: Job) -> None:
            pasted: dict[str, Named | None] = {}
            with Sources(stdin, options.format_name, self._readers) as opener:
                for name in sources:
                    if self._completing is not None and _is_pasted(name):
                        pasted[name] = parse_pasted(name)
                        continue
                    for path in self._names(opener, name, job.report):
                        job.source = path
                        self._take(opener, path, path, job, pasted=pasted)
                if pasted:
                    self._take_pasted(opener, pasted, job, network)

        return self._run(_label(sources), options, progress, take_all)

    def _run(
        self,
        label: str,
        options: AddOptions,
        progress: Progress | None,
        take_all: Callable[[Job], None],
    ) -> AddReport:
        report = AddReport()
        with ExitStack() as stack:
            copy = stack.enter_context(trial_copy(self._tray)) if options.dry_run else None
            job = Job(self._tray, label, options, report, progress, self._changed, copy)
            try:
                take_all(job)
            except TrayReplaced:
                raise  # what went in lies where that tray was set aside
            except TrayError as error:
                if job.batch is None:
                    raise
                # What went in before stays, so the report must say how much that is.
                report.fail(job.source, "", str(error))
            except KeyboardInterrupt:
                report.interrupted = True
        report.batch = None if job.batch is None or options.dry_run else job.batch.id
        if not (options.dry_run or report.interrupted):
            self._apply_rules(report)
        return report

    def _apply_rules(self, report: AddReport) -> None:
        """Apply the rules to what came; where that fails or is interrupted the next add does."""
        try:
            report.rules = apply_rules(self._tray)
        except TrayReplaced:
            raise
        except TrayError as error:
            report.rules = Applied(problems=(f"The rules wait for the next add: {error}",))
        except KeyboardInterrupt:
            report.interrupted = True

    def _take_pasted(
        self,
        opener: Sources,
        pasted: Mapping[str, Named | None],
        job: Job,
        network: Network | None,
    ) -> None:
        from papertray.notebook.naming import Pasted, take_pasted

        def take_page(body: Path, address: str) -> None:
            with opener.open_page(body, address) as source:
                self._take_source(source, address, job)

        works = {named: text for text, named in pasted.items() if named is not None}
        pages = [text for text, named in pasted.items() if named is None]
        assert self._completing is not None
        take_pasted(self._tray, job, Pasted(works, pages), take_page, network, self._completing())

    def _names(self, opener: Sources, name: str, report: AddReport) -> Iterator[str]:
        try:
            yield from opener.names(name)
        except UnreadableSource as error:
            report.fail(name, "", str(error))
        if left := opener.left_out(name):
            reason = "name them to add what lies there"
            report.leave(LeftBehind(f"folders in {name}", left, reason))

    def _take(
        self,
        opener: Sources,
        path: str,
        name: str,
        job: Job,
        see: See | None = None,
        pasted: dict[str, Named | None] | None = None,
    ) -> bool:
        """Take in `path`, or standard input for ``-``, under its `name`. True if it was read.

        A list of names is put into `pasted`, where that is given.
        """
        try:
            with opener.open(path) as source:
                if pasted is not None and source.reader.NAME == NAMES:
                    source = _without_names(source, pasted)
                    job.report.sources_read += 1
                    job.take(source, name)
                else:
                    self._take_source(source, name, job, see)
        except UnreadableSource as error:
            reason = str(error)
            if not os.path.lexists(path) and path == name and not opener.is_there(path):
                reason = f"{reason.removesuffix('.')}; add takes {WHAT_IS_TAKEN}."
            job.report.fail(name, "", reason)
            return False
        return True

    def _take_source(self, source: Source, name: str, job: Job, see: See | None = None) -> None:
        """Take in an open source under its `name`, and say what it was."""
        report = job.report
        try:
            has_some = job.take(source, name, see)
        finally:
            if source.encoding() != UTF_8:
                report.encodings[called(name)] = source.encoding()
        if has_some:
            report.sources_read += 1
        elif not (job.options.format_name or source.reader.IS_LIBRARY):
            # A weekend's feed, or a search without hits: nothing is wrong.
            report.sources_read += 1
            report.empty.append(called(name))
        else:
            kind, there = source.reader.NAME, "there is no paper in it"
            report.fail(
                name, "",
                f"{called(name)} was read as {kind}, as --from says, and {there}; without "
                "--from its format is recognised." if job.options.format_name
                else f"{called(name)} looks like {kind}, but {there}.",
            )  # fmt: skip

    def retry(
        self, progress: Progress | None = None, options: AddOptions = _NO_OPTIONS
    ) -> AddReport:
        """Read again the sources of everything in quarantine; what is read now leaves it.

        Each is read with the `options` it was added with, but for those given here. A source that
        is gone, or holds something else now, leaves its pieces: they are read by themselves.
        """

        def take_all(job: Job) -> None:
            for source, ids in quarantine.sources(self._tray.reader()).items():
                text = quarantine.options_of(self._tray.reader(), source)
                job.options = options.over(AddOptions.from_text(text))
                job.fetched = self._fetched(job.options.feed)
                job.source = source
                self._retry_one(source, ids, job)

        return self._run("add --retry", options, progress, take_all)

    def _fetched(self, feed: int) -> Fetched | None:
        """Return whose page a piece is of; None where it is of no subscription, or of none now."""
        is_there = subscriptions.find_by_id(self._tray.reader(), feed) is not None
        return Fetched(feed, lambda record: True) if is_there else None

    def _retry_one(self, source: str, ids: list[int], job: Job) -> None:
        kept = b"\n".join(quarantine.pieces(self._tray.reader(), ids))
        with Sources(io.BytesIO(kept), job.options.format_name, self._readers) as opener:
            same = _SameSource(kept)
            known = job.report.counts.known + job.report.counts.merged
            is_read = opener.is_there(source) and self._take(opener, source, source, job, same.see)
            known = job.report.counts.known + job.report.counts.merged - known
            if not (is_read and (known or same.is_seen)):
                # Gone, or something else lies there now: what is left of it are the pieces.
                is_read = self._take(opener, STANDARD_INPUT, source, job)
        if is_read and not job.options.dry_run:
            # Only now, or a kill in between would lose them.
            with self._tray.write() as connection:
                quarantine.release(connection, set(ids) - job.held)


_BEGINNING = 12
"""Letters of a title by which it is known again."""


class _SameSource:
    """Tells whether a file holds what its pieces in quarantine speak of: a title that they name.

    A piece may be cut in the middle of one, so that its beginning must do; in one of a few letters
    there is nothing to lose.
    """

    def __init__(self, kept: bytes) -> None:
        self._letters = title_key(kept.decode("utf-8", "replace"))
        self.is_seen = len(self._letters) < _BEGINNING

    def see(self, record: Record) -> None:
        """Look at a record of the file."""
        if not self.is_seen:
            key = title_key(record.work.title)[:_BEGINNING]
            self.is_seen = bool(key) and key in self._letters


def _without_names(source: Source, pasted: dict[str, Named | None]) -> Source:
    """Return a list of names without those that are names: they are put into `pasted`."""
    left: list[Item] = []
    for item in source.items():
        named = named_by_placeholder(item.work.title) if isinstance(item, Record) else None
        if named is None:
            left.append(item)
        else:
            pasted[named.title] = named
    return replace(source, items=left.__iter__)


def _is_pasted(name: str) -> bool:
    """Tell what names a work or a page of the web from a file: one of that name always wins."""
    if name == STANDARD_INPUT or os.path.lexists(name):
        return False
    return is_web_address(name.strip()) or parse_pasted(name) is not None


def _label(sources: Sequence[str]) -> str:
    """Return the line of an add in the history: what was named, however much that holds."""
    named = [called(source) for source in sources[:3]]
    more = len(sources) - len(named)
    return f"add {', '.join(named)}" + (f" and {more} more" if more else "")
