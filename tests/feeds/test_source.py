"""Opening what a user names: files, folders, pipes, and one sentence for what cannot be read."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import BinaryIO

import pytest

from papertray.core.errors import UnknownFormat, UnreadableSource
from papertray.core.model import Record
from papertray.feeds.looks import looks_like
from papertray.feeds.reader import numbered_lines, rejoin
from papertray.feeds.source import Sources, open_source
from papertray.feeds.streams import HEAD

NO_INPUT = io.BytesIO()
LINES = '{"title": "Über alles"}\n{"title": "B"}\n'


def titles(name: Path | str, stdin: BinaryIO = NO_INPUT, format_name: str = "") -> list[str]:
    with open_source(str(name), stdin, format_name) as source:
        return [i.work.title for i in source.items() if isinstance(i, Record)]


def names(name: Path | str, stdin: BinaryIO = NO_INPUT) -> list[str]:
    with Sources(stdin) as sources:
        return list(sources.names(str(name)))


def sentence(name: Path | str, format_name: str = "") -> str:
    with pytest.raises(UnreadableSource) as raised, open_source(str(name), NO_INPUT, format_name):
        pass
    return str(raised.value)


def test_a_file_is_recognised_and_read(tmp_path: Path) -> None:
    path = tmp_path / "papers.txt"
    path.write_text(LINES, encoding="utf-8")
    assert titles(path) == ["Über alles", "B"]
    with open_source(str(path), NO_INPUT) as source:
        assert (source.name, source.feed, source.reader.NAME) == (str(path), "papers", "jsonl")


def test_a_reader_with_a_feed_of_its_own_names_it(tmp_path: Path) -> None:
    path = tmp_path / "saved.txt"
    path.write_text("Get trending papers in your email inbox!\nSubscribeA\n", encoding="utf-8")
    with open_source(str(path), NO_INPUT) as source:
        assert source.feed == "trending"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_byte_order_marks_are_understood(tmp_path: Path, encoding: str) -> None:
    marked = LINES if encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-32") else "\ufeff" + LINES
    path = tmp_path / "papers.jsonl"
    path.write_bytes((marked + "\n" * HEAD + LINES).encode(encoding))
    assert titles(path) == ["Über alles", "B"] * 2


def test_standard_input_loses_nothing() -> None:
    many = (LINES * 3000).encode()
    assert len(many) > HEAD
    with open_source("-", io.BytesIO(many)) as source:
        assert (source.name, source.feed) == ("standard input", "stdin")
        assert len(list(source.items())) == 6000


def test_a_pipe_that_gives_little_at_a_time() -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb", buffering=0) as raw:
        os.write(writing, LINES[:9].encode())
        os.write(writing, LINES[9:].encode())
        os.close(writing)
        assert titles("-", raw) == ["Über alles", "B"]


def test_the_user_can_say_what_it_is(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_text('Here they are:\n{"title": "A"}', encoding="utf-8")
    assert "plain text" in sentence(path)
    assert titles(path, format_name="jsonl") == ["A"]
    with pytest.raises(UnknownFormat), open_source(str(path), NO_INPUT, "jason"):
        pass


def test_a_folder_gives_its_files_in_order(tmp_path: Path) -> None:
    for name in ("b.jsonl", "a.jsonl", ".hidden", "c.txt"):
        (tmp_path / name).write_text("x", encoding="utf-8")
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    assert [Path(f).name for f in names(tmp_path)] == ["a.jsonl", "b.jsonl", "c.txt"]
    assert names("-") == ["-"]
    assert names("no such file") == ["no such file"]


def test_a_folder_without_files_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableSource, match="a folder without files"):
        names(tmp_path)


LOOKS = [
    (b"", "empty"),
    (b"  \n\t\n", "empty"),
    (b"\xef\xbb\xbf", "empty"),
    (b"%PDF-1.7 ...", "a PDF"),
    (b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (b"\xff\xd8\xff\xe0", "a JPEG image"),
    (b"BM\x00\x00\x01", "a BMP image"),
    (b"BMC Medicine, a journal", "plain text"),
    (b"PK\x03\x04\x14", "a ZIP archive"),
    (b"\x1f\x8b\x08", "a gzip archive"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"<!DOCTYPE html><html>", "an HTML page"),
    (b"<?xml version='1.0'?><x/>", "an XML file"),
    (b'{"name": 1}', "JSON of another kind"),
    (b"Dear all,\nsee attached.", "plain text"),
    ("Grüße aus Köln".encode("cp1252"), "plain text"),
    (b"\x00\x01\x02", "binary data"),
]


@pytest.mark.parametrize(("data", "looks"), LOOKS)
def test_what_nobody_reads_is_described(tmp_path: Path, data: bytes, looks: str) -> None:
    path = tmp_path / "some.file"
    path.write_bytes(data)
    message = sentence(path)
    assert f"{path} is {looks}" in message
    assert "`papertray add --help` names the formats" in message or looks in (
        "empty",
        "a gzip archive",
    )
    assert message.endswith(".")
    assert "\n" not in message


def test_a_list_of_feeds_names_the_command_that_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "feeds.xml"
    path.write_bytes(b'<?xml version="1.0"?><opml version="2.0"><body/></opml>')
    assert sentence(path) == (
        f"{path} is an OPML list of feeds, not of papers; `papertray feeds import` reads it."
    )


def test_office_files_are_told_by_their_names() -> None:
    assert looks_like(b"PK\x03\x04", "Paper.DOCX") == "a Word document"


def test_empty_is_empty_whatever_the_user_says(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.touch()
    assert "is empty" in sentence(path, "jsonl")


def test_what_cannot_be_opened_is_one_sentence(tmp_path: Path) -> None:
    assert sentence(tmp_path / "none.txt") == f"There is no file {tmp_path / 'none.txt'}."
    assert sentence(tmp_path) == f"{tmp_path} is a folder, not a file."
    assert "cannot be opened" in sentence("a\x00b")
    assert "cannot be opened" in sentence("x" * 5000)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.touch(mode=0o000)
    assert sentence(path) == f"{path} cannot be opened: permission denied."


def test_an_error_while_reading_is_one_sentence() -> None:
    class Failing(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            data = super().read(size)
            if not data:
                raise OSError(5, "Input/output error")
            return data

    failing = Failing(LINES.encode().ljust(HEAD, b"\n"))
    with (
        pytest.raises(UnreadableSource, match="standard input cannot be read: input/output error"),
        open_source("-", failing) as source,
    ):
        list(source.items())


def test_a_stream_is_rejoined_byte_for_byte() -> None:
    rest = io.BytesIO(bytes(range(256)) * 100)
    head = rest.read(1000)
    assert rejoin(head, rest).read() == bytes(range(256)) * 100


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        (b"", []),
        (b"a\r\nb\n\nc", [(1, b"a", True), (2, b"b", True), (3, b"", True), (4, b"c", False)]),
        (b"\xef\xbb\xbfa\n", [(1, b"a", True)]),
        (b"a\rb\n", [(1, b"a\rb", True)]),
    ],
)
def test_lines_are_numbered(data: bytes, lines: list[tuple[int, bytes, bool]]) -> None:
    found = list(numbered_lines(io.BytesIO(data), 10))
    assert [(n, text, ended) for n, text, ended, _ in found] == lines
    assert not any(line.too_long for line in found)


@pytest.mark.parametrize("ending", [b"\n", b"\r\n"])
def test_only_lines_beyond_the_limit_are_too_long(ending: bytes) -> None:
    data = ending.join([b"x" * 10, b"x" * 11, b"x" * 99, b"end"])
    found = [
        (line.number, len(line.data), line.too_long)
        for line in numbered_lines(io.BytesIO(data), 10)
    ]
    assert found == [(1, 10, False), (2, 10, True), (3, 10, True), (4, 3, False)]
