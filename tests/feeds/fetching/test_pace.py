"""One pace a host, kept by all threads."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from feeds.fetching.asking import MadeUpTime
from papertray.core.errors import AskedToWait, Interrupted, NoNetwork
from papertray.feeds.fetching.pace import ARXIV, OTHERS, OWN, Pace, Paces, Starts, usual_pace


def starts(paces: Paces, time: MadeUpTime, hosts: list[str]) -> list[float]:
    """Return when each of the hosts, asked one after the other, is asked."""
    found = []
    for host in hosts:
        with paces.turn(host):
            found.append(time.clock())
    return found


def test_the_hosts_of_arxiv_share_a_pace_of_three_seconds() -> None:
    time = MadeUpTime()
    hosts = ["arxiv.org", "export.arxiv.org", "oaipmh.arxiv.org", "rss.arxiv.org", "arxiv.org"]

    assert starts(Paces(usual_pace, time.clock, time.sleep), time, hosts) == [0, 3, 6, 9, 12]


def test_several_that_share_their_starts_keep_one_pace_together() -> None:
    time, shared = MadeUpTime(), Starts()
    first, second = (Paces(usual_pace, time.clock, time.sleep, shared) for _ in range(2))

    assert starts(first, time, ["arxiv.org"]) == [0]
    assert starts(second, time, ["export.arxiv.org", "doi.org"]) == [3, 3]
    assert starts(first, time, ["arxiv.org"]) == [6]


def test_where_there_is_no_network_nobody_was_asked_and_nobody_waits() -> None:
    time = MadeUpTime()
    paces = Paces(usual_pace, time.clock, time.sleep)
    with pytest.raises(NoNetwork), paces.turn("arxiv.org"):
        raise NoNetwork("There is no network.")

    assert starts(paces, time, ["arxiv.org", "arxiv.org"]) == [0, 3]


def test_other_hosts_have_a_pace_each() -> None:
    time = MadeUpTime()
    hosts = ["aclanthology.org", "doi.org", "aclanthology.org", "doi.org", "doi.org"]

    assert starts(Paces(usual_pace, time.clock, time.sleep), time, hosts) == [0, 0, 1, 1, 2]
    assert usual_pace("notarxiv.org") == usual_pace("arxiv.org.example.com") == OTHERS


def test_a_server_on_this_machine_is_not_waited_for() -> None:
    assert usual_pace("localhost") == usual_pace("127.0.0.7") == OWN
    assert usual_pace("arxiv.org") == ARXIV
    time = MadeUpTime()
    assert starts(Paces(usual_pace, time.clock, time.sleep), time, ["localhost"] * 9) == [0.0] * 9


@pytest.mark.parametrize("at_once", [1, 3])
def test_many_threads_keep_the_pace_and_never_crowd(at_once: int) -> None:
    time = MadeUpTime()
    paces = Paces(lambda host: Pace(2.0, at_once), time.clock, time.sleep)
    found: list[float] = []
    under_way: list[int] = []
    lock = threading.Lock()
    inside = 0

    def ask() -> None:
        nonlocal inside
        with paces.turn("doi.org"):
            with lock:
                inside += 1
                under_way.append(inside)
                found.append(time.clock())
            with lock:
                inside -= 1

    with ThreadPoolExecutor(8) as pool:
        for asked in [pool.submit(ask) for _ in range(40)]:
            asked.result()

    assert len(found) == 40
    assert max(under_way) <= at_once
    assert len({when // 2 for when in found}) == 40, "two started within two seconds"


def test_as_many_as_may_be_are_under_way_at_once() -> None:
    paces = Paces(lambda host: Pace(0.0, 3))
    all_inside = threading.Barrier(3)

    def ask() -> None:
        with paces.turn("localhost"):
            all_inside.wait(timeout=20)

    with ThreadPoolExecutor(3) as pool:
        for asked in [pool.submit(ask) for _ in range(3)]:
            asked.result()


def test_a_host_on_hold_is_left_alone_by_everybody() -> None:
    time = MadeUpTime()
    paces = Paces(usual_pace, time.clock, time.sleep)
    paces.hold("export.arxiv.org", 20.0)
    paces.hold("export.arxiv.org", 5.0)

    assert starts(paces, time, ["doi.org", "arxiv.org", "arxiv.org"]) == [0, 20, 23]


def test_a_host_that_wants_long_to_be_left_alone_is_not_waited_for() -> None:
    time = MadeUpTime()
    paces = Paces(usual_pace, time.clock, time.sleep)
    paces.hold("doi.org", 3600.0, "2026-11-23T08:00:00.000Z")

    with pytest.raises(AskedToWait, match=r"doi\.org .*08:00") as caught, paces.turn("doi.org"):
        pytest.fail("it was asked")

    assert caught.value.not_before == "2026-11-23T08:00:00.000Z"
    assert time.waited == []
    time.sleep(3590.0)
    assert starts(paces, time, ["doi.org"]) == [3600]


def interrupted(wait: Callable[[], None]) -> threading.Thread:
    """Start a thread that waits, and ends well only if that is interrupted."""

    def run() -> None:
        with pytest.raises(Interrupted):
            wait()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_stopping_ends_all_waiting_at_once() -> None:
    paces = Paces(lambda host: Pace(3600.0))

    def ask() -> None:
        with paces.turn("doi.org"):
            raise AssertionError("it was asked")

    with paces.turn("doi.org"):
        waiting = [interrupted(ask) for _ in range(3)]  # for room, and then for the pace
        paces.stop()
    for thread in waiting:
        thread.join(20)
        assert not thread.is_alive()
    with pytest.raises(Interrupted):
        ask()


def test_stopping_ends_the_wait_for_the_pace() -> None:
    paces = Paces(lambda host: Pace(3600.0))
    with paces.turn("doi.org"):
        pass

    def ask() -> None:
        with paces.turn("doi.org"):
            raise AssertionError("it was asked")

    waiting = interrupted(ask)
    paces.stop()
    waiting.join(20)
    assert not waiting.is_alive()
