"""The group itself: its errors, exit codes and what happens when the world goes wrong."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli.command_line import CommandLine
from papertray.cli.commands.feeding import PARTS
from papertray.cli.invocation import LOOKING, Invocation
from papertray.cli.main import COMMANDS
from papertray.cli.main import papertray as group
from papertray.notebook.notebook import Notebook
from papertray.store.places import Places


def broken(places: Places) -> Notebook:
    """Open no notebook, as a bug would."""
    raise RuntimeError("a bug\x1b[31m")


def interrupted(places: Places) -> Notebook:
    """Open no notebook, since the user has seen enough."""
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "papertray list"),
        (("tour",), "papertray list"),
        (("lsit",), "did you mean list?"),
        (("zzzzzz",), "papertray --help"),
        (("--nonsense",), "--nonsense"),
        (("show",), "KEY"),
    ],
)
def test_wrong_usage_ends_with_two(
    papertray: CommandLine, arguments: tuple[str, ...], words: str
) -> None:
    result = papertray(*arguments)

    assert (result.exit_code, result.stdout) == (2, "")
    assert words in result.stderr


def test_the_screen_needs_no_tray_to_refuse(papertray: CommandLine) -> None:
    papertray()

    assert not papertray.database.exists()


def test_a_bug_leaves_its_traceback_in_a_file(papertray: CommandLine, tmp_path: Path) -> None:
    result = papertray("add", "-", opener=broken)

    log = tmp_path / "state" / "errors.log"
    assert (result.exit_code, result.stdout) == (70, "")
    assert str(log) in result.stderr
    assert len(result.stderr.splitlines()) == 1
    text = log.read_text(encoding="utf-8")
    assert "RuntimeError: a bug" in text
    assert "\x1b" not in text


def test_where_there_is_no_room_for_the_file_the_traceback_is_shown(
    papertray: CommandLine, tmp_path: Path
) -> None:
    (tmp_path / "state").write_text("in the way")

    result = papertray("add", "-", opener=broken)

    assert result.exit_code == 70
    assert "RuntimeError: a bug" in result.stderr
    assert "\x1b" not in result.stderr


def test_an_interrupted_command_ends_with_130(papertray: CommandLine) -> None:
    assert papertray("add", "-", opener=interrupted).exit_code == 130


def test_a_reader_that_goes_away_ends_it_silently(filled: CommandLine) -> None:
    process = subprocess.Popen(
        filled.command("list", "--format", "json"),
        env=filled.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()

    assert (process.stderr.read(), process.wait()) == (b"", 141)
    process.stderr.close()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_a_full_disk_under_stdout_is_one_sentence(filled: CommandLine) -> None:
    ended = filled.process("list", shell_before="exec >/dev/full")

    assert ended.returncode == 2
    assert ended.stderr.decode() == "The output could not be written: No space left on device.\n"


def test_the_option_wins_over_the_environment(filled: CommandLine, tmp_path: Path) -> None:
    ended = filled.process("--tray", str(tmp_path / "other"), "save", "mine", "tag:x")

    assert (ended.returncode, ended.stdout) == (0, b"")
    assert (tmp_path / "other" / "papertray.db").exists()


NOTHING_TO_SHOW = (
    ("list",), ("search", "x"), ("tags",), ("notes",), ("searches",), ("history",), ("undo",),
    ("redo",), ("export", "--to", "bibtex"), ("doctor",), ("reindex",), ("backup", "copy.db"),
    ("move", "read", "--query", "x"), ("duplicates",), ("feeds", "list"), ("feeds", "fetch"),
    ("feeds", "export"), ("feeds", "rule", "list"), ("pick",),
)  # fmt: skip
NO_SUCH_PAPER = (
    ("show", "1"), ("open", "1"), ("edit", "1"), ("move", "read", "1"), ("done", "1"),
    ("tag", "1", "--add", "x"), ("remove", "1"), ("note", "1", "text"), ("history", "1"),
    ("merge", "1", "2"), ("attach", "1", "file.pdf"), ("refresh", "1"),
    ("cite", "1"),
)  # fmt: skip
NO_SUCH_FEED = (
    ("feeds", "remove", "x"), ("feeds", "change", "x", "--tag", "t"),
    ("feeds", "rule", "remove", "1"), ("feeds", "rule", "try", "1"),
)  # fmt: skip
NO_SUCH_FILE = (("check", "nothing.tex"),)
ABOUT_A_TRAY = (*NOTHING_TO_SHOW, *NO_SUCH_PAPER, *NO_SUCH_FEED, *NO_SUCH_FILE)


@pytest.mark.parametrize("command", ABOUT_A_TRAY, ids=" ".join)
def test_what_is_about_a_tray_makes_none(
    papertray: CommandLine, tmp_path: Path, command: tuple[str, ...]
) -> None:
    for named in ((), ("--tray", str(tmp_path / "typo"))):
        result = papertray(*named, *command)
        assert (result.exit_code, result.stdout) == (2, "")
        assert "There is no tray in" in result.stderr
        assert len(result.stderr.splitlines()) == 1
    assert not (tmp_path / "tray").exists()
    assert not (tmp_path / "typo").exists()


@pytest.mark.parametrize("command", ABOUT_A_TRAY, ids=" ".join)
def test_where_nobody_named_a_tray_there_is_nothing_yet(
    papertray: CommandLine,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: tuple[str, ...],
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    environment = {**papertray.environment, "PAPERTRAY_TRAY": ""}

    result = CliRunner(env=environment).invoke(group, command, obj=Invocation(None, environment))

    finds_none = command not in NOTHING_TO_SHOW
    assert result.exit_code == (2 if finds_none else 0), result.output
    assert "There is nothing yet in" in result.stderr
    assert ("No paper is called 1" in result.stderr) == (command in NO_SUCH_PAPER)
    assert not list(tmp_path.rglob("papertray.db"))


def test_what_reads_json_gets_an_empty_list_where_there_is_nothing(
    papertray: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    invocation = Invocation(None, {**papertray.environment, "PAPERTRAY_TRAY": ""})

    result = CliRunner().invoke(group, ["list", "--format", "json"], obj=invocation)

    assert json.loads(result.stdout) == []


def test_every_command_makes_a_tray_or_is_about_one_or_needs_none() -> None:
    tested = {_name(command) for command in ABOUT_A_TRAY}
    made = {"add", "save", "restore", "watch", "triage", "feeds add", "feeds import", "feeds rule"}
    without = {"tour", "keys", "plugins", "config", "completion"}

    assert tested == LOOKING
    of_feeds = {f"feeds {part}" for part in PARTS}
    of_rules = {name for name in LOOKING if name.startswith("feeds rule ")}
    assert (COMMANDS.keys() - {"feeds"}) | of_feeds == LOOKING - of_rules | made | without


def _name(command: tuple[str, ...]) -> str:
    """Return a command as `LOOKING` has it: each part of `feeds` and its rules counts by itself."""
    groups = [word for word in command[:2] if word in ("feeds", "rule")]
    return " ".join(command[: len(groups) + 1])


def test_arguments_that_are_no_text_are_read_as_far_as_they_go(filled: CommandLine) -> None:
    for arguments in (
        ("list", "\udce9"), ("show", "\udce9"), ("tag", "1", "--add", "caf\udce9"),
        ("note", "1", "caf\udce9"), ("move", "read", "1", "--because", "\udce9"),
        ("edit", "1", "--set", "comment=\udce9"), ("notes", "\udce9"),
        ("tags", "rename", "x", "\udce9"),
    ):  # fmt: skip
        assert filled(*arguments).exit_code in (0, 2), arguments
    assert filled.lines("tags") == ["1\tcaf\ufffd"]


def test_the_version_is_one_line(papertray: CommandLine) -> None:
    assert papertray.lines("--version")[0].startswith("papertray ")
