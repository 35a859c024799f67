"""The thread that fetches feeds while the screen is open.

It has a notebook of its own, so that `u` never takes back what came by itself, and the screen
notices new papers as it notices those that other processes bring.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # nothing of the network is needed before the first paint
    from papertray.feeds.fetching.transport import Transport
    from papertray.notebook.fetch_report import FetchReport
    from papertray.notebook.notebook import Notebook


class FetchThread:
    """Fetches all feeds when told to, one time after the other, and then the PDFs that are wanted.

    PDFs may take half an hour: feeds can be fetched again meanwhile, in a thread beside.
    `tell` gets what is going on, in two or three words, empty when nothing is. `done` gets the
    report once the feeds are through, None where there is nothing to fetch; `failed` gets what kept
    the tray from taking anything, a bug as well.
    All are called in the thread.
    """

    def __init__(
        self,
        opened: Callable[[], Notebook],
        tell: Callable[[str], None],
        done: Callable[[FetchReport | None], None],
        failed: Callable[[Exception], None],
    ) -> None:
        self._opened = opened
        self._tell = tell
        self._done = done
        self._failed = failed
        self._lock = threading.Lock()
        self._transports: set[Transport] = set()
        self._is_stopped = False
        self._at_feeds: threading.Thread | None = None
        self._threads: list[threading.Thread] = []

    def start(self) -> bool:
        """Fetch in the background; False where that is under way."""
        if self._at_feeds is not None or self._is_stopped:
            return False
        thread = threading.Thread(target=self._run, name="papertray-fetch", daemon=True)
        self._at_feeds = thread
        self._threads = [*(one for one in self._threads if one.is_alive()), thread]
        thread.start()
        return True

    def stop(self) -> list[threading.Thread]:
        """Give up what is under way; return the threads that are ending."""
        with self._lock:
            self._is_stopped = True
            for transport in self._transports:
                transport.stop()
        return self._threads

    def _run(self) -> None:
        try:
            with self._opened() as notebook:
                if notebook.fetching.has_work():
                    self._fetch(notebook)
                else:  # who has no feeds does not wait for a network to be imported
                    self._conclude(None)
        except Exception as error:
            self._leave_feeds()
            self._failed(error)
        finally:
            self._leave_feeds()
            self._tell("")

    def _fetch(self, notebook: Notebook) -> None:
        with self._network(notebook) as transport:
            report = notebook.fetching.fetch((), transport, self._progress, pdf_progress=None)
            self._conclude(report)
            if not (self._is_stopped or report.offline or report.is_elsewhere):
                notebook.fetching.fetch_pdfs(transport, self._pdf_progress)

    @contextmanager
    def _network(self, notebook: Notebook) -> Iterator[Transport]:
        """Open what `stop` stops."""
        with notebook.network.open(notebook.subscriptions.hosts()) as transport:
            with self._lock:
                if self._is_stopped:
                    transport.stop()
                self._transports.add(transport)
            try:
                yield transport
            finally:
                with self._lock:
                    self._transports.discard(transport)

    def _conclude(self, report: FetchReport | None) -> None:
        # Before it is told: who then asks for another fetch shall get it.
        self._leave_feeds()
        self._tell("")
        if not self._is_stopped:
            self._done(report)

    def _leave_feeds(self) -> None:
        if self._at_feeds is threading.current_thread():
            self._at_feeds = None

    def _progress(self, done: int, total: int, papers: int) -> None:
        self._tell(f"fetching {done}/{total}" + (f", {papers:,} new" if papers else ""))

    def _pdf_progress(self, done: int, total: int) -> None:
        self._tell(f"fetching PDFs {done}/{total}")
