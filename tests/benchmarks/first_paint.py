"""From the start of the process to the first paint of the list, beside an empty Textual app.

``python tests/benchmarks/first_paint.py [ROUNDS] [PAPERS …]``

Runs both in turn in a pseudo-terminal and prints medians and their ratio: the bar is 1.25.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from build import build_tray
from library import PAPERTRAY, Library
from papertray.store.papers import View
from timed_terminal import start
from timing import in_turn

EMPTY = [sys.executable, str(Path(__file__).with_name("empty_app.py"))]
SCREEN = list(PAPERTRAY)


def seconds_to(command: list[str], environment: Mapping[str, str], marker: bytes) -> float:
    """Return the seconds until the program has written `marker`."""
    terminal = start(command, environment)
    try:
        return terminal.wait_for(lambda output: marker in output)
    finally:
        terminal.close()


def first_title(library: Library) -> bytes:
    """Return how the first title of the inbox begins."""
    with library.open() as notebook:
        entry = notebook.papers.entry(notebook.papers.ids(View.INBOX, limit=1)[0])
        return entry.work.title[:12].encode()


def main() -> None:
    """Measure and print."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 9
    sizes = [int(size) for size in sys.argv[2:]] or [228, 100_000]
    print("papers     empty app   papertray   ratio (bar 1.25)")
    for size in sizes:
        with tempfile.TemporaryDirectory() as name:
            library = build_tray(Path(name), size)
            marker = first_title(library)
            floor, ours = in_turn(
                (
                    partial(seconds_to, EMPTY, library.environment, b"READY"),
                    partial(seconds_to, SCREEN, library.environment, marker),
                ),
                rounds,
            )
            low, high = statistics.median(floor), statistics.median(ours)
            print(f"{size:<9,} {low * 1e3:7.0f} ms {high * 1e3:8.0f} ms   {high / low:.2f}")


if __name__ == "__main__":
    main()
