"""Adding while things go wrong: Ctrl-C, a kill, a full disk, another process that decides."""

from __future__ import annotations

import random
import re
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import ptyprocess
import pytest

from cli.command_line import CommandLine, json_lines
from papertray.core.model import Pile
from papertray.notebook.notebook import Notebook
from papertray.store.journal import Origin
from papertray.store.places import find_places

from trays import works


def write_papers(folder: Path, count: int) -> Path:
    """Write a file with `count` papers and return it."""
    source = folder / "papers.jsonl"
    source.write_text(json_lines(*works(count)))
    return source


def counts(papertray: CommandLine) -> dict[str, int]:
    """Return how many rows the tables of a whole and consistent tray have."""
    with sqlite3.connect(papertray.database) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        found = {
            table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("paper", "standing", "identifier", "listing", "change")
        }
        (found["inbox"],) = connection.execute(
            "SELECT papers FROM pile_count WHERE pile = 'inbox'"
        ).fetchone()
        (doubles,) = connection.execute(
            "SELECT count(*) - count(DISTINCT title) FROM paper"
        ).fetchone()
        assert doubles == 0
    return found


def everything(papertray: CommandLine) -> list[list[tuple[object, ...]]]:
    """Return papers, listings, identifiers and counts, without instants and batches."""
    with sqlite3.connect(papertray.database) as connection:
        return [
            connection.execute(statement).fetchall()
            for statement in (
                "SELECT id, title, abstract, authors, year, arxiv_id FROM paper ORDER BY id",
                "SELECT paper_id, rank, votes, record, is_first FROM listing ORDER BY paper_id",
                "SELECT scheme, value, paper_id FROM identifier ORDER BY scheme, value",
                "SELECT paper_id, pile FROM standing ORDER BY paper_id",
                "SELECT pile, papers, done FROM pile_count ORDER BY pile",
            )
        ]


def assert_all_or_nothing_of_each(found: dict[str, int]) -> None:
    """A chunk is in with all that belongs to it, or not at all."""
    assert len(set(found.values())) == 1, found


def wait_for_papers(papertray: CommandLine, least: int) -> None:
    """Return once another process has put some papers in."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        if papertray.database.exists():
            try:
                with sqlite3.connect(papertray.database, timeout=5) as connection:
                    (papers,) = connection.execute("SELECT count(*) FROM paper").fetchone()
                if papers >= least:
                    return
            except sqlite3.OperationalError:
                pass  # being made
    raise AssertionError("nothing went in")


def test_ctrl_c_says_what_went_in_and_running_it_again_finishes(
    papertray: CommandLine, tmp_path: Path
) -> None:
    write_papers(tmp_path, 8_000)
    process = subprocess.Popen(
        papertray.command("add", "papers.jsonl"),
        env=papertray.environment, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    wait_for_papers(papertray, 300)
    process.send_signal(signal.SIGINT)
    stdout, stderr = process.communicate(timeout=60)

    assert process.returncode == 130, stderr
    assert b"the same command again goes on" in stderr
    found = counts(papertray)
    assert_all_or_nothing_of_each(found)
    assert stdout == b"%d added, 0 merged, 0 known, 0 failed\n" % found["paper"], stderr
    assert 0 < found["paper"] < 8_000
    again = papertray.process("add", "papers.jsonl")
    assert again.stdout == b"%d added, 0 merged, %d known, 0 failed\n" % (
        8_000 - found["paper"], found["paper"],
    )  # fmt: skip


def test_a_bar_shows_how_much_is_read_on_a_terminal_only(
    papertray: CommandLine, tmp_path: Path
) -> None:
    write_papers(tmp_path, 15_000)
    process = ptyprocess.PtyProcess.spawn(
        papertray.command("add", "papers.jsonl"), env=papertray.environment, cwd=str(tmp_path)
    )
    shown = b""
    try:
        while True:
            shown += process.read(4096)
    except EOFError:
        process.wait()
    shares = [int(share) for share in re.findall(rb"\] (\d+) %, [\d,]+ papers, ", shown)]
    assert shares
    assert shares == sorted(shares)
    assert b"a second" in shown
    again = papertray.process("add", "papers.jsonl")
    assert again.stderr == b""


def kill_and_finish(papertray: CommandLine, source: str, chance: random.Random, most: int) -> int:
    """Start adds and kill each before `most` papers are in, then let one finish.

    Return how many died.
    """
    died = 0
    for _ in range(4):
        (before,) = (0,)
        if papertray.database.exists():
            before = counts(papertray)["paper"]
        process = subprocess.Popen(
            papertray.command("add", source),
            env=papertray.environment, cwd=papertray.folder, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        wanted = before + chance.randrange(1, most)
        while process.poll() is None:
            if papertray.database.exists():
                try:
                    with sqlite3.connect(papertray.database, timeout=5) as connection:
                        found = connection.execute("SELECT max(id) FROM paper").fetchone()
                except sqlite3.OperationalError:
                    continue  # being made
                if (found[0] or 0) >= wanted:
                    process.kill()
                    died += process.wait() == -signal.SIGKILL
        assert_all_or_nothing_of_each(counts(papertray))
    assert papertray.process("add", source).returncode == 0
    return died


def check_kills(folder: Path, papers: int, rounds: int) -> None:
    source = str(write_papers(folder, papers))
    whole = CommandLine(folder / "whole")
    whole.folder.mkdir()
    assert whole.process("add", source).returncode == 0
    died = 0
    for number in range(rounds):
        papertray = CommandLine(folder / str(number))
        papertray.folder.mkdir()
        died += kill_and_finish(papertray, source, random.Random(number), papers // 4)
        assert everything(papertray) == everything(whole)
        assert_all_or_nothing_of_each(counts(papertray))
    assert died > rounds


def test_a_killed_add_is_finished_by_the_next_one(tmp_path: Path) -> None:
    check_kills(tmp_path, papers=3_000, rounds=1)


@pytest.mark.long
def test_killed_adds_in_many_trays_are_finished_by_the_next_ones(tmp_path: Path) -> None:
    check_kills(tmp_path, papers=30_000, rounds=8)


LIMITED = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
sys.dont_write_bytecode = True
limit = int(sys.argv.pop(1))
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
from papertray.cli.main import main
main()
"""
"""A papertray for which no file may grow beyond so many bytes, as on a full disk."""


def add_on_a_full_disk(papertray: CommandLine, limit: int, source: str) -> str:
    """Add with no file beyond `limit` bytes; check what is left and finish. Return what it said."""
    limited = subprocess.run(
        [sys.executable, "-c", LIMITED, str(limit), "add", source],
        env=papertray.environment, cwd=papertray.folder, capture_output=True, check=False,
        timeout=60, text=True,
    )  # fmt: skip
    if papertray.database.exists() and papertray.database.stat().st_size:
        with sqlite3.connect(papertray.database) as connection:
            has_schema = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'paper'")
            is_made = has_schema.fetchone() is not None
        if is_made:
            assert_all_or_nothing_of_each(counts(papertray))
    assert "Traceback" not in limited.stderr
    if limited.returncode != 0:
        assert limited.returncode in (1, 2), limited.stderr
        assert len(limited.stderr.splitlines()) <= 3, limited.stderr  # add, where, backup
        assert "room" in limited.stderr or "disk" in limited.stderr, limited.stderr
    finished = papertray.process("add", source)
    assert finished.returncode == 0, finished.stderr
    return limited.stderr


def check_full_disks(folder: Path, papers: int, limits: list[int]) -> None:
    source = str(write_papers(folder, papers))
    failed = 0
    for number, limit in enumerate(limits):
        papertray = CommandLine(folder / str(number))
        papertray.folder.mkdir()
        failed += bool(re.search("room|disk", add_on_a_full_disk(papertray, limit, source)))
        found = counts(papertray)
        assert_all_or_nothing_of_each(found)
        assert found["paper"] == papers
    assert failed >= len(limits) // 2


def test_a_full_disk_keeps_whole_chunks_and_the_next_add_finishes(tmp_path: Path) -> None:
    check_full_disks(tmp_path, 1_500, [4_000, 200_000, 600_000])


@pytest.mark.long
def test_a_disk_that_fills_up_anywhere(tmp_path: Path) -> None:
    check_full_disks(tmp_path, 4_000, [0, 100, *range(4_000, 4_000_000, 130_000)])


@pytest.mark.long
def test_a_decision_never_waits_long_while_another_process_adds(
    papertray: CommandLine, tmp_path: Path
) -> None:
    """The bar is 100 ms on a machine that is not busy; here only that nobody starves."""
    write_papers(tmp_path, 40_000)
    papertray.process("add", "-", stdin=json_lines(*works(200, first=90_000)).encode())
    adder = subprocess.Popen(
        papertray.command("add", "papers.jsonl"),
        env=papertray.environment, cwd=tmp_path, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    waits: list[float] = []
    with Notebook(find_places(None, papertray.environment), Origin.SCREEN) as notebook:
        while adder.poll() is None:
            pile = (Pile.SKIP, Pile.READ)[len(waits) // 200 % 2]
            began = time.monotonic()
            notebook.papers.move([1 + len(waits) % 200], pile)
            waits.append(time.monotonic() - began)
    assert adder.returncode == 0
    assert sorted(waits)[int(0.99 * len(waits))] < 1.0
    assert max(waits) < 2.5, "half of what a process waits before it gives up"
