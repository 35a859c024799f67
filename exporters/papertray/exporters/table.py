"""The formats papertray writes: one table. A format's module is imported when it is used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module

from papertray.core.errors import UnknownFormat
from papertray.exporters.exporter import Exporter


@dataclass(frozen=True, slots=True)
class Format:
    """One row: how a format is called, what it is for, and where its exporter is found.

    `target` is a dotted name, ``package.module:function``. `notes` says whether notes are written
    unless the user says otherwise, `by_pile` whether entries must come ordered by pile (starred,
    read, inbox, skip) before citekey.
    """

    name: str
    target: str
    description: str
    suffix: str
    notes: bool = False
    by_pile: bool = False

    def load(self) -> Exporter:
        """Import the format's module and return its exporter."""
        module, _, function = self.target.partition(":")
        exporter: Exporter = getattr(import_module(module), function)
        return exporter


_ROWS = (
    Format(
        "bibtex",
        "papertray.exporters.bibtex:write",
        "Bibliography for BibTeX, natbib, pandoc and reference managers",
        ".bib",
    ),
    Format(
        "markdown",
        "papertray.exporters.markdown:write",
        "Annotated reading list for pandoc, Quarto, Obsidian and GitHub",
        ".md",
        notes=True,
        by_pile=True,
    ),
    Format(
        "jsonl",
        "papertray.exporters.jsonlines:write",
        "Everything papertray knows, one JSON object a line, for papertray and scripts",
        ".jsonl",
        notes=True,
    ),
)

FORMATS: Mapping[str, Format] = {row.name: row for row in _ROWS}
"""The built-in formats by name, in the order in which they are listed to the user."""


def find(name: str) -> Format:
    """Return the format called `name`, ignoring case and a leading dot.

    Raises `UnknownFormat`, which names the formats there are and the nearest one.
    """
    wanted = name.strip().lstrip(".").lower()
    if wanted in FORMATS:
        return FORMATS[wanted]
    # Only imported on the way to an error.
    from difflib import get_close_matches

    names = {alias: row.name for row in _ROWS for alias in (row.name, row.suffix.lstrip("."))}
    near = get_close_matches(wanted, names, n=1, cutoff=0.5)
    hint = f" Did you mean {names[near[0]]}?" if near else ""
    raise UnknownFormat(
        f"papertray writes no format called {name!r}.{hint} There are: {', '.join(FORMATS)}."
    )
