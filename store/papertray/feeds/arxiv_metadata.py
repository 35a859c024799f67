"""Lists of arXiv's papers in JSON: the metadata dump, and what others make of arXiv's answers.

The dump (https://www.kaggle.com/datasets/Cornell-University/arxiv) has one paper a line, with
``authors_parsed`` and the dates of all versions. Others keep lists ``{"count": …, "papers": […]}``
of what the arxiv package for Python gives.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from papertray.core.identifiers import split_arxiv_id
from papertray.core.model import Author, Json, Record, Unread
from papertray.feeds.arxiv_authors import (
    authors_in,
    authors_of_names,
    authors_of_parts,
    says_no_more_than_names,
)
from papertray.feeds.arxiv_fields import (
    ArxivPaper,
    arxiv_record,
    first_and_current,
    split_categories,
)
from papertray.feeds.heads import first_json
from papertray.feeds.json_items import Fields, left, object_of, objects_of, records, text, texts

NAME = "arxiv-metadata"
DESCRIPTION = "JSON of arXiv's metadata dump (`authors_parsed`, `versions`), or lists `papers`"
TAKES = "all fields, the dates of all versions; affiliations, licence and submitter as they are"
LOSES = "nothing"
IS_LIBRARY = False
FEED = ""

_LISTS = ("papers", "entries", "results")
_OF_DUMP = frozenset(("authors_parsed", "versions", "submitter", "update_date", "journal-ref"))
_VERSION = re.compile(r"v([0-9]{1,4})")


def recognise(head: bytes, name: str) -> bool:
    """Tell the dump by members that only it has, lists by the arXiv id of their first paper."""
    first = first_json(head)
    if not isinstance(first, dict):
        return False
    if _is_of_dump(first):
        return True
    listed = next((first[name] for name in _LISTS if name in first), None)
    papers = objects_of(listed)
    if papers:
        return _is_listed(papers[0])
    # Our own lines have an `arxiv_id` too, but never an `entry_id`.
    return "entry_id" in first and _is_listed(first)


def _is_of_dump(value: Fields) -> bool:
    return (
        "id" in value and "title" in value and len(_OF_DUMP & value.keys()) >= 2
        and split_arxiv_id(text(value, "id")) is not None
    )  # fmt: skip


def _is_listed(value: Fields) -> bool:
    return "title" in value and split_arxiv_id(text(value, "arxiv_id", "entry_id")) is not None


def _belongs(value: Json) -> bool:
    return isinstance(value, dict) and (_is_of_dump(value) or _is_listed(value))


def read(stream: BinaryIO) -> Iterator[Record | Unread]:
    """Yield a record for each paper."""
    yield from records(stream, _belongs, _LISTS, _paper)


_TAKEN = frozenset(
    """id arxiv_id entry_id title abstract summary authors_parsed comments comment journal-ref
    journal_ref doi categories primary_category published versions pdf_url""".split()
)


def _paper(fields: Fields, place: str) -> Record | Unread:
    authors, is_whole = _authors(fields)
    taken = _TAKEN | {"authors"} if is_whole else _TAKEN
    extra = left(fields, taken)
    versions = [
        (int(found[1]), text(one, "created"))
        for one in objects_of(fields.get("versions"))
        if (found := _VERSION.fullmatch(text(one, "version")))
    ]
    came = fields.get("versions")
    if came and not (isinstance(came, list) and len(came) == len(versions)):
        extra["versions"] = came
    code = fields.get("code_links")
    published = text(fields, "published") or next((date for n, date in versions if n == 1), "")
    identifier = text(fields, "arxiv_id", "entry_id", "id")
    if not versions and published:
        versions = [*first_and_current(identifier, published, text(fields, "updated"))]
        extra.pop("updated", None)
    categories = fields.get("categories")
    return arxiv_record(
        ArxivPaper(
            identifier=identifier,
            title=text(fields, "title"),
            abstract=text(fields, "abstract", "summary"),
            authors=authors,
            comment=text(fields, "comments", "comment"),
            journal_ref=text(fields, "journal-ref", "journal_ref"),
            doi=text(fields, "doi"),
            categories=(
                split_categories(categories) if isinstance(categories, str) else texts(categories)
            ),
            primary_class=text(fields, "primary_category"),
            submitted=published,
            versions=tuple(versions),
            page=text(fields, "url", "link"),
            pdf=text(fields, "pdf_url"),
            code_urls=texts(code)
            or tuple(filter(None, (text(one, "url") for one in objects_of(code)))),
            extra=extra,
        ),
        place,
    )


def _authors(fields: Fields) -> tuple[tuple[Author, ...], bool]:
    """Return the authors, and whether they say all that the field ``authors`` does."""
    parsed, line = fields.get("authors_parsed"), fields.get("authors")
    if isinstance(line, str):
        is_whole = says_no_more_than_names(line)
        if isinstance(parsed, list) and parsed:
            parts = (_name(one) for one in parsed if isinstance(one, list))
            return authors_of_parts(parts), is_whole
        return authors_in(line), is_whole
    people = line if isinstance(line, list) else []
    names = [one if isinstance(one, str) else text(object_of(one), "name") for one in people]
    return authors_of_names(names), all(isinstance(one, str) for one in people)


def _name(parts: Sequence[Json]) -> tuple[str, str, str]:
    """Return (family name, given names, suffix); behind them the dump has affiliations."""
    family, given, suffix = (
        one if isinstance(one, str) else "" for one in (*parts, "", "", "")[:3]
    )
    return family, given, suffix
