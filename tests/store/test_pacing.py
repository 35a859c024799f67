"""How much goes in at a time, and when: by a clock that the test moves."""

from __future__ import annotations

import pytest

from papertray.store.pacing import FIRST, FREE, HELD, LARGEST, SMALLEST, Pace, next_size


@pytest.mark.parametrize(
    ("records", "seconds", "size"),
    [
        (400, HELD, 400),
        (400, 2 * HELD, 200),
        (400, HELD / 1.5, 600),
        (400, HELD / 10, 800),  # at most twice as many
        (400, 100 * HELD, SMALLEST),
        (LARGEST, HELD / 2, LARGEST),
        (1, 0.0, SMALLEST),
    ],
)
def test_the_next_chunk_holds_the_lock_for_as_long_as_it_should(
    records: int, seconds: float, size: int
) -> None:
    assert next_size(records, seconds) == pytest.approx(size, abs=1)


def test_between_two_chunks_the_lock_is_left_alone_for_a_while() -> None:
    now = 100.0
    slept: list[float] = []
    pace = Pace(timer=lambda: now, sleep=slept.append)

    pace.wait()
    pace.locked()
    now += 2 * HELD
    pace.freed(FIRST)
    assert slept == [], "the first chunk waits for nobody"
    assert pace.size == pytest.approx(FIRST // 2, abs=1)

    now += FREE / 5
    pace.wait()
    assert slept == [pytest.approx(FREE * 4 / 5)]

    now += FREE
    pace.wait()
    assert len(slept) == 1, "preparing took long enough"


def test_small_chunks_that_follow_each_other_are_one_lock_to_others() -> None:
    now = 100.0
    slept: list[float] = []
    pace = Pace(timer=lambda: now, sleep=slept.append)

    for _ in range(4):  # of a fifth of the time each, with as much between them
        pace.wait()
        pace.locked()
        now += HELD / 5
        pace.freed(10)
        if not slept:
            now += HELD / 5

    assert len(slept) == 1, "once the lock was taken and left for as long as one may hold it"
    assert slept[0] == pytest.approx(FREE - HELD / 5)
