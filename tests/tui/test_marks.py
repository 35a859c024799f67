"""Marks and taking papers out of a list, beside Python's sets and lists as a model."""

from __future__ import annotations

from array import array

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from papertray.tui.burst import Burst
from papertray.tui.marks import Marks, take_out

IDS = st.integers(1, 40)
LISTS = st.lists(IDS, unique=True).map(lambda ids: array("q", ids))


class MarksMachine(RuleBasedStateMachine):
    """Marks, and the set that they are."""

    def __init__(self) -> None:
        super().__init__()
        self.marks = Marks()
        self.model: set[int] = set()

    @rule(paper_id=IDS)
    def toggle(self, paper_id: int) -> None:
        self.marks.toggle(paper_id)
        self.model ^= {paper_id}

    @rule(ids=LISTS)
    def add(self, ids: array[int]) -> None:
        self.marks.add(ids)
        self.model |= set(ids)

    @rule(ids=LISTS)
    def remove(self, ids: array[int]) -> None:
        self.marks.remove(ids)
        self.model -= set(ids)

    @rule(ids=LISTS)
    def look_at_a_list(self, ids: array[int]) -> None:
        marked = [each for each in ids if each in self.model]
        assert list(self.marks.among(ids)) == marked
        assert list(self.marks.without(ids)) == [each for each in ids if each not in marked]
        assert self.marks.number(ids) == len(marked)

    @invariant()
    def are_the_set(self) -> None:
        assert {each for each in range(60) if each in self.marks} == self.model
        assert len(self.marks) == len(self.model)


TestMarks = MarksMachine.TestCase


@given(ids=LISTS, gone=LISTS, data=st.data())
def test_what_is_left_of_a_list(ids: array[int], gone: array[int], data: st.DataObject) -> None:
    places = st.integers(0, len(ids) - 1) if ids else st.just(0)
    others = data.draw(st.sets(places, max_size=5)) if ids else set()
    starts = sorted({0} | others) if others else []
    index = data.draw(places)
    stop = data.draw(st.none() | places)

    left = take_out(gone, ids, starts, index, stop)

    kept = [each for each in ids if each not in gone]
    assert list(left.ids) == kept
    groups = [
        [each for each in ids[start:end] if each in kept]
        for start, end in zip(starts, [*starts[1:], len(ids)], strict=False)
    ]
    ends = [*left.starts[1:], len(kept)]
    shown = [kept[start:end] for start, end in zip(left.starts, ends, strict=False)]
    assert shown == [group for group in groups if group]
    assert left.index == len([each for each in ids[:index] if each in kept])
    if stop is None:
        assert left.stop is None
    else:
        assert left.stop == len([each for each in ids[:stop] if each in kept])


def test_the_cursor_goes_to_the_next_paper_that_is_left() -> None:
    ids = array("q", [5, 4, 3, 2, 1])
    left = take_out([4, 3], ids, (), 2)
    assert left.ids[left.index] == 2
    assert take_out([2, 1], ids, (), 3).index == 3


# --- decisions that come too fast


def test_eight_decisions_within_a_second_are_a_burst() -> None:
    burst = Burst()
    for number in range(7):
        burst.add(number * 0.1, number)
    assert burst.batches == ()
    burst.add(0.9, 7)
    assert burst.batches == tuple(range(8))
    burst.add(1.0, 8)
    assert burst.batches == tuple(range(9))


def test_what_was_decided_calmly_before_is_not_part_of_a_burst() -> None:
    burst = Burst()
    for number in range(5):
        burst.add(number * 2.0, number)
    for number in range(5, 13):
        burst.add(20 + number * 0.1, number)
    assert burst.batches == tuple(range(5, 13))


def test_a_calm_decision_ends_a_burst() -> None:
    burst = Burst()
    for number in range(8):
        burst.add(number * 0.1, number)
    burst.add(3.0, 8)
    assert burst.batches == ()


def test_what_was_taken_back_does_not_count_again() -> None:
    burst = Burst()
    for number in range(8):
        burst.add(number * 0.1, number)
    burst.forget()
    burst.add(0.8, 8)
    assert burst.batches == ()
