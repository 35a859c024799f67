"""The course of a subscription: which service is asked, and what of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from papertray.core.errors import UsageError
from papertray.core.model import Record
from papertray.core.subscriptions import Kind, Subscription
from papertray.feeds.fetching.arxiv_categories import category_named
from papertray.feeds.fetching.arxiv_category import ArxivCategory
from papertray.feeds.fetching.arxiv_query import ArxivQuery
from papertray.feeds.fetching.biorxiv_days import BiorxivDays
from papertray.feeds.fetching.course import Course, DatedCourse, Search, Since
from papertray.feeds.fetching.crossref_journal import CrossrefJournal
from papertray.feeds.fetching.hugging_face_days import HuggingFaceDays
from papertray.feeds.fetching.openalex_search import OpenAlexSearch
from papertray.feeds.fetching.semantic_scholar_search import SemanticScholarSearch
from papertray.feeds.fetching.transport import Request

__all__ = ["AddressCourse", "Course", "Since", "course_of"]


def course_of(
    subscription: Subscription, services: Mapping[str, str], since: Since, contact: str = ""
) -> Course:
    """Return what to ask for a subscription that is no folder.

    Arguments: `services` holds the address of each service by its name in the settings
    (``arxiv-oai``); `contact` is an e-mail address that is told to those who answer sooner then.

    Raises UsageError for a search that this version does not know.
    """
    if subscription.kind is Kind.URL:
        return AddressCourse(subscription.location, since)
    searches = _searches(subscription.location, services, contact)
    if not searches:
        raise UsageError(
            f"{subscription.name} is the search {subscription.location}, which this papertray does "
            "not know; remove it, or use a newer version."
        )
    return DatedCourse(searches, since)


def _searches(location: str, services: Mapping[str, str], contact: str) -> Sequence[Search]:
    service, _, words = location.partition(":")
    match service:
        case "arxiv":
            categories = words.split("+")
            if all(map(category_named, categories)):
                return [ArxivCategory(services["arxiv-oai"], name) for name in categories]
            return [ArxivQuery(services["arxiv-api"], words)]
        case "hf":
            return [HuggingFaceDays(services["hugging-face"])]
        case "s2":
            return [SemanticScholarSearch(services["semantic-scholar"], words)]
        case "openalex":
            return [OpenAlexSearch(services["openalex"], words, contact)]
        case "biorxiv" | "medrxiv":
            return [BiorxivDays(services["biorxiv"], service, words)]
        case "issn":
            return [CrossrefJournal(services["crossref"], words, contact)]
    return []


@dataclass(frozen=True, slots=True)
class AddressCourse:
    """One conditional request for an address that answers with the whole feed each time."""

    address: str
    since: Since

    format_name = ""
    is_conditional = True
    read_until = ""

    def first(self) -> Request:
        """Return the request, for where the feed is now."""
        since = self.since
        return Request(since.moved or self.address, since.etag, since.last_modified)

    def next(self, request: Request, body: Path) -> None:
        """Return None: the feed is one page."""

    def holds_papers(self, body: Path) -> bool:
        """Return True: whatever came is to be read."""
        return True

    def is_news(self, record: Record) -> bool:
        """Return True: what a feed lists is news."""
        return True
