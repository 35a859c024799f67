"""Every format goes in by the one command, lies where it belongs, and is known the second time."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cli.command_line import CommandLine
from feeds.golden import format_of, golden_files, items_of
from papertray.core.model import Record, Unread
from papertray.feeds.table import READERS


@pytest.mark.parametrize("path", golden_files(), ids=lambda p: f"{p.parent.name}/{p.name}")
def test_a_file_of_every_format_is_added_once(papertray: CommandLine, path: Path) -> None:
    items = items_of(path)
    records = sum(isinstance(item, Record) for item in items)
    unread = sum(isinstance(item, Unread) for item in items)
    first = _add(papertray, path)
    assert first["added"] + first["merged"] + first["known"] == records
    assert first["failed"] == unread
    pile = "read" if READERS.find(format_of(path)).IS_LIBRARY else "inbox"
    assert first["piles"] == {pile: first["added"]}
    again = _add(papertray, path)
    assert (again["added"], again["merged"], again["known"]) == (0, 0, records)


def _add(papertray: CommandLine, path: Path) -> dict[str, Any]:
    """Add a source and return what the command reports; exit code 1 says that a part failed."""
    result = papertray("add", str(path), "--json")
    report: dict[str, Any] = json.loads(result.stdout)
    assert result.exit_code == (1 if report["failed"] else 0), result.output
    return report
