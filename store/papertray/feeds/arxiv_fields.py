"""A paper of arXiv, as all that tell of arXiv's papers share it, becomes a record.

Whoever tells it, the same paper must come out the same: the texts are TeX (outside math: accents,
font commands) wrapped at some eighty columns, the id names the paper without its version, a
journal reference is one line that nobody can take apart safely, and DOIs may be several.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from papertray.core.identifiers import bare_doi, doi_name, split_arxiv_id
from papertray.core.model import Author, Json, Record, Sighting, Unread, Venue, Version, Work
from papertray.feeds.instants import date_in, instant_in
from papertray.feeds.texts import Dialect, Texts

_CATEGORY = re.compile(r"[a-z][a-z-]*(?:\.[A-Za-z][A-Za-z-]*)?")
_NEW_ID = re.compile(r"([0-9]{2})(0[1-9]|1[0-2])\.")
_OLD_ID = re.compile(r"[a-z-]+/([0-9]{2})(0[1-9]|1[0-2])")
_FIRST_YEAR = 91  # arXiv began in 1991
_NO_VENUE = Venue()


@dataclass(frozen=True, slots=True)
class ArxivPaper:
    """What a source tells of one paper of arXiv, as it came.

    `identifier` is an arXiv id in any spelling, with or without version, or whatever the source
    has in its place. `submitted` is when the first version came; `versions` holds (number, date)
    of those that are told, dates in ISO 8601 or RFC 822. `page` and `pdf` are links, used where
    there is no arXiv id; with one, `pdf` only says that there is one. `extra` is what has no field.
    `dialect` is how title, abstract and comment are written.
    """

    identifier: str
    title: str
    abstract: str = ""
    authors: tuple[Author, ...] = ()
    comment: str = ""
    journal_ref: str = ""
    doi: str = ""
    categories: tuple[str, ...] = ()
    primary_class: str = ""
    submitted: str = ""
    versions: tuple[tuple[int, str], ...] = ()
    page: str = ""
    pdf: str = ""
    code_urls: tuple[str, ...] = ()
    sightings: tuple[Sighting, ...] = ()
    extra: Mapping[str, Json] = field(default_factory=dict)
    dialect: Dialect = "tex"


def arxiv_record(paper: ArxivPaper, place: str, name: str = "arxiv") -> Record | Unread:
    """Return the record of a paper; Unread, without data, if it has no title.

    Arguments: `name` is what its `extra` is kept under.
    """
    texts = Texts(paper.dialect)
    title = texts.title(paper.title)
    if not title:
        return Unread(place, "it has no title")
    arxiv_id, version = split_arxiv_id(paper.identifier) or ("", None)
    if version is None and paper.versions:
        version = max(number for number, _ in paper.versions)
    abstract = texts.abstract(paper.abstract)
    venue = texts.line("venue", paper.journal_ref) if paper.journal_ref else ""
    year, month, day = date_in(paper.submitted) if paper.submitted else _NO_DATE
    if year is None and arxiv_id:
        year, month = date_of_id(arxiv_id)
    doi, *more_dois = _dois(paper.doi, arxiv_id) if paper.doi else ("",)
    extra = dict(paper.extra)
    if paper.doi and not doi and not _is_own_doi(paper.doi):
        extra["doi"] = paper.doi
    categories = tuple(filter(_CATEGORY.fullmatch, paper.categories))
    if len(categories) < len(paper.categories):
        extra["classes"] = [one for one in paper.categories if one not in categories]
    return Record(
        work=Work(
            title=title,
            abstract=abstract,
            authors=paper.authors,
            # What appeared elsewhere is no longer only a preprint, and nobody says what it is.
            type="preprint" if arxiv_id and not venue and not doi else "",
            year=year,
            month=month,
            day=day,
            venue=Venue(name=venue) if venue else _NO_VENUE,
            doi=doi,
            arxiv_id=arxiv_id,
            url=f"https://arxiv.org/abs/{arxiv_id}" if arxiv_id else paper.page,
            pdf_url=f"https://arxiv.org/pdf/{arxiv_id}" if arxiv_id and paper.pdf else paper.pdf,
            code_urls=paper.code_urls,
            primary_class=paper.primary_class or (categories[0] if categories else ""),
            categories=categories,
            comment=texts.line("comment", paper.comment) if paper.comment else "",
        ),
        arxiv_version=version,
        identifiers=tuple(("doi", other) for other in more_dois),
        versions=_versions(paper.versions, version, title, abstract),
        sightings=paper.sightings,
        original=texts.original,
        extra={name: extra} if extra else {},
        place=place,
    )


_NO_DATE = (None, None, None)


def date_of_id(arxiv_id: str) -> tuple[int | None, int | None]:
    """Return the year and month in which arXiv gave an id: both 2202.12139 and math/0309136 say it.

    Two Nones for what is no id of arXiv's.
    """
    if found := _NEW_ID.match(arxiv_id):
        return 2000 + int(found[1]), int(found[2])
    if found := _OLD_ID.match(arxiv_id):
        short = int(found[1])
        return (1900 if short >= _FIRST_YEAR else 2000) + short, int(found[2])
    return None, None


_ANNOUNCEMENT = re.compile(
    r"\s*arXiv:(?P<id>\S+)\s+Announce Type:\s*(?P<type>[\w-]+)\s+(?:Abstract:\s*)?(?P<abstract>.*)",
    re.DOTALL,
)


def split_announcement(text: str) -> tuple[str, str, str]:
    """Return (id with version, announce type, abstract) of a description in arXiv's daily feeds.

    They begin with ``arXiv:2502.19002v2 Announce Type: replace-cross`` and ``Abstract:``. The
    first two are empty where a text does not.
    """
    found = _ANNOUNCEMENT.fullmatch(text)
    return (found["id"], found["type"], found["abstract"]) if found else ("", "", text)


def first_and_current(identifier: str, published: str, updated: str) -> tuple[tuple[int, str], ...]:
    """Return the versions that a source knows which tells the first date and the latest one."""
    _, number = split_arxiv_id(identifier) or ("", None)
    if number is None or number == 1 or not updated:
        return ((1, published),) if published and number == 1 else ()
    return ((1, published), (number, updated)) if published else ((number, updated),)


def split_categories(text: str) -> tuple[str, ...]:
    """Return the categories of a list with blanks, commas or semicolons between them."""
    return tuple(text.replace(",", " ").replace(";", " ").split())


def filled(values: Iterable[tuple[str, Json]]) -> dict[str, Json]:
    """Return those of the (name, value) pairs whose value says something."""
    return {name: value for name, value in values if value not in _EMPTY}


_EMPTY: tuple[Json, ...] = (None, "", [], {})


def _dois(text: str, arxiv_id: str) -> list[str]:
    """Return the DOIs in `text`; arXiv's own for this very paper is its id, and none beside it."""
    whole = bare_doi(text)
    found = [whole] if whole else [bare_doi(part) for part in re.split(r"[\s,;]+", text)]
    return [doi for doi in found if doi and doi_name(doi) != ("arxiv", arxiv_id)] or [""]


def _is_own_doi(text: str) -> bool:
    return doi_name(bare_doi(text))[0] == "arxiv"


def _versions(
    told: Iterable[tuple[int, str]], current: int | None, title: str, abstract: str
) -> tuple[Version, ...]:
    """Return the versions that are told; the one that the record is has its texts."""
    return tuple(
        Version(number, title, abstract, instant_in(date))
        if number == current
        else Version(number, seen=instant_in(date))
        for number, date in told
    )
