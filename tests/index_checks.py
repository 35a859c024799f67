"""Looking at an index in a test.

Import with ``from index_checks import add, current_generation, ids_by_index`` and the like.
"""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path

from papertray.store.index.generations import Generations
from papertray.store.index.schema import VERSION
from papertray.store.search import Search
from papertray.store.tray import Tray

from made_up_papers import add_paper


def add(tray: Tray, title: str, **fields: str) -> int:
    """Put a paper into the tray; return its id."""
    with tray.write() as connection:
        return add_paper(connection, title, **fields)


def ids_by_index(search: Search, text: str) -> list[int]:
    """Return what is found by the index alone: all was followed and nothing went wrong."""
    hits = search.search(text)
    assert hits.notice == ""
    return sorted(hits.ids)


def current_generation(tray: Tray) -> Path:
    """Return the folder of the index that is in use."""
    found = Generations(tray.places.cache / str(VERSION)).current()
    assert found is not None
    return found


def flip(path: Path, bit: int) -> None:
    """Flip one bit of a file, counted from its beginning.

    In its place: a file that is emptied first, if only for a moment, kills who has it mapped.
    """
    with path.open("r+b") as file:
        file.seek(bit // 8)
        (byte,) = file.read(1)
        file.seek(bit // 8)
        file.write(bytes([byte ^ 1 << bit % 8]))


def remove(folder: Path) -> None:
    """Remove a folder with an index that this process may just have opened.

    See `open_index`: a lock file may come back into what is being removed, once for each opening.
    """
    while folder.exists():
        try:
            shutil.rmtree(folder)
        except OSError as error:
            if error.errno != errno.ENOTEMPTY:
                raise


def run_script(script: Path, *arguments: object) -> str:
    """Run a Python script in a process of its own; return what it printed.

    For what could kill a process, as a damaged file does that is mapped into its memory.
    """
    done = subprocess.run(
        [sys.executable, str(script), *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        capture_output=True,
        text=True,
        timeout=250,
        check=False,
    )
    assert done.returncode == 0, (done.returncode, done.stdout[-300:], done.stderr[-3000:])
    return done.stdout
