"""Asking OpenAlex by words: https://docs.openalex.org/api-entities/works/search-works."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from papertray.core.model import Record
from papertray.feeds.fetching.answers import asked, asked_again, list_in, parsed
from papertray.feeds.fetching.course import Days, Page
from papertray.feeds.fetching.transport import Request
from papertray.feeds.json_items import object_of, text


@dataclass(frozen=True, slots=True)
class OpenAlexSearch:
    """What was published and has these words. `address` is the service's, `contact` may be empty.

    OpenAlex learns of papers days after they were published, hence the long overlap.
    """

    address: str
    words: str
    contact: str = ""

    FORMAT = "openalex"
    OVERLAP = 14
    AT_ONCE = 28

    def request(self, days: Days) -> Request:
        """Return the request for what was published on some days."""
        told = {
            "search": self.words,
            "filter": f"from_publication_date:{days.first},to_publication_date:{days.last}",
            "per-page": "200",
            "cursor": "*",
            "mailto": self.contact,
        }
        return Request(asked(f"{self.address}/works", told))

    def look(self, request: Request, page: bytes, days: Days) -> Page:
        """Return how many works there are, and what the cursor leads to."""
        answer = parsed(page, "OpenAlex")
        papers = len(list_in(answer, "results", "OpenAlex"))
        cursor = text(object_of(object_of(answer).get("meta")), "next_cursor")
        if not cursor:
            return Page(papers)
        return Page(papers, Request(asked_again(request.url, cursor=cursor)))

    def is_news(self, record: Record, begin: date) -> bool:
        """Return True: what was published lately is new."""
        return True
