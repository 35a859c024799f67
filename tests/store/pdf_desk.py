"""A tray whose services are a server on this machine, to fetch PDFs from.

Import with ``from .pdf_desk import PdfDesk``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from feeds.fetching.asking import asking
from local_server import LocalServer, Reply
from papertray.core.model import Pile
from papertray.feeds.fetching.transport import Transport
from papertray.notebook.files import Files
from papertray.notebook.notebook import Notebook
from papertray.notebook.pdf_fetching import FilesReport

from made_up_pdfs import small_pdf
from trays import SteppingClock, add_lines, open_notebook, works

ARXIV, ACL, OPENREVIEW, STRANGER = 1, 2, 3, 4
"""The last numbers of 127.0.0.x: which host is which."""


def settings_text(server: LocalServer, more: str = "") -> str:
    """Return settings that lead the services to `server`; `more` are lines of the table pdfs."""
    return (
        f"[pdfs]\n{more}\n[services]\n"
        f'arxiv = "{server.url("", host=ARXIV)}"\n'
        f'acl = "{server.url("", host=ACL)}"\n'
        f'openreview = "{server.url("", host=OPENREVIEW)}"\n'
    )


@dataclass
class PdfDesk:
    """A notebook and the internet that it knows."""

    folder: Path
    notebook: Notebook
    server: LocalServer
    clock: SteppingClock
    free: int = 1 << 40

    def set(self, more: str) -> None:
        """Write settings, with these lines in the table pdfs."""
        self.notebook.places.config.mkdir(exist_ok=True)
        text = settings_text(self.server, more)
        self.notebook.places.settings.write_text(text, encoding="utf-8")

    def star(self, *records: dict[str, object]) -> list[int]:
        """Add papers and star them one after the other; return their numbers."""
        before = self.notebook.papers.number()
        add_lines(self.notebook, records)
        ids = list(range(before + 1, before + len(records) + 1))
        for paper_id in ids:
            self.notebook.papers.move([paper_id], Pile.STARRED)
        return ids

    def star_from_arxiv(self, count: int = 1, reply: Reply | None = None) -> list[int]:
        """Star papers of arXiv, which answers with a PDF of each, or with `reply`."""
        first = self.notebook.papers.number()
        records = works(count, first)
        for record in records:
            name = str(record["arxiv_id"])
            self.server.answers(f"/pdf/{name}", reply or pdf(name))
        return self.star(*records)

    @property
    def files(self) -> Files:
        """The notebook's files, on a disk with as much room as is wanted."""
        notebook = self.notebook
        return Files(
            notebook._tray, notebook._origin, lambda: notebook.settings, lambda _: self.free
        )

    @contextmanager
    def network(self) -> Iterator[Transport]:
        """Open the network; time passes in it when somebody waits."""
        hosts = [f"127.0.0.{host}" for host in (ARXIV, ACL, OPENREVIEW)]
        with asking(allowed_hosts=hosts) as transport:
            yield transport

    def fetch(self, stop: Callable[[], bool] = lambda: False) -> FilesReport:
        """Fetch the PDFs that are wanted."""
        with self.network() as transport:
            return self.files.fetch_wanted(transport, stop=stop)

    def fetch_one(self, paper_id: int) -> FilesReport:
        """Fetch the PDF of one paper, as the user asks for it."""
        with self.network() as transport:
            return self.files.fetch_one(paper_id, transport)

    def asked(self) -> list[str]:
        """Return the paths that were asked so far, in their order."""
        return [ask.path for ask in self.server.asked]

    def names(self) -> list[str]:
        """Return the files in the tray's folder."""
        return sorted(path.name for path in self.files.folder.glob("[!.]*"))

    def on_the_way(self) -> list[str]:
        """Return the files that are on their way, or were."""
        return sorted(path.name for path in self.files.folder.glob(".coming/*"))

    def content(self, paper_id: int) -> bytes:
        """Return the content of a paper's first file."""
        return Path(self.files.of(paper_id)[0].path).read_bytes()

    def rows(self, paper_id: int) -> list[tuple[str, str, str]]:
        """Return (path, source, digest) of a paper's attachments, as the tray holds them."""
        return (
            self.notebook._tray.reader()
            .execute("SELECT path, source, digest FROM attachment WHERE paper_id = ?", (paper_id,))
            .fetchall()
        )


@contextmanager
def pdf_desk(folder: Path) -> Iterator[PdfDesk]:
    """Open a tray in `folder` whose network is a server on this machine."""
    clock = SteppingClock()
    with LocalServer() as server, open_notebook(folder, clock=clock) as notebook:
        desk = PdfDesk(folder, notebook, server, clock)
        desk.set("")
        yield desk


def pdf(text: str, size: int = 0) -> Reply:
    """Return an answer with a PDF that says `text`."""
    return Reply(small_pdf(text, size), content_type="application/pdf")


def sha256(content: bytes) -> str:
    """Return what ``sha256sum`` prints."""
    return hashlib.sha256(content).hexdigest()
