"""Files of the settings follow the tray while the screen is open."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from papertray.core.model import Pile
from papertray.notebook import named_exports
from papertray.notebook.notebook import Notebook
from papertray.store.places import Places
from papertray.tui.export_thread import ExportThread

from .desk import open_notebook


@contextmanager
def following(places: Places, said: list[str]) -> Iterator[ExportThread]:
    """Run the thread."""

    def failed(error: Exception) -> None:
        raise error

    thread = ExportThread(lambda: open_notebook(places), said.append, failed, lambda: None)
    thread.start()
    try:
        yield thread
    finally:
        for ending in thread.stop():
            ending.join()


def until(condition: object) -> None:
    """Wait for a condition, a moment at a time."""
    tick = threading.Event()
    for _ in range(2000):
        if condition():  # type: ignore[operator]
            return
        tick.wait(0.005)
    raise AssertionError("it never happened")


def test_a_file_is_written_at_once_and_after_a_decision(
    notebook: Notebook, places: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(named_exports, "LOOK_EVERY", 0.001)
    file, own, said = tmp_path / "refs.bib", tmp_path / "own.bib", list[str]()
    own.write_text("mine", encoding="utf-8")
    places.settings.parent.mkdir(parents=True, exist_ok=True)
    places.settings.write_text(
        f'[exports.refs]\nfile = "{file}"\n[exports.own]\nfile = "{own}"\n', encoding="utf-8"
    )
    notebook.papers.move([1], Pile.STARRED)

    with following(places, said):
        until(lambda: file.exists() and file.read_text(encoding="utf-8").count("\n}") == 1)
        notebook.papers.move([2], Pile.STARRED)
        until(lambda: file.read_text(encoding="utf-8").count("\n}") == 2)
        notebook.journal.undo()
        until(lambda: file.read_text(encoding="utf-8").count("\n}") == 1)

    assert own.read_text(encoding="utf-8") == "mine"
    assert len(said) == 1
    assert "was not written by papertray" in said[0]
