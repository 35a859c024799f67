"""Fetching the PDF of one paper while the screen is open, because its reader asks for it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # nothing of the network is needed before the first paint
    from papertray.feeds.fetching.transport import Transport
    from papertray.notebook.notebook import Notebook
    from papertray.notebook.pdf_fetching import FilesReport


class PdfThread:
    """Fetches one PDF at a time, with a notebook of its own that `opened` opens."""

    def __init__(self, opened: Callable[[], Notebook]) -> None:
        self._opened = opened
        self._lock = threading.Lock()
        self._transport: Transport | None = None
        self._is_stopped = False
        self._thread: threading.Thread | None = None

    def fetch(
        self,
        paper_id: int,
        done: Callable[[FilesReport], None],
        failed: Callable[[Exception], None],
    ) -> bool:
        """Fetch a paper's PDF in the background; False while another one is under way.

        `done`, or `failed` with what went wrong, a bug as well, is called in the thread.
        """
        if self._is_stopped or (self._thread is not None and self._thread.is_alive()):
            return False
        self._thread = threading.Thread(
            target=self._run, args=(paper_id, done, failed), name="papertray-pdf", daemon=True
        )
        self._thread.start()
        return True

    def stop(self) -> list[threading.Thread]:
        """Give up what is under way; return the thread that is ending."""
        with self._lock:
            self._is_stopped = True
            if self._transport is not None:
                self._transport.stop()
        return [] if self._thread is None else [self._thread]

    def _run(
        self,
        paper_id: int,
        done: Callable[[FilesReport], None],
        failed: Callable[[Exception], None],
    ) -> None:
        try:
            with self._opened() as notebook, notebook.network.open() as transport:
                with self._lock:
                    if self._is_stopped:
                        return
                    self._transport = transport
                try:
                    report = notebook.files.fetch_one(paper_id, transport)
                finally:
                    with self._lock:
                        self._transport = None
        except Exception as error:
            failed(error)
        else:
            if not self._is_stopped:
                done(report)
