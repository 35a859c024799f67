"""Looking up what was named on the screen, in a thread: no decision waits for a network."""

from __future__ import annotations

import threading
from collections.abc import Callable
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # nothing of the network is needed before the first paint
    from papertray.notebook.add_report import AddReport
    from papertray.notebook.notebook import Notebook


def look_up(
    opened: Callable[[], Notebook],
    pages: list[str],
    done: Callable[[AddReport], None],
    failed: Callable[[Exception], None],
) -> None:
    """Add what lies at web addresses, and complete papers of which only a name is known.

    `opened` opens the tray once more: the screen notices what came as it notices what other
    processes bring. `done`, or `failed` with what went wrong, a bug as well, is called in the
    thread. It ends with the program: what is half done then is done with the next network.
    """

    def run() -> None:
        try:
            with opened() as notebook:
                report = _look_up(notebook, pages)
        except Exception as error:
            failed(error)
        else:
            done(report)

    # Not waited for: a service may take its time.
    threading.Thread(target=run, name="papertray-lookup", daemon=True).start()


def _look_up(notebook: Notebook, pages: list[str]) -> AddReport:
    if pages:
        return notebook.feeds.add(pages, BytesIO(), network=notebook.network)
    from papertray.notebook.add_report import AddReport

    with notebook.network.open() as transport:
        return AddReport(completed=notebook.completing.complete(transport))
