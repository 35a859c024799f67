"""Papers on stdout: as a table, as JSON, JSON Lines and CSV, as citation keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from papertray.cli import output
from papertray.core.clean import clean
from papertray.core.model import Entry
from papertray.core.paper_json import CODES as CODES
from papertray.core.paper_json import json_text as json_text
from papertray.core.paper_json import paper_json as paper_json

_CHUNK = 200
_MOST = (9, 7, 4, 16)  # cells of number, pile, year and author


def name_of(entry: Entry) -> str:
    """Return what the user can call a paper: its citation key, else its number."""
    return entry.citekey or str(entry.id)


def first_author(entry: Entry) -> str:
    """Return the first author as a list shows it."""
    return entry.work.authors[0].short if entry.work.authors else ""


def as_table(
    entries: Iterable[Entry], beneath: Callable[[Entry], str] | None = None
) -> Iterator[str]:
    """Yield aligned columns for a terminal, tab-separated ones, nothing cut, for a pipe.

    A terminal gets the paper's number: a citation key that had to be cut would name nothing. It
    also gets what `beneath` returns for a paper, a harmless line or nothing.
    """
    if not output.is_terminal():
        for entry in entries:
            yield "\t".join(map(clean, (name_of(entry), *_row(entry)))) + "\n"
        return
    entries = iter(entries)
    header = ["no", "pile", "year", "author", "title"]
    while chunk := list(islice(entries, _CHUNK)):
        rows = [list(map(clean, (str(entry.id), *_row(entry)))) for entry in chunk]
        shown = [name if any(row[n] for row in rows) else "" for n, name in enumerate(header)]
        lines = output.layout([shown, *rows], _MOST, output.width())
        if header[0]:
            yield output.dimmed(lines[0]) + "\n"
            header = [""] * len(header)
        for entry, line in zip(chunk, lines[1:], strict=True):
            yield line + "\n"
            if beneath is not None and (more := beneath(entry)):
                yield more + "\n"


def _row(entry: Entry) -> Sequence[str]:
    year = "" if entry.work.year is None else str(entry.work.year)
    return entry.pile.value, year, first_author(entry), entry.work.title


def as_json(entries: Iterable[Entry]) -> Iterator[str]:
    """Yield one array, an object a line."""
    before = "["
    for entry in entries:
        yield before + "\n" + json_text(paper_json(entry))
        before = ","
    yield "[]\n" if before == "[" else "\n]\n"


def as_json_lines(entries: Iterable[Entry]) -> Iterator[str]:
    """Yield one object a line."""
    for entry in entries:
        yield json_text(paper_json(entry)) + "\n"


def as_csv(entries: Iterable[Entry]) -> Iterator[str]:
    """Yield the table that an export writes, with all notes: the user's own terminal sees them."""
    from papertray.exporters.csv_table import write
    from papertray.exporters.exporter import ExportOptions

    yield from write(entries, ExportOptions(notes=True, private=True))


def as_citekeys(entries: Iterable[Entry]) -> Iterator[str]:
    """Yield one citation key a line."""
    for entry in entries:
        yield clean(name_of(entry)) + "\n"


FORMATS: dict[str, Callable[[Iterable[Entry]], Iterator[str]]] = {
    "table": as_table,
    "json": as_json,
    "jsonl": as_json_lines,
    "csv": as_csv,
    "citekeys": as_citekeys,
}
"""The formats of `list` by name; each yields pieces of text that are harmless on a terminal."""
