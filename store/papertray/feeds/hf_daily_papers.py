"""Hugging Face's daily papers: what its API answers (``/api/daily_papers``, ``/api/papers/ID``).

An item is a listing around a paper of arXiv. The listing's own ``publishedAt`` is the evening
before in one shape and the time of the listing in another, so the paper's date is taken from the
paper. Titles of the old shape are broken by a line end and two blanks; neither shape has TeX's
dollars and backslashes left in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from papertray.core.identifiers import split_arxiv_id
from papertray.core.json_fields import whole_number
from papertray.core.model import Json, Record, Sighting, Unread
from papertray.core.names import parse_authors
from papertray.feeds.arxiv_fields import ArxivPaper, arxiv_record
from papertray.feeds.heads import first_json
from papertray.feeds.instants import instant_in
from papertray.feeds.json_items import Fields, left, object_of, objects_of, records, text

NAME = "hf-daily-papers"
DESCRIPTION = (
    "JSON of Hugging Face's daily papers: a `paper` with `upvotes` or a summary of its own"
)
TAKES = "title, abstract, authors, arXiv id, date, votes, day of the listing, links to code"
LOSES = "nothing that is about the paper; who submitted it and pictures stay as they are"
IS_LIBRARY = False
FEED = "Hugging Face daily papers"

_OF_PAPER = frozenset(("upvotes", "summary", "discussionId", "submittedOnDailyAt", "ai_summary"))


def recognise(head: bytes, name: str) -> bool:
    """Tell an item by the paper in it, a paper by members that only Hugging Face has."""
    return _belongs(first_json(head))


def _belongs(value: Json) -> bool:
    if not isinstance(value, dict):
        return False
    paper = object_of(value.get("paper")) or value
    return split_arxiv_id(text(paper, "id")) is not None and len(_OF_PAPER & paper.keys()) >= 2


def read(stream: BinaryIO) -> Iterator[Record | Unread]:
    """Yield a record for each listing."""
    yield from records(stream, _belongs, ("papers", "items"), _item)


_TAKEN = frozenset(
    "id title summary authors publishedAt submittedOnDailyAt upvotes githubRepo projectPage".split()
)


def _item(fields: Fields, place: str) -> Record | Unread:
    paper = object_of(fields.get("paper")) or fields
    listing = fields if paper is not fields else {}
    seen = text(paper, "submittedOnDailyAt") or text(listing, "publishedAt")
    votes = whole_number(text(paper, "upvotes"))
    extra = left(paper, _TAKEN)
    # Of the listing only what the paper does not say in the same words.
    around = {
        name: value
        for name, value in left(listing, frozenset(("paper", "title", "summary"))).items()
        if value != extra.get(name)
    }
    if around:
        extra["listing"] = around
    people = objects_of(paper.get("authors"))
    if any(person.get("hidden") for person in people):
        extra["authors"] = [*people]
    links = (text(paper, "githubRepo"), text(paper, "projectPage"))
    return arxiv_record(
        ArxivPaper(
            identifier=text(paper, "id"),
            title=text(paper, "title") or text(listing, "title"),
            abstract=text(paper, "summary") or text(listing, "summary"),
            authors=parse_authors(text(person, "name") for person in people),
            submitted=text(paper, "publishedAt"),
            code_urls=tuple(dict.fromkeys(filter(None, links))),
            sightings=(Sighting(seen=instant_in(seen), votes=votes),),
            extra=extra,
        ),
        place,
        NAME,
    )
