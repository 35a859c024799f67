"""The list of notes and the list of open tasks: opened, made, removed, ticked, found."""

from __future__ import annotations

import pytest

from papertray.notebook.notebook import Notebook
from papertray.tui.screens import notes as notes_screen
from papertray.tui.screens.note import NoteScreen
from papertray.tui.screens.notes import NotesScreen
from papertray.tui.screens.tasks import TasksScreen
from papertray.tui.screens.triage import TriageScreen

from .desk import LARGE, SMALL, TITLES, at_desk

ROBOTS, GARDENS = TITLES[:2]


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_notes_are_listed_with_their_first_words_and_tasks(
    notebook: Notebook, size: tuple[int, int]
) -> None:
    notebook.notes.save_main(1, "expands   each mask\n- [ ] check\n- [x] done")
    notebook.notes.new(None, "Reading [MASK] group", "agenda \x1b[31m")
    async with at_desk(notebook, size) as desk:
        await desk.press("g", "n")
        assert isinstance(desk.app.screen, NotesScreen)
        lines = [line for line in desk.text.splitlines() if "2026-11-23" in line]
        assert len(lines) == 2
        assert f"{ROBOTS}  · expands each mask" in desk.text
        assert "1 open  2026-11-23" in desk.text
        assert "Reading [MASK] group  · agenda \ufffd[31m" in desk.text
        await desk.press("q")
        assert isinstance(desk.app.screen, TriageScreen)


async def test_a_note_is_opened_from_the_list_and_shown_there_as_it_is_then(
    notebook: Notebook,
) -> None:
    notebook.notes.save_main(2, "begun")
    async with at_desk(notebook) as desk:
        await desk.press("g", "n")
        await desk.press("enter")
        assert isinstance(desk.app.screen, NoteScreen)
        assert GARDENS in desk.text
        await desk.type("at its end")
        await desk.press("escape", "q")
        await desk.until_shown("· begun at its end")


async def test_a_free_note_is_made_by_its_title(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        await desk.press("g", "n")
        assert "No notes yet." in desk.text
        await desk.press("a")
        await desk.answer("Plans  for 2027")
        assert " Note  Plans for 2027" in desk.text
        await desk.type("write it up")
        await desk.press("escape", "escape")
        await desk.until_shown("Plans for 2027  · write it up")
    [line] = notebook.notes.recent_lines(5)
    assert (line.title, line.paper_id) == ("Plans for 2027", None)


async def test_a_free_note_without_a_word_is_none(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        await desk.press("g", "n", "a")
        await desk.answer("Plans")
        await desk.press("escape", "escape")
        assert notebook.notes.recent_lines(5) == []


async def test_a_note_is_removed_and_comes_back(notebook: Notebook) -> None:
    notebook.notes.new(None, "Plans", "text")
    async with at_desk(notebook) as desk:
        await desk.press("g", "n", "D")
        assert notebook.notes.recent_lines(5) == []
        await desk.press("u")
        await desk.until_shown("Plans  · text")


async def test_finding_asks_the_index_beyond_what_is_listed(
    notebook: Notebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        notebook.notes.new(None, f"Note {number}", "a" * 300 + f"\nzeppelin{number}\n")
    monkeypatch.setattr(notes_screen, "MOST", 2)
    async with at_desk(notebook) as desk:
        await desk.until_index_follows()
        await desk.press("g", "n")
        assert "the last 2 that changed" in desk.text
        await desk.press("slash")
        await desk.type("zeppelin1")
        await desk.until_shown("In the text of notes")
        await desk.press("enter", "enter")
        await desk.until_shown(" Note  Note 1")


async def test_the_notes_of_a_search_are_listed_best_first(notebook: Notebook) -> None:
    notebook.notes.save_main(1, "about zeppelins")
    notebook.notes.save_main(2, "about balloons")
    async with at_desk(notebook) as desk:
        await desk.until_index_follows()
        await desk.press("slash")
        await desk.type("zeppelins")
        await desk.press("enter", "g", "n")
        await desk.until_shown("Notes found: 1")
        assert "about balloons" not in desk.text


async def test_without_notes_the_list_says_how_to_begin(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        await desk.press("g", "n")
        await desk.until_shown("No notes yet. a begins one, e on a paper one about that.")


async def test_keys_that_work_everywhere_close_the_list(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        await desk.press("g", "n", "g", "s")
        assert isinstance(desk.app.screen, TriageScreen)
        await desk.press("g", "n", "g", "o")
        assert isinstance(desk.app.screen, TasksScreen)


# --- tasks


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_open_tasks_of_all_notes_are_ticked_in_place(
    notebook: Notebook, size: tuple[int, int]
) -> None:
    notebook.notes.save_main(1, "- [ ] check [MASK]\n- [x] done\n- [ ] ask Ada \x1b]0;x\x07")
    notebook.notes.new(None, "Plans", "- [ ] write")
    async with at_desk(notebook, size) as desk:
        await desk.press("g", "o")
        assert "3 open tasks" in desk.text
        assert "[ ] check [MASK]" in desk.text
        assert "\x1b" not in desk.text
        await desk.press("space")
        assert "2 open tasks" in desk.text
        assert "[x] check [MASK]" in desk.text
        await desk.press("space")
        body = notebook.notes.main(1)
        assert body is not None
        assert body.body.startswith("- [x] check [MASK]\n- [x] done\n- [x] ask Ada")
        await desk.press("k", "space")
        assert len(notebook.notes.open_tasks(9)) == 2
        await desk.press("u", "u")
        assert len(notebook.notes.open_tasks(9)) == 2
        await desk.press("u")
        assert len(notebook.notes.open_tasks(9)) == 3
        await desk.until_shown("3 open tasks")


async def test_enter_opens_the_note_of_a_task_at_its_line(notebook: Notebook) -> None:
    notebook.notes.save_main(1, "# One\n\ntext\n- [ ] here\nmore")
    async with at_desk(notebook) as desk:
        await desk.press("g", "o")
        await desk.press("enter")
        assert isinstance(desk.app.screen, NoteScreen)
        assert desk.editor.cursor_location == (3, 0)
        await desk.press("escape", "space", "escape")
        await desk.until_shown("No open task.")


async def test_a_task_that_is_gone_is_told_and_the_list_is_as_it_is(notebook: Notebook) -> None:
    notebook.notes.save_main(1, "- [ ] old\n")
    async with at_desk(notebook) as desk:
        await desk.press("g", "o")
        notebook.notes.save_main(1, "- [ ] new\n")
        await desk.press("space")
        assert desk.toasts == ["The task “old” was changed elsewhere; look again."]
        await desk.until_shown("[ ] new")


async def test_without_a_task_the_list_says_what_one_is(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        await desk.press("g", "o", "space", "enter", "u")
        assert isinstance(desk.app.screen, TasksScreen)
        assert "A line “- [ ] words” in any note is one." in desk.text
