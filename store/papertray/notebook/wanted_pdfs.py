"""Which PDFs are to be fetched now, and from where."""

from __future__ import annotations

import os
from collections.abc import Iterable
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
    if not settings.is_on("pdfs.fetch"):
        return Due()
    folder = FileFolder(tray.places.tray)
    papers = files.wanted(tray.reader())
    lacking = (paper for paper in papers if not _has_pdf(folder, paper))
    return _due(tray, settings, lacking, is_asked_for=False)


def asked_for(tray: Tray, settings: Settings, paper_id: int) -> Due:
    """Return from where the PDF of one paper can be fetched, also where that failed before."""
    return _due(tray, settings, files.wanted(tray.reader(), paper_id), is_asked_for=True)


def _has_pdf(folder: FileFolder, paper: Wanted) -> bool:
    paths = map(folder.resolved, paper.files)
    return any(os.path.isabs(path) and os.path.isfile(path) for path in paths)


def _due(tray: Tray, settings: Settings, papers: Iterable[Wanted], *, is_asked_for: bool) -> Due:
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

    tasks, waiting = [], 0
    for paper in papers:
        found = pdf_addresses(paper.work, paper.identifiers, services)
        urls = [url for url in found if is_due(paper, url)]
        free = tuple(url for url in urls if host_of(url) not in left_alone)
        # The best address first: not another one because its host wants to be left alone.
        if free and free[0] == urls[0]:
            tasks.append(Task(paper.paper_id, paper.name, free, is_asked_for))
        else:
            waiting += bool(urls)
    return Due(tuple(tasks), waiting)


def host_of(url: str) -> str:
    """Return the host of an address with its port, empty where it has none."""
    with suppress(ValueError):
        return urlsplit(url).netloc.rpartition("@")[2].lower()
    return ""
