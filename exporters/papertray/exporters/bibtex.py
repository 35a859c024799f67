"""Bibliographies for BibTeX: one entry a paper, one field a line, always in the same order.

Nothing in the file changes unless a paper does: no date, no version, no aligned columns. Leaving
one paper out touches no line of another.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from papertray.core.model import Entry, Note, Venue, Work
from papertray.core.segments import one_line
from papertray.exporters import latex
from papertray.exporters.exporter import ExportOptions
from papertray.exporters.private import visible_notes


def write(entries: Iterable[Entry], options: ExportOptions) -> Iterator[str]:
    """Yield the text of a .bib file, entry by entry, with a blank line between.

    Notes become ``annote``, which no style prints unasked; tags become ``keywords``.
    """
    separator = ""
    for entry in entries:
        yield separator + _entry(entry, options)
        separator = "\n"


def _entry(entry: Entry, options: ExportOptions) -> str:
    work = entry.work
    kind = entry_type(work)
    fields = [
        ("title", latex.title(work.title)),
        ("author", latex.names(work.authors)),
        ("year", str(work.year) if work.year else ""),
        ("month", _month(work.month)),
        *_venue_fields(kind, work),
        ("doi", latex.doi(work.doi) if work.doi else ""),
        *_eprint_fields(work),
        ("url", latex.url(_address(work))),
    ]
    if options.abstracts:
        fields.append(("abstract", latex.escape(work.abstract)))
    if entry.tags:
        fields.append(("keywords", _keywords(entry.tags)))
    if options.notes and entry.notes:
        fields.append(("annote", _annotation(entry.notes, private=options.private)))
    lines = [
        f"  {name} = {value},\n" if name == "month" else f"  {name} = {{{value}}},\n"
        for name, value in fields
        if value
    ]
    return f"@{kind}{{{entry.citekey},\n{''.join(lines)}}}\n"


def entry_type(work: Work) -> str:
    """Return the BibTeX entry type of `work`, guessed from its venue where its type is not known.

    A preprint that has appeared is what it appeared as.
    """
    appeared = _BY_VENUE.get(work.venue.type, "")
    if work.type in ("", "preprint"):
        if appeared == "incollection" and work.venue.name in ("", work.title):
            return "book"
        return appeared or "misc"
    if work.type == "article" and not appeared and work.arxiv_id and not work.venue.name:
        return "misc"  # what some sources call an article that only arXiv has
    return _BY_TYPE.get(work.type, "misc")


def _venue_fields(kind: str, work: Work) -> Iterator[tuple[str, str]]:
    venue = work.venue
    if not venue:
        return
    name = venue.name or venue.short
    place = _VENUE_FIELD[kind]
    if place in ("school", "institution"):
        name = name or venue.publisher
    if not _is_own_name(name, work):
        # Titles of proceedings and journals are printed as they are.
        yield place, latex.escape(name)
    yield "volume", latex.escape(venue.volume)
    yield "number", latex.escape(venue.number)
    yield "pages", latex.escape(_pages(venue))
    if place not in ("school", "institution"):
        yield "publisher", latex.escape(venue.publisher)
    if kind == "inproceedings" and venue.name and venue.short != venue.name:
        yield "series", latex.escape(venue.short)


def _is_own_name(name: str, work: Work) -> bool:
    """A book is not its own series, and arXiv is said by the eprint fields."""
    return name == work.title or (bool(work.arxiv_id) and name.casefold().startswith("arxiv"))


def _pages(venue: Venue) -> str:
    # An en dash is written as two hyphens.
    return _PAGE_RANGE.sub("–", one_line(venue.pages))


def _month(month: int | None) -> str:
    return _MONTHS[month - 1] if month and 1 <= month <= 12 else ""


def _eprint_fields(work: Work) -> Iterator[tuple[str, str]]:
    identifier = _NOT_IN_IDENTIFIER.sub("", work.arxiv_id)
    if identifier:
        yield "eprint", identifier
        yield "archiveprefix", "arXiv"
        if "/" not in identifier:  # identifiers before 2007 name their archive themselves
            yield "primaryclass", _NOT_IN_IDENTIFIER.sub("", work.primary_class)


def _address(work: Work) -> str:
    if work.url or not work.arxiv_id:
        return work.url
    return f"https://arxiv.org/abs/{work.arxiv_id}"


def _keywords(tags: tuple[str, ...]) -> str:
    """Commas and semicolons separate keywords, so none may be inside of one."""
    spelled = {latex.escape(tag.replace(",", " ").replace(";", " ")) for tag in tags}
    return ", ".join(sorted(filter(None, spelled)))


def _annotation(notes: tuple[Note, ...], *, private: bool) -> str:
    paragraphs: list[str] = []
    for title, body in visible_notes(notes, private=private):
        paragraphs.extend((title, *_PARAGRAPH_END.split(body)))
    return r" \par ".join(filter(None, map(latex.escape, paragraphs)))


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_BY_VENUE = {
    "journal": "article",
    "conference": "inproceedings",
    "workshop": "inproceedings",
    "book": "incollection",
}
_BY_TYPE = {
    "article": "article",
    "inproceedings": "inproceedings",
    "book": "book",
    "chapter": "incollection",
    "thesis": "phdthesis",
    "report": "techreport",
}
_VENUE_FIELD = {
    "article": "journal",
    "inproceedings": "booktitle",
    "incollection": "booktitle",
    "book": "series",
    "phdthesis": "school",
    "techreport": "institution",
    "misc": "howpublished",
}

_PAGE_RANGE = re.compile(r"(?<=\w)\s*[-‐‑–—]+\s*(?=\w)")
_NOT_IN_IDENTIFIER = re.compile(r"[^A-Za-z0-9./-]")
_PARAGRAPH_END = re.compile(r"\n[ \t]*\n")
