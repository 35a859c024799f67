"""`watch`, through the command line and as a process."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cli.command_line import CommandLine, json_lines

PAGE = json_lines({"title": "On Dropping Files into a Folder", "year": 2026})


@contextmanager
def watching(papertray: CommandLine, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Run `watch` as a process until the end of the context."""
    with subprocess.Popen(
        papertray.command("watch", *arguments), env=papertray.environment, cwd=papertray.folder,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()


def drop_of(papertray: CommandLine) -> Path:
    drop = papertray.folder / "tray" / "drop"
    drop.mkdir(parents=True, exist_ok=True)
    return drop


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_what_is_dropped_is_told_and_a_signal_ends_it(
    papertray: CommandLine, number: signal.Signals
) -> None:
    drop = drop_of(papertray)
    with watching(papertray) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stderr.readline().startswith(f"Watching {drop}")
        (drop / "a.jsonl").write_text(PAGE)
        assert process.stdout.readline() == "1 file from drop: 1 added, 0 merged, 0 known\n"
        process.send_signal(number)
        assert process.wait(20) == 0
        assert process.stderr.read() == ""
    assert (drop / "done" / "a.jsonl").exists()
    assert [one["title"] for one in papertray.json("list", "--format", "json")] == [
        "On Dropping Files into a Folder"
    ]
    assert "add a.jsonl from drop" in papertray.lines("history")[0]


def test_once_reads_what_is_there_and_ends(papertray: CommandLine) -> None:
    drop = drop_of(papertray)
    (drop / "a.jsonl").write_text(PAGE)
    (drop / "paper.pdf").write_bytes(b"%PDF-1.7\n")
    (drop / "half.jsonl").write_text(PAGE + '{"title": "Half of a Pa')
    told = papertray("watch", "--once")

    assert told.exit_code == 1
    assert told.stdout == "2 files from drop: 1 added, 0 merged, 0 known, 1 file failed\n"
    assert "failed/paper.pdf: it is a PDF; `papertray attach KEY FILE`" in told.stderr
    assert "1 file is not whole yet, and left for the next time." in told.stderr
    assert sorted(os.listdir(drop)) == ["done", "failed", "half.jsonl"]


def test_once_in_an_empty_folder_says_nothing(papertray: CommandLine) -> None:
    told = papertray("watch", "--once")
    assert (told.exit_code, told.output) == (0, "")
    assert os.listdir(papertray.folder / "tray" / "drop") == []


def test_nothing_but_failures_is_two(papertray: CommandLine) -> None:
    (drop_of(papertray) / "paper.pdf").write_bytes(b"%PDF-1.7\n")
    assert papertray("watch", "--once").exit_code == 2


def test_a_name_that_steers_a_terminal_is_made_harmless(papertray: CommandLine) -> None:
    (drop_of(papertray) / "\x1b[31m\u202ered.pdf").write_bytes(b"%PDF-1.7\n")
    told = papertray("watch", "--once")
    assert "\x1b" not in told.output
    assert "\u202e" not in told.output
