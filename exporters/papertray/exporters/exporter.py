"""What an exporter is: a function from entries to pieces of text, or from an entry to a page.

Exporters are pure. They take entries one at a time and yield text for each before they ask for the
next, so a library of any size can be written. They open no file, ask no clock, and never write a
date or a version of their own: the same entries give the same bytes.

The caller promises that every entry has a citekey, and that entries come ordered by citekey
(casefolded), or by group first where the format is a grouped one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from papertray.core.grouping import GROUPS as GROUPS
from papertray.core.model import Entry


def _of_no_paper(name: str) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """What the user may choose about an export. Each format uses what it has a place for.

    `notes`: write the notes. `private`: also what they mark as private. `abstracts`: write the
    abstracts. `title`: the heading of a list. `bibliography`: name of the bibliography file that
    a list's citations refer to; empty for none. `group`: one of `GROUPS`, what a grouped
    format has headings for; empty for none. `paper_of` says of the name in a link ``[[name]]`` of
    a note which paper it means, by citation key; empty where it means none.
    """

    notes: bool = False
    private: bool = False
    abstracts: bool = True
    title: str = "Reading list"
    bibliography: str = ""
    group: str = "pile"
    paper_of: Callable[[str], str] = _of_no_paper


class Page(NamedTuple):
    """One file of a folder: its name, which holds no separator, and its text."""

    name: str
    text: str


Exporter: TypeAlias = Callable[[Iterable[Entry], ExportOptions], Iterator[str]]
"""Yields the text of a file piece by piece; encoding is UTF-8, lines end in ``\\n``."""

PageExporter: TypeAlias = Callable[[Entry, ExportOptions], Page]
"""Returns the page of one paper, for formats that write a folder with a file for each."""
