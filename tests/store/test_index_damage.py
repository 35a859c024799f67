"""The index beside a database it does not belong to, or damaged: right answers all the same."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from papertray.store.places import Places, throw_away_places
from papertray.store.search import Search
from papertray.store.tray import Tray

from index_checks import add, current_generation, ids_by_index
from made_up_papers import add_note, add_paper


def _copy(places: Places, target: Path) -> None:
    with sqlite3.connect(places.database) as source, sqlite3.connect(target) as copy:
        source.backup(copy)
    source.close()
    copy.close()


@pytest.mark.parametrize("number_since", [0, 1, 3, 9])
def test_a_restored_older_database_also_one_that_has_gone_on(
    tmp_path: Path, number_since: int
) -> None:
    places = throw_away_places(tmp_path)
    tray = Tray(places)
    add(tray, "robot zero")
    _copy(places, tmp_path / "older.db")
    for _ in range(3):
        add(tray, "robot lost")
    search = Search(tray)
    search.follow()
    assert len(ids_by_index(search, "lost")) == 3
    tray.close()
    for leftover in places.tray.glob("papertray.db*"):
        leftover.unlink()
    shutil.copy(tmp_path / "older.db", places.database)

    tray = Tray(places)
    kept = [add(tray, "robot new") for _ in range(number_since)]
    search = Search(tray)
    for _ in range(2):  # before and after the index is built anew
        assert sorted(search.search("robot").ids) == [1, *kept]
        assert list(search.search("lost").ids) == []
        search.follow()
    assert ids_by_index(search, "robot") == [1, *kept]
    tray.close()


def test_another_epoch_or_another_library(tray: Tray) -> None:
    search = Search(tray)
    paper = add(tray, "robot")
    search.follow()
    before = current_generation(tray)
    with tray.write() as connection:
        connection.execute("UPDATE meta SET value = 'other' WHERE name = 'epoch'")
    fresh = Search(tray)
    assert not fresh.is_ready
    assert list(fresh.search("robot").ids) == [paper]
    fresh.follow()
    assert ids_by_index(fresh, "robot") == [paper]
    after = current_generation(tray)
    assert after != before
    assert not before.exists()
    epoch = json.loads((after / "epoch.json").read_text())
    assert set(epoch) == {"epoch", "schema", "tantivy"}
    (after / "epoch.json").write_text(json.dumps({**epoch, "tantivy": "9.9"}))
    assert Search(tray).follow() == 1
    assert current_generation(tray) != after


def test_the_row_of_the_checkpoint_is_missing(tray: Tray) -> None:
    search = Search(tray)
    paper = add(tray, "robot")
    search.follow()
    with tray.write() as connection:
        connection.execute("DELETE FROM change")
    assert not search.is_ready
    search.follow()
    assert ids_by_index(search, "robot") == [paper]


def _truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _zero(path: Path) -> None:
    path.write_bytes(bytes(path.stat().st_size))


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _remove(path: Path) -> None:
    path.unlink()


# Open files are mapped: nothing survives one of them being cut short under its feet.
@pytest.mark.parametrize(
    ("damage", "is_open"),
    [(_truncate, False), (_zero, False), (_empty, False), (_remove, False), (_remove, True)],
)
def test_damage_ends_in_right_answers(
    tray: Tray, damage: Callable[[Path], None], is_open: bool
) -> None:
    with tray.write() as connection:
        papers = [add_paper(connection, f"robot number {number}") for number in range(20)]
        add_note(connection, "robot")
    Search(tray).follow()
    saved = tray.places.cache.with_name("saved")
    shutil.copytree(tray.places.cache, saved)
    files = sorted(p.relative_to(saved) for p in saved.rglob("*") if p.is_file())
    assert len(files) > 5
    for name in files:
        shutil.rmtree(tray.places.cache)
        shutil.copytree(saved, tray.places.cache)
        search = Search(tray)
        if is_open:
            assert ids_by_index(search, "robot") == papers
        damage(tray.places.cache / name)
        if not is_open:
            assert sorted(search.search("robot").ids) == papers, name
        search.follow()
        add(tray, "garden")
        search.follow()
        assert sorted(search.search("robot").ids) == papers, name
        assert (
            len(search.search("garden").ids)
            == tray.reader()
            .execute("SELECT count(*) FROM paper WHERE title = 'garden'")
            .fetchone()[0]
        ), name


@pytest.mark.parametrize("pointer", ["", "../..", "index-none", "/etc", "\x00", "index-\ud800"])
def test_a_pointer_to_nowhere(tray: Tray, pointer: str) -> None:
    search = Search(tray)
    paper = add(tray, "robot")
    search.follow()
    current = current_generation(tray).parent / "current"
    current.write_bytes(pointer.encode("utf-8", "surrogatepass"))
    assert list(search.search("robot").ids) == [paper]
    search.follow()
    assert ids_by_index(search, "robot") == [paper]
