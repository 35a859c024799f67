"""What can be reached, and what must not be: names, proxies, certificates, credentials."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from errno import ENETUNREACH
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.fetching.asking import asking, fetched
from local_server import LocalServer, Reply
from papertray.core.errors import FetchFailed, FetchRefused, NoNetwork, UsageError
from papertray.feeds.fetching.http import HttpTransport
from papertray.feeds.fetching.pace import Paces
from papertray.feeds.fetching.transport import Request

PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def server(server: LocalServer) -> LocalServer:
    server.answers("/feed", Reply(b"<rss/>"))
    return server


def looked_up_as(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    """Have the system look each name up as an address, as a name server can."""

    def getaddrinfo(host: object, port: int, *_: object, **__: object) -> list[object]:
        if not address:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


def test_a_name_that_stands_for_this_machine_is_not_asked(
    server: LocalServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    looked_up_as(monkeypatch, "127.0.0.1")

    with asking() as transport, pytest.raises(FetchRefused, match="leads into this machine"):
        fetched(transport, server.url("/feed", host="evil.example.org"), tmp_path)
    assert server.asked == []


def test_a_name_that_stands_for_this_machine_only_when_it_is_connected_to_gets_nothing(
    server: LocalServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    looked_up_as(monkeypatch, "127.0.0.1")  # the second time; the first it is a public one

    with (
        asking(resolve=lambda host, port: ["93.184.216.34"]) as transport,
        pytest.raises(FetchRefused, match="leads into this machine"),
    ):
        fetched(transport, server.url("/feed", host="evil.example.org"), tmp_path)
    assert server.asked == []


def test_one_private_address_among_public_ones_is_enough(tmp_path: Path) -> None:
    with (
        asking(resolve=lambda host, port: ["93.184.216.34", "::1"]) as transport,
        pytest.raises(FetchRefused),
    ):
        fetched(transport, "http://evil.example.org/feed", tmp_path)


def test_a_name_that_the_user_named_may_stand_for_this_machine(
    server: LocalServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    looked_up_as(monkeypatch, "127.0.0.1")

    with asking(allowed_hosts=["Feeds.Example.org."]) as transport:
        url = server.url("/feed", host="feeds.example.org")
        assert fetched(transport, url, tmp_path).status == 200


@pytest.mark.parametrize("allowed_hosts", [[], ["arxiv.org"]])
def test_without_a_network_a_name_is_not_found(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, allowed_hosts: list[str]
) -> None:
    looked_up_as(monkeypatch, "")

    with (
        asking(allowed_hosts=allowed_hosts) as transport,
        pytest.raises(NoNetwork, match=r"no network, or no host arxiv\.org\."),
    ):
        fetched(transport, "https://arxiv.org/rss/cs.CL", tmp_path)


def test_a_network_that_cannot_be_reached_is_none(tmp_path: Path) -> None:
    def resolve(host: str, port: int) -> list[str]:
        raise OSError(ENETUNREACH, "Network is unreachable")

    with asking(resolve=resolve) as transport, pytest.raises(NoNetwork):
        fetched(transport, "https://arxiv.org/rss/cs.CL", tmp_path)


def test_a_host_that_refuses_is_no_missing_network(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]

    with asking() as transport, pytest.raises(FetchFailed, match="refuses the conn") as caught:
        fetched(transport, f"http://127.0.0.1:{port}/feed", tmp_path)
    assert not isinstance(caught.value, NoNetwork)


# Proxies


def test_a_proxy_of_the_environment_is_asked_and_looks_names_up(
    server: LocalServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("http_proxy", server.url(""))

    with asking(allowed_hosts=[]) as transport:
        answer = fetched(transport, "http://feeds.example.org/feed", tmp_path)

    assert answer.url == "http://feeds.example.org/feed"
    assert [ask.host for ask in server.asked] == ["feeds.example.org"]


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "router", "2130706433", "nas.local"])
def test_through_a_proxy_what_can_be_known_by_name_is_refused(
    server: LocalServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, host: str
) -> None:
    monkeypatch.setenv("ALL_PROXY", server.url(""))

    with asking(allowed_hosts=[]) as transport, pytest.raises(FetchRefused):
        fetched(transport, f"http://{host}/feed", tmp_path)
    assert server.asked == []


def test_the_proxy_itself_is_not_asked_as_a_host(
    server: LocalServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    looked_up_as(monkeypatch, "127.0.0.1")
    monkeypatch.setenv("http_proxy", server.url("", host="proxy.example.org"))

    with asking(allowed_hosts=[]) as transport, pytest.raises(FetchRefused):
        fetched(transport, "http://proxy.example.org/feed", tmp_path)
    assert server.asked == []


def test_what_is_to_be_asked_without_the_proxy_is(
    server: LocalServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")

    with asking() as transport:
        assert fetched(transport, server.url("/feed"), tmp_path).status == 200


def test_a_proxy_that_refuses_is_named(
    server: LocalServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", server.url(""))  # which knows no CONNECT

    with asking() as transport, pytest.raises(FetchFailed, match=r"proxy, which says 501"):
        fetched(transport, "https://arxiv.org/feed", tmp_path)


def test_a_proxy_that_is_not_there_is_named_and_not_the_host(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{closed.getsockname()[1]}")
        with asking() as transport, pytest.raises(FetchFailed, match=r": the proxy 127\.0\.0\.1 "):
            fetched(transport, "http://arxiv.org/feed", tmp_path)


@pytest.mark.parametrize(
    ("name", "value"),
    [("ALL_PROXY", "socks5://127.0.0.1:9"), ("ALL_PROXY", "gopher://127.0.0.1"),
     ("HTTP_PROXY", "http://a:x"), ("NO_PROXY", "[::1]"), ("SSL_CERT_FILE", "/nowhere.pem")],
)  # fmt: skip
def test_an_environment_of_no_use_is_said(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(UsageError, match=f"{name}.*: "):
        HttpTransport([], "papertray/test", Paces())


# Credentials


def test_a_feed_of_ones_own_may_have_a_password_and_nobody_hears_it(
    server: LocalServer, tmp_path: Path
) -> None:
    own = server.url("/feed").replace("//", "//me:secret@")

    with asking() as transport:
        fetched(transport, own, tmp_path)
        assert server.asked[0].headers["authorization"] == "Basic bWU6c2VjcmV0"

        server.answers("/feed", Reply(location=server.url("/away", host=2)))
        with pytest.raises(FetchRefused) as refused:
            fetched(transport, own, tmp_path)
        server.answers("/feed", Reply(status=404))
        with pytest.raises(FetchFailed) as failed:
            fetched(transport, own, tmp_path)
        server.answers("/feed", Reply(location="/feed"))
        with pytest.raises(FetchFailed) as circle:
            fetched(transport, own, tmp_path)
    for caught in (refused, failed, circle):
        assert "secret" not in str(caught.value)
        assert "127.0.0." in str(caught.value)


def test_a_password_stays_with_its_host(server: LocalServer, tmp_path: Path) -> None:
    server.answers("/feed", Reply(location=server.url("/other", host=2)))
    server.answers("/other", Reply(b"<rss/>"))

    with asking(allowed_hosts=["127.0.0.1", "127.0.0.2"]) as transport:
        own = server.url("/feed").replace("//", "//me:secret@")
        assert fetched(transport, own, tmp_path).url == server.url("/other", host=2)

    assert "authorization" not in server.asked_for("/other")[0].headers


# Certificates


@pytest.fixture
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file with a certificate that only its maker trusts, and its key."""
    if not shutil.which("openssl"):
        pytest.skip("no openssl makes a certificate")
    file = tmp_path_factory.mktemp("certificate") / "both.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
         "subjectAltName=DNS:localhost", "-keyout", str(file), "-out",
         str(file.with_suffix(".crt"))],
        check=True, capture_output=True,
    )  # fmt: skip
    file.write_text(file.read_text() + file.with_suffix(".crt").read_text())
    return file


@pytest.fixture
def secure(certificate: Path) -> Iterator[LocalServer]:
    """Run a server that speaks TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with LocalServer() as server:
        server.speak_tls(context)
        server.answers("/feed", Reply(b"<rss/>"))
        yield server


def test_a_certificate_is_looked_at(
    secure: LocalServer, certificate: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    url = secure.url("/feed", host="localhost").replace("http:", "https:")

    with (
        asking(allowed_hosts=["localhost"]) as transport,
        pytest.raises(FetchFailed, match="certificate that is not to be trusted"),
    ):
        fetched(transport, url, tmp_path)

    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with asking(allowed_hosts=["localhost"]) as transport:
        assert fetched(transport, url, tmp_path).status == 200


def test_stop_ends_what_comes_by_tls(
    secure: LocalServer, certificate: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import threading
    import time

    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    secure.answers("/feed", Reply(b"x" * 1000, slow=0.5, piece=1))
    url = secure.url("/feed", host="localhost").replace("http:", "https:")
    with asking(allowed_hosts=["localhost"]) as transport:

        def stop() -> None:
            while not (tmp_path / "body").exists():
                time.sleep(0.002)
            transport.stop()

        stopping = threading.Thread(target=stop)
        stopping.start()
        start = time.monotonic()
        with pytest.raises(FetchFailed, match="was ended"):
            transport.get(Request(url), tmp_path / "body")
        assert time.monotonic() - start < 5
        stopping.join()
    assert list(tmp_path.iterdir()) == []


# Whatever a stranger writes

URLS = st.one_of(
    st.text(),
    st.builds(
        "{}{}{}{}".format,
        st.sampled_from(
            ["http://", "https://", "//", "file:///", "HTTP:\\", "http:", "https://x@"]
        ),
        st.one_of(st.text(max_size=20), st.ip_addresses().map(str), st.just("arxiv.org")),
        st.sampled_from(["", ":80", ":99999", ":x", ".", "%00", "@127.0.0.1", "]"]),
        st.one_of(st.just("/feed"), st.text(max_size=10)),
    ),
)


def test_whatever_is_asked_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with asking(allowed_hosts=[], resolve=lambda host, port: ["127.0.0.1"]) as transport:

        @settings(deadline=None)
        @given(URLS)
        def refused(url: str) -> None:
            with pytest.raises(FetchRefused):
                fetched(transport, url, tmp_path)

        refused()
