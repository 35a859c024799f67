"""bioRxiv and medRxiv: what their API answers (https://api.biorxiv.org): ``details``, ``pubs``,
and the older list of preprints on COVID-19.

A preprint has one DOI for all its versions and comes once for each of them; numbers are texts;
``published`` is the DOI in the journal, or "NA".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from papertray.core.identifiers import bare_doi
from papertray.core.json_fields import whole_number
from papertray.core.model import (
    Author,
    Json,
    Record,
    Sighting,
    Unread,
    Venue,
    Version,
    Work,
)
from papertray.core.names import parse_author
from papertray.feeds.heads import first_json
from papertray.feeds.instants import date_in, instant_in
from papertray.feeds.json_items import Fields, left, objects_of, records, text
from papertray.feeds.texts import Texts

NAME = "biorxiv"
DESCRIPTION = "JSON of the API of bioRxiv and medRxiv: a `collection` of preprints with `server`"
TAKES = "title, abstract, authors, DOIs of preprint and journal, date, every version, category"
LOSES = "nothing: corresponding author, licence and the link to the full text stay as they are"
IS_LIBRARY = False
FEED = "bioRxiv"

_SERVERS = {"biorxiv": "bioRxiv", "medrxiv": "medRxiv"}
_DOIS = ("preprint_doi", "biorxiv_doi", "rel_doi", "doi")
_TITLES = ("preprint_title", "rel_title", "title")
_PLATFORMS = ("server", "preprint_platform", "rel_site")
# What their conversion of Word files leaves in abstracts, in place of tags.
_TITLE_MARK = re.compile(r"O_ST_ABS(.{0,80}?)C_ST_ABS")
_MARK = re.compile(r"(?<![A-Z_])(?:[OC]_(?:LI|UL|OL|QT|QTS|CIT|ST_ABS|TEXTBOX))+(?![_0-9])")


def recognise(head: bytes, name: str) -> bool:
    """Tell an answer by its messages and collection, a preprint by its server."""
    first = first_json(head)
    if not isinstance(first, dict):
        return False
    if "collection" in first:
        preprints = objects_of(first["collection"])
        return _belongs(preprints[0]) if preprints else "messages" in first
    return _belongs(first)


def _belongs(value: Json) -> bool:
    if not isinstance(value, dict) or not text(value, *_TITLES):
        return False
    has_doi = bool(bare_doi(text(value, *_DOIS)))
    return has_doi and text(value, *_PLATFORMS).lower() in _SERVERS


def read(stream: BinaryIO) -> Iterator[Record | Unread]:
    """Yield a record for each version of a preprint."""
    yield from records(stream, _belongs, ("collection",), _preprint)


_TAKEN = frozenset(
    """doi title authors date version abstract published server biorxiv_doi preprint_doi
    preprint_title preprint_authors preprint_date preprint_abstract preprint_platform published_doi
    rel_doi rel_title rel_authors rel_date rel_abs rel_site rel_link""".split()
)


def _preprint(fields: Fields, place: str) -> Record | Unread:
    texts = Texts("html")
    title = texts.title(text(fields, *_TITLES))
    if not title:
        return Unread(place, "it has no title")
    came = text(fields, "preprint_abstract", "rel_abs", "abstract")
    unmarked = _without_marks(came)
    abstract = texts.abstract(unmarked)
    if unmarked != came or "abstract" in texts.original:
        texts.original["abstract"] = came
    platform = text(fields, *_PLATFORMS)
    server = _SERVERS.get(platform.lower(), platform)
    date = text(fields, "preprint_date", "rel_date", "date")
    version = whole_number(text(fields, "version"))
    doi = bare_doi(text(fields, *_DOIS))
    year, month, day = _posted(doi, date, version)
    return Record(
        work=Work(
            title=title,
            abstract=abstract,
            authors=tuple(_authors(fields)),
            type="preprint",
            year=year,
            month=month,
            day=day,
            venue=Venue(name=server),
            doi=doi,
            url=text(fields, "rel_link"),
        ),
        identifiers=tuple(_published(fields)),
        versions=(Version(version, title, abstract, instant_in(date)),) if version else (),
        sightings=(Sighting(feed=server),) if server != FEED else (),
        original=texts.original,
        extra=_extra(fields),
        place=place,
    )


_DATED_DOI = re.compile(r"10\.[0-9]{4,5}/(20[0-9]{2})\.([0-9]{2})\.([0-9]{2})\.[0-9]+")


def _posted(doi: str, date: str, version: int | None) -> tuple[int | None, int | None, int | None]:
    """Return when the preprint came. `date` is that of this version; newer DOIs tell the first."""
    dated = _DATED_DOI.fullmatch(doi) if version not in (None, 1) else None
    return date_in("-".join(dated.groups())) if dated else date_in(date)


def _authors(fields: Fields) -> Iterator[Author]:
    """Read ``Chen, L.; Garcia, M.``; the older list has objects."""
    line = text(fields, "preprint_authors", "authors")
    names = [name.strip() for name in line.split(";")]
    for person in objects_of(fields.get("rel_authors")):
        names.append(text(person, "author_name"))
    for name in names:
        if any(character.isalnum() for character in name):
            yield parse_author(name)


def _published(fields: Fields) -> Iterator[tuple[str, str]]:
    """The journal's DOI, beside the preprint's, is another name of the same work."""
    doi = bare_doi(text(fields, "published_doi", "published"))
    if doi:
        yield "doi", doi


def _extra(fields: Fields) -> dict[str, Json]:
    kept = left(fields, _TAKEN)
    people = objects_of(fields.get("rel_authors"))
    if any(text(person, "author_inst") for person in people):
        kept["rel_authors"] = [*people]
    published = text(fields, "published")
    if published and published != "NA" and not bare_doi(published):
        kept["published"] = published
    return {NAME: kept} if kept else {}


def _without_marks(abstract: str) -> str:
    if "O_" not in abstract and "C_" not in abstract:
        return abstract
    titled = _TITLE_MARK.sub(r"<p>\1</p>", abstract)
    return _MARK.sub(" ", titled)
