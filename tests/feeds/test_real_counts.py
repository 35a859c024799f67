"""Real files of every format hold as many records as their list says, or the difference is known.

Needs the folder of real files that PAPERTRAY_TEST_DATA names; its README.md is the list.
"""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from feeds.explained_counts import EXPLAINED, NOT_PAPERS
from papertray.core.errors import UnreadableSource
from papertray.core.model import Record
from papertray.feeds.source import open_source

DATA = Path(os.environ.get("PAPERTRAY_TEST_DATA", "/nonexistent"))

OTHERS = {"feed_suites", "markdown", "nasty_strings", "opml"}
"""Folders of files that are no papers, or that tests of their own read."""

_ROW = re.compile(r"\| ([^|]+?) \| [^|]* \| [^|]* \| ([0-9]*) \|")


def _listed() -> Iterator[tuple[str, int]]:
    """Yield (folder/file, number of records) of each line of the list's tables."""
    folder = ""
    readme = DATA / "README.md"
    for line in readme.read_text(encoding="utf-8").splitlines() if readme.exists() else []:
        if line.startswith("## "):
            folder = line[3:].strip()
        elif folder in OTHERS:
            continue
        elif (row := _ROW.match(line)) and (DATA / folder / row[1]).is_file():
            yield f"{folder}/{row[1]}", int(row[2] or -1)


LISTED = dict(_listed())


@pytest.mark.skipif(not LISTED, reason="PAPERTRAY_TEST_DATA names no folder of real files")
@pytest.mark.parametrize("name", LISTED)
def test_a_real_file_has_as_many_records_as_it_should(name: str) -> None:
    if name in NOT_PAPERS:
        with pytest.raises(UnreadableSource), open_source(str(DATA / name), io.BytesIO()):
            pass
        return
    right, _ = EXPLAINED.get(name, (LISTED[name], ""))
    with open_source(str(DATA / name), io.BytesIO()) as source:
        records = [item for item in source.items() if isinstance(item, Record)]
    assert len(records) == right
