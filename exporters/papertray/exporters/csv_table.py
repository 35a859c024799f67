"""Tables for spreadsheets, pandas and R: a header, and a record for each paper.

RFC 4180 in UTF-8, but that lines end in ``\\n``, as in every file of papertray. Authors and tags
share a cell each, with ``; `` between. Spreadsheets run a cell that begins with ``=``, ``+``, ``-``
or ``@`` as a formula, and some begin a new cell at a semicolon: an apostrophe stands before any
such beginning, as before text that is typed into them. `papertray add` takes it away again. See
https://owasp.org/www-community/attacks/CSV_Injection.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator

from papertray.core.model import Author, Entry
from papertray.core.names import parse_author
from papertray.core.segments import many_lines, one_line
from papertray.exporters.exporter import ExportOptions
from papertray.exporters.private import visible_notes

COLUMNS = (
    "id", "uid", "citekey", "title", "abstract", "authors", "year", "venue", "doi", "arxiv_id",
    "url", "pile", "done", "tags", "notes", "added", "type", "month", "day", "venue_short",
    "volume", "number", "pages", "publisher",
)  # fmt: skip
"""What the columns are called; those of abstracts and notes are there only if they are wanted."""


def write(entries: Iterable[Entry], options: ExportOptions) -> Iterator[str]:
    """Yield a header and one record for each of `entries`.

    The notes of a paper share a cell, with blank lines between.
    """
    unwanted = {
        *(() if options.abstracts else ("abstract",)),
        *(() if options.notes else ("notes",)),
    }
    columns = [name for name in COLUMNS if name not in unwanted]
    record = io.StringIO()
    writer = csv.writer(record, lineterminator="\n")
    writer.writerow(columns)
    for entry in entries:
        yield record.getvalue()
        record.seek(0)
        record.truncate()
        cells = _cells(entry, options)
        writer.writerow([_harmless(cells[name]) for name in columns])
    yield record.getvalue()


def _cells(entry: Entry, options: ExportOptions) -> dict[str, str]:
    work, venue = entry.work, entry.work.venue
    return {
        "id": str(entry.id),
        "uid": one_line(entry.uid),
        "citekey": one_line(entry.citekey),
        "title": one_line(work.title),
        "abstract": _paragraphs(work.abstract) if options.abstracts else "",
        "authors": "; ".join(filter(None, map(_name, work.authors))),
        "year": str(work.year or ""),
        "venue": one_line(venue.name or venue.short),
        "doi": one_line(work.doi),
        "arxiv_id": one_line(work.arxiv_id),
        "url": one_line(work.url),
        "pile": entry.pile.value,
        "done": one_line(entry.done),
        "tags": "; ".join(one_line(tag.replace(";", ",")) for tag in entry.tags),
        "notes": _notes(entry, options) if options.notes and entry.notes else "",
        "added": one_line(entry.added),
        "type": work.type,
        "month": str(work.month or ""),
        "day": str(work.day or ""),
        "venue_short": one_line(venue.short) if venue.name else "",
        "volume": one_line(venue.volume),
        "number": one_line(venue.number),
        # "3-4" would become a date.
        "pages": _HYPHEN.sub("–", one_line(venue.pages)),
        "publisher": one_line(venue.publisher),
    }


def _name(author: Author) -> str:
    """Return a name in reading order, or the surname first where that alone could tell it."""
    name = one_line(author.display).replace(";", ",")
    if parse_author(name) == author or not name:
        return name
    if author.literal or not author.family:
        return f"{{{name}}}"
    family = f"{author.particle} {author.family}"
    parts = (family, author.suffix, author.given)
    return ", ".join(filter(None, map(one_line, parts))).replace(";", ",")


def _paragraphs(text: str) -> str:
    """Return running text with blank lines between its paragraphs, as tables have them."""
    return _LINE_ENDS.sub("\n\n", many_lines(text).strip())


def _notes(entry: Entry, options: ExportOptions) -> str:
    shown = visible_notes(entry.notes, private=options.private)
    return "\n\n".join(body.strip("\n") for _, body in shown)


def _harmless(cell: str) -> str:
    return _FORMULA.sub(r"\1'", cell) if _BEGINS_ONE.search(cell) else cell


_LINE_ENDS = re.compile(r"\n\s*")
_HYPHEN = re.compile(r"(?<=\w)-+(?=\w)")
_BEGINS_ONE = re.compile(r"[=+\-@＝＋－＠]")
# Behind an apostrophe of the text itself there is another, so that taking one away is enough.
_FORMULA = re.compile(r"(?:^|(?<=[;\t\n]))([^\S\t\n]*)(?='*[=+\-@＝＋－＠])")
