"""A tray with feeds on a server of this machine, and what is in it afterwards.

Import with ``from notebook.desk import Desk, Item, feed``; the fixture `desk` is one.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from feeds.fetching.asking import MadeUpTime, asking
from local_server import Answerer, LocalServer, Reply
from papertray.core.subscriptions import FeedState
from papertray.feeds.fetching.exchange import resolve
from papertray.feeds.fetching.pace import Pace, usual_pace
from papertray.feeds.fetching.transport import Transport
from papertray.notebook.fetch_report import FetchReport
from papertray.notebook.notebook import Notebook

from trays import SteppingClock, open_notebook

TIMES = frozenset({"fetched", "failed", "failure", "failures", "not_before"})


@dataclass(frozen=True)
class Item:
    """An entry of a feed: a paper with an arXiv id, in one of its versions."""

    number: int
    version: int = 1
    abstract: str = ""

    def as_xml(self) -> str:
        """Return it as feeds of arXiv's papers have it: the link tells the version."""
        return (
            f"<item><title>On the Number {self.number} and What Follows From It</title>"
            f"<link>https://arxiv.org/abs/2608.{self.number:05}v{self.version}</link>"
            f"<description>{self.abstract or f'We look at {self.number}. It follows.'}"
            f"</description><guid>{self.number}v{self.version}</guid></item>"
        )


def feed(items: Iterable[Item | int | str]) -> bytes:
    """Return an RSS feed; a text is put in as it is."""
    made = (Item(one) if isinstance(one, int) else one for one in items)
    inner = "".join(one if isinstance(one, str) else one.as_xml() for one in made)
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>F</title>'
        f"<link>https://example.org</link>{inner}</channel></rss>"
    ).encode()


def no_names(host: str, port: int) -> Collection[str]:
    """Resolve as without a network."""
    import socket

    raise socket.gaierror(socket.EAI_AGAIN, "no network")


@dataclass
class Desk:
    """A tray in `folder`, and the `server` of its feeds. Time passes only when `clock` is set."""

    folder: Path
    server: LocalServer
    clock: SteppingClock = field(default_factory=lambda: SteppingClock(step=0))
    time: MadeUpTime = field(default_factory=MadeUpTime)

    def __post_init__(self) -> None:
        self.notebook = self.open()

    def open(self, timeout: float = 5.0) -> Notebook:
        """Open the tray once more, as another process would."""
        return open_notebook(self.folder, clock=self.clock, timeout=timeout)

    def subscribe(
        self, name: str, reply: Answerer | Reply | list[Reply], *, host: int = 1, expire: int = 0
    ) -> None:
        """Have the server answer under ``/name``, and subscribe to that."""
        self.server.answers(f"/{name}", reply)
        address = self.server.url(f"/{name}", host=host)
        self.notebook.subscriptions.add(address, name, folder=self.folder, expire=expire)

    def fetch(
        self,
        *names: str,
        notebook: Notebook | None = None,
        pace_of: Callable[[str], Pace] = usual_pace,
        resolve: Callable[[str, int], Collection[str]] = resolve,
        during: Callable[[Transport], None] = lambda transport: None,
    ) -> FetchReport:
        """Fetch; `during` is called whenever a page was stored, or a feed done."""
        at = notebook or self.notebook
        hosts = {*at.subscriptions.hosts(), "127.0.0.1"}
        with asking(self.time, hosts, pace_of=pace_of, resolve=resolve) as net:
            return at.fetching.fetch(names, net, lambda done, total, papers: during(net))

    def asked(self) -> list[str]:
        """Return the paths that were asked for since the last time, sorted."""
        found = sorted(ask.path for ask in self.server.asked)
        self.server.asked.clear()
        return found

    def state(self, name: str) -> FeedState:
        """Return how far a feed was read."""
        return next(
            state for one, state, _ in self.notebook.subscriptions.all() if one.name == name
        )

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """Ask the database."""
        with sqlite3.connect(self.notebook.places.database) as connection:
            return connection.execute(query).fetchall()

    def papers(self) -> list[str]:
        """Return the arXiv ids of all papers that are not removed, sorted, none left out."""
        return [
            str(arxiv_id)
            for (arxiv_id,) in self.rows(
                "SELECT arxiv_id FROM paper JOIN standing ON paper_id = id WHERE removed IS NULL"
                " ORDER BY arxiv_id"
            )
        ]

    def listings(self) -> list[tuple[str, str]]:
        """Return the sightings: feed and arXiv id."""
        rows = self.rows(
            "SELECT f.name, p.arxiv_id FROM listing l JOIN feed f ON f.id = feed_id"
            " JOIN paper p ON p.id = paper_id ORDER BY 1, 2"
        )
        return [(str(name), str(arxiv_id)) for name, arxiv_id in rows]

    def content(self) -> dict[str, str]:
        """Return a digest of each table, without the times of feeds."""
        tables = [str(name) for (name,) in self.rows(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        )]  # fmt: skip
        return {table: self._digest(table) for table in tables}

    def _digest(self, table: str) -> str:
        names = [str(row[1]) for row in self.rows(f"PRAGMA table_info({table})")]
        kept = [name for name in names if table != "feed" or name not in TIMES]
        rows = sorted(map(repr, self.rows(f"SELECT {', '.join(kept)} FROM {table}")))
        return hashlib.sha256("\n".join(rows).encode()).hexdigest()


def ids(*numbers: int) -> list[str]:
    """Return the arXiv ids of papers."""
    return [f"2608.{number:05}" for number in sorted(numbers)]
