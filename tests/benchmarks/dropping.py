"""Drop 10,000 files at once while another process decides: are all read, and does it wait?

``python tests/benchmarks/dropping.py [--files N] [--styles STYLE …]``

Each style has a tray of its own in a temporary folder. `papertray watch` runs as a process, as does
the program that drops the files; this one decides about papers all the while. The floor is
`papertray add` of a folder with the same files, which need not settle and are not moved.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from papertray.core.model import Pile
from papertray.notebook.notebook import Notebook
from papertray.store.journal import Origin
from papertray.store.places import Places, find_places
from timing import percentile

STYLES = ("in-place", "rename", "folder")
WAITED = 300.0
"""Seconds after which what was not read is lost."""

PAUSE = 0.002
"""Seconds between two decisions: nobody types faster."""

WRITER = """
import json, os, sys
drop, style, number = sys.argv[1], sys.argv[2], int(sys.argv[3])
def body(i):
    return json.dumps({"title": f"On Question {i} and What Follows From It",
        "authors": [f"Ada Author{i}", "Bob Writer"], "year": 2020 + i % 5,
        "arxiv_id": f"{2401 + i // 90000}.{i % 90000:05d}", "abstract": "We look at it. " * 80})
stage = drop + "/../stage"
os.makedirs(stage, exist_ok=True)
for i in range(number):
    path = f"{drop if style != 'folder' else stage}/{i:05d}.jsonl"
    with open(path + (".tmp" if style == "rename" else ""), "w") as file:
        file.write(body(i) + "\\n")
    if style == "rename":
        os.replace(path + ".tmp", path)
if style == "folder":
    os.rename(stage, drop + "/batch")
"""


def main() -> None:
    """Measure each style and print a line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--styles", nargs="+", choices=STYLES, default=STYLES)
    asked = parser.parse_args()
    floor = _added(asked.files)
    print(f"papertray add of the same {asked.files:,} files: {floor:.1f} s")
    for style in asked.styles:
        _measure(style, asked.files, floor)


def _measure(style: str, files: int, floor: float) -> None:
    with _tray() as (places, environment):
        _begin(places)
        alone = _decide_until(places, time.monotonic() + 5.0)
        watch = _run(environment, "watch")
        try:
            drop = places.tray / "drop"
            while not drop.is_dir():
                time.sleep(PAUSE)
            began = time.monotonic()
            writer = subprocess.Popen([sys.executable, "-c", WRITER, drop, style, str(files)])
            busy: list[float] = []
            written = 0.0
            while _moved(drop) < files and time.monotonic() < began + WAITED:
                busy += _decide_until(places, time.monotonic() + 0.5)
                if not written and writer.poll() is not None:
                    written = time.monotonic()
            ended = time.monotonic()
            writer.wait()
        finally:
            watch.send_signal(signal.SIGTERM)
            watch.wait()
        read, twice, batches = _counts(places)
    lost = files - read
    print(
        f"{style}: {files:,} files in {ended - began:.1f} s ({(ended - began) / floor:.2f} × add),"
        f" {max(0.0, ended - (written or ended)):.1f} s after the last was written;"
        f" {lost} lost, {twice} read twice, {batches} batches"
    )
    for share in (0.5, 0.99):
        quiet, loud = percentile(alone, share), percentile(busy, share)
        print(
            f"  a decision elsewhere, p{share * 100:.0f}: {1e3 * loud:.1f} ms, "
            f"{1e3 * quiet:.1f} ms with nothing dropped ({loud / quiet:.1f} ×)"
        )
    print(f"  the longest of {len(busy):,}: {1e3 * max(busy):.1f} ms")


@contextmanager
def _tray() -> Iterator[tuple[Places, dict[str, str]]]:
    folder = tempfile.mkdtemp(prefix="papertray-dropping-")
    environment = {
        **os.environ,
        **{f"PAPERTRAY_{name.upper()}": f"{folder}/{name}"
           for name in ("tray", "cache", "state", "config")},
        "PAPERTRAY_LOAD_PLUGINS": "",
    }  # fmt: skip
    try:
        yield find_places(None, environment), environment
    finally:
        shutil.rmtree(folder)


def _run(environment: dict[str, str], *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "papertray", *arguments], env=environment,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def _added(files: int) -> float:
    """Return how many seconds `add` needs for the same files."""
    with _tray() as (places, environment):
        folder = places.tray.parent / "folder" / "drop"
        folder.mkdir(parents=True)
        subprocess.run([sys.executable, "-c", WRITER, folder, "in-place", str(files)], check=True)
        began = time.monotonic()
        assert _run(environment, "add", str(folder)).wait() == 0
        return time.monotonic() - began


def _begin(places: Places) -> None:
    """Make a tray with a paper to decide about."""
    paper = places.tray.parent / "first.jsonl"
    paper.write_text(json.dumps({"title": "The First of All Papers Here"}))
    with Notebook(places, Origin.COMMAND) as notebook:
        with open(os.devnull, "rb") as nothing:
            notebook.feeds.add([str(paper)], nothing)
        notebook.papers.move([1], Pile.READ)
        notebook.keeping.back_up()


def _decide_until(places: Places, end: float) -> list[float]:
    """Decide again and again; return how many seconds each took."""
    times = []
    with Notebook(places, Origin.COMMAND) as notebook:
        notebook.papers.move([1], Pile.READ)
        while time.monotonic() < end:
            for pile in (Pile.SKIP, Pile.READ):
                began = time.perf_counter()
                notebook.papers.move([1], pile)
                times.append(time.perf_counter() - began)
                time.sleep(PAUSE)
    return times


def _moved(drop: Path) -> int:
    return sum(len(names) for _, _, names in os.walk(drop / "done"))


def _counts(places: Places) -> tuple[int, int, int]:
    """Return how many of the papers are there, how many files gave none, and the batches."""
    with closing(sqlite3.connect(places.database)) as connection:
        (papers,) = connection.execute("SELECT count(*) FROM paper").fetchone()
        (listings,) = connection.execute(
            "SELECT count(*) FROM listing l JOIN feed f ON f.id = l.feed_id WHERE f.name = 'drop'"
        ).fetchone()
        (batches,) = connection.execute(
            "SELECT count(*) FROM batch WHERE origin = 'add' AND label LIKE '%from drop'"
        ).fetchone()
    return papers - 1, listings - (papers - 1), batches


if __name__ == "__main__":
    main()
