"""Fetching: asking the subscribed feeds for what is new, and storing it.

One fetch is one batch of origin `add`, begun with the first paper that is new. How far a feed was
read is stored after all of it is in the tray, so that whatever ends a fetch early, the next one
completes it.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from papertray.core.clock import instant
from papertray.core.errors import TrayError, TrayReadOnly, TrayReplaced, UsageError
from papertray.core.settings import Settings
from papertray.core.subscriptions import FeedState, Kind, Subscription
from papertray.feeds.fetching.courses import Since, course_of
from papertray.feeds.fetching.transport import Transport
from papertray.feeds.table import Readers
from papertray.notebook.fetch_lanes import Errand, Lanes
from papertray.notebook.fetch_report import Expired, FeedReport, FetchReport
from papertray.notebook.fetch_run import FetchRun
from papertray.notebook.network import services
from papertray.notebook.rules import apply_rules
from papertray.store import subscriptions
from papertray.store.connection import alone
from papertray.store.expiring import expire
from papertray.store.places import writable_cache
from papertray.store.tray import Tray

if TYPE_CHECKING:
    from papertray.notebook.completing import Completing
    from papertray.notebook.files import Files
    from papertray.notebook.pdf_fetching import FilesReport

LOCK = "fetching.lock"
"""In the tray's folder, so that all who have this tray agree: one fetch at a time."""

PDFS_LOCK = "fetching-pdfs.lock"
"""The same for PDFs, which may take half an hour: no feed waits for them."""

LONGEST_LEFT_ALONE = timedelta(days=8)
"""No server is left alone for longer: what says so was written when the clock was wrong."""

PAGES = "fetched-pages"
"""In the tray's cache: pages on their way into the tray."""

SAVE_EVERY = 2.0
"""Seconds after which it is written how far the feeds were read that are done by then."""

Progress = Callable[[int, int, int], None]
"""Called with the number of feeds that are done, of how many, and of new papers so far."""

PdfProgress = Callable[[int, int], None]
"""Called with the number of papers whose PDF was asked for, and of how many."""


class Fetching:
    """What the network brings. It may run in a thread of its own, beside other writers."""

    def __init__(
        self,
        tray: Tray,
        readers: Readers,
        settings: Callable[[], Settings],
        completing: Callable[[], Completing],
        files: Callable[[], Files],
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        """`settings` reads them anew for each fetch; `timer` gives seconds."""
        self._tray = tray
        self._readers = readers
        self._settings = settings
        self._completing = completing
        self._files = files
        self._timer = timer

    def has_work(self) -> bool:
        """Tell whether there is anything to fetch, or to let expire, now."""
        feeds = subscriptions.all_subscriptions(self._tray.reader())
        return (
            any(one.kind is not Kind.FOLDER or one.expire for one in feeds)
            or self._completing().has_work()
            or self._files().has_work()
        )

    def fetch(
        self,
        names: Sequence[str],
        transport: Transport,
        progress: Progress = lambda done, total, papers: None,
        pdf_progress: PdfProgress | None = lambda done, total: None,
    ) -> FetchReport:
        """Fetch the feeds of these names, all without any, and what else waits for a network.

        After the feeds, papers are completed of which only a name is known, the rules are applied,
        old papers expire, and PDFs are fetched (`pdf_progress` None: they are not).
        One feed that fails never stops another. Ctrl-C, or `transport.stop`, ends it soon; what is
        in stays. Raises `UsageError` for a name that no feed has; `TrayLocked`, `DiskFull` or
        `TrayReadOnly` where nothing could be stored.
        """
        report = FetchReport()
        try:
            with self._alone(LOCK) as is_ours:
                if not is_ours:
                    report.is_elsewhere = True
                    return report
                chosen = self._chosen(names)
                self._fetch_feeds(self._errands(chosen, report), transport, report, progress)
                if not report.interrupted:
                    # After the feeds: some bring what is awaited, and a list of names takes long.
                    report.completed = self._completing().complete(transport)
                report.rules = apply_rules(self._tray)
                self._expire(chosen, report)
            if pdf_progress is not None and not (report.offline or report.interrupted):
                report.files = self.fetch_pdfs(transport, pdf_progress)
        except TrayReplaced:
            raise
        except TrayError as error:
            if report.batch is None:
                raise
            # What went in before stays, so the report must say how much that is.
            report.trouble = str(error)
        except KeyboardInterrupt:
            transport.stop()
            report.interrupted = True
        return report

    def fetch_pdfs(self, transport: Transport, progress: PdfProgress) -> FilesReport | None:
        """Fetch the PDFs that papers want; None while another process does, or thread.

        Feeds can be fetched meanwhile. Raises `TrayError` where the tray cannot be written.
        """
        with self._alone(PDFS_LOCK) as is_ours:
            return self._files().fetch_wanted(transport, progress) if is_ours else None

    @contextmanager
    def _alone(self, lock: str) -> Iterator[bool]:
        folder = self._tray.places.tray
        with ExitStack() as stack:
            try:
                is_ours = stack.enter_context(alone(folder / lock))
            except OSError as error:
                raise TrayReadOnly(
                    f"The folder {folder} cannot be written ({error.strerror or error}); check its "
                    "permissions."
                ) from error
            yield is_ours

    @contextmanager
    def _room_for_pages(self) -> Iterator[Path]:
        """Yield an empty folder; what a fetch that was killed left in it is gone."""
        folder = writable_cache(self._tray.places.cache) / PAGES
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _chosen(self, names: Sequence[str]) -> list[Subscription]:
        reader = self._tray.reader()
        if not names:
            return subscriptions.all_subscriptions(reader)
        found = [subscriptions.get_subscription(reader, name) for name in names]
        return list({one.id: one for one in found}.values())

    def _errands(self, chosen: Iterable[Subscription], report: FetchReport) -> list[Errand]:
        """Return what is to be asked now; the report gets those that wait or cannot be asked."""
        settings, now = self._settings(), self._tray.now()
        states = subscriptions.states(self._tray.reader())
        waiting, errands = {}, []
        for one in chosen:
            state = states.get(one.id, FeedState())
            if one.kind is Kind.FOLDER:
                continue
            if instant(now) < state.not_before <= instant(now + LONGEST_LEFT_ALONE):
                waiting[one.name] = state.not_before
                continue
            since = Since(
                state.read_until, now.astimezone(UTC).date(),
                state.etag, state.last_modified, state.moved,
            )  # fmt: skip
            try:
                contact = settings.text("network.contact")
                course = course_of(one, services(settings), since, contact)
            except UsageError as error:
                report.feeds.append(FeedReport(one.name, failure=str(error)))
                continue
            errands.append(Errand(one, state, course))
        report.waiting = waiting
        report.asked = len(errands) + len(report.feeds)
        return errands

    def _fetch_feeds(
        self,
        errands: Sequence[Errand],
        transport: Transport,
        report: FetchReport,
        progress: Progress,
    ) -> None:
        run = FetchRun(
            self._tray, self._readers, self._settings().number("versions.changed"), report
        )
        saved = self._timer()
        try:
            with self._room_for_pages() as folder, Lanes(transport, errands, folder) as lanes:
                for event in lanes:
                    run.take(event)
                    progress(run.done, report.asked, run.papers)
                    if self._timer() - saved > SAVE_EVERY:
                        run.save()
                        saved = self._timer()
        except TrayReplaced:
            raise
        except (TrayError, KeyboardInterrupt):
            run.finish()
            raise
        run.finish()

    def _expire(self, chosen: Iterable[Subscription], report: FetchReport) -> None:
        """Let the papers of these feeds expire: a batch for each feed."""
        everything = subscriptions.all_subscriptions(self._tray.reader())
        expiring = [one.id for one in everything if one.expire]
        for one in chosen:
            if not one.expire:
                continue
            now = self._tray.now()
            outcome = expire(self._tray, one.id, one.name, one.expire, expiring, now)
            if outcome.batch is not None:
                expired = Expired(one.name, outcome.changed, one.expire, outcome.batch)
                report.expired.append(expired)
