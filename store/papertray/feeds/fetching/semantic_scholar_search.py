"""Asking Semantic Scholar by words: its bulk search.

https://api.semanticscholar.org/api-docs/graph says how words are combined.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from papertray.core.model import Record
from papertray.feeds.fetching.answers import asked, asked_again, list_in, parsed
from papertray.feeds.fetching.course import Days, Page
from papertray.feeds.fetching.transport import Request
from papertray.feeds.json_items import object_of, text

_FIELDS = (
    "title,abstract,authors,year,publicationDate,venue,publicationVenue,journal,publicationTypes,"
    "externalIds,corpusId,openAccessPdf,url"
)
"""What the reader takes: only what is asked for is told."""


@dataclass(frozen=True, slots=True)
class SemanticScholarSearch:
    """What was published and has these words. `address` is the service's.

    Semantic Scholar learns of papers days after they were published, hence the long overlap.
    """

    address: str
    words: str

    FORMAT = "semantic-scholar"
    OVERLAP = 14
    AT_ONCE = 28

    def request(self, days: Days) -> Request:
        """Return the request for what was published on some days."""
        told = {
            "query": self.words,
            "publicationDateOrYear": f"{days.first}:{days.last}",
            "fields": _FIELDS,
        }
        return Request(asked(f"{self.address}/paper/search/bulk", told))

    def look(self, request: Request, page: bytes, days: Days) -> Page:
        """Return how many papers there are, and what the token leads to."""
        answer = parsed(page, "Semantic Scholar")
        papers = len(list_in(answer, "data", "Semantic Scholar"))
        token = text(object_of(answer), "token")
        if not token:
            return Page(papers)
        return Page(papers, Request(asked_again(request.url, token=token)))

    def is_news(self, record: Record, begin: date) -> bool:
        """Return True: what was published lately is new."""
        return True
