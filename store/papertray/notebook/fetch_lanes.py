"""Lanes: one thread a host asks for the pages of its feeds, one after the other.

::

    with Lanes(transport, errands, folder) as lanes:
        for event in lanes:        # in the thread that asked, as they come
            ...

Only the asking is done in threads. A page is a file in `folder` that is gone with the next event,
and few wait at a time, so that neither memory nor disk fills where storing is slower than the net.
"""

from __future__ import annotations

import hashlib
import queue
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Self, TypeAlias
from urllib.parse import urlsplit

from papertray.core.errors import FetchFailed, NoNetwork
from papertray.core.subscriptions import FeedState, Subscription
from papertray.feeds.fetching.addresses import is_loopback, is_of_internet
from papertray.feeds.fetching.course import Course
from papertray.feeds.fetching.transport import Answer, Request, Transport

MOST_THREADS = 24
"""Hosts that are asked at once, and hosts that must be silent until we believe there is no net."""

LOOPBACK_LANES = 8
"""Threads for one host of this machine: nobody has to be spared there."""

MOST_WAITING = 4
"""Pages that wait to be stored, beside the one that each thread is at."""


@dataclass(slots=True)
class Errand:
    """A feed to be fetched: what is asked (`course`), and what the last fetch left (`state`).

    Set `is_given_up` to have no more of its pages asked for. `host` is the one that is asked first.
    """

    subscription: Subscription
    state: FeedState
    course: Course
    is_given_up: bool = False
    host: str = field(default="", init=False)

    def __post_init__(self) -> None:
        with suppress(ValueError):  # no address: that is said when it is asked
            self.host = urlsplit(self.course.first().url).hostname or ""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a feed. `body` is None if there is nothing to read in it.

    `digest` is that of the whole feed if this page is, else empty. `read_until` is how far the feed
    is read with it.
    """

    errand: Errand
    answer: Answer
    body: Path | None
    is_last: bool
    digest: str
    read_until: str


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A feed that is what it was: the server says so, or what it sent is the same to the byte."""

    errand: Errand
    answer: Answer
    is_last: bool = field(default=True, init=False)


@dataclass(frozen=True, slots=True)
class Failed:
    """A feed of which no more comes, and why."""

    errand: Errand
    error: FetchFailed
    is_last: bool = field(default=True, init=False)


@dataclass(frozen=True, slots=True)
class _Crashed:
    """A bug, on its way to the thread that asked."""

    error: BaseException


Event: TypeAlias = Page | Unchanged | Failed


class Lanes:
    """Fetches errands in threads. Iterating yields what came, the last of each errand marked.

    Leaving the context early stops the transport and waits for the threads.
    """

    def __init__(self, transport: Transport, errands: Sequence[Errand], folder: Path) -> None:
        self._transport = transport
        self._number = len(errands)
        self._folder = folder
        self._names = count()
        self._events: queue.Queue[Event | _Crashed] = queue.Queue(MOST_WAITING)
        self._lanes = sorted_lanes(errands)
        self._lock = threading.Lock()
        self._silent: set[str] = set()
        self._has_network = False
        self._is_left = False
        self._threads = [
            threading.Thread(target=self._run, name=f"papertray-lane-{number}", daemon=True)
            for number in range(min(MOST_THREADS, len(self._lanes)))
        ]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._is_left = True
        if kind is not None:
            self._transport.stop()
        while any(thread.is_alive() for thread in self._threads):
            try:  # a thread may be waiting to hand something over
                self._events.get(timeout=0.05)
            except queue.Empty:
                continue

    def __iter__(self) -> Iterator[Event]:
        left = self._number
        while left:
            event = self._events.get()
            if isinstance(event, _Crashed):
                raise event.error
            yield event
            if isinstance(event, Page) and event.body is not None:
                event.body.unlink(missing_ok=True)
            left -= event.is_last

    def _run(self) -> None:
        try:
            while not self._is_left and (lane := self._next_lane()) is not None:
                for errand in lane:
                    if self._is_left:
                        return
                    self._fetch(errand)
        except BaseException as error:
            self._events.put(_Crashed(error))

    def _next_lane(self) -> Sequence[Errand] | None:
        with self._lock:
            return self._lanes.pop(0) if self._lanes else None

    def _fetch(self, errand: Errand) -> None:
        """Ask for one page after the other, and hand each over."""
        request: Request | None = errand.course.first()
        is_first = True
        try:
            while request is not None:
                if errand.is_given_up:
                    raise FetchFailed(f"No more of {errand.subscription.name} was asked for.")
                request = self._ask(errand, request, is_first=is_first)
                is_first = False
        except FetchFailed as error:
            self._events.put(Failed(errand, error))

    def _ask(self, errand: Errand, request: Request, *, is_first: bool) -> Request | None:
        """Fetch a page and hand it over; return what to ask for next."""
        course, body = errand.course, self._folder / str(next(self._names))
        try:
            answer = self._get(errand.host, request, body)
            following = None if answer.body is None else course.next(request, body)
        except FetchFailed:
            body.unlink(missing_ok=True)
            raise
        if answer.body is None:
            self._events.put(Unchanged(errand, answer))
            return None
        is_whole = is_first and following is None and course.is_conditional
        digest = digest_of(body) if is_whole else ""
        if digest and digest == errand.state.digest:
            body.unlink()
            self._events.put(Unchanged(errand, answer))
            return None
        has_papers = course.holds_papers(body)
        if not has_papers:
            body.unlink()
        self._events.put(
            Page(
                errand, answer, body if has_papers else None, following is None, digest,
                course.read_until,
            )
        )  # fmt: skip
        return following

    def _get(self, host: str, request: Request, body: Path) -> Answer:
        """Ask, unless there is no network: then each feed would wait for that to show."""
        with self._lock:
            is_silent = host in self._silent or (
                not self._has_network and len(self._silent) >= MOST_THREADS
            )
        if is_silent:
            raise NoNetwork(f"{host} cannot be reached; look whether there is a network.")
        try:
            answer = self._transport.get(request, body)
        except NoNetwork:
            with self._lock:
                self._silent.add(host)
            raise
        with self._lock:
            self._has_network = self._has_network or is_of_internet(host)
        return answer


def sorted_lanes(errands: Sequence[Errand]) -> list[Sequence[Errand]]:
    """Return the errands by host, the longest lanes first: they take longest.

    A host of this machine gets several lanes, the first of each host before the second of any.
    """
    by_host: dict[str, list[Errand]] = {}
    for errand in errands:
        by_host.setdefault(errand.host, []).append(errand)
    lanes: list[tuple[int, Sequence[Errand]]] = []
    for host, waiting in by_host.items():
        number = LOOPBACK_LANES if is_loopback(host) else 1
        pieces = (waiting[start::number] for start in range(number))
        lanes += [(turn, piece) for turn, piece in enumerate(pieces) if piece]
    return [piece for _, piece in sorted(lanes, key=lambda one: (one[0], -len(one[1])))]


def digest_of(path: Path) -> str:
    """Return the digest of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "blake2b").hexdigest()
