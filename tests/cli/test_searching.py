"""`save` and `searches`, and where hits matched, as a terminal shows it."""

from __future__ import annotations

import pytest

from cli.command_line import ESC, CommandLine, json_lines
from papertray.cli import output


def test_saving_listing_using_and_removing(filled: CommandLine) -> None:
    assert filled("save", "deep ones", "title:deep").stderr == "Saved search deep ones.\n"
    assert filled("save", "Deep Ones", "title:deep").stderr == "Nothing was changed.\n"
    assert filled.lines("searches") == ["deep ones\ttitle:deep"]
    assert filled.json("searches", "--format", "json") == [
        {"name": "deep ones", "query": "title:deep"}
    ]
    assert [p["id"] for p in filled.json("list", 'search:"deep ones"', "--format", "json")] == [3]
    replaced = filled("save", "Deep Ones", "deep")
    assert replaced.stderr == "Saved search Deep Ones, in place of: title:deep\n"
    assert filled("undo").exit_code == 0
    assert filled("searches", "remove", "deep ones").exit_code == 0
    assert filled("searches").stderr.startswith("No search is saved")
    assert filled("undo").exit_code == 0
    assert filled.lines("searches") == ["deep ones\ttitle:deep"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("save", "a", "titel:x"), "did you mean `title:`"),
        (("save", "a"), "Missing argument"),
        (("save", "", "x"), "cannot be the name"),
        (("save", "a", " "), "no QUERY to save"),
        (("save", "a", "-x"), "not:x"),
        (("searches", "remove", "none"), "no saved search none"),
        (("list", "search:none"), "no saved search none"),
    ],
)
def test_wrong_usage(filled: CommandLine, arguments: tuple[str, ...], words: str) -> None:
    result = filled(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert words in result.stderr


def test_a_terminal_shows_where_a_text_matched(
    papertray: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    hostile = f"We look at {ESC}[31mred \u202e things, masking them."
    lines = json_lines({"title": "One", "abstract": hostile}, {"title": "A mask", "abstract": "x"})
    papertray("add", "-", stdin=lines)
    monkeypatch.setattr(output, "is_terminal", lambda: True)
    monkeypatch.setenv("NO_COLOR", "1")
    plain = papertray.lines("list", "mask")
    assert plain[-1] == "    We look at \N{REPLACEMENT CHARACTER}[31mred  things, masking them."
    assert len([line for line in plain if line.startswith("    ")]) == 1
    monkeypatch.delenv("NO_COLOR")
    assert papertray.lines("list", "mask")[-1].endswith(f"{ESC}[1mmasking{ESC}[0m them.")
