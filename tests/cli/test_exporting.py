"""`export`: what leaves, where it goes, and what is not overwritten."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cli.command_line import CommandLine


def test_read_and_starred_leave_by_default(filled: CommandLine) -> None:
    filled("move", "read", "1")

    result = filled("export", "--to", "bibtex")

    assert result.stderr.startswith("2 papers as bibtex")
    assert "Attention" in result.stdout
    assert "Residual" in result.stdout
    assert "Graphs" not in result.stdout


@pytest.mark.parametrize(
    ("arguments", "number"),
    [
        (("--pile", "all"), 3),
        (("--pile", "inbox"), 2),
        (("pile:inbox",), 2),
        (("attention", "--pile", "all"), 1),
        (("attention",), 0),
    ],
)
def test_piles_and_queries_narrow(
    filled: CommandLine, arguments: tuple[str, ...], number: int
) -> None:
    result = filled("export", "--to", "bibtex", *arguments)

    assert result.exit_code == 0
    assert result.stdout.count("\n@") + result.stdout.startswith("@") == number
    assert number or "nothing was written" in result.stderr


def test_notes_and_abstracts_as_asked_for(filled: CommandLine) -> None:
    filled("move", "read", "1")
    filled("note", "1", "A thought.\n\n## private\n\nA secret.")

    def text(*options: str) -> str:
        return filled("export", "--to", *options).stdout

    assert "thought" not in text("bibtex")
    assert "thought" in text("bibtex", "--notes")
    assert "thought" in text("markdown")
    assert "secret" not in text("markdown")
    assert "secret" in text("markdown", "--private")
    assert "thought" not in text("markdown", "--no-notes")
    assert "recurrent" in text("bibtex")
    assert "recurrent" not in text("bibtex", "--no-abstracts")
    assert filled("export", "--to", "markdown").stderr.startswith("2 papers, 1 note as markdown")


def test_a_file_is_replaced_only_if_an_export_wrote_it(filled: CommandLine, tmp_path: Path) -> None:
    target = tmp_path / "list.bib"
    assert filled("export", "-o", "list.bib").exit_code == 0
    filled("move", "read", "1")
    assert filled("export", "-o", "list.bib").exit_code == 0
    assert target.read_text().count("@") == 2
    target.write_text("my own\n")

    result = filled("export", "-o", "list.bib")

    assert result.exit_code == 2
    assert "--update" in result.stderr
    assert "--force" in result.stderr
    assert target.read_text() == "my own\n"
    assert filled("export", "-o", "list.bib", "--force").exit_code == 0
    assert "already held exactly that" in filled("export", "-o", "list.bib").stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "bibtex, biblatex, csl-json, ris, markdown"),
        (("-o", "list.unknown"), "bibtex, biblatex, csl-json, ris, markdown"),
        (("graph", "-overfitting", "--to", "bibtex"), "not:overfitting"),
        (("--to", "bibtext"), "bibtex"),
        (("--to", "bibtex", "-o", "no/such/folder/list.bib"), "no/such/folder"),
        (("titel:x", "--to", "bibtex"), "title"),
        (("-o", "n" * 300 + ".bib"), "too long"),
        (("--update", "n" * 300 + ".bib"), "too long"),
        (("--all", "--to", "bibtex"), "--all has no use for --to"),
        (("--watch", "-o", "x.bib"), "--watch has no use for --output"),
        (("--list", "--force"), "--list has no use for --force"),
        (("--to", "obsidian", "-o", "-"), "into which folder"),
    ],
)
def test_wrong_usage_ends_with_two(
    filled: CommandLine, arguments: tuple[str, ...], words: str
) -> None:
    result = filled("export", *arguments)

    assert (result.exit_code, result.stdout) == (2, "")
    assert words in result.stderr


def test_a_hyphen_is_stdout(filled: CommandLine) -> None:
    assert filled.lines("export", "--to", "csv", "-o", "-") == filled.lines("export", "--to", "csv")
    assert not (filled.folder / "-").exists()


def test_exported_keys_never_change(filled: CommandLine) -> None:
    before = filled.lines("export", "--to", "bibtex")[0]

    filled("edit", "3", "--set", "year=1999")

    assert filled.lines("export", "--to", "bibtex")[0] == before


def test_a_file_whose_name_is_no_text(filled: CommandLine, tmp_path: Path) -> None:
    assert filled("export", "-o", "caf\udce9.bib").exit_code == 0
    assert filled("export", "-o", "caf\udce9.bib").exit_code == 0

    assert (tmp_path / "caf\udce9.bib").read_text().startswith("@")


def test_a_link_stays_a_link_and_what_is_no_file_is_left_alone(filled: CommandLine) -> None:
    target = filled.folder / "real.bib"
    link = filled.folder / "link.bib"
    link.symlink_to(target)
    pipe = filled.folder / "pipe.bib"
    os.mkfifo(pipe)

    assert filled("export", "--pile", "all", "-o", str(link)).exit_code == 0
    assert link.is_symlink()
    assert target.read_text(encoding="utf-8").startswith("@")
    for special in (str(pipe), os.devnull):
        refused = filled("export", "--pile", "all", "--to", "bibtex", "-o", special, "--force")
        assert refused.exit_code == 2
        assert "not a file" in refused.stderr


def test_a_whole_tray_leaves_as_json_lines_and_tells_what_stays(filled: CommandLine) -> None:
    filled("note", "1", "A thought.\n\n## private\n\nA secret.")
    filled("save", "deep", "deep")
    filled("remove", "2")

    result = filled("export", "--pile", "all", "--to", "jsonl")
    assert result.stderr.splitlines()[:2] == [
        "Private parts of 1 note stay here; --private writes them too.",
        "3 papers, 1 note, 1 saved search as jsonl",
    ]
    assert "secret" not in result.stdout
    private = filled("export", "--pile", "all", "--to", "jsonl", "--private")
    assert "Private parts" not in private.stderr
    assert "secret" in private.stdout

    some = filled("export", "--pile", "all", "--to", "jsonl", "pile:inbox")
    assert '"record"' not in some.stdout
    assert '"removed"' not in some.stdout
