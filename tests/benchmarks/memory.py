"""Memory of the one job that holds a library in its hands: adding all of it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import timing
from library import PAPERTRAY, Library
from measurement import Bar, Bench, Measurement


def measure(bench: Bench) -> Iterator[Measurement]:
    """Add the whole library to a new tray; yield the peak of memory and how long it took."""
    library = bench.library
    with tempfile.TemporaryDirectory(dir=library.folder) as name, library.lines.open("rb") as lines:
        environment = Library(Path(name)).environment
        command = (*PAPERTRAY, "add", "-", "--from", "jsonl")
        process = timing.run_process(command, environment, lines)
    job = f"adding {library.facts()['papers']:,} papers to a new tray"
    yield Measurement(f"peak memory of {job}", "MB", process.peak / 1e6, bar=Bar(500))
    yield Measurement(job, "s", process.seconds)
