"""Papers into other programs: ``|``, and keys of the user's own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from textual import events

from papertray.cli.formats import as_json_lines
from papertray.core.errors import UsageError
from papertray.core.settings import parse_settings
from papertray.notebook.notebook import Notebook
from papertray.store.places import Places
from papertray.tui.keys import KeyMap
from papertray.tui.screens.output import OutputScreen
from papertray.tui.screens.piping import json_lines
from papertray.tui.settings import key_map_of
from papertray.tui.shell_lines import placed, variables, wrong_in

from .desk import LARGE, TITLES, Desk, add_papers, at_desk, open_notebook

HOSTILE = "$(touch pwned) `touch pwned` '; touch pwned; ' \" & | \\ \n {url} %s"
"""A title that would be a command, were it ever part of a line."""


def own(**commands: str) -> KeyMap:
    """Return the key table with commands; nothing is wrong with them."""
    lines = "".join(f"{key} = {json.dumps(line)}\n" for key, line in commands.items())
    key_map, problems = key_map_of(parse_settings(f"[commands]\n{lines}"))
    assert problems == []
    return key_map


async def pipe(desk: Desk, line: str) -> None:
    """Pipe the paper, or the marked ones, into a line."""
    await desk.press("vertical_line")
    await desk.answer(line)


# --- the pipe


async def test_a_program_gets_the_paper_as_json_and_its_line_is_shown(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        await desk.press("j")
        await pipe(desk, 'grep -o \'"title": "[^"]*"\'')
        assert desk.status.startswith(f'"title": "{TITLES[1]}"')


async def test_what_is_piped_is_what_list_prints(notebook: Notebook) -> None:
    ids = list(range(1, 4))
    piped = b"".join(json_lines(notebook, ids)).decode()
    assert piped == "".join(as_json_lines(notebook.papers.entries(ids)))


async def test_many_lines_are_read_on_a_screen_of_their_own(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        await pipe(desk, "echo one; echo two >&2; exit 3")
        assert isinstance(desk.app.screen, OutputScreen)
        assert "one" in desk.text
        assert "two" in desk.text
        assert "exit code 3" in desk.text
        await desk.press("q")
        await desk.press("vertical_line", "ctrl+p")
        assert desk.box.value == "echo one; echo two >&2; exit 3"
        await desk.press("escape")


async def test_what_steers_a_terminal_is_taken_out(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        await pipe(desk, r"printf 'a\033]0;b\007\033[2J\rc[/]\n'")
        assert "\x1b" not in desk.text
        assert "c[/]" in desk.status


async def test_a_program_that_writes_without_end_keeps_its_first_lines(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        await pipe(desk, "seq 1 5000")
        await desk.press("G")
        assert "… and 3,000 more lines" in desk.text
        await desk.press("q")


async def test_a_program_that_does_not_listen_is_no_trouble(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        await pipe(desk, "exec <&-; echo done")
        assert desk.status.startswith("done")


async def test_a_pipe_is_cancelled_with_all_its_programs(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        await desk.press("vertical_line")
        desk.box.value = "sleep 60 | cat"
        desk.app.post_message(events.Key("enter", "\r"))
        await desk.until(lambda: "| sleep 60 | cat …" in desk.app.notice, "it runs")
        await desk.press("ctrl+c")
        assert desk.status.startswith("| sleep 60 | cat was cancelled")


# --- lines with places


def test_places_become_words_of_the_shell() -> None:
    line, names = placed("zathura {pdf} --title={title} ${HOME} {{print}} {pdf}")
    assert line == (
        'zathura "${PAPERTRAY_PAPER_PDF}" --title="${PAPERTRAY_PAPER_TITLE}" ${HOME} {print} '
        '"${PAPERTRAY_PAPER_PDF}"'
    )
    assert names == ("pdf", "title")


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("zathura {pdf}", ""),
        ("awk '{{print}}' ${HOME} {1..3} {}", ""),
        ("zathura {pfd}", "There is no {pfd}; did you mean {pdf}?"),
        ("x {zzz}", "There is no {zzz}; there are {pdf} {citekey} {url} {title} {doi} {arxiv_id}."),
        ("echo '{title}'", "{title} is one word already: write it without quotation marks."),
        ('sh -c "echo {title}"', "{title} is one word already: write it without quotation marks."),
    ],
)
def test_what_is_wrong_in_a_line_is_named(line: str, wrong: str) -> None:
    assert wrong_in(line) == wrong


def test_what_a_paper_lacks_is_said() -> None:
    with pytest.raises(UsageError, match="this paper has no DOI"):
        variables(("title", "doi"), {"title": "x", "doi": ""}.__getitem__)


def test_wrong_commands_are_named_with_their_lines_and_the_others_work() -> None:
    settings = parse_settings(
        '[commands]\n"x" = "echo"\n"nokey" = "echo"\n"B" = 7\n"W" = "echo {titel}"\n"w" = "echo"\n'
        '"g" = "echo"\n"w w" = "echo"\n'
    )
    key_map, problems = key_map_of(settings)
    assert [(problem.line, problem.text) for problem in problems] == [
        (2, "x, in [commands], is a key of decide.skip; give that another in [keys], or take a "
            "free key."),
        (3, "'nokey', in [commands], is not a key."),
        (4, "The command of B must be a text."),
        (5, "The command of W: There is no {titel}; did you mean {title}?"),
        (7, "g, in [commands], is a key of move.top; give that another in [keys], or take a "
            "free key."),
        (8, "w w, in [commands], is a key of command.w; give that another in [keys], or take a "
            "free key."),
    ]  # fmt: skip
    assert key_map.own == {"command.w": "echo"}


def test_a_key_that_was_given_up_can_run_a_command() -> None:
    settings = parse_settings('[keys]\n"decide.skip" = "d"\n[commands]\nx = "echo"\n')
    key_map, problems = key_map_of(settings)
    assert problems == []
    assert key_map.own == {"command.x": "echo"}


async def test_a_key_runs_a_line_beside_the_screen(
    notebook: Notebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    line = "printf %s:%s {title} {arxiv_id} > new; mv new said"
    async with at_desk(notebook, key_map=own(w=line)) as desk:
        await desk.press("j", "w")
        await desk.until((tmp_path / "said").exists, "it has run")
        assert (tmp_path / "said").read_text() == f"{TITLES[1]}:2001.00002"
        assert desk.status.startswith("started printf")


async def test_a_citation_key_that_a_program_got_never_changes(
    notebook: Notebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with at_desk(notebook, key_map=own(w="echo {citekey} > new; mv new said")) as desk:
        await desk.press("w")
        await desk.until((tmp_path / "said").exists, "it has run")
        assert (tmp_path / "said").read_text().strip() == desk.paper(TITLES[0]).citekey


async def test_no_title_is_ever_part_of_a_line(
    empty: Notebook, places: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_papers(empty, tmp_path, [{"title": HOSTILE}])
    monkeypatch.chdir(tmp_path)
    line = "printf %s {title} > new; echo `printf %s {title}` > other; mv new said"
    with open_notebook(places, "later") as notebook:
        title = notebook.papers.entry(1).work.title
        async with at_desk(notebook, key_map=own(w=line)) as desk:
            await desk.press("w")
            await desk.until((tmp_path / "said").exists, "it has run")
    assert (tmp_path / "said").read_text() == title
    assert "$(touch pwned)" in title
    assert not (tmp_path / "pwned").exists()


async def test_what_is_missing_is_said_and_nothing_runs(
    notebook: Notebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with at_desk(notebook, key_map=own(w="touch ran; echo {pdf}")) as desk:
        await desk.press("w")
        assert desk.status.startswith("this paper has no PDF on this machine; p fetches it")
    assert not (tmp_path / "ran").exists()


async def test_a_line_that_fails_says_so(notebook: Notebook) -> None:
    async with at_desk(notebook, key_map=own(w="exit 9")) as desk:
        await desk.press("w")
        await desk.until(lambda: "ended with code 9" in desk.status, "it has failed")


async def test_commands_of_ones_own_are_in_help_and_palette(notebook: Notebook) -> None:
    async with at_desk(notebook, LARGE, key_map=own(w="zathura {pdf} [/]")) as desk:
        await desk.press("ctrl+p")
        await desk.type("zathura")
        await desk.until_shown("Zathura {pdf} [/]  (w)")
        await desk.press("escape")
