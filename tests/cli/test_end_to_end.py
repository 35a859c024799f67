"""The main job through the real command: add, triage, tag, note, find, undo, export, read back."""

from __future__ import annotations

import json
import os
from itertools import pairwise
from pathlib import Path

import pytest
from bibtexparser.entrypoint import parse_string
from markdown_it import MarkdownIt

from cli.command_line import CommandLine

from strategies import printed, sample_titles, to_be_printed, visible_line

TITLES = (
    "Filling the [MASK] Token with P* and <SEG>, <EOS> and [/bold]",
    r"A na\"ive 45\% {\em emphasis} of \faGithub~ and \eg $k$NN",
    "Unbalanced } braces {{ in titles: #1 & _two_ ^three^ ~four~ `five` ***six***",
    "1. Not a List, -- nor $5 and $10, nor a | table | cell",
    "GPT-4 reads 学习, Łukasz and “quotes” – with α and ½ of a naïve 🤗",
    "The Word Zymurgy Stands in the Title of This Paper Alone",
)
ABSTRACT = (
    "We show that it works, with 45\\% less of everything and [MASK] tokens that stay. " * 8
).strip()


def page_of(titles: tuple[str, ...]) -> bytes:
    """Return a saved page of trending papers."""
    header = "Get trending papers in your email inbox once a day!\n" * 2
    papers = "".join(f"{title}\n{ABSTRACT} Paper {n}.\n" for n, title in enumerate(titles, 1))
    return (header + "Subscribe" + papers).encode()


class Reader:
    """Runs the real command and insists that it goes well."""

    def __init__(self, papertray: CommandLine) -> None:
        self._papertray = papertray

    def __call__(self, *arguments: str, stdin: bytes = b"") -> list[str]:
        """Run a command and return the lines of its stdout."""
        ended = self._papertray.process(*arguments, stdin=stdin)
        assert ended.returncode == 0, ended.stderr.decode()
        return ended.stdout.decode("utf-8").split("\n")[:-1]

    def titles(self, *arguments: str) -> list[str]:
        """Return the titles that `list` finds."""
        lines = self("list", "--format", "jsonl", *arguments)
        return [json.loads(line)["title"] for line in lines]


def titles_in_bibtex(text: str) -> list[str]:
    """Return what TeX would print for the titles of a bibliography."""
    library = parse_string(text)
    assert library.failed_blocks == []
    return [printed(str(entry["title"])) for entry in library.entries]


def titles_in_markdown(text: str) -> list[str]:
    """Return the headings of papers as a reader of Markdown shows them."""
    tokens = MarkdownIt("commonmark").parse(text.split("\n---\n", 1)[1])
    found = []
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open" and opening.tag == "h2":
            children = inline.children or []
            assert {child.type for child in children} <= {"text", "text_special"}
            found.append("".join(child.content for child in children))
    return found


def assert_exports_hold(papertray: CommandLine, titles: list[str]) -> None:
    """Export all to BibTeX and Markdown, and compare the titles read back as literal text."""
    run = Reader(papertray)
    for name in ("out.bib", "out.md"):
        run("export", "--pile", "all", "-o", name)
    bibtex = (papertray.folder / "out.bib").read_text(encoding="utf-8")
    markdown = (papertray.folder / "out.md").read_text(encoding="utf-8")

    assert sorted(titles_in_bibtex(bibtex)) == sorted(map(to_be_printed, titles))
    assert sorted(titles_in_markdown(markdown)) == sorted(map(visible_line, titles))


def test_the_main_job(papertray: CommandLine, tmp_path: Path) -> None:
    run = Reader(papertray)
    (tmp_path / "page.txt").write_bytes(page_of(TITLES))

    assert run("add", "page.txt") == ["6 added, 0 merged, 0 known, 0 failed"]
    assert run("add", "page.txt") == ["0 added, 0 merged, 6 known, 0 failed"]
    titles = run.titles()
    assert len(titles) == 6
    assert titles[0] == TITLES[0]

    run("move", "starred", "1", "6")
    run("move", "skip", "--query", "GPT-4", "--because", "seen before")
    run("tag", "6", "--add", "beer")
    run("note", "6", "Ask Hermione about *fermentation*.")

    assert run.titles("zymurgy") == [TITLES[5]]
    assert run.titles("hermione") == [TITLES[5]]
    assert run.titles("tag:beer") == [TITLES[5]]
    assert run("notes", "fermentation")[0].endswith("Ask Hermione about *fermentation*.")
    assert len(run.titles("pile:skip")) == 1

    run("undo", "-n", "3")
    assert run.titles("hermione") == []
    assert run.titles("pile:skip") == []
    run("redo")
    assert len(run.titles("pile:skip")) == 1

    assert len(titles_in_bibtex("\n".join(run("export", "--to", "bibtex")))) == 2
    assert_exports_hold(papertray, titles)


def test_the_real_page_comes_back_whole(papertray: CommandLine) -> None:
    titles = sample_titles()  # skips where there is no page
    page = Path(os.environ["PAPERTRAY_TEST_DATA"]) / "feed_page" / "trending_papers.txt"
    run = Reader(papertray)

    assert run("add", str(page)) == ["228 added, 0 merged, 0 known, 0 failed"]
    assert run.titles() == titles
    assert run("add", str(page)) == ["0 added, 0 merged, 228 known, 0 failed"]

    assert run("move", "read", "--query", "graph") != ["0 papers moved to read"]
    run("tag", "1", "--add", "first")
    run("note", "1", "Zymurgy.")
    assert run.titles("zymurgy") == run.titles("tag:first") == titles[:1]
    run("undo")
    assert run.titles("zymurgy") == []

    assert_exports_hold(papertray, titles)


def test_a_tray_moves_to_another_place_as_json_lines(papertray: CommandLine) -> None:
    run = Reader(papertray)
    run("add", "-", stdin=page_of(TITLES))
    run("move", "starred", "2", "3")
    run("tag", "2", "--add", "x")
    run("note", "3", "Kept *as it is*.")
    lines = run("export", "--pile", "all", "--to", "jsonl", "-o", "all.jsonl")
    assert lines == []

    other = str(papertray.folder / "other")
    run("--tray", other, "add", "--decisions", "all.jsonl")
    copied = str(papertray.folder / "copied.jsonl")
    run("--tray", other, "export", "--pile", "all", "--to", "jsonl", "-o", copied)

    def facts(name: str) -> list[dict[str, object]]:
        text = (papertray.folder / name).read_text(encoding="utf-8")
        papers = [json.loads(line) for line in text.splitlines()]
        return [
            {field: paper.get(field) for field in ("title", "abstract", "uid", "pile", "tags")}
            | {"notes": [note["body"] for note in paper.get("notes", [])]}
            for paper in papers
        ]  # fmt: skip

    assert sorted(map(str, facts("copied.jsonl"))) == sorted(map(str, facts("all.jsonl")))


@pytest.mark.parametrize("command", ["list", "show", "export", "add"])
def test_help_of_a_command_names_it(papertray: CommandLine, command: str) -> None:
    assert papertray.lines(command, "--help")[0].startswith(f"Usage: papertray {command}")
