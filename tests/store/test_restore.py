"""Bringing a backup back: whole, beside others who have the tray open, and killed at any moment."""

from __future__ import annotations

import os
import signal
import sqlite3
from contextlib import closing
from functools import partial
from io import BytesIO
from pathlib import Path

import pytest

from papertray.core.errors import TrayDamaged, TrayLocked, TrayNewer, TrayReplaced, UsageError
from papertray.core.model import Pile
from papertray.notebook.feeds import AddOptions
from papertray.notebook.keeping import restore
from papertray.store import copying, files, replacing, schema
from papertray.store.connection import connect, transaction
from papertray.store.places import throw_away_places
from papertray.store.replacing import LOCK
from papertray.store.restore import Restored

from trays import SteppingClock, add_lines, open_notebook, works


def quiet(done: int, total: int) -> None:
    pass


def bring_back(folder: Path, file: Path) -> Restored:
    return restore(throw_away_places(folder), file, quiet, SteppingClock(60))


def papers(path: Path) -> int:
    with closing(connect(path, writable=False)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        (number,) = connection.execute("SELECT count(*) FROM paper").fetchone()
        return int(number)


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    """A backup of the tray in `tmp_path` with three papers, one starred; two came since."""
    path = tmp_path / "backup.db"
    with open_notebook(tmp_path) as notebook:
        add_lines(notebook, works(3))
        notebook.papers.move([1], Pile.STARRED)
        notebook.keeping.copy_to(path, quiet)
        add_lines(notebook, works(2, first=3))
    return path


def test_the_present_tray_is_set_aside_and_can_be_brought_back(
    tmp_path: Path, backup: Path
) -> None:
    restored = bring_back(tmp_path, backup)
    database = throw_away_places(tmp_path).database
    assert restored.aside is not None
    assert (papers(database), papers(restored.aside)) == (3, 5)
    assert (restored.contents.papers, restored.contents.kept, restored.is_whole) == (3, 1, True)
    again = bring_back(tmp_path, restored.aside)
    assert papers(database) == 5
    assert again.aside is not None
    assert papers(again.aside) == 3
    assert sorted(path.name for path in tmp_path.rglob("*.part")) == []


def test_where_no_tray_is_nothing_is_set_aside(tmp_path: Path, backup: Path) -> None:
    restored = bring_back(tmp_path / "new", backup)
    assert restored.aside is None
    assert papers(throw_away_places(tmp_path / "new").database) == 3


@pytest.mark.parametrize("is_elsewhere", [True, False])
def test_pdfs_that_did_not_come_along_are_wanted_again(tmp_path: Path, is_elsewhere: bool) -> None:
    with open_notebook(tmp_path / "one") as notebook:
        add_lines(notebook, works(1))
        notebook.papers.move([1], Pile.STARRED)
        with notebook._tray.write() as connection:
            files.keep(connection, 1, "https://arxiv.org/pdf/1", "2026-11-23", "files/a.pdf", "d")
            files.remember_failure(
                connection, 1, "https://example.org/a", "2026-11-23", "no PDF", is_lasting=True
            )
        notebook.keeping.copy_to(tmp_path / "backup.db", quiet)
    (throw_away_places(tmp_path / "one").tray / "files").mkdir()

    folder = tmp_path / ("other" if is_elsewhere else "one")
    bring_back(folder, tmp_path / "backup.db")

    with open_notebook(folder) as notebook:
        reader = notebook._tray.reader()
        # Where the folder is, a PDF that is not in it was taken away by its owner.
        assert any(files.wanted(reader)) is is_elsewhere
        assert (1, "https://example.org/a") in files.tried(reader)


def test_undo_and_numbers_go_on_with_a_new_device(tmp_path: Path, backup: Path) -> None:
    with open_notebook(tmp_path) as before:
        before.papers.move([2], Pile.SKIP)
        old = before._tray.device
    bring_back(tmp_path, backup)
    with open_notebook(tmp_path, clock=SteppingClock(3600)) as notebook:
        newest = notebook.journal.history()[0]
        assert (newest.label, newest.origin) == ("restored backup.db", "repair")
        notebook.papers.move([2], Pile.READ)
        assert notebook._tray.device not in ("", old)
        taken = notebook.journal.undo()
        assert taken is not None
        assert notebook.papers.counts().inbox == 2
        assert [finding.sentence for finding in notebook.health.findings()] == []


def test_searches_are_right_at_once_and_later(tmp_path: Path, backup: Path) -> None:
    with open_notebook(tmp_path) as notebook:
        notebook.search.follow()
        assert len(notebook.search.search("number").ids) == 5
    bring_back(tmp_path, backup)
    with open_notebook(tmp_path) as notebook:
        assert len(notebook.search.search("number").ids) == 3
        add_lines(notebook, [{"title": f"Zebras {number}"} for number in range(9)])
        assert len(notebook.search.search("zebras").ids) == 9
        notebook.search.follow()
        hits = notebook.search.search("zebras number")
        assert (len(notebook.search.search("number").ids), hits.notice) == (3, "")


def test_who_has_it_open_sees_the_other_tray_and_decides_about_none_unseen(
    tmp_path: Path, backup: Path
) -> None:
    with open_notebook(tmp_path) as screen:
        screen.papers.move([5], Pile.SKIP)
        device, seen = screen._tray.device, screen.journal.newest()
        bring_back(tmp_path, backup)
        assert screen.journal.changed_by_others(seen), "so it looks again"
        assert screen.papers.counts().inbox == 2
        with pytest.raises(TrayReplaced, match="look again"):
            screen.papers.move([2], Pile.SKIP)
        assert screen.papers.counts().inbox == 2
        screen.papers.move([2], Pile.READ)
        assert screen._tray.device != device, "no number is given twice"
        assert len(screen.search.search("number").ids) == 3
    assert papers(throw_away_places(tmp_path).database) == 3


def test_an_add_on_its_way_ends_and_counts_nothing(tmp_path: Path, backup: Path) -> None:
    has_restored = False

    def restore_once(done: int, share: float | None) -> None:
        nonlocal has_restored
        if not has_restored:
            has_restored = True
            bring_back(tmp_path, backup)

    lines = b"\n".join(b'{"title": "Zebras %d"}' % number for number in range(2000))
    with open_notebook(tmp_path) as notebook:
        with pytest.raises(TrayReplaced):
            notebook.feeds.add(["-"], BytesIO(lines), AddOptions(), restore_once)
        assert notebook.papers.number() == 3


def test_a_decision_in_the_last_moment_is_set_aside_too(tmp_path: Path, backup: Path) -> None:
    has_decided = False

    def decide_once(done: int, total: int) -> None:
        nonlocal has_decided
        if not has_decided:  # the copy of the file is being prepared
            has_decided = True
            with open_notebook(tmp_path) as other:
                other.papers.move([5], Pile.STARRED)

    restored = restore(throw_away_places(tmp_path), backup, decide_once, SteppingClock(60))
    assert restored.aside is not None
    with closing(connect(restored.aside, writable=False)) as connection:
        row = connection.execute("SELECT pile FROM standing WHERE paper_id = 5").fetchone()
    assert (has_decided, row) == (True, ("starred",))


def test_a_file_with_its_log_beside_it_is_only_read(tmp_path: Path) -> None:
    open_notebook(tmp_path / "other").close()
    other = throw_away_places(tmp_path / "other").database
    child = os.fork()
    if not child:  # pragma: no cover
        with open_notebook(tmp_path / "other") as notebook:
            add_lines(notebook, works(2))
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    log = other.with_name("papertray.db-wal")
    before = other.read_bytes(), log.read_bytes()
    bring_back(tmp_path, other)
    assert (other.read_bytes(), log.read_bytes()) == before
    assert papers(throw_away_places(tmp_path).database) == 2


def test_whoever_writes_all_the_time_is_not_overtaken(tmp_path: Path, backup: Path) -> None:
    database = throw_away_places(tmp_path).database
    with closing(connect(database, writable=True)) as other, pytest.MonkeyPatch.context() as patch:
        patch.setattr(replacing, "connect", partial(connect, timeout=0.01))
        other.execute("BEGIN IMMEDIATE")
        other.execute("UPDATE paper SET title = 'In the Last Moment' WHERE id = 5")
        with pytest.raises(TrayLocked, match="being written by another process"):
            bring_back(tmp_path, backup)
        other.execute("COMMIT")
    assert papers(database) == 5
    assert list(database.parent.glob("*-before-restore-*")) == []


def test_one_restore_at_a_time(tmp_path: Path, backup: Path) -> None:
    database = throw_away_places(tmp_path).database
    with replacing.replacing_alone(database), pytest.raises(TrayLocked):
        bring_back(tmp_path, backup)
    bring_back(tmp_path, backup)
    assert papers(database) == 3


def test_the_log_of_a_tray_that_was_deleted_is_not_played_into_the_restored_one(
    tmp_path: Path, backup: Path
) -> None:
    database = throw_away_places(tmp_path).database
    child = os.fork()
    if not child:  # pragma: no cover
        with closing(connect(database, writable=True)) as connection:
            connection.execute("UPDATE paper SET title = 'Of Another Tray'")
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    log = database.with_name("papertray.db-wal").read_bytes()
    assert log
    database.unlink()
    bring_back(tmp_path, backup)
    with open_notebook(tmp_path) as notebook:
        assert notebook.papers.entry(1).work.title == "On the Number 0 and What Follows From It"
    (aside,) = database.parent.glob("*-before-restore-*-wal")
    assert aside.read_bytes() == log


def test_killed_at_any_step_one_of_the_trays_is_there(
    tmp_path: Path, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "PAGES", 16)
    monkeypatch.setattr(replacing, "PAGES", 16)
    database = throw_away_places(tmp_path).database
    step = 0
    found = []
    while papers(database) == 5:
        step += 1
        child = os.fork()
        if not child:  # pragma: no cover
            kill_self_at(tmp_path, backup, step)
        _, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
        found.append(papers(database))
        for aside in database.parent.glob("*-before-restore-*.db"):
            assert papers(aside) == 5
            aside.unlink()
    assert found[-1] == 3
    assert set(found[:-1]) == {5}
    assert step > 6
    with open_notebook(tmp_path) as notebook:
        assert [finding.sentence for finding in notebook.health.findings()] == []


def kill_self_at(folder: Path, file: Path, step: int) -> None:
    """Restore, and die at a step of the copying."""
    steps = 0

    def die(done: int, total: int) -> None:
        nonlocal steps
        steps += 1
        if steps == step:
            os.kill(os.getpid(), signal.SIGKILL)

    try:
        restore(throw_away_places(folder), file, die, SteppingClock(60))
    finally:
        os._exit(0)


def test_a_tray_past_opening_is_replaced_by_name(tmp_path: Path, backup: Path) -> None:
    database = throw_away_places(tmp_path).database
    for file in database.parent.glob("papertray.db-*"):
        file.unlink()
    database.write_bytes(b"\xa5" * 50_000)
    database.with_name("papertray.db-wal").write_bytes(b"old")
    restored = bring_back(tmp_path, backup)
    assert restored.aside is not None
    assert restored.aside.read_bytes() == b"\xa5" * 50_000
    assert papers(database) == 3


def test_another_page_size_fits_in(tmp_path: Path, backup: Path) -> None:
    with closing(sqlite3.connect(backup)) as connection:
        connection.execute("PRAGMA page_size = 16384")
        connection.execute("VACUUM")
    bring_back(tmp_path, backup)
    assert papers(throw_away_places(tmp_path).database) == 3


def test_a_file_in_use_or_in_a_folder_that_cannot_be_written_is_restored(
    tmp_path: Path, backup: Path
) -> None:
    with open_notebook(tmp_path / "other") as other:
        add_lines(other, works(7))
        bring_back(tmp_path, throw_away_places(tmp_path / "other").database)
    assert papers(throw_away_places(tmp_path).database) == 7
    sealed = tmp_path / "sealed"
    sealed.mkdir()
    backup.rename(sealed / "papertray.db")
    with closing(sqlite3.connect(sealed / "papertray.db")) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
    sealed.chmod(0o500)
    try:
        bring_back(tmp_path, sealed / "papertray.db")
    finally:
        sealed.chmod(0o700)
    assert papers(throw_away_places(tmp_path).database) == 3


def refused(folder: Path, file: Path, error: type[Exception], words: str) -> None:
    database = throw_away_places(folder).database
    before = {path.name for path in database.parent.iterdir()}
    with pytest.raises(error, match=words):
        bring_back(folder, file)
    assert papers(database) == 5
    assert {path.name for path in database.parent.iterdir()} - {LOCK} == before - {LOCK}


def test_what_is_no_sound_tray_is_refused(tmp_path: Path, backup: Path) -> None:
    refused(tmp_path, tmp_path / "none.db", UsageError, "no file")
    refused(tmp_path, throw_away_places(tmp_path).database, UsageError, "the present tray itself")
    (tmp_path / "text.db").write_text("not a database " * 1000)
    refused(tmp_path, tmp_path / "text.db", TrayDamaged, "not a tray")
    with closing(sqlite3.connect(tmp_path / "foreign.db")) as connection:
        connection.execute("CREATE TABLE theirs(id)")
    refused(tmp_path, tmp_path / "foreign.db", TrayDamaged, "not a tray of papertray")
    with closing(connect(backup, writable=True)) as connection, transaction(connection):
        connection.execute(
            "INSERT INTO _sqlite_migrations(migration_set, name, applied_at)"
            " VALUES ('papertray', '0099_later', '2030-01-01')"
        )
    refused(tmp_path, backup, TrayNewer, "0099_later")


def test_a_damaged_backup_is_refused_with_what_is_wrong(tmp_path: Path, backup: Path) -> None:
    data = bytearray(backup.read_bytes())
    page = data.index(b"On the Number 2") // 4096 * 4096
    data[page : page + 4096] = b"\xa5" * 4096
    backup.write_bytes(data)
    refused(tmp_path, backup, TrayDamaged, "is damaged .*, so it was not restored")


def test_a_tray_that_lacks_a_table_is_refused(tmp_path: Path, backup: Path) -> None:
    with closing(connect(backup, writable=True)) as connection:
        connection.execute("DROP TABLE op")
    refused(tmp_path, backup, TrayDamaged, r"backup\.db is damaged \(no such table: main.op\)")


def test_an_older_tray_is_migrated_and_its_file_left_as_it_was(
    tmp_path: Path, backup: Path
) -> None:
    with closing(connect(backup, writable=True)) as connection, transaction(connection):
        later = schema.MIGRATIONS[1:]
        connection.executemany(
            "DELETE FROM _sqlite_migrations WHERE name = ?", ((name,) for name in later)
        )
        for index in ("paper_pdf", "paper_code"):
            connection.execute(f"DROP INDEX {index}")
        for column in ("digest", "moved", "read_until", "not_before", "failures"):
            connection.execute(f"ALTER TABLE feed DROP COLUMN {column}")
        for table in ("seen_file", "awaited", "fetched_file"):
            connection.execute(f"DROP TABLE {table}")
    before = backup.read_bytes()
    bring_back(tmp_path, backup)
    assert backup.read_bytes() == before
    with open_notebook(tmp_path, clock=SteppingClock(3600)) as notebook:
        assert [finding.sentence for finding in notebook.health.findings()] == []
    with closing(connect(throw_away_places(tmp_path).database, writable=False)) as connection:
        assert schema.applied(connection) == set(schema.MIGRATIONS)
