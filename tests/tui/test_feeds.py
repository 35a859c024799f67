"""Feeds while the screen is open: fetched by themselves and by a key, listed, added, removed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

import made_up_feeds
from local_server import Ask, LocalServer, Reply
from papertray.core.model import Pile
from papertray.notebook.notebook import Notebook
from papertray.store.places import Places

from .desk import SMALL, TITLES, LaterClock, at_desk, open_notebook
from trays import add_lines


def rss(*words: str) -> bytes:
    """Return a feed with a paper about each word."""
    return made_up_feeds.rss(*(f"On {word} from afar" for word in words))


@pytest.fixture
def server() -> Iterator[LocalServer]:
    """A server with one feed of two papers."""
    with LocalServer() as running:
        running.answers("/feed", Reply(rss("comets", "meteors"), etag='"1"'))
        yield running


@pytest.fixture
def elsewhere(places: Places) -> Callable[[], Notebook]:
    """Opens the tray for the background, in a session of its own each time."""
    numbers = count(1)
    return lambda: open_notebook(places, f"background-{next(numbers)}", clock=LaterClock())


def subscribe(notebook: Notebook, location: str, name: str = "far") -> None:
    """Subscribe, before the screen is opened."""
    notebook.subscriptions.add(location, name, folder=Path.cwd())


@pytest.fixture
def subscribed(notebook: Notebook, places: Places, server: LocalServer) -> Notebook:
    """A tray with fifteen papers, subscribed to the server's feed by another session."""
    with open_notebook(places, "yesterday") as before:
        subscribe(before, server.url("/feed"))
    return notebook


async def test_feeds_are_fetched_when_the_screen_opens_and_nothing_moves(
    subscribed: Notebook, elsewhere: Callable[[], Notebook]
) -> None:
    async with at_desk(subscribed, elsewhere=elsewhere) as desk:
        await desk.until_shown("2 new from 1 feed")
        await desk.until(lambda: "Inbox 17" in desk.tabs, "the new papers are counted")
        await desk.settle()
        assert desk.cursor == TITLES[0], "the list stays where it is"
        assert desk.list_lines[0].startswith(f"> {TITLES[0]}")
        await desk.press("g", "g")
        assert desk.cursor == "On comets from afar"


async def test_u_takes_back_decisions_and_never_a_fetch(
    subscribed: Notebook, elsewhere: Callable[[], Notebook]
) -> None:
    async with at_desk(subscribed, elsewhere=elsewhere) as desk:
        await desk.until(lambda: "Inbox 17" in desk.tabs, "the new papers are counted")
        await desk.press("x", "u", "u", "u")
        assert "Inbox 17" in desk.tabs


async def test_a_key_fetches(
    subscribed: Notebook, elsewhere: Callable[[], Notebook], server: LocalServer
) -> None:
    async with at_desk(subscribed, elsewhere=elsewhere) as desk:
        await desk.until_shown("2 new from 1 feed")
        await desk.press("R")
        await desk.until_shown("nothing new")
        server.answers("/feed", Reply(rss("comets", "meteors", "moons"), etag='"2"'))
        await desk.press("R")
        await desk.until_shown("1 new from 1 feed")
        assert [ask.headers.get("if-none-match") for ask in server.asked] == [None, '"1"', '"1"']


async def test_a_key_fetches_while_pdfs_are_fetched(
    subscribed: Notebook,
    elsewhere: Callable[[], Notebook],
    server: LocalServer,
    places: Places,
) -> None:
    begun, done = threading.Event(), threading.Event()

    def slowly(ask: Ask) -> Reply:
        begun.set()
        assert done.wait(30)
        return Reply(status=404)

    server.answers("/pdf/2610.00001", slowly)
    places.config.mkdir(parents=True)
    places.settings.write_text(f'[services]\narxiv = "{server.url("")}"\n', encoding="utf-8")
    with open_notebook(places, "yesterday2") as before:
        add_lines(before, [{"title": "A starred one", "arxiv_id": "2610.00001"}])
        before.papers.move([16], Pile.STARRED)
    async with at_desk(subscribed, elsewhere=elsewhere) as desk:
        await desk.until_shown("2 new from 1 feed")
        await desk.until(begun.is_set, "the PDF is asked for")
        server.answers("/feed", Reply(rss("comets", "meteors", "moons"), etag='"2"'))
        await desk.press("R")
        await desk.until_shown("1 new from 1 feed")
        done.set()


async def test_fetching_by_itself_can_be_turned_off(
    subscribed: Notebook,
    elsewhere: Callable[[], Notebook],
    server: LocalServer,
    places: Places,
) -> None:
    places.config.mkdir(parents=True)
    places.settings.write_text("[feeds]\nfetch_at_start = false\n", encoding="utf-8")
    async with at_desk(subscribed, elsewhere=elsewhere) as desk:
        await desk.press("j", "k")
        assert not server.asked
        await desk.press("R")
        await desk.until_shown("2 new from 1 feed")


async def test_without_network_the_screen_says_so_in_two_words(
    notebook: Notebook, places: Places, elsewhere: Callable[[], Notebook]
) -> None:
    with open_notebook(places, "yesterday") as before:
        subscribe(before, "https://nowhere.invalid/feed")
    async with at_desk(notebook, elsewhere=elsewhere) as desk:
        await desk.until(lambda: "no network" in desk.text, "the state is told")
        assert not desk.toasts
        await desk.press("g", "f")
        assert "failed" not in desk.text


async def test_a_feed_that_fails_is_told_where_the_feeds_are_listed(
    subscribed: Notebook, elsewhere: Callable[[], Notebook], server: LocalServer, places: Places
) -> None:
    with open_notebook(places, "yesterday2") as before:
        subscribe(before, server.url("/gone"), "gone [ML]")
    async with at_desk(subscribed, elsewhere=elsewhere) as desk:
        await desk.until_shown("2 new from 1 feed, 1 feed failed: gf says why")
        await desk.press("g", "f")
        assert "gone [ML]" in desk.text
        assert "failed just now" in desk.text
        assert "404" in desk.text
        await desk.press("j", "enter")
        await desk.settle()


async def test_the_papers_of_a_feed(
    subscribed: Notebook, elsewhere: Callable[[], Notebook]
) -> None:
    async with at_desk(subscribed, elsewhere=elsewhere) as desk:
        await desk.until(lambda: "Inbox 17" in desk.tabs, "the new papers are counted")
        await desk.press("g", "f", "enter")
        await desk.until(lambda: len(desk.titles) == 2, "the feed's papers are shown")
        assert desk.titles == ["On comets from afar", "On meteors from afar"]
        await desk.press("s")
        assert "Starred 1" in desk.tabs


async def test_a_feed_is_added_and_removed_and_brought_back(
    empty: Notebook, elsewhere: Callable[[], Notebook], server: LocalServer
) -> None:
    async with at_desk(empty, elsewhere=elsewhere) as desk:
        assert "gf  subscribe" in desk.text
        await desk.press("g", "f")
        assert "arxiv:cs.CL" in desk.text
        await desk.answer(server.url("/feed"))
        await desk.until(lambda: "Inbox 2" in desk.tabs, "the new feed is fetched")
        await desk.press("g", "f", "D")
        assert "removed the feed" in desk.status
        assert not empty.subscriptions.all()
        await desk.press("u")
        assert len(empty.subscriptions.all()) == 1
        assert empty.papers.number() == 2


async def test_what_is_no_feed_is_refused_in_a_sentence(
    empty: Notebook, elsewhere: Callable[[], Notebook]
) -> None:
    async with at_desk(empty, SMALL, elsewhere=elsewhere) as desk:
        await desk.press("g", "f")
        await desk.answer("exec:rm -rf /")
        await desk.until(lambda: bool(desk.toasts), "it is told")
        assert not empty.subscriptions.all()
        await desk.press("R")
        await desk.until_shown("no feeds yet: gf adds one")


async def test_a_feed_may_get_a_name_while_others_are_fetched(
    empty: Notebook, places: Places, server: LocalServer, elsewhere: Callable[[], Notebook]
) -> None:
    is_open = threading.Event()

    def held(ask: Ask) -> Reply:
        is_open.wait(10)
        return Reply(rss("tides"))

    server.answers("/held", held)
    with open_notebook(places, "yesterday") as before:
        subscribe(before, server.url("/held"))
    async with at_desk(empty, elsewhere=elsewhere) as desk:
        await desk.until(lambda: bool(server.asked), "the first feed is asked for")
        await desk.press("g", "f", "a")
        await desk.answer(f"sky {server.url('/feed')}")
        await desk.until_shown("added the feed sky; it is fetched after the others")
        is_open.set()
        await desk.until(lambda: "Inbox 3" in desk.tabs, "both feeds are fetched")


async def test_leaving_does_not_wait_for_a_slow_server(
    notebook: Notebook, places: Places, elsewhere: Callable[[], Notebook], server: LocalServer
) -> None:
    server.answers("/slow", Reply(rss(*map(str, range(200))), slow=5.0, piece=10))
    with open_notebook(places, "yesterday") as before:
        subscribe(before, server.url("/slow"))
    async with at_desk(notebook, elsewhere=elsewhere) as desk:
        await desk.until(lambda: bool(server.asked), "the feed is asked for")
        await desk.press("x")
    assert notebook.papers.counts().skip == 1


async def test_the_feeds_of_newsboat_are_offered(
    empty: Notebook, elsewhere: Callable[[], Notebook], server: LocalServer, tmp_path: Path
) -> None:
    urls = tmp_path / "home" / ".newsboat" / "urls"
    urls.parent.mkdir(parents=True)
    urls.write_text(f'{server.url("/feed")} "~Far away" physics\n"exec:~/bin/feed"\n')
    async with at_desk(empty, SMALL, home=tmp_path / "home", elsewhere=elsewhere) as desk:
        await desk.until_shown("newsboat's feeds are in ~/.newsboat/urls.")
        await desk.press("R")
        assert "exec:" in desk.text, "what is left out is told"
        await desk.press("escape")
        await desk.until(lambda: "Inbox 2" in desk.tabs, "the feed is fetched")
        assert [one.name for one, _, _ in empty.subscriptions.all()] == ["Far away"]


async def test_what_is_dropped_into_the_tray_arrives(
    notebook: Notebook, elsewhere: Callable[[], Notebook], places: Places
) -> None:
    async with at_desk(notebook, elsewhere=elsewhere) as desk:
        drop = places.tray / "drop"
        await desk.until(drop.is_dir, "the drop folder is there")
        (drop / "far.rss").write_bytes(rss("comets"))
        (drop / "broken.rss").write_bytes(b"%PDF-1.4 not a feed")
        await desk.until(lambda: "Inbox 16" in desk.tabs, "the paper is in the inbox")
        await desk.until(lambda: bool(desk.toasts), "what cannot be read is told")
        assert (drop / "done" / "far.rss").exists()
        await desk.until((drop / "failed" / "broken.rss.why.txt").exists, "the reason lies there")
