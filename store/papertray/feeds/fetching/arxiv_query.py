"""Asking arXiv with a query in its own language.

https://info.arxiv.org/help/api/user-manual.html says how queries are written. They know when a
paper was submitted, which is some days before it is announced.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from datetime import date

from papertray.core.model import Record
from papertray.feeds.fetching.answers import (
    answered,
    asked,
    asked_again,
    no_answer,
    parameter,
    whole,
)
from papertray.feeds.fetching.course import Days, Page
from papertray.feeds.fetching.transport import Request

_PAGE = 200
_HEAD = 1 << 14
"""Bytes of a page that tell of the list, or of an error."""
_ENTRY = re.compile(rb"<entry[\s>]")
_TOTAL = re.compile(rb"<(?:\w+:)?totalResults[^>]*>\s*(\d+)\s*<")
_ERROR = re.compile(rb"arxiv\.org/api/errors.*?<summary[^>]*>([^<]*)<", re.DOTALL)
_END = re.compile(rb"(?:</feed\s*>|<feed\b[^>]*/>)\s*\Z")


@dataclass(frozen=True, slots=True)
class ArxivQuery:
    """What was submitted and meets a query. `address` is the service's."""

    address: str
    query: str

    FORMAT = "arxiv-atom"
    OVERLAP = 7
    AT_ONCE = 14

    def request(self, days: Days) -> Request:
        """Return the request for what was submitted on some days, the oldest first.

        So what comes in while the pages are asked for moves nothing.
        """
        first, last = (f"{day:%Y%m%d}" for day in (days.first, days.last))
        submitted = f"submittedDate:[{first}0000 TO {last}2359]"
        return Request(
            asked(
                self.address,
                {
                    "search_query": f"({self.query}) AND {submitted}",
                    "sortBy": "submittedDate",
                    "sortOrder": "ascending",
                    "start": "0",
                    "max_results": str(_PAGE),
                },
            )
        )

    def look(self, request: Request, page: bytes, days: Days) -> Page:
        """Return how many entries there are, and the next page as long as some are missing.

        arXiv sometimes answers with an empty page in the middle of its list: asked again, it has
        it. It also answers with pages that are only shorter than asked for.
        """
        if error := _ERROR.search(page, 0, _HEAD):
            raise answered("arXiv", html.unescape(error[1].decode("utf-8", "replace")))
        total = _TOTAL.search(page, 0, _HEAD)
        if total is None or not _END.search(page[-200:]):
            raise no_answer("arXiv")
        papers = len(_ENTRY.findall(page))
        start = whole(parameter(request.url, "start")) + papers
        if start >= whole(total[1].decode()):
            return Page(papers)
        return Page(papers, Request(asked_again(request.url, start=str(start))))

    def is_news(self, record: Record, begin: date) -> bool:
        """Return True: what was submitted lately is new."""
        return True
