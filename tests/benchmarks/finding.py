"""Searching on the screen: from a key to its echo and from the last key to the hits.

``python tests/benchmarks/finding.py FOLDER [ROUNDS]``

Types queries into the search box in a pseudo-terminal, and the same into an empty Textual app with
a line to type into, in turn. FOLDER is what ``build.py`` made; its tray is only read.
"""

from __future__ import annotations

import random
import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from first_paint import SCREEN, first_title
from library import Library
from measurement import Bar, Bench, Measurement
from searching import make_questions
from timed_terminal import END_OF_FRAME, ROWS, Terminal, start
from timing import percentile

INPUT = [sys.executable, str(Path(__file__).with_name("input_app.py"))]

GAPS = (0.12, 0.05)
"""Seconds between two keys: of somebody who types fast, and of one who drums."""

QUERIES = 30
"""Queries typed at each pace."""

CLEAR = b"\x15"
"""^U: what is left of the cursor goes."""

MIXED = ("pile:skip model", "pile:inbox OR neural", "year:2020.. lang", "tag:topic-1 deep")
"""Queries whose conditions leave many papers."""


def measure(bench: Bench) -> Iterator[Measurement]:
    """Yield the echo beside an empty app's, and the time until the hits are shown."""
    yield from typing_times(bench.copy, 1 + bench.rounds // 4)


def typing_times(library: Library, rounds: int = 1) -> Iterator[Measurement]:
    """Type into both in turn, at each pace; the screen opens once for each round."""
    queries = _queries(library)
    for gap in GAPS:
        ours: list[float] = []
        floor: list[float] = []
        hits: list[float] = []
        for _ in range(rounds):
            echoes, found = _type_into_screen(library, queries, gap)
            ours += echoes
            hits += found
            floor += _type_into_input(library, queries, gap)
        pace = f"{1e3 * gap:.0f} ms between keys"
        for share, label, bar in ((0.5, "p50", None), (0.99, "p99", Bar(16))):
            yield Measurement(
                f"echo of a key in the search box, {pace}, {label}",
                "ms",
                1e3 * percentile(ours, share),
                1e3 * percentile(floor, share),
                "an empty app with a line",
                bar,
            )
        for share, label, bar in ((0.5, "p50", None), (0.99, "p99", Bar(100))):
            name = f"hits after the last key, {pace}, {label}"
            yield Measurement(name, "ms", 1e3 * percentile(hits, share), bar=bar)


def _queries(library: Library) -> list[str]:
    kinds = make_questions(library)
    words = [question.ours for question in kinds["one word"]]
    pairs = [question.ours for question in kinds["two words, last a prefix"]]
    chosen = [*words[: QUERIES // 3], *pairs[: QUERIES // 3], *MIXED]
    short = [word[:length] for length in (1, 2) for word in words[-QUERIES // 8 :]]
    random.Random(5).shuffle(chosen)
    return [*chosen, *short]


def _type_into_screen(
    library: Library, queries: Sequence[str], gap: float
) -> tuple[list[float], list[float]]:
    terminal = start(SCREEN, library.environment)
    marker = first_title(library)
    echoes: list[float] = []
    hits: list[float] = []
    try:
        terminal.wait_for(lambda output: marker in output)
        terminal.settle(quiet=2.0)
        terminal.send(b"/")
        terminal.settle()
        for number, query in enumerate((*queries[:3], *queries)):
            echoed, found = _type(terminal, query, gap, ROWS - 1, shows_hits=True)
            if number >= 3:  # those before are to warm up
                echoes += echoed
                hits.append(found)
            terminal.send(CLEAR)
            terminal.settle()
    finally:
        terminal.close()
    return echoes, hits


def _type_into_input(library: Library, queries: Sequence[str], gap: float) -> list[float]:
    terminal = start(INPUT, library.environment)
    echoes: list[float] = []
    try:
        terminal.wait_for(lambda output: b"READY" in output)
        terminal.settle()
        for query in queries:
            echoes += _type(terminal, query, gap, 2, shows_hits=False)[0]
            terminal.send(CLEAR)
            terminal.settle()
    finally:
        terminal.close()
    return echoes


def _type(
    terminal: Terminal, query: str, gap: float, row: int, *, shows_hits: bool
) -> tuple[list[float], float]:
    """Return the seconds from each key to its echo, and from the last to the hits."""
    echoes = []
    pressed = 0.0
    for end in range(1, len(query) + 1):
        terminal.drain()
        pressed = time.perf_counter()
        terminal.send(query[end - 1].encode())
        terminal.wait_for(_shows(query[:end], row), timeout=10)
        echoes.append(time.perf_counter() - pressed)
        while end < len(query) and (left := pressed + gap - time.perf_counter()) > 0:
            terminal.listen(left)
    if not shows_hits:
        return echoes, 0.0
    shown = f"/{query.strip()} ".encode()
    terminal.wait_for(lambda output: _ended_after(output, output.find(shown)), timeout=10)
    return echoes, time.perf_counter() - pressed


def _shows(typed: str, row: int) -> Callable[[bytes], bool]:
    """Return whether a frame is complete that shows on a row of the terminal what is typed."""
    place = re.compile(rb"\x1b\[%d;\d+H[^\n]*?%b" % (row, re.escape(typed[-8:].encode())))

    def condition(output: bytes) -> bool:
        found = place.search(output)
        return found is not None and _ended_after(output, found.start())

    return condition


def _ended_after(output: bytes, place: int) -> bool:
    return place >= 0 and output.find(END_OF_FRAME, place) >= 0


def main() -> None:
    """Measure and print."""
    library = Library(Path(sys.argv[1]).resolve())
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    for found in typing_times(library, rounds):
        floor = f", {found.floor:.1f} {found.floor_name}" if found.floor is not None else ""
        bar = f" (bar {found.bar.limit:g})" if found.bar is not None else ""
        print(f"{found.name:<64}{found.ours:7.1f} {found.unit}{floor}{bar}", flush=True)


if __name__ == "__main__":
    main()
