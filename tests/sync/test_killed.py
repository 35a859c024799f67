"""Dropping hundreds of files while the watcher is killed, or cannot hear: nothing lost or twice."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from cli.command_line import CommandLine

EVENTS = Path("/proc/sys/fs/inotify/max_queued_events")
DEADLINE = 120.0


def drop_files(drop: Path, first: int, count: int) -> None:
    """Save files as programs do that rename them when they are whole."""
    for number in range(first, first + count):
        new = drop / f"{number:05d}.jsonl.tmp"
        title = f"On the Number {number} and What Follows From It"
        new.write_text(json.dumps({"title": title, "arxiv_id": f"2401.{number:05d}"}) + "\n")
        os.replace(new, drop / f"{number:05d}.jsonl")


def done(drop: Path) -> int:
    try:
        return len(os.listdir(drop / "done"))
    except FileNotFoundError:
        return 0


def wait_for_done(drop: Path, number: int) -> None:
    end = time.monotonic() + DEADLINE
    while done(drop) < number:
        assert time.monotonic() < end, f"{done(drop)} of {number} files were read"


@contextmanager
def watching(papertray: CommandLine) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(
        papertray.command("watch"), env=papertray.environment, cwd=papertray.folder,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        try:
            yield process
        finally:
            process.kill()


def check(papertray: CommandLine, files: int) -> None:
    """Check that each file was read, and each paper is there once."""
    drop = papertray.folder / "tray" / "drop"
    assert os.listdir(drop) == ["done"]
    assert sorted(os.listdir(drop / "done")) == [f"{number:05d}.jsonl" for number in range(files)]
    with closing(sqlite3.connect(papertray.database)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        found = connection.execute("SELECT arxiv_id FROM paper ORDER BY arxiv_id").fetchall()
        assert found == [(f"2401.{number:05d}",) for number in range(files)]
        (listings,) = connection.execute("SELECT count(*) FROM listing").fetchone()
        assert listings == files


@pytest.fixture
def papertray(tmp_path: Path) -> CommandLine:
    (tmp_path / "tray" / "drop").mkdir(parents=True)
    return CommandLine(tmp_path)


@pytest.mark.long
def test_killed_ten_times_while_five_hundred_files_are_dropped(papertray: CommandLine) -> None:
    drop, chance = papertray.folder / "tray" / "drop", random.Random(4)
    for number in range(10):
        with watching(papertray) as process:
            drop_files(drop, number * 50, 50)
            # Each time at another moment: while it starts, reads, writes or moves.
            wait_for_done(drop, done(drop) + chance.randrange(2))
            end = time.monotonic() + chance.random() * 0.7
            while time.monotonic() < end:
                pass
            process.kill()
    assert papertray.process("watch", "--once").returncode == 0
    check(papertray, 500)


@pytest.mark.long
def test_all_is_read_though_the_kernels_queue_overflowed(papertray: CommandLine) -> None:
    drop = papertray.folder / "tray" / "drop"
    files = int(EVENTS.read_text()) // 3 if EVENTS.exists() else 5000
    with watching(papertray) as process:
        drop_files(drop, 0, 10)
        wait_for_done(drop, 10)
        process.send_signal(signal.SIGSTOP)
        drop_files(drop, 10, files)  # five events each, and nobody takes one
        process.send_signal(signal.SIGCONT)
        wait_for_done(drop, files + 10)
        process.send_signal(signal.SIGTERM)
        assert process.wait(DEADLINE) == 0
    check(papertray, files + 10)
