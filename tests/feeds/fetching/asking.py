"""Asking a server on this machine, in a time that passes only when somebody waits.

::

    with asking(time) as transport:
        answer = fetched(transport, server.url("/feed"), folder)
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from random import Random

from papertray.feeds.fetching.exchange import Patience, resolve
from papertray.feeds.fetching.http import HttpTransport
from papertray.feeds.fetching.pace import Pace, Paces, usual_pace
from papertray.feeds.fetching.transport import Answer, Request

MONDAY = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)


class MadeUpTime:
    """A time that passes only by waiting: all that was waited is in `waited`."""

    def __init__(self) -> None:
        self.waited: list[float] = []
        self._lock = threading.Lock()
        self._passed = 0.0

    def clock(self) -> float:
        """Return the seconds since the beginning."""
        with self._lock:
            return self._passed

    def sleep(self, seconds: float) -> None:
        """Let some seconds pass."""
        with self._lock:
            self.waited.append(seconds)
            self._passed += seconds

    def now(self) -> datetime:
        """Return the moment."""
        return MONDAY + timedelta(seconds=self.clock())


@contextmanager
def asking(
    time: MadeUpTime | None = None,
    allowed_hosts: Collection[str] = ("127.0.0.1",),
    *,
    pace_of: Callable[[str], Pace] = usual_pace,
    patience: Patience | None = None,
    resolve: Callable[[str, int], Collection[str]] = resolve,
) -> Iterator[HttpTransport]:
    """Open a transport that calls itself ``papertray/test``."""
    time = time or MadeUpTime()
    transport = HttpTransport(
        allowed_hosts,
        "papertray/test",
        Paces(pace_of, time.clock, time.sleep),
        patience=patience,
        random=Random(4),
        clock=time,
        resolve=resolve,
    )
    try:
        yield transport
    finally:
        transport.close()


_numbers = count()


def fetched(
    transport: HttpTransport, url: str, folder: Path, *, etag: str = "", most_bytes: int = 1 << 20
) -> Answer:
    """Return the answer of an address; whatever comes, nothing but its body is left in `folder`."""
    body = folder / f"body-{next(_numbers)}"
    before = set(folder.iterdir())
    answer: Answer | None = None
    try:
        answer = transport.get(Request(url, etag=etag, most_bytes=most_bytes), body)
    finally:
        left = {body} if answer and answer.body else set()
        assert set(folder.iterdir()) == before | left
    return answer
