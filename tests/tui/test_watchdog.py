"""Everything at once, with a watchdog: nothing holds the screen's thread for more than 50 ms."""

from __future__ import annotations

import asyncio
import gc
import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import ClassVar

import pytest
from textual.app import App
from textual.screen import Screen
from textual.widgets import Input

from papertray.notebook.notebook import Notebook
from papertray.store.places import Places
from papertray.tui import app as the_app
from papertray.tui.memory import Memory, memory_file
from papertray.tui.screens.triage import TriageScreen

from .desk import Desk, add_papers, at_desk, made_up_record, open_notebook
from .home import ROOTS
from .watchdog import LIMIT, Watchdog, watched

SCRIPT = (
    # moving
    "j j j k", "2 0 j", "5 k", "G", "g g", "ctrl+d", "ctrl+u", "pagedown pagedown", "n", "N",
    "space space space", "enter j j k escape", "tab", "shift+tab", "g r", "g s", "g x", "g d",
    "g i", "g i",
    # deciding
    "x", "x j x", "s", "r", "5 x", "d d d", "m", "i", "full_stop", "u", "u u u", "ctrl+r", "X 1",
    "z 1 enter", "x x x x x x x x x", "g i asterisk x escape u", "A", "C",
    # marking
    "v", "v j v x", "V 1 0 j V s", "g i asterisk r r u", "asterisk escape",
    # finding
    "slash =robots enter n n N", "slash =gard escape", "slash =tag:a enter j x escape",
    "slash =zzzz escape", "slash =pile:skip_and_part enter G escape",
    "backslash =lant enter escape", "slash =rib ctrl+s =kept enter escape", "g 1", "g 2",
    # working on a paper
    "e =some_words_to_keep escape escape", "e =#_one_[[two escape escape", "t =fine,_good enter",
    "y", "Y escape", "a =/tmp escape", "E escape", "vertical_line =cat escape",
    # other screens
    "g n j j enter escape escape", "g o j space escape", "g e =today escape escape",
    "g f j k escape", "g h j j escape", "g h slash =skip enter escape escape", "g t j escape",
    "g u j escape", "g m escape", "question_mark j j escape", "question_mark slash =pile escape",
    "ctrl+p =robo down escape", "ctrl+p =stat escape", "colon =list_--limit_5 enter escape",
    "colon =his escape", "S t", "S a", "S n", "g c", "ctrl+l", "ctrl+c",
)  # fmt: skip
"""What a hand does, each from the papers' screen. ``=`` begins a text that is typed, ``_`` is a
blank in it. What one of them asks, opens or marks is left by Esc."""

SIZES = ((80, 24), (120, 40), (170, 45), (60, 14))


@pytest.fixture(autouse=True)
def spared_collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the screen tell the garbage collector what it tells it outside of tests."""
    monkeypatch.setattr(the_app, "spare_collector", _SPARE_COLLECTOR)
    threshold = gc.get_threshold()
    yield
    gc.set_threshold(*threshold)
    gc.unfreeze()


_SPARE_COLLECTOR = the_app.spare_collector


class _Empty(Screen[None]):
    """What any screen with a line to type in costs."""

    DEFAULT_CSS = """
    _Empty { layout: vertical; & Input { height: 1; border: none; } }
    """

    def compose(self) -> Iterator[Input]:
        yield Input()


class _EmptyApp(App[None]):
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar = []


async def measured_floor() -> float:
    """Return how many seconds Textual itself takes at most to show an empty screen in an app."""
    async with _EmptyApp().run_test(size=(120, 40)) as pilot:
        with watched() as dog:
            for _ in range(3):
                await pilot.app.push_screen(_Empty())
                await pilot.pause(0)
                await pilot.app.pop_screen()
    return dog.longest


def _keys_of(gesture: str) -> list[str]:
    """Return the keys of one thing of the script, by Textual's names."""
    keys: list[str] = []
    for word in gesture.split():
        if word.startswith("=") and len(word) > 1:
            keys += ["space" if letter == "_" else letter for letter in word[1:]]
        else:
            keys.append(word)
    return keys


async def _perform(desk: Desk, gesture: str) -> int:
    """Do one thing of the script, and come back to the papers; return the keys it took."""
    keys = _keys_of(gesture)
    await desk.press(*keys)
    for pressed in range(6):
        if isinstance(desk.app.screen, TriageScreen):
            return len(keys) + pressed
        await desk.press("escape")
    raise AssertionError(f"{gesture} is not left by Esc:\n{desk.text}")


async def _play(desk: Desk, chance: random.Random, keys: int) -> None:
    left: list[str] = []
    while keys > 0:
        if not left:  # each thing once before any comes again
            left = list(SCRIPT)
            chance.shuffle(left)
        keys -= await _perform(desk, left.pop())
        if chance.random() < 0.03:
            await desk.resize(*chance.choice(SIZES))


def _add_elsewhere(places: Places, file: Path) -> subprocess.Popen[bytes]:
    """Have another process add a file to the tray."""
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": ":".join(ROOTS), "HOME": str(file.parent),
                   "PAPERTRAY_CACHE": str(places.cache), "PAPERTRAY_STATE": str(places.state),
                   "PAPERTRAY_CONFIG": str(places.config)}  # fmt: skip
    command = [sys.executable, "-m", "papertray", "--tray", str(places.tray), "add", str(file)]
    return subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def _written(file: Path, first: int, count: int) -> Path:
    with file.open("w", encoding="utf-8") as lines:
        for number in range(first, first + count):
            lines.write(json.dumps(made_up_record(number)) + "\n")
    return file


async def _watch(notebook: Notebook, places: Places, file: Path, seed: int, keys: int) -> Watchdog:
    floor = await measured_floor()
    elsewhere = _add_elsewhere(places, file)
    try:
        async with at_desk(notebook, memory=Memory(memory_file(places))) as desk:
            await desk.until_index_follows()
            with watched(max(LIMIT, floor)) as dog:
                await _play(desk, random.Random(seed), keys)
        assert elsewhere.wait(timeout=120) == 0
    finally:
        elsewhere.kill()
        elsewhere.wait()
    return dog


def _told(dog: Watchdog) -> str:
    worst: Sequence[tuple[float, str]] = sorted(dog.blocked, reverse=True)
    return "\n".join(f"{seconds * 1000:.0f} ms  {where}" for seconds, where in worst)


async def test_the_watchdog_sees_what_blocks() -> None:
    with watched() as dog:
        asyncio.get_running_loop().call_soon(time.sleep, 10 * LIMIT)
        await asyncio.sleep(0.01)
    ((seconds, where),) = dog.blocked
    assert seconds >= 5 * LIMIT  # threads of ours may have waited for the processor meanwhile
    assert where


async def test_nothing_blocks_for_a_while(places: Places, tmp_path: Path) -> None:
    with open_notebook(places, "morning") as filling:
        add_papers(filling, tmp_path, [made_up_record(number) for number in range(1_500)])
    file = _written(tmp_path / "more.jsonl", 1_500, 1_000)
    with open_notebook(places) as notebook:
        dog = await _watch(notebook, places, file, 3, 150)
    assert not dog.blocked, _told(dog)


@pytest.mark.long
async def test_nothing_blocks_over_two_thousand_keys(places: Places, tmp_path: Path) -> None:
    with open_notebook(places, "morning") as filling:
        add_papers(filling, tmp_path, [made_up_record(number) for number in range(10_000)])
    file = _written(tmp_path / "more.jsonl", 10_000, 20_000)
    with open_notebook(places) as notebook:
        dog = await _watch(notebook, places, file, 5, 2_000)
    assert not dog.blocked, _told(dog)
