"""Between the columns of `paper` and the data classes of the model."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from papertray.core.authors import Author

if TYPE_CHECKING:
    from papertray.core.model import Json, Work

WORK_COLUMNS = (
    "title", "abstract", "authors", "type", "year", "month", "day", "venue", "venue_type",
    "venue_short", "publisher", "volume", "number", "pages", "doi", "arxiv_id", "url", "pdf_url",
    "code_urls", "primary_class", "categories", "comment",
)  # fmt: skip
"""The columns of `paper` that hold the work, in the order that `work_from_row` wants them."""

Value = str | int | None

_DECODER = json.JSONDecoder()


_to_text = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def authors_to_text(authors: Iterable[Author]) -> str:
    """Return authors as the JSON that the `authors` column holds: empty parts left out."""
    return _to_text([_filled(author) for author in authors])


def _filled(author: Author) -> dict[str, str]:
    parts = {
        "family": author.family,
        "given": author.given,
        "particle": author.particle,
        "suffix": author.suffix,
        "literal": author.literal,
    }
    return {name: part for name, part in parts.items() if part}


def authors_from_text(text: str) -> tuple[Author, ...]:
    """Read what `authors_to_text` wrote."""
    return tuple(Author(**fields) for fields in json.loads(text)) if text != "[]" else ()


def first_authors_from_text(text: str, most: int = 1) -> tuple[Author, ...]:
    """Read the first authors alone, at most so many: some papers have three thousand."""
    found: list[Author] = []
    start = text.find("{")
    while start >= 0 and len(found) < most:
        fields, end = _DECODER.raw_decode(text, start)
        found.append(Author(**fields))
        start = text.find("{", end)
    return tuple(found)


def list_to_text(values: Iterable[str]) -> str:
    """Return strings as the JSON list that a column holds."""
    return _to_text(list(values))


def work_to_row(work: Work) -> dict[str, Value]:
    """Return the columns of a work, those derived from it included."""
    from papertray.core.identity import author_key, title_key  # who reads has no need of these

    row: dict[str, Value] = dict(zip(WORK_COLUMNS, work_to_values(work), strict=True))
    return row | {"title_key": title_key(work.title), "author_key": author_key(work)}


def work_to_values(work: Work) -> tuple[Value, ...]:
    """Return what the `WORK_COLUMNS` of a work hold, in their order."""
    venue = work.venue
    return (
        work.title, work.abstract, authors_to_text(work.authors), work.type,
        work.year, work.month, work.day, venue.name, venue.type, venue.short, venue.publisher,
        venue.volume, venue.number, venue.pages, work.doi, work.arxiv_id, work.url, work.pdf_url,
        list_to_text(work.code_urls) if work.code_urls else "[]", work.primary_class,
        list_to_text(work.categories) if work.categories else "[]", work.comment,
    )  # fmt: skip


def work_from_row(row: tuple[Value, ...]) -> Work:
    """Read a work from a row of `WORK_COLUMNS`."""
    found: Mapping[str, Value] = dict(zip(WORK_COLUMNS, row, strict=True))

    def text(name: str) -> str:
        return str(found[name])

    def number(name: str) -> int | None:
        value = found[name]
        return None if value is None else int(value)

    from papertray.core.model import Venue, Work  # a list has no need of these

    return Work(
        title=text("title"),
        abstract=text("abstract"),
        authors=authors_from_text(text("authors")),
        type=text("type"),
        year=number("year"),
        month=number("month"),
        day=number("day"),
        venue=Venue(
            text("venue"), text("venue_type"), text("venue_short"), text("publisher"),
            text("volume"), text("number"), text("pages"),
        ),
        doi=text("doi"),
        arxiv_id=text("arxiv_id"),
        url=text("url"),
        pdf_url=text("pdf_url"),
        code_urls=list_from_text(text("code_urls")),
        primary_class=text("primary_class"),
        categories=list_from_text(text("categories")),
        comment=text("comment"),
    )  # fmt: skip


def list_from_text(text: str) -> tuple[str, ...]:
    """Read what `list_to_text` wrote."""
    return tuple(map(str, json.loads(text))) if text != "[]" else ()


def extra_to_text(extra: Mapping[str, Json]) -> str:
    """Return unknown fields as the JSON that the `extra` column holds."""
    return _to_text(dict(extra)) if extra else "{}"


def extra_from_text(text: str) -> dict[str, Json]:
    """Read what `extra_to_text` wrote."""
    return dict(json.loads(text)) if text != "{}" else {}
