"""The thread behind the screen that has the index follow."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from papertray.store.index.schema import VERSION
from papertray.store.places import throw_away_places
from papertray.store.search import Search
from papertray.store.tray import Tray
from papertray.tui import index_thread as index_thread_module
from papertray.tui.index_thread import IndexThread

from index_checks import add, current_generation, flip, ids_by_index

PATIENCE = 30.0


class Screen:
    """What the thread tells a screen."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.warned: list[str] = []
        self.changed = threading.Condition()

    def tell(self, text: str) -> None:
        with self.changed:
            self.told.append(text)
            self.changed.notify_all()

    def warn(self, sentence: str) -> None:
        with self.changed:
            self.warned.append(sentence)
            self.changed.notify_all()

    def until(self, condition: Callable[[], bool]) -> None:
        """Wait for a condition, looked at often and whenever something is told."""
        with self.changed:
            for _ in range(int(PATIENCE / 0.02)):
                if condition():
                    return
                self.changed.wait(0.02)
        raise AssertionError("waited in vain")


@contextmanager
def running(tray: Tray) -> Iterator[tuple[Screen, IndexThread]]:
    """Run the thread on a tray."""
    screen, search = Screen(), Search(tray)
    thread = IndexThread(lambda: search, screen.tell, screen.warn)
    thread.start()
    try:
        yield screen, thread
    finally:
        thread.close()


@pytest.fixture
def tray(tmp_path: Path) -> Iterator[Tray]:
    """Open a new tray."""
    with closing(Tray(throw_away_places(tmp_path))) as opened:
        yield opened


def test_it_follows_what_others_write(tray: Tray) -> None:
    search, other = Search(tray), Tray(tray.places)
    with closing(other), running(tray) as (screen, _):
        screen.until(lambda: search.is_ready)
        paper = add(other, "robot")
        screen.until(lambda: search.behind() == 0)
        assert ids_by_index(search, "robot") == [paper]
        assert screen.told == screen.warned == []


def test_a_flipped_bit_is_found_told_and_mended(tray: Tray) -> None:
    papers = [add(tray, f"robot {number}") for number in range(5)]
    Search(tray).follow()
    damaged = current_generation(tray)
    flip(next(damaged.glob("files/*.idx")), 80)
    with running(tray) as (screen, _):
        screen.until(lambda: bool(screen.warned) and Search(tray).is_ready)
        assert "is damaged; it is built anew" in screen.warned[0]
    assert current_generation(tray) != damaged
    assert ids_by_index(Search(tray), "robot") == papers


def test_building_shows_how_far_it_is(tray: Tray, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_thread_module, "PATIENCE", 0.0)
    add(tray, "robot")
    with running(tray) as (screen, _):
        screen.until(lambda: screen.told == ["index 100 %", ""])


def test_a_problem_is_told_once_and_closing_does_not_wait_for_the_next_try(tray: Tray) -> None:
    add(tray, "robot")
    folder = tray.places.cache / str(VERSION)
    (folder / "building.lock").mkdir(parents=True)
    with running(tray) as (screen, thread):
        screen.until(lambda: bool(screen.warned))
        thread.wake()
    (sentence,) = screen.warned
    assert "could not be written" in sentence
    assert list(Search(tray).search("robot").ids) == [1]
