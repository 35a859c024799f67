"""The table of readers: each as the protocol wants it, loaded when tried, found by name."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from typing import BinaryIO

import pytest

from papertray.core.errors import UnknownFormat
from papertray.core.model import Record, Unread
from papertray.feeds import csl_json, jsonlines, trending_page
from papertray.feeds.reader import Reader, reads_paths
from papertray.feeds.table import BUILT_IN as TABLE
from papertray.feeds.table import OF_PATHS, READERS, Readers

# For the type checker: modules that are not readers would not pass here.
BUILT_IN: list[Reader] = [trending_page, csl_json, jsonlines]


@pytest.mark.parametrize("reader", BUILT_IN, ids=lambda reader: reader.NAME)
def test_readers_say_what_they_are(reader: Reader) -> None:
    assert READERS.find(reader.NAME) is reader
    assert reader.DESCRIPTION
    assert "\n" not in reader.DESCRIPTION
    assert reader.IS_LIBRARY is (reader is csl_json)


def test_the_table_names_all_of_them() -> None:
    assert READERS.names() == tuple(TABLE)
    for name in TABLE:
        reader = READERS.find(name)
        assert name == reader.NAME
        assert reads_paths(reader) is (name in OF_PATHS)
        for line in (reader.DESCRIPTION, reader.TAKES, reader.LOSES):
            assert line
            assert "\n" not in line
            assert "|" not in line, "it stands in a table"


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("json", '"jsonl"'),
        ("trending", '"trending-page"'),
        ("JSONL", '"jsonl"'),
        ("zzz", "`papertray add --help` names them"),
    ],
)
def test_a_wrong_name_is_answered_with_the_right_one(name: str, hint: str) -> None:
    with pytest.raises(UnknownFormat) as raised:
        READERS.find(name)
    assert f'"{name}"' in str(raised.value)
    assert hint in str(raised.value)


def test_the_content_chooses_the_reader() -> None:
    assert READERS.recognise(b'{"title": "A"}\n', "x.txt") is jsonlines
    page = b"Get trending papers in your email inbox!\nSubscribeA Title\n"
    assert READERS.recognise(page, "x.jsonl") is trending_page
    assert READERS.recognise(b"nothing of the kind\n", "x.txt") is None


def test_asking_for_one_reader_loads_no_other() -> None:
    program = (
        "import sys; from papertray.feeds.table import READERS as table; loaded = sys.modules;"
        "table.names(); print('papertray.feeds.jsonlines' in loaded);"
        "table.find('trending-page');"
        "print('papertray.feeds.trending_page' in loaded, 'papertray.feeds.jsonlines' in loaded)"
    )
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path[:] = {sys.path!r}; {program}"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["False", "True", "False"]


class Anything:
    """A reader that recognises every source; as a plugin brings one."""

    NAME = "anything"
    DESCRIPTION = "whatever it is"
    TAKES = "nothing"
    LOSES = "all of it"
    IS_LIBRARY = False
    FEED = ""

    def recognise(self, head: bytes, name: str) -> bool:
        """Recognise it."""
        return True

    def read(self, stream: BinaryIO) -> Iterator[Record | Unread]:
        """Yield nothing."""
        yield from ()


def test_other_readers_come_after_the_built_in_ones() -> None:
    anything: Reader = Anything()
    readers = Readers(lambda: [anything])

    assert readers.recognise(b'{"title": "A"}\n', "x.txt") is jsonlines
    assert readers.recognise(b"nothing of the kind\n", "x.txt") is anything
    assert readers.find("anything") is anything
    assert readers.names() == (*READERS.names(), "anything")


def test_other_readers_are_looked_for_once_and_only_if_no_built_in_one_will_do() -> None:
    asked: list[str] = []

    def more() -> list[Reader]:
        asked.append("more")
        return []

    readers = Readers(more)

    readers.recognise(b'{"title": "A"}\n', "x.txt")
    readers.find("jsonl")
    assert asked == []
    readers.recognise(b"nothing of the kind\n", "x.txt")
    with pytest.raises(UnknownFormat):
        readers.find("zzz")
    assert asked == ["more"]
