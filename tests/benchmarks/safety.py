"""What keeps a tray safe: the doctor's look, and backups."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import timing
from library import PAPERTRAY, Library, size_of
from measurement import Bench, Measurement
from papertray.core.model import Pile
from papertray.notebook.notebook import Notebook


def measure(bench: Bench) -> Iterator[Measurement]:
    """Yield how long the doctor takes, and how long and large backups are."""
    doctor = timing.run_process((*PAPERTRAY, "doctor"), bench.copy.environment)
    yield Measurement("doctor", "s", doctor.seconds)
    with bench.copy.open() as notebook:
        yield from _of_the_day(notebook)
    yield _by_hand(bench.copy)


def _of_the_day(notebook: Notebook) -> Iterator[Measurement]:
    """The first backup of a week, then the one of a later day; the tray's backups go first."""
    folder = notebook.places.backups
    shutil.rmtree(folder, ignore_errors=True)
    taken = timing.seconds(notebook.keeping.back_up)
    yield Measurement("first backup of the week, gently", "s", taken)
    yield Measurement("size of the backups it makes", "MB", size_of(folder) / 1e6)
    for daily in folder.glob("????-??-??.db"):
        daily.unlink()
    notebook.papers.move([notebook.papers.newest(1)[0]], Pile.STARRED)
    notebook.papers.move([notebook.papers.newest(1)[0]], Pile.SKIP)
    taken = timing.seconds(notebook.keeping.back_up)
    size = sum(path.stat().st_size for path in folder.glob("????-??-??.db"))
    yield Measurement("backup of another day, gently", "s", taken)
    yield Measurement("size of that one", "MB", size / 1e6)


def _by_hand(library: Library) -> Measurement:
    ours, bare = library.folder / "by-hand.db", library.folder / "bare.db"
    copying = partial(timing.run_process, (*PAPERTRAY, "backup", str(ours)), library.environment)
    taken, floor = timing.in_turn(
        (copying, partial(_bare_backup, library.places.database, bare)), rounds=1, warm_up=0
    )
    ours.unlink()
    bare.unlink()
    return Measurement("backup FILE", "s", taken[0], floor[0], "SQLite's backup, unchecked")


def _bare_backup(database: Path, target: Path) -> None:
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
