"""A record from named values: what the tagged formats and tables have in common.

A format says in its `Names` which of its names stand for what; here is what the values mean, the
same for all of them. Several names for one thing are tried in order, and what is not used is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from papertray.core.citekeys import is_citekey
from papertray.core.json_fields import instant_of
from papertray.core.markup import has_markup
from papertray.core.model import (
    Attachment,
    Author,
    Decisions,
    NoteText,
    Record,
    Unread,
    Venue,
    Work,
)
from papertray.feeds.format_names import Names
from papertray.feeds.named_values import NamedValues
from papertray.feeds.note_facts import NoteFacts
from papertray.feeds.screening_labels import is_only_labels, pile_in_notes, pile_of_label
from papertray.feeds.texts import Texts
from papertray.feeds.written_dates import WrittenDate, written_date
from papertray.feeds.written_identifiers import take_arxiv, take_doi, take_identifiers
from papertray.feeds.written_types import type_called


def written_record(pairs: Iterable[tuple[str, str]], names: Names, place: str) -> Record | Unread:
    """Return the record that `pairs` of (name, value) describe; Unread, without data, if it has no
    title. `place` says where it stands (``line 12``).
    """
    values = NamedValues(pairs)
    title, abstract = values.take_first(*names.title), values.take_first(*names.abstract)
    is_html = not names.is_plain and (_is_html(title) or _is_html(abstract))
    texts = Texts("html" if is_html else "plain")
    title = texts.title(title)
    if not title:
        return Unread(place, "it has no title")
    type_ = _type(values, names)
    authors = _authors(values, names)
    date = _date(values, names)
    facts = NoteFacts("\n".join(values.take_all(*names.facts)))
    doi = take_doi(values, names) or facts.doi
    arxiv_id, version = take_arxiv(values, names, doi) or (facts.arxiv_id, facts.arxiv_version)
    identifiers = dict.fromkeys([*take_identifiers(values, names), *facts.identifiers])
    files, pdf_url = _files(values, names)
    decisions = _decisions(values, names, facts.rest)
    work = Work(
        title=title,
        abstract=texts.abstract(abstract),
        authors=authors,
        type=type_,
        year=date.year,
        month=date.month,
        day=date.day,
        venue=_venue(values, names, type_, texts),
        doi=doi,
        arxiv_id=arxiv_id,
        url=_url(values, names),
        pdf_url=pdf_url,
    )
    citekey = _citekey(values, names) or facts.citekey
    left = values.left(names.kept)
    return Record(
        work=work,
        arxiv_version=version,
        identifiers=tuple(identifiers),
        citekey=citekey,
        decisions=decisions,
        attachments=files,
        original=texts.original,
        extra={names.format: left} if left else {},
        place=place,
    )


_ENTITY = re.compile(r"&(?:amp|lt|gt|quot|apos|#[0-9]{2,5}|#x[0-9A-Fa-f]{2,4});")


def _is_html(text: str) -> bool:
    return has_markup(text) or ("&" in text and _ENTITY.search(text) is not None)


def _type(values: NamedValues, names: Names) -> str:
    """Return the first type that says something: ``Poetry`` in a journal is an article."""
    types = []
    for place, value in values.find(*names.type):
        types.append(type_called(value))
        values.take(place)
    return next((one for one in types if one not in ("", "misc")), types[0] if types else "")


def _authors(values: NamedValues, names: Names) -> tuple[Author, ...]:
    """Read all names of authors in the order of the record.

    Where two names tell the same list, as ``A1`` and ``AU`` in some RIS, it is read once.
    """
    lists = [[value for _, value in values.find(name)] for name in names.authors]
    filled = [one for one in lists if one]
    if len(filled) > 1 and all(one == filled[0] for one in filled):
        values.take_all(*names.authors)
        return names.read_authors(filled[0])
    return names.read_authors(values.take_all(*names.authors))


def _date(values: NamedValues, names: Names) -> WrittenDate:
    """Join what several fields say: a year in one, ``Sep 18`` or the same year's day in another."""
    found = [(place, written_date(value)) for place, value in values.find(*names.date)]
    year = next((date.year for _, date in found if date.year), None)
    of_year = [(place, date) for place, date in found if date.year in (year, None)]
    best = max((date for _, date in of_year), key=_precision, default=WrittenDate())
    for place, date in of_year:
        agrees = all(one in (None, other) for one, other in zip(date[1:3], best[1:3], strict=True))
        if date.is_whole and agrees and (year or date.year):
            values.take(place)
    if best.month is None and year:
        month = written_date(f"{year}-{values.look(*names.month)}")
        if month.month is None:
            month = written_date(f"{values.look(*names.month)} {year}")
        day = written_date(f"{year}-{month.month}-{values.look(*names.day)}")
        if month.month and month.is_whole:
            values.take_first(*names.month)
            best = month
            if day.day:
                values.take_first(*names.day)
                best = day
    return best._replace(year=year) if year else WrittenDate()


def _precision(date: WrittenDate) -> int:
    return (date.month is not None) + (date.day is not None)


_VENUE_TYPES = {"article": "journal", "inproceedings": "conference", "chapter": "book"}


def _venue(values: NamedValues, names: Names, type_: str, texts: Texts) -> Venue:
    def line(*of: str) -> str:
        return " ".join(values.take_first(*of).split())

    name = texts.line("venue", values.take_first(*names.journal))
    short = line(*names.short)
    if len(short) > len(name) > 0:  # some have it the other way round
        name, short = short, name
    return Venue(
        name=name,
        type=_VENUE_TYPES.get(type_, "") if name or short else "",
        short="" if short == name else short,
        publisher=line(*names.publisher),
        volume=line(*names.volume),
        number=line(*names.number),
        pages=_pages(line(*names.pages), line(*names.first_page), line(*names.last_page)),
    )


def _pages(whole: str, first: str, last: str) -> str:
    if whole or not first:
        return whole or last
    if last == "+":  # Web of Science: with gaps
        return f"{first}+"
    if not last or last == first or re.search(r"[-–—]", first):
        return first if not last or last == first else f"{first}, {last}"
    return f"{first}–{last}"


_LINK_END = re.compile(r"\s+|[;,|](?=https?://)")


def _url(values: NamedValues, names: Names) -> str:
    """Take the first link; one field may hold several, a line each."""
    for place, value in values.find(*names.url):
        links = _LINK_END.split(value)
        if links[0].lower().startswith(("http://", "https://", "ftp://")):
            if len(links) == 1:
                values.take(place)
            return links[0]
    return ""


_LINK = re.compile(r"[a-z][a-z0-9+.-]+:(?!\\)", re.IGNORECASE)
_FILE_NAME = re.compile(r"\.[A-Za-z0-9]{1,5}$")


def _files(values: NamedValues, names: Names) -> tuple[tuple[Attachment, ...], str]:
    """Take the paths of files, and the first link to a PDF; other links are left."""
    files: list[Attachment] = []
    pdf_url = ""
    for place, value in values.find(*names.files):
        paths = [path.strip() for path in re.split(r";\s|;$|\n", value) if path.strip()]
        local = [
            _SLASH_BEFORE_DRIVE.sub("", path.removeprefix("file://"))
            for path in paths
            if _is_path(path)
        ]
        if not pdf_url and len(paths) == 1 and value.lower().startswith(("http://", "https://")):
            pdf_url = value
            values.take(place)
        elif len(local) == len(paths):
            values.take(place)
            files += [Attachment(path, _media_type(path)) for path in local]
    return tuple(files), pdf_url


# file:///C:/Users/ada/paper.pdf
_SLASH_BEFORE_DRIVE = re.compile(r"^/(?=[A-Za-z]:[/\\])")


def _is_path(text: str) -> bool:
    is_link = _LINK.match(text) and not text.lower().startswith("file://")
    is_drive = text[1:2] == ":"
    return (is_drive or not is_link) and _FILE_NAME.search(text) is not None


def _media_type(path: str) -> str:
    return "application/pdf" if path.lower().endswith(".pdf") else ""


# Numbers of databases have a digit before their first hyphen: 2-s2.0-85, 2019-65183-001.
_NO_KEY = re.compile(r"[\d\W]+|[A-Z0-9]{8}|[^-]*\d[^-]*-.*-.*|rayyan-\d+")


def _citekey(values: NamedValues, names: Names) -> str:
    """Take a key that somebody gave: no number of a record, nor Zotero's eight letters."""
    for place, value in values.find(*names.citekey):
        if is_citekey(value) and "/" not in value and not _NO_KEY.fullmatch(value):
            values.take(place)
            return value
    return ""


# What databases write where an owner's notes should be.
_VENDOR_NOTE = re.compile(
    r"(?:Cited By|Export Date|CODEN|Correspondence Address|Funding (?:details|text)|References|"
    r"(?:Total )?Times Cited|Tradenames|Manufacturers|Chemicals/CAS|ISBN|doi|Accession Number|"
    r"Conference (?:code|date|name))\b|(?:Copyright|Last updated|Name) - |"
    # EndNote from Web of Science: a number of its own; CINAHL: kinds of publications
    r"[A-Z][a-z0-9]{4}\s+Times Cited:|(?:[^\n]{1,80}[.;] )?Journal Subset: "
)
"""How notes begin that databases write."""


def _decisions(values: NamedValues, names: Names, rest: str) -> Decisions:
    notes = [value for _, value in values.find(*names.notes)]
    labels = (pile_of_label(value) for _, value in values.find(*names.labels))
    pile = next((one for one in labels if one), None) or pile_in_notes(notes)
    bodies = [rest] if rest else []
    for place, value in values.find(*names.notes):
        if not is_only_labels(value) and not _VENDOR_NOTE.match(value):
            bodies.append(_note(value))
            values.take(place)
    words = [
        word
        for value in values.take_all(*names.keywords)
        for word in re.split(names.keyword_separator, value)
    ]
    added = values.look(*names.added)
    if instant := instant_of(added) if added else None:
        values.take_first(*names.added)
    return Decisions(
        pile=pile,
        tags=tuple(dict.fromkeys(filter(None, map(_tag, words)))),
        notes=tuple(NoteText(body) for body in bodies),
        added=instant or "",
    )


def _note(text: str) -> str:
    """Return a note as Markdown; Zotero writes its own in HTML, also into RIS and tables."""
    if not has_markup(text):
        return text
    # Most files have no such note, and a parser of HTML is not imported for nothing.
    from papertray.feeds.zotero_notes import note_to_markdown

    return note_to_markdown(text) or text


def _tag(word: str) -> str:
    """Return a keyword without the star that marks the main ones in MEDLINE and PsycINFO."""
    return " ".join(word.split()).removeprefix("*").strip()
