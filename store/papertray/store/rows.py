"""Between the columns of `paper` and the data classes of the model."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from papertray.core.identity import author_key, title_key
from papertray.core.model import Author, Json, Venue, Work

WORK_COLUMNS = (
    "title", "abstract", "authors", "type", "year", "month", "day", "venue", "venue_type",
    "venue_short", "publisher", "volume", "number", "pages", "doi", "arxiv_id", "url", "pdf_url",
    "code_urls", "primary_class", "categories", "comment",
)  # fmt: skip
"""The columns of `paper` that hold the work, in the order that `work_from_row` wants them."""

Value = str | int | None


def authors_to_text(authors: Iterable[Author]) -> str:
    """Return authors as the JSON that the `authors` column holds: empty parts left out."""
    names = ("family", "given", "particle", "suffix", "literal")
    found = [
        {name: getattr(author, name) for name in names if getattr(author, name)}
        for author in authors
    ]
    return json.dumps(found, ensure_ascii=False, separators=(",", ":"))


def authors_from_text(text: str) -> tuple[Author, ...]:
    """Read what `authors_to_text` wrote."""
    return tuple(Author(**fields) for fields in json.loads(text)) if text != "[]" else ()


def list_to_text(values: Iterable[str]) -> str:
    """Return strings as the JSON list that a column holds."""
    return json.dumps(list(values), ensure_ascii=False, separators=(",", ":"))


def work_to_row(work: Work) -> dict[str, Value]:
    """Return the columns of a work, those derived from it included."""
    venue = work.venue
    return {
        "title": work.title,
        "abstract": work.abstract,
        "authors": authors_to_text(work.authors),
        "type": work.type,
        "year": work.year,
        "month": work.month,
        "day": work.day,
        "venue": venue.name,
        "venue_type": venue.type,
        "venue_short": venue.short,
        "publisher": venue.publisher,
        "volume": venue.volume,
        "number": venue.number,
        "pages": venue.pages,
        "doi": work.doi,
        "arxiv_id": work.arxiv_id,
        "url": work.url,
        "pdf_url": work.pdf_url,
        "code_urls": list_to_text(work.code_urls),
        "primary_class": work.primary_class,
        "categories": list_to_text(work.categories),
        "comment": work.comment,
        "title_key": title_key(work.title),
        "author_key": author_key(work),
    }


def work_from_row(row: tuple[Value, ...]) -> Work:
    """Read a work from a row of `WORK_COLUMNS`."""
    found: Mapping[str, Value] = dict(zip(WORK_COLUMNS, row, strict=True))

    def text(name: str) -> str:
        return str(found[name])

    def number(name: str) -> int | None:
        value = found[name]
        return None if value is None else int(value)

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
    return json.dumps(dict(extra), ensure_ascii=False, separators=(",", ":")) if extra else "{}"


def extra_from_text(text: str) -> dict[str, Json]:
    """Read what `extra_to_text` wrote."""
    return dict(json.loads(text)) if text != "{}" else {}
