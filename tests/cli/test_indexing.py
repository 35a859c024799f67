"""`reindex`, and what searching commands do where there is no index yet."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cli.command_line import CommandLine
from papertray.cli import options
from papertray.store import search_words
from papertray.store.index.generations import Generations
from papertray.store.index.schema import VERSION
from papertray.store.places import find_places


def generations(papertray: CommandLine) -> list[str]:
    """Return the names of the indexes that lie in the cache."""
    return [path.name for path in index_folder(papertray).glob("index-*")]


def index_folder(papertray: CommandLine) -> Path:
    """Return the folder of all indexes of the tray."""
    return find_places(None, papertray.environment).cache / str(VERSION)


def test_reindex_builds_another_and_says_how_long_it_took(filled: CommandLine) -> None:
    filled.lines("list", "attention")
    before = generations(filled)
    result = filled("reindex")
    assert (result.exit_code, result.stdout) == (0, "")
    assert re.fullmatch(r"3 papers and notes in \d+\.\d s\.\n", result.stderr)
    assert len(generations(filled)) == 1
    assert generations(filled) != before
    assert len(filled.lines("list", "attention")) == 1


def test_reindex_beside_another_process(filled: CommandLine) -> None:
    filled.lines("list", "attention")
    with Generations(index_folder(filled)).building():
        result = filled("reindex")
        assert result.exit_code == 2
        assert result.stderr == "Another process is building the search index already.\n"
        assert len(filled.lines("list", "attention")) == 1


def test_a_large_tray_without_an_index_is_searched_at_once(
    filled: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(options, "MOST_FOLLOWED", 2)
    result = filled("list", "attention")
    assert result.exit_code == 0
    assert "Attention Is All You Need" in result.stdout
    assert len(result.stderr.splitlines()) == 1
    assert "come from the database" in result.stderr
    assert "`papertray reindex` builds it" in result.stderr
    assert not generations(filled)
    assert filled("reindex").exit_code == 0
    assert filled("list", "attention").stderr == ""


def test_an_index_that_is_far_behind_first_follows_where_all_hits_are_wanted(
    filled: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert filled("reindex").exit_code == 0
    page = "".join(f'{{"title": "Attention number {number}"}}\n' for number in range(600))
    assert filled("add", "-", stdin=page.encode()).exit_code == 0
    monkeypatch.setattr(options, "MOST_FOLLOWED", 2)
    monkeypatch.setattr(search_words, "MOST_PENDING", 500)
    some = filled("list", "attention", "--limit", "5")
    assert "has 600 changes to take in" in some.stderr
    assert "`papertray reindex`" in some.stderr
    everything = filled("list", "attention")
    assert everything.stderr == ""
    assert len(everything.stdout.splitlines()) == 601
