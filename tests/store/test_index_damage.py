"""The index beside a database it does not belong to, or damaged: right answers all the same."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from papertray.store.index.schema import VERSION
from papertray.store.places import Places, throw_away_places
from papertray.store.search import Search
from papertray.store.tray import Tray

from index_checks import add, current_generation, flip, ids_by_index, remove, run_script
from made_up_papers import add_note, add_paper

DAMAGER = Path(__file__).with_name("damager.py")


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


def _library(tray: Tray) -> None:
    """Fill a tray and its index: a segment with deletes, papers with notes, a free note."""
    with tray.write() as connection:
        papers = [add_paper(connection, f"robot number {number}") for number in range(20)]
        add_note(connection, "robot garden", papers[3])
        add_note(connection, "robot")
    search = Search(tray)
    search.follow()
    with tray.write() as connection:
        connection.execute("UPDATE paper SET abstract = 'lantern' WHERE id = ?", (papers[5],))
    assert search.follow() == 1


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Path]:
    """Make a folder in memory where the system has such: building syncs many small files."""
    shared = Path("/dev/shm")
    if not os.access(shared, os.W_OK):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=shared) as folder:
        yield Path(folder)


def test_every_file_damaged_in_every_way_ends_in_right_answers(memory: Path) -> None:
    with closing(Tray(throw_away_places(memory))) as tray:
        _library(tray)
    output = run_script(DAMAGER, memory, 3)
    kinds = {line.split()[1].split(".")[-1] for line in output.splitlines()}
    assert kinds >= {"idx", "pos", "term", "store", "fast", "fieldnorm", "del", "json", "current"}
    assert len(output.splitlines()) > 80


@pytest.mark.long
def test_hundreds_of_bits_flipped_in_every_file(memory: Path) -> None:
    with closing(Tray(throw_away_places(memory))) as tray:
        _library(tray)
    run_script(DAMAGER, memory, 100)


def test_a_bit_flipped_while_the_index_is_open(tray: Tray) -> None:
    _library(tray)
    search = Search(tray)
    assert search.check_files() == ""
    path = next(current_generation(tray).glob("files/*.term"))
    flip(path, path.stat().st_size // 2 * 8)
    assert search.check_files() == "", "each file is read once in the life of a process"
    other = Search(tray)
    assert path.name in other.check_files()
    assert "missing" in search.search("robot").notice, "the other one found it: nobody trusts it"
    search.follow()
    assert ids_by_index(search, "lantern") == [6]
    assert other.check_files() == ""


def test_a_list_of_files_that_lacks_one_is_noticed(tray: Tray) -> None:
    """No checksum covers meta.json."""
    search = Search(tray)
    one = add(tray, "robot one")
    search.follow()
    meta = current_generation(tray) / "files" / "meta.json"
    before = json.loads(meta.read_text())
    two = add(tray, "robot two")
    search.follow()
    after = json.loads(meta.read_text())
    known = {segment["segment_id"] for segment in before["segments"]}
    after["segments"] = [each for each in after["segments"] if each["segment_id"] not in known]
    meta.write_text(json.dumps(after))
    fresh = Search(tray)
    assert list(fresh.search("robot").ids) == [two]
    assert "other papers" in fresh.check_files()
    fresh.follow()
    assert ids_by_index(fresh, "robot") == [one, two]


@pytest.mark.parametrize("name", ["papertray_plain", '"title"', '"position"'])
def test_an_index_with_other_fields(tray: Tray, name: str) -> None:
    search = Search(tray)
    paper = add(tray, "robot")
    search.follow()
    meta = current_generation(tray) / "files" / "meta.json"
    text = meta.read_text()
    other = {"papertray_plain": "papertray_plaim", '"title"': '"titel"', '"position"': '"freq"'}
    assert name in text
    meta.write_text(text.replace(name, other[name], 1))
    fresh = Search(tray)
    assert not fresh.is_ready
    fresh.follow()
    assert ids_by_index(fresh, "robot") == [paper]


def test_another_tray_of_the_same_length_in_the_same_place(tmp_path: Path) -> None:
    places = throw_away_places(tmp_path / "one")
    other_places = throw_away_places(tmp_path / "other")
    for each, title in ((places, "robot"), (other_places, "garden")):
        with closing(Tray(each)) as tray:
            add(tray, title)
            Search(tray).follow()
    for leftover in places.tray.glob("papertray.db*"):
        leftover.unlink()
    _copy(other_places, places.database)
    with closing(Tray(places)) as tray:
        search = Search(tray)
        for _ in range(2):
            assert (list(search.search("robot").ids), list(search.search("garden").ids)) == (
                [],
                [1],
            )
            search.follow()
        assert ids_by_index(search, "garden") == [1]


def test_a_copied_tray_and_a_foreign_index(tmp_path: Path) -> None:
    """Both copies go on by themselves, and then one gets the index of the other."""
    places, other_places = (throw_away_places(tmp_path / name) for name in ("one", "other"))
    with closing(Tray(places)) as tray, tray.write() as connection:
        add_paper(connection, "robot")
    other_places.tray.mkdir(parents=True)
    _copy(places, other_places.database)
    for each, title in ((places, "robot mine"), (other_places, "robot yours")):
        with closing(Tray(each)) as tray:
            add(tray, title)
            Search(tray).follow()
    remove(places.cache)
    shutil.copytree(other_places.cache, places.cache)
    with closing(Tray(places)) as tray:
        search = Search(tray)
        assert not search.is_ready
        assert list(search.search("mine").ids) == [2]
        search.follow()
        assert (ids_by_index(search, "mine"), ids_by_index(search, "yours")) == ([2], [])


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


@pytest.fixture
def permissions(tmp_path: Path) -> None:
    """Skip the test where permissions do not hold, as for root."""
    locked = tmp_path / "locked"
    locked.touch(mode=0o000)
    if os.access(locked, os.R_OK):
        pytest.skip("permissions do not hold here")


@pytest.mark.usefixtures("permissions")
@pytest.mark.parametrize(
    "where", ["current", "index-*", "index-*/epoch.json", "index-*/files", "index-*/files/*"]
)
@pytest.mark.parametrize("mode", [0o000, 0o444, 0o555])
def test_what_may_not_be_read_or_written(tray: Tray, where: str, mode: int) -> None:
    search = Search(tray)
    papers = [add(tray, "robot one")]
    search.follow()
    paths = list((tray.places.cache / str(VERSION)).glob(where))
    before = [(path, path.stat().st_mode) for path in paths]
    for path, _ in before:
        path.chmod(mode)
    try:
        papers.append(add(tray, "robot two"))
        fresh = Search(tray)
        for _ in range(2):
            assert sorted(fresh.search("robot").ids) == papers
            fresh.follow()
        assert fresh.problem == ""
        assert ids_by_index(fresh, "robot") == papers
        fresh.close()
    finally:
        for path, old in before:
            if path.exists():
                path.chmod(old)


@pytest.mark.usefixtures("permissions")
def test_a_cache_without_permission(tray: Tray) -> None:
    paper = add(tray, "robot")
    Search(tray).follow()
    folder = tray.places.cache / str(VERSION)
    folder.chmod(0o000)
    try:
        search = Search(tray)
        search.follow()
        assert ids_by_index(search, "robot") == [paper]
        search.close()
    finally:
        folder.chmod(0o755)
