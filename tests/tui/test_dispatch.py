"""Keys in turn become actions, as the table says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papertray.tui.dispatch import Dispatcher
from papertray.tui.keys import KeyMap

CHORDS = {"j": "down", "g g": "top", "g i": "inbox", "x": "skip", "z z z": "deep", "slash": "find"}


@pytest.fixture
def keys() -> Dispatcher:
    """A dispatcher of a small table."""
    return Dispatcher(CHORDS)


def test_a_single_key_runs_its_action(keys: Dispatcher) -> None:
    assert keys.feed("j") == "down"
    assert keys.pending == ""


def test_a_chord_runs_when_it_is_complete(keys: Dispatcher) -> None:
    assert keys.feed("g") is None
    assert keys.pending == "g"
    assert keys.feed("i") == "inbox"
    assert keys.pending == ""
    assert [keys.feed("z"), keys.feed("z"), keys.feed("z")] == [None, None, "deep"]


def test_a_key_that_cannot_go_on_begins_anew(keys: Dispatcher) -> None:
    assert [keys.feed("g"), keys.feed("x")] == [None, "skip"]
    assert [keys.feed("g"), keys.feed("z"), keys.feed("z")] == [None, None, None]
    assert keys.pending == "z z"
    assert keys.feed("g") is None
    assert keys.feed("g") == "top"


def test_an_unknown_key_ends_what_is_pending(keys: Dispatcher) -> None:
    assert [keys.feed("g"), keys.feed("F"), keys.feed("g")] == [None, None, None]
    assert keys.feed("g") == "top"


def test_a_key_may_come_under_two_names(keys: Dispatcher) -> None:
    assert keys.feed("slash", "/") == "find"
    assert Dispatcher({"ö": "odd"}).feed("o_with_dots", "ö") == "odd"


def test_what_is_pending_can_be_forgotten(keys: Dispatcher) -> None:
    assert keys.cancel() is False
    keys.feed("g")
    assert keys.cancel() is True
    assert keys.feed("i") is None


@given(st.lists(st.sampled_from(["j", "g", "i", "x", "z", "F"]), max_size=30))
def test_every_action_is_the_end_of_what_was_typed(typed: list[str]) -> None:
    keys = Dispatcher(CHORDS)
    for length, key in enumerate(typed, 1):
        action = keys.feed(key)
        if action is not None:
            (chord,) = (chord for chord in CHORDS if CHORDS[chord] == action)
            so_far = typed[:length]
            assert so_far[-len(chord.split()) :] == chord.split()


@given(st.data())
def test_every_chord_of_the_real_table_runs_its_action_after_anything(data: st.DataObject) -> None:
    chords = KeyMap().chords(in_note=False)
    keys = Dispatcher(chords)
    keys.feed(data.draw(st.sampled_from(["F", "j", "x"])))
    chord = data.draw(st.sampled_from(sorted(chords)))
    assert [keys.feed(key) for key in chord.split()][-1] == chords[chord]
