"""Fixtures of the command line's tests."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from cli.command_line import CommandLine, json_lines


@pytest.fixture
def papertray(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """The command line on a tray that is not there yet."""
    monkeypatch.chdir(tmp_path)
    return CommandLine(tmp_path)


PAPERS = json_lines(
    {
        "title": "Attention Is All You Need",
        "authors": ["Vaswani, Ashish", "Noam Shazeer"],
        "year": 2017,
        "arxiv_id": "1706.03762",
        "abstract": "The dominant models are recurrent.",
    },
    {"title": "A Study of 学习 Graphs", "doi": "10.1000/Study", "url": "https://example.org/s"},
    {
        "title": "Deep Residual Learning",
        "authors": ["He, Kaiming"],
        "year": 2016,
        "code_urls": ["https://example.org/code"],
    },
)
"""The papers of `filled`."""


@pytest.fixture
def filled(papertray: CommandLine) -> CommandLine:
    """The command line on a tray of three papers: 1 and 2 in the inbox, 3 starred."""
    assert papertray("add", "-", stdin=PAPERS).exit_code == 0
    assert papertray("move", "starred", "3").exit_code == 0
    return papertray


@pytest.fixture(scope="session")
def kept_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the tray of `kept`, once for all tests."""
    folder = tmp_path_factory.mktemp("kept")
    papertray = CommandLine(folder)
    assert papertray("add", "-", stdin=PAPERS).exit_code == 0
    assert papertray("move", "read", "1", "2").exit_code == 0
    assert papertray("move", "skip", "2").exit_code == 0
    assert papertray("move", "starred", "3").exit_code == 0
    return folder


@pytest.fixture
def kept(papertray: CommandLine, kept_once: Path) -> CommandLine:
    """The command line on the papers of `filled`: 1 read, 2 skipped, 3 starred; all have keys."""
    shutil.copytree(kept_once / "tray", papertray.folder / "tray")
    return papertray
