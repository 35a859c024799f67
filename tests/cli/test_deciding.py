"""`move`, `done`, `tag`, `tags`, `remove`, and taking them back."""

from __future__ import annotations

import pytest

from cli.command_line import CommandLine


def piles(papertray: CommandLine) -> list[str]:
    """Return the piles of all papers, by number."""
    papers = papertray.json("list", "--format", "json")
    return [paper["pile"] for paper in sorted(papers, key=lambda paper: paper["id"])]


def test_moving_by_every_kind_of_key(filled: CommandLine) -> None:
    result = filled(
        "move", "skip", "arXiv:1706.03762v5", "10.1000/study", "HEdeepresiduallearning2016"
    )

    assert (result.exit_code, result.stdout) == (0, "3 papers moved to skip\n")
    assert piles(filled) == ["skip", "skip", "skip"]


def test_moving_by_a_query_is_one_batch(filled: CommandLine) -> None:
    result = filled("move", "read", "--query", "attention OR graphs", "--because", "for the talk")

    assert result.stdout == "2 papers moved to read\n"
    assert "because for the talk" in filled.lines("history", "1")[0]
    assert filled.lines("undo") == ["Taken back: read 2 papers"]
    assert piles(filled) == ["inbox", "inbox", "starred"]


def test_the_known_are_moved_and_the_unknown_named(filled: CommandLine) -> None:
    result = filled("move", "read", "1", "nobody", "99")

    assert (result.exit_code, result.stdout) == (1, "1 paper moved to read\n")
    assert "nobody" in result.stderr
    assert "99" in result.stderr
    assert piles(filled) == ["read", "inbox", "starred"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("move", "read", "nobody", "99"),
        ("done", "nobody"),
        ("tag", "nobody", "--add", "x"),
        ("remove", "nobody"),
        ("show", "nobody"),
        ("open", "nobody"),
        ("edit", "nobody", "--set", "year=2000"),
        ("note", "nobody", "text"),
        ("history", "nobody"),
    ],
)
def test_only_unknown_keys_end_with_two(filled: CommandLine, arguments: tuple[str, ...]) -> None:
    result = filled(*arguments)

    assert (result.exit_code, result.stdout) == (2, "")
    assert "nobody" in result.stderr


def test_keys_come_from_standard_input_too(filled: CommandLine) -> None:
    result = filled("move", "read", "-", "1", stdin="2 1\n\n 10.1000/study\n")

    assert result.stdout == "2 papers moved to read\n"
    assert filled("move", "read", "-", stdin="").exit_code == 0


def test_a_paper_that_lies_there_already_is_not_moved(filled: CommandLine) -> None:
    result = filled("move", "starred", "1", "3")

    assert (result.stdout, result.stderr) == ("1 paper moved to starred\n", "1 paper unchanged.\n")


def test_done_and_not_done(filled: CommandLine) -> None:
    assert filled.lines("done", "1", "3") == ["2 papers done"]
    assert piles(filled) == ["read", "inbox", "starred"]
    assert len(filled.lines("list", "is:done")) == 2

    assert filled.lines("done", "--clear", "1") == ["1 paper not done any more"]
    assert len(filled.lines("list", "is:done")) == 1


def test_tags_are_given_taken_renamed_and_listed(filled: CommandLine) -> None:
    assert filled.lines("tag", "1", "2", "--add", "a", "--add", "two words") == ["2 papers changed"]
    filled("tag", "2", "--remove", "a", "--add", "b")
    assert filled.lines("tags") == ["1\ta", "1\tb", "2\ttwo words"]

    assert filled.lines("tags", "rename", "two words", "b") == ["2 papers changed"]
    assert filled.lines("tags") == ["1\ta", "2\tb"]
    assert len(filled.lines("list", "--tag", "b")) == 2


def test_removing_hides_and_undo_shows_again(filled: CommandLine) -> None:
    assert filled.lines("remove", "1", "2") == ["2 papers removed"]
    assert len(filled.lines("list")) == 1

    filled("undo")

    assert len(filled.lines("list")) == 3


def test_undo_and_redo_survive_from_command_to_command(filled: CommandLine) -> None:
    filled("move", "read", "1")
    filled("tag", "1", "--add", "x")

    assert len(filled.lines("undo", "-n", "2")) == 2
    assert (piles(filled)[0], filled.lines("tags")) == ("inbox", [])

    assert filled.lines("redo") == ["Done again: read “Attention Is All You Need”"]
    assert (piles(filled)[0], filled.lines("tags")) == ("read", [])


def test_redo_of_several_ends_where_nothing_is_left(filled: CommandLine) -> None:
    filled("move", "read", "1")
    filled("tag", "1", "--add", "x")
    filled("undo", "-n", "2")

    result = filled("redo", "-n", "5")

    assert (result.exit_code, len(result.stdout.splitlines())) == (0, 2)
    assert result.stderr == "Nothing is left to redo.\n"
    assert (piles(filled)[0], len(filled.lines("tags"))) == ("read", 1)


def test_undo_ends_where_nothing_is_left(filled: CommandLine) -> None:
    result = filled("undo", "-n", "9")

    assert (result.exit_code, len(result.stdout.splitlines())) == (0, 1)
    assert result.stderr.startswith("Nothing is left to undo. The last add is taken back by ")
    assert "papertray undo --batch 1" in result.stderr
    assert filled("redo").exit_code == 0
    assert filled("redo").stderr == "There is nothing to redo.\n"


def test_undo_of_a_batch_leaves_what_changed_since(filled: CommandLine) -> None:
    filled("move", "read", "1", "2")
    filled("move", "skip", "1")
    batch = filled.lines("history")[1].split("\t")[0]

    result = filled("undo", "--batch", batch)

    assert "1 value was changed since and left alone" in result.stderr
    assert piles(filled) == ["skip", "inbox", "starred"]
    assert filled("undo", "--batch", batch).exit_code == 2
    assert filled("undo", "--batch", "4711").exit_code == 2


def test_history_names_batches_newest_first(filled: CommandLine) -> None:
    filled("undo")

    rows = [line.split("\t") for line in filled.lines("history")]

    assert [row[0] for row in rows] == ["3", "2", "1"]
    assert [row[2] for row in rows] == ["command", "command", "add"]
    assert rows[1][3] == "star “Deep Residual Learning” (taken back)"
    assert len(filled.lines("history", "--limit", "2")) == 2


def test_history_of_a_paper_names_each_decision(filled: CommandLine) -> None:
    filled("note", "3", "some text")
    filled("tag", "3", "--add", "x")
    filled("tag", "3", "--remove", "x")

    texts = [line.split("\t")[3] for line in filled.lines("history", "3")]

    assert texts == ["no tag x", "tag x", "note saved", "pile: inbox → starred"]


def test_history_of_an_edit_names_authors_as_people_do(filled: CommandLine) -> None:
    filled("edit", "1", "--set", "authors=Lee, Ann; van der Berg, Bo")

    text = filled.lines("history", "1")[0].split("\t")[3]

    assert text == "authors: Ashish Vaswani; Noam Shazeer → Ann Lee; Bo van der Berg"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("move", "read"), "KEYs or by --query"),
        (("move", "read", "1", "--query", "x"), "KEYs or by --query"),
        (("move", "read", "--query", " "), "empty"),
        (("move", "nowhere", "1"), "starred"),
        (("done",), "KEY"),
        (("tag", "1"), "--add"),
        (("tag", "1", "--add", " "), "tag"),
        (("tag", "1", "--add", "a\x1b[31m"), "tag"),
        (("tags", "rename", "none", "some"), "no tag none"),
        (("undo", "-n", "0"), "0"),
        (("undo", "-n", "2", "--batch", "1"), "--batch"),
    ],
)
def test_wrong_usage_changes_nothing(
    filled: CommandLine, arguments: tuple[str, ...], words: str
) -> None:
    before = filled.lines("history")

    result = filled(*arguments)

    assert (result.exit_code, result.stdout) == (2, "")
    assert words in result.stderr
    assert filled.lines("history") == before
