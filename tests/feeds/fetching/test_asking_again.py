"""Asking again where that may help, waiting where a server wants it, and giving up in time."""

from __future__ import annotations

import signal
import socket
import threading
import time as real_time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from feeds.fetching.asking import MONDAY, MadeUpTime, asking, fetched
from local_server import Ask, LocalServer, Reply
from papertray.core.errors import AskedToWait, FetchFailed, Interrupted
from papertray.feeds.fetching.exchange import Patience
from papertray.feeds.fetching.pace import Pace
from papertray.feeds.fetching.transport import Request

FEED = b"<rss>" + b"<item/>" * 5_000 + b"</rss>"


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_server_in_trouble_is_asked_again_later_each_time(
    server: LocalServer, tmp_path: Path, status: int
) -> None:
    time = MadeUpTime()
    server.answers("/feed", [Reply(status=status), Reply(status=status), Reply(FEED)])

    with asking(time) as transport:
        assert fetched(transport, server.url("/feed"), tmp_path).status == 200

    first, second = time.waited
    assert 0.5 <= first < 1.5
    assert 1.0 <= second < 3.0


def test_the_third_answer_counts(server: LocalServer, tmp_path: Path) -> None:
    server.answers("/feed", Reply(b"<html>Sorry</html>", status=503))

    with asking() as transport, pytest.raises(FetchFailed, match="answers 503 Service Unav"):
        fetched(transport, server.url("/feed"), tmp_path)
    assert len(server.asked) == 3


def test_an_answer_that_is_cut_is_asked_for_again_and_kept_whole(
    server: LocalServer, tmp_path: Path
) -> None:
    server.answers("/feed", [Reply(FEED, cut=9_000), Reply(FEED, cut=0), Reply(FEED)])

    with asking() as transport:
        answer = fetched(transport, server.url("/feed"), tmp_path)

    assert answer.body is not None
    assert answer.body.read_bytes() == FEED


@pytest.mark.parametrize(
    "reply",
    [
        Reply(FEED, cut=9_000), Reply(FEED, cut=40, packed=True), Reply(FEED, cut=0),
        Reply(FEED, headers={"Content-Length": str(len(FEED) + 1)}, cut=len(FEED)),
        Reply(FEED, headers={"Content-Length": "-3"}),
        Reply(FEED, headers={"Content-Length": "1" * 5_000}),
        Reply(FEED, headers={"Transfer-Encoding": "chunked", "Content-Length": "8"}),
    ],
    ids=["cut", "cut and packed", "no body", "says one more", "negative", "absurd", "no chunks"],
)  # fmt: skip
def test_of_half_an_answer_nothing_is_kept(
    server: LocalServer, tmp_path: Path, reply: Reply
) -> None:
    server.answers("/feed", reply)

    with asking() as transport, pytest.raises(FetchFailed, match=r"127\.0\.0\.1:\d+/feed "):
        fetched(transport, server.url("/feed"), tmp_path)


# Retry-After


@pytest.mark.parametrize(
    "said", ["20", format_datetime(MONDAY + timedelta(seconds=20), usegmt=True),
             "Mon, 23 Nov 2026 07:00:20", "Monday, 23-Nov-26 07:00:20 GMT"],
)  # fmt: skip
def test_a_short_wait_that_the_server_asks_for_is_kept(
    server: LocalServer, tmp_path: Path, said: str
) -> None:
    time = MadeUpTime()
    server.answers("/feed", [Reply(status=429, headers={"Retry-After": said}), Reply(FEED)])

    with asking(time) as transport:
        assert fetched(transport, server.url("/feed"), tmp_path).status == 200

    assert time.waited == [20]


@pytest.mark.parametrize("said", ["0", "-5", "soon", "", "Mon, 23 Nov 2026 06:00:00 GMT", "1e3"])
def test_a_wait_that_says_nothing_is_a_back_off(
    server: LocalServer, tmp_path: Path, said: str
) -> None:
    time = MadeUpTime()
    server.answers("/feed", [Reply(status=503, headers={"Retry-After": said}), Reply(FEED)])

    with asking(time) as transport:
        assert fetched(transport, server.url("/feed"), tmp_path).status == 200

    assert 0.5 <= time.waited[0] < 1.5


@pytest.mark.parametrize(
    ("said", "not_before"),
    [
        ("3600", "2026-11-23T08:00:00.000Z"),
        ("Mon, 23 Nov 2026 12:00:00 GMT", "2026-11-23T12:00:00.000Z"),
        ("9" * 40, "2026-11-30T07:00:00.000Z"),
        ("Fri, 31 Dec 9999 23:59:59 GMT", "2026-11-30T07:00:00.000Z"),
    ],
)
def test_a_long_wait_is_left_to_a_later_day_for_all_of_the_host(
    server: LocalServer, tmp_path: Path, said: str, not_before: str
) -> None:
    time = MadeUpTime()
    server.answers("/feed", Reply(status=503, headers={"Retry-After": said}))
    server.answers("/other", Reply(FEED))

    with asking(time, ["127.0.0.1", "127.0.0.2"]) as transport:
        for path in ("/feed", "/other"):
            with pytest.raises(AskedToWait) as caught:
                fetched(transport, server.url(path), tmp_path)
            assert caught.value.not_before == not_before
        assert fetched(transport, server.url("/other", host=2), tmp_path).status == 200

    assert [ask.path for ask in server.asked] == ["/feed", "/other"]
    assert time.waited == []


def test_a_server_that_wants_ever_another_short_wait_is_left_to_later(
    server: LocalServer, tmp_path: Path
) -> None:
    server.answers("/feed", Reply(status=429, headers={"Retry-After": "10"}))

    with asking() as transport, pytest.raises(AskedToWait) as caught:
        fetched(transport, server.url("/feed"), tmp_path)

    assert len(server.asked) == 3
    assert caught.value.not_before == "2026-11-23T07:00:30.000Z"


def test_while_one_waits_nobody_else_asks(server: LocalServer, tmp_path: Path) -> None:
    time = MadeUpTime()
    at: list[float] = []

    def answer(ask: Ask) -> Reply:
        at.append(time.clock())
        return Reply(FEED) if len(at) > 1 else Reply(status=429, headers={"Retry-After": "25"})

    server.answers("/feed", answer)
    with (
        asking(time, pace_of=lambda host: Pace(0.0, at_once=1)) as transport,
        ThreadPoolExecutor(6) as pool,
    ):
        bodies = [tmp_path / str(number) for number in range(6)]
        for answered in [
            pool.submit(transport.get, Request(server.url("/feed")), body) for body in bodies
        ]:
            assert answered.result().status == 200

    assert len(at) == 7
    assert at[0] == 0
    assert all(moment >= 25 for moment in at[1:])


# The pace


def test_a_host_is_asked_at_its_pace_by_many_threads(server: LocalServer, tmp_path: Path) -> None:
    under_way: list[int] = []
    inside = 0
    lock = threading.Lock()

    def answer(ask: Ask) -> Reply:
        nonlocal inside
        with lock:
            inside += 1
            under_way.append(inside)
        real_time.sleep(0.001)  # for the others to come in, if they may
        with lock:
            inside -= 1
        return Reply(FEED)

    server.answers("/feed", answer)
    time = MadeUpTime()
    with (
        asking(time, pace_of=lambda host: Pace(3.0)) as transport,
        ThreadPoolExecutor(8) as pool,
    ):
        bodies = [tmp_path / str(number) for number in range(24)]
        for answered in [
            pool.submit(transport.get, Request(server.url("/feed")), body) for body in bodies
        ]:
            answered.result()

    assert max(under_way) == 1
    assert time.clock() >= 23 * 3.0
    assert all(body.read_bytes() == FEED for body in bodies)


def test_each_redirect_waits_for_the_pace_of_its_host(server: LocalServer, tmp_path: Path) -> None:
    time = MadeUpTime()
    at: dict[str, float] = {}

    def answer(ask: Ask) -> Reply:
        at[ask.path] = time.clock()
        return {
            "/1": Reply(location="/2"),
            "/2": Reply(location=server.url("/3", host=2)),
            "/3": Reply(location=server.url("/4")),
            "/4": Reply(FEED),
        }[ask.path]

    for path in ("/1", "/2", "/3", "/4"):
        server.answers(path, answer)
    with asking(time, ["127.0.0.1", "127.0.0.2"], pace_of=lambda host: Pace(3.0)) as transport:
        fetched(transport, server.url("/1"), tmp_path)

    assert at == {"/1": 0, "/2": 3, "/3": 3, "/4": 6}


# Slow servers


def until(is_so: Callable[[], object]) -> None:
    """Wait for a condition."""
    end = real_time.monotonic() + 20
    while not is_so():
        assert real_time.monotonic() < end
        real_time.sleep(0.002)


HASTE = Patience(connect=5.0, read=0.04, total=0.05, bytes_a_second=1 << 20)


@contextmanager
def speaking(speak: Callable[[socket.socket], object]) -> Iterator[str]:
    """Run a server that speaks as it likes to each who connects; yields its address."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:  # closed
                    return
                with connection:
                    try:
                        speak(connection)
                    except OSError:  # the other one went away, as it should
                        continue

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}/feed"
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            thread.join(20)
            assert not thread.is_alive(), "it is still spoken to"


def drip(start: bytes, drop: bytes) -> Callable[[socket.socket], None]:
    """Return what says a little, and again a little, as long as anybody listens."""

    def speak(connection: socket.socket) -> None:
        connection.recv(1 << 16)
        connection.sendall(start)
        while True:
            connection.sendall(drop)
            real_time.sleep(0.02)

    return speak


@pytest.mark.parametrize(
    "speak",
    [
        drip(b"HTTP/1.1 200 OK\r\nContent-Length: 50000\r\n\r\n", b"x"),
        drip(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        drip(b"HTTP/1.1 200 OK\r\n", b"X-Header: x\r\n"),
        drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        drip(b"HTTP/1.1 200 OK\r\nX-Header: ", b"x"),
        lambda connection: connection.recv(1 << 16) and connection.recv(1),
        drip(b"SSH-2.0-OpenSSH\r\n", b"\r\n"),
    ],
    ids=["body", "chunks", "headers", "continue", "one header", "silence", "no HTTP"],
)
def test_a_server_that_takes_for_ever_is_given_up(
    tmp_path: Path, speak: Callable[[socket.socket], object]
) -> None:
    with speaking(speak) as url, asking(patience=HASTE) as transport:
        start = real_time.monotonic()
        with pytest.raises(FetchFailed, match=r"takes too long|no whole answer"):
            fetched(transport, url, tmp_path)
        assert real_time.monotonic() - start < 5
        until(lambda: not any(t.name.startswith("fetch") for t in threading.enumerate()))


def test_a_large_answer_may_take_longer_than_a_small_one(
    server: LocalServer, tmp_path: Path
) -> None:
    server.answers("/feed", Reply(FEED, slow=0.05, piece=4096))
    patience = Patience(total=0.3, bytes_a_second=40 << 10)

    with asking(patience=patience) as transport:
        assert fetched(transport, server.url("/feed"), tmp_path).status == 200
    assert len(server.asked) == 1


# Stopping


def test_stop_ends_what_is_under_way_and_what_waits(server: LocalServer, tmp_path: Path) -> None:
    server.answers("/slow", Reply(FEED, slow=0.5, piece=1))
    server.answers("/silent", Reply(FEED, latency=30))
    with asking(pace_of=lambda host: Pace(0.0, at_once=2)) as transport:
        with ThreadPoolExecutor(4) as pool:
            asked = [
                pool.submit(fetched_alone, transport.get, server.url(path), tmp_path / str(number))
                for number, path in enumerate(["/slow", "/silent", "/slow", "/silent"])
            ]
            until(lambda: len(server.asked) == 2 and (tmp_path / "0").exists())
            start = real_time.monotonic()
            transport.stop()
            for answered in asked:
                assert isinstance(answered.exception(timeout=20), Interrupted)
            assert real_time.monotonic() - start < 1
        with pytest.raises(Interrupted):
            fetched(transport, server.url("/slow"), tmp_path)

    assert list(tmp_path.iterdir()) == []
    assert len(server.asked) == 2


def fetched_alone(get: Callable[[Request, Path], object], url: str, body: Path) -> None:
    """Fetch, of a few that have a folder together."""
    get(Request(url), body)


def test_stop_does_not_wait_for_a_name_that_is_looked_up(tmp_path: Path) -> None:
    asked, let_go = threading.Event(), threading.Event()

    def resolve(host: str, port: int) -> list[str]:
        asked.set()
        let_go.wait(20)
        return ["127.0.0.1"]

    with asking(resolve=resolve) as transport, ThreadPoolExecutor(1) as pool:
        answered = pool.submit(fetched, transport, "http://example.org/feed", tmp_path)
        assert asked.wait(20)
        transport.stop()
        assert isinstance(answered.exception(timeout=20), Interrupted)
        let_go.set()


def test_ctrl_c_leaves_nothing_behind(server: LocalServer, tmp_path: Path) -> None:
    server.answers("/slow", Reply(FEED, slow=0.5, piece=1))
    body = tmp_path / "body"

    def press() -> None:
        until(body.exists)
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)

    with asking() as transport:
        finger = threading.Thread(target=press)
        finger.start()
        with pytest.raises(KeyboardInterrupt):
            transport.get(Request(server.url("/slow")), body)
        finger.join()
        assert not body.exists()
