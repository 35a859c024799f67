"""Asking Hugging Face for the papers of a day: https://huggingface.co/docs/hub/api."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from papertray.core.model import Record
from papertray.feeds.fetching.answers import asked, error_in, parsed
from papertray.feeds.fetching.course import Days, Page
from papertray.feeds.fetching.transport import Request


@dataclass(frozen=True, slots=True)
class HuggingFaceDays:
    """What was listed on a day, which votes and late papers may change until it ends."""

    address: str

    FORMAT = "hf-daily-papers"
    OVERLAP = 0
    AT_ONCE = 1

    def request(self, days: Days) -> Request:
        """Return the request for a day."""
        told = {"date": days.first.isoformat(), "limit": "100"}
        return Request(asked(f"{self.address}/api/daily_papers", told))

    def look(self, request: Request, page: bytes, days: Days) -> Page:
        """Return how many papers a day has: none at weekends."""
        answer = parsed(page, "Hugging Face")
        if not isinstance(answer, list):
            raise error_in(answer, "Hugging Face")
        return Page(len(answer))

    def is_news(self, record: Record, begin: date) -> bool:
        """Return True: an older paper that is listed today is news too."""
        return True
