"""The formats papertray writes. A format's module is imported when it is used."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING

from papertray.core.errors import UnknownFormat
from papertray.exporters.exporter import Exporter

if TYPE_CHECKING:  # hooks are what plugins need; writing a built-in format does not
    from papertray.core.hooks import RegisterExporter


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


def register_exporters(register: RegisterExporter) -> None:
    """Register the built-in exporters, as a plugin registers its own."""
    for row in _ROWS:
        register(
            row.name,
            row.target,
            description=row.description,
            suffix=row.suffix,
            notes=row.notes,
            by_pile=row.by_pile,
        )


class Formats:
    """The built-in formats, and those of plugins once none of the built-in ones will do."""

    def __init__(self, more: Callable[[], Iterable[Format]] = tuple) -> None:
        """`more` finds the formats of plugins; it is called at most once."""
        self._find_more = more

    @cached_property
    def _more(self) -> dict[str, Format]:
        return {row.name: row for row in self._find_more()}

    def all(self) -> tuple[Format, ...]:
        """Return all formats, the built-in ones first."""
        return (*FORMATS.values(), *self._more.values())

    def find(self, name: str) -> Format:
        """Return the format called `name`, ignoring case and a leading dot.

        Raises `UnknownFormat`, which names the formats there are and the nearest one.
        """
        wanted = name.strip().lstrip(".").lower()
        found = FORMATS.get(wanted) or self._more.get(wanted)
        if found is not None:
            return found
        # Only imported on the way to an error.
        from difflib import get_close_matches

        rows = self.all()
        names = {alias: row.name for row in rows for alias in (row.name, row.suffix.lstrip("."))}
        near = get_close_matches(wanted, names, n=1, cutoff=0.5)
        hint = f" Did you mean {names[near[0]]}?" if near else ""
        there_are = ", ".join(row.name for row in rows)
        raise UnknownFormat(
            f"papertray writes no format called {name!r}.{hint} There are: {there_are}."
        )

    def of_suffix(self, suffix: str) -> Format | None:
        """Return the format whose files end so (``.bib``), or None."""
        built_in = (row for row in FORMATS.values() if row.suffix == suffix.lower())
        return next(built_in, None) or next(
            (row for row in self._more.values() if row.suffix == suffix.lower()), None
        )
