"""The note editor: its own keys, saving by itself, undo by sittings, and other editors."""

from __future__ import annotations

import re
import shlex
import sqlite3
import sys
from contextlib import nullcontext
from pathlib import Path

import pytest

from papertray.notebook.notebook import Notebook
from papertray.notebook.unsaved import Unsaved, UnsavedFile
from papertray.store.places import Places
from papertray.tui.app import PapertrayApp
from papertray.tui.keys import rebound
from papertray.tui.screens.note import NoteScreen
from papertray.tui.screens.triage import TriageScreen
from papertray.tui.widgets.link_offer import LinkOffer

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
        assert "ln 3, 6 words" in desk.text
        await desk.press("escape")
        assert "They are not alone." in desk.text
        assert " saved 0" in desk.text
        assert " reading " in desk.text
        await desk.press("q")
        assert isinstance(desk.app.screen, TriageScreen)
        assert desk.status == "note saved"
        assert re.search(rf"^> *n {ROBOTS}", desk.text, re.MULTILINE)
        if size == LARGE:
            await desk.until_shown("They are not alone.")
    assert body(notebook) == "# Robots\n\nThey are *not* alone.\n"


# --- Esc


async def test_after_esc_the_keys_of_the_papers_are_dead(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        await desk.press("e")
        await desk.type("words")
        await desk.press("escape")
        before = notebook.journal.newest()
        await desk.press(*"txrusxdm.jk", "enter", "space", "slash", "tab", "a", "E", "G")
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


async def test_the_keys_of_the_editor_are_alive(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        await desk.press("e")
        await desk.type("one two thre")
        await desk.press("backspace", "left", "ctrl+w", "home", "X", "end", "Y", "up", "tab")
        assert desk.editor.text == "Xone two rY"
        await desk.press("ctrl+z", "ctrl+z")
        assert desk.editor.text != "Xone two rY"
        assert isinstance(desk.app.screen, NoteScreen)


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
        await desk.until_shown(" saved 09:00, revision 1")
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


@pytest.mark.parametrize("text", ["as it was\n", "of other\x85line\u2028ends\x0b\r\n"])
async def test_a_note_that_was_only_looked_at_writes_nothing(
    notebook: Notebook, places: Places, text: str
) -> None:
    notebook.notes.save_main(1, text)
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
        assert re.search(rf"^> *n {ROBOTS}", desk.text, re.MULTILINE)
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
            assert " not saved yet" in desk.text
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


async def test_an_editor_that_is_none_is_told(
    notebook: Notebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDITOR", "'unfinished")
    monkeypatch.setattr(PapertrayApp, "suspend", nullcontext)
    async with at_desk(notebook) as desk:
        await desk.press("e", "ctrl+o")
        assert desk.toasts == ["EDITOR is not a command: 'unfinished."]


# --- reading: tasks and links


NOTE = "# Robots\n\n- [x] one\n- [ ] two `[ ]`\n- [ ] three, see [[{key}]]\n\nand [[On gardens]]\n"


def on_robots(notebook: Notebook) -> str:
    """Write a note with tasks and links on the first paper; return what it says."""
    text = NOTE.format(key=notebook.papers.use_citekey(2))
    notebook.notes.save_main(1, text)
    return text


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_tasks_are_ticked_while_the_note_is_read(
    notebook: Notebook, size: tuple[int, int]
) -> None:
    text = on_robots(notebook)
    async with at_desk(notebook, size) as desk:
        await desk.press("e", "escape")
        assert "3 tasks, 2 open" in desk.text
        await desk.press("space")
        assert body(notebook) == text.replace("[ ] two", "[x] two")
        assert "→ two" in desk.text
        assert "3 tasks, 1 open" in desk.text
        await desk.press("space")
        assert body(notebook) == text
        await desk.press("tab", "space")
        assert body(notebook) == text.replace("[ ] three", "[x] three")
        await desk.press("escape", "u")
        assert body(notebook) == text


async def test_links_are_followed_to_papers_and_back(notebook: Notebook) -> None:
    on_robots(notebook)
    async with at_desk(notebook) as desk:
        await desk.press("e", "escape", "enter")
        assert "Tab chooses a link" in desk.text
        await desk.press("1", "enter")
        await desk.until_shown("linked from 1 note")
        assert TITLES[1] in desk.text
        await desk.press("escape")
        assert f"[1] {ROBOTS}" in desk.text
        await desk.press("enter")
        await desk.until_shown("3 tasks, 2 open")
        await desk.press("escape", "q", "q", "q")
        assert isinstance(desk.app.screen, TriageScreen)
        assert desk.cursor == ROBOTS


async def test_a_link_to_nothing_can_make_a_note(notebook: Notebook) -> None:
    on_robots(notebook)
    async with at_desk(notebook) as desk:
        await desk.press("e", "escape", "2", "enter")
        await desk.until_shown("No paper and no note is called “On gardens”.")
        await desk.press("enter")
        await desk.type("They grow.")
        await desk.press("escape", "escape")
        assert notebook.notes.find_link("on gardens")[1] is not None
        await desk.press("2", "enter")
        await desk.until_shown("They grow.")
        await desk.until_shown("linked from 1 note")


async def test_what_is_written_in_a_note_over_another_is_shown_below(notebook: Notebook) -> None:
    on_robots(notebook)
    async with at_desk(notebook) as desk:
        await desk.press("e", "escape", "1", "enter")
        await desk.until_shown("linked from 1 note")
        await desk.press("escape", "1", "enter", "enter")
        await desk.until_shown("3 tasks, 2 open")
        await desk.type("Above. ")
        await desk.press("escape", "q", "q")
        assert "Above." in desk.text
        await desk.press("q")
    assert "Above." in (body(notebook) or "")


# --- completing links


@pytest.mark.parametrize("key", ["enter", "tab"])
async def test_a_link_is_completed_while_it_is_typed(notebook: Notebook, key: str) -> None:
    wanted = notebook.papers.use_citekey(2)
    async with at_desk(notebook) as desk:
        await desk.press("e")
        await desk.type(f"see [[{wanted[:4].lower()}")
        await desk.until_shown(f"{wanted}  {TITLES[1]}")
        await desk.press(key)
        await desk.type(" too")
        assert desk.editor.text == f"see [[{wanted}]] too"


async def test_esc_closes_the_names_first_and_letters_stay_letters(notebook: Notebook) -> None:
    notebook.papers.use_citekey(2)
    async with at_desk(notebook) as desk:
        await desk.press("e")
        await desk.type("[[")
        notebook.notes.save_main(3, "so that there is a name")
        await desk.type("n")
        await desk.until(lambda: desk.app.screen.query_one(LinkOffer).display, "names are shown")
        await desk.rush("escape", *"txru")
        assert desk.editor.text == "[[ntxru"
        assert notebook.papers.counts().inbox == len(TITLES)
        await desk.press("escape")
        assert " reading" in desk.text


# --- revisions


async def test_an_earlier_text_is_compared_and_put_back(notebook: Notebook) -> None:
    notebook.notes.save_main(1, "alpha\nbeta\n")
    notebook.notes.save_main(1, "alpha\ngamma\n")
    async with at_desk(notebook) as desk:
        await desk.press("e", "ctrl+r")
        await desk.until_shown("2 saved texts of this note")
        assert "+ gamma" in desk.text
        await desk.press(*"txru", "g", "i")
        assert "q goes back to the note" in desk.text
        await desk.press("enter")
        assert "- beta" in desk.text
        assert "+ gamma" in desk.text
        await desk.press("q", "j", "enter", "space")
        assert "what changed from then until now" in desk.text
        await desk.press("p", "escape")
        await desk.press("escape", "escape")
        assert body(notebook) == "alpha\nbeta\n"
        await desk.press("u")
        assert body(notebook) == "alpha\ngamma\n"
        assert notebook.papers.counts().inbox == len(TITLES)


async def test_a_note_without_a_text_has_no_revisions(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        await desk.press("e", "ctrl+r")
        assert "nothing was saved yet" in desk.text


# --- the abstract


async def test_the_abstract_stands_beside_the_note_where_there_is_room(notebook: Notebook) -> None:
    async with at_desk(notebook, (170, 40)) as desk:
        await desk.press("e")
        assert "We study robots at length" in desk.text
        await desk.press("ctrl+g")
        assert "We study robots at length" not in desk.text
        await desk.press("ctrl+g")
        await desk.resize(80, 24)
        await desk.type("over it")
        assert "We study robots at length" in desk.text
        assert "over it" in desk.text


# --- others write, too


async def test_what_others_write_meanwhile_is_shown_and_kept_once(
    notebook: Notebook, places: Places
) -> None:
    notebook.notes.save_main(1, "begun\n")
    async with at_desk(notebook) as desk:
        with open_notebook(places, "other") as other:
            await desk.press("e")
            await desk.type("\nours")
            other.notes.append(1, "theirs")
            await desk.press("ctrl+s")
            await desk.type(" again")
            other.notes.append(1, "and more")
            await desk.press("escape", "escape")
    text = body(notebook) or ""
    assert [text.count(word) for word in ("begun", "ours again", "theirs", "and more")] == [1] * 4


async def test_a_save_that_is_under_way_does_not_lose_the_next_letters(
    notebook: Notebook,
) -> None:
    async with at_desk(notebook) as desk:
        await desk.press("e")
        await desk.rush(*"one", "ctrl+s", *"two", "ctrl+s", *"three", "escape", "escape")
        assert isinstance(desk.app.screen, TriageScreen)
        assert desk.status == "note saved"
    assert body(notebook) == "onetwothree\n"


# --- templates, the note of the day


async def test_a_template_begins_a_note_that_is_saved_once_it_is_changed(
    notebook: Notebook, places: Places
) -> None:
    folder = places.config / "templates"
    folder.mkdir(parents=True)
    (folder / "note.md").write_text("# {{ title }}\n", encoding="utf-8")
    (folder / "daily.md").write_text("{{ wrong }}", encoding="utf-8")
    async with at_desk(notebook) as desk:
        await desk.press("e")
        assert desk.editor.text == f"# {ROBOTS}\n"
        await desk.press("escape", "escape")
        assert body(notebook) is None
        await desk.press("e")
        await desk.type("good")
        await desk.press("escape", "escape", "g", "e")
        assert "daily.md cannot be used: line 1: 'wrong' is undefined." in desk.toasts[-1]
        assert desk.editor.text == ""
    assert body(notebook) == f"# {ROBOTS}\ngood\n"


async def test_the_note_of_today_is_one_note(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        await desk.press("g", "e", "escape", "escape")
        assert notebook.notes.daily("2026-11-23") is None
        await desk.press("g", "e")
        assert " Note  2026-11-23" in desk.text
        await desk.type("sunny")
        await desk.press("escape", "escape", "g", "e")
        assert desk.editor.text == "sunny\n"
        await desk.press("escape", "q", "u")
        assert notebook.notes.daily("2026-11-23") is None


# --- highlighting


async def test_markdown_is_highlighted_where_its_grammar_is_installed(notebook: Notebook) -> None:
    pytest.importorskip("tree_sitter_markdown")
    notebook.notes.save_main(1, "# Head \x1b[31m\n\ntext\n")
    async with at_desk(notebook) as desk:
        await desk.press("e")
        await desk.until(lambda: desk.editor.language == "markdown", "the grammar is loaded")
        await desk.type("end")
        assert desk.editor.text == "# Head \x1b[31m\n\ntext\nend"
        assert "# Head \ufffd[31m" in desk.text
        await desk.press("escape")
        assert not desk.app.screen.is_editing  # type: ignore[attr-defined]  # it is a NoteScreen


# --- recovered


async def test_what_was_typed_and_taken_back_is_not_kept(
    notebook: Notebook, places: Places
) -> None:
    async with at_desk(notebook) as desk:
        await desk.press("e")
        await desk.type("x")
        await desk.until(lambda: bool(list(places.state.glob("unsaved-*"))), "it is kept")
        await desk.press("backspace", "escape", "escape")
        assert list(places.state.glob("unsaved-*")) == []
    assert body(notebook) is None


async def test_what_a_killed_screen_left_is_saved_at_the_next_start(
    notebook: Notebook, places: Places
) -> None:
    UnsavedFile(places, 99).put(Unsaved("precious", "", paper_id=1), 1)
    async with at_desk(notebook) as desk:
        assert body(notebook) == "precious\n"
        assert desk.toasts[0].startswith(
            "What you had typed when papertray ended is saved: note on"
        )
        assert list(places.state.glob("unsaved-*")) == []
        await desk.press("u")
        assert body(notebook) is None
