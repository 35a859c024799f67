"""A process to be killed, or without room: fetches once.

Run as ``python killed_fetch.py FOLDER [LIMIT]``: `LIMIT` bytes is how large any file may grow.
Prints ``begun`` when the first page is stored, then what became of it.
"""

from __future__ import annotations

import resource
import signal
import sys
from itertools import count
from pathlib import Path

from papertray.core.errors import TrayError
from papertray.notebook.fetching import SAVE_EVERY

from trays import open_notebook


def main() -> None:
    """Fetch until killed."""
    folder = Path(sys.argv[1])
    with open_notebook(folder, timeout=30) as notebook:
        if len(sys.argv) > 2:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            sys.dont_write_bytecode = True
            resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))

        def progress(done: int, total: int, papers: int) -> None:
            if done == 1:
                print("begun", flush=True)

        # It is noted after each feed how far that was read, not every other second.
        notebook.fetching._timer = count(step=SAVE_EVERY + 1).__next__
        with notebook.network.open(notebook.subscriptions.hosts()) as transport:
            try:
                report = notebook.fetching.fetch((), transport, progress)
            except TrayError as error:
                print(type(error).__name__, flush=True)
                return
        print(report.trouble or "done", report.counts.added, flush=True)


if __name__ == "__main__":
    main()
