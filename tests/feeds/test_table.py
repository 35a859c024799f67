"""The table of readers: each as the protocol wants it, loaded when tried, found by name."""

from __future__ import annotations

import subprocess
import sys

import pytest

from papertray.core.errors import UnknownFormat
from papertray.feeds import jsonlines, table, trending_page
from papertray.feeds.reader import Reader

# For the type checker: modules that are not readers would not pass here.
BUILT_IN: list[Reader] = [trending_page, jsonlines]


@pytest.mark.parametrize("reader", BUILT_IN, ids=lambda reader: reader.NAME)
def test_readers_say_what_they_are(reader: Reader) -> None:
    assert table.find_reader(reader.NAME) is reader
    assert reader.DESCRIPTION
    assert "\n" not in reader.DESCRIPTION
    assert reader.IS_LIBRARY is False


def test_the_table_names_all_of_them() -> None:
    assert table.names() == tuple(reader.NAME for reader in BUILT_IN)
    assert list(table.readers()) == BUILT_IN


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("json", '"jsonl"'),
        ("trending", '"trending-page"'),
        ("JSONL", "jsonl"),
        ("zzz", "trending-page, jsonl"),
    ],
)
def test_a_wrong_name_is_answered_with_the_right_one(name: str, hint: str) -> None:
    with pytest.raises(UnknownFormat) as raised:
        table.find_reader(name)
    assert f'"{name}"' in str(raised.value)
    assert hint in str(raised.value)


def test_the_content_chooses_the_reader() -> None:
    assert table.recognise(b'{"title": "A"}\n', "x.txt") is jsonlines
    page = b"Get trending papers in your email inbox!\nSubscribeA Title\n"
    assert table.recognise(page, "x.jsonl") is trending_page
    assert table.recognise(b"nothing of the kind\n", "x.txt") is None


def test_asking_for_one_reader_loads_no_other() -> None:
    program = (
        "import sys; from papertray.feeds import table; table.names(); loaded = sys.modules;"
        "print('papertray.feeds.jsonlines' in loaded);"
        "table.find_reader('trending-page');"
        "print('papertray.feeds.trending_page' in loaded, 'papertray.feeds.jsonlines' in loaded)"
    )
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path[:] = {sys.path!r}; {program}"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["False", "True", "False"]
