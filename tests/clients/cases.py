"""The papers of ``records.toml``, as a tray hands them to an exporter, and what must hold of them.

Import with ``from .cases import CASES, written``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from papertray.core import citekeys
from papertray.core.model import Entry, Pile, Record
from papertray.core.records import record_from_json
from papertray.exporters.exporter import ExportOptions
from papertray.exporters.table import FORMATS

from strategies import entry, note, visible_line


@dataclass(frozen=True, slots=True)
class Expected:
    """Pieces that the text of one paper has and lacks, and the type of its entry, if it matters."""

    has: Sequence[str] = ()
    lacks: Sequence[str] = ()
    type: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """One paper with what must hold of it: see the head of ``records.toml`` for what each means."""

    why: str
    entry: Entry
    unicode_tex: bool = False
    misread: frozenset[str] = frozenset()
    must: Mapping[str, Expected] = field(default_factory=dict)
    noted: Mapping[str, Expected] = field(default_factory=dict)
    key: str = ""
    key_like: str = ""
    ascii: bool = False
    people: Sequence[Mapping[str, str]] = ()

    @property
    def title(self) -> str:
        """The title on one line, as every reader must show it."""
        return visible_line(self.entry.work.title)

    def __str__(self) -> str:
        return f"{self.entry.citekey} ({self.why})"


def read_cases(path: Path) -> list[Case]:
    """Return the cases of a file like ``records.toml``, with citation keys given as a tray does."""
    tables = tomllib.loads(path.read_text(encoding="utf-8"))["record"]
    kept: list[Record] = []
    for number, table in enumerate(tables):
        fields = {name: value for name, value in table.items() if name not in _NO_FIELDS}
        record = record_from_json(fields, f"record {number + 1}")
        assert isinstance(record, Record), (table["why"], record)
        kept.append(record)
    return [_case(*pair) for pair in zip(tables, _entries(kept), strict=True)]


def _entries(records: Sequence[Record]) -> Iterable[Entry]:
    """Keys that were brought are kept; the others are given in this order."""
    brought = {citekeys.fold_key(record.citekey) for record in records if record.citekey}
    without = [n for n, record in enumerate(records) if not record.citekey]
    bases = [citekeys.citekey(records[n].work, f"uid{n}") for n in without]
    given = dict(zip(without, citekeys.first_free(bases, brought), strict=True))
    for number, record in enumerate(records):
        decided = record.decisions
        yield entry(
            record.work,
            record.citekey or given[number][1],
            uid=f"uid{number}",
            pile=decided.pile or Pile.READ,
            tags=decided.tags,
            notes=tuple(note(one.body, one.title) for one in decided.notes),
        )


def _case(table: Mapping[str, Any], kept: Entry) -> Case:
    must = dict(table.get("must", {}))
    noted = must.pop("noted", {})
    rest = {name: must.pop(name) for name in ("key", "key_like", "ascii", "people") if name in must}
    assert must.keys() | noted.keys() <= FORMATS.keys(), (table["why"], [*must, *noted])
    return Case(
        table["why"],
        kept,
        unicode_tex=table.get("unicode_tex", False),
        misread=frozenset(table.get("misread", ())),
        must={name: Expected(**expected) for name, expected in must.items()},
        noted={name: Expected(**expected) for name, expected in noted.items()},
        **rest,
    )


_NO_FIELDS = frozenset({"why", "must", "unicode_tex", "misread"})

CASES = read_cases(Path(__file__).with_name("records.toml"))


def written(name: str, entries: Iterable[Entry], **options: object) -> str:
    """Return the file that the format called `name` makes of `entries`, in the order of a tray."""
    ordered = sorted(entries, key=lambda kept: citekeys.fold_key(kept.citekey))
    chosen = ExportOptions(**options)  # type: ignore[arg-type]
    return "".join(FORMATS[name].load()(ordered, chosen))


def entries_of(cases: Iterable[Case]) -> list[Entry]:
    """Return the entries of `cases`."""
    return [case.entry for case in cases]


def for_pdftex(cases: Iterable[Case]) -> list[Case]:
    """Return the cases that pdfTeX has letters for."""
    return [case for case in cases if not case.unicode_tex]
