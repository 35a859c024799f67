"""A disk that is full in the middle of a decision: the state before or after, never between."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from full_disk import VERBS
from papertray.core.errors import DiskFull
from papertray.core.model import Pile
from papertray.notebook.notebook import Notebook
from papertray.store.places import throw_away_places

from trays import add_lines, open_notebook, works

ROOTS = [str(Path(__file__).parents[2] / root) for root in ("store", "exporters", "tui", "tests")]
SCRIPT = str(Path(__file__).parents[1] / "full_disk.py")

TABLES = {
    "standing": "paper_id, pile, done, snoozed, removed", "tag": "*", "op": "*", "citekey": "*",
    "note": "*", "note_revision": "*", "paper": "*", "identifier": "*", "pile_count": "*",
    "batch": "id, undoes, label",
}  # fmt: skip


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tray of 500 papers with tags and a batch to take back, closed."""
    folder = tmp_path_factory.mktemp("before")
    with open_notebook(folder) as notebook:
        add_lines(notebook, works(500))
        notebook.papers.change_tags(range(1, 301), add=["old"])
        notebook.papers.move(range(1, 401), Pile.READ)
        notebook.journal.undo()
        notebook.papers.move(range(1, 401), Pile.READ)
    return folder


def content(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return all that decisions write, without what the test's own last decision wrote."""
    with sqlite3.connect(throw_away_places(folder).database) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        counted = connection.execute(
            "SELECT pile, count(*) FROM standing WHERE removed IS NULL GROUP BY pile"
        ).fetchall()
        kept = connection.execute("SELECT pile, papers FROM pile_count WHERE papers > 0").fetchall()
        assert sorted(counted) == sorted(kept)
        connection.execute("DELETE FROM op WHERE ref = 500 AND kind = 'paper'")
        connection.execute("UPDATE standing SET pile = 'inbox' WHERE paper_id = 500")
        connection.execute("DELETE FROM batch WHERE id NOT IN (SELECT batch FROM op) AND id > 1")
        found = {
            table: connection.execute(f"SELECT {columns} FROM {table}").fetchall()
            for table, columns in TABLES.items()
        }
        connection.rollback()
    # Names that are made at random tell two runs apart, and nothing else.
    found["op"] = [
        (seq, batch, kind, ref, field) for seq, batch, kind, ref, field, *_ in found["op"]
    ]
    found["note"] = [(row[0], row[2], row[3], row[4]) for row in found["note"]]
    found["note_revision"] = [(row[1], row[3]) for row in found["note_revision"]]
    return found


def run(folder: Path, verb: str, limit: int) -> tuple[str, bool]:
    """Decide under a limit in a process of its own; return what it said and whether it went on."""
    ended = subprocess.run(
        [sys.executable, SCRIPT, str(folder), verb, str(limit)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(ROOTS), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert ended.stderr == ""
    said = ended.stdout.splitlines()
    return said[0], said[-1] == "goes on"


def check(before: Path, tmp_path: Path, verb: str, limits: list[int]) -> set[str]:
    """Decide at each limit; return the beginnings of what was said."""
    shutil.copytree(before, tmp_path / "after")
    said, goes_on = run(tmp_path / "after", verb, 1 << 30)
    assert (said, goes_on) == ("done", True)
    states = {"done": content(tmp_path / "after"), "DiskFull": content(before)}
    assert states["done"] != states["DiskFull"]
    met = set()
    for limit in limits:
        folder = tmp_path / str(limit)
        shutil.copytree(before, folder)
        said, goes_on = run(folder, verb, limit)
        kind = said.split()[0]
        assert goes_on, limit
        assert kind == "done" or said.count(". ") == 0, "one sentence"
        assert content(folder) == states[kind], (verb, limit, said)
        met.add(kind)
        shutil.rmtree(folder)
    return met


@pytest.mark.parametrize("verb", ["move", "undo"])
def test_a_full_disk_leaves_the_state_before(before: Path, tmp_path: Path, verb: str) -> None:
    assert "DiskFull" in check(before, tmp_path, verb, [20_000, 60_000])


@pytest.mark.long
@pytest.mark.parametrize("verb", list(VERBS))
def test_a_full_disk_at_every_stage_leaves_the_state_before_or_after(
    before: Path, tmp_path: Path, verb: str
) -> None:
    limits = [*range(0, 100_000, 8_000), *range(100_000, 900_000, 50_000), 1 << 24]
    assert check(before, tmp_path, verb, limits) == {"done", "DiskFull"}


@pytest.mark.parametrize("verb", list(VERBS))
def test_a_database_that_may_not_grow_keeps_the_state_before_and_goes_on(
    before: Path, tmp_path: Path, verb: str
) -> None:
    folder = tmp_path / "tray"
    shutil.copytree(before, folder)
    with open_notebook(folder) as notebook:
        limit_pages(notebook, 0)
        refused = 0
        for spare in (0, 1, 3, 7, 15, 31, 1 << 10):
            limit_pages(notebook, spare)
            try:
                VERBS[verb](notebook)
                break
            except DiskFull:
                refused += 1
                assert content(folder) == content(before)
        assert refused
        limit_pages(notebook, 1 << 20)
        assert notebook.papers.move([500], Pile.SKIP).changed == 1
    assert content(folder) != content(before)


def limit_pages(notebook: Notebook, spare: int) -> None:
    """Let the tray's database grow by so many pages at most."""
    writer = notebook._tray._writer
    (pages,) = writer.execute("PRAGMA page_count").fetchone()
    writer.execute(f"PRAGMA max_page_count = {pages + spare}")
