"""``:`` on the screen: every command of the command line, with the papers of the screen."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual import events

from papertray.cli.main import papertray
from papertray.cli.typed_commands import TypedCommands, begin_of_word
from papertray.core.errors import UsageError
from papertray.core.model import Pile
from papertray.notebook.notebook import Notebook
from papertray.store.places import Places
from papertray.tui.commanding import Line, understood, wants_terminal
from papertray.tui.screens.output import OutputScreen

from .desk import SMALL, TITLES, Desk, at_desk
from .home import ROOTS


@pytest.fixture(autouse=True)
def sources(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a command that is started here find papertray."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(ROOTS))
    monkeypatch.setenv("PAPERTRAY_LOAD_PLUGINS", "")


@pytest.fixture
def commands(places: Places) -> TypedCommands:
    """The commands on the tray of the test."""
    return TypedCommands(papertray, places)


@asynccontextmanager
async def commanding(
    notebook: Notebook, commands: TypedCommands, size: tuple[int, int] = SMALL
) -> AsyncIterator[Desk]:
    """Run the screen with commands."""
    async with at_desk(notebook, size, commands=commands) as desk:
        yield desk


async def command(desk: Desk, line: str) -> None:
    """Type a command, and wait until it has ended."""
    await desk.press("colon")
    await desk.answer(line)


# --- what a line says


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("done %", ("done", "7")),
        ("tag %% --add x", ("tag", "3", "5", "--add", "x")),
        ("note % 50 '%' is much", ("note", "7", "50", "%", "is", "much")),
        (r"note 1 \% 5%", ("note", "1", "%", "5%")),
        ('list tag:"machine learning"', ("list", "tag:machine learning")),
        ("list 'a % b'", ("list", "a % b")),
        ("add ~/x.bib '~/y.bib'", ("add", "/home/ada/x.bib", "~/y.bib")),
    ],
)
def test_a_line_is_split_as_in_a_shell_and_percent_is_the_paper(
    typed: str, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "/home/ada")
    assert understood(typed, 7, [3, 5]) == Line(words)


def test_many_marked_papers_come_on_standard_input() -> None:
    line = understood("tag %% --add x", 1, range(1, 50_001))
    assert line.words == ("tag", "-", "--add", "x")
    assert line.stdin.split() == [str(number) for number in range(1, 50_001)]


@pytest.mark.parametrize("typed", ["done %", "done %%", "list 'half", 'list "half'])
def test_a_line_that_cannot_be_understood_is_refused(typed: str) -> None:
    with pytest.raises(UsageError):
        understood(typed, None, [])


@pytest.mark.parametrize(
    ("line", "wants"),
    [("edit 1", True), ("edit --help", False), ("note 1", True), ("note 1 text", False),
     ("note 1 --edit", True), ("list", False)],
)  # fmt: skip
def test_commands_that_open_the_editor_are_known(line: str, wants: bool) -> None:
    assert wants_terminal(line.split()) is wants


# --- on the screen


async def test_a_command_acts_on_the_paper_and_u_takes_it_back(
    notebook: Notebook, commands: TypedCommands
) -> None:
    async with commanding(notebook, commands) as desk:
        await desk.press("x", "j")
        await command(desk, "tag % --add seen")
        assert desk.paper(TITLES[2]).tags == ("seen",)
        assert desk.status.startswith("1 paper changed")
        assert desk.cursor == TITLES[2]
        # The tag is the newest decision of this session, made by another process or not.
        await desk.press("u")
        assert desk.paper(TITLES[2]).tags == ()
        await desk.press("u")
        assert desk.pile(TITLES[0]) is Pile.INBOX


async def test_what_was_decided_on_the_screen_is_there_before_the_command_runs(
    notebook: Notebook, commands: TypedCommands
) -> None:
    async with commanding(notebook, commands) as desk:
        await desk.rush("s", "colon")
        await desk.answer("list pile:starred")
        assert TITLES[0] in desk.text


async def test_a_moved_paper_leaves_the_list(notebook: Notebook, commands: TypedCommands) -> None:
    async with commanding(notebook, commands) as desk:
        await command(desk, "move starred %")
        assert desk.tabs.startswith(" Inbox 14  Read 0  Starred 1 ")
        assert TITLES[0] not in desk.titles


async def test_more_than_a_line_is_read_on_a_screen_of_its_own(
    notebook: Notebook, commands: TypedCommands
) -> None:
    async with commanding(notebook, commands) as desk:
        await command(desk, "show %")
        assert isinstance(desk.app.screen, OutputScreen)
        assert ":show %" in desk.text
        assert TITLES[0] in desk.text
        await desk.press("j", "G", "g", "g", "space", "q")
        assert desk.is_with_papers


async def test_a_command_that_fails_says_why_and_its_code(
    notebook: Notebook, commands: TypedCommands
) -> None:
    async with commanding(notebook, commands, (120, 40)) as desk:
        await command(desk, "show no-such-paper")
        assert desk.status.startswith("No paper is called no-such-paper; ")
        assert "(exit code 2)" in desk.status
        await command(desk, "tag %")
        assert desk.status.startswith("Say which tag to --add or to --remove. (exit code 2)")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("lsit", "There is no command lsit; did you mean list?"),
        ("zzz", "There is no command zzz; Tab lists them."),
        ("tour", "the tour fills a terminal of its own"),
        ("restore x.db", "restore puts another tray in the place of the open one"),
        ("list 'half", "A quotation mark is not closed."),
        ("w", "everything is saved as you go"),
    ],
)
async def test_what_is_no_command_here_is_answered_in_a_sentence(
    notebook: Notebook, commands: TypedCommands, line: str, said: str
) -> None:
    async with commanding(notebook, commands, (120, 40)) as desk:
        await command(desk, line)
        assert desk.status.startswith(said)


@pytest.mark.parametrize("line", ["q", "wq", "x", ":q!"])
async def test_vi_hands_find_the_door(
    notebook: Notebook, commands: TypedCommands, line: str
) -> None:
    async with commanding(notebook, commands) as desk:
        await command(desk, line)
        assert desk.has_ended


async def test_a_number_goes_to_that_line(notebook: Notebook, commands: TypedCommands) -> None:
    async with commanding(notebook, commands) as desk:
        await command(desk, "7")
        assert desk.cursor == TITLES[6]
        await command(desk, "999")
        assert desk.cursor == TITLES[-1]
        await command(desk, "0")
        assert desk.cursor == TITLES[0]
        await command(desk, "$")
        assert desk.cursor == TITLES[-1]


async def test_e_opens_the_note(notebook: Notebook, commands: TypedCommands) -> None:
    async with commanding(notebook, commands) as desk:
        await command(desk, "e")
        assert "Note" in desk.text


async def test_what_was_typed_comes_back(notebook: Notebook, commands: TypedCommands) -> None:
    async with commanding(notebook, commands) as desk:
        await command(desk, "done %")
        await desk.press("colon", "ctrl+p")
        assert desk.box.value == "done %"
        await desk.press("escape")


async def test_a_command_that_runs_on_is_cancelled(
    notebook: Notebook, commands: TypedCommands
) -> None:
    async with commanding(notebook, commands) as desk:
        await desk.press("colon")
        desk.box.value = "watch"
        desk.app.post_message(events.Key("enter", "\r"))
        await desk.until(lambda: ":watch …" in desk.tabs + desk.app.notice, "it runs")
        await desk.press("ctrl+c")
        assert desk.status.startswith(":watch was cancelled")
        assert not desk.triage.commanding.cancel()


async def test_no_escape_of_a_title_reaches_the_screen(
    notebook: Notebook, commands: TypedCommands
) -> None:
    async with commanding(notebook, commands, (120, 40)) as desk:
        await command(desk, "note % '\x1b]0;title\x07 [red]and[/] \x1b[2J'")
        await command(desk, "show %")
        assert "\x1b" not in desk.text
        assert "[red]and[/]" in desk.text


# --- completion


@pytest.mark.parametrize(
    ("line", "place"), [("", 0), ("list", 0), ("list ", 5), ('a "b c', 2), ("a 'b' c", 6)]
)
def test_the_last_word_begins_after_a_blank_that_is_not_quoted(line: str, place: int) -> None:
    assert begin_of_word(line) == place


def test_commands_options_tags_and_files_are_completed(
    notebook: Notebook, commands: TypedCommands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notebook.papers.change_tags([1], add=["machine learning", "maps"])
    (tmp_path / "a file.bib").touch()
    monkeypatch.chdir(tmp_path)
    for line, start, found in (
        ("li", 0, ["list"]),
        ("list --so", 5, ["--sort"]),
        ("move st", 5, ["starred"]),
        ("tag 1 --remove ma", 15, ["'machine learning'", "maps"]),
        ("list tag:map", 5, ["tag:maps"]),
        ("add a", 4, ["'a file.bib'"]),
        ("nosuch x", 7, []),
    ):
        assert commands.complete(line, len(line)) == (start, found), line


async def test_tab_completes_in_the_prompt(notebook: Notebook, commands: TypedCommands) -> None:
    async with commanding(notebook, commands) as desk:
        await desk.press("colon")
        await desk.type("dupl")
        await desk.press("tab")
        assert desk.box.value == "duplicates"
        await desk.press("escape")
