"""What bad input gets: one sentence, the right exit code, and the state from before."""

from __future__ import annotations

import errno
import os
import pty
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from click.testing import Result

from cli.command_line import ESC, HOSTILE, CommandLine, json_lines, steering_in
from papertray.core.clean import clean
from papertray.notebook.notebook import Notebook
from papertray.store.journal import Origin
from papertray.store.places import Places, find_places

NOBODY = 65534


def impatient(places: Places) -> Notebook:
    """Open the notebook like the command line does, but wait for nobody."""
    return Notebook(places, Origin.COMMAND, timeout=0.01)


def assert_one_sentence(result: Result, *words: str) -> None:
    """Check that a command failed with exit code 2 and one line that holds `words`."""
    assert (result.exit_code, result.stdout) == (2, ""), result.output
    assert len(result.stderr.splitlines()) == 1
    for word in words:
        assert word in result.stderr


@pytest.mark.parametrize(
    ("name", "data", "looks"),
    [
        ("paper.pdf", b"%PDF-1.7\n%\xe2\xe3", "a PDF"),
        ("noise.bin", bytes(range(256)) * 20, "binary data"),
        ("page.html", b"<!doctype html><title>x</title>", "an HTML page"),
        ("empty.txt", b"", "empty"),
        ("tray.db", b"SQLite format 3\x00" + bytes(100), "an SQLite database"),
    ],
)
def test_a_file_that_is_nothing_we_read(
    papertray: CommandLine, tmp_path: Path, name: str, data: bytes, looks: str
) -> None:
    (tmp_path / name).write_bytes(data)

    result = papertray("add", name)

    assert result.exit_code == 2
    assert result.stdout == "0 added, 0 merged, 0 known, 1 failed\n"
    assert len(result.stderr.splitlines()) == 1
    assert f"{name} is {looks}" in result.stderr
    assert looks == "empty" or "`papertray add --help` names the formats" in result.stderr
    assert papertray.lines("list") == []


def test_a_file_whose_name_steers_the_terminal(papertray: CommandLine, tmp_path: Path) -> None:
    name = f"evil{ESC}[31m\u202e.pdf"
    (tmp_path / name).write_bytes(b"%PDF-1.7")

    result = papertray("add", name, "missing\x9b.txt")

    assert result.exit_code == 2
    assert steering_in(result.output) == []


def test_a_tray_that_another_process_locks(filled: CommandLine) -> None:
    before = filled.lines("list")
    with closing(sqlite3.connect(filled.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")

        for arguments in (
            ("move", "read", "1"), ("note", "1", "x"), ("undo",), ("remove", "1"),
            ("tag", "1", "--add", "x"), ("done", "1"), ("edit", "1", "--set", "year=2001"),
            ("list", "--format", "citekeys"),
        ):  # fmt: skip
            result = filled(*arguments, opener=impatient)
            assert_one_sentence(result, str(filled.database), "another process")

        adding = filled("add", "-", stdin=json_lines({"title": "On Waiting"}), opener=impatient)
        assert_one_sentence(adding, "another process")
        assert filled("list", opener=impatient).stdout.splitlines() == before
        other.execute("ROLLBACK")
    assert filled.lines("list") == before


def test_a_newer_tray_is_refused_and_left_alone(filled: CommandLine) -> None:
    with closing(sqlite3.connect(filled.database)) as connection, connection:
        connection.execute(
            "INSERT INTO _sqlite_migrations(migration_set, name, applied_at)"
            " VALUES ('papertray', '9999_later', '2099-01-01')"
        )
    before = filled.database.read_bytes()

    assert_one_sentence(filled("list"), "newer papertray", str(filled.database))
    assert_one_sentence(filled("move", "read", "1"), "newer papertray")
    assert filled.database.read_bytes() == before


def test_a_file_that_is_no_tray(papertray: CommandLine) -> None:
    papertray.database.parent.mkdir()
    papertray.database.write_text("Dear diary, " * 100)

    assert_one_sentence(papertray("list"), str(papertray.database))
    assert papertray.database.read_text().startswith("Dear diary")


def test_a_database_of_somebody_else(papertray: CommandLine) -> None:
    papertray.database.parent.mkdir()
    with closing(sqlite3.connect(papertray.database)) as connection:
        connection.execute("CREATE TABLE recipe(name)")

    assert_one_sentence(papertray("list"), "not a tray")


def test_a_disk_that_runs_full(filled: CommandLine) -> None:
    before = filled.lines("list")
    page = json_lines(
        *({"title": f"On Filling Disks {n}", "abstract": "x" * 9000} for n in range(99))
    )

    ended = filled.process("add", "-", stdin=page.encode(), shell_before="ulimit -f 600")

    assert ended.returncode == 2
    assert len(ended.stderr.splitlines()) == 1
    assert str(filled.database).encode() in ended.stderr
    assert filled.lines("list") == before
    assert filled("add", "-", stdin=page).exit_code == 0


@contextmanager
def without_privileges() -> Iterator[None]:
    """Run the body as somebody whom file modes stop."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everybody may enter, unlike those of pytest."""
    folder = Path(tempfile.mkdtemp(prefix="papertray-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def test_a_tray_that_may_not_be_written(open_folder: Path) -> None:
    papertray = CommandLine(open_folder)
    papertray("add", "-", stdin=json_lines({"title": "On Being Read Only"}))
    papertray("move", "read", "1")
    listed = papertray.lines("list")
    for file in papertray.database.parent.iterdir():
        file.chmod(0o444)
    papertray.database.parent.chmod(0o555)

    with without_privileges():
        moving = papertray("move", "skip", "1")
        adding = papertray("add", "-", stdin=json_lines({"title": "On More"}))

    assert_one_sentence(moving, str(papertray.database), "permission", "--tray")
    assert_one_sentence(adding, str(papertray.database))
    papertray.database.parent.chmod(0o755)
    assert papertray.lines("list") == listed


def test_a_folder_that_cannot_be_made(open_folder: Path) -> None:
    papertray = CommandLine(open_folder / "sealed")
    (open_folder / "sealed").mkdir(mode=0o555)

    with without_privileges():
        result = papertray("list")

    assert_one_sentence(result, str(papertray.database.parent), "--tray")


@pytest.fixture
def hostile(papertray: CommandLine) -> CommandLine:
    """The command line on a tray whose papers, tags and notes are full of what steers terminals."""
    papers: list[dict[str, object]] = [
        {"title": title, "abstract": title * 2, "authors": [title[:60]], "venue": title[:60],
         "comment": title[:60], "url": f"https://e.org/{title[:20]}", "year": 2020}
        for title in HOSTILE
    ]  # fmt: skip
    assert papertray("add", "-", "--pile", "read", stdin=json_lines(*papers)).exit_code == 0
    for number, title in enumerate(HOSTILE, 1):
        assert papertray("note", str(number), title).exit_code == 0
    return papertray


READING = (
    ("list",), ("list", "--format", "json"), ("list", "--format", "jsonl"),
    ("list", "--format", "csv"), ("list", "--format", "citekeys"), ("list", "title"),
    ("search", "coloured"), ("notes",), ("notes", "isolated"), ("history",), ("tags",),
    *((command, str(number), *options) for number in range(1, len(HOSTILE) + 1)
      for command, *options in (("show",), ("show", "--format", "json"),
                                ("show", "--format", "markdown"), ("history",))),
    *(("export", "--to", name, "--no-notes") for name in ("bibtex", "markdown", "jsonl")),
    ("export", "--to", "jsonl"),
)  # fmt: skip


@pytest.mark.parametrize("arguments", READING, ids=" ".join)
def test_no_steering_character_reaches_stdout(
    hostile: CommandLine, arguments: tuple[str, ...]
) -> None:
    result = hostile(*arguments)

    assert result.exit_code == 0, result.output
    # Invisible tags steer nothing, and a file may hold them; on a terminal they are left out.
    in_file = [] if arguments[0] != "export" else [chr(0xE0041), chr(0xE007F)]
    assert set(steering_in(result.stdout)) <= set(in_file)
    assert steering_in(result.stderr) == []


def test_titles_are_found_and_come_out_of_json_as_they_are(hostile: CommandLine) -> None:
    titles = [paper["title"] for paper in hostile.json("list", "--format", "json")]
    assert titles == [title.strip() for title in HOSTILE]

    assert len(hostile.lines("list", "isolated")) == 1
    assert clean(HOSTILE[0]) in hostile.lines("list", "coloured")[0]


def on_a_terminal(papertray: CommandLine, *arguments: str) -> str:
    """Run a command on a pseudo-terminal of 80 columns and return all it wrote there."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        papertray.command(*arguments),
        env={**papertray.environment, "NO_COLOR": "1"}, stdin=theirs, stdout=theirs, stderr=theirs,
    )  # fmt: skip
    os.close(theirs)
    pieces = []
    while True:
        try:
            piece = os.read(ours, 1 << 16)
        except OSError as error:
            if error.errno != errno.EIO:  # how Linux says that the other side is closed
                raise
            break
        if not piece:
            break
        pieces.append(piece)
    os.close(ours)
    assert process.wait() == 0
    return b"".join(pieces).decode("utf-8").replace("\r\n", "\n")


def test_a_terminal_gets_a_table_that_fits_and_nothing_else(hostile: CommandLine) -> None:
    text = on_a_terminal(hostile, "list")

    assert steering_in(text) == []
    lines = text.splitlines()
    assert lines[0].split() == ["no", "pile", "year", "author", "title"]
    assert len(lines) == 1 + len(HOSTILE)
    assert max(map(len, lines)) <= 80


def test_columns_that_hold_nothing_are_left_out(papertray: CommandLine) -> None:
    papertray("add", "-", stdin=json_lines({"title": "On Having Only a Title"}))

    header, row = on_a_terminal(papertray, "list").splitlines()

    assert header.split() == ["no", "pile", "title"]
    assert row.split(None, 2) == ["1", "inbox", "On Having Only a Title"]


def test_a_terminal_gets_an_export_without_what_a_file_may_hold(hostile: CommandLine) -> None:
    for name in ("markdown", "jsonl"):
        assert steering_in(on_a_terminal(hostile, "export", "--to", name)) == []


def test_two_processes_work_on_one_tray(filled: CommandLine) -> None:
    pages = [
        json_lines(*({"title": f"On the {word} Process, Part {n}"} for n in range(700)))
        for word in ("First", "Second")
    ]
    processes = [
        subprocess.Popen(
            filled.command("add", "-"), env=filled.environment,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )
        for _ in pages
    ]  # fmt: skip
    for process, page in zip(processes, pages, strict=True):
        assert process.stdin is not None
        process.stdin.write(page.encode())
        process.stdin.close()
    for process in processes:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.read() == b"700 added, 0 merged, 0 known, 0 failed\n"
        assert process.wait() == 0
        process.stdout.close()
        process.stderr.close()
    assert len(filled.lines("list")) == 3 + 2 * 700


def test_each_of_two_processes_sees_the_others_decisions(filled: CommandLine) -> None:
    with Notebook(find_places(None, filled.environment), Origin.SCREEN) as mine:
        assert mine.papers.counts().inbox == 2

        assert filled.process("move", "skip", "1").returncode == 0

        assert (mine.papers.counts().inbox, mine.papers.counts().skip) == (1, 1)
        mine.papers.set_done([2])
        assert len(filled.process("list", "is:done").stdout.splitlines()) == 1
