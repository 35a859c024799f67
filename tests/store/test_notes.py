"""Notes written by several at once: nobody's words are lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from papertray.store.notes import both

from trays import add_lines, open_notebook, works


def test_what_several_processes_append_is_all_there(tmp_path: Path) -> None:
    with open_notebook(tmp_path) as notebook:
        add_lines(notebook, works(1))

    def append(process: int) -> None:
        with open_notebook(tmp_path) as other:
            for number in range(5):
                other.notes.append(1, f"line {process} {number}")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(append, range(4)))
    with open_notebook(tmp_path) as notebook:
        note = notebook.notes.main(1)
        assert note is not None
        written = set(filter(None, note.body.splitlines()))
        assert written == {f"line {p} {n}" for p in range(4) for n in range(5)}


@pytest.mark.parametrize(
    ("text", "base", "present", "kept"),
    [
        ("mine", "", "", ["mine"]),
        ("mine\n", "old\n", "old\n", ["mine"]),
        ("mine", "old", "mine\n", ["mine"]),
        ("mine", "old", "theirs\n", ["mine", "---", "theirs"]),
        ("mine", "old", "", ["mine"]),
        ("", "old", "theirs\n", ["---", "theirs"]),
    ],
)
def test_both_texts_are_kept_where_both_were_written(
    text: str, base: str, present: str, kept: list[str]
) -> None:
    lines = [line for line in both(text, base, present).splitlines() if line]
    assert [line for line in lines if not line.startswith("Written elsewhere")] == kept


def test_an_editor_that_was_open_meanwhile_overwrites_nothing(tmp_path: Path) -> None:
    with open_notebook(tmp_path) as notebook:
        add_lines(notebook, works(1))
        notebook.notes.save_main(1, "begun")
        notebook.notes.append(1, "from the shell")
        notebook.notes.save_main(1, "begun, and gone on", base="begun\n")
        note = notebook.notes.main(1)
        assert note is not None
        assert note.body.startswith("begun, and gone on\n")
        assert "from the shell" in note.body


def test_two_who_edit_different_fields_do_not_undo_each_other(tmp_path: Path) -> None:
    from dataclasses import replace

    with open_notebook(tmp_path) as notebook:
        add_lines(notebook, works(1))
        begun = notebook.papers.entry(1).work
        notebook.papers.edit(1, replace(begun, comment="theirs"))
        notebook.papers.edit(1, replace(begun, title="Mine"), base=begun)
        work = notebook.papers.entry(1).work
        assert (work.title, work.comment) == ("Mine", "theirs")
