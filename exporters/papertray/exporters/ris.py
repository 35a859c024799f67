"""RIS, for EndNote, Mendeley, Zotero, JabRef and tools for systematic reviews.

A line is a tag of two characters, two spaces, a hyphen, a space and a value. The format is that of
Research Info Systems (https://en.wikipedia.org/wiki/RIS_(file_format) has the tags of 2011); where
programs differ, what most of them read is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from papertray.core.model import Author, Entry, Note, Work
from papertray.core.segments import one_line
from papertray.exporters.cited_work import address_of, kind_of, venue_names
from papertray.exporters.exporter import ExportOptions
from papertray.exporters.private import visible_notes


def write(entries: Iterable[Entry], options: ExportOptions) -> Iterator[str]:
    """Yield the text of a file, record by record, with a blank line between.

    Each tag becomes a ``KW``, and each note, only if asked for, an ``N1``.
    """
    separator = ""
    for entry in entries:
        lines = [f"{tag}  - {value}\n" for tag, value in _lines(entry, options) if value]
        yield f"{separator}{''.join(lines)}ER  - \n"
        separator = "\n"


def _lines(entry: Entry, options: ExportOptions) -> Iterator[tuple[str, str]]:
    work = entry.work
    kind = kind_of(work)
    yield "TY", _TYPES[kind]
    yield "ID", one_line(entry.citekey)
    for author in work.authors:
        yield "AU", _name(author)
    yield "TI", one_line(work.title)
    if work.year:
        yield "PY", str(work.year)
        yield "DA", _date(work)
    yield from _venue_lines(work, kind)
    yield "DO", one_line(work.doi)
    if work.arxiv_id:
        yield "DB", "arXiv"
        yield "AN", f"arXiv:{one_line(work.arxiv_id)}"
    yield "UR", address_of(work)  # one only: Zotero makes a note of a second
    if options.abstracts:
        yield "AB", one_line(work.abstract)
    for tag in sorted(set(entry.tags)):
        yield "KW", one_line(tag.replace(";", ","))  # some programs cut a line at semicolons
    if options.notes and entry.notes:
        for note in _notes(entry.notes, private=options.private):
            yield "N1", note


def _name(author: Author) -> str:
    """Return ``particle Family, Given, Suffix``; a body of several words ends in a comma.

    So EndNote is told that the last word is no surname.
    """
    if author.stands_for_others:
        return author.literal
    family = one_line(f"{author.particle} {author.family}")
    if author.literal or not (family and author.given):
        name = one_line(author.display)
        return f"{name}," if " " in name and "," not in name else name
    return ", ".join(filter(None, (family, one_line(author.given), one_line(author.suffix))))


def _date(work: Work) -> str:
    """Return ``2017/06/12/``: RIS has room for a season behind the last stroke."""
    if not (work.month and 1 <= work.month <= 12):
        return ""
    day = f"{work.day:02}" if work.day else ""
    return f"{work.year:04}/{work.month:02}/{day}/"


def _venue_lines(work: Work, kind: str) -> Iterator[tuple[str, str]]:
    venue = work.venue
    name, short = map(one_line, venue_names(work))
    if kind in ("thesis", "report"):
        yield "PB", name or one_line(venue.publisher)
    else:
        yield "T2", name
        yield "J2", short
        yield "PB", one_line(venue.publisher)
    yield "VL", one_line(venue.volume)
    yield "IS", one_line(venue.number)
    pages = one_line(venue.pages)
    if found := _PAGES.fullmatch(pages):
        yield "SP", found[1]
        yield "EP", found[2]
    else:
        yield "SP", pages


def _notes(notes: Iterable[Note], *, private: bool) -> Iterator[str]:
    """Yield notes with their lines; none of these begins as a tag does."""
    for title, body in visible_notes(notes, private=private):
        text = "\n".join(filter(None, (one_line(title), body.strip())))
        yield _TAG.sub("\\1–", text)


_PAGES = re.compile(r"(\w+)\s*[-‐‑–—]+\s*(\w+)")
# Tolerant readers take fewer blanks, small letters and indented tags as well.
_TAG = re.compile(r"^([\s\ufeff]*\w\w[ \t]*)-", re.MULTILINE)

_TYPES = {
    "preprint": "UNPB",
    "article": "JOUR",
    "inproceedings": "CPAPER",
    "book": "BOOK",
    "chapter": "CHAP",
    "thesis": "THES",
    "report": "RPRT",
    "dataset": "DATA",
    "software": "COMP",
    "misc": "GEN",
}
