"""Which PDFs are to be fetched now, and from where."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from papertray.core.clock import instant
from papertray.core.settings import Settings
from papertray.feeds.fetching.pdf_addresses import PdfServices, pdf_addresses
from papertray.store import files
from papertray.store.file_folder import FileFolder
from papertray.store.files import Wanted
from papertray.store.tray import Tray


@dataclass(frozen=True, slots=True)
class Task:
    """A paper and the addresses that may have its PDF, the next to be asked first.

    `name` is its citation key or uid. `is_asked_for` says that the user wants the PDF now, wherever
    the paper lies.
    """

    paper_id: int
    name: str
    urls: tuple[str, ...]
    is_asked_for: bool = False

    @property
    def host(self) -> str:
        """The host that is asked next."""
        return host_of(self.urls[0])


@dataclass(frozen=True, slots=True)
class Due:
    """What is to be fetched now; `waiting` more papers wait for another day."""

    tasks: tuple[Task, ...] = ()
    waiting: int = 0


def due(tray: Tray, settings: Settings) -> Due:
    """Return whose PDFs are to be fetched now; none where the settings say so."""
    return _collected(_due(tray, settings))


def is_any_due(tray: Tray, settings: Settings) -> bool:
    """Tell whether `due` has a task, having looked no further than to the first."""
    return any(task is not None for task in _due(tray, settings))


def asked_for(tray: Tray, settings: Settings, paper_id: int) -> Due:
    """Return from where the PDF of one paper can be fetched, also where that failed before."""
    papers = files.wanted(tray.reader(), paper_id)
    return _collected(_tasks(tray, settings, papers, is_asked_for=True))


def _due(tray: Tray, settings: Settings) -> Iterator[Task | None]:
    if not settings.is_on("pdfs.fetch"):
        return iter(())
    folder = FileFolder(tray.places.tray)
    papers = files.wanted(tray.reader())
    lacking = (paper for paper in papers if not _has_pdf(folder, paper))
    return _tasks(tray, settings, lacking, is_asked_for=False)


def _collected(tasks: Iterator[Task | None]) -> Due:
    found, waiting = [], 0
    for task in tasks:
        if task is None:
            waiting += 1
        else:
            found.append(task)
    return Due(tuple(found), waiting)


def _has_pdf(folder: FileFolder, paper: Wanted) -> bool:
    paths = map(folder.resolved, paper.files)
    return any(os.path.isabs(path) and os.path.isfile(path) for path in paths)


def _tasks(
    tray: Tray, settings: Settings, papers: Iterable[Wanted], *, is_asked_for: bool
) -> Iterator[Task | None]:
    """Yield what is to be done for each paper that is due; None for one that waits."""
    connection, now = tray.reader(), tray.now()
    tried = files.tried(connection)
    left_alone = files.left_alone(connection, instant(now))
    services = PdfServices(
        arxiv=settings.text("services.arxiv"),
        acl=settings.text("services.acl"),
        openreview=settings.text("services.openreview"),
    )

    def is_due(paper: Wanted, url: str) -> bool:
        before = tried.get((paper.paper_id, url))
        return is_asked_for or before is None or before.is_due(now)

    for paper in papers:
        found = pdf_addresses(paper.work, paper.identifiers, services)
        urls = [url for url in found if is_due(paper, url)]
        free = tuple(url for url in urls if host_of(url) not in left_alone)
        # The best address first: not another one because its host wants to be left alone.
        if free and free[0] == urls[0]:
            yield Task(paper.paper_id, paper.name, free, is_asked_for)
        elif urls:
            yield None


def host_of(url: str) -> str:
    """Return the host of an address with its port, empty where it has none."""
    with suppress(ValueError):
        return urlsplit(url).netloc.rpartition("@")[2].lower()
    return ""
