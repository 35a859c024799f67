"""Two writers and an indexer on one tray, killed at random moments.

Nothing acknowledged is lost, and the index holds what the database does.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from papertray.notebook.notebook import Notebook
from papertray.store.connection import connect
from papertray.store.places import throw_away_places
from papertray.store.search import Search

from index_checks import remove
from trays import open_notebook

ROOTS = [str(Path(__file__).parents[2] / root) for root in ("store", "exporters", "tui", "tests")]


def start(script_name: str, folder: Path, seed: int) -> subprocess.Popen[str]:
    """Start a process that works until it is killed."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(ROOTS)}
    script = Path(__file__).with_name(script_name)
    return subprocess.Popen(
        [sys.executable, str(script), str(folder), str(seed)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment,
    )  # fmt: skip


def one_round(folder: Path, number: int) -> dict[int, str]:
    """Let three processes work, kill them after some decisions; return the last ones."""
    chance = random.Random(number)
    acknowledged: dict[int, str] = {}
    enough = threading.Event()
    begun = threading.Semaphore(0)
    wanted = chance.randrange(1, 40)
    errors: list[str] = []

    def listen(process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            if line == "ready\n":
                begun.release()
            elif line.endswith("\n"):
                paper, pile = line.split()
                acknowledged[int(paper)] = pile
                if len(acknowledged) >= wanted:
                    enough.set()
        if process.stderr is not None:
            errors.append(process.stderr.read())
        enough.set()
        begun.release()

    processes = [
        start("decider.py", folder, 2 * number),
        start("decider.py", folder, 2 * number + 1),
        start("indexer.py", folder, number),
    ]
    listeners = [threading.Thread(target=listen, args=(process,)) for process in processes]
    for listener in listeners:
        listener.start()
    assert enough.wait(60)
    for _ in processes:
        assert begun.acquire(timeout=60)
    for process in processes:
        process.send_signal(signal.SIGKILL)
    for process, listener in zip(processes, listeners, strict=True):
        process.wait()
        listener.join()
        for stream in (process.stdout, process.stderr):
            if stream is not None:
                stream.close()
    assert "".join(errors) == ""
    return acknowledged


def check(folder: Path, acknowledged: dict[int, str]) -> None:
    """Compare the tray with what was acknowledged, and the index with the tray."""
    database = throw_away_places(folder).database
    with open_notebook(folder) as notebook:
        while notebook.search.follow():
            pass
        assert notebook.search.behind() == 0
        for paper, pile in acknowledged.items():
            # A decision may have been written and killed before it was acknowledged.
            newest = notebook.journal.of_paper(paper)
            assert pile in [line.value for line in newest if line.field == "pile"][:2] + (
                ["inbox"] if not newest else []
            )
        compare_with_fresh_index(notebook, folder)
    with connect(database, writable=False) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        counted = connection.execute(
            "SELECT pile, count(*) FROM standing WHERE removed IS NULL GROUP BY pile ORDER BY pile"
        ).fetchall()
        kept = connection.execute(
            "SELECT pile, papers FROM pile_count WHERE papers > 0 ORDER BY pile"
        ).fetchall()
        assert counted == kept
        ops = connection.execute(
            "SELECT ref, value FROM op WHERE kind = 'paper' AND field = 'pile' ORDER BY seq"
        ).fetchall()
        standing = dict(connection.execute("SELECT paper_id, pile FROM standing").fetchall())
        assert {ref: standing[ref] for ref, _ in ops} == dict(ops), "effects are what ops say"


def compare_with_fresh_index(notebook: Notebook, folder: Path) -> None:
    """Find the same by the index that lived through all this as by one that is built now."""
    assert notebook.search.check_files() == ""
    (papers,) = notebook._tray.reader().execute("SELECT count(*) FROM paper").fetchone()
    fresh = Search(notebook._tray, folder / "fresh")
    fresh.follow()
    words = [f"note:{note.body.strip()}" for note in notebook.notes.recent()]
    for query in ("follows", "title:1*", "title:2*", *words):
        ours, theirs = notebook.search.search(query), fresh.search(query)
        assert ours.notice == theirs.notice == ""
        assert (sorted(ours.ids), sorted(ours.notes)) == (sorted(theirs.ids), sorted(theirs.notes))
        assert len(ours.ids) == papers or query != "follows"
    remove(folder / "fresh")


def run_rounds(folder: Path, rounds: int) -> None:
    """Kill again and again, in the same tray."""
    everything: dict[int, str] = {}
    for number in range(1, rounds + 1):
        everything.update(one_round(folder, number))
        check(folder, everything)
    assert everything


def test_killed_three_times(tmp_path: Path) -> None:
    run_rounds(tmp_path, 3)


@pytest.mark.long
def test_killed_thirty_times(tmp_path: Path) -> None:
    run_rounds(tmp_path, 30)
