"""Papers with Code: its dumps ``papers-with-abstracts`` and ``links-between-papers-and-code``, and
the answers of its API.

The site closed in 2025; the dumps live on (https://github.com/paperswithcode/paperswithcode-data).
The one with links has a line for each repository: those of one paper follow one another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import BinaryIO

from papertray.core.identifiers import bare_doi, split_arxiv_id
from papertray.core.model import Json, Record, Unread, Venue
from papertray.feeds.arxiv_authors import authors_of_names
from papertray.feeds.arxiv_fields import ArxivPaper, arxiv_record
from papertray.feeds.heads import first_json
from papertray.feeds.json_items import Fields, left, objects, text, texts, unread

NAME = "papers-with-code"
DESCRIPTION = "JSON of Papers with Code: dumps of abstracts and of links, API answers (`url_abs`)"
TAKES = "title, abstract, authors, date, conference, arXiv and OpenReview ids, links to code"
LOSES = "nothing: tasks, methods and frameworks stay as they are"
IS_LIBRARY = False
FEED = "Papers with Code"

_OF_ABSTRACTS = frozenset(("paper_url", "url_abs", "url_pdf", "proceeding", "conference_url_abs"))
_OF_LINKS = frozenset(("paper_url", "paper_title", "paper_arxiv_id", "repo_url"))
_MOST_LINKS = 2_000
"""Links of one paper that are put together: no paper had a tenth of that."""


def recognise(head: bytes, name: str) -> bool:
    """Tell a paper by the names of its members."""
    first = first_json(head)
    if not isinstance(first, dict):
        return False
    results = first.get("results")
    return _belongs(results[0] if isinstance(results, list) and results else first)


def _belongs(value: Json) -> bool:
    return isinstance(value, dict) and (
        len(_OF_ABSTRACTS & value.keys()) >= 3 or len(_OF_LINKS & value.keys()) >= 3
    )


def read(stream: BinaryIO) -> Iterator[Record | Unread]:
    """Yield a record for each paper; neighbouring links of one paper are one record."""
    links: list[Fields] = []
    place = ""
    for found in objects(stream, _belongs, ("results",)):
        fields = None if isinstance(found, Unread) else found[0]
        is_link = fields is not None and "repo_url" in fields
        if links and not (is_link and _paper_of(fields) == _paper_of(links[0])):
            yield _of_links(links, place)
            links = []
        if isinstance(found, Unread):
            yield found
            continue
        fields, value = found
        if not is_link:
            item = _of_abstracts(fields, f"item {value.number}")
            yield unread(value, item.reason) if isinstance(item, Unread) else item
        elif text(fields, "paper_title"):
            place = place if links else f"item {value.number}"
            links.append(fields)
            if len(links) == _MOST_LINKS:
                yield _of_links(links, place)
                links = []
        else:
            yield unread(value, "it has no title")
    if links:
        yield _of_links(links, place)


def _paper_of(fields: Fields | None) -> tuple[Json, Json]:
    return (fields.get("paper_url"), fields.get("paper_title")) if fields else (None, None)


_TAKEN_OF_ABSTRACTS = frozenset(
    "arxiv_id openreview_id title abstract authors date published".split()
)


def _of_abstracts(fields: Fields, place: str) -> Record | Unread:
    identifier = _arxiv(text(fields, "url_abs"), text(fields, "arxiv_id"))
    authors = fields.get("authors")
    item = arxiv_record(
        ArxivPaper(
            identifier=identifier,
            title=text(fields, "title"),
            abstract=text(fields, "abstract"),
            authors=authors_of_names(texts(authors)),
            doi=bare_doi(text(fields, "url_abs")),
            submitted=text(fields, "date", "published"),
            page=text(fields, "url_abs", "conference_url_abs", "paper_url"),
            pdf=text(fields, "url_pdf", "conference_url_pdf"),
            extra=left(fields, _TAKEN_OF_ABSTRACTS),
        ),
        place,
        NAME,
    )
    if isinstance(item, Unread):
        return item
    openreview = text(fields, "openreview_id")
    venue = _venue(text(fields, "proceeding"))
    return replace(
        item,
        work=replace(item.work, venue=venue, type="" if venue else item.work.type),
        identifiers=(*item.identifiers, *([("openreview", openreview)] if openreview else [])),
    )


_PROCEEDING = re.compile(r"(\S.*? [12][0-9]{3})(?: [0-9]{1,2})?")


def _venue(proceeding: str) -> Venue:
    """Read ``NeurIPS 2018 12``, where the last number is a month."""
    found = _PROCEEDING.fullmatch(proceeding.strip())
    name = found[1] if found else proceeding.strip()
    return Venue(name, "conference" if found else "") if name else Venue()


def _arxiv(link: str, identifier: str) -> str:
    """Return the id, with the version that the link has where it is of the same paper."""
    linked, own = split_arxiv_id(link), split_arxiv_id(identifier)
    return link if linked and (own is None or own[0] == linked[0]) else identifier


_TAKEN_OF_LINKS = frozenset(
    "paper_url paper_title paper_arxiv_id paper_url_abs paper_url_pdf repo_url".split()
)


def _of_links(links: Sequence[Fields], place: str) -> Record | Unread:
    """Make one record of the lines for one paper; what they say of each repository is kept."""
    first = links[0]
    code = [text(link, "repo_url") for link in links]
    extra: dict[str, Json] = {"paper_url": first.get("paper_url")}
    extra["links"] = [
        {"repo_url": link.get("repo_url"), **left(link, _TAKEN_OF_LINKS)} for link in links
    ]
    return arxiv_record(
        ArxivPaper(
            identifier=_arxiv(text(first, "paper_url_abs"), text(first, "paper_arxiv_id")),
            title=text(first, "paper_title"),
            page=text(first, "paper_url_abs", "paper_url"),
            pdf=text(first, "paper_url_pdf"),
            code_urls=tuple(dict.fromkeys(filter(None, code))),
            extra=extra,
        ),
        place,
        NAME,
    )
