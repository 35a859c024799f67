"""The journal beside a model of it that a reader can check at a glance."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from papertray.core.errors import UsageError
from papertray.core.model import Pile
from papertray.notebook.notebook import Notebook
from papertray.store.journal import Origin, next_hlc
from papertray.store.papers import View

from trays import SteppingClock, add_lines, open_notebook, works

PAPERS = 4
STANDING = "SELECT paper_id, pile, decided, done, snoozed, removed FROM standing ORDER BY paper_id"
TAGS = "SELECT paper_id, tag FROM tag ORDER BY paper_id, tag"

Key = tuple[int, str]


@dataclass
class ModelBatch:
    """A batch by the book: net ops as (paper, field) → (value, before)."""

    session: int
    undoes: int | None = None
    ops: dict[Key, tuple[object, object]] = field(default_factory=dict)


class Model:
    """Piles, done dates and tags of some papers, and the journal as a plain list."""

    def __init__(self) -> None:
        self.state: dict[Key, object] = {(p, "pile"): "inbox" for p in range(1, PAPERS + 1)}
        self.batches: list[ModelBatch] = []

    def is_live(self, batch: int) -> bool:
        """True while no live batch undoes it: the definition, word for word."""
        return not any(
            other.undoes == batch and self.is_live(number)
            for number, other in enumerate(self.batches)
        )

    def is_undo(self, batch: int) -> bool:
        """True for every second batch of a chain."""
        undoes = self.batches[batch].undoes
        return undoes is not None and not self.is_undo(undoes)

    def decide(self, session: int, changes: dict[Key, object]) -> None:
        """Write a batch of what really changes."""
        ops = {
            key: (value, self.state.get(key))
            for key, value in changes.items()
            if self.state.get(key) != value
        }
        if ops:
            self._write(ModelBatch(session, None, ops))

    def undo(self, session: int) -> None:
        """Take back the newest live decision of the session, else of anybody."""
        numbers = [n for n in range(len(self.batches)) if self.is_live(n) and not self.is_undo(n)]
        own = [n for n in numbers if self.batches[n].session == session]
        if own or numbers:
            self._take_back(session, max(own or numbers))

    def redo(self, session: int) -> None:
        """Take back the newest live undo of the session, else of all, unless one decided since."""
        everything = list(range(len(self.batches)))
        own = [n for n in everything if self.batches[n].session == session]
        for scope in (own, everything):
            for number in reversed(scope):
                if self.batches[number].undoes is None:
                    return
                if self.is_live(number) and self.is_undo(number):
                    self._take_back(session, number)
                    return

    def _take_back(self, session: int, number: int) -> None:
        ops = {
            key: (before, value)
            for key, (value, before) in self.batches[number].ops.items()
            if self.state.get(key) == value
        }
        self._write(ModelBatch(session, number, ops))

    def _write(self, batch: ModelBatch) -> None:
        self.batches.append(batch)
        for key, (value, _) in batch.ops.items():
            self.state[key] = value


def changes_of(model: Model, verb: str, papers: list[int], today: str) -> dict[Key, object]:
    """Return what a verb means for some papers."""
    changes: dict[Key, object] = {}
    for paper in papers:
        pile = model.state[paper, "pile"]
        if verb == "done":
            if pile == "inbox":
                changes[paper, "pile"] = "read"
            if model.state.get((paper, "done")) is None:
                changes[paper, "done"] = today
        elif verb.startswith("tag"):
            changes[paper, verb] = True
        else:
            changes[paper, "pile"] = verb
            if verb == "inbox" and pile != "inbox":
                changes[paper, "done"] = None
    return changes


def do(notebook: Notebook, verb: str, papers: list[int]) -> None:
    """Do the same in a real tray."""
    if verb == "done":
        notebook.papers.set_done(papers)
    elif verb.startswith("tag"):
        notebook.papers.change_tags(papers, add=[verb.removeprefix("tag:")])
    else:
        notebook.papers.move(papers, Pile(verb))


def state_of(notebook: Notebook) -> dict[Key, object]:
    """Return what the tray holds, as the model says it."""
    found: dict[Key, object] = {}
    for entry in notebook.papers.entries(range(1, PAPERS + 1)):
        found[entry.id, "pile"] = str(entry.pile)
        if entry.done:
            found[entry.id, "done"] = entry.done
        for tag in entry.tags:
            found[entry.id, f"tag:{tag}"] = True
    return found


VERBS = ["read", "skip", "starred", "inbox", "done", "tag:a", "tag:b"]
STEPS = st.lists(
    st.tuples(
        st.integers(0, 1),
        st.sampled_from([*VERBS, "undo", "undo", "undo", "redo", "redo"]),
        st.lists(st.integers(1, PAPERS), min_size=1, max_size=PAPERS, unique=True),
    ),
    max_size=25,
)


@given(steps=STEPS)
@settings(max_examples=120, deadline=None)
def test_any_sequence_of_decisions_undo_and_redo_equals_the_model(
    steps: list[tuple[int, str, list[int]]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        with open_notebook(Path(folder), Origin.ADD) as adding:
            add_lines(adding, works(PAPERS))
        clock = SteppingClock()
        sessions = [open_notebook(Path(folder), Origin.SCREEN, clock=clock) for _ in range(2)]
        model = Model()
        for session, verb, papers in steps:
            notebook = sessions[session]
            if verb == "undo":
                model.undo(session)
                notebook.journal.undo()
            elif verb == "redo":
                model.redo(session)
                notebook.journal.redo()
            else:
                model.decide(session, changes_of(model, verb, papers, notebook.papers.today))
                do(notebook, verb, papers)
            expected = {key: value for key, value in model.state.items() if value is not None}
            assert state_of(notebook) == expected
            counts = notebook.papers.counts()
            assert [counts.of(view) for view in View] == [len(notebook.papers.ids(v)) for v in View]
        for notebook in sessions:
            notebook.close()


def table(notebook: Notebook, sql: str) -> list[tuple[object, ...]]:
    """Return rows of the tray's database."""
    return notebook._tray.reader().execute(sql).fetchall()


@given(
    before=st.lists(st.tuples(st.sampled_from(VERBS), st.integers(1, PAPERS)), max_size=6),
    verb=st.sampled_from(VERBS),
    papers=st.lists(st.integers(1, PAPERS), min_size=1, unique=True),
)
@settings(max_examples=60, deadline=None)
def test_undo_restores_every_column_and_redo_every_column_after(
    before: list[tuple[str, int]], verb: str, papers: list[int]
) -> None:
    with tempfile.TemporaryDirectory() as folder, open_notebook(Path(folder)) as notebook:
        add_lines(notebook, works(PAPERS))
        for earlier, paper in before:
            do(notebook, earlier, [paper])
        was = table(notebook, STANDING), table(notebook, TAGS)
        batches = notebook.journal.newest()
        do(notebook, verb, papers)
        became = table(notebook, STANDING), table(notebook, TAGS)
        if notebook.journal.newest() == batches:
            assert became == was  # it was so already: no batch
            return
        notebook.journal.undo()
        assert (table(notebook, STANDING), table(notebook, TAGS)) == was
        notebook.journal.redo()
        assert (table(notebook, STANDING), table(notebook, TAGS)) == became


def test_undo_reaches_across_restarts(tmp_path: Path) -> None:
    with open_notebook(tmp_path) as notebook:
        add_lines(notebook, works(3))
        notebook.papers.move([1], Pile.STARRED)
        notebook.papers.move([2, 3], Pile.SKIP)
    with open_notebook(tmp_path, Origin.SCREEN) as notebook:
        taken = notebook.journal.undo()
        assert taken is not None
        assert (taken.label, taken.papers) == ("skip 2 papers", (2, 3))
        assert notebook.papers.counts().inbox == 2
        # What this session did comes first, then what others did.
        notebook.papers.move([3], Pile.READ)
        labels = [taken.label for _ in range(2) if (taken := notebook.journal.undo())]
        assert [label.split()[0] for label in labels] == ["read", "star"]
        assert notebook.journal.undo() is None


def test_what_changed_since_is_left_alone_and_counted(tmp_path: Path) -> None:
    with open_notebook(tmp_path) as notebook:
        add_lines(notebook, works(3))
        batch = notebook.papers.move([1, 2, 3], Pile.SKIP).batch
        notebook.papers.move([2], Pile.STARRED)
        assert batch is not None
        taken = notebook.journal.undo_batch(batch)
        assert (taken.changed, taken.left) == (2, 1)
        assert notebook.papers.entry(2).pile is Pile.STARRED
        with pytest.raises(UsageError, match="taken back already"):
            notebook.journal.undo_batch(batch)
        with pytest.raises(UsageError, match="no batch 999"):
            notebook.journal.undo_batch(999)


def test_undoing_an_add_removes_what_nobody_touched_and_adding_again_brings_it_back(
    tmp_path: Path,
) -> None:
    with open_notebook(tmp_path) as notebook:
        batch = add_lines(notebook, works(5)).batch
        notebook.papers.move([1], Pile.STARRED)
        notebook.notes.save_main(2, "worth a note")
        notebook.papers.move([3], Pile.SKIP)
        notebook.journal.undo()  # a decision that was taken back does not count as touching
        assert batch is not None
        taken = notebook.journal.undo_batch(batch)
        assert (taken.changed, taken.left) == (3, 2)
        assert list(notebook.papers.ids(View.INBOX)) == [2]
        again = add_lines(notebook, works(5))
        assert (again.counts.added, again.counts.known) == (3, 2)
        assert notebook.papers.counts().inbox == 4
        removed = notebook.papers.remove([4])
        assert removed.changed == 1
        add_lines(notebook, works(5))
        assert notebook.papers.counts().inbox == 3, "what its owner removed stays removed"


def test_a_note_of_one_sitting_is_one_undo(tmp_path: Path) -> None:
    with open_notebook(tmp_path) as notebook:
        add_lines(notebook, works(1))
        notebook.notes.save_main(1, "from yesterday")
        first = notebook.notes.save_main(1, "from yesterday, and")
        second = notebook.notes.save_main(1, "from yesterday, and today", continues=first.batch)
        assert second.batch == first.batch
        notebook.journal.undo()
        note = notebook.notes.main(1)
        assert note is not None
        assert note.body == "from yesterday\n"
        notebook.journal.redo()
        note = notebook.notes.main(1)
        assert note is not None
        assert note.body == "from yesterday, and today\n"


def test_a_note_joins_no_batch_of_another_session_with_the_same_number(tmp_path: Path) -> None:
    with open_notebook(tmp_path) as notebook:
        add_lines(notebook, works(2))
        notebook.papers.move([2], Pile.SKIP)
        theirs = notebook.journal.newest()
    with open_notebook(tmp_path) as notebook:
        saved = notebook.notes.save_main(1, "mine", continues=theirs)
        assert saved.batch not in (None, theirs)
        notebook.journal.undo()
        assert notebook.notes.main(1) is None
        assert notebook.papers.entry(2).pile is Pile.SKIP


def test_edits_and_keys_are_taken_back_with_all_that_follows_from_them(tmp_path: Path) -> None:
    from dataclasses import replace

    with open_notebook(tmp_path) as notebook:
        add_lines(notebook, works(2))
        work = notebook.papers.entry(1).work
        edited = replace(work, title="Another Title", year=None, doi="10.1234/ABC")
        notebook.papers.edit(1, edited, citekey="mine")
        assert notebook.papers.find("https://doi.org/10.1234/abc") == 1
        assert notebook.papers.find("MINE") == 1
        with pytest.raises(UsageError, match="Paper 1 has the DOI"):
            notebook.papers.edit(2, replace(work, doi="10.1234/abc", arxiv_id=""))
        with pytest.raises(UsageError, match="keys are never given twice"):
            notebook.papers.edit(2, notebook.papers.entry(2).work, citekey="Mine")
        notebook.journal.undo()
        assert notebook.papers.entry(1).work == work
        assert table(notebook, "SELECT count(*) FROM identifier WHERE scheme = 'doi'") == [(0,)]


def test_the_history_tells_what_came_of_each_batch(tmp_path: Path) -> None:
    with open_notebook(tmp_path) as notebook:
        add_lines(notebook, works(3))
        notebook.papers.move([1], Pile.SKIP, reason="off-topic")
        notebook.journal.undo()
        lines = notebook.journal.history()
        assert [(line.origin, line.is_live, line.size) for line in lines] == [
            (Origin.COMMAND, True, 1),
            (Origin.COMMAND, False, 1),
            (Origin.ADD, True, 3),
        ]
        of_paper = notebook.journal.of_paper(1)
        assert [(line.field, line.value, line.reason) for line in of_paper] == [
            ("pile", "inbox", ""),
            ("pile", "skip", "off-topic"),
        ]


@pytest.mark.parametrize(
    ("last", "at", "following"),
    [
        ("", "2026-11-23T06:00:00.000Z", "2026-11-23T06:00:00.000Z/0000"),
        ("2026-11-23T06:00:00.000Z/0000", "2026-11-23T06:00:00.001Z",
         "2026-11-23T06:00:00.001Z/0000"),
        ("2026-11-23T06:00:00.000Z/0009", "2026-11-23T06:00:00.000Z",
         "2026-11-23T06:00:00.000Z/000a"),
        ("2026-11-23T06:00:00.000Z/0000", "2025-01-01T00:00:00.000Z",
         "2026-11-23T06:00:00.000Z/0001"),
    ],
)  # fmt: skip
def test_the_logical_clock_never_goes_back(last: str, at: str, following: str) -> None:
    assert next_hlc(last, at) == following
    assert next_hlc(last, at) > last


def test_two_adds_of_the_same_papers_are_both_taken_back(tmp_path: Path) -> None:
    for order in ([0, 1], [1, 0]):
        with open_notebook(tmp_path / str(order[0])) as notebook:
            first = add_lines(notebook, works(4)).batch
            changed = [{**record, "comment": "seen again"} for record in works(4)]
            batches = [first, add_lines(notebook, changed).batch]
            for number in order:
                batch = batches[number]
                assert batch is not None
                notebook.journal.undo_batch(batch)
            assert notebook.papers.counts().inbox == 0


def test_what_its_owner_removed_stays_removed_through_undo_and_redo(tmp_path: Path) -> None:
    with open_notebook(tmp_path) as notebook:
        add_lines(notebook, works(2))
        notebook.papers.remove([1])
        notebook.journal.undo()
        notebook.journal.redo()
        add_lines(notebook, works(2))
        assert list(notebook.papers.ids(View.INBOX)) == [2]


def test_a_key_that_left_the_tray_survives_a_change_of_case_and_its_undo(tmp_path: Path) -> None:
    with open_notebook(tmp_path) as notebook:
        add_lines(notebook, works(1))
        key = notebook.papers.use_citekey(1)
        work = notebook.papers.entry(1).work
        notebook.papers.edit(1, work, citekey=key.lower())
        assert notebook.papers.entry(1).citekey == key.lower()
        notebook.journal.undo()
        assert notebook.papers.entry(1).citekey == key
        notebook.journal.redo()
        assert notebook.papers.use_citekey(1) == key.lower()


def test_pinning_a_key_where_there_was_none_is_undone_and_redone(tmp_path: Path) -> None:
    with open_notebook(tmp_path) as notebook:
        add_lines(notebook, works(1))
        notebook.papers.edit(1, notebook.papers.entry(1).work, citekey="mine")
        notebook.journal.undo()
        assert notebook.papers.entry(1).citekey == ""
        taken = notebook.journal.redo()
        assert taken is not None
        assert (taken.left, notebook.papers.entry(1).citekey) == (0, "mine")


def test_an_identifier_that_another_paper_took_since_is_left_to_it(tmp_path: Path) -> None:
    from dataclasses import replace

    with open_notebook(tmp_path) as notebook:
        add_lines(
            notebook, [{**record, "doi": f"10.1000/{n}"} for n, record in enumerate(works(2))]
        )
        first, second = (entry.work for entry in notebook.papers.entries([1, 2]))
        cleared = notebook.papers.edit(1, replace(first, doi=""))
        notebook.papers.edit(2, replace(second, doi="10.1000/0"))
        assert cleared.batch is not None
        assert notebook.journal.undo_batch(cleared.batch).left == 1
        assert [entry.work.doi for entry in notebook.papers.entries([1, 2])] == ["", "10.1000/0"]


def test_a_batch_that_was_redone_is_taken_back_by_its_number(tmp_path: Path) -> None:
    with open_notebook(tmp_path) as notebook:
        add_lines(notebook, works(1))
    with open_notebook(tmp_path) as notebook:
        batch = notebook.papers.move([1], Pile.SKIP).batch
        notebook.journal.undo()
        notebook.journal.redo()
        assert batch is not None
        notebook.journal.undo_batch(batch)
        assert notebook.papers.counts().inbox == 1
        assert notebook.journal.undo() is None, "nothing is left that holds"


def test_undo_at_the_same_moment_takes_back_one_after_the_other(tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor
    from threading import Barrier

    with open_notebook(tmp_path) as notebook:
        add_lines(notebook, works(8))
        for paper in range(1, 9):
            notebook.papers.move([paper], Pile.SKIP)
    others = [open_notebook(tmp_path) for _ in range(4)]
    ready = Barrier(4)

    def undo_twice(other: Notebook) -> int:
        ready.wait()
        return sum(other.journal.undo() is not None for _ in range(2))

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(undo_twice, others)) == [2, 2, 2, 2]
    assert others[0].papers.counts().inbox == 8
    for other in others:
        other.close()


def test_a_redone_add_is_not_what_undo_takes_back_next(tmp_path: Path) -> None:
    with open_notebook(tmp_path) as notebook:
        batch = add_lines(notebook, works(3)).batch
        notebook.papers.move([1], Pile.SKIP)
    with open_notebook(tmp_path) as notebook:
        assert batch is not None
        notebook.journal.undo_batch(batch)
        notebook.journal.redo()
    with open_notebook(tmp_path) as notebook:
        taken = notebook.journal.undo()
        assert taken is not None
        assert taken.label.startswith("skip")
        assert notebook.journal.undo() is None
        assert notebook.papers.counts().inbox == 3


def test_undo_gives_back_the_day_on_which_a_library_brought_a_paper(tmp_path: Path) -> None:
    def standings() -> list[object]:
        rows = notebook._tray.reader().execute("SELECT * FROM standing ORDER BY paper_id")
        return rows.fetchall()

    with open_notebook(tmp_path) as notebook:
        items = json.dumps([{"type": "book", "title": f"Lanterns {n}"} for n in range(3)])
        notebook.feeds.add(["-"], BytesIO(items.encode()))
        before = standings()
        notebook.papers.move([1, 2], Pile.SKIP)
        assert standings() != before
        notebook.journal.undo()
        assert standings() == before
