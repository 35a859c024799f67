"""Where a file that was read goes: nowhere where something lies."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from papertray.sync.moving import LONGEST_NAME, free_place, move, text_beside


def test_a_file_keeps_its_path_and_gets_a_number_where_one_lies_already(tmp_path: Path) -> None:
    done = tmp_path / "done"
    places = []
    for number in range(3):
        file = tmp_path / "a.bib"
        file.write_text(str(number))
        places.append(free_place(str(done), "sub/a.bib"))
        move(str(file), places[-1])

    assert [os.path.relpath(place, done) for place in places] == [
        "sub/a.bib", "sub/a (2).bib", "sub/a (3).bib",
    ]  # fmt: skip
    assert [Path(place).read_text() for place in places] == ["0", "1", "2"]


def test_a_place_is_not_free_where_a_text_lies_beside_it_or_another_goes(tmp_path: Path) -> None:
    (tmp_path / "a.bib.why.txt").write_text("mine")
    taken = {str(tmp_path / "a (2).bib")}
    assert free_place(str(tmp_path), "a.bib", taken) == str(tmp_path / "a (3).bib")


@pytest.mark.parametrize(
    "name",
    ["n" * 255, "ü" * 125 + ".json", "x" * 100 + "." + "y" * 150, "line\nbreak", "\udcff\udcfe",
     "." + "z" * 254],
)  # fmt: skip
def test_names_stay_within_what_a_file_system_takes(tmp_path: Path, name: str) -> None:
    for number in range(3):
        file = tmp_path / "file"
        file.write_text(str(number))
        place = free_place(str(tmp_path / "failed"), name)
        move(str(file), place, "because")
        assert Path(place).read_text() == str(number)
        assert Path(text_beside(place)).read_text() == "because"
    names = os.listdir(os.fsencode(tmp_path / "failed"))
    assert len(names) == 6
    assert max(map(len, names)) <= LONGEST_NAME


def test_of_a_text_that_does_not_fit_on_the_disk_nothing_remains(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    file = tmp_path / "a.bib"
    file.write_text("@")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    try:
        with pytest.raises(OSError, match="large"):
            move(str(file), str(tmp_path / "failed" / "a.bib"), "because" * 10_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    assert os.listdir(tmp_path / "failed") == []
    assert file.exists()


def test_a_file_that_cannot_be_moved_stays_and_no_text_remains(tmp_path: Path) -> None:
    place = str(tmp_path / "failed" / "a.bib")
    with pytest.raises(FileNotFoundError):
        move(str(tmp_path / "a.bib"), place, "because")
    assert os.listdir(tmp_path / "failed") == []
