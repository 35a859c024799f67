"""`edit`: fields by `--set` and in the editor."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import assume, given

from cli.command_line import CommandLine
from papertray.cli.work_toml import FIELDS, fields_of, from_toml, to_toml, work_of
from papertray.core.model import Entry

from strategies import entries


def test_set_changes_fields_and_undo_puts_them_back(filled: CommandLine) -> None:
    before = filled.json("show", "1", "--format", "json")

    lines = filled.lines(
        "edit", "1", "--set", "year=2018", "--set", "title=A = B", "--set", "venue=NeurIPS",
        "--set", "authors=Jane Doe and van der Maaten, Laurens", "--set", "abstract=",
    )  # fmt: skip

    after = filled.json("show", "1", "--format", "json")
    assert lines == ["5 fields changed"]
    assert (after["year"], after["title"], after["venue"]) == (2018, "A = B", "NeurIPS")
    assert [author["family"] for author in after["authors"]] == ["Doe", "Maaten"]
    assert after["abstract"] is None
    filled("undo")
    assert filled.json("show", "1", "--format", "json") == before


def test_a_chosen_citation_key_is_pinned_and_the_old_one_resolves(filled: CommandLine) -> None:
    old = filled.lines("list", "--format", "citekeys", "--pile", "starred")[0]

    filled("edit", "3", "--set", "citekey=resnet")

    assert filled.json("show", old, "--format", "json")["citekey"] == "resnet"
    assert filled.json("show", "ResNet", "--format", "json")["id"] == 3


def test_the_editor_changes_what_it_saves(filled: CommandLine) -> None:
    result = filled("edit", "1", editor="sed -i -e s/^year.*/year=1999/ -e /arxiv_id/d")

    paper = filled.json("show", "1", "--format", "json")
    assert result.stdout == "2 fields changed\n"
    assert (paper["year"], paper["arxiv_id"]) == (1999, None)
    assert len(paper["authors"]) == 2


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("s/^title.*/title = /", "not TOML"),
        ("s/^title.*/title = ''/", "title"),
        ("s/^year.*/year = 'soon'/", "year"),
        ("s/^year.*/year = 2017-01-01/", "quotation marks"),
        ("s/^year/yeer/", "yeer"),
        ("s/^authors = .$/authors = [ [1],/", "author"),
    ],
)
def test_what_cannot_be_used_is_kept_in_its_file(
    filled: CommandLine, script: str, words: str
) -> None:
    before = filled.json("show", "1", "--format", "json")

    result = filled("edit", "1", editor=f'sed -i -e "{script}"')

    assert result.exit_code == 2
    assert words in result.stderr
    place = re.search(r"what you wrote is in (\S+)$", result.stderr.strip())
    assert place is not None
    kept = Path(place[1])
    assert "Vaswani" in kept.read_text()
    kept.unlink()
    assert filled.json("show", "1", "--format", "json") == before


@pytest.mark.parametrize(
    ("assignment", "words"),
    [
        ("year", "FIELD=VALUE"),
        ("yeer=1", "yeer"),
        ("year=soon", "year"),
        ("venue.nmae=x", "venue.name"),
        ("type=novel", "type"),
        ("doi=nonsense", "doi"),
        ("title=", "title"),
        ("citekey=two words", "citation key"),
        ("citekey=a,b", "citation key"),
        ("arxiv_id=1706.03762", "1"),
    ],
)
def test_a_wrong_value_changes_nothing(filled: CommandLine, assignment: str, words: str) -> None:
    result = filled("edit", "2", "--set", assignment)

    assert (result.exit_code, result.stdout) == (2, "")
    assert words in result.stderr


def test_a_citation_key_is_never_given_twice(filled: CommandLine) -> None:
    filled("edit", "1", "--set", "citekey=mine")

    result = filled("edit", "2", "--set", "citekey=MINE")

    assert result.exit_code == 2
    assert "1" in result.stderr


@given(entries())
def test_a_text_that_nobody_edits_changes_nothing(entry: Entry) -> None:
    text = to_toml(fields_of(entry))
    assume("\ufffd" not in text)  # for lone surrogates, which no tray can hold

    assert work_of(from_toml(text), entry) == (entry.work, "")


def test_the_help_names_every_field_and_its_form(papertray: CommandLine) -> None:
    text = papertray("edit", "--help").stdout

    assert all(name in text for name in FIELDS)
    assert "Family, Given" in text
