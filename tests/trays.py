"""Trays for tests: in a temporary folder, with a clock that stands still until it is moved.

Import with ``from trays import open_notebook, SteppingClock, works``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from io import BytesIO
from pathlib import Path

from papertray.notebook.feeds import AddOptions, AddReport
from papertray.notebook.notebook import Notebook
from papertray.store.journal import Origin
from papertray.store.places import throw_away_places

ZONE = timezone(timedelta(hours=1))


class SteppingClock:
    """Goes on by `step` seconds each time it is asked, from Monday morning on."""

    def __init__(self, step: float = 1.0) -> None:
        self.moment = datetime(2026, 11, 23, 7, 12, 1, tzinfo=ZONE)
        self.step = timedelta(seconds=step)

    def now(self) -> datetime:
        """Return the moment, and go on."""
        self.moment += self.step
        return self.moment


def open_notebook(
    folder: Path,
    origin: Origin = Origin.COMMAND,
    *,
    clock: SteppingClock | None = None,
    timeout: float = 5.0,
) -> Notebook:
    """Open the tray in `folder`; two notebooks on one folder are two processes on one tray."""
    places = throw_away_places(folder)
    return Notebook(places, origin, clock=clock or SteppingClock(), timeout=timeout)


def add_lines(
    notebook: Notebook,
    records: Iterable[dict[str, object]],
    options: AddOptions | None = None,
) -> AddReport:
    """Add records as JSON Lines from standard input."""
    text = "\n".join(json.dumps(record) for record in records)
    return notebook.feeds.add(["-"], BytesIO(text.encode()), options or AddOptions())


def works(count: int, first: int = 0) -> list[dict[str, object]]:
    """Return records with different titles, authors and arXiv ids."""
    return [
        {
            "title": f"On the Number {number} and What Follows From It",
            "abstract": f"We look at {number}. It follows.",
            "authors": [f"Ada Author{number}", "Bob Writer"],
            "year": 2020 + number % 5,
            "arxiv_id": f"2401.{number:05d}",
        }
        for number in range(first, first + count)
    ]
