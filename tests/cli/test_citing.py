"""`cite`: references in our plain style, and in a style that pandoc applies."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.command_line import CommandLine, json_lines
from papertray.core.errors import UsageError
from papertray.notebook import pandoc

DEPENDENT = """<style xmlns="http://purl.org/net/xbiblio/csl"><info>
<link href="http://www.zotero.org/styles/mother" rel="independent-parent"/></info></style>"""

# As pandoc does, it says what it was asked: its options, then what came on standard input.
PANDOC = """#!/bin/sh
echo "$@" | tr -d '\\n'
echo
cat
"""


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program called pandoc that shows what it gets."""
    path = tmp_path / "bin" / "pandoc"
    path.parent.mkdir()
    path.write_text(PANDOC)
    path.chmod(0o755)
    monkeypatch.setenv("PATH", f"{path.parent}:/usr/bin:/bin")
    return path


def put_style(papertray: CommandLine, name: str, text: str = "<style/>") -> Path:
    """Put a style where `cite` looks for it."""
    path = papertray.folder / "tray" / "styles" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return path


def test_plain_references_in_the_order_of_the_keys(filled: CommandLine) -> None:
    result = filled("cite", "3", "1706.03762")

    assert result.exit_code == 0
    assert result.stdout == (
        "Kaiming He (2016). Deep Residual Learning.\n"
        "Ashish Vaswani, Noam Shazeer (2017). Attention Is All You Need. arXiv:1706.03762. "
        "https://arxiv.org/abs/1706.03762\n"
    )
    assert result.stderr == ""


def test_markdown_and_html(filled: CommandLine) -> None:
    assert filled.lines("cite", "3", "2", "--format", "markdown") == [
        "Kaiming He (2016). Deep Residual Learning.",
        "",
        "A Study of 学习 Graphs. <https://doi.org/10.1000/Study>",
    ]
    assert filled.lines("cite", "3", "--format", "html") == [
        "<p>Kaiming He (2016). Deep Residual Learning.</p>"
    ]


def test_a_key_that_was_cited_never_changes(filled: CommandLine) -> None:
    filled("move", "read", "1")
    assert filled("cite", "1").exit_code == 0
    key = filled.json("show", "1", "--format", "json")["citekey"]

    filled("edit", "1", "--set", "year=1999")

    assert filled.json("show", "1", "--format", "json")["citekey"] == key


def test_unknown_keys_and_keys_from_stdin(filled: CommandLine) -> None:
    result = filled("cite", "-", "nobody", stdin="3\n")
    assert (result.exit_code, result.stdout.count("\n")) == (1, 1)
    assert "nobody" in result.stderr
    assert filled("cite", "nobody").exit_code == 2


def test_pandoc_gets_papers_as_data_only(filled: CommandLine, program: Path) -> None:
    filled("add", "-", stdin=json_lines({"title": "--filter=evil `x` $(y)"}))
    style = put_style(filled, "mine.csl")

    result = filled("cite", "1", "4", "--style", "mine", "--format", "markdown")

    options, _, items = result.stdout.partition("\n")
    assert options.split(" ") == [
        "--from=csljson",
        "--to=commonmark-raw_html",
        "--citeproc",
        "--wrap=none",
        "--quiet",
        f"--csl={style}",
    ]
    assert [item["title"] for item in json.loads(items)] == [
        "Attention Is All You Need",
        "--filter=evil `x` $(y)",
    ]


def test_without_pandoc_a_style_is_not_to_be_had(
    filled: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")

    result = filled("cite", "3", "--style", "default")

    assert result.exit_code == 1
    assert result.stdout.startswith("Kaiming He (2016).")
    assert "pandoc" in result.stderr


def test_a_style_that_is_not_there_leaves_the_key_as_it_was(
    filled: CommandLine, program: Path
) -> None:
    put_style(filled, "mine.csl")

    result = filled("cite", "3", "--style", "other")

    assert (result.exit_code, result.stdout) == (2, "")
    assert "There are: mine." in result.stderr


def test_what_pandoc_says_of_a_style_is_told(filled: CommandLine, program: Path) -> None:
    put_style(filled, "mine.csl")
    program.write_text("#!/bin/sh\necho 'not a style' >&2\nexit 1\n")

    result = filled("cite", "3", "--style", "mine")

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.rstrip().endswith("not a style")


def test_pandoc_is_not_waited_for_without_end(program: Path) -> None:
    program.write_text("#!/bin/sh\nexec sleep 60\n")
    with pytest.raises(UsageError, match="was stopped"):
        pandoc.references(str(program), (), None, "text", patience=0.05)


def test_a_style_that_points_to_another_never_asks_the_network(tmp_path: Path) -> None:
    """pandoc would fetch it."""
    (tmp_path / "like.csl").write_text(DEPENDENT)
    with pytest.raises(UsageError, match=r"mother\.csl"):
        pandoc.find_style("like", tmp_path)
    (tmp_path / "mother.csl").write_text("<style/>")
    assert pandoc.find_style("like", tmp_path) == tmp_path / "mother.csl"
    (tmp_path / "mother.csl").write_text(DEPENDENT)
    with pytest.raises(UsageError):
        pandoc.find_style("like", tmp_path)
