"""Packed sources: read in bounded memory and time; broken ones as far as they go."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import resource
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from papertray.core.errors import UnreadableSource
from papertray.core.model import Record
from papertray.feeds.source import Sources

LINES = "".join(f'{{"title": "Paper {n} with a title"}}\n' for n in range(5_000)).encode()

Pack = Callable[[bytes], bytes]
PACKED: dict[str, Pack] = {
    "gz": gzip.compress,
    "xz": lzma.compress,
    "bz2": bz2.compress,
    "zst": zstandard.compress,
}


def read(name: Path | str, stdin: bytes = b"") -> tuple[list[str], list[str]]:
    """Return the titles that are read, and the sentences about what is not."""
    titles: list[str] = []
    said: list[str] = []
    with Sources(io.BytesIO(stdin)) as sources:
        for path in sources.names(str(name)):
            try:
                with sources.open(path) as source:
                    for item in source.items():
                        if isinstance(item, Record):
                            titles.append(item.work.title)
            except UnreadableSource as error:
                said.append(str(error))
    return titles, said


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a ZIP archive."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return file.getvalue()


@pytest.mark.parametrize("suffix", PACKED)
def test_a_packed_file_is_read(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"papers.jsonl.{suffix}"
    path.write_bytes(PACKED[suffix](LINES))
    with Sources(io.BytesIO()) as sources, sources.open(str(path)) as source:
        assert (source.feed, source.size) == ("papers", path.stat().st_size)
        assert len(list(source.items())) == 5_000
        assert source.bytes_read() == source.size
        assert source.bytes_given() == len(LINES)


@pytest.mark.parametrize("suffix", PACKED)
def test_two_that_were_joined_are_both_read(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / "papers"
    half = len(LINES) // 2
    path.write_bytes(PACKED[suffix](LINES[:half]) + PACKED[suffix](LINES[half:]))
    assert len(read(path)[0]) == 5_000


@pytest.mark.parametrize("suffix", PACKED)
def test_of_a_cut_one_the_beginning_is_read(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / "papers.jsonl"
    noise = os.urandom(300_000).hex().encode()  # cannot be packed into one block
    packed = PACKED[suffix](LINES + noise + LINES)
    path.write_bytes(packed[: len(packed) - 100])
    titles, said = read(path)
    assert len(titles) >= 1000
    assert said == [s for s in said if s.startswith(f"{path} is a") and "cut" in s] != []


def test_a_broken_one_is_named(tmp_path: Path) -> None:
    path = tmp_path / "papers.jsonl.gz"
    packed = bytearray(gzip.compress(LINES))
    packed[-6] ^= 255  # the check sum
    path.write_bytes(packed)
    titles, said = read(path)
    assert len(titles) > 4_000
    assert "is a gzip archive that is broken" in said[0]


def test_what_follows_a_gzip_archive_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "papers.jsonl.gz"
    path.write_bytes(gzip.compress(LINES) + bytes(512))
    assert (len(read(path)[0]), read(path)[1]) == (5_000, [])


@pytest.mark.parametrize("suffix", PACKED)
def test_a_packed_pipe_is_read(suffix: str) -> None:
    assert len(read("-", PACKED[suffix](LINES))[0]) == 5_000


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA])
def test_each_member_of_an_archive_is_a_source(tmp_path: Path, method: int) -> None:
    path = tmp_path / "all.zip"
    path.write_bytes(
        zipped(
            {
                "a.jsonl": b'{"title": "A"}',
                "sub/": b"",
                "sub/b.ris": b"TY  - JOUR\nTI  - B\nER  - \n",
                "c.jsonl.gz": gzip.compress(b'{"title": "C"}'),
                ".hidden": b"x",
                "__MACOSX/._a.jsonl": b"x",
                "d.txt": b"words",
            },
            method,
        )
    )
    titles, said = read(path)
    assert titles == ["A", "B", "C"]
    assert [one.split(" is ")[0] for one in said] == [f"{path}/d.txt"]
    assert read("-", path.read_bytes())[0] == titles
    assert read(f"{path}/sub/b.ris")[0] == ["B"]


@pytest.mark.parametrize("named", [".", "./all.zip", ".//all.zip", "all.zip", "sub/../all.zip"])
def test_an_archive_is_read_however_its_path_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "all.zip").write_bytes(zipped({"papers/a.jsonl": b'{"title": "A"}'}))
    monkeypatch.chdir(tmp_path)
    assert read(named) == (["A"], [])
    path = "./all.zip" if named == "." else named
    assert read(f"{path}/papers/a.jsonl") == (["A"], [])


def test_an_archive_in_an_archive_is_read_but_no_deeper_one(tmp_path: Path) -> None:
    line = b'{"title": "A"}'
    path = tmp_path / "all.zip"
    deeper = zipped({"c.zip": zipped({"c.jsonl": line}), "b.jsonl": line})
    path.write_bytes(zipped({"b.zip": deeper, "a.jsonl": line}))
    titles, said = read(path)
    assert titles == ["A", "A"]
    assert len(said) == 1
    assert f"{path}/b.zip/c.zip is a ZIP archive" in said[0]


@pytest.mark.parametrize("cut", [40, 400])
def test_of_a_cut_archive_the_whole_members_are_read(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "all.zip"
    noise = os.urandom(500).hex().encode()
    packed = zipped({"a.jsonl": b'{"title": "A"}', "b.jsonl": b'{"title": "B"}\n' + noise})
    path.write_bytes(packed[: len(packed) - cut])
    titles, said = read(path)
    assert titles[0] == "A"
    assert any("it was cut" in one and str(path) in one for one in said)


@pytest.mark.parametrize(
    ("name", "members", "looks"),
    [
        ("x.docx", {"[Content_Types].xml": b"<x/>"}, "a Word document"),
        ("x.zip", {"[Content_Types].xml": b"<x/>"}, "an Office document"),
        ("x.epub", {"mimetype": b"x"}, "an e-book"),
        ("x.zip", {}, "a ZIP archive without files"),
    ],
)
def test_what_only_looks_like_an_archive_is_named(
    tmp_path: Path, name: str, members: dict[str, bytes], looks: str
) -> None:
    path = tmp_path / name
    path.write_bytes(zipped(members))
    assert read(path)[0] == []
    assert [looks in one for one in read(path)[1]] == [True]


def test_a_locked_member_is_named(tmp_path: Path) -> None:
    packed = bytearray(zipped({"a.jsonl": b'{"title": "A"}'}))
    packed[6] |= 1
    packed[packed.rfind(b"PK\x01\x02") + 8] |= 1
    path = tmp_path / "all.zip"
    path.write_bytes(packed)
    assert "password" in read(path)[1][0]


def blank_bomb(suffix: str) -> bytes:
    """Return a packed source of one paper and a gigabyte of blanks."""
    blanks = PACKED[suffix](b" " * (8 << 20))
    return PACKED[suffix](b'{"title": "A"}\n') + blanks * 128


MEASURED = """
import io, sys
from papertray.feeds.source import Sources
with Sources(io.BytesIO()) as sources, sources.open(sys.argv[1]) as source:
    try:
        print(len(list(source.items())))
    except Exception as error:
        print(error)
status = open("/proc/self/status").read()
print(int(status.partition("VmHWM:")[2].split()[0]) >> 10)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")
@pytest.mark.parametrize("suffix", PACKED)
def test_a_gigabyte_of_blanks_ends_soon_and_in_little_memory(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"bomb.{suffix}"
    path.write_bytes(blank_bomb(suffix))
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    ended = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path[:] = {sys.path!r}\n{MEASURED}", str(path)],
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    said, megabytes = ended.stdout.splitlines()
    assert "nothing but blanks for more than 64 MB" in said
    assert int(megabytes) < 150
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before < 10
