"""Asking arXiv for a category, by the protocol for harvesting that it offers for this.

The protocol: https://www.openarchives.org/OAI/openarchivesprotocol.html; how arXiv speaks it:
https://info.arxiv.org/help/oa/. It tells of every record that was touched on a day, so also of
new versions and new categories of old papers.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from datetime import date, timedelta

from papertray.core.model import Record
from papertray.feeds.fetching.answers import answered, asked, no_answer
from papertray.feeds.fetching.arxiv_categories import set_of
from papertray.feeds.fetching.course import Days, Page
from papertray.feeds.fetching.transport import Request

_HELD = timedelta(7)
"""How long a new paper may wait for arXiv's moderators until it is announced, as a rule."""

_RECORD = re.compile(rb"<(?:\w+:)?record[\s/>]")
_TOKEN = re.compile(rb"<(?:\w+:)?resumptionToken[^>]*>([^<]+)<")
_ERROR = re.compile(rb"<(?:\w+:)?error\s[^>]*code=[\"'](\w+)[\"'][^>]*>([^<]*)")
_END = re.compile(rb"</(?:\w+:)?OAI-PMH\s*>\s*\Z")


@dataclass(frozen=True, slots=True)
class ArxivCategory:
    """What was announced or touched in a category. `address` is the service's."""

    address: str
    category: str

    FORMAT = "arxiv-oai"
    OVERLAP = 1
    AT_ONCE = 14

    def request(self, days: Days) -> Request:
        """Return the request for the records of some days."""
        return Request(
            asked(
                self.address,
                {
                    "verb": "ListRecords",
                    "metadataPrefix": "arXiv",
                    "set": set_of(self.category),
                    "from": days.first.isoformat(),
                    "until": days.last.isoformat(),
                },
            )
        )

    def look(self, request: Request, page: bytes, days: Days) -> Page:
        """Return how many records there are, and what resumes the list.

        Where the place in the list is forgotten, the list is begun again.
        """
        if not _END.search(page[-200:]):
            raise no_answer("arXiv")
        if error := _ERROR.search(page, 0, 4096):
            code, said = error[1].decode(), html.unescape(error[2].decode("utf-8", "replace"))
            if code == "noRecordsMatch":
                return Page(0)
            if code == "badResumptionToken":
                return Page(0, self.request(days))
            raise answered("arXiv", f"{code} {said}")
        token = _TOKEN.search(page, max(0, len(page) - 4096))
        papers = len(_RECORD.findall(page))
        if token is None:
            return Page(papers)
        resumed = {
            "verb": "ListRecords",
            "resumptionToken": html.unescape(token[1].decode("utf-8", "replace")),
        }
        return Page(papers, Request(asked(self.address, resumed)))

    def is_news(self, record: Record, begin: date) -> bool:
        """Return False for a paper of more than a week before: it was only touched since."""
        work = record.work
        if not (work.year and work.month and work.day):
            return True
        try:
            return date(work.year, work.month, work.day) >= begin - _HELD
        except ValueError:  # a day that no month has
            return True
