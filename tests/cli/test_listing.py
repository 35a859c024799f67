"""`list` and `search`: what they find, and every format of it."""

from __future__ import annotations

import csv
import io
import json

import pytest

from cli.command_line import CommandLine, json_lines

REQUIRED = (
    "id", "uid", "citekey", "title", "abstract", "authors", "year", "venue", "doi", "arxiv_id",
    "url", "pile", "done", "tags", "notes", "added",
)  # fmt: skip


def test_a_piped_table_has_a_column_a_tab(filled: CommandLine) -> None:
    assert [line.split("\t") for line in filled.lines("list")] == [
        ["1", "inbox", "2017", "Vaswani", "Attention Is All You Need"],
        ["2", "inbox", "", "", "A Study of 学习 Graphs"],
        ["heDeepResidualLearning2016", "starred", "2016", "He", "Deep Residual Learning"],
    ]


@pytest.mark.parametrize(
    ("arguments", "titles"),
    [
        (("attention",), ["Attention Is All You Need"]),
        (("attention", "need"), ["Attention Is All You Need"]),
        (("学习",), ["A Study of 学习 Graphs"]),
        (("author:he",), ["Deep Residual Learning"]),
        (("--pile", "starred"), ["Deep Residual Learning"]),
        (("pile:starred", "--pile", "all"), ["Deep Residual Learning"]),
        (("--", "-pile:inbox"), ["Deep Residual Learning"]),
        (("--sort", "year", "--limit", "1"), ["Attention Is All You Need"]),
        (("--limit", "0"), []),
        (("nowhere",), []),
        (("--tag", "none"), []),
    ],
)
def test_finding(filled: CommandLine, arguments: tuple[str, ...], titles: list[str]) -> None:
    for command in ("list", "search"):
        found = filled.json(command, "--format", "json", *arguments)
        assert [paper["title"] for paper in found] == titles


def test_every_json_object_has_the_same_fields_first(filled: CommandLine) -> None:
    for line in filled.lines("list", "--format", "jsonl"):
        assert tuple(json.loads(line))[: len(REQUIRED)] == REQUIRED
    second = json.loads(filled.lines("list", "--format", "jsonl")[1])
    unknown = {name: second[name] for name in ("citekey", "abstract", "year", "venue", "arxiv_id")}
    assert set(unknown.values()) == {None}
    assert (second["authors"], second["tags"], second["notes"], second["done"]) == (
        [],
        [],
        [],
        None,
    )


def test_a_field_of_the_source_called_id_is_not_the_papers(papertray: CommandLine) -> None:
    papertray("add", "-", stdin=json_lines({"title": "On Numbers That Lie", "id": 4711}))

    assert papertray.json("list", "--format", "json")[0]["id"] == 1


def test_json_lines_can_be_added_again(filled: CommandLine) -> None:
    lines = "\n".join(filled.lines("list", "--format", "jsonl"))

    assert filled("add", "-", stdin=lines).stdout == "0 added, 0 merged, 3 known, 0 failed\n"
    shown = filled.json("show", "3", "--format", "json")
    added = filled("add", "-", stdin=json_lines(shown)).stdout
    assert added == "0 added, 0 merged, 1 known, 0 failed\n"
    assert filled.json("show", "3", "--format", "json") == shown


def test_csv_is_what_an_export_writes(filled: CommandLine) -> None:
    filled("note", "1", 'a "quoted", comma\nand a line')

    rows = list(csv.DictReader(io.StringIO("\n".join(filled.lines("list", "--format", "csv")))))

    assert tuple(rows[0])[: len(REQUIRED)] == REQUIRED
    assert rows[0]["authors"] == "Ashish Vaswani; Noam Shazeer"
    assert rows[0]["notes"] == 'a "quoted", comma\nand a line'
    assert len(rows) == 3


def test_printed_citekeys_never_change(filled: CommandLine) -> None:
    keys = filled.lines("list", "--format", "citekeys")
    assert keys[0].startswith("vaswani")
    assert keys[0].endswith("2017")

    filled("edit", "1", "--set", "year=1999")

    assert filled.lines("list", "--format", "citekeys") == keys


def test_its_keys_go_into_other_commands(filled: CommandLine) -> None:
    keys = "\n".join(filled.lines("list", "--pile", "inbox", "--format", "citekeys"))

    assert filled("move", "read", "-", stdin=keys).stdout == "2 papers moved to read\n"


def test_nothing_found_is_no_failure(filled: CommandLine) -> None:
    result = filled("list", "zebra")

    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "Nothing found.\n")
    assert filled("list", "zebra", "--format", "json").stdout == "[]\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("-graph",), "put -graph after --"),
        (("attention", "-recurrent"), "not:recurrent"),
        (("-pile:inbox",), "put -pile:inbox after --"),
        (("--sorted",), "--sort"),
        (("titel:attention",), "title"),
        (("--sort", "yaer"), "year"),
        (("--pile", "starrred"), "starred"),
        (("--format", "xml"), "jsonl"),
        (("--limit", "-1"), "-1"),
    ],
)
def test_wrong_usage_ends_with_two_and_names_what_is_right(
    filled: CommandLine, arguments: tuple[str, ...], words: str
) -> None:
    result = filled("list", *arguments)

    assert (result.exit_code, result.stdout) == (2, "")
    assert words in result.stderr
