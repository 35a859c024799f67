"""Moving in from Papis: a folder of folders, each with an info.yaml."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from papertray.core.errors import UnreadableSource
from papertray.core.model import Author, Item, NoteText, Record, Unread
from papertray.feeds import papis

GOLDEN = Path(__file__).parent / "golden" / "papis" / "library"


def library(folder: Path, files: Mapping[str, str]) -> Path:
    """Write files, given by their paths."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def one(folder: Path, info: str, **more: str) -> Item:
    """Return what one info.yaml says, with more files beside it."""
    files = {f"paper/{name.replace('_', '.')}": text for name, text in more.items()}
    return next(papis.read_path(library(folder, {"paper/info.yaml": info, **files})))


def record(folder: Path, info: str, **more: str) -> Record:
    """Return the record that an info.yaml gives."""
    item = one(folder, info, **more)
    assert isinstance(item, Record)
    return item


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"a/info.yaml": "title: A\nref: a\n", "a/a.pdf": ""}, True),
        ({"x/y/a/info.yaml": "title: A\nfiles: []\n"}, True),
        ({"info.yaml": "title: A\nref: a\n"}, True),
        ({"a/info.yaml": "title: A\nref: a\n", "b/c.ris": "", "c/d.ris": ""}, False),
        ({"a/info.yaml": "name: a container\nversion: 2\n"}, False),
        ({"a/a.pdf": ""}, False),
        ({".git/info.yaml": "title: A\nref: a\n"}, False),
    ],
)
def test_a_library_is_recognised_by_most_of_its_folders(
    tmp_path: Path, files: dict[str, str], expected: bool
) -> None:
    assert papis.recognise_path(library(tmp_path, files)) is expected


def test_a_file_is_no_library(tmp_path: Path) -> None:
    assert not papis.recognise_path(library(tmp_path, {"info.yaml": "title: A"}) / "info.yaml")


def test_nothing_of_it_is_written_to(tmp_path: Path) -> None:
    copy = tmp_path / "library"
    shutil.copytree(GOLDEN, copy)
    before = {file: file.stat().st_mtime_ns for file in copy.rglob("*")}
    assert len(list(papis.read_path(copy))) == 4
    assert before == {file: file.stat().st_mtime_ns for file in copy.rglob("*")}


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ("tags: a b", ("a", "b")),
        ("tags: a b, c", ("a b", "c")),
        ("tags: [a b, a b, c]", ("a b", "c")),
        ("tags:", ()),
        ("tags: ''", ()),
    ],
)
def test_tags_are_a_list_or_a_text(tmp_path: Path, tags: str, expected: tuple[str, ...]) -> None:
    assert record(tmp_path, f"title: A\n{tags}\n").decisions.tags == expected


def test_authors_are_the_list_or_else_the_text(tmp_path: Path) -> None:
    listed = record(tmp_path, "title: A\nauthor: X, Y\nauthor_list:\n- family: B\n  given: C\n")
    assert listed.work.authors == (Author("B", "C"),)
    text = record(tmp_path, "title: A\nauthor: B, C and D, E\nauthor_list: []\n")
    assert text.work.authors == (Author("B", "C"), Author("D", "E"))


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"notes_md": "Mine\n"}, (NoteText("Mine"),)),
        ({"notes_tex": "Mine\n"}, (NoteText("Mine"),)),
        ({"notes_md": " \n"}, ()),
        ({}, ()),
    ],
)
def test_the_notes_file_is_the_note(
    tmp_path: Path, files: dict[str, str], expected: tuple[NoteText, ...]
) -> None:
    assert record(tmp_path, "title: A\nref: a\n", **files).decisions.notes == expected


def test_a_notes_file_elsewhere_is_left_alone(tmp_path: Path) -> None:
    library(tmp_path, {"secret.md": "not yours"})
    assert not record(tmp_path, "title: A\nnotes: ../secret.md\n").decisions.notes


def test_what_has_no_field_is_kept(tmp_path: Path) -> None:
    kept = record(tmp_path, "title: A\nref: a b\ncitations:\n- doi: 10.2/b\nmonth: spring\n")
    assert kept.extra["papis"] == {
        "ref": "a b", "citations": [{"doi": "10.2/b"}], "month": "spring"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("info", "reason"),
    [
        ("ref: a\nfiles: []\n", "it has no title"),
        ("- a\n- b\n", "it is no list of keys"),
        ("title: [A\n", "line 1: a bracket has no end"),
        ("title: " + "x" * (papis.LONGEST + 1), "it has more than 1 MB"),
    ],
    ids=["no title", "a list", "broken", "too long"],
)
def test_what_cannot_be_read_is_said_with_its_place(tmp_path: Path, info: str, reason: str) -> None:
    item = one(tmp_path, info)
    assert isinstance(item, Unread)
    assert (item.place, item.reason) == ("paper/info.yaml", reason)
    assert 0 < len(item.data) <= 1 << 16


def test_a_folder_that_is_not_there_is_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(UnreadableSource, match="cannot be listed"):
        list(papis.read_path(tmp_path / "missing"))
