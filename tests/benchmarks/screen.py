"""The screen: first paint beside an empty app, with a small tray and a large one, and memory."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import build
import timing
from first_paint import EMPTY, SCREEN, first_title, seconds_to
from library import Library
from measurement import Bar, Bench, Measurement
from timed_terminal import start

SMALL = 228


def measure(bench: Bench) -> Iterator[Measurement]:
    """Yield both for a small tray and for the library's."""
    with tempfile.TemporaryDirectory() as name:
        yield from _one(build.build_tray(Path(name), SMALL), bench.rounds)
    yield from _one(bench.copy, bench.rounds)


def _one(library: Library, rounds: int) -> Iterator[Measurement]:
    with library.open() as notebook:
        papers = notebook.papers.number()
    marker = first_title(library)
    floor, ours = timing.in_turn(
        (
            partial(seconds_to, EMPTY, library.environment, b"READY"),
            partial(seconds_to, SCREEN, library.environment, marker),
        ),
        rounds=2 * rounds,
    )
    yield Measurement(
        f"first paint, {papers:,} papers",
        "ms",
        1e3 * timing.percentile(ours, 0.5),
        1e3 * timing.percentile(floor, 0.5),
        "an empty app",
        Bar(1.25, of_ratio=True),
    )
    empty = _private_memory(EMPTY, library, b"READY")
    full = _private_memory(SCREEN, library, marker)
    name = f"private memory of the screen over an empty app's, {papers:,} papers"
    yield Measurement(name, "MB", (full - empty) / 1e6, bar=Bar(60))


def _private_memory(command: list[str], library: Library, marker: bytes) -> int:
    """Return the bytes after the first paint, once everything in the background is done."""
    terminal = start(command, library.environment)
    try:
        terminal.wait_for(lambda output: marker in output)
        terminal.settle(quiet=3.0)
        return terminal.private_memory()
    finally:
        terminal.close()
