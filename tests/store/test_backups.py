"""Daily backups: made beside writers, checked, rotated, and never a bad one for a good."""

from __future__ import annotations

import shutil
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest

from papertray.core.errors import DiskFull, TrayReadOnly
from papertray.core.model import Pile
from papertray.core.subscriptions import FeedState
from papertray.notebook.keeping import Keeping
from papertray.notebook.notebook import Notebook
from papertray.store import user_made
from papertray.store.backups import Backup, BackupPlan, superfluous
from papertray.store.connection import alone, connect
from papertray.store.copying import Pace, copy_tray, read_stamp
from papertray.store.places import throw_away_places
from papertray.store.seen_files import SeenFile, remember, seen_files
from papertray.store.subscriptions import save_state

from trays import SteppingClock, add_lines, open_notebook, works

SPARING = BackupPlan(whole_below=0)
"""Every tray counts as large."""


class Days(SteppingClock):
    """A clock for which each `next` is another day."""

    def next(self) -> None:
        self.moment += timedelta(days=1)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in throw_away_places(folder).backups.glob("*"))


def keeping(notebook: Notebook, plan: BackupPlan | None = None) -> Keeping:
    return Keeping(notebook._tray, plan)


def count(path: Path, table: str) -> int:
    with closing(connect(path, writable=False)) as connection:
        (number,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
        return int(number)


def test_a_copy_ends_while_somebody_writes_all_the_time(tmp_path: Path) -> None:
    with open_notebook(tmp_path) as notebook, open_notebook(tmp_path) as other:
        add_lines(notebook, works(1500))
        places = throw_away_places(tmp_path)
        steps = 0

        def write(done: int, total: int) -> None:
            nonlocal steps
            steps += 1
            other.papers.move([steps], Pile.SKIP)

        target = tmp_path / "copy.db"
        stamp = copy_tray(places.database, target, "2026-11-23", Pace(progress=write))
        assert steps < 10
        assert other.papers.counts().skip == steps
        assert (count(target, "op"), stamp.contents.ops) == (0, 0), "the moment it began"
        assert target.read_bytes()[18:20] == b"\x01\x01", "one file: no write-ahead log"


def test_the_first_of_a_day_and_week_has_both_names(tmp_path: Path) -> None:
    with open_notebook(tmp_path) as notebook:
        add_lines(notebook, works(3))
        made = notebook.keeping.back_up()
        assert made.path == throw_away_places(tmp_path).backups / "2026-11-23.db"
        assert names(tmp_path) == ["2026-11-23.db", "2026-W48.db", "backing-up.lock"]
        assert notebook.keeping.back_up().path is None, "one a day"


def test_an_empty_tray_needs_none_and_a_backup_of_a_first_minute_is_made_again(
    tmp_path: Path,
) -> None:
    with open_notebook(tmp_path) as notebook:
        assert notebook.keeping.back_up().path is None
        assert names(tmp_path) == ["backing-up.lock"]
        add_lines(notebook, works(4))
        notebook.keeping.back_up()
        add_lines(notebook, works(4, first=4))
        assert notebook.keeping.back_up().path is None, "eight are not over twice as much as four"
        add_lines(notebook, works(1, first=8))
        made = notebook.keeping.back_up().path
        assert made is not None
        week = throw_away_places(tmp_path).backups / "2026-W48.db"
        assert (count(made, "paper"), count(week, "paper")) == (9, 9)


def test_a_day_on_which_nothing_changed_needs_none(tmp_path: Path) -> None:
    clock = Days()
    with open_notebook(tmp_path, clock=clock) as notebook:
        add_lines(notebook, works(3))
        notebook.keeping.back_up()
        clock.next()
        assert notebook.keeping.back_up().path is None
        notebook.papers.move([1], Pile.READ)
        assert notebook.keeping.back_up().path is not None


def test_seven_days_and_four_weeks_are_kept(tmp_path: Path) -> None:
    clock = Days()
    with open_notebook(tmp_path, clock=clock) as notebook:
        add_lines(notebook, works(1))
        for day in range(40):
            notebook.papers.move([1], [Pile.SKIP, Pile.READ][day % 2])
            notebook.keeping.back_up()
            clock.next()
    kept = [name for name in names(tmp_path) if name.endswith(".db")]
    assert [name for name in kept if "W" not in name] == [
        f"2026-12-{day}.db" for day in range(26, 32)
    ] + ["2027-01-01.db"]
    assert [name for name in kept if "W" in name] == [
        "2026-W50.db", "2026-W51.db", "2026-W52.db", "2026-W53.db"
    ]  # fmt: skip


def backup(name: str, size: int, file: int = 0) -> Backup:
    is_weekly = "W" in name
    day = date.fromisocalendar(2026, int(name[1:]), 1) if is_weekly else date(2026, 1, int(name))
    return Backup(Path(name), day, is_weekly, size, (1, file or hash(name)))


@pytest.mark.parametrize(
    ("present", "budget", "protected", "removed"),
    [
        ([], 0, (), []),
        ([("1", 5), ("2", 5)], 100, (), []),
        ([("1", 5), ("2", 5), ("3", 5), ("4", 5)], 100, (), ["1"]),
        ([("1", 5), ("2", 5), ("3", 5), ("4", 5)], 100, ("1",), []),
        ([("1", 5), ("2", 5), ("3", 5)], 10, (), ["1"]),
        ([("1", 5), ("2", 5), ("3", 50)], 1, (), ["1", "2"]),
        ([("W1", 50), ("2", 5), ("W2", 50), ("3", 5)], 109, (), ["W1"]),
        ([("W1", 50), ("W2", 50), ("W3", 50)], 500, (), ["W1"]),
    ],
    ids=["none", "few", "fourth", "protected", "budget", "last one stays", "oldest", "weeks"],
)
def test_what_is_rotated_away(
    present: list[tuple[str, int]], budget: int, protected: tuple[str, ...], removed: list[str]
) -> None:
    plan = BackupPlan(daily=3, weekly=2)
    found = superfluous(
        [backup(*each) for each in present], plan, budget, set(map(Path, protected))
    )
    assert [str(each.path) for each in found] == removed


def test_a_file_with_two_names_takes_its_room_once() -> None:
    pair = [backup("W1", 50, file=7), backup("1", 50, file=7), backup("2", 40)]
    assert superfluous(pair, BackupPlan(), 90, ()) == []
    assert superfluous(pair, BackupPlan(), 89, ()) == [pair[1]]


def test_good_backups_outlive_an_emptied_tray(tmp_path: Path) -> None:
    clock = Days()
    with open_notebook(tmp_path, clock=clock) as notebook:
        add_lines(notebook, works(30))
        notebook.papers.move(range(1, 31), Pile.STARRED)
        good = notebook.keeping.back_up().path
        assert good is not None
    for file in throw_away_places(tmp_path).tray.glob("papertray.db*"):
        file.unlink()
    with open_notebook(tmp_path, clock=clock) as notebook:
        add_lines(notebook, works(1))
        for day in range(20):
            clock.next()
            notebook.papers.move([1], [Pile.SKIP, Pile.READ][day % 2])
            made = notebook.keeping.back_up()
            assert made.path is not None
            assert f"papertray restore {good}" in made.warning
        assert good.exists()
        assert len(names(tmp_path)) <= 16


def test_of_a_large_tray_the_daily_one_holds_what_the_user_made(tmp_path: Path) -> None:
    clock = Days()
    with open_notebook(tmp_path, clock=clock) as notebook:
        add_lines(notebook, works(200))
        notebook.papers.move([1, 2], Pile.STARRED)
        notebook.papers.change_tags([3], add=["x"])
        notebook.notes.save_main(4, "A thought.")
        notebook.papers.move([5], Pile.SKIP)
        notebook.journal.undo()
        keeping(notebook, SPARING).back_up()
        folder = throw_away_places(tmp_path).backups
        assert count(folder / "2026-W48.db", "paper") == 200
        path = folder / "2026-11-23.db"
        assert [count(path, table) for table in ("paper", "listing", "identifier")] == [5, 5, 5]
        stamp = read_stamp(path)
        assert stamp is not None
        assert (stamp.is_whole, stamp.contents.papers) == (False, 200)
        assert [finding.sentence for finding in notebook.health.findings()] == [], "untouched"
    # It is a tray by itself.
    places = throw_away_places(tmp_path / "partial")
    places.tray.mkdir(parents=True)
    path.rename(places.database)
    with open_notebook(tmp_path / "partial") as partial:
        assert [finding.sentence for finding in partial.health.findings()] == []
        assert partial.papers.counts().starred == 2
        note = partial.notes.main(4)
        assert note is not None
        assert note.body == "A thought.\n"
        partial.papers.move([1], Pile.READ)
        assert partial.journal.undo() is not None


def test_in_the_daily_one_feeds_bring_the_inbox_again(tmp_path: Path) -> None:
    with open_notebook(tmp_path) as notebook:
        add_lines(notebook, works(3))
        one = notebook.subscriptions.add("arxiv:cs.CL", "CL").subscription
        state = FeedState(etag="e", last_modified="l", digest="d", read_until="2026-11-22")
        with notebook._tray.write() as connection:
            save_state(connection, one.id, state)
            remember(connection, one.id, [SeenFile("a.bib", "m")], "2026-11-23")
    places = throw_away_places(tmp_path / "partial")
    places.tray.mkdir(parents=True)
    database = throw_away_places(tmp_path).database
    user_made.copy_user_made(database, places.database, "2026-11-23", Pace())

    with open_notebook(tmp_path / "partial") as partial, open_notebook(tmp_path) as notebook:
        assert partial.subscriptions.all()[0][1] == FeedState(read_until="2026-11-15")
        assert seen_files(partial._tray.reader(), one.id) == {}
        assert notebook.subscriptions.all()[0][1] == state, "the tray itself is as it was"
        assert list(seen_files(notebook._tray.reader(), one.id)) == ["a.bib"]


def test_others_decide_while_what_the_user_made_is_copied(tmp_path: Path) -> None:
    with open_notebook(tmp_path) as notebook, open_notebook(tmp_path, timeout=0) as other:
        add_lines(notebook, works(600))
        notebook.papers.move(range(1, 500), Pile.STARRED)
        decided = 0

        def decide() -> bool:
            nonlocal decided
            decided += 1
            other.papers.move([decided], Pile.SKIP)
            return False

        database = throw_away_places(tmp_path).database
        pace = Pace(is_stopped=decide)
        stamp = user_made.copy_user_made(database, tmp_path / "copy.db", "2026-11-23", pace)
        assert decided > 3
        assert (stamp.contents.ops, count(tmp_path / "copy.db", "op")) == (499, 499)
        assert other.papers.counts().skip == decided


def test_every_table_is_copied_or_left_out_knowingly(tmp_path: Path) -> None:
    open_notebook(tmp_path).close()
    with closing(connect(throw_away_places(tmp_path).database, writable=False)) as connection:
        present = {
            name
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        }
    named = {*user_made.WHOLE, *user_made.OF_PAPERS, *user_made.LEFT_OUT}
    assert present - {"sqlite_sequence"} == named


def test_a_kept_key_without_a_decision_is_a_change(tmp_path: Path) -> None:
    clock = Days()
    with open_notebook(tmp_path, clock=clock) as notebook:
        add_lines(notebook, works(1))
        notebook.keeping.back_up()
        clock.next()
        notebook.papers.use_citekey(1)
        assert notebook.keeping.back_up().path is not None


def test_leaving_ends_a_backup_and_the_next_one_starts_clean(tmp_path: Path) -> None:
    with open_notebook(tmp_path) as notebook:
        add_lines(notebook, works(3))
        notebook.keeping.back_up(lambda: True)
        assert names(tmp_path) == ["backing-up.lock"]
        (throw_away_places(tmp_path).backups / "2026-11-20.db.part").write_bytes(b"killed")
        notebook.keeping.back_up()
        assert names(tmp_path) == ["2026-11-23.db", "2026-W48.db", "backing-up.lock"]


def test_one_process_at_a_time(tmp_path: Path) -> None:
    with open_notebook(tmp_path) as notebook:
        add_lines(notebook, works(3))
        folder = throw_away_places(tmp_path).backups
        folder.mkdir()
        with alone(folder / "backing-up.lock") as is_ours:
            assert is_ours
            assert notebook.keeping.back_up().path is None
        assert notebook.keeping.back_up().path is not None


@pytest.mark.parametrize("days", [-4000, 4000])
def test_a_clock_that_jumped_costs_no_new_backup(tmp_path: Path, days: int) -> None:
    clock = Days()
    with open_notebook(tmp_path, clock=clock) as notebook:
        add_lines(notebook, works(1))
        for day in range(10):
            notebook.papers.move([1], [Pile.SKIP, Pile.READ][day % 2])
            notebook.keeping.back_up()
            clock.next()
        clock.moment += timedelta(days=days)
        for day in range(10):
            notebook.papers.move([1], [Pile.SKIP, Pile.READ][day % 2])
            made = notebook.keeping.back_up()
            assert made.path is not None
            assert made.path.exists(), "else every command would make it again"
            clock.next()


def test_a_wrong_date_that_was_put_right_keeps_nothing_for_ever(tmp_path: Path) -> None:
    clock = Days()
    with open_notebook(tmp_path, clock=clock) as notebook:
        add_lines(notebook, works(1))
        clock.moment += timedelta(days=4000)
        wrong = notebook.keeping.back_up().path
        assert wrong is not None
        clock.moment -= timedelta(days=4000)
        for day in range(7):
            notebook.papers.move([1], [Pile.SKIP, Pile.READ][day % 2])
            notebook.keeping.back_up()
            clock.next()
        assert not wrong.exists()


def test_a_damaged_lock_keeps_no_backup_from_being_made(tmp_path: Path) -> None:
    with open_notebook(tmp_path) as notebook:
        add_lines(notebook, works(1))
        folder = throw_away_places(tmp_path).backups
        folder.mkdir()
        (folder / "backing-up.lock").write_bytes(b"\xa5" * 5000)
        assert notebook.keeping.back_up().path is not None


def test_whatever_lies_in_the_folder_is_told_as_such(tmp_path: Path) -> None:
    with open_notebook(tmp_path) as notebook:
        add_lines(notebook, works(1))
        folder = throw_away_places(tmp_path).backups
        (folder / "2026-11-20.db.part").mkdir(parents=True)
        with pytest.raises(TrayReadOnly, match="No copy of the tray can be written to"):
            notebook.keeping.back_up()
        (folder / "2026-11-20.db.part").rmdir()
        (folder / "2026-11-20.db").symlink_to(tmp_path / "nowhere")
        with pytest.raises(TrayReadOnly, match="No such file"):
            notebook.keeping.back_up()


def test_the_last_room_of_a_disk_is_left_to_its_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_notebook(tmp_path) as notebook:
        add_lines(notebook, works(1))
        size = throw_away_places(tmp_path).database.stat().st_size
        usage = shutil.disk_usage(tmp_path)
        little = usage._replace(free=2 * size - 1)
        monkeypatch.setattr(shutil, "disk_usage", lambda folder: little)
        with pytest.raises(DiskFull, match="no room"):
            notebook.keeping.back_up()
        assert names(tmp_path) == ["backing-up.lock"]
        monkeypatch.setattr(shutil, "disk_usage", lambda folder: usage)
        assert notebook.keeping.back_up().path is not None
