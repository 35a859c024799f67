"""A course: what is asked of a service, page after page, to bring one feed up to date.

A course knows no network and no clock. It makes requests, looks at the pages that came, and says
how far the feed is read with them::

    request = course.first()
    while request:
        answer = transport.get(request, page)
        following = course.next(request, page)
        if course.holds_papers(page):
            ...  # have the page read by the reader `course.format_name`
        request = following
    state.read_until = course.read_until

Services that can be asked by days share `DatedCourse`: it asks for some days at a time, from the
oldest to the newest, so that one which ends before today can go on there the next time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Protocol

from papertray.core.errors import FetchFailed
from papertray.core.model import Record
from papertray.feeds.fetching.transport import Request

FIRST_LOOK = 7
"""Days that the first fetch of a feed looks back."""

MOST_PAGES = 30
"""After so many pages a fetch ends where the days that it is at are read."""

MOST_PAGES_AT_ONCE = 150
"""Pages for the days that are asked for at once: a search that brings more is too wide."""

_MOST_REPEATS = 3
"""How often a service may lose its place for the days that are asked for at once."""


@dataclass(frozen=True, slots=True)
class Since:
    """How far a feed was read, and what day it is.

    `read_until` is the last UTC day (``2026-11-23``) of which everything was read, empty for a feed
    that never was; `today` is the UTC day. The rest is what the last answer gave: its validators,
    and where it said that the feed is for good now.
    """

    read_until: str
    today: date
    etag: str = ""
    last_modified: str = ""
    moved: str = ""


class Course(Protocol):
    """The requests of one fetch of one feed. For one thread at a time."""

    @property
    def format_name(self) -> str:
        """The reader of its pages, as ``--from`` names it; empty: their content decides."""
        ...

    @property
    def is_conditional(self) -> bool:
        """True if there is one request only, to which 304 is an answer."""
        ...

    @property
    def read_until(self) -> str:
        """The UTC day up to which everything came with the pages that `next` was given so far.

        Empty for a feed that is not asked for by days. It may be stored whenever those pages are
        in the tray. If it is before today at the end, there is more, and the next fetch goes on.
        """
        ...

    def first(self) -> Request:
        """Return the request to begin with."""
        ...

    def next(self, request: Request, body: Path) -> Request | None:
        """Return what to ask for after `request`, whose answer is in the file `body`.

        None: that was all for now. To be called once for each page, in their order. A request may
        come again, where a service lost its place, but not for ever. Raises `FetchFailed` if the
        page is no answer: an error of the service's in place of papers.
        """
        ...

    def holds_papers(self, body: Path) -> bool:
        """Tell whether the page that `next` was given last is to be read: not if it is empty."""
        ...

    def is_news(self, record: Record) -> bool:
        """Tell a new paper from an old one that was touched: that may only join one in the tray."""
        ...


@dataclass(frozen=True, slots=True)
class Days:
    """Some UTC days in a row, both ends among them."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Page:
    """What a page of a service says beside its papers.

    `papers` is how many it holds, `following` the request for the next one. That may be one which
    was asked before, where a service lost its place.
    """

    papers: int
    following: Request | None = None


class Search(Protocol):
    """What is asked of a service that can be asked by days.

    Attributes: `FORMAT` names the reader of its pages. `OVERLAP` is how many days before the last
    one read are asked for again, since the service tells of some papers that late. `AT_ONCE` is
    how many days are asked for at once, more than `OVERLAP`.
    """

    FORMAT: str
    OVERLAP: int
    AT_ONCE: int

    def request(self, days: Days) -> Request:
        """Return the request for the first page of some days."""
        ...

    def look(self, request: Request, page: bytes, days: Days) -> Page:
        """Return what `page`, the answer to `request`, says. Raises `FetchFailed` if it is none."""
        ...

    def is_news(self, record: Record, begin: date) -> bool:
        """Tell what is new since the day `begin` from an old paper that was touched since."""
        ...


def days_to_read(since: Since, overlap: int, at_once: int) -> list[Days]:
    """Return the days that a feed is to be asked for, in pieces, from the oldest to today.

    A last day that is no date, or is yet to come, says nothing: a clock was wrong.
    """
    begin = since.today - timedelta(max(FIRST_LOOK, overlap))
    try:
        read_until = date.fromisoformat(since.read_until)
    except ValueError:
        read_until = date.max
    if read_until <= since.today:
        begin = read_until - timedelta(overlap)
    pieces: list[Days] = []
    while begin <= since.today:
        last = min(begin + timedelta(at_once - 1), since.today)
        pieces.append(Days(begin, last))
        begin = last + timedelta(1)
    return pieces


class DatedCourse:
    """The course of one or more searches of one service, which is asked by days."""

    is_conditional = False

    def __init__(self, searches: Sequence[Search], since: Since) -> None:
        """Arguments: `searches` are asked one after the other for each piece of the days."""
        self.format_name = searches[0].FORMAT
        pieces = days_to_read(since, searches[0].OVERLAP, searches[0].AT_ONCE)
        self._begin = pieces[0].first
        self._steps = self._all_steps(pieces, searches)
        self._days, self._search, self._is_last = next(self._steps)
        self._asked: set[str] = set()
        self._repeats = self._pages = self._pages_at_once = 0
        was_right = since.read_until and since.read_until <= since.today.isoformat()
        self.read_until = since.read_until if was_right else ""
        self._to_be_read: Path | None = None

    @staticmethod
    def _all_steps(
        pieces: Sequence[Days], searches: Sequence[Search]
    ) -> Iterator[tuple[Days, Search, bool]]:
        for days in pieces:
            for search in searches:
                yield days, search, search is searches[-1]

    def first(self) -> Request:
        """Return the request for the oldest days."""
        return self._search.request(self._days)

    def next(self, request: Request, body: Path) -> Request | None:
        """Return the request for the next page, of these days or of those after them.

        Raises `FetchFailed` for what is no answer, for a service that loses its place again and
        again, and for a search that brings more than anybody can read.
        """
        self._to_be_read = None
        self._pages += 1
        self._pages_at_once += 1
        self._asked.add(request.url)
        page = self._search.look(request, body.read_bytes(), self._days)
        self._to_be_read = body if page.papers else None
        if page.following is None:
            return self._next_days()
        if self._pages_at_once >= MOST_PAGES_AT_ONCE:
            raise FetchFailed(
                f"It brings more than {MOST_PAGES_AT_ONCE} pages for {self._days.first} to "
                f"{self._days.last}; make the search narrower."
            )
        if page.following.url in self._asked:
            self._repeats += 1
            self._asked.clear()
            if self._repeats > _MOST_REPEATS:
                raise FetchFailed("The service loses its place in its own list; try again later.")
        return page.following

    def _next_days(self) -> Request | None:
        self._asked.clear()
        self._repeats = self._pages_at_once = 0
        if self._is_last:
            self.read_until = self._days.last.isoformat()
            if self._pages >= MOST_PAGES:
                return None
        step = next(self._steps, None)
        if step is None:
            return None
        self._days, self._search, self._is_last = step
        return self._search.request(self._days)

    def holds_papers(self, body: Path) -> bool:
        """Tell whether there are papers on the page that `next` was given last."""
        return body == self._to_be_read

    def is_news(self, record: Record) -> bool:
        """Tell what is new since the first day that was asked for."""
        return self._search.is_news(record, self._begin)
