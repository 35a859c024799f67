"""`papertray pick`: drawn on the terminal, wherever its streams lead."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from cli.command_line import CommandLine, json_lines

# The test folder of the screen, not the source root of the same name.
from tui.home import Home  # noqa: TID251
from tui.terminal import Terminal  # noqa: TID251


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with three papers."""
    home = Home(tmp_path)
    (tmp_path / "papers.jsonl").write_text(
        json_lines(
            {"title": "Attention Is All You Need", "authors": ["Vaswani, Ashish"], "year": 2017},
            {"title": "Deep Residual Learning", "authors": ["He, Kaiming"], "year": 2016},
            {"title": "Long Short-Term Memory [/]\x1b[2J", "authors": ["Hochreiter, Sepp"]},
        ),
        encoding="utf-8",
    )
    home.run("add", "papers.jsonl")
    return home


def picking(home: Home, line: str) -> Terminal:
    """Start a line of a shell, as an editor would, with 120 columns."""
    return Terminal(
        ["/bin/sh", "-c", line.replace("PICK", " ".join(home.command("pick")))],
        environment=home.environment, folder=home.folder, columns=120, lines=20,
    )  # fmt: skip


def test_the_key_of_the_chosen_paper_goes_to_the_pipe(home: Home) -> None:
    with picking(home, r"PICK --format '\cite{%s}' </dev/null 2>/dev/null | cat >out") as terminal:
        terminal.until_shown("Attention Is All You Need")
        terminal.write("resid")
        terminal.until_gone("Attention Is All You Need")
        # As wide as the terminal, though standard output is none.
        assert max(map(len, terminal.text.splitlines())) > 100
        terminal.press("enter")
        assert terminal.wait() == 0
    key = (home.folder / "out").read_text()
    assert key == "\\cite{heDeepResidualLearning2016}\n"
    with home.notebook() as notebook:
        assert notebook.papers.entry(2).citekey == "heDeepResidualLearning2016"


def test_several_are_marked_and_joined(home: Home) -> None:
    with picking(home, "PICK >out") as terminal:
        terminal.until_shown("Attention Is All You Need")
        terminal.press("tab")
        terminal.until_shown("1 marked")
        terminal.press("down")
        terminal.press("v")
        terminal.until_shown("2 marked")
        terminal.press("enter")
        assert terminal.wait() == 0
    keys = (home.folder / "out").read_text().strip().split(",")
    assert len(keys) == 2
    assert keys[0] == "vaswaniAttentionAllNeed2017"


def test_esc_prints_nothing_and_ends_with_130(home: Home) -> None:
    with picking(home, "PICK memory >out; echo code $?") as terminal:
        terminal.until_shown("Long Short-Term Memory [/]")
        terminal.press("escape")
        terminal.until_shown("code 130")
        assert b"\x1b[2J\x1b" not in bytes(terminal.raw).partition(b"Long")[2]
    assert (home.folder / "out").read_text() == ""


def test_a_format_without_a_place_for_the_keys_is_wrong(filled: CommandLine) -> None:
    result = filled("pick", "--format", "cite")
    assert result.exit_code == 2
    assert "has no %s" in result.stderr


def test_without_a_terminal_it_says_what_prints_keys(filled: CommandLine) -> None:
    ended = subprocess.run(
        filled.command("pick"), env=filled.environment, cwd=filled.folder, start_new_session=True,
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "`papertray list --format citekeys QUERY` prints keys" in ended.stderr
