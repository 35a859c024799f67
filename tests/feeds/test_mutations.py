"""No input makes a reader fail: broken files end in records, in named places, or in both.

The long form throws 10,000 broken copies of the golden files at each reader.
"""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Iterable
from itertools import cycle, islice
from pathlib import Path
from typing import cast

import pytest

from feeds.golden import format_of, golden_files
from feeds.mutations import hostile, mutated
from papertray.core.model import Item, LeftBehind, NoteText, Record, Unread
from papertray.feeds.reader import Reader
from papertray.feeds.table import READERS
from papertray.store.ingest import prepare

FILES = [path for path in golden_files() if path.is_file()]
FORMATS = sorted({format_of(path) for path in FILES})
MOST_MEGABYTES = 130
"""Less than a reader would take that keeps the 60 MB of a stream as bytes and as text; the bar for
streams of any size is 300."""


def _golden(format_name: str) -> list[bytes]:
    return [path.read_bytes() for path in FILES if format_of(path) == format_name]


def _reader(format_name: str) -> Reader:
    return cast(Reader, READERS.find(format_name))


def _read(reader: Reader, data: bytes) -> list[Item]:
    """Recognise and read `data`, and check that what comes can be kept and shown."""
    reader.recognise(data[: 1 << 16], "broken")
    items = list(reader.read(io.BytesIO(data)))
    for item in items:
        assert isinstance(item, Record | Unread | LeftBehind | NoteText)
        if isinstance(item, Record):
            assert item.work.title.strip()
            prepare(item)
            item.work.abstract.encode("utf-8")
        if isinstance(item, Unread):
            assert item.reason
            assert len(item.data) <= 1 << 24
    return items


def _seeds(format_name: str, number: int) -> Iterable[tuple[bytes, int]]:
    return islice(zip(cycle(_golden(format_name)), range(number), strict=False), number)


@pytest.mark.parametrize("format_name", FORMATS)
def test_broken_files_are_read_as_far_as_they_go(format_name: str) -> None:
    reader = _reader(format_name)
    for whole, seed in _seeds(format_name, 60):
        _read(reader, mutated(whole, seed))


@pytest.mark.long
@pytest.mark.parametrize("format_name", FORMATS)
def test_ten_thousand_broken_files_are_read_as_far_as_they_go(format_name: str) -> None:
    reader = _reader(format_name)
    for whole, seed in _seeds(format_name, 10_000):
        _read(reader, mutated(whole, seed))


@pytest.mark.long
@pytest.mark.parametrize("format_name", FORMATS)
def test_what_nobody_expects_in_a_file_does_no_harm(format_name: str) -> None:
    reader = _reader(format_name)
    for whole in _golden(format_name)[:1]:
        before = len([i for i in _read(reader, whole) if isinstance(i, Record)])
        assert before
        for _, data in hostile(whole):
            _read(reader, data)


@pytest.mark.long
@pytest.mark.parametrize("format_name", FORMATS)
def test_memory_is_bounded_whatever_the_size(format_name: str) -> None:
    program = Path(__file__).parent / "endless.py"
    path = next(path for path in FILES if format_of(path) == format_name)
    run = subprocess.run(
        [sys.executable, str(program), format_name, str(path)],
        capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert int(run.stdout) <= MOST_MEGABYTES
