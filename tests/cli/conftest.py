"""Fixtures of the command line's tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.command_line import CommandLine, json_lines


@pytest.fixture
def papertray(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """The command line on a tray that is not there yet."""
    monkeypatch.chdir(tmp_path)
    return CommandLine(tmp_path)


@pytest.fixture
def filled(papertray: CommandLine) -> CommandLine:
    """The command line on a tray of three papers: 1 and 2 in the inbox, 3 starred."""
    page = json_lines(
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
    assert papertray("add", "-", stdin=page).exit_code == 0
    assert papertray("move", "starred", "3").exit_code == 0
    return papertray
