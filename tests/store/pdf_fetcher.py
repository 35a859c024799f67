"""A process that fetches PDFs, and that may kill itself on the way.

Run as ``python pdf_fetcher.py FOLDER NUMBER``: it is killed before what it does `NUMBER`th to a
file in the tray's folder of files (0: never). Prints what it would have done then; ``done`` at the
end.
"""

from __future__ import annotations

import os
import signal
import sys
from itertools import count
from pathlib import Path

from trays import open_notebook

CHANGES = {"open", "os.link", "os.rename", "os.remove", "os.mkdir"}


def main() -> None:
    """Fetch what is wanted."""
    folder, number = Path(sys.argv[1]), int(sys.argv[2])
    files = str(folder / "tray" / "files")
    numbers = count(1)

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        if event in CHANGES and str(arguments[0]).startswith(files) and next(numbers) == number:
            print(event, flush=True)
            os.kill(os.getpid(), signal.SIGKILL)

    with open_notebook(folder) as notebook, notebook.network.open() as transport:
        sys.addaudithook(watch)
        notebook.files.fetch_wanted(transport)
    print("done", flush=True)


if __name__ == "__main__":
    main()
