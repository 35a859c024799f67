"""The screen while papers arrive: keys alone, while 10,000 files are dropped, while feeds come.

``python tests/benchmarks/meanwhile.py [--files N]`` measures with a tray of 228 papers.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import build
from fetching import FEEDS, LATENCY, subscribe
from first_paint import SCREEN, first_title
from library import Library
from local_server import LocalServer
from measurement import Bench, Measurement, latencies
from timed_terminal import END_OF_FRAME, Terminal, start

FILES = 10_000
KEYS = 300
BETWEEN = 0.03
"""Seconds between two keys: somebody who holds one down."""

RECORD = '{{"title": "On the File {number} and What Is in It", "abstract": "{abstract}"}}\n'


def measure(bench: Bench) -> Iterator[Measurement]:
    """Yield how long keys take, quiet and while papers arrive, with two sizes of tray."""
    with tempfile.TemporaryDirectory() as name:
        yield from _one(build.build_tray(Path(name), 228), FILES)
    yield from _one(bench.copy, FILES)


def _one(library: Library, files: int) -> Iterator[Measurement]:
    with library.open() as notebook:
        papers = notebook.papers.number()
    name = f"key to repaint, {papers:,} papers"
    with _screen(library) as terminal:
        quiet = [_press(terminal, key) for key in _keys(KEYS)]
        yield from latencies(f"{name}, quiet", quiet, p50=16, p99=50)
        drop = library.places.tray / "drop"
        began = time.perf_counter()
        _drop(library.folder, drop, files)
        busy = _press_while(terminal, lambda: _has_files(drop / "many"))
        seconds = time.perf_counter() - began
        yield from latencies(f"{name}, while {files:,} files are dropped", busy, p50=16, p99=50)
    yield Measurement(f"{files:,} files read beside the screen, {papers:,} papers", "s", seconds)
    with LocalServer(LATENCY) as server:
        library.places.config.mkdir(exist_ok=True)
        library.places.settings.write_text("[feeds]\nfetch_at_start = false\n", encoding="utf-8")
        with library.open() as notebook:
            subscribe(notebook, server, FEEDS, hosts=1)
        with _screen(library) as terminal:
            terminal.send(b"R")
            busy = _press_while(terminal, lambda: len(server.asked) < FEEDS)
        yield from latencies(f"{name}, while {FEEDS} feeds are fetched", busy, p50=16, p99=50)


@contextmanager
def _screen(library: Library) -> Iterator[Terminal]:
    """Open the screen, and wait until it has come to rest."""
    terminal = start(SCREEN, library.environment)
    try:
        marker = first_title(library)
        terminal.wait_for(lambda output: marker in output)
        drop = library.places.tray / "drop"
        while not drop.is_dir():  # the background begins after the first paint, and writes nothing
            terminal.settle(quiet=0.05)
        terminal.settle(quiet=1.0)
        yield terminal
    finally:
        terminal.close()


def _press_while(terminal: Terminal, condition: Callable[[], bool]) -> list[float]:
    """Press keys as long as something is so; return how long each took."""
    times = []
    keys = _keys(100_000)
    while condition():
        times.append(_press(terminal, next(keys)))
    return times


def _keys(number: int) -> Iterator[bytes]:
    """Yield keys that move down ten lines and up again, as often as wanted."""
    for count in range(number):
        yield b"j" if count // 10 % 2 == 0 else b"k"


def _press(terminal: Terminal, key: bytes) -> float:
    """Press a key and return the seconds until the next frame is whole."""
    time.sleep(BETWEEN)
    terminal.drain()
    frames = terminal.output.count(END_OF_FRAME)
    began = time.perf_counter()
    terminal.send(key)
    terminal.wait_for(lambda output: output.count(END_OF_FRAME) > frames, timeout=20)
    return time.perf_counter() - began


def _drop(folder: Path, drop: Path, files: int) -> None:
    """Write files beside the drop folder, and move them in all at once."""
    beside = folder / "beside"
    beside.mkdir()
    abstract = "We look at what is in it, and find that it follows. " * 20
    for number in range(files):
        (beside / f"{number:05}.jsonl").write_text(RECORD.format(number=number, abstract=abstract))
    os.rename(beside, drop / "many")


def _has_files(folder: Path) -> bool:
    return folder.exists() and next(os.scandir(folder), None) is not None


def main() -> None:
    """Measure with a small tray, and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=FILES)
    parser.add_argument("--papers", type=int, default=228)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        for one in _one(build.build_tray(Path(name), asked.papers), asked.files):
            print(f"{one.name}: {one.ours:.1f} {one.unit}")


if __name__ == "__main__":
    main()
