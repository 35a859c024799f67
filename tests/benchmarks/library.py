"""The folder that `build.py` makes, and copies of it that may be written to."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import papertray
from papertray.notebook.notebook import Notebook
from papertray.store.journal import Origin
from papertray.store.places import Places, find_places

ROOTS = os.pathsep.join(str(Path(root).resolve().parent) for root in papertray.__path__)
"""Where the papertray lies that is measured, as `PYTHONPATH` wants it."""

PAPERTRAY = (sys.executable, "-m", "papertray")
"""How the command line is run."""

SAMPLES = (100, 1_000, 3_000, 10_000)
"""Numbers of papers that bear a tag of their own, so that searches within them can be timed."""


@dataclass(frozen=True, slots=True)
class Library:
    """A folder with a tray, its index, the same papers as JSON Lines and in an FTS5 table."""

    folder: Path

    @property
    def lines(self) -> Path:
        """The papers as JSON Lines."""
        return self.folder / "papers.jsonl"

    @property
    def fts(self) -> Path:
        """The database with the FTS5 table."""
        return self.folder / "fts5.db"

    @property
    def facts_file(self) -> Path:
        """What was built, with seconds and peak memory of each stage."""
        return self.folder / "built.json"

    @property
    def environment(self) -> dict[str, str]:
        """The environment in which the command line uses this tray and nothing else."""
        names = {"TRAY": "tray", "CACHE": "cache", "STATE": "state", "CONFIG": "config"}
        ours = {f"PAPERTRAY_{name}": str(self.folder / part) for name, part in names.items()}
        return {**os.environ, **ours, "PYTHONPATH": ROOTS}

    @property
    def places(self) -> Places:
        """The places that the command line uses in `environment`."""
        return find_places(None, self.environment)

    def open(self) -> Notebook:
        """Open the tray as the command line does."""
        return Notebook(self.places, Origin.COMMAND)

    def facts(self) -> dict[str, object]:
        """Return what `facts_file` holds, nothing when there is none."""
        if not self.facts_file.exists():
            return {}
        return dict(json.loads(self.facts_file.read_text(encoding="utf-8")))

    @contextmanager
    def copy(self, name: str) -> Iterator[Library]:
        """Yield a copy of tray and index that may be written to; it is removed afterwards."""
        made = Library(self.folder / name)
        shutil.rmtree(made.folder, ignore_errors=True)
        try:
            ignored = shutil.ignore_patterns("backups")
            shutil.copytree(self.places.tray, made.places.tray, ignore=ignored)
            if self.places.cache.exists():
                shutil.copytree(self.places.cache, made.places.cache)
            yield made
        finally:
            shutil.rmtree(made.folder, ignore_errors=True)


def sample_tag(size: int) -> str:
    """Return the tag that `size` papers bear."""
    return f"sample-{size}"


def size_of(folder: Path) -> int:
    """Return the bytes of all files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
