"""A process that decides under a limit on the size of files, as on a disk that is full.

Run as ``python full_disk.py FOLDER VERB LIMIT``: `LIMIT` bytes is how large any file may grow.
Prints the error of the verb, or ``done``; then takes the limit away and prints ``goes on`` once the
same notebook has decided again.
"""

from __future__ import annotations

import resource
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from papertray.core.errors import TrayError
from papertray.core.model import Pile
from papertray.notebook.notebook import Notebook

from trays import open_notebook

PAPERS = range(1, 401)

VERBS: dict[str, Callable[[Notebook], object]] = {
    "move": lambda notebook: notebook.papers.move(PAPERS, Pile.STARRED),
    "done": lambda notebook: notebook.papers.set_done(PAPERS),
    "tag": lambda notebook: notebook.papers.change_tags(PAPERS, add=["a", "b"], remove=["old"]),
    "note": lambda notebook: notebook.notes.save_main(1, "words " * 20_000),
    "edit": lambda notebook: notebook.papers.edit(
        1, replace(notebook.papers.entry(1).work, abstract="long " * 20_000, doi="10.1000/1")
    ),
    "undo": lambda notebook: notebook.journal.undo(),
}


def main() -> None:
    """Decide under the limit, and once more without it."""
    folder, verb, limit = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    with open_notebook(folder) as notebook:
        notebook.papers.rows([1])
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
        try:
            VERBS[verb](notebook)
            print("done", flush=True)
        except TrayError as error:
            print(type(error).__name__, error, flush=True)
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
        assert notebook.papers.move([500], Pile.SKIP).changed == 1
        print("goes on", flush=True)


if __name__ == "__main__":
    main()
