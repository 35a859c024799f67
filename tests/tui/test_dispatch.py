"""Keys in turn become actions, as the table says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papertray.tui.dispatch import Dispatcher, Press
from papertray.tui.key_table import Scope
from papertray.tui.keys import KeyMap

CHORDS = {"j": "down", "g g": "top", "g i": "inbox", "x": "skip", "z z z": "deep", "slash": "find"}


def fed(keys: Dispatcher, *names: str) -> str | None:
    """Feed a key; return the id of the action that it completes."""
    press = keys.feed(*names)
    return None if press is None else press.action


@pytest.fixture
def keys() -> Dispatcher:
    """A dispatcher of a small table."""
    return Dispatcher(CHORDS)


def test_a_single_key_runs_its_action(keys: Dispatcher) -> None:
    assert fed(keys, "j") == "down"
    assert keys.pending == ""


def test_a_chord_runs_when_it_is_complete(keys: Dispatcher) -> None:
    assert fed(keys, "g") is None
    assert keys.pending == "g"
    assert fed(keys, "i") == "inbox"
    assert keys.pending == ""
    assert [fed(keys, "z"), fed(keys, "z"), fed(keys, "z")] == [None, None, "deep"]


def test_a_key_that_cannot_go_on_begins_anew(keys: Dispatcher) -> None:
    assert [fed(keys, "g"), fed(keys, "x")] == [None, "skip"]
    assert [fed(keys, "g"), fed(keys, "z"), fed(keys, "z")] == [None, None, None]
    assert keys.pending == "z z"
    assert fed(keys, "g") is None
    assert fed(keys, "g") == "top"


def test_an_unknown_key_ends_what_is_pending(keys: Dispatcher) -> None:
    assert [fed(keys, "g"), fed(keys, "F"), fed(keys, "g")] == [None, None, None]
    assert fed(keys, "g") == "top"


def test_a_key_may_come_under_two_names(keys: Dispatcher) -> None:
    assert fed(keys, "slash", "/") == "find"
    assert fed(Dispatcher({"ö": "odd"}), "o_with_dots", "ö") == "odd"


def test_what_is_pending_can_be_forgotten(keys: Dispatcher) -> None:
    assert keys.cancel() is False
    fed(keys, "g")
    assert keys.cancel() is True
    assert fed(keys, "i") is None


@given(st.lists(st.sampled_from(["j", "g", "i", "x", "z", "F"]), max_size=30))
def test_every_action_is_the_end_of_what_was_typed(typed: list[str]) -> None:
    keys = Dispatcher(CHORDS)
    for length, key in enumerate(typed, 1):
        action = fed(keys, key)
        if action is not None:
            (chord,) = (chord for chord in CHORDS if CHORDS[chord] == action)
            so_far = typed[:length]
            assert so_far[-len(chord.split()) :] == chord.split()


@given(st.data())
def test_every_chord_of_the_real_table_runs_its_action_after_anything(data: st.DataObject) -> None:
    chords = KeyMap().chords(Scope.PAPERS)
    keys = Dispatcher(chords)
    fed(keys, data.draw(st.sampled_from(["F", "j", "x"])))
    chord = data.draw(st.sampled_from(sorted(chords)))
    assert [fed(keys, key) for key in chord.split()][-1] == chords[chord]


def test_digits_are_a_count() -> None:
    keys = Dispatcher(CHORDS, with_counts=True)
    assert [keys.feed("2"), keys.feed("0")] == [None, None]
    assert keys.pending == "20"
    assert keys.feed("j") == Press("down", 20, "j")
    assert keys.feed("j") == Press("down", None, "j")


@pytest.mark.parametrize(
    ("typed", "count"),
    [("0j", None), ("10j", 10), ("3gg", 3), ("99999999j", 999_999), ("3Fj", None), ("3g7j", None)],
)
def test_counts(typed: str, count: int | None) -> None:
    keys = Dispatcher(CHORDS, with_counts=True)
    *_, last = [keys.feed(key) for key in typed]
    assert last is not None
    assert last.count == count


def test_a_count_can_be_given_up() -> None:
    keys = Dispatcher(CHORDS, with_counts=True)
    keys.feed("7")
    assert keys.cancel()
    assert keys.feed("j") == Press("down", None, "j")


def test_without_counts_digits_are_nothing() -> None:
    keys = Dispatcher(CHORDS)
    assert [keys.feed("7"), keys.pending] == [None, ""]
