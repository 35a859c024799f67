"""When a file is looked at, and when it may be read: by a clock that is moved by hand."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import pytest

from papertray.sync.settling import LONGEST_PAUSE, Settling, Signature

QUIET, PATIENCE = 0.25, 60.0
ONE = Signature(1, 100, 5, 5)
OTHER = Signature(1, 200, 6, 6)
EMPTY = Signature(1, 0, 5, 5)


@dataclass
class Folder:
    """One file, and what is asked about it as time goes by. `reads` holds when it may be read."""

    settling: Settling = field(default_factory=lambda: Settling(QUIET, PATIENCE))
    signature: Signature | None = ONE
    reads: list[float] = field(default_factory=list)

    def until(self, end: float, *, age: float = 0.0, is_whole: bool = True) -> None:
        """Do what a watcher does until a time."""
        while (now := self.settling.next_due()) <= end:
            for path in self.settling.due(now, 100):
                if not self.settling.look(path, self.signature, now, age):
                    continue
                self.reads.append(round(now, 3))
                if is_whole or not self.settling.is_patient(path, now):
                    self.settling.done(path, self.signature)
                else:
                    self.settling.again(path, now)


def test_a_file_is_read_once_it_was_still_for_a_moment() -> None:
    folder = Folder()
    folder.settling.touch("a", 10.0)
    folder.until(100.0)

    # Seen at 10.25 for the first time: that it has not changed since is known a moment later.
    assert folder.reads == [10.5]
    assert len(folder.settling) == 0


def test_a_file_that_is_old_by_its_own_time_is_read_at_once() -> None:
    folder = Folder()
    folder.settling.find("a", ONE, 10.0)
    folder.until(100.0, age=3600.0)

    assert folder.reads == [10.0]


@pytest.mark.parametrize("age", [-3600.0, -0.1, 0.0])
def test_a_time_in_the_future_is_not_believed(age: float) -> None:
    folder = Folder()
    folder.settling.find("a", ONE, 10.0)
    folder.until(100.0, age=age)

    assert folder.reads == [10.25]


def test_a_file_that_goes_on_changing_is_not_read() -> None:
    folder = Folder()
    now = 10.0
    for size in range(1, 50):
        folder.signature = Signature(1, size, size, size)
        folder.settling.touch("a", now)
        now += 0.1
        folder.until(now)
    assert folder.reads == []

    folder.until(now + 1)
    assert len(folder.reads) == 1


@pytest.mark.parametrize(
    "other",
    [ONE._replace(inode=2), ONE._replace(size=101), ONE._replace(modified=4),
     ONE._replace(changed=6)],
)  # fmt: skip
def test_a_file_is_read_again_when_anything_of_it_changed(other: Signature) -> None:
    folder = Folder()
    folder.settling.touch("a", 0.0)
    folder.until(1.0)
    folder.signature = other
    folder.settling.touch("a", 10.0)
    folder.until(20.0)

    assert folder.reads == [0.5, 10.5]


def test_a_file_that_is_known_is_not_read_again_whatever_is_told_of_it() -> None:
    folder = Folder()
    folder.settling.know("a", ONE)
    folder.settling.touch("a", 0.0)
    folder.settling.find("a", ONE, 0.0)
    folder.until(10.0)
    assert folder.reads == []
    assert len(folder.settling) == 0


@pytest.mark.parametrize("signature", [None, EMPTY], ids=["gone", "empty"])
def test_a_file_that_is_gone_or_empty_is_left_until_something_happens(
    signature: Signature | None,
) -> None:
    folder = Folder(signature=signature)
    folder.settling.touch("a", 0.0)
    folder.until(10.0)
    assert folder.reads == []
    assert folder.settling.next_due() == math.inf

    folder.signature = ONE
    folder.settling.touch("a", 20.0)
    folder.until(30.0)
    assert folder.reads == [20.5]


def test_a_file_that_came_back_as_it_was_is_read_again() -> None:
    folder = Folder()
    for time, signature in ((0.0, ONE), (10.0, None), (20.0, ONE)):
        folder.signature = signature
        folder.settling.touch("a", time)
        folder.until(time + 5)
    assert folder.reads == [0.5, 20.5]


def test_one_that_seems_cut_is_looked_at_less_and_less_and_then_read_as_it_is() -> None:
    folder = Folder()
    folder.settling.touch("a", 0.0)
    folder.until(1000.0, is_whole=False)

    pauses = [later - sooner for sooner, later in zip(folder.reads, folder.reads[1:], strict=False)]
    assert pauses[:4] == [0.25, 0.5, 1.0, 2.0]
    assert max(pauses) == LONGEST_PAUSE
    assert PATIENCE <= folder.reads[-1] <= PATIENCE + LONGEST_PAUSE + 1
    assert len(folder.reads) < 20
    assert len(folder.settling) == 0


def test_patience_begins_anew_when_more_of_it_comes() -> None:
    folder = Folder()
    folder.settling.touch("a", 0.0)
    folder.until(50.0, is_whole=False)
    folder.signature = OTHER
    folder.settling.touch("a", 50.0)
    folder.until(1000.0, is_whole=False)

    assert folder.reads[-1] >= 50.0 + PATIENCE


def test_what_happens_does_not_wait_for_a_long_pause() -> None:
    folder = Folder()
    folder.settling.touch("a", 0.0)
    folder.until(30.0, is_whole=False)
    assert folder.settling.next_due() > 30.5
    folder.signature = OTHER
    folder.settling.touch("a", 30.0)
    folder.until(31.0)

    assert folder.reads[-1] == 30.5


def test_what_happens_while_a_file_is_read_is_not_forgotten() -> None:
    settling = Settling(QUIET, PATIENCE)
    settling.touch("a", 0.0)
    assert settling.due(1.0, 10) == ["a"]
    assert settling.look("a", ONE, 1.0, 10.0)
    settling.touch("a", 1.1)
    settling.done("a", ONE)

    assert settling.due(2.0, 10) == ["a"]
    assert settling.look("a", OTHER, 2.0, 10.0)


def test_ten_thousand_events_of_one_file_are_one_look() -> None:
    settling = Settling(QUIET, PATIENCE)
    for number in range(10_000):
        settling.touch("a", number / 1e6)
    assert settling.due(1.0, 10) == ["a"]
    assert settling.next_due() == math.inf


def test_those_due_for_longest_come_first_and_no_more_than_are_asked_for() -> None:
    settling = Settling(QUIET, PATIENCE)
    for number, path in enumerate("cab"):
        settling.touch(path, float(number))
    assert settling.due(100.0, 2) == ["c", "a"]
    assert settling.due(100.0, 2) == ["b"]
    assert settling.due(100.0, 2) == []
