"""Completion: what is offered for each word, and three real shells that ask for it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import click
import pytest

from cli.command_line import CommandLine, json_lines
from papertray.cli.completing import COMPLETERS, FILES, BashCompletion
from papertray.cli.main import COMMANDS, COMPLETION
from papertray.cli.main import papertray as commands
from papertray.store.beginnings import MOST

# The test folder of the screen, not the source root of the same name.
from tui.terminal import Terminal  # noqa: TID251

SHELLS = {
    "bash": (["--norc", "--noprofile", "-i"], "source <(papertray completion bash)"),
    "zsh": (
        ["-f", "-i"],
        "autoload -U compinit; compinit -D -u; source <(papertray completion zsh)",
    ),
    "fish": (["--no-config", "-i"], "papertray completion fish | source"),
}
"""How each shell is started without the user's settings, and what installs the completion."""


def completed(papertray: CommandLine, line: str) -> list[str]:
    """Return the rows that a shell gets for a line."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in papertray.environment.items():
            patch.setenv(name, value)
        patch.setenv("COMP_LINE", line)
        completion = BashCompletion(commands, {}, "papertray", COMPLETION)
        return [row for row in completion.complete().splitlines() if row]


@pytest.fixture(scope="module")
def tagged(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    """A tray of two papers, with a tag each; the second has a citation key. Nobody changes it."""
    papertray = CommandLine(tmp_path_factory.mktemp("home"))
    he = {"title": "Deep Residual Learning", "authors": ["He, Kaiming"], "year": 2016}
    papertray("add", "-", stdin=json_lines({"title": "Attention Is All You Need"}, he))
    papertray("tag", "1", "--add", "machine learning")
    papertray("tag", "2", "--add", "maps")
    papertray("move", "starred", "2")
    papertray("save", "deep", "residual")
    papertray("feeds", "add", "nature", "https://www.nature.com/nature.rss", "--tag", "weekly")
    papertray("list", "deep")  # makes the index
    return papertray


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("papertray li", ["plain,list"]),
        ("papertray show ", ["plain,heDeepResidualLearning2016"]),
        ("papertray show HE", ["plain,heDeepResidualLearning2016"]),
        ("papertray done 1 he", ["plain,heDeepResidualLearning2016"]),
        ("papertray list ta", ["plain,tag:"]),
        ("papertray list deep -", ["plain,--pile", "plain,--tag"]),
        ("papertray list deep not:pi", ["plain,not:pile:"]),
        ("papertray list pile:s", ["plain,pile:starred", "plain,pile:skip"]),
        ("papertray list -- -is:t", ["plain,-is:todo"]),
        ("papertray list tag:ma", ['plain,tag:"machine learning"', "plain,tag:maps"]),
        ("papertray list 'tag:\"mach", ['plain,tag:"machine learning"']),
        ("papertray list key:he", ["plain,key:heDeepResidualLearning2016"]),
        ("papertray list feed:st", ["plain,feed:stdin"]),
        ("papertray list search:de", ["plain,search:deep"]),
        ("papertray list at", ["plain,attention"]),
        ("papertray list title:resi", ["plain,title:residual"]),
        ("papertray list added:tod", ["plain,added:today"]),
        ("papertray list year:", []),
        ("papertray move read --query is:d", ["plain,is:done"]),
        ("papertray move st", ["plain,starred"]),
        ("papertray list --tag ma", ["plain,machine learning", "plain,maps"]),
        ("papertray tags rename map", ["plain,maps"]),
        ("papertray feeds ex", ["plain,export"]),
        ("papertray feeds remove na", ["plain,nature"]),
        ("papertray feeds change st", []),
        ("papertray list feed:we", ["plain,feed:weekly"]),
        ("papertray list --sort ra", ["plain,random:"]),
        ("papertray list --format c", ["plain,csv", "plain,citekeys"]),
        ("papertray export --to=b", ["plain,bibtex", "plain,biblatex"]),
        ("papertray add --from j", ["plain,jsonl"]),
        ("papertray add so", ["file,so"]),
        ("papertray export -o so", ["file,so"]),
        ("LANG=C papertray li", ["plain,list"]),
        ("papertray completion z", ["plain,zsh"]),
        ("papertray nonsense x", []),
        ("papertray", []),
    ],
)
def test_what_is_offered(tagged: CommandLine, line: str, wanted: list[str]) -> None:
    found = completed(tagged, line)

    assert [row for row in found if row in wanted] == wanted
    if line.rpartition(" ")[2] != "-":
        assert found == wanted


def test_a_completion_writes_nothing_but_rows(tagged: CommandLine) -> None:
    ended = subprocess.run(
        tagged.command(), cwd=tagged.folder, capture_output=True, check=False, timeout=60,
        env=tagged.environment | {"COMP_LINE": "papertray show h", COMPLETION: "zsh_complete"},
    )  # fmt: skip
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert ended.stdout == b"plain,heDeepResidualLearning2016\n"


def test_where_there_is_no_tray_nothing_is_offered_or_made(papertray: CommandLine) -> None:
    assert completed(papertray, "papertray show ") == []
    assert completed(papertray, "papertray list tag:") == []
    assert completed(papertray, "papertray list deep") == []
    assert os.listdir(papertray.folder) == []


def test_a_tray_that_cannot_be_read_offers_nothing(papertray: CommandLine) -> None:
    papertray.database.parent.mkdir()
    papertray.database.write_bytes(b"no database at all" * 100)

    assert completed(papertray, "papertray show ") == []


def test_the_tray_that_is_named_on_the_line_is_asked(tagged: CommandLine, tmp_path: Path) -> None:
    assert completed(tagged, f"papertray --tray {tmp_path / 'none'} show ") == []


def test_among_very_many_names_are_the_first_and_the_last(papertray: CommandLine) -> None:
    papers = [{"title": "Deep", "authors": [f"{name}, A"]} for name in "Aaron Zwicky".split()]
    papers += [{"title": f"{number} Deep", "authors": ["Miller, B"]} for number in range(MOST)]
    papertray("add", "-", "--pile", "read", stdin=json_lines(*papers))

    found = completed(papertray, "papertray show ")

    assert len(found) == MOST + 1
    assert (found[0], found[-1]) == ("plain,aaronDeep", "plain,zwickyDeep")


def test_each_completer_is_of_a_parameter_that_exists() -> None:
    ctx = click.Context(commands)
    names: set[str] = set()
    for name in COMMANDS:
        command = commands.get_command(ctx, name)
        assert command is not None
        for parameter in [one for part in _with_parts(command) for one in part.params]:
            names |= {*parameter.opts, str(parameter.name).upper()}
    assert {*COMPLETERS, *FILES} <= names


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A folder with the program `papertray`, as if it were installed."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "papertray").write_text(f'#!/bin/sh\nexec {sys.executable} -m papertray "$@"\n')
    (folder / "papertray").chmod(0o755)
    return folder


@pytest.mark.parametrize("shell", SHELLS)
def test_a_real_shell_completes(tagged: CommandLine, program: Path, shell: str) -> None:
    path = shutil.which(shell)
    if path is None:
        pytest.skip(f"{shell} is not installed")
    options, prepare = SHELLS[shell]
    environment = tagged.environment | {"PS1": "> ", "INPUTRC": "/dev/null", "LC_ALL": "C.UTF-8"}
    environment["PATH"] = os.pathsep.join([str(program), environment["PATH"]])
    with Terminal([path, *options], environment=environment, folder=tagged.folder) as terminal:
        terminal.write(f"{prepare}; echo re''ady\n")
        terminal.until_shown("ready")
        for typed, shown in (
            ("papertray hist", "papertray history"),
            ("papertray list pile:st", "papertray list pile:starred"),
            ("papertray list pil", "papertray list pile:"),
            ("papertray show he", "papertray show heDeepResidualLearning2016"),
            ("papertray tag 1 --add map", "papertray tag 1 --add maps"),
            ("papertray list --tag mach", r"papertray list --tag machine\ learning"),
        ):
            terminal.write(f"{typed}\t")
            terminal.until_shown(shown)
            terminal.write("x")
            space = "" if shown.endswith(":") else " "
            terminal.until_shown(f"{shown}{space}x")
            terminal.press("ctrl+u")
            terminal.until_gone(shown)


def _with_parts(command: click.Command) -> Iterator[click.Command]:
    """Yield a command and its sub-commands, also those that are imported when they are called."""
    yield command
    if isinstance(command, click.Group):
        ctx = click.Context(command)
        for part in map(partial(command.get_command, ctx), command.list_commands(ctx)):
            assert part is not None
            yield from _with_parts(part)
