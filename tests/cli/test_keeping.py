"""`backup` and `restore`, and the backup of the day that writing commands make."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from cli.command_line import CommandLine, json_lines
from papertray.store.surroundings import look_around


def backups(papertray: CommandLine) -> list[str]:
    return sorted(path.name for path in (papertray.folder / "tray" / "backups").glob("*.db"))


def limited(blocks: int) -> str:
    """Return what a shell runs first so that no file grows beyond `blocks`, also no .pyc."""
    return f"export PYTHONDONTWRITEBYTECODE=1; ulimit -f {blocks}"


def test_a_command_that_writes_makes_the_backup_of_the_day(papertray: CommandLine) -> None:
    added = papertray("add", "-", stdin=json_lines({"title": "One"}))
    assert added.stderr == "In the inbox. Undo: papertray undo --batch 1\n", (
        "and says nothing of it"
    )
    day, week = backups(papertray)
    assert "W" in week
    for file in (papertray.folder / "tray" / "backups").glob("*.db"):
        file.unlink()
    assert papertray("list").exit_code == 0
    assert backups(papertray) == [], "reading makes none"
    assert papertray("move", "read", "1").exit_code == 0
    assert backups(papertray) == [day, week]


def test_a_backup_that_cannot_be_made_fails_no_command(papertray: CommandLine) -> None:
    (papertray.folder / "tray").mkdir()
    (papertray.folder / "tray" / "backups").write_text("a file in the way")
    added = papertray("add", "-", stdin=json_lines({"title": "One"}))
    assert added.exit_code == 0
    assert "Today's backup was not made. " in added.stderr
    assert len(papertray.lines("list")) == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
@pytest.mark.parametrize("mode", [0o000, 0o400, 0o500])
def test_a_folder_of_backups_without_permission_fails_no_command(
    papertray: CommandLine, mode: int
) -> None:
    (papertray.folder / "tray").mkdir()
    folder = papertray.folder / "tray" / "backups"
    folder.mkdir(mode)
    try:
        added = papertray("add", "-", stdin=json_lines({"title": "One"}))
    finally:
        folder.chmod(0o700)
    assert added.exit_code == 0
    assert "Today's backup was not made. " in added.stderr


def test_a_backup_is_written_checked_and_brought_back(filled: CommandLine) -> None:
    file = filled.folder / "copy.db"
    written = filled("backup", str(file))
    assert written.exit_code == 0
    assert written.stderr.startswith(f"{file}: 0.")
    assert written.stderr.endswith(" MB with 3 papers, 1 of them decided, and 0 texts of notes.\n")
    filled("move", "skip", "1", "2")
    restored = filled("restore", str(file))
    assert restored.exit_code == 0
    said = restored.stderr.splitlines()
    assert said[0].startswith(f"Restored {file} of 20")
    assert [json.loads(line)["pile"] for line in filled.lines("list", "--format", "jsonl")] == [
        "inbox", "inbox", "starred"
    ]  # fmt: skip
    back = said[1].partition("this does: papertray ")[2].split()
    assert filled(*back).exit_code == 0
    assert filled.json("show", "1", "--format", "json")["pile"] == "skip"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("backup", "-"), "never a stream"),
        (("backup", "there.db"), "is there already"),
        (("backup", "none/copy.db"), "no folder none"),
        (("backup", "x" * 300), "File name too long"),
        (("restore", "-"), "never a stream"),
        (("restore", "none.db"), "no file none.db"),
        (("restore", "there.db"), "not a tray"),
        (("restore", "tray/papertray.db"), "the present tray itself"),
    ],
)
def test_what_cannot_be_done_is_refused_in_a_sentence(
    filled: CommandLine, arguments: tuple[str, ...], words: str
) -> None:
    Path("there.db").write_text("mine")
    result = filled(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert words in result.stderr
    assert Path("there.db").read_text() == "mine"
    assert sorted(path.name for path in filled.folder.glob("*.part")) == []


def test_a_partial_backup_says_what_is_not_in_it(filled: CommandLine) -> None:
    from papertray.notebook.keeping import Keeping
    from papertray.store.backups import BackupPlan
    from papertray.store.places import find_places
    from papertray.store.tray import Tray

    for file in (filled.folder / "tray" / "backups").iterdir():
        file.unlink()
    tray = Tray(find_places(None, filled.environment))
    Keeping(tray, BackupPlan(whole_below=0)).back_up()
    tray.close()
    day, week = backups(filled)
    restored = filled("restore", f"tray/backups/{day}")
    assert "papers that nobody decided about are not in it" in restored.stderr
    assert len(filled.lines("list")) == 1
    restored = filled("restore", f"tray/backups/{week}")
    assert "nobody decided" not in restored.stderr
    assert len(filled.lines("list")) == 3


@pytest.mark.parametrize("blocks", [0, 100, 400])
def test_a_full_disk_leaves_no_half_backup(filled: CommandLine, blocks: int) -> None:
    for _ in range(3):  # more than the limits
        filled("add", "-", stdin=json_lines(*({"title": f"{n} " + "x" * 900} for n in range(300))))
    file = filled.folder / "copy.db"
    ended = filled.process("backup", str(file), shell_before=limited(blocks))
    said = ended.stderr.decode().splitlines()
    assert (ended.returncode, len(said)) == (2, 1), said
    assert "room" in said[0] or "disk" in said[0]
    assert not file.exists()
    assert not list(filled.folder.glob(".*.part"))
    assert filled("doctor").exit_code == 0


@pytest.mark.parametrize("blocks", [100, 1500])
def test_a_full_disk_leaves_the_tray_as_it_was_when_restoring(
    filled: CommandLine, blocks: int
) -> None:
    file = filled.folder / "copy.db"
    assert filled("backup", str(file)).exit_code == 0
    papers = [{"title": f"Paper {n} " + "x" * 900} for n in range(300)]
    filled("add", "-", stdin=json_lines(*papers))
    before = filled.lines("list")
    ended = filled.process("restore", str(file), shell_before=limited(blocks))
    said = ended.stderr.decode().splitlines()
    assert (ended.returncode, len(said)) == (2, 1), said
    assert filled.lines("list") == before
    assert not list(filled.folder.rglob("*.part"))


def test_doctor_mends_a_tray(filled: CommandLine) -> None:
    with closing(sqlite3.connect(filled.database, isolation_level=None)) as connection:
        connection.execute("UPDATE pile_count SET papers = 7")
        connection.execute("DROP TRIGGER note_update")
    mended = filled("doctor", "--repair")
    assert mended.exit_code == 0
    assert "The trigger note_update is missing" in mended.stdout
    assert "Mended. The tray before it: papertray restore " in mended.stderr
    assert mended.stderr.endswith("All is well.\n")
    assert filled("doctor").stdout == ""


def test_doctor_mends_nothing_that_is_well(filled: CommandLine) -> None:
    assert filled("doctor", "--repair").exit_code == 0
    assert list(filled.database.parent.glob("*before-repair*")) == []


def test_a_tray_past_opening_is_explained_and_a_backup_named(filled: CommandLine) -> None:
    for file in filled.database.parent.glob("papertray.db*"):
        file.unlink()
    filled.database.write_bytes(b"\xa5" * 100_000)
    result = filled("doctor", "--repair")
    assert result.exit_code == 2
    assert "restore a backup" in result.stderr
    day = backups(filled)[0]
    assert filled("restore", f"tray/backups/{day}").exit_code == 0
    assert len(filled.lines("list")) == 3


def test_a_new_tray_in_a_synced_folder_is_warned_about_once(
    papertray: CommandLine, tmp_path: Path
) -> None:
    folder = tmp_path / "Dropbox" / "notes"
    one = json_lines({"title": "One"})
    first = papertray("--tray", str(folder), "add", "-", stdin=one)
    assert "Dropbox syncs" in first.stderr
    assert look_around(folder)[0] in first.stderr
    assert "Dropbox" not in papertray("--tray", str(folder), "list").stderr
    doctor = papertray("--tray", str(folder), "doctor")
    assert "Dropbox syncs" in doctor.stderr
    assert doctor.exit_code == 0, "told, not a failure"


def test_another_process_that_restores_is_noticed(filled: CommandLine) -> None:
    from papertray.notebook.notebook import Notebook
    from papertray.store.journal import Origin
    from papertray.store.places import find_places

    filled("backup", "copy.db")
    filled("move", "skip", "1", "2")
    with Notebook(find_places(None, filled.environment), Origin.SCREEN) as screen:
        assert screen.papers.counts().skip == 2
        seen = screen.journal.newest()
        ended: subprocess.CompletedProcess[bytes] = filled.process("restore", "copy.db")
        assert ended.returncode == 0
        assert screen.papers.counts().skip == 0
        assert screen.journal.changed_by_others(seen)


def test_of_a_tray_that_is_not_there_no_backup_is_made(papertray: CommandLine) -> None:
    file = papertray.folder / "copy.db"
    wanted = papertray("--tray", str(papertray.folder / "typo"), "backup", str(file))
    assert wanted.exit_code == 2
    assert "There is no tray in" in wanted.stderr
    assert not file.exists()
    assert not (papertray.folder / "typo").exists()
