"""Two papers side by side, with a sign in front of what differs. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

from papertray.core.clean import clean
from papertray.core.counting import counted
from papertray.core.model import Entry
from papertray.tui.preview import NAMES, authors
from papertray.tui.text import Paragraph, fit, wrap

BESIDE = 76
"""Cells from which the papers stand side by side; with fewer, below each other."""

WIDEST = 110
"""Cells that are used at most: as wide as a pane writes."""

DIFFERS = "≠"

MOST_OF_ABSTRACT = 400
"""Letters shown of an abstract."""

_NAME = 10
"""Cells for the sign and the name of a field."""

_EMPTY = "·"


def compared(one: Entry, other: Entry, survivor: int, width: int) -> list[Paragraph]:
    """Return two papers field by field, all clean, in lines of at most `width` cells.

    `survivor` is the id of the one that a merge would keep.
    """
    width = min(width, WIDEST)
    found = _line("", _fate(one, survivor), _fate(other, survivor), width, is_strong=True)
    for (name, ours), (_, theirs) in zip(_fields(one), _fields(other), strict=True):
        if ours or theirs:
            found += _line(name, ours, theirs, width)
    return found


def _fate(entry: Entry, survivor: int) -> str:
    said = "stays" if entry.id == survivor else "becomes part of it"
    return clean(f"{entry.citekey or f'paper {entry.id}'}: {said}")


def _fields(entry: Entry) -> Iterator[tuple[str, str]]:
    """Yield the fields that are compared, in the same order for each paper."""
    work = entry.work
    stands = NAMES[entry.pile] + (f", done {entry.done}" if entry.done else "")
    abstract = " ".join(work.abstract[: MOST_OF_ABSTRACT + 1].split())
    if len(work.abstract) > MOST_OF_ABSTRACT:
        abstract = abstract[:MOST_OF_ABSTRACT] + "…"
    fields = (
        ("title", work.title),
        ("authors", authors(work, 6)),
        ("year", str(work.year or "")),
        ("venue", work.venue.name or work.venue.short),
        ("arXiv", work.arxiv_id),
        ("DOI", work.doi),
        ("pile", stands),
        ("tags", "  ".join(entry.tags)),
        ("notes", counted(len(entry.notes), "note") if entry.notes else ""),
        ("seen", "; ".join(dict.fromkeys(one.feed for one in entry.sightings))),
        ("abstract", abstract),
    )
    for name, text in fields:
        yield name, clean(text)


def _line(
    name: str, ours: str, theirs: str, width: int, *, is_strong: bool = False
) -> list[Paragraph]:
    differs = name and ours.casefold() != theirs.casefold()
    label = f"{DIFFERS if differs else ' '} {name:<{_NAME - 2}}"
    if width < BESIDE:
        shown = (ours, theirs) if differs or not name else (ours,)
        lines = [line for text in shown for line in wrap(text or _EMPTY, width - _NAME)]
        return [
            Paragraph(f"{label if number == 0 else ' ' * _NAME}{line}", is_strong=is_strong)
            for number, line in enumerate(lines)
        ]
    column = (width - _NAME - 3) // 2
    pairs = zip_longest(wrap(ours or _EMPTY, column), wrap(theirs or _EMPTY, column), fillvalue="")
    return [
        Paragraph(
            f"{label if number == 0 else ' ' * _NAME}{fit(left, column)} │ {right}",
            is_strong=is_strong,
        )
        for number, (left, right) in enumerate(pairs)
    ]
