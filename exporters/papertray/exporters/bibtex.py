"""Bibliographies for BibTeX, and for the many programs that read what BibTeX reads.

All that TeX can spell is ASCII, since BibTeX counts and sorts bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from papertray.core.model import Entry, Work
from papertray.exporters import bibliography, latex, latex_names
from papertray.exporters.bibliography import Dialect, Field
from papertray.exporters.cited_work import is_own_name, work_type
from papertray.exporters.exporter import ExportOptions
from papertray.exporters.latex_spelling import ASCII


def write(entries: Iterable[Entry], options: ExportOptions) -> Iterator[str]:
    """Yield the text of a .bib file for BibTeX, entry by entry, with a blank line between.

    Notes become ``annote``, which no style prints unasked; tags become ``keywords``.
    """
    return bibliography.write(entries, options, _DIALECT)


def entry_type(work: Work) -> str:
    """Return the BibTeX entry type of `work`, guessed from its venue where it is not known."""
    return _TYPES.get(work_type(work), _MISC)[0]


def _describe(entry: Entry) -> tuple[str, Iterator[Field]]:
    type_, place = _TYPES.get(work_type(entry.work), _MISC)
    return type_, _fields(type_, place, entry.work)


def _fields(type_: str, place: str, work: Work) -> Iterator[Field]:
    authors = latex_names.names(work.authors)
    yield "title", latex.title(work.title)
    yield "author", authors
    if not authors:
        yield "key", _label(work.title)
    yield "year", str(work.year) if work.year else ""
    if work.month and 1 <= work.month <= 12:
        yield "month", _MONTHS[work.month - 1]
        yield "day", str(work.day) if work.day else ""  # for readers, not for styles
    if work.venue or work.venue.number:
        yield from _venue_fields(type_, place, work)
    if work.doi:
        yield "doi", latex.doi(work.doi)
    if work.arxiv_id:
        identifier, class_ = bibliography.eprint(work)
        yield "eprint", identifier
        yield "archiveprefix", "arXiv" if identifier else ""
        yield "primaryclass", class_
    yield "url", bibliography.address(work)


def _venue_fields(type_: str, place: str, work: Work) -> Iterator[Field]:
    venue = work.venue
    name = venue.name or venue.short
    if place in _BODIES:
        name = name or venue.publisher
    if not is_own_name(name, work):
        # Titles of proceedings and journals are printed as they are.
        yield place, latex.escape(name)
    yield "volume", latex.escape(venue.volume)
    yield "number", latex.escape(venue.number)
    yield "pages", bibliography.pages(venue.pages, ASCII)
    if place not in _BODIES or name != venue.publisher:
        yield "publisher", latex.escape(venue.publisher)
    if type_ == "inproceedings" and venue.name and venue.short != venue.name:
        yield "series", latex.escape(venue.short)


def _label(title: str) -> str:
    """Return what styles that make labels of authors are to use where there is none.

    Some styles hold no more than 250 bytes, so it is the beginning of the title only.
    """
    shown = latex.fit(title)
    if len(shown) > _LONGEST_LABEL:
        shown = shown[:_LONGEST_LABEL].rpartition(" ")[0] or shown[:_LONGEST_LABEL]
    return latex_names.label(shown)


_LONGEST_LABEL = 40
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

# The type of an entry, and the field that names its venue.
_TYPES = {
    "article": ("article", "journal"),
    "inproceedings": ("inproceedings", "booktitle"),
    "chapter": ("incollection", "booktitle"),
    "book": ("book", "series"),
    "thesis": ("phdthesis", "school"),
    "report": ("techreport", "institution"),
}
_MISC = ("misc", "howpublished")
_BODIES = ("school", "institution")

_DIALECT = Dialect(ASCII, _describe, annotation="annote")
