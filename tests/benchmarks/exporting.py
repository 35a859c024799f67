"""Exporters, from records in memory."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import timing
from measurement import Bar, Bench, Better, Measurement
from papertray.core.model import Entry
from papertray.exporters.exporter import Exporter, ExportOptions
from papertray.store.papers import View

ENTRIES = 10_000


def measure(bench: Bench) -> Iterator[Measurement]:
    """Yield entries a second. There is no floor: escaping is the work itself."""
    with bench.copy.open() as notebook:
        kept = [*notebook.papers.ids(View.STARRED), *notebook.papers.ids(View.READ)]
        entries = list(notebook.papers.entries(kept[:ENTRIES]))
        formats = {name: notebook.exports.find(name) for name in ("bibtex", "markdown", "jsonl")}
    cases = [
        ("BibTeX without abstracts", "bibtex", ExportOptions(abstracts=False), Bar(20_000)),
        ("BibTeX with abstracts", "bibtex", ExportOptions(), Bar(12_000)),
        ("Markdown with notes", "markdown", ExportOptions(notes=True), None),
        ("JSON Lines with notes", "jsonl", ExportOptions(notes=True), None),
    ]
    actions = [
        partial(_write, formats[name].load(), entries, options) for _, name, options, _ in cases
    ]
    times = timing.in_turn(actions, bench.rounds)
    for (name, _, _, bar), taken in zip(cases, times, strict=True):
        rate = len(entries) / min(taken)
        yield Measurement(name, "entries/s", rate, bar=bar, better=Better.MORE)


def _write(exporter: Exporter, entries: list[Entry], options: ExportOptions) -> int:
    return sum(map(len, exporter(entries, options)))
