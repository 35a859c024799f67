"""Bibliographies for BibLaTeX and biber: types and fields of BibLaTeX 3, Latin letters as they are.

Source: The biblatex Package, section 2. An entry has only fields that its data model (blx-dm.def)
knows for the type, so that ``biber --validate-datamodel`` finds nothing to warn of.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from papertray.core.citekeys import fold_key, is_citekey
from papertray.core.model import Entry, Work
from papertray.exporters import bibliography, latex, latex_names
from papertray.exporters.bibliography import Dialect, Field
from papertray.exporters.cited_work import is_own_name, work_type
from papertray.exporters.exporter import ExportOptions
from papertray.exporters.latex_spelling import UNICODE

MOST_AUTHORS = 3000
"""Of more, the first are written ``and others``: biber's time grows with the square of their
number (5 seconds for 1,000 names, 26 to 80 for 3,000), and no style prints a tenth. Whole
collaborations of some 3,000 are kept, since reference managers read these files, too."""


def write(entries: Iterable[Entry], options: ExportOptions) -> Iterator[str]:
    """Yield the text of a .bib file for BibLaTeX, entry by entry, with a blank line between.

    Notes become ``annotation``, which no style prints unasked; tags become ``keywords``; keys that
    a paper had before become ``ids``, by which biber finds it too.
    """
    return bibliography.write(entries, options, _DIALECT)


def entry_type(work: Work) -> str:
    """Return the BibLaTeX entry type of `work`, guessed from its venue where it is not known."""
    type_ = _TYPES.get(work_type(work), "misc")
    if type_ == "misc" and (work.url or work.arxiv_id or work.doi):
        return "online"
    return type_


def _describe(entry: Entry) -> tuple[str, Iterator[Field]]:
    type_ = entry_type(entry.work)
    return type_, _fields(type_, entry)


def _fields(type_: str, entry: Entry) -> Iterator[Field]:
    work = entry.work
    if entry.older_keys:
        yield "ids", _ids(entry)
    yield "title", latex.title(work.title, UNICODE)
    yield "author", latex_names.names(work.authors, UNICODE, MOST_AUTHORS)
    if work.year is not None:
        yield "date", _date(work)
    if type_ in _SUBTYPES:
        yield "type", _SUBTYPES[type_]
    if work.venue or work.venue.number:
        yield from _venue_fields(type_, work)
    if work.doi:
        yield "doi", latex.doi(work.doi)
    if work.arxiv_id:
        identifier, class_ = bibliography.eprint(work)
        yield "eprint", identifier
        yield "eprinttype", "arxiv" if identifier else ""
        yield "eprintclass", class_
    yield "url", bibliography.address(work)


def _venue_fields(type_: str, work: Work) -> Iterator[Field]:
    venue = work.venue
    place, others = _VENUE_FIELDS[type_]
    name = venue.name or venue.short
    if "publisher" not in others and type_ != "article":
        name = name or venue.publisher
    if not is_own_name(name, work):
        yield place, _list_item(name) if place in _LISTS else latex.escape(name, UNICODE)
    if "volume" in others:
        yield "volume", latex.escape(venue.volume, UNICODE)
    if "number" in others:
        yield "number", latex.escape(venue.number, UNICODE)
    if "pages" in others:
        yield "pages", bibliography.pages(venue.pages, UNICODE)
    if "publisher" in others:
        yield "publisher", _list_item(venue.publisher)
    if type_ in _SHORT_NAMES and venue.name and venue.short != venue.name:
        yield _SHORT_NAMES[type_], latex.escape(venue.short, UNICODE)


def _list_item(text: str) -> str:
    """Publishers and institutions are lists, which biber cuts at ``and``."""
    written = latex.escape(text, UNICODE)
    return f"{{{written}}}" if " and " in written.casefold() else written


def _date(work: Work) -> str:
    """Return the date as ISO 8601 has it, as far as it is known and there is such a day."""
    year, month, day = work.year, work.month, work.day
    if year is None or not -9999 <= year <= 9999:
        return ""
    written = f"{year:04d}" if year >= 0 else f"{year:05d}"
    if not month or not 1 <= month <= 12:
        return written
    written += f"-{month:02d}"
    return f"{written}-{day:02d}" if day and _is_day(year, month, day) else written


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _ids(entry: Entry) -> str:
    """Return the keys that the paper had before, without what cannot stand in a list of keys."""
    found: dict[str, str] = {}
    for key in entry.older_keys:
        folded = fold_key(key)
        if is_citekey(key) and folded != fold_key(entry.citekey):
            found.setdefault(folded, key)
    return ",".join(found.values())


_TYPES = {
    "article": "article",
    "inproceedings": "inproceedings",
    "chapter": "incollection",
    "book": "book",
    "thesis": "thesis",
    "report": "report",
    "dataset": "dataset",
    "software": "software",
}
_SUBTYPES = {"thesis": "phdthesis", "report": "techreport"}

# The field that names the venue, and which others of a venue the type has.
_VENUE_FIELDS = {
    "article": ("journaltitle", ("volume", "number", "pages")),
    "inproceedings": ("booktitle", ("volume", "number", "pages", "publisher")),
    "incollection": ("booktitle", ("volume", "number", "pages", "publisher")),
    "book": ("series", ("volume", "number", "pages", "publisher")),
    "thesis": ("institution", ("pages",)),
    "report": ("institution", ("number", "pages")),
    "dataset": ("organization", ("number", "publisher")),
    "software": ("organization", ()),
    "online": ("organization", ()),
    "misc": ("howpublished", ()),
}
_SHORT_NAMES = {"inproceedings": "eventtitle", "article": "shortjournal"}
_LISTS = ("institution", "organization")

_DIALECT = Dialect(UNICODE, _describe, annotation="annotation")
