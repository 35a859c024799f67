"""Two processes that decide about the same papers at once: the journal tells one story."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from papertray.store.places import throw_away_places

from trays import add_lines, open_notebook, works

TESTS = Path(__file__).parents[1]
ROOTS = [str(TESTS), *(str(TESTS.parent / root) for root in ("store", "exporters", "tui"))]


def compete(folder: Path, papers: int, rounds: int) -> None:
    """Let two processes decide, and wait for both."""
    with open_notebook(folder) as notebook:
        add_lines(notebook, works(papers))
    processes = [
        subprocess.Popen(
            [sys.executable, str(TESTS / "rival.py"), str(folder), str(seed), str(rounds)],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(ROOTS)},
            stderr=subprocess.PIPE, text=True,
        )
        for seed in (1, 2)
    ]  # fmt: skip
    for process in processes:
        assert process.communicate(timeout=200)[1] == ""
        assert process.returncode == 0


def check(folder: Path) -> None:
    """Compare every op with the one before it on the same field, and the tray with the last."""
    with sqlite3.connect(throw_away_places(folder).database) as connection:
        holds: dict[tuple[int, str], str | None] = {}
        for seq, ref, field, value, before in connection.execute(
            "SELECT seq, ref, field, value, before FROM op WHERE kind = 'paper' ORDER BY seq"
        ):
            first = "inbox" if field == "pile" else None
            assert holds.get((ref, field), first) == before, (seq, ref, field)
            assert value != before, "an op changes something"
            holds[ref, field] = value
        assert holds
        present: dict[tuple[int, str], str | None] = {}
        for ref, pile, done in connection.execute("SELECT paper_id, pile, done FROM standing"):
            present |= {(ref, "pile"): pile, (ref, "done"): done}
        present |= {
            (ref, f"tag:{tag}"): "1" for ref, tag in connection.execute("SELECT * FROM tag")
        }
        assert {key: present.get(key) for key in holds} == holds
        assert set(present) - set(holds) <= {
            (ref, field) for ref, field in present if field in ("pile", "done")
        }
        counted = "SELECT pile, count(*), count(done) FROM standing GROUP BY pile ORDER BY pile"
        kept = "SELECT pile, papers, done FROM pile_count WHERE papers > 0 ORDER BY pile"
        assert connection.execute(counted).fetchall() == connection.execute(kept).fetchall()
        clocks = connection.execute("SELECT hlc FROM batch ORDER BY id").fetchall()
        assert clocks == sorted(set(clocks)), "batches are in one order"
        numbers = connection.execute("SELECT number FROM batch ORDER BY id").fetchall()
        assert numbers == [(number,) for number in range(1, len(numbers) + 1)]


def test_two_processes_decide_about_the_same_papers(tmp_path: Path) -> None:
    compete(tmp_path, papers=300, rounds=30)
    check(tmp_path)


@pytest.mark.long
def test_two_processes_decide_about_the_same_five_thousand_papers(tmp_path: Path) -> None:
    compete(tmp_path, papers=5000, rounds=150)
    check(tmp_path)
