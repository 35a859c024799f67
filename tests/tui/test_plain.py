"""`papertray triage --plain`: the same keys, order and journal as the screen, in lines."""

from __future__ import annotations

import io
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from papertray.cli.commands.triaging import seconds_of
from papertray.cli.commands.triaging import triage as triaging
from papertray.cli.plain import PlainTriage
from papertray.cli.talk import LineTalk, keys_of_bytes, keys_of_line
from papertray.core.model import Pile
from papertray.notebook.notebook import Notebook
from papertray.store.papers import View
from papertray.store.places import Places, throw_away_places
from papertray.tui.keys import KeyMap
from papertray.tui.session import Session

from .desk import SMALL, TITLES, WORDS, add_papers, at_desk, made_up_record, open_notebook
from .home import Home

KEYS = (
    "r", "s", "x", "d", "i", "m", "u", "^R", ".", "j", "k", "G", "gg", "gi", "gr", "gs", "gx", "gd",
    "3j", "2k", "4G", "^D", "^U", "tab", "n",
)  # fmt: skip
"""Keys that need no answer, as a line says them."""


def triage(notebook: Notebook, monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    """Give lines to the dialogue until they are used up."""
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
    session = Session(lambda: notebook.papers.now)
    PlainTriage(notebook, KeyMap(), LineTalk(), session, View.INBOX).run()


def journal(places: Places) -> list[tuple[object, ...]]:
    """Return what is in a tray's journal, without the names and times of the run."""
    with closing(sqlite3.connect(places.database)) as connection:
        return connection.execute(
            "SELECT batch.id, label, reason, undoes, kind, ref, field, value, before FROM batch"
            " LEFT JOIN op ON op.batch = batch.id WHERE origin <> 'add' ORDER BY batch.id, seq"
        ).fetchall()


def made_tray(folder: Path) -> Places:
    """Make a tray of the made-up papers."""
    folder.mkdir()
    places = throw_away_places(folder)
    with open_notebook(places, "morning") as filling:
        add_papers(filling, folder, [made_up_record(number) for number in range(len(WORDS))])
    return places


async def on_screen(places: Places, lines: Sequence[str]) -> None:
    """Press the keys of lines on the screen."""
    with open_notebook(places) as notebook:
        async with at_desk(notebook, SMALL) as desk:
            for line in lines:
                await desk.press(*keys_of_line(line))


@pytest.mark.parametrize(
    "script",
    [
        "r s x d i m u ^R .",
        "x x u u ^R x",
        "3j x k s u gs i gi r",
        "G x x x u gg s",
        "4G m gd u i gr m m",
        "s gs s s . u u",
        "x gx i gi u u ^R ^R",
        "m m gd x u tab r",
        "5x u 3s . u u",
        "2x 2u",
    ],
)
async def test_the_same_keys_give_the_same_journal(
    script: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = script.split()
    screen, plain = made_tray(tmp_path / "screen"), made_tray(tmp_path / "plain")
    await on_screen(screen, lines)
    with open_notebook(plain) as notebook:
        triage(notebook, monkeypatch, *lines)
    assert journal(plain) == journal(screen)
    assert len(journal(plain)) > 1


@pytest.mark.long
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(lines=st.lists(st.sampled_from(KEYS), max_size=25))
def test_any_keys_give_the_same_journal(
    lines: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    import asyncio

    folder = tmp_path_factory.mktemp("both")
    screen, plain = made_tray(folder / "screen"), made_tray(folder / "plain")
    asyncio.run(on_screen(screen, lines))
    with pytest.MonkeyPatch.context() as patch, open_notebook(plain) as notebook:
        triage(notebook, patch, *lines)
    assert journal(plain) == journal(screen)


def test_it_tells_each_paper_and_what_was_done(
    notebook: Notebook, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    triage(notebook, monkeypatch, "x", "", "u", "q")
    said = capsys.readouterr().out.splitlines()
    assert said == [
        "r read, s star, x skip, u undo, Enter card, ? keys, q quit",
        f"1 of 15: {TITLES[0]}",
        "Ada Number00, Bob Second. 2020",
        "> ",
        f"skip “{TITLES[0]}”",
        f"1 of 14: {TITLES[1]}",
        "Ada Number01, Bob Second. 2021",
        "> ",
        notebook.papers.entry(2).work.abstract,
        "> ",
        f"undone: skip “{TITLES[0]}”",
        f"1 of 15: {TITLES[0]}",
        "Ada Number00, Bob Second. 2020",
        "> ",
        "Nothing was decided.",
        "15 left in the inbox.",
    ]


def test_what_asks_gets_its_answer_in_the_next_line(
    notebook: Notebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = ("X", "off-topic", "t", "a, b c", "t", "-a", "e", "It says much.", "z", "7d")
    triage(notebook, monkeypatch, *lines)
    assert notebook.papers.entry(1).pile is Pile.SKIP
    moved = notebook.papers.moved_there(1)
    assert moved is not None
    assert moved.reason == "off-topic"
    second = notebook.papers.entry(2)
    assert second.tags == ("b c",)
    assert [note.body for note in second.notes] == ["It says much.\n"]
    assert 2 not in notebook.papers.ids(View.INBOX)
    assert second.pile is Pile.INBOX


def test_a_search_finds_and_esc_goes_back(
    notebook: Notebook, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    triage(notebook, monkeypatch, "/", "tunnels", "s", "esc", "/", "zzzz", "?", "B")
    said = capsys.readouterr().out
    assert notebook.papers.entry(5).pile is Pile.STARRED
    assert "1 of 1: On tunnels, part 5" in said
    assert "Nothing found." in said
    assert "x or d: skip\n" in said
    assert "B does nothing here." in said


def test_the_end_of_the_input_ends_it(
    notebook: Notebook, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    triage(notebook, monkeypatch, "x", "t")
    assert capsys.readouterr().out.endswith("Decided: 1 paper (1 skip).\n14 left in the inbox.\n")


def test_the_budget_ends_it(
    notebook: Notebook, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    moments = iter(datetime(2026, 11, 23, 9, tzinfo=UTC) + timedelta(minutes=n) for n in range(99))
    monkeypatch.setattr("sys.stdin", io.StringIO("x\n" * 15))
    session = Session(lambda: next(moments), budget=300)
    PlainTriage(notebook, KeyMap(), LineTalk(), session, View.INBOX).run()
    assert "Time is over: 5 min.\nDecided: " in capsys.readouterr().out
    assert 5 < len(notebook.papers.ids(View.INBOX)) < 15


@pytest.mark.parametrize(
    ("line", "keys"),
    [
        ("", ["enter"]), (" ", ["space"]), ("x", ["x"]), ("5x", ["5", "x"]), ("^R", ["ctrl+r"]),
        ("gg", ["g", "g"]), ("space", ["space"]), ("Esc", ["escape"]), ("?", ["question_mark"]),
        ("x x u", ["x", "x", "u"]), ("3 j", ["3", "j"]), ("u^R.", ["u", "ctrl+r", "full_stop"]),
    ],
)  # fmt: skip
def test_a_line_is_keys(line: str, keys: list[str]) -> None:
    assert keys_of_line(line) == keys


@pytest.mark.parametrize(
    ("pressed", "keys"),
    [
        (b"x", ["x"]), (b"\r", ["enter"]), (b"\x12", ["ctrl+r"]), (b"\x1b", ["escape"]),
        (b"\x1b[B", ["down"]), (b"\x1b[99~", []), (b"/", ["slash"]), (b" ", ["space"]),
        ("ö".encode(), ["ö"]), (b"gg", ["g", "g"]),
    ],
)  # fmt: skip
def test_what_a_terminal_sends_is_keys(pressed: bytes, keys: list[str]) -> None:
    assert keys_of_bytes(pressed) == keys


def test_a_terminal_needs_no_enter_and_nothing_is_drawn_over(tmp_path: Path) -> None:
    home = Home(tmp_path)
    record = '{"title": "%s red\\u001b[31m", "abstract": "About it."}\n'
    (tmp_path / "two.jsonl").write_text(record % "One" + record % "Two", encoding="utf-8")
    home.run("add", "two.jsonl")
    with home.open("triage", "--plain") as terminal:
        terminal.until_shown("1 of 2: One red")
        terminal.press("x")
        terminal.until_shown("1 of 1: Two red")
        terminal.press("enter")
        terminal.until_shown("About it.")
        terminal.press("q")
        assert terminal.wait() == 0
        assert b"\x1b" not in bytes(terminal.raw)


def test_a_dumb_terminal_gets_the_dialogue_unasked(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.environment["TERM"] = "dumb"
    with home.open("triage") as terminal:
        terminal.until_shown("Nothing is left here.")
        terminal.write("q\n")
        assert terminal.wait() == 0


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("20m", 1200), ("1h30m", 5400), ("90s", 90), ("20", 1200), ("1H", 3600), (" 5m ", 300)],
)
def test_a_span_of_time_is_read(said: str, seconds: float) -> None:
    assert seconds_of(click.Context(triaging), triaging.params[0], said) == seconds


@pytest.mark.parametrize("said", ["", "0m", "soon", "20x", "-5m", "1.5h"])
def test_what_is_no_span_is_refused(said: str) -> None:
    with pytest.raises(click.BadParameter, match="20m, 1h30m and 90s are"):
        seconds_of(click.Context(triaging), triaging.params[0], said)
