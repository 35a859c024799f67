"""A disk that fills up while the index is written: the database answers, and nothing is lost."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import pytest

from papertray.store.places import throw_away_places
from papertray.store.search import Search
from papertray.store.tray import Tray

from index_checks import current_generation, ids_by_index, run_script
from made_up_papers import add_paper

SCRIPT = Path(__file__).with_name("little_room.py")

LIMITS = [
    pytest.param(1, marks=pytest.mark.long),
    20,
    pytest.param(300, marks=pytest.mark.long),
    pytest.param(2_000, marks=pytest.mark.long),
    10_000,
]
"""Bytes: too few for the lock, for the pointer, for the list of files, for small or large files."""


def _follow_with_little_room(folder: Path, limit: int) -> tuple[int, str, list[int]]:
    followed, problem, found = json.loads(run_script(SCRIPT, folder, limit))
    return followed, problem, found


def _add(tray: Tray, number: int) -> list[int]:
    with tray.write() as connection:
        return [
            add_paper(connection, "robot", abstract=" ".join(f"word{paper * i}" for i in range(40)))
            for paper in range(number)
        ]


def _check_problem(problem: str) -> None:
    assert problem.startswith("There is no room for the search index on the disk of ")
    assert problem.endswith("; searches are answered from the database.")


@pytest.mark.parametrize("limit", LIMITS)
def test_while_it_is_built(tmp_path: Path, limit: int) -> None:
    with closing(Tray(throw_away_places(tmp_path))) as tray:
        papers = _add(tray, 300)
    followed, problem, found = _follow_with_little_room(tmp_path, limit)
    assert (followed, found) == (0, papers)
    _check_problem(problem)
    with closing(Tray(throw_away_places(tmp_path))) as tray:
        assert not list(tray.places.cache.glob("*/index-*")), "no half of an index is left"
        search = Search(tray)
        assert search.follow() == len(papers)
        assert ids_by_index(search, "robot") == papers


@pytest.mark.parametrize("limit", LIMITS)
def test_while_it_follows(tmp_path: Path, limit: int) -> None:
    with closing(Tray(throw_away_places(tmp_path))) as tray:
        papers = _add(tray, 300)
        Search(tray).follow()
        generation = current_generation(tray)
        papers += _add(tray, 200)
    followed, problem, found = _follow_with_little_room(tmp_path, limit)
    assert (followed, found) == (0, papers)
    _check_problem(problem)
    with closing(Tray(throw_away_places(tmp_path))) as tray:
        assert current_generation(tray) == generation, "a good index is kept"
        search = Search(tray)
        assert search.follow() == 200
        assert search.check_files() == ""
        assert ids_by_index(search, "robot") == papers
