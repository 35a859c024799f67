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
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from papertray.store.connection import alone


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

    def remove_others(self, kept: Path | None) -> None:
        """Remove every generation but `kept`. One that is still open elsewhere may stay behind.

        Only for who holds `building`: otherwise one of them may be growing.
        """
        for folder in self.folder.glob("index-*"):
            if folder != kept:
                shutil.rmtree(folder, ignore_errors=True)

    def has_room(self, size: int) -> bool:
        """Return whether a file of `size` bytes can be written here now."""
        piece = bytes(min(size, 1 << 20))
        try:
            with tempfile.TemporaryFile(dir=self.folder) as file:
                for _ in range(size // len(piece)):
                    file.write(piece)
                return True
        except OSError:
            return False

    @contextmanager
    def building(self) -> Iterator[bool]:
        """Run the body alone of all processes; yields False when another one is building.

        Whoever has the lock may remove what a killed one left behind. Raises `OSError` where it
        cannot be taken.
        """
        self.folder.mkdir(parents=True, exist_ok=True)  # caches are removed under a running program
        with alone(self.folder / "building.lock") as is_ours:
            yield is_ours


def _replace(path: Path, text: str) -> None:
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    beside.write_text(text, encoding="utf-8")
    os.replace(beside, path)
