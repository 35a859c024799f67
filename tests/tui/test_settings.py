"""The settings file may be missing, wrong or hostile; the screen opens all the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from papertray.tui.key_table import ACTIONS, Scope
from papertray.tui.keys import KeyMap
from papertray.tui.settings import read_key_map


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A settings file that is not there yet."""
    return tmp_path / "settings.toml"


def test_no_file_means_the_usual_keys(file: Path) -> None:
    assert read_key_map(file) == KeyMap()


def test_a_file_without_keys_means_the_usual_keys(file: Path) -> None:
    file.write_text("[backups]\ndaily = 1\n", encoding="utf-8")
    assert read_key_map(file) == KeyMap()


def test_keys_are_read(file: Path) -> None:
    file.write_text('[keys]\n"decide.skip" = ["B", "D"]\n"move.top" = "T"\n', encoding="utf-8")
    key_map = read_key_map(file)
    assert key_map.problems == ()
    chords = key_map.chords(Scope.PAPERS)
    assert (chords["B"], chords["D"], chords["T"]) == ("decide.skip", "decide.skip", "move.top")
    assert "x" not in chords


def test_wrong_keys_are_problems_and_the_others_are_used(file: Path) -> None:
    text = '[keys]\n"decide.skip" = "notakey"\n"no.such" = "x"\n"decide.star" = "B"\n'
    file.write_text(text, encoding="utf-8")
    key_map = read_key_map(file)
    assert [problem.partition(": ")[0] for problem in key_map.problems] == [
        f"{file}, line 2",
        f"{file}, line 3",
    ]
    assert key_map.chords(Scope.PAPERS)["B"] == "decide.star"
    assert key_map.chords(Scope.PAPERS)["x"] == "decide.skip"


@pytest.mark.parametrize(
    "content",
    [b"[keys\n", b"\xff\xfe\x00", b"keys = 7\n", b'keys = ["x"]\n', b"[keys]\nx = 1\nx = 2\n"],
    ids=["not TOML", "not UTF-8", "number", "list", "twice"],
)
def test_a_file_that_cannot_be_used_is_one_problem_that_names_it(
    file: Path, content: bytes
) -> None:
    file.write_bytes(content)
    key_map = read_key_map(file)
    assert key_map.actions == ACTIONS
    (problem,) = key_map.problems
    assert str(file) in problem


def test_a_folder_in_the_place_of_the_file_is_a_problem(file: Path) -> None:
    file.mkdir()
    assert len(read_key_map(file).problems) == 1
