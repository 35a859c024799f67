"""The whole program on a real (pseudo-)terminal: what is drawn, what is on disk, how it ends."""

from __future__ import annotations

import re
import shlex
import signal
import sqlite3
import sys
from pathlib import Path

import pytest

from local_server import LocalServer, Reply
from made_up_feeds import rss
from papertray.core.model import Pile
from papertray.feeds.sample import sample_feed
from papertray.store.papers import View

from .home import Home
from .terminal import Terminal

VIEWS = {pile: View(pile.value) for pile in Pile}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with an empty tray."""
    return Home(tmp_path)


@pytest.fixture
def filled(home: Home) -> Home:
    """A home whose tray holds the 40 papers of the sample feed."""
    page = home.folder / "page.txt"
    page.write_bytes(sample_feed().read_bytes())
    home.run("add", str(page))
    return home


def check_restored(terminal: Terminal) -> None:
    """Check that the terminal was left as it was found."""
    raw = bytes(terminal.raw)
    for mode in (b"1049", b"1000", b"2004", b"1004"):
        assert raw.rfind(b"\x1b[?" + mode + b"l") > raw.rfind(b"\x1b[?" + mode + b"h"), mode
    assert raw.rfind(b"\x1b[?25h") > raw.rfind(b"\x1b[?25l")


def test_a_morning_from_the_first_paper_to_the_export(filled: Home) -> None:
    with filled.notebook() as notebook:
        ids = list(notebook.papers.ids(View.INBOX))
        titles = [entry.work.title for entry in notebook.papers.entries(ids)]
    with filled.open() as terminal:
        terminal.until_shown("Inbox 40")
        terminal.until_shown(titles[0][:40])
        for number, key in enumerate("rsxxrxsxxd", 1):
            terminal.press(key)
            terminal.until_shown(f"Inbox {40 - number}")
        terminal.until_shown("Read 2  Starred 2  Skip 6")
        terminal.press("e")
        terminal.until_shown("Note")
        terminal.write("It mentions a zeppelin.")
        terminal.until_shown("It mentions a zeppelin.")
        terminal.press("escape")
        terminal.until_shown("i edit")
        terminal.press("q")
        terminal.until_shown("note saved")
        terminal.press("/")
        terminal.until_gone("note saved")
        terminal.write("zeppelin")
        terminal.until_shown("/zeppelin 1")
        terminal.press("enter")
        terminal.until_shown("1 hit: 1 inbox; 1 note")
        terminal.press("escape")
        terminal.until_gone("/zeppelin")
        # The note is the newest decision: u takes it back first, then the last skip.
        terminal.press("u")
        terminal.until_shown("undone: note on")
        terminal.press("u")
        terminal.until_shown("Inbox 31  Read 2  Starred 2  Skip 5")
        terminal.press("ctrl+r", "ctrl+r")
        terminal.until_shown("Inbox 30  Read 2  Starred 2  Skip 6")
        terminal.press("g", "s")
        terminal.until_shown(titles[1][:30])
        terminal.press("E")
        terminal.until_shown("Export 2 papers of Starred")
        terminal.press("enter")
        terminal.until_shown("2 papers to papers.bib")
        terminal.press("q")
        assert terminal.wait() == 0
        check_restored(terminal)

    with filled.notebook() as notebook:
        by_pile = {
            pile: [ids.index(each) for each in notebook.papers.ids(view)]
            for pile, view in VIEWS.items()
        }
        assert by_pile[Pile.READ] == [0, 4]
        assert by_pile[Pile.STARRED] == [1, 6]
        assert by_pile[Pile.SKIP] == [2, 3, 5, 7, 8, 9]
        (note,) = notebook.notes.recent()
        assert (note.paper_id, note.body) == (ids[10], "It mentions a zeppelin.\n")
        assert [f.sentence for f in notebook.health.findings() if f.is_harm] == []
    text = (filled.folder / "papers.bib").read_text(encoding="utf-8")
    assert text.count("@") >= 2
    assert "zeppelin" not in text
    with sqlite3.connect(filled.folder / "tray" / "papertray.db") as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()


def test_the_tour_leaves_nothing_and_says_so(home: Home) -> None:
    with home.open("tour") as terminal:
        terminal.until_shown("Inbox 40")
        terminal.until_shown("tour")
        terminal.press("x", "s")
        terminal.until_shown("Inbox 38")
        terminal.press("q")
        assert terminal.wait() == 0
        check_restored(terminal)
        said = bytes(terminal.raw).rpartition(b"\x1b[?1049l")[2].decode()
    assert "gone" in said
    assert "papertray add" in said
    assert not (home.folder / "tray").exists()
    assert list((home.folder / "tmp").iterdir()) == []


def open_a_note(terminal: Terminal, text: str) -> None:
    """Write a note on the paper under the cursor, and leave it open."""
    terminal.until_shown("Inbox 40")
    terminal.press("e")
    terminal.until_shown(" Note")
    terminal.write(text)
    terminal.until_shown(text)


def note_bodies(home: Home) -> list[str]:
    """Return all notes as they lie on disk."""
    with home.notebook() as notebook:
        return [note.body for note in notebook.notes.recent()]


def test_a_closed_terminal_in_the_middle_of_a_note_loses_nothing(filled: Home) -> None:
    with filled.open() as terminal:
        open_a_note(terminal, "unfinished thought")
        terminal.hang_up()
        terminal.wait()
    assert note_bodies(filled) == ["unfinished thought\n"]
    with filled.open() as terminal:
        terminal.until_shown("Inbox 40")
        terminal.until_shown("u: note on")
        terminal.press("e")
        terminal.until_shown("unfinished thought")


def test_sighup_alone_saves_too(filled: Home) -> None:
    with filled.open() as terminal:
        open_a_note(terminal, "still here")
        terminal.signal(signal.SIGHUP)
        terminal.wait()
    assert note_bodies(filled) == ["still here\n"]


def test_sigterm_saves_the_note_and_restores_the_terminal(filled: Home) -> None:
    with filled.open() as terminal:
        open_a_note(terminal, "told to stop")
        terminal.signal(signal.SIGTERM)
        assert terminal.wait() == 0
        check_restored(terminal)
    assert note_bodies(filled) == ["told to stop\n"]


def test_what_was_acknowledged_survives_kill_9(filled: Home) -> None:
    with filled.open() as terminal:
        terminal.until_shown("Inbox 40")
        for number, key in enumerate("xsrx", 1):
            terminal.press(key)
            terminal.until_shown(f"Inbox {40 - number}")
        # The counts come from the database, once the decision is on disk.
        terminal.until_shown("Read 1  Starred 1  Skip 2")
        terminal.press("e")
        terminal.until_shown(" Note")
        terminal.write("acknowledged")
        terminal.until_shown(" editing ")
        terminal.press("ctrl+s")
        terminal.until_shown(", revision ")  # "not saved yet" holds the other word, too
        terminal.write(" and this perhaps not")
        terminal.signal(signal.SIGKILL)
        assert terminal.wait() == -signal.SIGKILL
    (body,) = note_bodies(filled)
    assert body.startswith("acknowledged")
    with filled.notebook() as notebook:
        counts = notebook.papers.counts()
        assert (counts.read, counts.starred, counts.skip) == (1, 1, 2)
        # The index may be behind or missing: it follows at the next start.
        assert [f.sentence for f in notebook.health.findings() if f.is_harm] == []


def test_another_editor_gets_the_note_and_gives_it_back(filled: Home) -> None:
    script = filled.folder / "my editor.py"
    script.write_text(
        "import sys, pathlib\n"
        "path = pathlib.Path(sys.argv[-1])\n"
        "assert path.suffix == '.md', path\n"
        "assert path.read_text() == 'one', path.read_text()\n"
        "print('THE OTHER EDITOR', flush=True)\n"
        "input()\n"
        "path.write_text('one, and two from elsewhere\\n')\n",
        encoding="utf-8",
    )
    filled.environment["EDITOR"] = f"{shlex.quote(sys.executable)} {shlex.quote(str(script))}"
    with filled.open() as terminal:
        open_a_note(terminal, "one")
        terminal.press("ctrl+o")
        terminal.until_shown("THE OTHER EDITOR")
        terminal.press("enter")
        terminal.until_shown("one, and two from elsewhere")
        terminal.until_gone("not saved yet")
        terminal.press("escape")
        terminal.until_shown("i edit")
        terminal.press("q")
        terminal.until_shown("note saved")
        terminal.press("u")
        terminal.until_shown("undone: note on")
        terminal.press("ctrl+r")
        terminal.until_shown("redone: note on")
        terminal.press("q")
        assert terminal.wait() == 0
    assert note_bodies(filled) == ["one, and two from elsewhere\n"]
    assert [each.name for each in (filled.folder / "tmp").iterdir()] == []


def test_an_editor_that_does_not_exist_is_a_sentence(filled: Home) -> None:
    filled.environment["EDITOR"] = "no-such-editor-here"
    with filled.open() as terminal:
        open_a_note(terminal, "kept")
        terminal.press("ctrl+o")
        terminal.until_shown("The editor no-such-editor-here")
        terminal.write("!")
        terminal.until_shown("kept!")


@pytest.mark.parametrize(("columns", "lines"), [(40, 12), (20, 5), (1, 1)])
def test_small_terminals_live_and_end_well(filled: Home, columns: int, lines: int) -> None:
    with filled.open(columns=columns, lines=lines) as terminal:
        terminal.until(lambda: b"\x1b[?2026l" in terminal.raw, "a first frame is drawn")
        terminal.press("j", "x", "G", "q")
        assert terminal.wait() == 0
    with filled.notebook() as notebook:
        assert notebook.papers.counts().skip == 1


@pytest.mark.long
def test_papers_arrive_while_the_screen_is_open_and_the_list_stays(filled: Home) -> None:
    def top(terminal: Terminal) -> str:
        return terminal.text.splitlines()[1][:45]

    with LocalServer() as server, filled.notebook() as notebook:
        server.answers("/feed", Reply(rss("Comets", "Meteors"), etag='"1"', latency=1.0))
        filled.run("feeds", "add", "far", server.url("/feed"))
        first = notebook.papers.rows(notebook.papers.ids(View.INBOX)[:1]).popitem()[1].title
        with filled.open(columns=120) as terminal:
            terminal.until_shown("Inbox 40")
            terminal.until_shown(first[:30])
            terminal.press("j", "k")
            stood = top(terminal)
            assert first[:30] in stood
            assert stood.startswith(">")
            terminal.until_shown("2 new from 1 feed")
            terminal.until_shown("Inbox 42")
            assert top(terminal) == stood

            drop = filled.folder / "tray" / "drop"
            terminal.until(drop.is_dir, "the drop folder is watched")
            (drop / "page.rss").write_bytes(rss("Moons"))
            (drop / "torn \x1b[31m.rss").write_bytes(b"%PDF-1.7 and no feed")
            terminal.until_shown("Inbox 43")
            terminal.until((drop / "done" / "page.rss").exists, "the file was read")
            terminal.until_shown("attach KEY FILE")
            assert top(terminal) == stood
            assert b"\x1b[31m.rss" not in terminal.raw

            terminal.press("x")
            terminal.until_shown("Inbox 42  Read 0  Starred 0  Skip 1")
            terminal.press("u")
            terminal.until_shown("Inbox 43")
            server.answers("/feed", Reply(rss("Comets", "Meteors", "Stars"), etag='"2"'))
            terminal.press("R")
            terminal.until_shown("Inbox 44")
            assert [ask.headers.get("if-none-match") for ask in server.asked] == [None, '"1"']
            terminal.press("q")
            assert terminal.wait() == 0
        check_restored(terminal)
    assert filled.run("feeds", "list").split("\t")[:3] == ["far", "3", "3"]


def test_no_color_sends_no_colour_and_everything_can_be_read(filled: Home) -> None:
    terminal = Terminal(
        filled.command(), environment={**filled.environment, "NO_COLOR": "1"},
        folder=filled.folder,
    )  # fmt: skip
    with terminal:
        terminal.until_shown("Inbox 40")
        terminal.press("q")
        assert terminal.wait() == 0
    codes = set(re.findall(rb"\x1b\[([0-9;]*)m", bytes(terminal.raw)))
    parts = {int(part) for code in codes for part in code.split(b";") if part}
    # Bold, faint, italic, underlined, reversed; 39 and 49 are the terminal's own colours.
    assert parts <= {0, 1, 2, 3, 4, 7, 39, 49}


def test_moving_the_cursor_draws_little(filled: Home) -> None:
    with filled.notebook() as notebook:
        ids = notebook.papers.ids(View.INBOX)
        titles = [entry.work.title[:40] for entry in notebook.papers.entries(ids)]

    with filled.open(columns=120, lines=40) as terminal:

        def is_drawn(position: int) -> bool:
            # In the list and in the preview: nothing is left to draw.
            at = f"── {position + 1} of 40 ─"
            return terminal.text.count(titles[position]) == 2 and at in terminal.text

        terminal.until(lambda: is_drawn(0), "the screen is drawn")
        frames = []
        for position in range(1, 10):
            before = len(terminal.raw)
            terminal.press("j")
            terminal.until(lambda at=position: is_drawn(at), "the cursor is there")  # type: ignore[misc]
            frames.append(bytes(terminal.raw[before:]).partition(b"\x1b[?2026l")[0])
        # On a busy machine a frame may hold the preview as well, but hardly all of them.
        assert min(map(len, frames)) <= 2000
