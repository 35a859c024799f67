"""Exporters, from records in memory, and the memory that a whole library takes on its way out."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import timing
from library import PAPERTRAY
from measurement import Bar, Bench, Better, Measurement
from papertray.core.model import Entry
from papertray.exporters.exporter import Exporter, ExportOptions
from papertray.exporters.table import FORMATS
from papertray.store.papers import View

ENTRIES = 10_000

_WITHOUT, _WITH, _NOTED = (
    ExportOptions(abstracts=False),
    ExportOptions(),
    ExportOptions(notes=True),
)
_CASES = (
    ("bibtex", "without abstracts", _WITHOUT, Bar(20_000)),
    ("biblatex", "without abstracts", _WITHOUT, Bar(20_000)),
    ("bibtex", "with abstracts", _WITH, Bar(12_000)),
    ("biblatex", "with abstracts", _WITH, Bar(12_000)),
    ("csl-json", "with abstracts", _WITH, Bar(25_000)),
    ("markdown", "with abstracts", _WITH, Bar(12_000)),
    *((name, "with abstracts", _WITH, None) for name in ("ris", "html", "csv")),
    *(
        (name, "with abstracts and notes", _NOTED, None)
        for name in ("markdown", "obsidian", "logseq", "org", "jsonl")
    ),
)


def measure(bench: Bench) -> Iterator[Measurement]:
    """Yield entries a second, then the memory of an export of everything.

    The first have no floor: escaping is the work itself.
    """
    entries = kept_entries(bench, ENTRIES)
    exporters = {name: FORMATS[name].load() for name in dict.fromkeys(case[0] for case in _CASES)}
    actions = [
        partial(write_all, exporters[name], entries, options) for name, _, options, _ in _CASES
    ]
    times = timing.in_turn(actions, bench.rounds)
    for (name, what, _, bar), taken in zip(_CASES, times, strict=True):
        rate = len(entries) / min(taken)
        yield Measurement(f"{name} {what}", "entries/s", rate, bar=bar, better=Better.MORE)
    size = write_all(exporters["bibtex"], entries, _WITH) / len(entries)
    yield Measurement("an entry of BibTeX with its abstract", "bytes", size)
    yield from _everything(bench)


def kept_entries(bench: Bench, most: int) -> list[Entry]:
    """Return up to `most` papers that are starred or to be read, as exporters get them."""
    with bench.copy.open() as notebook:
        kept = [*notebook.papers.ids(View.STARRED), *notebook.papers.ids(View.READ)]
        return list(notebook.papers.entries(kept[:most]))


def write_all(exporter: Exporter, entries: list[Entry], options: ExportOptions) -> int:
    """Write entries to nowhere; return how many characters that are."""
    return sum(map(len, exporter(entries, options)))


def _everything(bench: Bench) -> Iterator[Measurement]:
    """Export the whole library once to JSON Lines by the command line."""
    with tempfile.TemporaryDirectory(dir=bench.library.folder) as name:
        file = str(Path(name, "all.jsonl"))
        command = (*PAPERTRAY, "export", "--pile", "all", "--to", "jsonl", "-o", file)
        process = timing.run_process(command, bench.copy.environment)
    job = f"exporting {bench.library.facts()['papers']:,} papers to JSON Lines"
    yield Measurement(
        f"private memory of {job}, at its peak", "MB", process.private / 1e6, bar=Bar(200)
    )
    yield Measurement(f"peak memory of {job}, mapped files counted in", "MB", process.peak / 1e6)
    yield Measurement(job, "s", process.seconds)
