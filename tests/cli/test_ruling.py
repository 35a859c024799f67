"""`feeds rule`, and how what rules did is told: by `add`, `history`, `show` and `undo`."""

from __future__ import annotations

import pytest

from cli.command_line import ESC, CommandLine, json_lines

LATER = json_lines(
    {"title": "Attention Again", "doi": "10.1000/again"},
    {"title": "A Survey of Surveys", "doi": "10.1000/survey"},
    {"title": "Something Else", "doi": "10.1000/else"},
)


def test_from_making_a_rule_to_taking_back_what_it_did(filled: CommandLine) -> None:
    made = filled("feeds", "rule", "add", "attention OR deep", "--mute")
    assert (made.exit_code, made.stdout) == (0, "1 waiting, 1 past\n")
    assert made.stderr == (
        "Rule 1: mute what attention OR deep finds, from now on. Undo: papertray undo\n"
    )
    filled("feeds", "rule", "add", 'title:"survey" -tag:mine', "--tag", "survey")
    added = filled("add", "-", stdin=LATER)
    assert added.stdout == "3 added, 0 merged, 0 known, 0 failed\n"
    assert "1 muted, 1 tagged by rules\n" in added.stderr
    assert [paper["id"] for paper in filled.json("list", "pile:skip", "--format", "json")] == [4]

    told = [line.split("\t") for line in filled.lines("history", "--limit", "2")]
    assert [(row[2], row[3]) for row in told] == [
        ("rule", "rule 2: tag survey on 1 paper because title:\"survey\" -tag:mine"),
        ("rule", "rule 1: mute 1 paper because attention OR deep"),
    ]  # fmt: skip
    (row,) = (line.split("\t") for line in filled.lines("history", "4"))
    assert row[2:] == ["rule", "pile: inbox → skip because attention OR deep"]
    assert "Pile:     skip (by a rule for attention OR deep)" in filled.lines("show", "4")

    assert filled("undo").stdout == "Taken back: add a rule: tag survey on what " + (
        'title:"survey" -tag:mine finds\n'
    ), "what a rule did is no decision of hers"
    assert filled("undo", "--batch", told[1][0]).exit_code == 0
    assert "Pile:     inbox" in filled.lines("show", "4")


def test_what_waits_is_touched_at_once_when_asked(filled: CommandLine) -> None:
    told = filled("feeds", "rule", "add", "attention OR deep", "--mute", "--waiting").stderr
    assert told.endswith("rule 1: mute 1 paper. Undo: papertray undo --batch 4\n")
    assert "Pile:     skip (by a rule for attention OR deep)" in filled.lines("show", "1")
    assert "Pile:     starred" in filled.lines("show", "3")
    assert filled("feeds", "rule", "try", "1", "--waiting").stderr == (
        "Nothing that waits was changed.\n"
    )
    assert filled.lines("feeds", "rule", "try", "1") == ["0 waiting, 2 past"]
    again = filled("feeds", "rule", "add", "attention OR deep", "--mute")
    assert again.stderr == "Nothing was changed: there is this rule already.\n"


def test_a_dry_run_keeps_nothing(filled: CommandLine) -> None:
    before = filled.lines("history")
    dry = filled("feeds", "rule", "add", "study", "--pile", "read", "--waiting", "--dry-run")
    assert dry.stdout == "1 waiting, 0 past\n"
    assert dry.stderr == "Nothing was kept: this was a dry run.\n"
    assert filled.lines("history") == before
    assert filled("feeds", "rule", "list").stderr.startswith("There is no rule; ")


def test_listing_and_removing(filled: CommandLine) -> None:
    filled("feeds", "rule", "add", "survey", "--tag", "to read")
    filled("feeds", "rule", "add", f"x{ESC}y", "--mute")
    filled("add", "-", stdin=LATER)
    used, unused = filled.lines("feeds", "rule", "list")
    assert used.startswith("1\ttag to read\tsurvey\t1 paper, once, last 2")
    assert unused == "2\tmute\tx\N{REPLACEMENT CHARACTER}y\tnot used yet"
    told = filled.json("feeds", "rule", "list", "--format", "json")[0]
    assert len(told.pop("last")) == len("2026-11-23")
    assert told == {
        "number": 1, "query": "survey", "pile": None, "tag": "to read", "times": 1, "papers": 1,
    }  # fmt: skip
    removed = filled("feeds", "rule", "remove", "1")
    assert removed.stderr.startswith("Removed rule 1: tag to read on what survey finds.")
    assert len(filled.lines("feeds", "rule", "list")) == 1
    assert filled("undo").exit_code == 0
    assert len(filled.lines("feeds", "rule", "list")) == 2


def test_one_for_every_paper_is_remarked_on(filled: CommandLine) -> None:
    told = filled("feeds", "rule", "add", "not:nowhere", "--tag", "t", "--dry-run").stderr
    assert told.startswith("That is every paper in the tray: is not:nowhere what you mean?")


def test_snoozed_papers_are_left_to_come_back(filled: CommandLine) -> None:
    snoozed = {"title": "An Attention Study", "snoozed": "2999-01-01"}
    filled("add", "-", "--decisions", stdin=json_lines(snoozed))
    assert filled.lines("feeds", "rule", "add", "attention", "--mute") == ["1 waiting, 1 past"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("add", "titel:x", "--mute"), "did you mean `title:`"),
        (("add", "x"), "one of --tag, --pile and --mute"),
        (("add", "x", "--mute", "--tag", "t"), "one of --tag, --pile and --mute"),
        (("add", "", "--mute"), "The query is empty"),
        (("add", "--mute"), "Missing argument"),
        (("add", "-x", "--mute"), "not:x"),
        (("add", "x", "--pile", "inbox"), "'inbox' is not one of"),
        (("add", "x", "--tag", " "), "A tag is a text"),
        (("add", "search:none", "--mute"), "no saved search none"),
        (("remove", "7"), "There is no rule 7; `papertray feeds rule list` lists them."),
        (("try", "7"), "There is no rule 7"),
    ],
)
def test_wrong_usage(filled: CommandLine, arguments: tuple[str, ...], words: str) -> None:
    result = filled("feeds", "rule", *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert words in result.stderr
    assert filled.lines("feeds", "rule", "list") == []
