"""A fetch that is killed, or finds no room: nothing lost, nothing twice, the next one completes."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from local_server import LocalServer, Reply
from notebook.desk import Desk, feed, ids

ROOTS = [str(Path(__file__).parents[2] / root) for root in ("store", "exporters", "tui", "tests")]
SCRIPT = str(Path(__file__).with_name("killed_fetch.py"))
FEEDS, EACH = 30, 40


def start(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    """Start a process that fetches."""
    return subprocess.Popen(
        [sys.executable, SCRIPT, str(folder), *arguments],
        stdout=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(ROOTS)},
    )  # fmt: skip


def numbers(name: int, day: int) -> range:
    """Return the papers of a feed on a day: half of each day's are new; feeds share some."""
    first = name * EACH * 3 // 4 + day * EACH // 2
    return range(first, first + EACH)


def subscribe(desk: Desk, today: list[int]) -> None:
    """Subscribe to feeds, each what it is on the last day of `today`."""

    def answer(name: int) -> Reply:
        return Reply(feed(numbers(name, today[-1])), etag=f'"{today[-1]}"')

    for name in range(FEEDS):
        desk.subscribe(f"f{name}", lambda ask, name=name: answer(name))  # type: ignore[misc]


def check(desk: Desk, day: int, *, is_done: bool) -> None:
    """Compare the tray with what was served until a day."""
    with sqlite3.connect(desk.notebook.places.database) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    papers = desk.papers()
    assert len(papers) == len(set(papers)), "nothing twice"
    twice = desk.rows(
        "SELECT 1 FROM listing GROUP BY feed_id, paper_id, record, batch HAVING count(*) > 1"
    )
    assert not twice
    listed = set(desk.listings())
    for name in range(FEEDS):
        is_read = desk.state(f"f{name}").etag == f'"{day}"'
        assert is_read or not is_done
        if is_read:
            assert {(f"f{name}", one) for one in ids(*numbers(name, day))} <= listed, "nothing lost"


def one_round(desk: Desk, day: int, chance: random.Random) -> bool:
    """Kill a fetch in the middle, let the next complete it; return whether it was in the middle."""

    def listings() -> int:
        return len(desk.rows("SELECT 1 FROM listing"))

    wanted = listings() + chance.randrange(FEEDS * EACH // 2)
    process = start(desk.folder)
    while process.poll() is None and listings() < wanted:
        pass
    process.send_signal(signal.SIGKILL)
    process.communicate()
    check(desk, day, is_done=False)
    read = desk.rows(f"SELECT 1 FROM feed WHERE etag = '\"{day}\"'")
    assert not desk.fetch().failed
    check(desk, day, is_done=True)
    return len(read) < FEEDS


@pytest.mark.long
def test_killed_twenty_times_in_the_middle(tmp_path: Path) -> None:
    chance, middles = random.Random(20), 0
    today = [0]
    with LocalServer(latency=0.005) as server:
        desk = Desk(tmp_path, server)
        with desk.notebook:
            subscribe(desk, today)
            for day in range(20):
                today.append(day)
                middles += one_round(desk, day, chance)
    assert middles >= 10


def test_a_full_disk_is_told_and_the_next_fetch_completes(desk: Desk) -> None:
    subscribe(desk, [0])
    size = desk.notebook.places.database.stat().st_size
    desk.notebook.close()
    process = start(desk.folder, str(size + 400_000))
    said = process.communicate(timeout=60)[0]
    desk.notebook = desk.open()
    assert "make room and try again" in said or "check the disk and its free space" in said
    check(desk, 0, is_done=False)
    assert len(desk.papers()) < len({one for name in range(FEEDS) for one in numbers(name, 0)})
    assert not desk.fetch().failed
    check(desk, 0, is_done=True)


def test_a_killed_fetch_keeps_nobody_from_fetching(desk: Desk) -> None:
    desk.subscribe("a", Reply(feed([1]), slow=30.0, piece=10))
    process = start(desk.folder)
    left = desk.notebook.places.cache / "fetched-pages"
    while not list(left.glob("*")):
        assert process.poll() is None
    assert desk.fetch().is_elsewhere
    process.kill()
    process.communicate()
    assert list(left.iterdir())
    desk.server.answers("/a", Reply(feed([1])))
    assert desk.fetch().counts.added == 1
    assert not left.exists()
