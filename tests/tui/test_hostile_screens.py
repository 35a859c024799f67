"""Hostile text on every list, question and dialogue beside the papers' own screen.

As in `test_hostile`: the same session with harmless words shows what Textual itself sends.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from papertray.core.model import Pile
from papertray.notebook.rules import Action
from papertray.store.places import find_places

from .home import Home
from .terminal import Terminal
from .test_hostile import _FORBIDDEN, _SEQUENCE, HARMLESS, HOSTILE, VOCABULARY, kinds, prepare


@dataclass(frozen=True, slots=True)
class Visit:
    """What is pressed, what is seen then, what is pressed there; Esc leaves it."""

    keys: tuple[str, ...]
    marker: str
    there: tuple[str, ...] = ()


VISITS = (
    Visit(("g", "n"), "q back", ("G", "k")),
    Visit(("g", "o"), "q back", ("G", "k", "space")),
    Visit(("g", "f"), "q back", ("G", "k", "r", "j", "escape")),
    Visit(("g", "h"), " History,", ("j", "j")),
    Visit(("g", "m"), " What was told", ("G",)),
    Visit(("?",), " Keys; rebind", ("G",)),
    Visit((":",), "Esc no", tuple("move ")),
    Visit(("|",), "Esc no", tuple("cat")),
    Visit(("E",), "Esc no", ("down", "down", "ctrl+t")),
    Visit(("t",), "Esc no", ("o", "t")),
    Visit(("a",), "Esc no", ("f", "e")),
    Visit(("z",), "Esc no"),
    Visit(("Y",), " copy:"),
)


def fill(home: Home, words: Sequence[str]) -> None:
    """Have hostile text in everything that these screens show."""
    prepare(home, tuple(words))
    with home.notebook() as notebook:
        for number, word in enumerate(words, 1):
            body = f"- [ ] {word}\n- [x] {word}\n\n[[{word}]] and [[02 {word}]]\n"
            notebook.notes.save_main(number, body)
            notebook.papers.move([number], Pile.SKIP, reason=word)
            notebook.papers.move([number], Pile.INBOX, reason=word)
            name = word.replace('"', "")
            notebook.rules.add("title:robots", Action(tag=word))
            if not notebook.searches.wrong_name(name):
                notebook.searches.save(name, f'title:"{name}"')
    places = find_places(None, home.environment)
    lines = "".join(
        f"{json.dumps(f'alt+{letter}')} = {json.dumps(f'echo {word}')}\n"
        for letter, word in zip("abcdefghijklmnop", words, strict=True)
    )
    reasons = json.dumps(list(words[:9]))
    places.settings.write_text(
        f"[feeds]\nfetch_at_start = false\n[triage]\nreasons = {reasons}\n[commands]\n{lines}",
        encoding="utf-8",
    )


def visit(terminal: Terminal, each: Visit) -> None:
    """Open a screen, move about in it, and leave it."""
    terminal.until_gone(each.marker)
    terminal.press(*each.keys)
    terminal.until_shown(each.marker)
    for key in each.there:
        before = len(terminal.raw)
        terminal.press(key)
        terminal.until_drawn(before)
    terminal.press("escape")
    terminal.until_gone(each.marker)


def walk(folder: Path, words: Sequence[str]) -> bytes:
    """Visit all screens; return what the terminal got while they were open."""
    folder.mkdir()
    home = Home(folder)
    fill(home, words)
    with home.open(columns=120, lines=40) as terminal:
        terminal.until_shown(f"Inbox {len(words)}")
        for each in VISITS:
            visit(terminal, each)
        terminal.press("g", "n")
        terminal.until_shown("q back")
        terminal.press("/")
        terminal.until_gone("q back")
        terminal.press("a", "enter")
        terminal.until_shown("q back")
        terminal.press("q", "q")
        terminal.until_gone("q back")
        for typed in ("oth", "tag", "tok", "[/]"):
            terminal.press("ctrl+p")
            terminal.until_shown("What do you want to do")
            terminal.write(typed)
            terminal.until_gone("What do you want to do")
            terminal.press("down", "down", "escape")
            terminal.until_shown("── 1 of ")
        for typed in ("tag:", "title:o"):
            terminal.press("/")
            terminal.until_shown("Tab completes")
            terminal.write(typed)
            terminal.until_shown(f"| /{typed}")
            terminal.press("tab", "escape", "escape", "escape")
            terminal.until_gone("| /")
        # Headings of groups, reasons to skip, what a command and a pipe print.
        for key, marker in (("V", "grouped by venue"), ("F", "grouped by feed")):
            terminal.press("S", key)
            terminal.until_shown(marker)
        terminal.press("X")
        terminal.until_shown("1 ")
        terminal.press("1")
        terminal.until_shown("Skip 1")
        for typed in (":list", "|tr , '\\n'"):
            terminal.press(typed[0])
            terminal.until_shown("Enter ok")
            terminal.write(typed[1:])
            terminal.until_shown(typed[1:])
            terminal.press("enter")
            terminal.until_shown("q back")
            terminal.press("G", "q")
            terminal.until_shown(" Inbox ")
        terminal.press("g", "1")
        terminal.until_shown("of ")
        terminal.press("q")
        terminal.press("q")
        assert terminal.wait() == 0
        return bytes(terminal.raw)


def lines_of(home: Home, *command: str, keys: Sequence[str]) -> str:
    """Return what a command says that reads keys from lines."""
    return subprocess.run(
        home.command(*command), env=home.environment, cwd=home.folder, text=True, timeout=60,
        input="".join(f"{key}\n" for key in keys), capture_output=True, check=True,
    ).stdout  # fmt: skip


@pytest.mark.long
def test_no_hostile_byte_comes_from_any_other_screen(tmp_path: Path) -> None:
    harmless = walk(tmp_path / "harmless", HARMLESS)
    assert kinds(harmless) <= VOCABULARY
    raw = walk(tmp_path / "hostile", HOSTILE)
    assert kinds(raw) <= kinds(harmless)
    text = raw.decode()
    found = _FORBIDDEN.search(_SEQUENCE.sub("", text))
    assert found is None, ascii(text[found.start() - 40 : found.end() + 40])
    for payload in ("\x1b[5;31m", "\x1b[0;5m", "\x1b[999;999H", "\x1bc", "\x1b]0;", "\x1b]2;"):
        assert payload not in text, ascii(payload)
    for visible in ("[MASK] tokens", "[/] and [/b]", "[@click=app.bell]", "<SEG>"):
        assert visible in text


def test_the_plain_dialogue_prints_no_hostile_byte(tmp_path: Path) -> None:
    home = Home(tmp_path)
    fill(home, HOSTILE)
    said = lines_of(home, "triage", "--plain", keys=["x", "j", "?", "s", "u", "gs", "gx", "q"])
    found = _FORBIDDEN.search(said)
    assert found is None, ascii(said[found.start() - 40 : found.end() + 40])
    assert "[MASK] tokens" in said
    assert not re.search("\x1b", said)


def test_picking_draws_no_hostile_byte(tmp_path: Path) -> None:
    home = Home(tmp_path)
    fill(home, HOSTILE)
    with home.open("pick", columns=100, lines=30) as terminal:
        terminal.until_shown(HOSTILE[0])
        terminal.press("down", "down", "tab", "tab")
        terminal.until_shown("2 ")
        terminal.press("escape")
        assert terminal.wait() in (0, 130)
        raw = bytes(terminal.raw)
    assert kinds(raw) <= VOCABULARY
    assert not _FORBIDDEN.search(_SEQUENCE.sub("", raw.decode()))
