"""Deciding: one paper and 50,000, undo and redo, the history; on disk, and on the screen."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from itertools import count
from typing import Any

import timing
from measurement import Bar, Bench, Measurement, latencies
from papertray.core.model import Pile
from papertray.notebook.notebook import Notebook
from papertray.store.papers import View
from papertray.tui.app import PapertrayApp
from papertray.tui.dispatch import Press
from papertray.tui.keys import KeyMap
from papertray.tui.screens.triage import TriageScreen

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
    with bench.copy.open() as notebook:
        yield from asyncio.run(_on_screen(notebook, bench.rounds))


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


async def _on_screen(notebook: Notebook, rounds: int) -> list[Measurement]:
    """Measure what keys take of the screen's thread, and until the list shows the outcome."""
    # A minute between any two keys: as fast as this they would be taken for a slip.
    app = PapertrayApp(notebook, KeyMap(), seconds=partial(next, count(0, 60)))
    found: list[Measurement] = []
    try:
        async with app.run_test(size=(120, 40)) as pilot:
            screen = app.screen_stack[0]
            assert isinstance(screen, TriageScreen)

            async def until(condition: Callable[[], bool]) -> None:
                while not (condition() and app.writer.is_idle):
                    await pilot.pause(0.001)

            await until(lambda: screen.viewing.is_whole and len(screen.rows) > 0)
            keys, outcomes = [], []
            write = app.writer.write

            def written(decision: Callable[[], Any], done: Any, failed: Any) -> None:
                def timed(outcome: Any) -> None:
                    outcomes.append(timing.seconds(partial(done, outcome)))

                write(decision, timed, failed)

            app.writer.write = written  # type: ignore[method-assign]
            for number in range(SINGLE):
                keys.append(timing.seconds(partial(screen.run, Press("decide.skip"))))
                await until(lambda number=number: len(outcomes) > number)  # type: ignore[misc]
                await pilot.pause(0.01)
            app.writer.write = write  # type: ignore[method-assign]
            papers = f"of {len(screen.rows):,} papers on the screen"
            found += latencies(f"the key that skips one {papers}", keys, p50=1, p99=None)
            found += latencies(
                "… and what follows once it is on disk", outcomes, p50=None, p99=None
            )
            found += await _many_on_screen(screen, until, rounds)
    finally:
        app.close()
    return found


async def _many_on_screen(
    screen: TriageScreen, until: Callable[[Callable[[], bool]], Any], rounds: int
) -> list[Measurement]:
    """Measure from the keypress until the list, its counts and the disk have it."""
    every = screen.rows.ids[:]
    many = min(MANY, len(every) // 2)  # a small library is measured too
    marks = [timing.seconds(partial(screen.marks._marks.add, every)) for _ in range(rounds)]
    screen.marks.clear()
    times: dict[str, list[float]] = {"skip": [], "undo of": []}
    blocked = []
    for _ in range(rounds + 1):
        begun = time.perf_counter()
        screen.run(Press("decide.skip", many, "x"))
        answer = screen._answered
        assert answer is not None
        screen._answered = None
        answer("x")
        blocked.append(time.perf_counter() - begun)
        await until(lambda: len(screen.rows) == len(every) - many)
        times["skip"].append(time.perf_counter() - begun)
        await until(lambda: all(worker.is_finished for worker in screen.app.workers))
        begun = time.perf_counter()
        screen.run(Press("decide.undo"))
        await until(lambda: len(screen.rows) == len(every))
        times["undo of"].append(time.perf_counter() - begun)
        assert screen.rows.ids == every
        await until(lambda: all(worker.is_finished for worker in screen.app.workers))
        assert screen.paper_id == every[screen.paper_list.index]
    found = [
        Measurement(
            f"{name} {many:,} papers on the screen, until list and disk have it",
            "s",
            timing.percentile(several[1:], 0.5),
            bar=Bar(1.0),
        )
        for name, several in times.items()
    ]
    found += latencies(f"the key that skips {many:,}", blocked, p50=50, p99=None)
    return found + latencies(
        f"marking {len(every):,} papers, in a thread", marks, p50=None, p99=None
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
