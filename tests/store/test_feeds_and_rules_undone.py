"""Feeds and rules under any sequence of decisions, of which any is taken back."""

from __future__ import annotations

import random
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest

from papertray.core.errors import UsageError
from papertray.core.model import Pile
from papertray.notebook.notebook import Notebook
from papertray.notebook.rules import Action
from papertray.notebook.subscriptions import Change
from papertray.store.rows_undone import TABLES

from trays import add_lines, open_notebook, works

_STEPS = 80


def _step(notebook: Notebook, chance: random.Random) -> None:
    """Do one thing or another. Raises `UsageError` where it cannot be done now."""
    name, new = (chance.choice(["CL", "cl", "LG", "page"]) for _ in range(2))
    place = chance.choice(["arxiv:cs.CL", "arxiv:cs.LG", "https://example.org/a"])
    number = chance.randrange(4)
    match chance.randrange(9):
        case 0 | 1:
            notebook.subscriptions.add(place, name)
        case 2:
            notebook.subscriptions.change(name, Change(new, place, number))
        case 3:
            notebook.subscriptions.remove([name])
        case 4:
            action = Action(tag="a") if number % 2 else Action(pile=Pile.SKIP)
            notebook.rules.add(chance.choice(["number", "year:2021"]), action)
        case 5:
            notebook.rules.remove(number)
        case 6:
            add_lines(notebook, works(3, first=number))
        case 7:
            notebook.journal.undo_batch(notebook.journal.newest() - chance.randrange(10))
        case 8:
            notebook.journal.undo() if number else notebook.journal.redo()


def _tells_what_is(notebook: Notebook) -> None:
    """Check that the last op of each field tells what the field holds."""
    reader = notebook._tray.reader()
    for kind, (table, columns) in TABLES.items():
        for column in sorted(columns):
            wrong = reader.execute(
                f"SELECT t.id, t.{column}, o.value FROM {table} t JOIN op o ON o.seq ="
                " (SELECT max(seq) FROM op WHERE kind = ? AND ref = t.id AND field = ?)"
                f" WHERE CAST(t.{column} AS TEXT) IS NOT o.value",
                (kind, column),
            ).fetchall()
            assert wrong == [], f"{kind} {column}"


def _told_without_a_gap(notebook: Notebook) -> None:
    """Check that each op begins where the one before of its field ended."""
    ended: dict[tuple[str, int, str], str | None] = {}
    rows = notebook._tray.reader().execute(
        "SELECT kind, ref, field, value, before FROM op ORDER BY seq"
    )
    for kind, ref, field, value, before in rows:
        assert ended.get((kind, ref, field), before) == before, (kind, ref, field)
        ended[kind, ref, field] = value


@pytest.mark.parametrize(
    "seed", [23, *(pytest.param(s, marks=pytest.mark.long) for s in range(1, 23))]
)
def test_the_journal_tells_what_is_and_no_two_feeds_lie_at_one_place(
    tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    with open_notebook(tmp_path) as notebook:
        add_lines(notebook, [{**works(1)[0], "listings": [{"feed": "page"}]}])
        for _ in range(_STEPS):
            with suppress(UsageError):
                _step(notebook, chance)
            lie = Counter((one.kind, one.location) for one, *_ in notebook.subscriptions.all())
            assert set(lie.values()) <= {1}
        _tells_what_is(notebook)
        _told_without_a_gap(notebook)
        assert [finding.sentence for finding in notebook.health.findings()] == []
