"""A tray whose folders are watched, in a thread, for tests.

Import with ``from sync.watched import Watched``. Nothing sleeps: `wait_for` is woken by what the
watcher tells.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from papertray.core.model import Sighting
from papertray.notebook.drop import DropReport
from papertray.notebook.notebook import Notebook
from papertray.notebook.watcher import Times, Watcher

from trays import open_notebook

QUICK = Times(quiet=0.05, patience=0.5)
"""Real clocks, and little patience."""

DEADLINE = 20.0
"""Seconds until something that does not happen has failed."""


def paper(title: str) -> str:
    """Return a paper as a line of JSON."""
    return json.dumps({"title": f"{title} and What Follows", "authors": ["Ada Author"]}) + "\n"


def titles(notebook: Notebook) -> list[str]:
    """Return the titles of all papers without what `paper` put behind each, in their order."""
    found = notebook.papers.rows(notebook.papers.newest()).values()
    return sorted(row.title.removesuffix(" and What Follows") for row in found)


class Watched:
    """A tray at `folder`, with what its watcher told."""

    def __init__(self, folder: Path, feeds: Sequence[Path] = (), times: Times = QUICK) -> None:
        self.folder = folder
        self.feeds = feeds
        self.times = times
        self.reports: list[DropReport] = []
        self.sentences: list[str] = []
        self._changed = threading.Condition()
        with open_notebook(folder) as notebook:
            for feed in feeds:
                notebook.subscriptions.add(str(feed), feed.name)

    @property
    def drop(self) -> Path:
        """The drop folder."""
        return self.folder / "tray" / "drop"

    @property
    def done(self) -> int:
        """How many files were moved because they were read."""
        return sum(len(names) for _, _, names in os.walk(self.drop / "done"))

    def tell(self, report: DropReport) -> None:
        """Keep a report, and wake who waits."""
        with self._changed:
            self.reports.append(report)
            self._changed.notify_all()

    def say(self, sentence: str) -> None:
        """Keep a sentence, and wake who waits."""
        with self._changed:
            self.sentences.append(sentence)
            self._changed.notify_all()

    def wait_for(self, condition: Callable[[], bool]) -> None:
        """Wait until something is so: it is looked at whenever the watcher told something."""
        with self._changed:
            assert self._changed.wait_for(condition, DEADLINE), (self.reports, self.sentences)

    def wait_until(self, condition: Callable[[], bool]) -> None:
        """Wait until something is so that nobody tells: it is looked at again and again."""
        end = time.monotonic() + DEADLINE
        while not condition():
            assert time.monotonic() < end, (self.reports, self.sentences)
            threading.Event().wait(0.01)

    def wait_for_folder(self) -> None:
        """Wait until the drop folder is there."""
        self.wait_until(self.drop.is_dir)

    @contextmanager
    def open(self) -> Iterator[Notebook]:
        """Open the tray."""
        with open_notebook(self.folder) as notebook:
            yield notebook

    @property
    def sightings(self) -> list[Sighting]:
        """Where the papers were seen."""
        with self.open() as notebook:
            return [
                one
                for entry in notebook.papers.entries(notebook.papers.newest())
                for one in entry.sightings
            ]

    @property
    def failed(self) -> dict[str, str]:
        """Names of the files that could not be read, with the reason."""
        return {Path(one.path).name: one.reason for told in self.reports for one in told.failed}

    @property
    def titles(self) -> list[str]:
        """The titles in the tray."""
        with open_notebook(self.folder) as notebook:
            return titles(notebook)

    @property
    def batches(self) -> list[str]:
        """The lines of the history, the newest first."""
        with open_notebook(self.folder) as notebook:
            return [entry.label for entry in notebook.journal.history(1000)]

    def once(self) -> int:
        """Read what is there; return how many files are left."""
        with open_notebook(self.folder) as notebook:
            return notebook.drop.watcher(self.tell, self.say, self.times).run_once()

    @contextmanager
    def running(self) -> Iterator[Watcher]:
        """Watch in a thread until the end of the context; what it raises is raised there."""
        raised: list[BaseException] = []

        def run() -> None:
            try:
                watcher.run()
            except BaseException as error:
                raised.append(error)
                self.say(repr(error))

        with open_notebook(self.folder) as notebook:
            watcher = notebook.drop.watcher(self.tell, self.say, self.times)
            thread = threading.Thread(target=run)
            thread.start()
            try:
                yield watcher
            finally:
                watcher.stop()
                thread.join(DEADLINE)
            assert not thread.is_alive()
            assert not raised, raised
