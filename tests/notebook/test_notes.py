"""Notes as a whole: links to and fro, the note of a day, tasks, revisions, and what was unsaved."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from papertray.core.errors import UsageError
from papertray.core.tasks import tasks
from papertray.notebook.notebook import Notebook
from papertray.notebook.notes import daily_uid
from papertray.notebook.templates import Templates
from papertray.notebook.unsaved import Unsaved, UnsavedFile, left_behind

from trays import add_lines, open_notebook, works

GONE = 2**22 + 1
"""No process has this number: Linux ends below."""


@pytest.fixture
def notebook(tmp_path: Path) -> Iterator[Notebook]:
    """A tray with three papers."""
    with open_notebook(tmp_path) as opened:
        add_lines(opened, works(3))
        yield opened


def key_of(notebook: Notebook, paper_id: int) -> str:
    """Return a paper's citation key, giving it one."""
    return notebook.papers.use_citekey(paper_id)


@pytest.mark.parametrize("with_index", [True, False])
def test_a_paper_and_a_note_know_who_links_to_them(notebook: Notebook, with_index: bool) -> None:
    key = key_of(notebook, 1)
    group, _ = notebook.notes.new(None, "Reading group (Ünal)", f"about [[{key}]]")
    notebook.notes.save_main(2, f"as in [[{key.upper()}|that]] and [[reading  GROUP (ünal)]]")
    notebook.notes.save_main(3, f"not a link: {key}, `[[{key}]]`, [[{key}x]]")
    notebook.notes.save_main(1, f"its own [[{key}]] counts for nothing")
    if with_index:
        notebook.search.follow()
    assert {line.paper_id for line in notebook.notes.backlinks(paper_id=1)} == {None, 2}
    assert [line.paper_id for line in notebook.notes.backlinks(note_id=group)] == [2]
    assert notebook.notes.backlinks(paper_id=3) == []


def test_a_link_finds_papers_by_older_keys_and_notes_by_title(notebook: Notebook) -> None:
    key = key_of(notebook, 1)
    note, _ = notebook.notes.new(None, "On robots", "text")
    assert notebook.notes.find_link(key.upper()) == (1, None)
    assert notebook.notes.find_link(" on  ROBOTS") == (None, note)
    assert notebook.notes.find_link("nothing") == (None, None)
    notebook.notes.remove(note)
    assert notebook.notes.find_link("On robots") == (None, None)


def test_a_name_of_one_sign_is_found_without_the_index(notebook: Notebook) -> None:
    note, _ = notebook.notes.new(None, "§", "text")
    notebook.notes.save_main(1, "see [[§]]")
    assert [line.paper_id for line in notebook.notes.backlinks(note_id=note)] == [1]


def test_names_are_offered_by_their_beginning_and_by_words(notebook: Notebook) -> None:
    key = key_of(notebook, 1)
    title = notebook.papers.entry(1).work.title
    notebook.notes.new(None, "Weekly meeting of robots", "agenda")
    notebook.notes.new(None, "cannot be linked ]]", "agenda")
    notebook.search.follow()
    names = notebook.notes.link_names
    first = names(key[:3].lower())[0]
    assert (first.name, first.about) == (key, title)
    assert "Weekly meeting of robots" in [link.name for link in names("meet rob")]
    assert key in [link.name for link in names(title.split()[-1])]
    assert [link.name for link in names("")] == ["Weekly meeting of robots"]
    assert names("cannot be") == []
    assert names("tag:x OR (") == []


def test_the_note_of_a_day_is_one_note_even_after_it_was_emptied(notebook: Notebook) -> None:
    day = "2026-11-23"
    assert notebook.notes.daily(day) is None
    first, _ = notebook.notes.new(None, day, "morning", uid=daily_uid(day))
    notebook.notes.remove(first)
    assert notebook.notes.daily(day) is None
    again, _ = notebook.notes.new(None, day, "evening", uid=daily_uid(day))
    note = notebook.notes.daily(day)
    assert note is not None
    assert (note.id, note.title, note.body) == (first, day, "evening\n")
    assert again == first


def test_a_removed_note_comes_back(notebook: Notebook) -> None:
    note, _ = notebook.notes.new(None, "A plan", "text")
    outcome = notebook.notes.remove(note)
    assert outcome.label == "note “A plan” removed"
    assert notebook.notes.recent_lines(10) == []
    notebook.journal.undo()
    assert [line.title for line in notebook.notes.recent_lines(10)] == ["A plan"]


def test_a_task_behind_a_nul_is_found(notebook: Notebook) -> None:
    notebook.notes.save_main(1, "pasted \0 from a PDF\n\n- [ ] read it\n")
    assert [found.task.text for found in notebook.notes.open_tasks(10)] == ["read it"]


def test_open_tasks_of_all_notes_are_ticked_one_by_one(notebook: Notebook) -> None:
    notebook.notes.save_main(1, "- [ ] first\n- [x] done\n- [ ] second")
    notebook.notes.new(None, "Plans", "- [ ] third\n")
    found = notebook.notes.open_tasks(10)
    assert [(each.note.name, each.task.text) for each in found] == [
        ("Plans", "third"), *((found[1].note.paper, text) for text in ("first", "second")),
    ]  # fmt: skip
    outcome = notebook.notes.tick(found[1].note.id, found[1].task)
    assert outcome.label == "task ticked: “first”"
    note = notebook.notes.main(1)
    assert note is not None
    assert note.body == "- [x] first\n- [x] done\n- [ ] second\n"
    assert notebook.notes.tick(found[1].note.id, found[1].task).batch is None
    notebook.journal.undo()
    assert len(notebook.notes.open_tasks(10)) == 3


def test_a_task_that_was_changed_meanwhile_is_not_ticked(notebook: Notebook) -> None:
    notebook.notes.save_main(1, "- [ ] first")
    [found] = notebook.notes.open_tasks(10)
    notebook.notes.save_main(1, "- [ ] another")
    with pytest.raises(UsageError, match="“first” was changed elsewhere"):
        notebook.notes.tick(found.note.id, found.task)


def test_lines_count_the_tasks_of_notes(notebook: Notebook) -> None:
    notebook.notes.save_main(1, "words   of\n\nit\n- [ ] a\n- [x] b")
    [line] = notebook.notes.recent_lines(5)
    assert (line.open_tasks, line.tasks) == (1, 2)
    assert line.words == "words of it - [ ] a - [x] b"
    assert len(tasks("- [ ] a")) == 1


def test_revisions_are_listed_newest_first(notebook: Notebook) -> None:
    for text in ("one", "two", "three"):
        notebook.notes.save_main(1, text)
    notebook.journal.undo()
    note = notebook.notes.main(1)
    assert note is not None
    found = notebook.notes.revisions(note.id)
    assert [(r.number, r.body, r.is_present) for r in found] == [
        (3, "three\n", False), (2, "two\n", True), (1, "one\n", False),
    ]  # fmt: skip


# --- what was unsaved


def left_by(notebook: Notebook, process: int, unsaved: Unsaved) -> Path:
    """Leave what a process had not saved yet."""
    UnsavedFile(notebook.places, 1).put(unsaved, 1)
    [file] = notebook.places.state.glob(f"unsaved-*-{os.getpid()}-1.json")
    return file.rename(file.with_name(file.name.replace(f"-{os.getpid()}-", f"-{process}-")))


def test_what_a_killed_process_left_is_found(notebook: Notebook) -> None:
    text = "on disk\n\ntyped since ü \x1b"
    file = left_by(notebook, GONE, Unsaved(text, "on disk\n", paper_id=1))
    [(found, unsaved)] = left_behind(notebook.places)
    assert (found, unsaved.text) == (file, text)


def test_what_was_written_meanwhile_is_kept_beside_it(notebook: Notebook) -> None:
    notebook.notes.save_main(1, "on disk\n")
    left_by(notebook, GONE, Unsaved("on disk\ntyped since", "on disk\n", paper_id=1))
    notebook.notes.save_main(1, "above\non disk\n")
    [(_, unsaved)] = left_behind(notebook.places)
    unsaved.save(notebook.notes)
    note = notebook.notes.main(1)
    assert note is not None
    assert note.body == "above\non disk\ntyped since\n"


def test_what_a_living_process_writes_is_left_to_it(notebook: Notebook) -> None:
    left_by(notebook, os.getppid(), Unsaved("theirs", "", paper_id=1))
    assert list(left_behind(notebook.places)) == []


def test_a_damaged_file_is_passed_over(notebook: Notebook) -> None:
    file = left_by(notebook, GONE, Unsaved("x", "", paper_id=1))
    file.write_text(json.dumps({"text": "x"}), encoding="ascii")
    assert list(left_behind(notebook.places)) == []


def test_a_late_thread_does_not_bring_back_what_is_saved(notebook: Notebook) -> None:
    file = UnsavedFile(notebook.places, 7)
    file.put(None, 2)
    file.put(Unsaved("late", "", paper_id=1), 1)
    assert list(notebook.places.state.glob("unsaved-*")) == []


# --- templates


def test_a_template_of_the_user_begins_a_note(notebook: Notebook, tmp_path: Path) -> None:
    templates = Templates(tmp_path / "config")
    entry = notebook.papers.entry(1)
    assert templates.of_note(entry, "2026-11-23") == ""
    folder = tmp_path / "config" / "templates"
    folder.mkdir(parents=True)
    (folder / "note.md").write_text("# {{ title }}\n{{ date }} {{ authors }}\n", encoding="utf-8")
    (folder / "daily.md").write_text("# {{ weekday }}, {{ day }}.{{ month }}.\n", encoding="utf-8")
    authors = ", ".join(author.display for author in entry.work.authors)
    assert templates.of_note(entry, "2026-11-23") == f"# {entry.work.title}\n2026-11-23 {authors}\n"
    assert templates.of_day("2026-11-23") == "# Monday, 23.11.\n"
    (folder / "daily.md").write_bytes(b"\xff")
    with pytest.raises(UsageError, match="is not UTF-8"):
        templates.of_day("2026-11-23")
