"""From the start of the process to the first paint of the list, beside an empty Textual app.

``python tests/benchmarks/first_paint.py [ROUNDS] [PAPERS …]``

Runs both in turn in a pseudo-terminal and prints medians and their ratio: the bar is 1.25.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), *(str(HERE.parents[1] / root) for root in ("store", "exporters", "tui"))]

from papertray.notebook.notebook import Notebook  # noqa: E402
from papertray.store.journal import Origin  # noqa: E402
from papertray.store.papers import View  # noqa: E402

from big_trays import environment_in, make_tray, places_in  # noqa: E402
from timed_terminal import start  # noqa: E402  # found through the line above

ROOTS = os.pathsep.join(sys.path[1:4])


def seconds_to(command: list[str], environment: dict[str, str], marker: bytes) -> float:
    """Return the seconds until the program has written `marker`."""
    terminal = start(command, {**environment, "PYTHONPATH": ROOTS})
    try:
        return terminal.wait_for(lambda output: marker in output)
    finally:
        terminal.close()


def first_title(folder: Path) -> bytes:
    """Return how the first title of the inbox begins."""
    with Notebook(places_in(folder), Origin.COMMAND) as notebook:
        entry = notebook.papers.entry(notebook.papers.ids(View.INBOX, limit=1)[0])
        return entry.work.title[:20].encode()


def main() -> None:
    """Measure and print."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 9
    sizes = [int(size) for size in sys.argv[2:]] or [228, 100_000]
    empty = [sys.executable, str(HERE / "empty_app.py")]
    screen = [sys.executable, "-m", "papertray"]
    print("papers     empty app   papertray   ratio (bar 1.25)")
    for size in sizes:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            make_tray(folder, size)
            environment, marker = environment_in(folder), first_title(folder)
            seconds_to(screen, environment, marker)  # fills the caches of the file system
            floor, ours = [], []
            for _ in range(rounds):
                floor.append(seconds_to(empty, environment, b"READY"))
                ours.append(seconds_to(screen, environment, marker))
            low, high = statistics.median(floor), statistics.median(ours)
            print(f"{size:<9,} {low * 1e3:7.0f} ms {high * 1e3:8.0f} ms   {high / low:.2f}")


if __name__ == "__main__":
    main()
