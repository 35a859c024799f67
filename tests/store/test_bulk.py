"""Decisions about many papers: one batch, exact, and never a statement a paper."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from papertray.core.model import Pile
from papertray.notebook.notebook import Notebook
from papertray.store.papers import View

from trays import add_lines, open_notebook, works

PAPERS = 1200
EVERYTHING = range(1, PAPERS + 1)

VERBS: dict[str, Callable[[Notebook], object]] = {
    "read": lambda notebook: notebook.papers.move(EVERYTHING, Pile.READ),
    "skip": lambda notebook: notebook.papers.move(EVERYTHING, Pile.SKIP),
    "inbox": lambda notebook: notebook.papers.move(EVERYTHING, Pile.INBOX),
    "done": lambda notebook: notebook.papers.set_done(EVERYTHING),
    "not done": lambda notebook: notebook.papers.set_done(EVERYTHING, done=False),
    "tag": lambda notebook: notebook.papers.change_tags(EVERYTHING, add=["new"], remove=["old"]),
    "rename": lambda notebook: notebook.papers.rename_tag("old", "older"),
    "remove": lambda notebook: notebook.papers.remove(EVERYTHING),
    "undo": lambda notebook: notebook.journal.undo(),
    "redo": lambda notebook: notebook.journal.redo(),
    "undo the add": lambda notebook: notebook.journal.undo_batch(1),
}


@pytest.fixture
def notebook(tmp_path: Path) -> Iterator[Notebook]:
    """A tray of papers in all piles, half of them with a tag."""
    with open_notebook(tmp_path) as opened:
        add_lines(opened, works(PAPERS))
        opened.papers.change_tags(range(1, PAPERS // 2), add=["old"])
        opened.papers.set_done(range(1, 100))
        opened.papers.move(range(100, 200), Pile.STARRED)
        opened.papers.move(range(150, 250), Pile.SKIP)
        opened.journal.undo()
        yield opened


@pytest.mark.parametrize("verb", VERBS)
def test_no_decision_makes_a_statement_a_paper(notebook: Notebook, verb: str) -> None:
    """A temporary table that is filled and keys that are written are the only rows one by one."""
    statements: list[str] = []
    notebook._tray._writer.set_trace_callback(statements.append)
    VERBS[verb](notebook)
    notebook._tray._writer.set_trace_callback(None)
    one_by_one = ("--", "INSERT OR IGNORE INTO temp.", "INSERT INTO temp.", "INSERT INTO citekey")
    rest = [sql for sql in statements if not sql.startswith(one_by_one)]
    assert len(set(rest)) < 60


def test_undoing_an_add_asks_each_paper_for_its_own_notes_only(notebook: Notebook) -> None:
    for paper in range(1, 301):
        notebook.notes.save_main(paper, "worth a note")
    thousands = 0

    def count() -> int:
        nonlocal thousands
        thousands += 1
        return 0

    notebook._tray._writer.set_progress_handler(count, 1000)
    taken = notebook.journal.undo_batch(1)
    notebook._tray._writer.set_progress_handler(None, 0)
    assert taken.left >= 300
    assert thousands < 0.5 * PAPERS, "less than 500 steps a paper"


def test_undo_of_many_puts_back_what_still_holds_and_counts_the_rest(notebook: Notebook) -> None:
    papers = notebook.papers
    inbox = list(papers.ids(View.INBOX))
    batch = papers.set_done(inbox).batch
    papers.move(inbox[:300], Pile.STARRED)
    papers.set_done(inbox[200:500], done=False)
    assert batch is not None
    taken = notebook.journal.undo_batch(batch)
    # 300 piles changed since, and 300 dates.
    assert (taken.changed, taken.left) == (2 * len(inbox) - 600, 600)
    entries = {entry.id: entry for entry in papers.entries(inbox)}
    assert all(entries[paper].pile is Pile.STARRED for paper in inbox[:300])
    assert all(entries[paper].pile is Pile.INBOX for paper in inbox[300:])
    assert all(not entry.done for entry in entries.values())
    counts = papers.counts()
    assert [counts.of(view) for view in View] == [len(papers.ids(view)) for view in View]


def test_a_decision_and_its_citation_keys_are_one_transaction(notebook: Notebook) -> None:
    statements: list[str] = []
    notebook._tray._writer.set_trace_callback(statements.append)
    notebook.papers.move(EVERYTHING, Pile.READ)
    notebook._tray._writer.set_trace_callback(None)
    assert statements.count("COMMIT") == 1
    assert all(entry.citekey for entry in notebook.papers.entries(EVERYTHING))


def test_a_provisional_key_follows_an_edit_that_is_taken_back(notebook: Notebook) -> None:
    entry = notebook.papers.entry(1)
    notebook.papers.edit(1, replace(entry.work, year=1999))
    assert notebook.papers.entry(1).citekey.endswith("1999")
    notebook.journal.undo()
    assert notebook.papers.entry(1).citekey == entry.citekey


ONE: dict[str, Callable[[Notebook], object]] = {
    "skip": lambda notebook: notebook.papers.move([300], Pile.SKIP),
    "read": lambda notebook: notebook.papers.move([300], Pile.READ),
    "inbox": lambda notebook: notebook.papers.move([100], Pile.INBOX),
    "done": lambda notebook: notebook.papers.set_done([300]),
    "tag": lambda notebook: notebook.papers.change_tags([300], add=["new"], remove=["old"]),
    "remove": lambda notebook: notebook.papers.remove([300]),
    "undo": lambda notebook: notebook.journal.undo(),
}


@pytest.mark.parametrize("verb", ONE)
def test_one_decision_does_not_read_the_library(notebook: Notebook, verb: str) -> None:
    if verb == "undo":
        notebook.papers.move([300], Pile.STARRED)
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return 0

    notebook._tray._writer.set_progress_handler(count, 100)
    ONE[verb](notebook)
    notebook._tray._writer.set_progress_handler(None, 0)
    assert steps * 100 < PAPERS, "fewer steps of SQLite's machine than there are papers"


def test_counting_the_piles_reads_none_of_them(notebook: Notebook) -> None:
    add_lines(notebook, works(3000, first=10_000))
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return 0

    reader = notebook._tray.reader()
    reader.set_progress_handler(count, 100)
    notebook.papers.counts()
    assert steps < 5, "hundreds of instructions of SQLite's machine, not thousands"
