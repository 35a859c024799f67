"""`note` and `notes`."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cli.command_line import CommandLine


def note_of(papertray: CommandLine, key: str = "1") -> str:
    """Return the text of a paper's first note."""
    notes = papertray.json("show", key, "--format", "json")["notes"]
    return str(notes[0]["body"]) if notes else ""


def test_text_is_appended_and_replaced(filled: CommandLine) -> None:
    filled("note", "1", "First.")
    filled("note", "1", "Second.")
    assert note_of(filled) == "First.\n\nSecond.\n"

    filled("note", "1", "--stdin", "--replace", stdin="Only\nthis.\n")
    assert note_of(filled) == "Only\nthis.\n"

    filled("undo")
    assert note_of(filled) == "First.\n\nSecond.\n"


def test_replacing_by_nothing_takes_the_note_away(filled: CommandLine) -> None:
    filled("note", "1", "First.")

    assert filled("note", "1", "--replace", "").exit_code == 0

    assert note_of(filled) == ""
    assert filled.lines("notes") == []


def test_more_notes_on_a_paper(filled: CommandLine) -> None:
    filled("note", "1", "Main.")
    filled("note", "1", "Another.", "--new", "On the side")

    notes = filled.json("show", "1", "--format", "json")["notes"]
    assert [(note.get("title", ""), note["body"]) for note in notes] == [
        ("", "Main.\n"),
        ("On the side", "Another.\n"),
    ]


def test_a_noted_paper_has_a_citation_key(filled: CommandLine) -> None:
    filled("note", "1", "Main.")

    assert filled.lines("list", "has:note")[0].startswith("vaswani")


def test_the_editor_gets_the_note_and_its_text_is_kept(filled: CommandLine) -> None:
    filled("note", "1", "Before.")

    result = filled("note", "1", editor="sed -i s/Before/After/")

    assert result.exit_code == 0
    assert note_of(filled) == "After.\n"
    assert filled("note", "1", "--edit", editor="true").stderr == "Nothing was changed.\n"


def test_what_a_failing_editor_leaves_is_kept(filled: CommandLine) -> None:
    filled("note", "1", "Before.")

    result = filled("note", "1", editor="sh -c 'echo Precious >> $0; exit 3'")

    assert result.exit_code == 2
    place = re.search(r"what you wrote is in (\S+)\.", result.stderr)
    assert place is not None
    assert "Precious" in Path(place[1]).read_text()
    Path(place[1]).unlink()
    assert note_of(filled) == "Before.\n"


def test_a_missing_editor_is_named(filled: CommandLine) -> None:
    result = filled("note", "1", editor="no-such-editor-anywhere")

    assert result.exit_code == 2
    assert "no-such-editor-anywhere" in result.stderr


def test_notes_are_listed_and_found(filled: CommandLine) -> None:
    filled("note", "1", "About heads.")
    filled("note", "2", "About trees.")

    assert [line.split("\t")[2] for line in filled.lines("notes")] == [
        "About trees.",
        "About heads.",
    ]
    assert [line.split("\t")[2] for line in filled.lines("notes", "heads")] == ["About heads."]
    assert len(filled.lines("notes", "about", "--limit", "1")) == 1
    assert len(filled.lines("notes", "about", "--pile", "starred")) == 0
    assert filled("notes", "zebra").stderr == "No notes found.\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("note", "1", "text", "--stdin"), "--stdin"),
        (("note", "1", "text", "--edit"), "--edit"),
        (("note", "1", "text", "--replace", "--new", "T"), "--new"),
        (("note", "1", "  "), "empty"),
        (("note", "1", "--stdin"), "empty"),
        (("notes", "-word"), "-word after --"),
    ],
)
def test_wrong_usage_writes_nothing(
    filled: CommandLine, arguments: tuple[str, ...], words: str
) -> None:
    result = filled(*arguments)

    assert result.exit_code == 2
    assert words in result.stderr
    assert filled.lines("notes") == []
