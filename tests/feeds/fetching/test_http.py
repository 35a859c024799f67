"""Asking a server: what is sent, what is kept of the answer, where redirects lead."""

from __future__ import annotations

import gzip
import os
import resource
import subprocess
import sys
import tracemalloc
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from feeds.fetching.asking import asking, fetched
from local_server import LocalServer, Reply
from papertray.core.errors import FetchFailed, FetchRefused
from papertray.feeds.fetching.http import MOST_REDIRECTS, HttpTransport
from papertray.feeds.fetching.transport import Request

FEED = b"<rss>" + b"<item/>" * 5_000 + b"</rss>"


@pytest.fixture(scope="module")
def transport() -> Iterator[HttpTransport]:
    with asking() as transport:
        yield transport


def test_an_answer_is_kept_in_the_file(
    server: LocalServer, transport: HttpTransport, tmp_path: Path
) -> None:
    server.answers("/feed", Reply(FEED, etag='"1"', content_type="application/rss+xml"))

    answer = fetched(transport, server.url("/feed?page=2&q=a%20b"), tmp_path)

    assert (answer.status, answer.moved) == (200, "")
    assert answer.url == server.url("/feed?page=2&q=a%20b")
    assert answer.body is not None
    assert answer.body.read_bytes() == FEED
    assert answer.headers["etag"] == '"1"'
    assert answer.headers["content-type"] == "application/rss+xml"


def test_what_the_server_is_told(
    server: LocalServer, transport: HttpTransport, tmp_path: Path
) -> None:
    server.answers("/feed", Reply(FEED, headers={"Set-Cookie": "who=you"}))
    request = Request(server.url("/feed?q=1"), '"1"', "Mon, 23 Nov 2026 07:00:00 GMT", "text/xml")

    transport.get(request, tmp_path / "a")
    fetched(transport, server.url("/feed"), tmp_path)

    first, second = (ask.headers for ask in server.asked)
    assert first["user-agent"] == "papertray/test"
    assert first["accept"] == "text/xml"
    assert first["if-none-match"] == '"1"'
    assert first["if-modified-since"] == "Mon, 23 Nov 2026 07:00:00 GMT"
    assert first["accept-encoding"] == "gzip"
    assert server.asked[0].query == {"q": "1"}
    assert second["accept"] == "*/*"
    assert not {"if-none-match", "if-modified-since", "cookie"} & set(second)


def test_nothing_new_is_told_apart_by_either_validator(
    server: LocalServer, transport: HttpTransport, tmp_path: Path
) -> None:
    server.answers("/feed", Reply(FEED, etag='"1"', last_modified="Mon, 23 Nov 2026 07:00:00 GMT"))
    body = tmp_path / "body"

    by_tag = transport.get(Request(server.url("/feed"), etag='"1"'), body)
    day = "Mon, 23 Nov 2026 07:00:00 GMT"
    by_day = transport.get(Request(server.url("/feed"), last_modified=day), body)

    assert (by_tag.status, by_tag.body) == (by_day.status, by_day.body) == (304, None)
    assert by_tag.headers["etag"] == '"1"'
    assert not body.exists()


def test_nothing_new_without_having_anything_is_a_failure(
    server: LocalServer, transport: HttpTransport, tmp_path: Path
) -> None:
    server.answers("/feed", Reply(status=304))

    with pytest.raises(FetchFailed, match="nothing is new"):
        fetched(transport, server.url("/feed"), tmp_path)


@pytest.mark.parametrize("etag", ['W/"ü 1"', "no quotes", '"a,b"', '"x"\r\nX-Other: 1'])
def test_an_odd_validator_breaks_nothing(
    server: LocalServer, transport: HttpTransport, tmp_path: Path, etag: str
) -> None:
    server.answers("/feed", Reply(FEED))

    assert fetched(transport, server.url("/feed"), tmp_path, etag=etag).status == 200
    assert "x-other" not in server.asked[0].headers


@pytest.mark.parametrize("status", [401, 403, 404, 410, 418, 451, 501, 204, 206, 299])
def test_any_other_answer_is_a_failure_at_once(
    server: LocalServer, transport: HttpTransport, tmp_path: Path, status: int
) -> None:
    server.answers("/feed", Reply(b"<html>Sorry</html>" if status != 204 else b"", status=status))

    with pytest.raises(FetchFailed, match=rf"127\.0\.0\.1:\d+/feed answers {status}"):
        fetched(transport, server.url("/feed"), tmp_path)
    assert len(server.asked) == 1


# Redirects


@pytest.mark.parametrize(
    ("status", "is_permanent"), [(301, True), (308, True), (302, False), (303, False), (307, False)]
)
def test_a_redirect_is_followed_and_a_permanent_one_remembered(
    server: LocalServer, transport: HttpTransport, tmp_path: Path, status: int, is_permanent: bool
) -> None:
    server.answers("/old", Reply(status=status, location="new?a=1#part"))
    server.answers("/new", Reply(FEED))

    answer = fetched(transport, server.url("/old"), tmp_path)

    assert answer.url == server.url("/new?a=1")
    assert answer.moved == (server.url("/new?a=1") if is_permanent else "")


@pytest.mark.parametrize(
    ("statuses", "is_permanent"),
    [((301, 308, 301), True), ((301, 302), False), ((307, 301), False)],
)
def test_a_chain_is_permanent_if_all_of_it_is(
    server: LocalServer, transport: HttpTransport, tmp_path: Path,
    statuses: tuple[int, ...], is_permanent: bool,
) -> None:  # fmt: skip
    for number, status in enumerate(statuses):
        server.answers(f"/{number}", Reply(status=status, location=server.url(f"/{number + 1}")))
    server.answers(f"/{len(statuses)}", Reply(FEED, etag='"1"'))

    answer = fetched(transport, server.url("/0"), tmp_path, etag='"1"')

    assert answer.status == 304
    assert bool(answer.moved) == is_permanent
    assert answer.url == server.url(f"/{len(statuses)}")


@pytest.mark.parametrize("path", ["/here", "/there"])
def test_a_circle_is_left(
    server: LocalServer, transport: HttpTransport, tmp_path: Path, path: str
) -> None:
    server.answers("/here", Reply(status=301, location=path))
    server.answers("/there", Reply(status=302, location="/here"))

    with pytest.raises(FetchFailed, match=r"/here leads .* without end"):
        fetched(transport, server.url("/here"), tmp_path)
    assert len(server.asked) == MOST_REDIRECTS + 1


STRANGE_PLACES = [
    "http://127.0.0.1:{port}/secret", "http://127.0.0.2:{port}/secret", "http://2130706433/",
    "http://[::1]:{port}/secret", "http://[::ffff:127.0.0.1]:{port}/secret", "http://0/",
    "//127.0.0.1:{port}/secret", "http://x@127.0.0.1/", "http://arxiv.org@127.0.0.1:{port}/secret",
    "https://user:pass@arxiv.org/", "file:/secret", "file:///etc/passwd", "ftp://arxiv.org/",
    "data:text/xml,<rss/>", "javascript:1", "http://169.254.169.254/latest/meta-data/", "http://",
    "http://[", "\\\\x", "http://１２７.0.0.1/secret", "http://a..b/", "http://%31%32%37.0.0.1/",
]  # fmt: skip


def test_a_redirect_leads_to_nowhere_that_the_user_did_not_name(
    server: LocalServer, tmp_path: Path
) -> None:
    server.answers("/secret", Reply(b"secret"))
    with asking(allowed_hosts={"localhost"}) as transport:
        for place in STRANGE_PLACES:
            told = place.format(port=server.port).encode().decode("latin-1")
            server.answers("/feed", Reply(location=told))
            with pytest.raises(FetchFailed) as caught:
                fetched(transport, server.url("/feed", host="localhost"), tmp_path)
            assert "pass@" not in str(caught.value)

    assert not server.asked_for("/secret")
    assert len(server.asked) >= len(STRANGE_PLACES)


def test_a_redirect_to_nothing_is_a_failure(
    server: LocalServer, transport: HttpTransport, tmp_path: Path
) -> None:
    server.answers("/feed", Reply(status=301))

    with pytest.raises(FetchFailed, match="does not name"):
        fetched(transport, server.url("/feed"), tmp_path)


# Bodies


def test_a_packed_answer_is_unpacked(
    server: LocalServer, transport: HttpTransport, tmp_path: Path
) -> None:
    server.answers("/feed", Reply(FEED, packed=True))

    answer = fetched(transport, server.url("/feed"), tmp_path)

    assert answer.body is not None
    assert answer.body.read_bytes() == FEED


def test_an_empty_answer_is_an_empty_file(
    server: LocalServer, transport: HttpTransport, tmp_path: Path
) -> None:
    server.answers("/feed", Reply(b""))
    server.answers("/packed", Reply(b"", headers={"Content-Encoding": "gzip"}))

    for path in ("/feed", "/packed"):
        answer = fetched(transport, server.url(path), tmp_path)
        assert answer.body is not None
        assert answer.body.read_bytes() == b""


@pytest.mark.parametrize("packing", ["br", "deflate", "zstd", "gzip, gzip", "compress"])
def test_a_packing_that_was_not_asked_for_is_refused(
    server: LocalServer, transport: HttpTransport, tmp_path: Path, packing: str
) -> None:
    server.answers("/feed", Reply(zlib.compress(FEED), headers={"Content-Encoding": packing}))

    with pytest.raises(FetchFailed, match="packed as"):
        fetched(transport, server.url("/feed"), tmp_path)


def test_what_says_that_it_is_packed_and_is_not_is_no_empty_feed(
    server: LocalServer, transport: HttpTransport, tmp_path: Path
) -> None:
    server.answers("/feed", Reply(FEED, headers={"Content-Encoding": "gzip"}))

    with pytest.raises(FetchFailed, match="came as gzip, and is none"):
        fetched(transport, server.url("/feed"), tmp_path)


@pytest.mark.parametrize(
    "packed",
    [gzip.compress(FEED)[:60], gzip.compress(FEED)[:30] + b"x" * 90],
    ids=["cut", "wrong"],  # gzip writes the time into what it packs: no name of a test
)
def test_a_broken_packing_leaves_nothing(
    server: LocalServer, transport: HttpTransport, tmp_path: Path, packed: bytes
) -> None:
    server.answers("/feed", Reply(packed, headers={"Content-Encoding": "gzip"}))

    with pytest.raises(FetchFailed, match=r"/feed is a gzip archive that"):
        fetched(transport, server.url("/feed"), tmp_path)


def test_what_says_that_it_is_too_large_is_not_read(
    server: LocalServer, transport: HttpTransport, tmp_path: Path
) -> None:
    server.answers("/feed", Reply(b"x", headers={"Content-Length": "9" * 18}))

    with pytest.raises(FetchFailed, match=r"/feed is larger than 3 MB"):
        fetched(transport, server.url("/feed"), tmp_path, most_bytes=3 << 20)
    assert len(server.asked) == 1


@pytest.mark.parametrize("is_packed", [False, True])
def test_an_answer_may_have_all_the_bytes_that_were_asked_for_and_not_one_more(
    server: LocalServer, transport: HttpTransport, tmp_path: Path, is_packed: bool
) -> None:
    server.answers("/feed", Reply(FEED, packed=is_packed))

    assert fetched(transport, server.url("/feed"), tmp_path, most_bytes=len(FEED)).body
    with pytest.raises(FetchFailed, match=f"larger than {len(FEED) - 1} bytes"):
        fetched(transport, server.url("/feed"), tmp_path, most_bytes=len(FEED) - 1)


def test_a_bomb_takes_no_memory(
    server: LocalServer, transport: HttpTransport, tmp_path: Path
) -> None:
    bomb = gzip.compress(bytes(64 << 20))
    server.answers("/feed", Reply(bomb, headers={"Content-Encoding": "gzip"}))
    tracemalloc.start()
    try:
        with pytest.raises(FetchFailed, match="larger than 8 MB"):
            fetched(transport, server.url("/feed"), tmp_path, most_bytes=8 << 20)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert peak < 2 << 20


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from feeds.fetching.asking import asking
from papertray.feeds.fetching.transport import Request
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
body = Path(sys.argv[2])
with asking() as transport:
    try:
        transport.get(Request(sys.argv[1]), body)
    except Exception as error:
        print(type(error).__name__, error, body.exists())
"""


def test_a_full_disk_is_said_and_keeps_nothing(server: LocalServer, tmp_path: Path) -> None:
    server.answers("/feed", Reply(FEED))

    ended = subprocess.run(
        [sys.executable, "-c", FULL_DISK, server.url("/feed"), str(tmp_path / "body")],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert ended.stdout.startswith("DiskFull There is no room left")
    assert ended.stdout.endswith("False\n")
    assert resource.getrlimit(resource.RLIMIT_FSIZE)  # this process goes on without a limit


def test_a_file_that_is_there_is_left_alone(
    server: LocalServer, transport: HttpTransport, tmp_path: Path
) -> None:
    server.answers("/feed", Reply(FEED))
    mine = tmp_path / "body"
    mine.write_text("mine")

    with pytest.raises(FileExistsError):
        transport.get(Request(server.url("/feed")), mine)
    assert mine.read_text() == "mine"


def test_an_address_that_is_none_is_refused(transport: HttpTransport, tmp_path: Path) -> None:
    for address in ("", "feed", "//127.0.0.1/feed", "http://me:pass@exa mple/", "http://\x00/"):
        with pytest.raises(FetchRefused) as caught:
            fetched(transport, address, tmp_path)
        assert "pass" not in str(caught.value)
