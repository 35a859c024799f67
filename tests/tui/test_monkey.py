"""Keys pressed by nobody in particular: nothing breaks, and the journal tells all that was done."""

from __future__ import annotations

import random
import string
from pathlib import Path

import pytest

from journal_replay import assert_journal_tells_all
from papertray.notebook.notebook import Notebook
from papertray.store.places import Places
from papertray.tui.key_table import ACTIONS
from papertray.tui.memory import Memory, memory_file

from .desk import WORDS, add_papers, at_desk, made_up_record, open_notebook

NEVER = {"vertical_line", "ctrl+o", "ctrl+z"}
"""Keys that would run programs of this machine, or stop the test."""

KEYS = sorted(
    {key for action in ACTIONS for chord in action.chords for key in chord.split()} - NEVER
)

WORD_KEYS = [*string.ascii_lowercase, *string.digits, *'[]/\\"(){}-:*~ äß漢']

SIZES = ((20, 5), (200, 60))


def _next_keys(chance: random.Random) -> list[str]:
    """Return what the monkey presses next: mostly a key of the table, sometimes a word."""
    if chance.random() < 0.15:
        return chance.choices(WORD_KEYS, k=chance.randint(1, 8))
    return [chance.choice(KEYS)]


async def _play(notebook: Notebook, places: Places, chance: random.Random, keys: int) -> int:
    """Press keys until there are none left or the screen was left; return how many are left."""
    size = (80, 24)
    async with at_desk(notebook, size, memory=Memory(memory_file(places))) as desk:
        while keys > 0 and not desk.has_ended:
            if chance.random() < 0.01:
                await desk.resize(chance.randint(SIZES[0][0], SIZES[1][0]),
                                  chance.randint(SIZES[0][1], SIZES[1][1]))  # fmt: skip
            pressed = _next_keys(chance)
            keys -= len(pressed)
            if chance.random() < 0.5:
                await desk.rush(*pressed)
            else:
                await desk.press(*pressed)
    return keys


async def _monkey(places: Places, folder: Path, seed: int, keys: int) -> None:
    """Play, beginning anew on the same tray whenever the screen was left."""
    chance = random.Random(seed)
    with open_notebook(places, "morning") as filling:
        add_papers(filling, folder, [made_up_record(number) for number in range(4 * len(WORDS))])
    times = 0
    while keys > 0:
        times += 1
        with open_notebook(places, f"session-{times}") as notebook:
            keys = await _play(notebook, places, chance, keys)
    assert_journal_tells_all(places.database)
    with open_notebook(places, "after") as notebook:
        assert [finding.sentence for finding in notebook.health.findings() if finding.is_harm] == []


@pytest.mark.parametrize("seed", [1])
async def test_a_hundred_keys(
    places: Places, tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    await _monkey(places, tmp_path, seed, 100)


@pytest.mark.long
@pytest.mark.parametrize("seed", [11, 12, 13, 14])
async def test_ten_thousand_keys(
    places: Places, tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    await _monkey(places, tmp_path, seed, 2_500)
