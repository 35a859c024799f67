"""Deciding: one paper and 50,000, undo and redo, the history."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import partial

import timing
from measurement import Bar, Bench, Measurement, latencies
from papertray.core.model import Pile
from papertray.notebook.notebook import Notebook
from papertray.store.papers import View

MANY = 50_000
SINGLE = 200


def measure(bench: Bench) -> Iterator[Measurement]:
    """Yield times of single decisions, of a batch with its undo and redo, and of the history."""
    with (
        bench.copy.open() as notebook,
        closing(sqlite3.connect(bench.copy.places.database, isolation_level=None)) as bare,
    ):
        bare.execute("PRAGMA foreign_keys = ON")
        bare.execute("PRAGMA temp_store = MEMORY")
        bare.execute("PRAGMA synchronous = FULL")
        yield from _single(notebook, bare)
        for pile in (Pile.SKIP, Pile.READ):
            yield from _batch(notebook, bare, pile, bench.rounds)
        times = [timing.seconds(lambda: notebook.journal.history(50)) for _ in range(50)]
        yield from latencies("the newest 50 of the history", times, p50=None, p99=None)


def _single(notebook: Notebook, bare: sqlite3.Connection) -> Iterator[Measurement]:
    ids = list(notebook.papers.ids(View.INBOX, limit=2 * SINGLE))
    moved: list[float] = []
    written: list[float] = []
    for ours, theirs in zip(ids[::2], ids[1::2], strict=True):
        moved.append(timing.seconds(partial(notebook.papers.move, [ours], Pile.SKIP)))
        written.append(timing.seconds(partial(_bare_move, bare, [theirs], Pile.SKIP)))
    undone = [timing.seconds(notebook.journal.undo) for _ in range(SINGLE)]
    _bare_move(bare, ids[1::2], Pile.INBOX)
    for name, times in (("one decision", moved), ("undo of one", undone)):
        for share, label in ((0.5, "p50"), (0.99, "p99")):
            yield Measurement(
                f"{name}, on disk, {label}",
                "ms",
                1e3 * timing.percentile(times, share),
                1e3 * timing.percentile(written, share),
                "bare SQL, synchronous FULL",
                Bar(100) if label == "p99" else None,
            )


def _batch(
    notebook: Notebook, bare: sqlite3.Connection, pile: Pile, rounds: int
) -> Iterator[Measurement]:
    ids = list(notebook.papers.ids(View.INBOX))[:MANY]
    moved, undone, written = [], [], []
    redone = []
    for _ in range(rounds + 1):
        moved.append(timing.seconds(partial(notebook.papers.move, ids, pile)))
        undone.append(timing.seconds(notebook.journal.undo))
        redone.append(timing.seconds(notebook.journal.redo))
        notebook.journal.undo()
        written.append(timing.seconds(partial(_bare_move, bare, ids, pile)))
        _bare_move(bare, ids, Pile.INBOX)
    floor = timing.percentile(written[1:], 0.5)
    if pile is Pile.READ:  # the warming round is another job: it also gives the citation keys
        yield Measurement(
            f"{len(ids):,} papers to {pile} for the first time, with their citation keys",
            "s",
            moved[0],
            floor,
            "bare SQL, without keys",
            Bar(1.0),
        )
    for name, times in (("to", moved), ("undo of", undone), ("redo of", redone)):
        label = f"{len(ids):,} papers to {pile} in one batch"
        yield Measurement(
            label if name == "to" else f"{name} {label}",
            "s",
            timing.percentile(times[1:], 0.5),
            floor,
            "bare SQL",
            Bar(1.0),
        )


def _bare_move(connection: sqlite3.Connection, ids: list[int], pile: Pile) -> None:
    """Write the ops and the effect of a move, and nothing else, without looking at anything."""
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("CREATE TEMP TABLE IF NOT EXISTS bare (paper_id INTEGER PRIMARY KEY)")
    connection.execute("DELETE FROM temp.bare")
    connection.executemany("INSERT INTO temp.bare VALUES (?)", ((one,) for one in ids))
    connection.execute(
        "INSERT INTO op(batch, kind, ref, field, value, before)"
        " SELECT (SELECT max(id) FROM batch), 'paper', paper_id, 'pile', ?, 'inbox' FROM temp.bare",
        (pile,),
    )
    connection.execute(
        "UPDATE standing SET pile = ?, decided = ?"
        " WHERE paper_id IN (SELECT paper_id FROM temp.bare)",
        (pile, None if pile is Pile.INBOX else "2026-11-23T08:00:00.000Z"),
    )
    connection.execute("COMMIT")
