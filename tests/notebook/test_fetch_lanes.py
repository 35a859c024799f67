"""Lanes: few pages wait, a silent net is believed early, long lanes begin first."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest

from papertray.core.errors import Interrupted, NoNetwork
from papertray.core.subscriptions import FeedState, Kind, Subscription
from papertray.feeds.fetching.courses import AddressCourse, Since
from papertray.feeds.fetching.transport import Answer, Request
from papertray.notebook.fetch_lanes import (
    LOOPBACK_LANES,
    MOST_THREADS,
    MOST_WAITING,
    Errand,
    Failed,
    Lanes,
    Page,
    sorted_lanes,
)

SINCE = Since("", date(2026, 11, 23))


def errands(number: int, hosts: int, domain: str = "example.org") -> list[Errand]:
    """Return feeds, spread over hosts."""
    addresses = [f"https://h{place % hosts}.{domain}/{place}" for place in range(number)]
    return [errand(place, address) for place, address in enumerate(addresses)]


def errand(place: int, address: str) -> Errand:
    one = Subscription(place, f"f{place}", Kind.URL, address)
    return Errand(one, FeedState(), AddressCourse(address, SINCE))


@dataclass
class Pages:
    """A transport that has a page for every address at once, or no network."""

    is_offline: bool = False
    asked: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    is_stopped: bool = False

    def get(self, request: Request, body: Path) -> Answer:
        with self.lock:
            self.asked.append(request.url)
        if self.is_stopped:
            raise Interrupted("stopped")
        if self.is_offline:
            raise NoNetwork("no network")
        body.write_bytes(request.url.encode())
        return Answer(200, request.url, body)

    def stop(self) -> None:
        self.is_stopped = True


def test_however_slowly_pages_are_stored_few_of_them_wait(tmp_path: Path) -> None:
    transport, most, seen = Pages(), 0, 0
    with Lanes(transport, errands(300, 100), tmp_path) as lanes:
        for event in lanes:
            assert isinstance(event, Page)
            assert event.body is not None
            assert event.body.read_bytes() == event.errand.subscription.location.encode()
            most = max(most, len(list(tmp_path.iterdir())))
            seen += 1
    assert seen == 300
    assert most <= MOST_THREADS + MOST_WAITING + 1
    assert not list(tmp_path.iterdir()), "each is gone when it was stored"


def test_without_a_network_not_every_host_is_tried(tmp_path: Path) -> None:
    transport = Pages(is_offline=True)
    with Lanes(transport, errands(500, 250), tmp_path) as lanes:
        found = list(lanes)
    assert len(found) == 500
    assert all(isinstance(one, Failed) and isinstance(one.error, NoNetwork) for one in found)
    assert len(transport.asked) <= 2 * MOST_THREADS


def test_who_leaves_early_waits_for_no_thread(tmp_path: Path) -> None:
    transport = Pages()
    with (
        pytest.raises(ZeroDivisionError),
        Lanes(transport, errands(300, 100), tmp_path) as lanes,
    ):
        [1 / 0 for _ in lanes]
    assert transport.is_stopped
    assert len(transport.asked) < 300
    assert not [one for one in threading.enumerate() if one.name.startswith("papertray-lane")]


def test_a_bug_in_a_thread_is_raised_where_the_pages_are_stored(tmp_path: Path) -> None:
    class Broken(Pages):
        def get(self, request: Request, body: Path) -> Answer:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), Lanes(Broken(), errands(9, 3), tmp_path) as lanes:
        list(lanes)


def test_each_host_is_a_lane_and_the_longest_begin_first() -> None:
    some = [errand(n, f"https://{host}.org/{n}") for n, host in enumerate("abbbcc")]
    lanes = [[one.host for one in lane] for lane in sorted_lanes(some)]
    assert lanes == [["b.org"] * 3, ["c.org"] * 2, ["a.org"]]


def test_a_host_of_this_machine_has_several_lanes_and_takes_nobody_elses_turn() -> None:
    ours = [errand(n, f"http://127.0.0.{n % 2 + 1}/{n}") for n in range(40)]
    lanes = sorted_lanes([*ours, errand(99, "https://a.org/")])
    assert len(lanes) == 2 * LOOPBACK_LANES + 1
    assert {lane[0].host for lane in lanes[:3]} == {"127.0.0.1", "127.0.0.2", "a.org"}
