"""A whole morning on a real terminal, checked to the last byte against what it must have left."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from journal_replay import assert_journal_tells_all
from local_server import LocalServer, Reply
from made_up_feeds import rss
from papertray.store.papers import View

from .desk import WORDS
from .home import Home
from .terminal import Terminal
from .test_terminal import check_restored

PAPERS = 236
TITLES = tuple(f"Number {number:03d} on {WORDS[number % len(WORDS)]}" for number in range(PAPERS))
PILES = {"r": "Read", "s": "Starred", "x": "Skip"}


class Model:
    """What the piles must hold: the inbox in its order, and where the others went."""

    def __init__(self) -> None:
        self.inbox = list(TITLES)
        self.piles: dict[str, list[str]] = {pile: [] for pile in PILES.values()}

    def decide(self, key: str, count: int = 1, at: int = 0) -> None:
        """Move papers from the inbox, beginning with the one under the cursor."""
        self.piles[PILES[key]] += self.inbox[at : at + count]
        del self.inbox[at : at + count]

    @property
    def tabs(self) -> str:
        """The line of the piles."""
        piles = "  ".join(f"{name} {len(titles)}" for name, titles in self.piles.items())
        return f"Inbox {len(self.inbox)}  {piles}"


def decide_by_single_keys(terminal: Terminal, model: Model, count: int) -> None:
    """Decide about papers one by one, some keys at once, as they come over a slow line."""
    chance = random.Random(8)
    while count:
        keys = chance.choices("rsxx", k=min(count, chance.randint(1, 9)))
        for key in keys:
            model.decide(key)
        terminal.press(*keys)
        terminal.until_shown(model.tabs)
        count -= len(keys)


def decide_by_counts_and_marks(terminal: Terminal, model: Model) -> None:
    """Decide about many papers with a few keys, take that back, and do it again."""
    for keys, key, number in (("12x", "x", 12), ("5r", "r", 5), ("3s", "s", 3)):
        terminal.press(*keys)
        model.decide(key, number)
        terminal.until_shown(model.tabs)
    before = model.tabs
    terminal.press(*"40x")  # above 20 a line asks
    terminal.until_shown("x again, Esc no")
    terminal.press("x")
    model.decide("x", 40)
    terminal.until_shown(model.tabs)
    # Nobody is as fast as this: `u` would take back all of it, unless another key came between.
    terminal.press("A", "u")
    terminal.until_shown(before)
    terminal.until_shown("40 papers back to inbox")
    terminal.press("ctrl+r")
    terminal.until_shown(model.tabs)
    # Two papers marked one by one (the cursor goes on by itself), then a range of ten.
    terminal.press("v", "j", "v")
    terminal.until_shown("2 marked")
    terminal.press("s")
    marked = [model.inbox.pop(2), model.inbox.pop(0)][::-1]
    model.piles["Starred"] += marked
    terminal.until_shown(model.tabs)
    terminal.press("g", "g", "V", "9", "j", "V")
    terminal.until_shown("10 marked")
    terminal.press("r")
    model.decide("r", 10)
    terminal.until_shown(model.tabs)


def write_and_find(terminal: Terminal, first: str) -> None:
    """Write a note and tags on the paper under the cursor, and find it by them."""
    terminal.press("g", "g", "e")
    terminal.until_shown(" Note")
    terminal.write("It mentions a *zeppelin*.")
    terminal.until_shown("zeppelin")
    terminal.press("escape")
    terminal.until_shown("i edit")
    terminal.press("q")
    terminal.until_shown("note saved")
    terminal.press("t")
    terminal.until_shown("Tags")
    terminal.write("airships, to read")
    terminal.until_shown("airships, to read")
    terminal.press("enter")
    terminal.until_shown(f"tag +airships +to read “{first}”")
    for query in ("zeppelin", "tag:airships"):
        terminal.press("/")
        terminal.write(query)
        terminal.until_shown(f"/{query} 1")
        terminal.press("enter")
        terminal.until_shown(f"\n {first}")
        terminal.press("enter")
        terminal.until(lambda: "1 of 1" in terminal.text.splitlines()[1], "the card")
        terminal.press("q", "escape")
        terminal.until_gone(f"/{query}")


def export(terminal: Terminal, name: str, count: int) -> None:
    """Write the view into a file."""
    terminal.press("E")
    terminal.until_shown(f"Export {count} papers of Starred")
    terminal.until(lambda: _place(terminal) != "", "a place is proposed")
    terminal.press("ctrl+u")
    terminal.until(lambda: _place(terminal) == "", "the line is empty")
    terminal.write(name)
    terminal.until_shown(name)
    terminal.press("enter")
    terminal.until_shown(f"{count} papers")
    terminal.until_shown(f"to {name}")


def _place(terminal: Terminal) -> str:
    """Return what stands in the line of the dialogue: the last but one on the screen."""
    return terminal.text.splitlines()[-2].strip()


def open_again(home: Home, model: Model) -> None:
    """Open the screen once more: it is where it was."""
    with home.open(columns=100, lines=30) as terminal:
        terminal.until_shown(model.tabs)
        terminal.until_shown(f"\n {model.piles['Starred'][3]}")
        assert f">  {model.piles['Starred'][3]}" in terminal.text.replace(">★", "> ")
        terminal.press("g", "i")
        terminal.until_shown(f"\n {model.inbox[0]}")
        terminal.press("q")
        assert terminal.wait() == 0
        check_restored(terminal)


def check_what_is_left(home: Home, model: Model) -> None:
    """Compare tray, journal and files with the model."""
    with home.notebook() as notebook:
        papers = notebook.papers

        def titles(view: View) -> list[str]:
            return [entry.work.title for entry in papers.entries(papers.ids(view))]

        assert titles(View.INBOX) == model.inbox
        for pile, view in (("Read", View.READ), ("Starred", View.STARRED), ("Skip", View.SKIP)):
            assert sorted(titles(view)) == sorted(model.piles[pile])
        (note,) = notebook.notes.recent()
        assert note.body == "It mentions a *zeppelin*.\n"
        assert note.paper_id is not None
        noted = papers.entry(note.paper_id)
        assert noted.work.title == model.inbox[0]
        assert set(noted.tags) == {"airships", "to read"}
        assert [found.sentence for found in notebook.health.findings() if found.is_harm] == []
    assert_journal_tells_all(home.folder / "tray" / "papertray.db")
    for name, format_ in (("starred.bib", "bibtex"), ("starred.md", "markdown")):
        written = (home.folder / name).read_text(encoding="utf-8")
        assert written == home.run("export", "pile:starred", "--to", format_)
        assert all(title in written for title in model.piles["Starred"])


@pytest.mark.long
def test_two_hundred_papers_before_the_coffee_is_cold(tmp_path: Path) -> None:
    model = Model()
    with LocalServer() as server:
        server.answers("/feed", Reply(rss(*TITLES), etag='"1"'))
        home = Home(tmp_path)
        home.run("feeds", "add", "daily", server.url("/feed"))
        with home.open(columns=100, lines=30) as terminal:
            terminal.until_shown(f"{PAPERS} new from 1 feed")
            terminal.until_shown(model.tabs)
            terminal.until_shown(f">  {TITLES[0]}")
            decide_by_single_keys(terminal, model, 128)
            decide_by_counts_and_marks(terminal, model)
            assert PAPERS - len(model.inbox) == 200
            write_and_find(terminal, model.inbox[0])
            terminal.press("g", "s")
            export(terminal, "starred.bib", len(model.piles["Starred"]))
            export(terminal, "starred.md", len(model.piles["Starred"]))
            terminal.press("3", "j", "q")
            assert terminal.wait() == 0
            check_restored(terminal)
        open_again(home, model)
    check_what_is_left(home, model)
