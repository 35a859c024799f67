"""What the answers of Crossref, OpenAlex, Semantic Scholar and DataCite have in common."""

from __future__ import annotations

import re
from collections.abc import Iterator

from papertray.core.identifiers import split_arxiv_id
from papertray.core.model import Json
from papertray.feeds.json_items import objects_of, text
from papertray.feeds.written_dates import WrittenDate, written_date

_PMC = re.compile(r"(?:.*/)?(?:PMC)?([0-9]{1,9})/?", re.IGNORECASE)
_PUBMED = re.compile(r"(?:.*/)?([0-9]{1,9})/?")
_ARXIV_PLACE = re.compile(r"https?://(?:[a-z]+\.)?arxiv\.org/", re.IGNORECASE)


def joined_title(title: str, subtitle: str) -> str:
    """Return ``Title: Subtitle``, as Zotero does it, but the title alone if it holds the other."""
    if not subtitle or subtitle.casefold() in title.casefold():
        return title
    return f"{title.rstrip()}{'' if title.rstrip()[-1:] in ':?!–—' else ':'} {subtitle.lstrip()}"


def coarse_date(date: str, year: str) -> tuple[WrittenDate, bool]:
    """Return the date that a service tells, and whether that is all of what it says.

    A service that must name a day says the first where it only knows the month, and January the
    first where it only knows the year: these say no more here. `year` is used where `date` is
    empty or of another year.
    """
    found = written_date(date)
    told = written_date(year)
    if found.year is None or told.year not in (found.year, None):
        return told, not date
    if found.day == 1:
        return WrittenDate(found.year, found.month if found.month != 1 else None), False
    return found, found.is_whole


def pages(first: str, last: str) -> str:
    """Return ``12-34``, or the one page there is."""
    return "-".join(dict.fromkeys(filter(None, (first.strip(), last.strip()))))


def pubmed_id(value: str) -> str:
    """Return the number of a paper in PubMed, which may come as a URL; empty if there is none."""
    found = _PUBMED.fullmatch(value.strip())
    return found[1] if found else ""


def pmc_id(value: str) -> str:
    """Return ``PMC123`` of a number or URL of PubMed Central; empty if there is none."""
    found = _PMC.fullmatch(value.strip())
    return f"PMC{found[1]}" if found else ""


def arxiv_place(url: str) -> tuple[str, int | None]:
    """Return the arXiv id and version that a URL of arXiv leads to, or none."""
    found = split_arxiv_id(url) if _ARXIV_PLACE.match(url) else None
    return found or ("", None)


def names_of(value: Json, name: str) -> Iterator[str]:
    """Yield the member `name` of each object in a list, where it says something."""
    for one in objects_of(value):
        if found := text(one, name):
            yield found
