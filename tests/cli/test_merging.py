"""`duplicates`, `merge`, and what `show` and JSON say of new versions."""

from __future__ import annotations

import json

import pytest

from cli.command_line import HOSTILE, CommandLine, json_lines, steering_in

TITLE = "Adaptive Query Processing for Streams"


@pytest.fixture
def alike(papertray: CommandLine) -> CommandLine:
    """A tray with two papers that are alike, 1 and 2, and one that only looks so, 3."""
    lee = {"authors": ["Ann Lee"], "year": 2020}
    page = json_lines(
        {"title": TITLE, "arxiv_id": "2001.00001", **lee},
        {"title": f"{TITLE}: A Survey", "doi": "10.1234/x", **lee},
        {"title": f"{TITLE}, Again", "doi": "10.1234/y", "arxiv_id": "2001.00002", **lee},
    )
    assert papertray("add", "-", stdin=page).exit_code == 0
    return papertray


def test_a_pair_is_printed_with_the_names_that_merge_takes(alike: CommandLine) -> None:
    alike("move", "read", "2")
    (line,) = alike.lines("duplicates")
    one, other, score, *titles = line.split("\t")
    assert (one, other, score) == ("1", "leeAdaptiveQueryProcessing2020", "100")
    assert titles == [TITLE, f"{TITLE}: A Survey"]
    assert alike("merge", one, other).exit_code == 0
    assert alike.lines("duplicates") == []
    assert "one work" in alike("duplicates").stderr


def test_a_pair_as_json(alike: CommandLine) -> None:
    (pair,) = alike.json("duplicates", "--format", "json")
    assert [paper["id"] for paper in pair["papers"]] == [1, 2]
    assert pair["score"] == 100
    assert json.loads(alike.lines("duplicates", "--format", "jsonl")[0]) == pair
    assert alike.json("duplicates", "--limit", "0", "--format", "json") == []


def test_a_query_narrows(alike: CommandLine) -> None:
    assert len(alike.lines("duplicates", "survey")) == 1
    assert alike.lines("duplicates", "again") == []
    assert alike.lines("duplicates", "--pile", "starred") == []


def test_merge_says_what_became_of_what_and_undo_takes_it_back(alike: CommandLine) -> None:
    result = alike("merge", "1", "2")
    assert result.stdout == f"Paper 2 is now part of 1, {TITLE}\n"
    assert "10.1234/x" in alike("show", "2").stdout
    assert "merged into paper 1" in alike("history", "1").stdout
    assert len(alike.lines("list")) == 2
    assert "merge" in alike("undo").stdout
    assert len(alike.lines("list")) == 3
    alike("redo")
    assert len(alike.lines("list")) == 2


def test_different_dois_are_refused_in_a_sentence(alike: CommandLine) -> None:
    result = alike("merge", "2", "3")
    assert result.exit_code == 2
    assert "different DOIs, 10.1234/x and 10.1234/y" in result.stderr
    assert alike("merge", "1", "1").exit_code == 2


def test_hostile_titles_are_harmless(papertray: CommandLine) -> None:
    page = json_lines(
        *({"title": title, "doi": doi, "authors": ["Ann Lee"], "year": 2020}
          for title in HOSTILE for doi in ("", "10.1234/x" + str(len(title)))),
    )  # fmt: skip
    papertray("add", "-", stdin=page.replace('"doi": "", ', ""))
    for command in (("duplicates",), ("duplicates", "--format", "json")):
        result = papertray(*command)
        assert result.exit_code == 0
        assert steering_in(result.output) == []


def test_show_and_json_tell_what_a_new_version_says(papertray: CommandLine) -> None:
    for version, abstract in ((1, "It is good. It ends."), (2, "It is very good. It ends.")):
        paper = {"title": TITLE, "arxiv_id": f"2001.00001v{version}", "abstract": abstract}
        papertray("add", "-", stdin=json_lines(paper))
        if version == 1:
            papertray("move", "starred", "1")
    text = papertray("show", "1").stdout
    assert "New: version 2, after version 1; what changed:" in text
    assert "- It is good.\n+ It is very good.\n" in text
    (found,) = papertray.json("list", "--format", "json")
    assert found["new_version"]["new_sentences"] == ["It is very good."]
    papertray("move", "starred", "1")
    assert "New:" not in papertray("show", "1").stdout
    assert "new_version" not in papertray.json("list", "--format", "json")[0]


def test_add_says_what_came_back(papertray: CommandLine) -> None:
    for version, abstract in ((1, "It is good."), (2, "Nothing like that.")):
        paper = {"title": TITLE, "arxiv_id": f"2001.00001v{version}", "abstract": abstract}
        result = papertray("add", "-", stdin=json_lines(paper))
        if version == 1:
            papertray("move", "starred", "1")
    assert "1 decided paper came back to the inbox" in result.stderr


def test_two_works_are_kept_apart_until_that_is_undone(alike: CommandLine) -> None:
    result = alike("merge", "--apart", "2", "1")
    assert result.stdout == "Papers 2 and 1 are kept apart\n"
    assert alike.lines("duplicates") == []
    assert alike("merge", "--apart", "1", "2").stdout == "Papers 1 and 2 are apart already\n"
    assert "apart" in alike("undo").stdout
    assert len(alike.lines("duplicates")) == 1
    assert alike("merge", "--apart", "1", "1").exit_code == 2
