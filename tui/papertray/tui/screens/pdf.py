"""What `p` does: show the paper's PDF, or fetch it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from papertray.tui.screens.links import open_outside

if TYPE_CHECKING:  # nothing here is needed before the first paint
    from papertray.notebook.pdf_fetching import FilesReport
    from papertray.tui.screens.triage import TriageScreen


def open_pdf(screen: TriageScreen) -> None:
    """Open the first file of the paper under the cursor; fetch its PDF where there is none."""
    paper_id = screen.paper_id
    if paper_id is None:
        screen.say("no paper here")
        return
    files = screen.notebook.files
    local = next((file.path for file in files.of(paper_id) if file.is_there), "")
    if local:
        open_outside(screen, local)
    elif not files.may_have_pdf(paper_id):
        screen.say("no PDF here, and none to fetch: papertray attach KEY FILE gives it yours")
    else:
        screen.say(screen.papertray.background.fetch_pdf(paper_id, partial(_fetched, screen)))


def _fetched(screen: TriageScreen, report: FilesReport) -> None:
    """Say what came; the reader may be elsewhere by now, so nothing opens by itself."""
    if report.fetched:
        key = screen.papertray.key_map.key_of("work.pdf")
        screen.say(f"PDF fetched: {key} on its paper opens it")
        screen.reading.show()
    elif report.is_offline:
        screen.say("no network: a PDF of what is read or starred comes with the next")
    elif report.failures:
        screen.say(f"no PDF: {report.failures[0].reason}")
    else:
        screen.say(report.notice or "no PDF now: its host asked to be left alone for a while")
