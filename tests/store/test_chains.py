"""Which batches hold, in long and odd journals, and under clocks that jump."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from papertray.core.model import Pile
from papertray.notebook.notebook import Notebook
from papertray.store.journal import LARGEST_COUNTER, Origin, next_hlc

from trays import SteppingClock, add_lines, open_notebook, works


def write_batches(notebook: Notebook, undone: list[int | None]) -> None:
    """Append batches that undo what the list says, past what a test can decide in its time."""
    with notebook._tray.write() as connection:
        (last,) = connection.execute("SELECT max(id) FROM batch").fetchone()
        connection.executemany(
            "INSERT INTO batch(id, uid, device, number, session, hlc, at, origin, label, undoes)"
            " VALUES (?, ?, 'other', ?, 'other', ?, '2026-11-24T00:00:00.000Z', 'screen', ?, ?)",
            (
                (last + n, f"u{last + n}", n, f"2026-11-24T00:00:00.000Z/{n:05x}", f"b{n}", undoes)
                for n, undoes in enumerate(undone, 1)
            ),
        )


def steps(notebook: Notebook, ask: str) -> int:
    """Return how many thousands of steps SQLite's machine makes for a question."""
    made = 0

    def count() -> int:
        nonlocal made
        made += 1
        return 0

    reader = notebook._tray.reader()
    reader.set_progress_handler(count, 1000)
    getattr(notebook.journal, ask)()
    reader.set_progress_handler(None, 0)
    return made


@pytest.fixture
def notebook(tmp_path: Path) -> Notebook:
    """A tray with one batch: an add, by another session."""
    with open_notebook(tmp_path, Origin.ADD) as adding:
        add_lines(adding, works(3))
    return open_notebook(tmp_path, Origin.SCREEN)


@pytest.mark.parametrize("ask", ["next_undo", "next_redo", "history"])
def test_the_newest_is_found_without_reading_the_journal(notebook: Notebook, ask: str) -> None:
    write_batches(notebook, [None] * 20_000)
    notebook.papers.move([1], Pile.SKIP)
    if ask != "next_undo":
        notebook.journal.undo()
    assert steps(notebook, ask) < 10
    notebook.close()


def test_undo_and_redo_of_one_batch_again_and_again_is_one_pass(notebook: Notebook) -> None:
    first = notebook.journal.newest()
    # b1 is undone, done again, undone … by b2, b3, b4 …; the last is an undo.
    write_batches(notebook, [None, *(first + n for n in range(1, 20_000))])
    assert notebook.journal.next_undo() is None
    line = notebook.journal.next_redo()
    assert line is not None
    assert (line.id, line.is_undo) == (first + 20_000, True)
    assert steps(notebook, "next_undo") < 2000
    # One redo more, and what is there to undo is the redo.
    notebook.journal.redo()
    line = notebook.journal.next_undo()
    assert line is not None
    assert (line.is_undo, line.label) == (False, "redo: b20000")
    notebook.close()


def test_what_lies_under_thousands_that_were_taken_back_is_found(notebook: Notebook) -> None:
    first = notebook.journal.newest()
    count = 10_000
    undone = range(first + count + 1, first + 1, -1)
    write_batches(notebook, [None] * (count + 1) + list(undone))
    line = notebook.journal.next_undo()
    assert line is not None
    assert line.label == "b1"
    assert [one.is_live for one in notebook.journal.history(2)] == [True, True]
    assert steps(notebook, "next_undo") < 3000
    notebook.close()


def test_what_undo_would_take_back_is_looked_up_once_for_each_batch(notebook: Notebook) -> None:
    first = notebook.journal.newest()
    count = 10_000
    write_batches(notebook, [None] * count + list(range(first + count, first, -1)))
    assert notebook.journal.next_undo() is None
    assert steps(notebook, "next_undo") == 0
    notebook.papers.move([1], Pile.SKIP)
    line = notebook.journal.next_undo()
    assert line is not None
    assert line.id == notebook.journal.newest()
    notebook.journal.undo()
    assert notebook.journal.next_undo() is None
    notebook.close()


class JumpingClock(SteppingClock):
    """Stands where it is put."""

    def jump(self, days: float) -> None:
        """Move forth, or back."""
        self.moment += timedelta(days=days)


def test_a_clock_that_jumps_disturbs_neither_order_nor_undo(tmp_path: Path) -> None:
    clock = JumpingClock()
    jumps = [0.0, 3.0, -3.0, -400.0, 0.0, 410.0, -10.0]
    with open_notebook(tmp_path, clock=clock) as notebook:
        add_lines(notebook, works(len(jumps)))
        said: list[datetime] = []
        for paper, days in enumerate(jumps, 1):
            clock.jump(days)
            said.append(clock.moment)
            notebook.papers.move([paper], Pile.SKIP)
        rows = notebook._tray.reader().execute("SELECT hlc, at FROM batch ORDER BY id").fetchall()
        clocks = [hlc for hlc, _ in rows]
        assert clocks == sorted(set(clocks))
        shown = [datetime.fromisoformat(at) for _, at in rows[1:]]
        assert all(
            timedelta(0) <= at - moment < timedelta(minutes=1)
            for at, moment in zip(shown, said, strict=True)
        ), "`at` is what the clock on the wall said"
        for paper in range(len(jumps), 0, -1):
            taken = notebook.journal.undo()
            assert taken is not None
            assert taken.papers == (paper,)
        for paper in range(1, len(jumps) + 1):
            again = notebook.journal.redo()
            assert again is not None
            assert again.papers == (paper,)


def test_a_counter_that_is_full_carries_into_the_instant() -> None:
    full = f"2026-11-26T06:00:00.999Z/{LARGEST_COUNTER:04x}"
    following = next_hlc(full, "2026-11-23T06:00:00.000Z")
    assert following == "2026-11-26T06:00:01.000Z/0000"
    assert following > full
