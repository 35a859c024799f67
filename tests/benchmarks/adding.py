"""Adding: new papers, known ones, and the wait of others meanwhile."""

from __future__ import annotations

import io
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from typing import TypeAlias

import corpus
import timing
from library import PAPERTRAY, Library
from measurement import Bar, Bench, Better, Measurement
from papertray.core.model import Pile
from papertray.feeds import jsonlines
from papertray.notebook.notebook import Notebook

CHUNK = 10_000
"""Papers added in a round."""

COMPETING = 50_000
"""Papers that are added while another process decides."""

TABLES = {
    "feed": "id",
    "batch": "id",
    "paper": "id",
    "standing": "paper_id",
    "identifier": "paper_id",
    "original": "paper_id",
    "versions": "paper_id",
    "listing": "id",
    "citekey": "paper_id",
}
"""What an add writes, in the order of the references, with the number that grows."""

Rows: TypeAlias = dict[str, list[tuple[object, ...]]]


def measure(bench: Bench) -> Iterator[Measurement]:
    """Yield the waits of a second process, and rates beside bare SQL."""
    yield from _waits(bench)
    with bench.library.copy("floor") as floor:
        yield from _rates(bench, floor)


def _rates(bench: Bench, floor: Library) -> Iterator[Measurement]:
    """Add chunk by chunk; put the rows that came of each into the other copy by bare SQL."""
    parsing, adding, again, bare = [], [], [], []
    with (
        bench.copy.open() as notebook,
        closing(sqlite3.connect(bench.copy.places.database)) as ours,
        closing(sqlite3.connect(floor.places.database, isolation_level=None)) as theirs,
    ):
        theirs.execute("PRAGMA foreign_keys = ON")
        theirs.execute("PRAGMA synchronous = NORMAL")
        _catch_up(ours, theirs)
        for number in range(bench.rounds + 1):  # the first one warms up
            lines = _new_lines(bench.library, COMPETING + number * CHUNK, CHUNK)
            before = _ends(ours)
            parsing.append(timing.seconds(lambda: list(jsonlines.read(io.BytesIO(lines)))))  # noqa: B023
            adding.append(timing.seconds(partial(_add, notebook, lines)))
            rows = _rows_after(ours, before)
            bare.append(timing.seconds(partial(_insert, theirs, rows)))
            again.append(timing.seconds(partial(_add, notebook, lines)))
    floor_rate = CHUNK / timing.percentile(bare[1:], 0.5)
    for name, times, bar in (
        ("new papers, with parsing JSON Lines", adding, 0.3),
        ("new papers, parsing taken off", _less(adding, parsing), 0.4),
        ("known papers, with parsing JSON Lines", again, 0.3),
        ("known papers, parsing taken off", _less(again, parsing), 0.4),
    ):
        yield Measurement(
            name,
            "papers/s",
            CHUNK / timing.percentile(times[1:], 0.5),
            floor_rate,
            "executemany of the finished rows",
            Bar(bar, of_ratio=True),
            Better.MORE,
        )


def _waits(bench: Bench) -> Iterator[Measurement]:
    """Decide one paper after the other, alone and while another process adds."""
    lines = _new_lines(bench.library, 0, COMPETING)
    with bench.copy.open() as notebook, tempfile.TemporaryFile() as file:
        file.write(lines)
        file.seek(0)
        ids = list(notebook.papers.newest(200))
        alone = [timing.seconds(partial(_turn, notebook, paper_id)) for paper_id in ids]
        adder = subprocess.Popen(
            (*PAPERTRAY, "add", "-", "--from", "jsonl"),
            env=bench.copy.environment,
            stdin=file,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        waits: list[float] = []
        while adder.poll() is None:
            waits.append(timing.seconds(partial(_turn, notebook, ids[len(waits) % len(ids)])))
    for share, label in ((0.5, "p50"), (0.99, "p99"), (1.0, "longest")):
        yield Measurement(
            f"one decision while another process adds, {label}",
            "ms",
            1e3 * timing.percentile(waits, share),
            1e3 * timing.percentile(alone, share),
            "alone",
            Bar(100) if label != "p50" else None,
        )


def _turn(notebook: Notebook, paper_id: int) -> None:
    """Move a paper to where it is not."""
    if not notebook.papers.move([paper_id], Pile.SKIP).changed:
        notebook.papers.move([paper_id], Pile.INBOX)


def _new_lines(library: Library, offset: int, number: int) -> bytes:
    """Return lines of papers that the library does not hold, `offset` beyond its last."""
    facts = library.facts()
    held, seed = facts["papers"], facts["seed"]
    assert isinstance(held, int)
    assert isinstance(seed, int)
    source = corpus.find_corpus()
    texts = corpus.read_corpus(source) if source else corpus.made_up_corpus()
    return b"".join(map(corpus.line, corpus.papers(texts, number, seed, held + offset)))


def _add(notebook: Notebook, lines: bytes) -> None:
    notebook.feeds.add(["-"], io.BytesIO(lines))


def _ends(connection: sqlite3.Connection) -> dict[str, int]:
    return {
        table: connection.execute(f"SELECT ifnull(max({number}), 0) FROM {table}").fetchone()[0]
        for table, number in TABLES.items()
        if number == "id"
    }


def _rows_after(connection: sqlite3.Connection, ends: dict[str, int]) -> Rows:
    """Return what was written since `ends`; what hangs on a paper is new where the paper is."""
    found: Rows = {}
    for table, number in TABLES.items():
        last = ends[table] if number == "id" else ends["paper"]
        statement = f"SELECT * FROM {table} WHERE {number} > ?"
        found[table] = connection.execute(statement, (last,)).fetchall()
    return found


def _catch_up(ours: sqlite3.Connection, theirs: sqlite3.Connection) -> None:
    """Give the floor's copy what was added to ours before."""
    _insert(theirs, _rows_after(ours, _ends(theirs)))


def _insert(connection: sqlite3.Connection, rows: Rows) -> None:
    connection.execute("BEGIN IMMEDIATE")
    for table, values in rows.items():
        if values:
            marks = ", ".join("?" * len(values[0]))
            connection.executemany(f"INSERT INTO {table} VALUES ({marks})", values)
    connection.execute("COMMIT")


def _less(times: list[float], parts: list[float]) -> list[float]:
    return [time - part for time, part in zip(times, parts, strict=True)]
