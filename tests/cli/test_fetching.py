"""`feeds fetch` as it is typed: what it prints, and its exit codes."""

from __future__ import annotations

import json
import re
import socket
import subprocess
from collections.abc import Iterator

import pytest

from cli.command_line import ESC, CommandLine, steering_in
from local_server import Ask, LocalServer, Reply
from made_up_feeds import rss


@pytest.fixture
def server() -> Iterator[LocalServer]:
    """A server that stands in for the internet."""
    with LocalServer() as found:
        yield found


def feed(*titles: str) -> Reply:
    """Return a feed of papers with these titles."""
    return Reply(rss(*titles))


def subscribe(papertray: CommandLine, server: LocalServer, name: str, reply: Reply) -> None:
    """Have the server answer, and subscribe."""
    server.answers(f"/{name}", reply)
    assert papertray("feeds", "add", name, server.url(f"/{name}")).exit_code == 0


def test_what_each_feed_brought_and_the_sum(papertray: CommandLine, server: LocalServer) -> None:
    subscribe(papertray, server, "a", feed("One study of things", "Another study of things"))
    subscribe(papertray, server, "b", feed("A third study of things"))
    subscribe(papertray, server, "c", feed())

    result = papertray("feeds", "fetch")

    lines = result.stdout.splitlines()
    assert sorted(lines[:-1]) == ["a: 2 new papers", "b: 1 new paper"]
    assert lines[-1] == "3 new papers from 2 feeds, 1 feed unchanged"
    assert result.exit_code == 0
    undo = result.stderr.splitlines()[-1]
    assert undo.startswith("Undo: papertray undo --batch ")
    assert papertray(*undo.removeprefix("Undo: papertray ").split()).exit_code == 0
    assert papertray.lines("list") == []

    again = papertray("feeds", "fetch", "a", "b")
    assert again.stdout == "0 new papers, 2 feeds unchanged\n"
    assert again.stderr == ""


def test_json(papertray: CommandLine, server: LocalServer) -> None:
    subscribe(papertray, server, "a", feed("One study of things"))
    subscribe(papertray, server, "b", Reply(status=404))
    result = papertray("feeds", "fetch", "--json")
    found = json.loads(result.stdout)
    assert result.exit_code == 1
    assert (found["added"], found["asked"], found["failed"], found["offline"]) == (1, 2, 1, False)
    failures = {one["name"]: one["failure"] for one in found["feeds"]}
    assert failures["a"] == ""
    assert "404 Not Found" in failures["b"]


@pytest.mark.parametrize(("names", "code"), [((), 1), (("bad",), 2), (("good",), 0)])
def test_exit_codes(
    papertray: CommandLine, server: LocalServer, names: tuple[str, ...], code: int
) -> None:
    subscribe(papertray, server, "good", feed("One study of things"))
    subscribe(papertray, server, "bad", Reply(b"<html>Log in</html>", content_type="text/html"))
    result = papertray("feeds", "fetch", *names)
    assert result.exit_code == code
    assert ("bad: " in result.stderr) == (code > 0)
    assert "Traceback" not in result.stderr


def test_no_network_is_half_a_line(papertray: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in "abc":
        papertray("feeds", "add", name, f"https://{name}.example.org/feed")

    def unknown(*asked: object, **options: object) -> object:
        raise socket.gaierror(socket.EAI_AGAIN, "no network")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    result = papertray("feeds", "fetch")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "no network: 3 feeds wait for it\n"


def test_what_answers_here_does_not_make_the_network_a_failure(
    papertray: CommandLine, server: LocalServer
) -> None:
    subscribe(papertray, server, "near", feed("One study of things"))
    papertray("feeds", "add", "far", "http://far.invalid/feed")
    result = papertray("feeds", "fetch")
    assert (result.exit_code, result.stdout.splitlines()[-1]) == (0, "1 new paper")
    assert result.stderr.startswith("no network: 1 feed waits for it\n")


def test_a_piece_that_cannot_be_read_is_a_line_and_1(
    papertray: CommandLine, server: LocalServer
) -> None:
    bad = b"<item><link>https://example.org/1</link></item></channel>"
    reply = feed("One study of things")
    subscribe(papertray, server, "a", Reply(reply.body.replace(b"</channel>", bad)))
    result = papertray("feeds", "fetch")
    assert result.exit_code == 1
    assert result.stdout.splitlines() == ["a: 1 new paper", "1 new paper"]
    assert f"a: {server.url('/a')}, line 1: " in result.stderr
    assert papertray("feeds", "fetch").exit_code == 0, "it is told once"


def test_who_asks_to_wait_is_named(papertray: CommandLine, server: LocalServer) -> None:
    busy = Reply(status=429, headers={"Retry-After": "7200"})
    subscribe(papertray, server, "busy", busy)
    assert papertray("feeds", "fetch").exit_code == 2
    result = papertray("feeds", "fetch")
    assert result.exit_code == 0
    assert result.stderr.startswith("busy: its server wants to be left alone until 20")
    assert len(server.asked) == 1


def test_a_page_in_place_of_its_feed_is_told_with_the_feed(
    papertray: CommandLine, server: LocalServer
) -> None:
    page = b'<html><link rel="alternate" type="application/rss+xml" href="/rss"><body>Us</html>'
    subscribe(papertray, server, "home", Reply(page, content_type="text/html"))
    said = papertray("feeds", "fetch").stderr
    assert (
        f"home: {server.url('/home')} is an HTML page, whose feed is {server.url('/rss')}" in said
    )
    server.answers("/rss", feed("One study of things"))
    papertray("feeds", "change", "home", "--location", server.url("/rss"))
    assert papertray("feeds", "fetch").stdout.startswith("home: 1 new paper\n")


def test_feeds_of_one_server_wait_in_one_sentence(
    papertray: CommandLine, server: LocalServer
) -> None:
    busy = Reply(status=429, headers={"Retry-After": "7200"})
    for name in "abcdefg":
        subscribe(papertray, server, name, busy)
    papertray("feeds", "fetch")
    said = papertray("feeds", "fetch").stderr
    assert re.fullmatch(
        r"a, b, c, d, e and 2 more: their server wants to be left alone until "
        r"\d{4}-\d\d-\d\d \d\d:\d\d UTC\n",
        said,
    )


def test_what_is_known_already_is_not_offered_to_be_taken_back(
    papertray: CommandLine, server: LocalServer
) -> None:
    for name in ("a", "b"):
        subscribe(papertray, server, name, feed("One study of things"))
    papertray("feeds", "fetch", "a")
    again = papertray("feeds", "fetch", "b")
    assert (again.stdout, again.stderr) == ("0 new papers, 1 feed unchanged\n", "")
    assert "fetch b" in papertray.lines("history")[0]


def test_without_feeds_there_is_a_hint_and_no_tray(papertray: CommandLine) -> None:
    result = papertray("feeds", "fetch")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "There is no tray" in result.stderr
    assert not papertray.database.exists()
    papertray("add", "-", stdin='{"title": "A study"}')
    result = papertray("feeds", "fetch")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr.startswith("There is nothing to fetch")


def test_a_second_one_says_so_and_leaves(papertray: CommandLine, server: LocalServer) -> None:
    seconds: list[subprocess.CompletedProcess[bytes]] = []

    def meanwhile(ask: Ask) -> Reply:
        seconds.append(papertray.process("feeds", "fetch"))
        return feed("One study of things")

    subscribe(papertray, server, "a", feed())
    server.answers("/a", meanwhile)
    assert papertray("feeds", "fetch").exit_code == 0
    assert (seconds[0].returncode, seconds[0].stdout) == (0, b"")
    assert seconds[0].stderr.splitlines() == [
        b"Another papertray is fetching for this tray; nothing was done here."
    ]
    assert len(server.asked) == 1


def test_hostile_text_of_a_feed_does_not_steer_the_terminal(
    papertray: CommandLine, server: LocalServer
) -> None:
    bad = f"<item><title>{ESC}[31m</title></item><item><link>{ESC}]0;x</link></item>"
    body = f'<rss version="2.0"><channel>{bad}</channel></rss>'.encode()
    subscribe(papertray, server, "a", Reply(body))
    result = papertray("feeds", "fetch")
    assert not steering_in(result.output.replace("\n", ""))


def test_expired_papers_are_told_with_their_way_back(
    papertray: CommandLine, server: LocalServer
) -> None:
    import sqlite3

    server.answers("/a", feed("One study of things"))
    papertray("feeds", "add", "a", server.url("/a"), "--expire", "30d")
    papertray("feeds", "fetch")
    with sqlite3.connect(papertray.database) as connection:
        connection.execute("UPDATE standing SET added = '2020-01-01T00:00:00.000Z'")
    result = papertray("feeds", "fetch")
    assert "a: 1 paper expired after 30 days. Undo: papertray undo --batch " in result.stderr
    undo = result.stderr.strip().rpartition("papertray ")[2]
    assert papertray(*undo.split()).exit_code == 0
    assert len(papertray.lines("list", "--pile", "inbox")) == 1


def test_what_waits_is_counted_one_by_one(
    papertray: CommandLine, server: LocalServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.answers("/pdf/2510.00001", Reply(status=429, headers={"Retry-After": "7200"}))
    config = papertray.folder / "config"
    config.mkdir()
    (config / "settings.toml").write_text(f'[services]\narxiv = "{server.url("")}"\n')
    papertray("add", "-", stdin='{"title": "A study", "arxiv_id": "2510.00001"}')
    assert papertray("move", "starred", "2510.00001").exit_code == 0
    assert "1 PDF waits for later" in papertray("feeds", "fetch").stderr
    said = papertray("feeds", "fetch").stderr
    assert said == "There is nothing to fetch now: 1 PDF waits for another day.\n"

    def unknown(*asked: object, **options: object) -> object:
        raise socket.gaierror(socket.EAI_AGAIN, "no network")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    papertray("add", "2510.06638")
    said = papertray("feeds", "fetch").stderr
    assert said.startswith("no network: 1 paper added by name waits for it\n")
