"""Records in unqualified Dublin Core, as every OAI-PMH repository has them: fifteen fields, all
repeatable, none defined closely. What is not told apart by them stays in `extra`.

The fields: https://www.openarchives.org/OAI/openarchivesprotocol.html#dublincore.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from papertray.core.identifiers import bare_doi, split_arxiv_id
from papertray.core.model import Json, Record, Unread, Venue, Work
from papertray.core.names import parse_authors
from papertray.feeds.arxiv_authors import authors_of_names
from papertray.feeds.arxiv_fields import ArxivPaper, arxiv_record
from papertray.feeds.instants import date_in
from papertray.feeds.texts import Texts

Told = Mapping[str, Sequence[str]]

_TYPES = {
    "article": "article", "journalarticle": "article", "journal article": "article",
    "conferenceobject": "inproceedings", "conferencepaper": "inproceedings",
    "conference paper": "inproceedings", "inproceedings": "inproceedings",
    "proceedingspaper": "inproceedings", "book": "book", "monograph": "book",
    "bookpart": "chapter", "book chapter": "chapter", "doctoralthesis": "thesis",
    "masterthesis": "thesis", "bachelorthesis": "thesis", "thesis": "thesis",
    "dissertation": "thesis", "report": "report", "technical report": "report",
    "workingpaper": "report", "preprint": "preprint", "dataset": "dataset", "software": "software",
}  # fmt: skip
"""The last word of `type`, in lower case → ours; the vocabularies of OpenAIRE, DCMI and DSpace."""

_COMMENT = re.compile(r"Comment:\s*", re.IGNORECASE)
_YEAR = re.compile(r"\s*([12][0-9]{3})(?:-([0-9]{1,2}))?\s*")


def dublin_core_record(
    told: Told, identifier: str, about: Mapping[str, Json], place: str
) -> Record | Unread:
    """Return the record of one `oai_dc:dc`.

    Arguments: `told` holds its fields by local name; `identifier` and `about` are what the header
    of the record says.
    """
    if split_arxiv_id(identifier) or any(map(_arxiv_link, told.get("identifier", ()))):
        return arxiv_record(_arxiv(told, identifier, about), place)
    return _record(told, identifier, about, place)


def _arxiv_link(text: str) -> bool:
    return "arxiv.org/abs/" in text.lower() and split_arxiv_id(text) is not None


def _arxiv(told: Told, identifier: str, about: Mapping[str, Json]) -> ArxivPaper:
    """arXiv has comments among the descriptions, and all that names a paper as identifiers."""
    descriptions, dates = told.get("description", ()), sorted(told.get("date", ()))
    names = told.get("identifier", ())
    extra: dict[str, Json] = {
        name: [*many] for name, many in told.items() if name not in _TAKEN_OF_ARXIV
    }
    if len(dates) > 1:
        extra["date"] = [*dates]
    return ArxivPaper(
        identifier=next(filter(_arxiv_link, names), identifier),
        title=" ".join(told.get("title", ())[:1]),
        abstract=next((text for text in descriptions if not _COMMENT.match(text)), ""),
        authors=authors_of_names(told.get("creator", ())),
        comment=" ".join(_COMMENT.sub("", text) for text in descriptions if _COMMENT.match(text)),
        journal_ref="; ".join(name for name in names if not _is_name(name)),
        doi=" ".join(filter(None, map(bare_doi, names))),
        submitted=dates[0] if dates else "",
        extra={**extra, **about},
    )


_TAKEN_OF_ARXIV = frozenset(("title", "creator", "description", "identifier", "date", "type"))


def _is_name(text: str) -> bool:
    return bool(bare_doi(text)) or "://" in text or split_arxiv_id(text) is not None


def _record(told: Told, identifier: str, about: Mapping[str, Json], place: str) -> Record | Unread:
    texts = Texts("html")
    title, *other_titles = told.get("title", ("",))
    title = texts.title(title)
    if not title:
        return Unread(place, "it has no title")
    abstract, *other_descriptions = told.get("description", ("",))
    dois = list(dict.fromkeys(_dois(told)))
    names = told.get("identifier", ())
    links = [name for name in names if "://" in name and not bare_doi(name)]
    year, month, day = _date(told.get("date", ()))
    kept = {name: many for name, many in told.items() if name not in _TAKEN}
    kept |= {"title": other_titles, "description": other_descriptions}
    kept["identifier"] = [name for name in names if name not in links[:1] and not bare_doi(name)]
    if year is None or len(told.get("date", ())) > 1:
        kept["date"] = told.get("date", ())
    extra: dict[str, Json] = {name: [*many] for name, many in kept.items() if many}
    if identifier:
        extra["oai_identifier"] = identifier
    return Record(
        work=Work(
            title=title,
            abstract=texts.abstract(abstract),
            authors=parse_authors(told.get("creator", ())),
            type=_type(told.get("type", ())),
            year=year,
            month=month,
            day=day,
            venue=Venue(publisher=texts.line("publisher", " ".join(told.get("publisher", ())[:1]))),
            doi=dois[0] if dois else "",
            url=links[0] if links else "",
        ),
        identifiers=tuple(("doi", doi) for doi in dois[1:]),
        original=texts.original,
        extra={"oai_dc": {**extra, **about}},
        place=place,
    )


_TAKEN = frozenset(("creator", "publisher", "date"))


def _dois(told: Told) -> list[str]:
    """Return the DOIs of the work itself: a `relation` may name quite another one."""
    return [doi for doi in map(bare_doi, told.get("identifier", ())) if doi]


def _type(told: Sequence[str]) -> str:
    names = (text.replace(":", "/").rpartition("/")[2].strip().lower() for text in told)
    return next((_TYPES[name] for name in names if name in _TYPES), "")


def _date(told: Sequence[str]) -> tuple[int | None, int | None, int | None]:
    """Return the most exact of the earliest dates: repositories add when they got or opened it."""
    found = []
    for text in told:
        date = date_in(text)
        if date[0] is None and (year := _YEAR.fullmatch(text)):
            date = (int(year[1]), int(year[2]) if year[2] else None, None)
        if date[0] is not None:
            found.append(date)
    return min(
        found, key=lambda d: (d[0] or 0, d[1] is None, d[1] or 0), default=(None, None, None)
    )
