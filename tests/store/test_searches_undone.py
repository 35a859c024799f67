"""Undo and redo of saved searches, as ops tell of them."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from papertray.notebook.notebook import Notebook
from papertray.store.decisions import write_op
from papertray.store.journal import Batch, Origin
from papertray.store.writing import decide

from trays import open_notebook


def create(notebook: Notebook, name: str, query: str) -> None:
    """Save a search."""

    def action(connection: sqlite3.Connection, batch: Batch) -> int:
        found = connection.execute(
            "INSERT INTO saved_search(uid, name, query) VALUES (?, ?, ?)",
            (notebook._tray.new_uid(), name, query),
        ).lastrowid
        assert found is not None
        write_op(connection, batch, "search", found, "removed", None, batch.at)
        return 1

    decide(notebook._tray, Origin.COMMAND, f"save {name}", action)


def change(notebook: Notebook, changes: list[tuple[int, str, str | None]]) -> int:
    """Set columns of saved searches in one batch; return its id."""

    def action(connection: sqlite3.Connection, batch: Batch) -> int:
        for ref, column, value in changes:
            (before,) = connection.execute(
                f"SELECT CAST({column} AS TEXT) FROM saved_search WHERE id = ?", (ref,)
            ).fetchone()
            connection.execute(f"UPDATE saved_search SET {column} = ? WHERE id = ?", (value, ref))
            write_op(connection, batch, "search", ref, column, value, before)
        return len(changes)

    outcome = decide(notebook._tray, Origin.COMMAND, "change searches", action)
    assert outcome.batch is not None
    return outcome.batch


def searches(notebook: Notebook) -> list[tuple[object, ...]]:
    """Return the saved searches: name, query, position, whether they are there."""
    return (
        notebook._tray.reader()
        .execute("SELECT name, query, position, removed IS NULL FROM saved_search ORDER BY id")
        .fetchall()
    )


def test_saving_is_undone_and_redone(tmp_path: Path) -> None:
    with open_notebook(tmp_path) as notebook:
        create(notebook, "graphs", "graph*")
        taken = notebook.journal.undo()
        assert taken is not None
        assert (taken.changed, taken.left, taken.papers) == (1, 0, ())
        assert searches(notebook) == [("graphs", "graph*", None, 0)]
        notebook.journal.redo()
        assert searches(notebook) == [("graphs", "graph*", None, 1)]


def test_every_column_goes_back_and_forth(tmp_path: Path) -> None:
    with open_notebook(tmp_path) as notebook:
        create(notebook, "a", "x")
        create(notebook, "b", "y")
        was = searches(notebook)
        change(
            notebook,
            [(1, "name", "new"), (1, "position", "7"), (2, "query", "z"), (2, "position", "1"),
             (1, "removed", "2026-11-23T07:00:00.000Z")],
        )  # fmt: skip
        became = searches(notebook)
        assert became == [("new", "x", 7, 0), ("b", "z", 1, 1)]
        for _ in range(2):
            taken = notebook.journal.undo()
            assert taken is not None
            assert (taken.changed, taken.left) == (5, 0)
            assert searches(notebook) == was
            notebook.journal.redo()
            assert searches(notebook) == became


def test_what_changed_since_is_left_and_a_name_that_was_taken(tmp_path: Path) -> None:
    with open_notebook(tmp_path) as notebook:
        create(notebook, "a", "x")
        batch = change(notebook, [(1, "query", "y"), (1, "name", "b"), (1, "position", "3")])
        change(notebook, [(1, "query", "z")])
        create(notebook, "a", "another")
        taken = notebook.journal.undo_batch(batch)
        assert (taken.changed, taken.left) == (1, 2)
        assert searches(notebook) == [("b", "z", None, 1), ("a", "another", None, 1)]
