"""Feeds while the screen is open: fetched by themselves and by a key, listed, added, removed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

import made_up_feeds
from local_server import Ask, LocalServer, Reply
from papertray.core.errors import UsageError
from papertray.core.model import Pile
from papertray.core.subscriptions import Kind, Subscription
from papertray.notebook.notebook import Notebook
from papertray.notebook.rules import Action
from papertray.store.places import Places
from papertray.tui.feed_lines import WantedFeed, line_for, wanted_feed, wanted_rule

from .desk import LARGE, SMALL, TITLES, LaterClock, at_desk, open_notebook
from trays import add_lines

SIZES = pytest.mark.parametrize("size", [SMALL, LARGE])


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
        await desk.press("D")
        assert "removed the feed" in desk.text
        assert not empty.subscriptions.all()
        await desk.press("u")
        assert "undone: remove feed" in desk.text
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


@SIZES
async def test_the_list_tells_what_a_feed_brought_and_its_whole_error(
    subscribed: Notebook,
    elsewhere: Callable[[], Notebook],
    server: LocalServer,
    places: Places,
    size: tuple[int, int],
) -> None:
    with open_notebook(places, "yesterday2") as before:
        before.subscriptions.add(server.url("/gone"), "gone [/]", expire=30, tags=["[b]far"])
    async with at_desk(subscribed, size, elsewhere=elsewhere) as desk:
        await desk.until_shown("1 feed failed")
        await desk.press("g", "f")
        far, gone = desk.text.splitlines()[1:3]
        assert desk.text.startswith(" Feeds 2, 1 failed")
        assert "2 in inbox   2 new  just now" in far
        assert "2 papers, 2 in the inbox; 2 new just now; fetched just now" in desk.text
        await desk.press("j")
        assert "expires 30d  [b]far" in gone
        assert f"gone [/]: {server.url('/gone')}" in desk.text
        assert "what waits 30 days goes to skip;" in desk.text
        assert "labels: [b]far" in desk.text
        state = subscribed.subscriptions.all()[1][1]
        assert state.failure[-30:] in desk.text


@SIZES
async def test_a_feed_is_edited_in_one_line(
    subscribed: Notebook, size: tuple[int, int], server: LocalServer
) -> None:
    async with at_desk(subscribed, size) as desk:
        await desk.press("g", "f")
        await desk.press("e")
        assert desk.box.value == f"far {server.url('/feed')}"
        await desk.answer("'far [/] away' arxiv:cs.CL --expire 4w --tag x")
        assert "changed: 'far [/] away' arxiv:cs.CL --expire 28d --tag x" in desk.text
        await desk.press("e")
        assert desk.box.value == "'far [/] away' arxiv:cs.CL --expire 28d --tag x"
        await desk.answer("'far [/] away' arxiv:cs.CL")
        one = subscribed.subscriptions.find("far [/] away")
        assert (one.expire, one.tags, one.location) == (0, (), "arxiv:cs.CL")
        await desk.press("e")
        await desk.answer("far arxiv:cs.CL --expire soon")
        assert "“soon” is no time to expire" in desk.toasts[-1]


@SIZES
async def test_rules_are_listed_made_and_removed(
    notebook: Notebook, places: Places, size: tuple[int, int]
) -> None:
    with open_notebook(places, "yesterday") as before:
        before.subscriptions.add("arxiv:cs.CL")
        rule = before.rules.add("title:robots", Action(pile=Pile.SKIP))
        assert rule is not None
        before.rules.apply_to(rule, [1])
    async with at_desk(notebook, size) as desk:
        await desk.press("g", "f")
        await desk.press("r")
        assert desk.text.startswith(" 1 rule for what arrives")
        line = desk.text.splitlines()[1]
        assert line.startswith("> 1  mute what title:robots finds")
        assert line.endswith("1 paper, once, last 2026-11-23")
        await desk.press("a")
        await desk.answer("title:gardens")
        assert "Say what the rule does" in desk.text
        await desk.answer('title:"gardens [/]" --tag plants')
        assert 'rule 2: tag plants on what title:"gardens [/]" finds, from now on' in desk.text
        assert desk.text.splitlines()[2].endswith("not used yet")
        await desk.press("j", "D")
        assert [one.id for one in notebook.rules.all()] == [1]
        await desk.press("u")
        assert [one.id for one in notebook.rules.all()] == [1, 2]
        await desk.press("g", "g", "enter")
        assert desk.is_with_papers
        await desk.until(lambda: desk.titles == [TITLES[0]], "what the rule finds is shown")


async def test_the_first_rule_is_asked_for_kindly(notebook: Notebook, places: Places) -> None:
    with open_notebook(places, "yesterday") as before:
        before.subscriptions.add("arxiv:cs.CL")
    async with at_desk(notebook, SMALL) as desk:
        await desk.press("g", "f")
        await desk.press("r")
        assert "No rules yet. a makes one" in desk.text
        await desk.press("q", "x")
        assert "does nothing in this list" in desk.text


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("arxiv:cs.CL", WantedFeed("", "arxiv:cs.CL", 0, ())),
        ("cs arxiv:cs.CL --expire 30d", WantedFeed("cs", "arxiv:cs.CL", 30, ())),
        ("'a b' https://x.org/f", WantedFeed("a b", "https://x.org/f", 0, ())),
        ("openalex:alzheimer's disease", WantedFeed("", "openalex:alzheimer's disease", 0, ())),
        ("--tag=x --tag y hf:daily", WantedFeed("", "hf:daily", 0, ("x", "y"))),
    ],
)
def test_lines_that_subscribe(line: str, wanted: WantedFeed, tmp_path: Path) -> None:
    assert wanted_feed(line, tmp_path) == wanted


@pytest.mark.parametrize("line", ["", "--tag x", "--fetch hf:daily", "hf:daily --expire", "--tag"])
def test_lines_that_subscribe_to_nothing(line: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        wanted_feed(line, tmp_path)


@pytest.mark.parametrize("name", ["far", "far away", "it's", "[/]", "a 'b' c"])
def test_the_line_of_a_feed_asks_for_that_feed(name: str, tmp_path: Path) -> None:
    one = Subscription(1, name, Kind.SEARCH, "arxiv:au:smith AND cat:cs.LG", 7, ("x y", "z"))
    wanted = wanted_feed(line_for(one), tmp_path)
    assert wanted == WantedFeed(name, one.location, 7, ("x y", "z"))


@pytest.mark.parametrize(
    ("line", "query", "action"),
    [
        ("title:x --mute", "title:x", Action(pile=Pile.SKIP)),
        ("--pile read title:x -tag:y", "title:x -tag:y", Action(pile=Pile.READ)),
        ("'title:x -tag:y' --tag z", "title:x -tag:y", Action(tag="z")),
        ('title:"a b" --tag="to read"', 'title:"a b"', Action(tag="to read")),
    ],
)
def test_lines_that_make_rules(line: str, query: str, action: Action) -> None:
    assert wanted_rule(line) == (query, action)


@pytest.mark.parametrize(
    "line",
    [
        "title:x",
        "--mute",
        "x --mute --tag y",
        "x --pile inbox",
        "x --pile no",
        "x --mute --waiting",
    ],
)
def test_lines_that_make_no_rule(line: str) -> None:
    with pytest.raises(UsageError):
        wanted_rule(line)
