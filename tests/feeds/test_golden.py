"""Small files of every format give exactly the records that lie beside them.

``PAPERTRAY_NEW_GOLDEN=1`` writes what comes out now as what is expected; read it before you
believe it.
"""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from feeds.golden import EXPECTED, FOLDER, format_of, golden_files, items_of, written
from papertray.feeds.source import open_source
from papertray.feeds.table import BUILT_IN

MADE_ELSEWHERE = {"zotero", "names"}
"""Formats whose golden source is built by its own test: a database is no text, and names ask the
network."""


@pytest.mark.parametrize("path", golden_files(), ids=lambda p: f"{p.parent.name}/{p.name}")
def test_a_golden_file_gives_its_records(path: Path) -> None:
    lines = "".join(f"{line}\n" for line in written(items_of(path), str(FOLDER)))
    expected = path.with_name(path.name + EXPECTED)
    if os.environ.get("PAPERTRAY_NEW_GOLDEN"):
        expected.write_text(lines, encoding="utf-8")
    assert lines == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", golden_files(), ids=lambda p: f"{p.parent.name}/{p.name}")
def test_a_golden_file_is_recognised_as_what_it_is(path: Path) -> None:
    with open_source(str(path), io.BytesIO()) as source:
        assert format_of(path) == source.reader.NAME


def test_every_format_has_a_golden_file() -> None:
    assert set(BUILT_IN) == {format_of(path) for path in golden_files()} | MADE_ELSEWHERE
