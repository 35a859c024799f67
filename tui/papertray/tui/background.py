"""What goes on while the screen is open: feeds are fetched, folders watched, exports written.

All of them work on the tray as another process would. They begin once the screen is painted.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from papertray.core.counting import counted
from papertray.core.errors import PapertrayError
from papertray.tui.export_thread import ExportThread
from papertray.tui.fetch_thread import FetchThread
from papertray.tui.lookups import look_up
from papertray.tui.pdf_thread import PdfThread
from papertray.tui.screens.triage import TriageScreen
from papertray.tui.watch_thread import WatchThread

if TYPE_CHECKING:
    from papertray.notebook.add_report import AddReport
    from papertray.notebook.drop import DropReport
    from papertray.notebook.fetch_report import FetchReport
    from papertray.notebook.notebook import Notebook
    from papertray.notebook.pdf_fetching import FilesReport
    from papertray.tui.app import PapertrayApp

LOOK_EVERY = 600.0
"""Seconds between two looks at whether to fetch again."""

FETCH_EVERY = 36
"""Looks after which a screen that stays open fetches again: six hours. Without network: each."""


TURN = 0.012
"""Seconds after a key for which reading files waits: a repaint takes about as long. Who holds a key
down still leaves it two thirds of the time."""


LEAVING = 1.0
"""Seconds that leaving waits for threads; what is half stored by then is stored by the next."""


class Background:
    """The threads that bring papers while the screen is open, and what is said of them."""

    def __init__(self, app: PapertrayApp, opened: Callable[[], Notebook] | None) -> None:
        """`opened` opens the tray once more; None: nothing goes on."""
        self._app = app
        self._is_asked = self._is_offline = self._is_wanted_again = False
        self._looks = 0
        self._opened = opened
        self._pressed = -math.inf
        self._fetch: FetchThread | None = None
        self._watch: WatchThread | None = None
        self._exports: ExportThread | None = None
        self._pdfs = None if opened is None else PdfThread(opened)
        if opened is not None:
            self._watch = WatchThread(
                opened,
                tell=lambda report: app.deliver(partial(self._dropped, report)),
                say=lambda text: app.deliver(partial(app.warn, text)),
                failed=self._failed,
                give_way=self._give_way,
            )
            self._exports = ExportThread(
                opened,
                say=lambda text: app.deliver(partial(app.warn, text)),
                failed=self._failed,
                give_way=self._give_way,
            )
            self._fetch = FetchThread(
                opened,
                tell=lambda text: app.deliver(partial(app.show_notice, "fetch", text)),
                done=lambda report: app.deliver(partial(self._fetched, report)),
                failed=self._failed,
            )

    def start(self) -> None:
        """Begin, and go on as long as the screen is open."""
        if self._watch is not None:
            self._watch.start()
        if self._exports is not None and self._app.notebook.settings.exports:
            self._exports.start()
        if self._fetch is not None and self._app.notebook.settings.is_on("feeds.fetch_at_start"):
            self._fetch.start()
            self._app.set_interval(LOOK_EVERY, self._look)

    def key_pressed(self) -> None:
        """Let the screen go first for a moment: two busy threads share one interpreter."""
        self._pressed = time.monotonic()

    def _give_way(self) -> None:
        left = self._pressed + TURN - time.monotonic()
        if left > 0:
            time.sleep(left)

    def stop(self) -> None:
        """End what is under way, and wait a moment for that."""
        ending = [
            thread
            for one in (self._watch, self._fetch, self._pdfs, self._exports)
            if one is not None
            for thread in one.stop()
        ]
        end = time.monotonic() + LEAVING
        for thread in ending:
            thread.join(max(0.0, end - time.monotonic()))

    def fetch(self, *, again: bool = False) -> str:
        """Fetch now, as the user asked; return what to say of it.

        With `again` a fetch that is under way, and does not know a new feed, is followed by one.
        """
        if self._fetch is None:
            return "nothing is fetched here"
        self._is_asked = True
        if self._fetch.start():
            return "fetching …"
        self._is_wanted_again = again
        return "it is fetched after the others" if again else "fetching already"

    def fetch_pdf(self, paper_id: int, done: Callable[[FilesReport], None]) -> str:
        """Fetch a paper's PDF; return what to say. `done` is called in the screen's thread."""
        if self._pdfs is None:
            return "nothing is fetched here"
        begins = self._pdfs.fetch(
            paper_id,
            lambda report: self._app.deliver(partial(done, report)),
            self._failed,
        )
        return "fetching the PDF …" if begins else "fetching another PDF: try again in a moment"

    def look_up(self, *pages: str) -> bool:
        """Add what lies at web addresses, and complete papers that were only named.

        False where nothing goes on in the background.
        """
        if self._opened is None:
            return False
        look_up(
            self._opened,
            list(pages),
            lambda report: self._app.deliver(partial(self._looked_up, report)),
            self._failed,
        )
        return True

    def _looked_up(self, report: AddReport) -> None:
        completed = report.completed
        told = [failure.reason for failure in report.failures]
        told += [*report.troubles] if completed is None else completed.sentences()
        if report.counts.added or report.counts.merged:
            self._say(f"{report.counts.added} added, {report.counts.merged} merged")
        for sentence in told:
            self._app.warn(sentence)

    def _dropped(self, report: DropReport) -> None:
        counts = report.add.counts
        if counts.added or counts.merged:
            more = f", {counts.merged:,} completed" if counts.merged else ""
            self._say(f"{counts.added:,} new from {report.folder.feed}{more}")
        for one in report.failed[:1]:
            others = f" (and {len(report.failed) - 1:,} more)" if len(report.failed) > 1 else ""
            self._app.warn(f"{one.path}: {one.reason}{others}")

    def _say(self, text: str) -> None:
        screen = self._app.screen_stack[0]
        if isinstance(screen, TriageScreen):
            screen.say(text)
        from papertray.tui.screens.list_screen import ListScreen

        for above in self._app.screen_stack[1:]:
            if isinstance(above, ListScreen):
                above.told(text)

    def _failed(self, error: Exception) -> None:
        """Say what the user can mend; a bug ends the screen, so that it reaches the log."""
        if isinstance(error, PapertrayError):
            self._app.deliver(partial(self._app.warn, str(error)))
        else:
            self._app.deliver(partial(_crash, error))

    def _look(self) -> None:
        self._looks += 1
        if self._fetch is not None and (self._is_offline or self._looks >= FETCH_EVERY):
            self._looks = 0
            self._fetch.start()

    def _fetched(self, report: FetchReport | None) -> None:
        is_asked, self._is_asked = self._is_asked, False
        if self._is_wanted_again and self._fetch is not None:
            self._is_asked, self._is_wanted_again = True, not self._fetch.start()
        if report is None:
            if is_asked:
                self._say("no feeds yet: gf adds one")
            return
        self._is_offline = report.offline
        self._app.show_notice("network", "no network" if report.offline else "")
        is_quiet = not is_asked and (report.offline or report.is_elsewhere)
        said = "" if is_quiet else summary(report)
        if said or is_asked:
            self._say(said or "nothing new")


def _crash(error: Exception) -> None:
    raise error


def summary(report: FetchReport) -> str:
    """Return what a fetch brought, in a few words; empty where there is nothing to say."""
    if report.is_elsewhere:
        return "another papertray is fetching"
    if report.offline:
        return "no network"
    counts = report.counts
    said = []
    if counts.added:
        came = sum(bool(one.counts.added) for one in report.feeds)
        said.append(f"{counts.added:,} new from {counted(came, 'feed')}")
    if report.rules.summary:
        said.append(report.rules.summary)
    if expired := sum(one.papers for one in report.expired):
        said.append(f"{expired:,} expired")
    if report.completed is not None and report.completed.completed:
        said.append(f"{report.completed.completed:,} completed")
    if report.failed:
        failed = len(report.failed)
        said.append(f"{counted(failed, 'feed')} failed: gf says why")
    if report.trouble:
        said.append(report.trouble)
    return ", ".join(said)
