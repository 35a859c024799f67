"""Opening trays: new, old, newer, foreign, locked, full, read-only, cloned."""

from __future__ import annotations

import os
import shutil
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier, Event
from typing import Any

import pytest

from papertray.core.errors import TrayDamaged, TrayError, TrayLocked, TrayNewer
from papertray.core.model import Pile
from papertray.store import schema
from papertray.store.connection import connect, transaction, use_write_ahead_log
from papertray.store.copying import snapshot
from papertray.store.places import throw_away_places
from papertray.store.tray import Tray

from trays import add_lines, open_notebook, works


def test_the_constant_names_the_migrations_there_are() -> None:
    from papertray.store.migrations import migrations

    assert tuple(m.name for m in migrations._migrations) == schema.MIGRATIONS


def test_a_newer_tray_is_refused(tmp_path: Path) -> None:
    open_notebook(tmp_path).close()
    database = throw_away_places(tmp_path).database
    with connect(database, writable=True) as connection:
        connection.execute(
            "INSERT INTO _sqlite_migrations(migration_set, name, applied_at)"
            " VALUES ('papertray', '0099_later', '2030-01-01')"
        )
    with pytest.raises(TrayNewer, match="0099_later"):
        open_notebook(tmp_path)


def test_an_older_tray_is_copied_aside_and_migrated_in_one_transaction(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from papertray.store import migrations as own

    with open_notebook(tmp_path) as notebook:
        add_lines(notebook, works(3))
    database = throw_away_places(tmp_path).database

    def second(db: object) -> None:
        db.conn.execute("CREATE TABLE second(id INTEGER PRIMARY KEY)")  # type: ignore[attr-defined]

    def third(db: object) -> None:
        if not (tmp_path / "mended").exists():
            raise RuntimeError("half way")

    own_before = set(schema.MIGRATIONS)
    monkeypatch.setattr(own.migrations, "_migrations", list(own.migrations._migrations))
    own.migrations(name="0098_second")(second)
    own.migrations(name="0099_third")(third)
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, "0098_second", "0099_third"))
    aside = database.with_name("papertray-before-0098_second.db")
    with pytest.raises(RuntimeError):
        open_notebook(tmp_path)
    assert not aside.exists(), "else each try would leave another"
    aside.with_name(f"{aside.name}.part").write_bytes(b"of one that was killed")
    aside.write_bytes(b"of another tray in this place")
    with connect(database, writable=False) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE name = 'second'")
        assert tables.fetchall() == [], "half a migration is none"
    (tmp_path / "mended").touch()
    with open_notebook(tmp_path) as notebook:
        assert notebook.papers.counts().inbox == 3
        notebook.papers.move([1], Pile.SKIP)
        assert notebook.papers.counts().skip == 1, "the triggers are there again"
    assert aside.read_bytes() == b"of another tray in this place"
    aside = database.with_name("papertray-before-0098_second-2.db")
    with connect(aside, writable=False) as connection:
        assert connection.execute("SELECT count(*) FROM paper").fetchone() == (3,)
        assert schema.applied(connection) == own_before


@pytest.mark.parametrize("content", [b"not a database at all " * 100, b"SQLite format 3\x00junk"])
def test_a_file_that_is_no_database_is_named(tmp_path: Path, content: bytes) -> None:
    database = throw_away_places(tmp_path).database
    database.parent.mkdir(parents=True)
    database.write_bytes(content)
    with pytest.raises(TrayDamaged, match=r"papertray\.db"):
        open_notebook(tmp_path)
    assert database.read_bytes() == content


def test_a_database_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    database = throw_away_places(tmp_path).database
    database.parent.mkdir(parents=True)
    with sqlite3.connect(database) as connection:
        connection.execute("CREATE TABLE theirs(id)")
    with pytest.raises(TrayDamaged, match="not a tray of papertray"):
        open_notebook(tmp_path)


def test_a_tray_locked_for_longer_than_the_time_out_is_left_as_it_was(tmp_path: Path) -> None:
    with open_notebook(tmp_path, timeout=0.05) as notebook:
        add_lines(notebook, works(2))
        other = connect(throw_away_places(tmp_path).database, writable=True)
        with transaction(other):
            other.execute("UPDATE meta SET value = value")
            with pytest.raises(TrayLocked, match="another process"):
                notebook.papers.move([1], Pile.SKIP)
            assert notebook.papers.counts().inbox == 2, "reading goes on"
        other.close()
        assert notebook.papers.move([1], Pile.SKIP).changed == 1


def test_a_full_disk_keeps_the_state_before(tmp_path: Path) -> None:
    with open_notebook(tmp_path) as notebook:
        add_lines(notebook, works(50))
        notebook.papers.move([1], Pile.STARRED)
        connection = notebook._tray._writer
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(TrayError, match="no room left"):
            add_lines(notebook, works(5000, first=100))
        with pytest.raises(TrayError, match="no room left"):
            notebook.notes.save_main(2, "long " * 2_000_000)
        assert notebook.papers.entry(1).pile is Pile.STARRED
        connection.execute("PRAGMA max_page_count = 1000000")
        assert add_lines(notebook, works(10, first=100)).counts.added == 10
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder_is_named(tmp_path: Path) -> None:
    tray = throw_away_places(tmp_path).tray
    tray.mkdir(parents=True)
    tray.chmod(0o500)
    with pytest.raises(TrayError, match="cannot be"):
        open_notebook(tmp_path)


def test_two_processes_on_one_tray_see_each_others_decisions(tmp_path: Path) -> None:
    with open_notebook(tmp_path) as one, open_notebook(tmp_path) as other:
        add_lines(one, works(3))
        seen = other.journal.newest()
        one.papers.move([1], Pile.SKIP)
        assert other.journal.changed_by_others(seen)
        assert not one.journal.changed_by_others(seen)
        other.papers.move([2], Pile.STARRED)
        assert one.papers.counts() == other.papers.counts()
        assert [line.label.split()[0] for line in one.journal.history(2)] == ["star", "skip"]


def test_many_make_one_tray_at_once(tmp_path: Path) -> None:
    def open_when_all_are_ready(folder: Path) -> int:
        ready.wait()
        with open_notebook(folder) as notebook:
            return notebook.papers.counts().inbox

    with ThreadPoolExecutor(6) as pool:
        for number in range(10):
            ready = Barrier(6)
            folders = [tmp_path / str(number)] * 6
            assert list(pool.map(open_when_all_are_ready, folders)) == [0] * 6


def test_a_new_tray_waits_while_another_process_makes_it(tmp_path: Path) -> None:
    tried = Event()

    class Trying(sqlite3.Connection):
        def execute(self, *arguments: Any) -> sqlite3.Cursor:
            try:
                return super().execute(*arguments)
            finally:
                tried.set()

    file = tmp_path / "new.db"
    other = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    waiting = sqlite3.connect(file, factory=Trying, timeout=0, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    other.execute("CREATE TABLE theirs(id)")
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        use_write_ahead_log(waiting, timeout=0.0)
    tried.clear()
    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(use_write_ahead_log, waiting)
        assert tried.wait(10)
        other.execute("COMMIT")
        done.result(10)
    assert waiting.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    waiting.close()
    other.close()


def test_a_cloned_and_a_restored_tray_get_a_new_device(tmp_path: Path) -> None:
    def devices(folder: Path) -> list[tuple[str, int]]:
        with connect(throw_away_places(folder).database, writable=False) as connection:
            return connection.execute("SELECT device, number FROM batch ORDER BY id").fetchall()

    with open_notebook(tmp_path / "a") as notebook:
        add_lines(notebook, works(2))
    first = devices(tmp_path / "a")[0][0]
    shutil.copytree(tmp_path / "a" / "tray", tmp_path / "backup")
    with open_notebook(tmp_path / "a") as notebook:
        notebook.papers.move([1], Pile.SKIP)
    assert devices(tmp_path / "a") == [(first, 1), (first, 2)], "the same device goes on"

    shutil.copytree(tmp_path / "a" / "tray", tmp_path / "b" / "tray")
    with open_notebook(tmp_path / "b") as notebook:
        notebook.papers.move([2], Pile.SKIP)
    assert devices(tmp_path / "b")[2][0] != first, "a clone is another device"

    shutil.rmtree(tmp_path / "a" / "tray")
    shutil.copytree(tmp_path / "backup", tmp_path / "a" / "tray")
    with open_notebook(tmp_path / "a") as notebook:
        notebook.papers.move([2], Pile.SKIP)
    assert devices(tmp_path / "a")[1][0] != first, "number 2 of that device is taken"


def test_no_trigger_and_no_index_needs_functions_of_ours(tmp_path: Path) -> None:
    with open_notebook(tmp_path) as notebook:
        add_lines(notebook, works(2))
        notebook.papers.move([1], Pile.STARRED)
    with sqlite3.connect(throw_away_places(tmp_path).database) as other:
        other.execute("UPDATE standing SET pile = 'skip' WHERE paper_id = 2")
        other.execute("UPDATE paper SET title = 'By another tool' WHERE id = 2")
        assert other.execute("SELECT papers FROM pile_count WHERE pile = 'skip'").fetchone() == (1,)
        assert other.execute("SELECT count(*) FROM starred").fetchone() == (1,)
        assert other.execute("SELECT count(*) FROM change").fetchone() == (3,)


def test_a_failed_transaction_leaves_no_device_behind(tmp_path: Path) -> None:
    tray = Tray(throw_away_places(tmp_path))
    with pytest.raises(ZeroDivisionError), tray.write():
        raise ZeroDivisionError
    assert tray.reader().execute("SELECT count(*) FROM meta WHERE name = 'device'").fetchone() == (
        0,
    )
    with tray.write():
        pass
    row = tray.reader().execute("SELECT value FROM meta WHERE name = 'device'").fetchone()
    assert row == (tray.device,)
    tray.close()


def test_a_state_folder_that_cannot_be_made_loses_no_decision(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file in the way")
    with open_notebook(tmp_path) as notebook:
        add_lines(notebook, works(1))
        assert notebook.papers.move([1], Pile.SKIP).changed == 1
    assert notebook.places.state.read_text() == "a file in the way"


def test_a_copy_put_in_place_by_hand_lets_others_write_while_it_is_read(tmp_path: Path) -> None:
    with open_notebook(tmp_path) as notebook:
        add_lines(notebook, works(2))
        copy = notebook.keeping.back_up().path
    assert copy is not None
    database = throw_away_places(tmp_path).database
    for file in database.parent.glob("papertray.db*"):
        file.unlink()
    copy.rename(database)
    with open_notebook(tmp_path, timeout=0.05) as notebook, snapshot(database) as reader:
        notebook.papers.move([1], Pile.SKIP)
        assert reader.execute("SELECT count(*) FROM op").fetchone() == (0,)


def test_two_cannot_migrate_a_tray_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from papertray.store import migrations as own

    open_notebook(tmp_path).close()
    database = throw_away_places(tmp_path).database
    other = connect(database, writable=True, timeout=0)
    refused = []

    def second(db: object) -> None:
        assert database.with_name("papertray-before-0098_second.db").exists()
        with pytest.raises(sqlite3.OperationalError) as caught:
            other.execute("BEGIN IMMEDIATE")
        refused.append(caught.value)

    monkeypatch.setattr(own.migrations, "_migrations", list(own.migrations._migrations))
    own.migrations(name="0098_second")(second)
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, "0098_second"))
    open_notebook(tmp_path).close()
    other.close()
    assert len(refused) == 1, "what it wrote would be in no copy"
