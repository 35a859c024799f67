"""The network as the settings describe it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from local_server import LocalServer, Reply
from papertray.core.errors import FetchRefused
from papertray.core.settings import parse_settings, usual_settings
from papertray.feeds.fetching.transport import Request
from papertray.notebook.network import agent, open_transport


def test_papertray_says_who_asks() -> None:
    assert agent().startswith("papertray")
    assert agent("me@example.org").startswith("papertray")
    assert agent("me@example.org").endswith(" (mailto:me@example.org)")
    assert agent("ü\r\nX-Other: 1 ").endswith(" (mailto:X-Other: 1)")


def test_hosts_that_the_user_named_may_be_on_this_machine(tmp_path: Path) -> None:
    with LocalServer() as server:
        server.answers("/feed", Reply(b"<rss/>"))
        settings = parse_settings(
            f'[services]\narxiv = "{server.url("", host=2)}"\nacl = "http://["\n'
            '[network]\ncontact = "me@example.org"\n'
        )
        with open_transport(settings, ["127.0.0.1"]) as transport:
            for host in (1, 2):
                transport.get(Request(server.url("/feed", host=host)), tmp_path / str(host))
            with pytest.raises(FetchRefused):
                transport.get(Request(server.url("/feed", host=3)), tmp_path / "3")

    assert len(server.asked) == 2
    told = [ask.headers["user-agent"].removeprefix(agent()) for ask in server.asked]
    assert told == ["", " (mailto:me@example.org)"], "services alone hear who the user is"


def test_the_usual_services_open_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import socket

    def getaddrinfo(host: object, port: int, *_: object, **__: object) -> list[object]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    with (
        open_transport(usual_settings(), []) as transport,
        pytest.raises(FetchRefused, match="leads into this machine"),
    ):
        transport.get(Request("http://arxiv.org:9/feed"), tmp_path / "body")


def test_httpx_is_for_those_who_open_it() -> None:
    script = "import papertray.notebook.network, sys; sys.exit('httpx' in sys.modules)"
    subprocess.run([sys.executable, "-c", script], check=True)
