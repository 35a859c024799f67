"""Where the index lies: one folder a generation, and a file that points to the present one.

::

    <cache>/<version>/current            the name of the present generation
    <cache>/<version>/building.lock      held by whoever builds a new one
    <cache>/<version>/index-4f0c…/epoch.json, files/

A generation is built aside and becomes present by replacing the pointer, so there is never a half
built one to be found.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path


class Generations:
    """The generations in one folder. Any thread and any process may use it."""

    def __init__(self, folder: Path) -> None:
        """Use `folder`, which exists and can be written."""
        self.folder = folder
        self._pointer = folder / "current"

    def current(self) -> Path | None:
        """Return the folder of the present generation, None when there is none."""
        with suppress(OSError, ValueError):
            name = self._pointer.read_text(encoding="utf-8").strip()
            # The pointer may be damaged; it must not lead out of our folder.
            if name.startswith("index-") and name == Path(name).name:
                return self.folder / name
        return None

    def new(self) -> Path:
        """Make and return the folder of a new generation, which is not present yet."""
        folder = self.folder / f"index-{secrets.token_hex(8)}"
        folder.mkdir()
        return folder

    def switch(self, generation: Path, epoch: Mapping[str, object]) -> None:
        """Make `generation` the present one and remove the others."""
        _replace(generation / "epoch.json", json.dumps(dict(epoch)))
        _replace(self._pointer, generation.name)
        self.remove_others(generation)

    def epoch(self, generation: Path) -> object:
        """Return what was written down of the database that `generation` was built from."""
        try:
            return json.loads((generation / "epoch.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None

    def discard(self, generation: Path) -> None:
        """Make all processes forget `generation`, unless another one is present by now."""
        if self.current() == generation:
            with suppress(OSError):
                self._pointer.unlink()

    def remove_others(self, kept: Path) -> None:
        """Remove every generation but `kept`. One that is still open elsewhere may stay behind."""
        for folder in self.folder.glob("index-*"):
            if folder != kept:
                shutil.rmtree(folder, ignore_errors=True)

    @contextmanager
    def building(self) -> Iterator[bool]:
        """Run the body alone of all processes; yields False when another one is building.

        The lock is one of SQLite's, so it works everywhere and ends with its process.
        """
        path = self.folder / "building.lock"
        with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as lock:
            try:
                lock.execute("BEGIN EXCLUSIVE")
            except sqlite3.OperationalError:
                yield False
                return
            except sqlite3.DatabaseError:  # damaged; it holds nothing
                path.unlink(missing_ok=True)
                yield False
                return
            yield True


def _replace(path: Path, text: str) -> None:
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    beside.write_text(text, encoding="utf-8")
    os.replace(beside, path)
