"""OpenReview: notes of its API, versions 1 and 2, and flattened lists of its papers by others.

Version 2 wraps each field of the content (``{"title": {"value": …}}``). Reviews, comments and
decisions are notes too, in the forum of their paper; they are not papers. Titles hold TeX.

The flattened lists (https://github.com/papercopilot/paperlists) hold one object a paper, with all
authors in one text, ratings, and the page of the paper under ``site``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import BinaryIO

from papertray.core.identifiers import bare_doi, split_arxiv_id
from papertray.core.model import Author, Item, Json, LeftBehind, Record, Unread, Venue, Work
from papertray.core.names import parse_author
from papertray.feeds.heads import first_json
from papertray.feeds.json_items import (
    Fields,
    left,
    object_of,
    objects,
    objects_of,
    text,
    texts,
    unread,
)
from papertray.feeds.texts import Texts

NAME = "openreview"
DESCRIPTION = "JSON of OpenReview: notes with `forum` and `content`, or flattened lists of papers"
TAKES = "title, abstract, authors, venue, year, links; decision, ratings, keywords as they are"
LOSES = "reviews and comments, which are counted: they are notes of others, not papers"
IS_LIBRARY = False
FEED = "OpenReview"

_SITE = "https://openreview.net"
_FORUM = re.compile(
    r"https?://(?:www\.)?openreview\.net/(?:forum|pdf|attachment)\?(?:.*&)?id=([\w-]+)"
)
_OF_LIST = frozenset(
    "track status rating confidence site aff authorids rating_avg gs_citation".split()
)
_YEAR = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})(?![0-9])")
_BIBTEX_FIELD = re.compile(r"\b(booktitle|journal|year)\s*=\s*[{\"]([^{}\"]+)[}\"]", re.IGNORECASE)


def recognise(head: bytes, name: str) -> bool:
    """Tell a note by its forum and content, a flattened paper by members that only these have."""
    first = first_json(head)
    if not isinstance(first, dict):
        return False
    notes = objects_of(first.get("notes"))
    return _belongs(notes[0] if notes else first)


def _is_note(value: Fields) -> bool:
    return isinstance(value.get("content"), dict) and ("forum" in value or "invitation" in value)


def _belongs(value: Json) -> bool:
    return isinstance(value, dict) and (
        _is_note(value) or ("title" in value and len(_OF_LIST & value.keys()) >= 3)
    )


def read(stream: BinaryIO) -> Iterator[Item]:
    """Yield a record for each paper, and at the end how many notes were none."""
    replies = 0
    for found in objects(stream, _belongs, ("notes",)):
        if isinstance(found, Unread):
            yield found
            continue
        fields, value = found
        if _is_note(fields) and _is_reply(fields):
            replies += 1
            continue
        place = f"item {value.number}"
        item = _note(fields, place) if _is_note(fields) else _listed(fields, place)
        yield unread(value, item.reason) if isinstance(item, Unread) else item
    if replies:
        yield LeftBehind("reviews and comments", replies, "they are notes on papers, not papers")


def _is_reply(note: Fields) -> bool:
    forum = text(note, "forum")
    return bool(forum and text(note, "id")) and forum != text(note, "id")


_TAKEN_OF_NOTE = frozenset("id forum content".split())
_TAKEN_OF_CONTENT = frozenset("title authors abstract venue pdf _bibtex".split())


def _note(note: Fields, place: str) -> Record | Unread:
    content = {name: _unwrapped(value) for name, value in object_of(note.get("content")).items()}
    texts_ = Texts("tex")
    title = texts_.title(text(content, "title"))
    if not title:
        return Unread(place, "it has no title")
    bibtex = text(content, "_bibtex")
    venue = text(content, "venue")
    extra = left(note, _TAKEN_OF_NOTE) | left(content, _TAKEN_OF_CONTENT)
    if bibtex:
        extra["_bibtex"] = bibtex
    forum = text(note, "forum", "id")
    names = texts(content.get("authors"))
    work = Work(
        title=title,
        abstract=texts_.abstract(text(content, "abstract")),
        authors=tuple(map(parse_author, names)),
        year=_year(bibtex, venue, text(content, "venueid")) or _year_of(note),
        venue=Venue(_line(texts_, venue or _in_bibtex(bibtex, "booktitle", "journal"))),
        url=f"{_SITE}/forum?id={forum}" if forum else "",
        pdf_url=_absolute(text(content, "pdf")),
        code_urls=tuple(filter(_is_link, texts(content.get("code")))),
    )
    return _record(work, forum, texts_, extra, place)


def _unwrapped(value: Json) -> Json:
    return value["value"] if isinstance(value, dict) and "value" in value else value


_TAKEN_OF_LISTED = frozenset("title abstract author site github project pdf doi arxiv".split())


def _listed(fields: Fields, place: str) -> Record | Unread:
    texts_ = Texts("tex")
    title = texts_.title(text(fields, "title"))
    if not title:
        return Unread(place, "it has no title")
    site, bibtex = text(fields, "site"), text(fields, "bibtex")
    forum = _forum(site) or _forum(text(fields, "openreview"))
    arxiv = split_arxiv_id(text(fields, "arxiv")) or ("", None)
    extra = left(fields, _TAKEN_OF_LISTED | ({"id"} if text(fields, "id") == forum else set()))
    extra = {name: value for name, value in extra.items() if not _is_blank(value)}
    work = Work(
        title=title,
        abstract=texts_.abstract(text(fields, "abstract")),
        authors=tuple(_authors(text(fields, "author", "authors"))),
        year=_year(bibtex),
        venue=Venue(_line(texts_, _in_bibtex(bibtex, "booktitle", "journal"))),
        doi=bare_doi(text(fields, "doi")),
        arxiv_id=arxiv[0],
        url=site,
        pdf_url=_absolute(text(fields, "pdf")),
        code_urls=tuple(filter(_is_link, (text(fields, "github"), text(fields, "project")))),
    )
    return _record(work, forum, texts_, extra, place)


def _record(work: Work, forum: str, texts_: Texts, extra: dict[str, Json], place: str) -> Record:
    return Record(
        work=work,
        identifiers=(("openreview", forum),) if forum else (),
        original=texts_.original,
        extra={NAME: extra} if extra else {},
        place=place,
    )


def _line(texts_: Texts, venue: str) -> str:
    return texts_.line("venue", venue) if venue else ""


def _authors(line: str) -> Iterator[Author]:
    """Read names with semicolons between them; a single piece may hold several with commas."""
    for name in line.split(";"):
        pieces = [piece.strip() for piece in name.split(",") if piece.strip()]
        # "Martín Abadi, David G. Andersen" are two: in these lists no name is inverted.
        are_names = len(pieces) > 1 and all(" " in piece for piece in pieces)
        for one in pieces if are_names else [name]:
            if any(character.isalnum() for character in one):
                yield parse_author(one.strip())


def _is_blank(value: Json) -> bool:
    """Tell a text that only has the semicolons between values that nobody gave."""
    return isinstance(value, str) and not value.strip("; ")


def _forum(link: str) -> str:
    found = _FORUM.match(link)
    return found[1] if found else ""


def _is_link(link: str) -> bool:
    return link.startswith(("https://", "http://"))


def _absolute(link: str) -> str:
    return _SITE + link if link.startswith("/") else link if _is_link(link) else ""


def _in_bibtex(bibtex: str, *names: str) -> str:
    found = {name.lower(): value for name, value in _BIBTEX_FIELD.findall(bibtex)}
    return next((" ".join(found[name].split()) for name in names if name in found), "")


def _year(bibtex: str, *others: str) -> int | None:
    """Return the year that an entry of BibTeX says, else the first in one of the other texts."""
    for told in (_in_bibtex(bibtex, "year"), *others):
        if found := _YEAR.search(told):
            return int(found[1])
    return None


def _year_of(note: Fields) -> int | None:
    """Return the year in which a note was published, else made public or created."""
    for name in ("pdate", "odate", "cdate", "tcdate"):
        moment = note.get(name)
        if isinstance(moment, int | float) and 0 < moment < _LAST_MOMENT:
            return datetime.fromtimestamp(moment / 1000, UTC).year
    return None


_LAST_MOMENT = 4_000_000_000_000
"""Milliseconds: a moment after the year 2096 is none."""
