"""Asking bioRxiv and medRxiv for what was posted: https://api.biorxiv.org."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from papertray.core.model import Record
from papertray.feeds.fetching.answers import answered, asked, list_in, parsed, whole
from papertray.feeds.fetching.course import Days, Page
from papertray.feeds.fetching.transport import Request
from papertray.feeds.json_items import object_of, objects_of, text


@dataclass(frozen=True, slots=True)
class BiorxivDays:
    """What was posted in a category, or in ``all``, new versions included.

    `address` is the service's, `server` is biorxiv or medrxiv.
    """

    address: str
    server: str
    category: str

    FORMAT = "biorxiv"
    OVERLAP = 1
    AT_ONCE = 14

    def request(self, days: Days) -> Request:
        """Return the request for the first preprints of some days."""
        return self._from(0, days)

    def _from(self, cursor: int, days: Days) -> Request:
        category = "" if self.category == "all" else self.category.replace(" ", "_")
        path = f"/details/{self.server}/{days.first}/{days.last}/{cursor}/json"
        return Request(asked(self.address + path, {"category": category}))

    def look(self, request: Request, page: bytes, days: Days) -> Page:
        """Return how many preprints there are, and the next ones as long as some are missing."""
        answer = parsed(page, "bioRxiv")
        messages = list_in(answer, "messages", "bioRxiv")
        message = object_of(messages[0]) if messages else {}
        papers = len(objects_of(object_of(answer).get("collection")))
        status = text(message, "status")
        if not papers and status != "ok" and not status.lower().startswith("no "):
            raise answered("bioRxiv", status)
        read = whole(message.get("cursor")) + papers
        if not papers or read >= whole(message.get("total")):
            return Page(papers)
        return Page(papers, self._from(read, days))

    def is_news(self, record: Record, begin: date) -> bool:
        """Return False for a later version: the first one came on its own day."""
        return all(version.version == 1 for version in record.versions)
