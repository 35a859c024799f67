"""A fetch on its way: what came of each feed, into the tray and into the report."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from papertray.core.clock import instant
from papertray.core.errors import (
    AskedToWait,
    FetchFailed,
    FetchRefused,
    Interrupted,
    NoNetwork,
    UnreadableSource,
)
from papertray.core.model import Item, Unread
from papertray.core.subscriptions import FeedState, Subscription
from papertray.feeds.fetching.addresses import is_of_internet
from papertray.feeds.fetching.named_feed import MOST_BYTES, named_feed
from papertray.feeds.fetching.transport import Answer
from papertray.feeds.source import Sources
from papertray.feeds.table import Readers
from papertray.notebook.add_job import Fetched, Job
from papertray.notebook.add_report import AddOptions, AddReport
from papertray.notebook.bug_log import guarded
from papertray.notebook.fetch_lanes import Errand, Event, Failed, Page, Unchanged
from papertray.notebook.fetch_report import FeedReport, FetchReport
from papertray.store import subscriptions
from papertray.store.tray import Tray
from papertray.store.writing import relabel


@dataclass(slots=True)
class _Feed:
    """A feed on its way: what to report, its first page, and up to what day it is in the tray."""

    report: FeedReport
    first: Answer | None = None
    read_until: str = ""
    is_reported: bool = False


class FetchRun:
    """One fetch on its way: takes in what comes of each feed, and remembers how far it was read."""

    def __init__(self, tray: Tray, readers: Readers, changed: int, report: FetchReport) -> None:
        self.done = len(report.feeds)
        self._tray = tray
        self._report = report
        self._added = AddReport()
        self._job = Job(tray, "fetch", AddOptions(), self._added, None, changed)
        self._readers = readers
        self._feeds: dict[int, _Feed] = {}
        self._unreachable: list[tuple[Errand, _Feed, NoNetwork]] = []
        self._has_network = False
        self._unsaved: list[tuple[Subscription, FeedState]] = []

    @property
    def papers(self) -> int:
        """How many new papers came so far."""
        return self._added.counts.added

    def take(self, event: Event) -> None:
        """Take in what came of a feed. Raises `TrayError` where it cannot be stored."""
        errand, before = event.errand, event.errand.subscription
        feed = self._feeds.setdefault(before.id, _Feed(FeedReport(before.name)))
        self.done += event.is_last
        if isinstance(event, Failed):
            self._fail(errand, feed, event.error)
            return
        self._hear_from(errand)
        if isinstance(event, Page):
            feed.first = feed.first or event.answer
            self._read(event, feed)
        if event.is_last:
            self._finish_feed(event, feed)

    def _read(self, page: Page, feed: _Feed) -> None:
        """Read and store a page, under what the feed is called by now."""
        errand, report = page.errand, feed.report
        present = subscriptions.find_by_id(self._tray.reader(), errand.subscription.id)
        if present is None or present.location != errand.subscription.location:
            errand.is_given_up = True  # it was removed meanwhile
        if errand.is_given_up or present is None:
            return
        if page.body is not None:
            report.name = present.name
            self._job.source = present.name
            counts = replace(self._added.counts)
            try:
                self._store(page, page.body, report)
            except UnreadableSource as error:
                report.failure = _told_of_page(page.body, page.answer.url) or str(error)
                errand.is_given_up = True
            finally:
                report.counts.add(self._added.counts, before=counts)
                if self._job.batch is not None:
                    self._report.batch = self._job.batch.id
        if not report.failure:
            feed.read_until = page.read_until

    def _store(self, page: Page, body: Path, report: FeedReport) -> None:
        feed, course, url = page.errand.subscription.id, page.errand.course, page.answer.url
        with (
            Sources(io.BytesIO(), course.format_name, self._readers) as sources,
            sources.open_page(body, url) as source,
        ):
            self._job.fetched = Fetched(feed, course.is_news)
            # What goes into quarantine remembers by them how it is read, and whose it is.
            self._job.options = AddOptions(source.reader.NAME, feed=feed)
            items = partial(guarded, source.items, self._tray.places.state)
            self._job.take(replace(source, items=partial(_items, source.name, items, report)), url)

    def _fail(self, errand: Errand, feed: _Feed, error: FetchFailed) -> None:
        if isinstance(error, Interrupted):
            self._report.interrupted = True
        elif errand.is_given_up and not feed.report.failure:
            return  # it is no feed any more
        elif isinstance(error, NoNetwork):
            self._unreachable.append((errand, feed, error))
        else:
            if not isinstance(error, FetchRefused):
                self._hear_from(errand)
            self._give_up(errand, feed, error)

    def _hear_from(self, errand: Errand) -> None:
        """Note that a host answered: only those of the internet show that there is a network."""
        self._has_network = self._has_network or is_of_internet(errand.host)

    def _finish_feed(self, event: Page | Unchanged, feed: _Feed) -> None:
        """Note how far a feed was read, once all of it is in."""
        errand = event.errand
        if feed.report.failure:
            self._give_up(errand, feed, None)
            return
        if errand.is_given_up:
            return
        self._tell(feed)
        state = replace(
            errand.state, moved=event.answer.moved or errand.state.moved,
            fetched=instant(self._tray.now()), failed="", failure="", failures=0, not_before="",
        )  # fmt: skip
        if event.answer.body is not None:  # also where it was the same again
            told = (feed.first or event.answer).headers if errand.course.is_conditional else {}
            state = replace(
                state, etag=told.get("etag", ""), last_modified=told.get("last-modified", "")
            )
        if isinstance(event, Page):
            until = feed.read_until or state.read_until
            state = replace(state, digest=event.digest, read_until=until)
        self._unsaved.append((errand.subscription, state))

    def _give_up(self, errand: Errand, feed: _Feed, error: FetchFailed | None) -> None:
        """Note that a feed failed, and up to what day it is in the tray all the same.

        Where it had moved to did not help, so that it is asked at home the next time.
        """
        report, before = feed.report, errand.state
        report.failure = report.failure or str(error)
        self._tell(feed)
        state = replace(
            before, failed=instant(self._tray.now()), failure=report.failure,
            failures=before.failures + 1, read_until=feed.read_until or before.read_until,
        )  # fmt: skip
        if isinstance(error, AskedToWait):
            state = replace(state, not_before=error.not_before)
        elif not isinstance(error, NoNetwork) and before.moved:
            state = replace(state, moved="", etag="", last_modified="", digest="")
        self._unsaved.append((errand.subscription, state))

    def _tell(self, feed: _Feed) -> None:
        self._report.feeds.append(feed.report)
        feed.is_reported = True

    def finish(self) -> None:
        """Say what came of feeds that are not done, and write all that is still to be written."""
        report = self._report
        if self._has_network:
            for errand, feed, error in self._unreachable:
                feed.report.is_unreachable = True
                self._give_up(errand, feed, error)
        else:
            report.unreachable = len(self._unreachable)
        for feed in self._feeds.values():
            if feed.report.has_news and not feed.is_reported:
                self._tell(feed)
        self.save(label=self._label())

    def _label(self) -> str:
        feeds = self._report.feeds
        # A known paper that another feed lists too is no news, but a line of the history.
        named = [one.name for one in feeds if one.has_news] or [
            one.name for one in feeds if one.counts.known
        ]
        more = f" and {len(named) - 1} more" if len(named) > 1 else ""
        return f"fetch {named[0]}{more}" if named else ""

    def save(self, label: str = "") -> None:
        """Write how far the feeds were read that are done since the last time.

        One that was removed, or leads elsewhere by now, is left alone. Raises `TrayError`.
        """
        batch = self._job.batch if label else None
        if not self._unsaved and batch is None:
            return
        with self._tray.write(durable=False) as connection:
            for before, state in self._unsaved:
                now = subscriptions.find_by_id(connection, before.id)
                if now is not None and now.location == before.location:
                    subscriptions.save_state(connection, before.id, state)
            if batch is not None:
                relabel(connection, batch.id, label)
        self._unsaved.clear()


def _items(name: str, items: Callable[[], Iterator[Item]], report: FeedReport) -> Iterator[Item]:
    """Yield what a page holds; the feed's report hears of the pieces that cannot be read.

    One alone is no failure: tomorrow it could be read as little. Of a page that breaks off there is
    more to come.
    """
    for item in items():
        if isinstance(item, Unread):
            report.unread += 1
            sentence = f"{name}, {item.place}: {item.reason}"
            report.first_unread = report.first_unread or sentence
            if item.breaks_off:
                report.failure = report.failure or f"{sentence}."
        yield item


def _told_of_page(body: Path, url: str) -> str:
    """Return a sentence about a page of the web that names its feed, empty if it names none."""
    with body.open("rb") as file:
        feed = named_feed(file.read(MOST_BYTES), url)
    return f"{url} is an HTML page, whose feed is {feed}: give it that location." if feed else ""
