"""`add`: counts on stdout, failures on stderr, exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.command_line import CommandLine, json_lines

TWO = json_lines({"title": "On Beginnings, at Some Length"}, {"title": "On Ends, at Some Length"})
BROKEN = TWO + '{"title": \n' + json_lines({"title": "On What Comes After a Break"})


def test_the_counts_are_data_and_the_rest_is_narration(papertray: CommandLine) -> None:
    result = papertray("add", "-", stdin=TWO)

    assert (result.exit_code, result.stdout) == (0, "2 added, 0 merged, 0 known, 0 failed\n")
    assert result.stderr == "In the inbox. Undo: papertray undo --batch 1\n"


def test_what_is_known_is_added_once(papertray: CommandLine) -> None:
    papertray("add", "-", stdin=TWO)

    result = papertray("add", "-", stdin=TWO)

    assert (result.exit_code, result.stdout) == (0, "0 added, 0 merged, 2 known, 0 failed\n")
    assert result.stderr == ""


def test_a_broken_piece_is_named_and_its_neighbours_go_in(
    papertray: CommandLine, tmp_path: Path
) -> None:
    source = tmp_path / "page.jsonl"
    source.write_text(BROKEN)

    result = papertray("add", "page.jsonl")

    assert (result.exit_code, result.stdout) == (1, "3 added, 0 merged, 0 known, 1 failed\n")
    assert "page.jsonl, line 3: " in result.stderr


def test_a_format_that_is_named_wrongly_is_blamed(papertray: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "refs.bib").write_text("@article{a, title = {On Beginnings}}\n")

    result = papertray("add", "--from", "ris", "refs.bib")

    assert result.exit_code == 2
    assert "refs.bib was read as ris, as --from says, and there is no paper" in result.stderr


def test_retry_reads_what_was_mended(papertray: CommandLine, tmp_path: Path) -> None:
    source = tmp_path / "page.jsonl"
    source.write_text(BROKEN)
    papertray("add", "page.jsonl")
    source.write_text(BROKEN.replace('{"title": \n', '{"title": "On Mending Things, Again"}\n'))

    result = papertray("add", "--retry")

    assert (result.exit_code, result.stdout) == (0, "1 added, 0 merged, 3 known, 0 failed\n")
    assert papertray("add", "--retry").stdout == "0 added, 0 merged, 0 known, 0 failed\n"


def test_json_is_one_object(papertray: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "page.jsonl").write_text(BROKEN)

    result = papertray("add", "page.jsonl", "missing.txt", "--json")

    report = json.loads(result.stdout)
    assert result.exit_code == 1
    assert {name: found for name, found in report.items() if found and name != "failures"} == {
        "added": 3, "failed": 2, "batch": 1, "piles": {"inbox": 3},
    }  # fmt: skip
    assert {"merged", "known", "returned", "interrupted", "notes", "tags"} < report.keys()
    assert [failure["source"] for failure in report["failures"]] == ["page.jsonl", "missing.txt"]


def test_a_pile_and_tags_are_the_users_own_decisions(papertray: CommandLine) -> None:
    result = papertray(
        "add", "-", "--pile", "read", "--tag", "new", "--tag", "two words", stdin=TWO
    )

    assert result.stderr == "In read. Undo: papertray undo --batch 1\n"
    for paper in papertray.json("list", "--format", "json"):
        assert (paper["pile"], paper["tags"]) == ("read", ["new", "two words"])


def test_decisions_of_the_source_count_only_when_asked_for(papertray: CommandLine) -> None:
    page = json_lines({"title": "On Deciding Early, or Late", "pile": "starred", "tags": ["x"]})
    papertray("add", "-", stdin=page)
    assert papertray.lines("list", "pile:starred") == []

    papertray("add", "-", "--decisions", stdin=page)

    assert len(papertray.lines("list", "pile:starred", "tag:x")) == 1


def test_a_dry_run_keeps_nothing(papertray: CommandLine) -> None:
    result = papertray("add", "-", "--dry-run", stdin=TWO)

    assert result.stdout == "2 added, 0 merged, 0 known, 0 failed\n"
    assert papertray.lines("list") == []
    assert papertray.lines("history") == []


def test_its_undo_takes_the_papers_away(papertray: CommandLine) -> None:
    papertray("add", "-", stdin=TWO)

    papertray("undo", "--batch", "1")

    assert papertray.lines("list") == []


def test_a_folder_gives_its_files_and_names_what_it_cannot_read(
    papertray: CommandLine, tmp_path: Path
) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "a.jsonl").write_text(TWO)
    (folder / "b.pdf").write_bytes(b"%PDF-1.7")
    (folder / ".hidden").write_text(TWO)
    for name in ("2025", "2026", ".git"):
        (folder / name).mkdir()

    result = papertray("add", "papers")

    assert (result.exit_code, result.stdout) == (1, "2 added, 0 merged, 0 known, 1 failed\n")
    assert "b.pdf" in result.stderr
    assert "left behind: folders in papers: 2 (name them to add what lies there)" in result.stderr


def test_a_file_whose_name_is_no_text(papertray: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "caf\udce9.jsonl").write_text(BROKEN)

    result = papertray("add", "caf\udce9.jsonl")

    assert (result.exit_code, result.stdout) == (1, "3 added, 0 merged, 0 known, 1 failed\n")
    assert papertray("history").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "Name a SOURCE"),
        (("--retry", "page.txt"), "takes no SOURCE"),
        (("--from", "trending", "-"), "trending-page"),
        (("--pile", "nowhere", "-"), "starred"),
        (("missing.txt",), "missing.txt"),
    ],
)
def test_wrong_usage_ends_with_two(
    papertray: CommandLine, arguments: tuple[str, ...], words: str
) -> None:
    result = papertray("add", *arguments, stdin=TWO)

    assert result.exit_code == 2
    assert words in result.stderr


def test_what_a_file_was_read_as_is_told_where_it_was_not_utf_8(
    papertray: CommandLine, tmp_path: Path
) -> None:
    (tmp_path / "page.jsonl").write_bytes('{"title": "Über die Größe"}\n'.encode("cp1252"))

    result = papertray("add", "page.jsonl")

    assert result.stderr.splitlines()[0] == "page.jsonl: read as windows-1252"
    report = json.loads(papertray("add", "page.jsonl", "--json").stdout)
    assert report["encodings"] == {"page.jsonl": "windows-1252"}


def test_what_was_told_and_not_taken_is_counted(papertray: CommandLine) -> None:
    page = json_lines(
        {"title": "On Deciding Early, or Late", "pile": "starred", "tags": ["x", "y"]}
    )

    result = papertray("add", "-", stdin=page)

    sentence = "2 tags and 1 pile in what was read were not taken over: --decisions does that."
    assert sentence in result.stderr.splitlines()


def test_many_failures_are_counted_and_the_first_told(papertray: CommandLine) -> None:
    result = papertray("add", "-", stdin=TWO + "x\n" * 500)

    assert result.stdout == "2 added, 0 merged, 0 known, 500 failed\n"
    assert "… and 400 more that could not be read." in result.stderr.splitlines()


def test_help_names_the_formats(papertray: CommandLine) -> None:
    ended = " ".join(papertray("add", "--help").stdout.split("Formats: ")[1].split())

    assert "csl-json, " in ended
    assert "jsonl, " in ended
