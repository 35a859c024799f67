"""The note editor: its own keys, saving by itself, undo by sittings, and other editors."""

from __future__ import annotations

import shlex
import sqlite3
import sys
from pathlib import Path

import pytest

from papertray.notebook.notebook import Notebook
from papertray.store.places import Places
from papertray.tui.keys import rebound
from papertray.tui.screens.note import NoteScreen
from papertray.tui.screens.triage import TriageScreen

from .desk import LARGE, SMALL, TITLES, at_desk, open_notebook

ROBOTS = TITLES[0]


def body(notebook: Notebook, paper_id: int = 1) -> str | None:
    """Return the text of a paper's note as it lies on disk."""
    note = notebook.notes.main(paper_id)
    return None if note is None else note.body


def revisions(places: Places) -> int:
    """Return how many revisions all notes have."""
    with sqlite3.connect(places.database) as connection:
        (number,) = connection.execute("SELECT count(*) FROM note_revision").fetchone()
    connection.close()
    return int(number)


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_a_note_is_written_and_shown(notebook: Notebook, size: tuple[int, int]) -> None:
    async with at_desk(notebook, size) as desk:
        await desk.press("e")
        assert isinstance(desk.app.screen, NoteScreen)
        assert f" Note  {ROBOTS}" in desk.text
        await desk.type("# Robots\n\nThey are *not* alone.")
        assert " editing " in desk.text
        assert "line 3, column 22, 6 words" in desk.text
        await desk.press("escape")
        assert "They are not alone." in desk.text
        assert " saved " in desk.text
        await desk.press("q")
        assert isinstance(desk.app.screen, TriageScreen)
        assert desk.status == "note saved"
        assert f"> +{ROBOTS}" in desk.text
        if size == LARGE:
            await desk.until_shown("They are *not* alone.")
    assert body(notebook) == "# Robots\n\nThey are *not* alone.\n"


# --- Esc


async def test_after_esc_the_keys_of_the_papers_are_dead(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        await desk.press("e")
        await desk.type("words")
        await desk.press("escape")
        before = notebook.journal.newest()
        await desk.press(*"txrusxdm.jk", "enter", "space", "ctrl+r", "slash", "tab", "a", "E", "G")
        assert isinstance(desk.app.screen, NoteScreen)
        assert not desk.app.screen.is_editing
        assert notebook.journal.newest() == before
        assert notebook.papers.counts().inbox == len(TITLES)
        await desk.press("escape")
        assert isinstance(desk.app.screen, TriageScreen)
        assert desk.cursor == ROBOTS
    assert body(notebook) == "words\n"


async def test_the_reflex_of_esc_and_letters_in_one_go_decides_nothing(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        await desk.press("e")
        await desk.rush(*"words", "escape", *"txru")
        assert isinstance(desk.app.screen, NoteScreen)
        assert notebook.papers.counts().inbox == len(TITLES)
        assert notebook.papers.entry(1).tags == ()
    assert (body(notebook) or "").startswith("words")


@pytest.mark.parametrize("key", ["i", "e"])
async def test_editing_goes_on_after_esc(notebook: Notebook, key: str) -> None:
    async with at_desk(notebook) as desk:
        await desk.press("e")
        await desk.type("one")
        await desk.press("escape", key)
        assert desk.editor.text == "one"
        await desk.type(" two ie q")
        await desk.press("escape", "escape")
    assert body(notebook) == "one two ie q\n"


async def test_in_the_editor_every_letter_is_a_letter(notebook: Notebook) -> None:
    letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,;:?/\\!|*"
    async with at_desk(notebook, key_map=rebound({"note.back": "z"})[0]) as desk:
        await desk.press("e")
        await desk.type(letters)
        assert desk.editor.text == letters
        await desk.press("escape", "q")
        assert isinstance(desk.app.screen, NoteScreen)
        await desk.press("z")
        assert isinstance(desk.app.screen, TriageScreen)


async def test_ctrl_p_does_not_open_the_palette_over_a_note(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        await desk.press("e", "ctrl+p", "escape", "ctrl+p")
        assert isinstance(desk.app.screen, NoteScreen)


# --- saving


async def test_a_pause_saves(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        await desk.press("e")
        await desk.type("unfin")
        await desk.until(lambda: body(notebook) == "unfin\n", "the pause saved the text")
        await desk.until_shown(" saved ")
        assert isinstance(desk.app.screen, NoteScreen)


async def test_ctrl_s_saves_at_once(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        await desk.press("e")
        await desk.type("now")
        await desk.press("ctrl+s")
        assert body(notebook) == "now\n"
        assert " saved " in desk.text


async def test_one_undo_takes_back_the_whole_sitting(notebook: Notebook, places: Places) -> None:
    notebook.notes.save_main(1, "before\n")
    async with at_desk(notebook) as desk:
        await desk.press("e")
        for word in ("one ", "two ", "three"):
            await desk.type(word)
            await desk.press("ctrl+s")
        await desk.press("escape", "escape")
        assert body(notebook) == "before\none two three\n"
        assert revisions(places) == 4
        await desk.press("u")
        assert body(notebook) == "before\n"
        await desk.press("ctrl+r")
        assert body(notebook) == "before\none two three\n"
        await desk.press("u", "u")
        assert body(notebook) is None


async def test_a_note_that_was_only_looked_at_writes_nothing(
    notebook: Notebook, places: Places
) -> None:
    notebook.notes.save_main(1, "as it was\n")
    before = notebook.journal.newest()
    async with at_desk(notebook) as desk:
        await desk.press("e", "escape", "i", "ctrl+s", "escape", "escape")
        assert notebook.journal.newest() == before
        assert desk.status != "note saved"
    assert revisions(places) == 1


@pytest.mark.parametrize("left", ["", "  \n "])
async def test_an_empty_text_takes_the_note_away(notebook: Notebook, left: str) -> None:
    notebook.notes.save_main(1, "words\n")
    async with at_desk(notebook) as desk:
        assert f"> +{ROBOTS}" in desk.text
        await desk.press("e")
        desk.editor.text = left
        await desk.press("escape", "escape")
        assert body(notebook) is None
        await desk.press("u")
        assert body(notebook) == "words\n"


async def test_quitting_papertray_from_a_note_saves_it(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        await desk.press("e")
        await desk.type("last words")
        await desk.press("ctrl+q")
    assert body(notebook) == "last words\n"


async def test_a_note_that_cannot_be_saved_is_told_and_kept(
    notebook: Notebook, places: Places
) -> None:
    notebook.close()
    other = sqlite3.connect(places.database, isolation_level=None)
    with open_notebook(places, "impatient", timeout=0.02) as impatient:
        async with at_desk(impatient) as desk:
            await desk.press("e")
            await desk.type("precious")
            other.execute("BEGIN IMMEDIATE")
            await desk.press("ctrl+s")
            await desk.until(lambda: bool(desk.toasts), "the trouble is told")
            assert desk.toasts[0].startswith("The note is not saved: The tray ")
            assert desk.editor.text == "precious"
            assert " saved " not in desk.text
            other.execute("ROLLBACK")
            await desk.press("ctrl+s")
            assert body(impatient) == "precious\n"
    other.close()


# --- hostile text

HOSTILE = (
    "[MASK] <SEG> [/] [/b] [b]bold [@click=app.bell]hit[/] p[y=1|x] a [ b [1] cite",
    "\x1b[31mred\x1b]0;pwn\x07 \x9b31m \u202edcba \x00 \r x\ty",
    "# [MASK]\n\n- [ ] task\n- [x] done\n\n```\n[/]\n```\n\n| a | b |\n|---|---|\n| [/] | <SEG> |",
    "<script>alert(1)</script>\n\n<!-- todo\n\n![x](http://x.y/z) [x](javascript:a) <a@b.org>",
    "> > > deep\n" * 5 + "*" * 50 + "`" * 7 + "\n---\n===\n",
)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
async def test_hostile_text_is_shown_and_not_obeyed(notebook: Notebook, text: str) -> None:
    notebook.notes.save_main(1, text)
    async with at_desk(notebook) as desk:
        await desk.press("e", "escape")
        if "[MASK]" in text:
            assert "[MASK]" in desk.text
        if "<SEG>" in text:
            assert "<SEG>" in desk.text
        if "script" in text:
            assert "<script>alert(1)</script>" in desk.text
        for control in "\x1b\x07\x9b\u202e\x00\r":
            assert control not in desk.text
        await desk.press("escape", "g", "n")
        for control in "\x1b\x07\x9b\u202e\x00\r":
            assert control not in desk.text
        assert desk.toasts == []


# --- $EDITOR


def editor_script(folder: Path, program: str) -> str:
    """Write an editor: a Python program that gets the file as `path`; return its command."""
    script = folder / "my editor.py"
    head = "import sys, pathlib\npath = pathlib.Path(sys.argv[-1])\n"
    script.write_text(head + program, encoding="utf-8")
    return f"{shlex.quote(sys.executable)} {shlex.quote(str(script))} --wait"


async def test_without_an_editor_one_is_asked_for(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        await desk.press("e", "ctrl+o")
        assert desk.toasts == ["Set $EDITOR to the editor you want to use here."]


async def test_a_terminal_that_cannot_be_handed_over_is_told(
    notebook: Notebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDITOR", editor_script(tmp_path, "path.write_text('lost')\n"))
    async with at_desk(notebook) as desk:
        await desk.press("e")
        await desk.type("kept")
        await desk.press("ctrl+o")
        assert desk.toasts == ["This terminal cannot be handed to another editor."]
        assert desk.editor.text == "kept"
