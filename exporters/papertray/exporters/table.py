"""The formats papertray writes. A format's module is imported when it is used."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from importlib import import_module
from typing import TYPE_CHECKING

from papertray.core.errors import UnknownFormat
from papertray.core.grouping import NO_GROUP
from papertray.exporters.exporter import Exporter, ExportOptions, PageExporter

if TYPE_CHECKING:  # hooks are what plugins need; writing a built-in format does not
    from papertray.core.hooks import RegisterExporter
    from papertray.core.model import Entry


@dataclass(frozen=True, slots=True)
class Format:
    """One row: how a format is called, what it is for, and where its exporter is found.

    `target` is a dotted name, ``package.module:function``, of an `Exporter`, or of a `PageExporter`
    where the format `is_folder`: then each paper is a file of its own, with this `suffix`. `notes`
    says whether notes are written unless the user says otherwise, `is_grouped` whether papers come
    by `ExportOptions.group` first, and by citekey only then. One that `holds_trays` has a place for
    all of a tray, and gives it back. Where an entry `has_one_key`, a text can cite it by no other.
    """

    name: str
    target: str
    description: str
    suffix: str
    notes: bool = False
    is_grouped: bool = False
    is_folder: bool = False
    holds_trays: bool = False
    has_one_key: bool = False

    def options(
        self,
        *,
        notes: bool | None,
        private: bool,
        abstracts: bool,
        group: str,
        title: str,
        bibliography: str,
    ) -> ExportOptions:
        """Return what a user chose for an export in this format.

        `notes` None is as usual for the format, an empty `title` the usual one; `group` may be
        `NO_GROUP`. The rest is as `ExportOptions` has it.
        """
        return ExportOptions(
            notes=self.notes if notes is None else notes,
            private=private,
            abstracts=abstracts,
            title=title or ExportOptions().title,
            bibliography=bibliography,
            group="" if group == NO_GROUP else group,
        )

    def load(self) -> Exporter:
        """Import the format's module and return its exporter; a folder's pages in a row."""
        if self.is_folder:
            return partial(_in_a_row, self.load_pages())
        module, _, function = self.target.partition(":")
        exporter: Exporter = getattr(import_module(module), function)
        return exporter

    def load_pages(self) -> PageExporter:
        """Import the format's module and return what makes its pages, for a folder only."""
        module, _, function = self.target.partition(":")
        exporter: PageExporter = getattr(import_module(module), function)
        return exporter


def _in_a_row(
    page: PageExporter, entries: Iterable[Entry], options: ExportOptions
) -> Iterator[str]:
    separator = ""
    for entry in entries:
        yield separator + page(entry, options).text
        separator = "\n"


_ROWS = (
    Format(
        "bibtex",
        "papertray.exporters.bibtex:write",
        "Bibliography for BibTeX, natbib, pandoc and reference managers",
        ".bib",
        has_one_key=True,
    ),
    Format(
        "biblatex",
        "papertray.exporters.biblatex:write",
        "Bibliography for BibLaTeX and biber",
        ".bib",
    ),
    Format(
        "csl-json",
        "papertray.exporters.csl_json:write",
        "Bibliography for Zotero, pandoc and Quarto",
        ".json",
        has_one_key=True,
    ),
    Format(
        "ris",
        "papertray.exporters.ris:write",
        "Bibliography for EndNote, Mendeley and other reference managers",
        ".ris",
    ),
    Format(
        "markdown",
        "papertray.exporters.markdown:write",
        "Annotated reading list for pandoc, Quarto, Obsidian and GitHub",
        ".md",
        notes=True,
        is_grouped=True,
    ),
    Format(
        "obsidian",
        "papertray.exporters.obsidian:page",
        "A folder with a Markdown file a paper, for Obsidian and Zettelkasten",
        ".md",
        notes=True,
        is_folder=True,
    ),
    Format(
        "logseq",
        "papertray.exporters.logseq:page",
        "A folder with a page a paper, for Logseq",
        ".md",
        notes=True,
        is_folder=True,
    ),
    Format(
        "org",
        "papertray.exporters.org:write",
        "Annotated reading list for Emacs, with citations of org-cite",
        ".org",
        notes=True,
        is_grouped=True,
    ),
    Format(
        "html",
        "papertray.exporters.html:write",
        "One page to read and search in any browser",
        ".html",
        notes=True,
        is_grouped=True,
    ),
    Format(
        "csv",
        "papertray.exporters.csv_table:write",
        "Table for spreadsheets and pandas",
        ".csv",
    ),
    Format(
        "jsonl",
        "papertray.exporters.jsonlines:write",
        "Everything papertray knows, one JSON object a line, for papertray and scripts",
        ".jsonl",
        notes=True,
        holds_trays=True,
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
            is_grouped=row.is_grouped,
            is_folder=row.is_folder,
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
        names = {
            alias: row.name
            for row in reversed(rows)  # of a suffix, the first format is meant
            for alias in (row.suffix.lstrip("."), row.name)
        }
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
            (
                row
                for row in self._more.values()
                if row.suffix == suffix.lower() and not row.is_folder
            ),
            None,
        )
