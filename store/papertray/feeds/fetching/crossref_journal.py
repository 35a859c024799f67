"""Asking Crossref for a journal by its ISSN: https://api.crossref.org."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from papertray.core.model import Record
from papertray.feeds.fetching.answers import asked, asked_again, list_in, parsed
from papertray.feeds.fetching.course import Days, Page
from papertray.feeds.fetching.transport import Request
from papertray.feeds.json_items import object_of, text

_ROWS = 100


@dataclass(frozen=True, slots=True)
class CrossrefJournal:
    """What a journal registered. `address` is the service's, `contact` may be empty.

    Works are told by the day on which their DOI was made: it never changes, and the date of an
    issue may be months away from it.
    """

    address: str
    issn: str
    contact: str = ""

    FORMAT = "crossref"
    OVERLAP = 2
    AT_ONCE = 28

    def request(self, days: Days) -> Request:
        """Return the request for the DOIs of some days."""
        told = {
            "filter": f"from-created-date:{days.first},until-created-date:{days.last}",
            "rows": str(_ROWS),
            "cursor": "*",
            "mailto": self.contact,
        }
        return Request(asked(f"{self.address}/journals/{self.issn}/works", told))

    def look(self, request: Request, page: bytes, days: Days) -> Page:
        """Return how many works there are, and what the cursor leads to.

        There is always a cursor; only a page that is not full tells the end.
        """
        message = object_of(object_of(parsed(page, "Crossref")).get("message"))
        papers = len(list_in(message, "items", "Crossref"))
        cursor = text(message, "next-cursor")
        if not cursor or papers < _ROWS:
            return Page(papers)
        return Page(papers, Request(asked_again(request.url, cursor=cursor)))

    def is_news(self, record: Record, begin: date) -> bool:
        """Return True: a DOI is made once."""
        return True
