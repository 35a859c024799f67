"""Keeping two papers apart that look like one work, and taking that back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from papertray.core.errors import UsageError
from papertray.notebook.notebook import Notebook
from papertray.store.copying import Pace
from papertray.store.places import throw_away_places
from papertray.store.user_made import copy_user_made

from trays import add_lines, open_notebook

TITLE = "Adaptive Query Processing for Streams"


@pytest.fixture
def notebook(tmp_path: Path) -> Iterator[Notebook]:
    """A tray with three papers that are alike, 1 to 3."""
    with open_notebook(tmp_path) as opened:
        for ending in ("", " Revisited", ": A Survey"):
            add_lines(opened, [{"title": TITLE + ending, "authors": ["Ann Lee"], "year": 2020}])
        yield opened


def pairs(notebook: Notebook) -> list[tuple[int, int]]:
    """Return the pairs that are offered."""
    return sorted((pair.one, pair.other) for pair in notebook.duplicates.find())


def test_a_pair_that_is_kept_apart_is_not_offered_again(notebook: Notebook) -> None:
    assert pairs(notebook) == [(1, 2), (1, 3)]
    found = notebook.duplicates.find()
    assert notebook.duplicates.keep_apart(3, 1).batch is not None
    assert pairs(notebook) == [(1, 2)]
    assert [(pair.one, pair.other) for pair in notebook.duplicates.still(found)] == [(1, 2)]
    assert not notebook.duplicates.find({3})


def test_undo_and_redo_to_any_depth(notebook: Notebook) -> None:
    notebook.duplicates.keep_apart(1, 3)
    for _ in range(2):
        taken = notebook.journal.undo()
        assert taken is not None
        assert (taken.changed, taken.left) == (1, 0)
        assert (1, 3) in pairs(notebook)
        assert notebook.journal.redo() is not None
        assert (1, 3) not in pairs(notebook)


def test_what_was_said_again_since_stays(notebook: Notebook) -> None:
    first = notebook.duplicates.keep_apart(1, 3).batch
    assert first is not None
    notebook.journal.undo()
    second = notebook.duplicates.keep_apart(1, 3).batch
    assert second is not None
    notebook.journal.undo_batch(second)
    assert (1, 3) in pairs(notebook)
    notebook.journal.redo()
    assert (1, 3) not in pairs(notebook)


def test_saying_it_twice_writes_nothing(notebook: Notebook) -> None:
    notebook.duplicates.keep_apart(1, 3)
    newest = notebook.journal.newest()
    assert notebook.duplicates.keep_apart(3, 1).batch is None
    assert notebook.journal.newest() == newest


def test_it_holds_for_the_paper_that_one_was_merged_into(notebook: Notebook) -> None:
    notebook.duplicates.keep_apart(2, 3)
    assert notebook.duplicates.merge(1, 2).survivor == 1
    assert pairs(notebook) == [], "2 is part of 1 now, and 3 is not 2"
    notebook.journal.undo()
    assert pairs(notebook) == [(1, 2), (1, 3)]


def test_papers_kept_apart_may_be_merged_after_all(notebook: Notebook) -> None:
    notebook.duplicates.keep_apart(1, 2)
    assert notebook.duplicates.merge(1, 2).loser == 2
    assert pairs(notebook) == [(1, 3)]


def test_one_paper_cannot_be_kept_apart_from_itself(notebook: Notebook) -> None:
    with pytest.raises(UsageError, match="Both are paper 1"):
        notebook.duplicates.keep_apart(1, 1)


def test_the_history_tells_it_and_the_doctor_finds_nothing(notebook: Notebook) -> None:
    notebook.duplicates.keep_apart(1, 3)
    notebook.journal.undo()
    labels = [line.label for line in notebook.journal.history(2)]
    told = f"keep “{TITLE}” and “{TITLE}: A Survey” apart"
    assert labels == [f"undo: {told}", told]
    assert not list(notebook.health.findings())


def test_a_copy_of_what_the_user_made_keeps_both(notebook: Notebook, tmp_path: Path) -> None:
    notebook.duplicates.keep_apart(1, 3)
    places = throw_away_places(tmp_path / "copy")
    places.tray.mkdir(parents=True)
    copy_user_made(notebook.places.database, places.database, "2026-11-23T07:12:01.123Z", Pace())
    with open_notebook(tmp_path / "copy") as copy:
        assert copy.papers.counts().inbox == 2
        assert pairs(copy) == []
        copy.journal.undo()
        assert pairs(copy) == [(1, 3)]
