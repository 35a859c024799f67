"""What an exporter is: a function from entries to pieces of text.

Exporters are pure. They take entries one at a time and yield text for each before they ask for the
next, so a library of any size can be written. They open no file, ask no clock, and never write a
date or a version of their own: the same entries give the same bytes.

The caller promises that every entry has a citekey, and that entries come ordered by citekey
(casefolded), or by pile first where the format is grouped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from papertray.core.model import Entry


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """What the user may choose about an export. Each format uses what it has a place for.

    `notes`: write the notes. `private`: also what they mark as private. `abstracts`: write the
    abstracts. `title`: the heading of a list. `bibliography`: name of the bibliography file that
    a list's citations refer to; empty for none.
    """

    notes: bool = False
    private: bool = False
    abstracts: bool = True
    title: str = "Reading list"
    bibliography: str = ""


Exporter: TypeAlias = Callable[[Iterable[Entry], ExportOptions], Iterator[str]]
"""Yields the text of a file piece by piece; encoding is UTF-8, lines end in ``\\n``."""
