"""The main job through the real command: add, triage, tag, note, find, undo, export, read back."""

from __future__ import annotations

import json
import os
import re
from itertools import pairwise
from pathlib import Path

import pytest
from bibtexparser.entrypoint import parse_string
from markdown_it import MarkdownIt

from cli.command_line import CommandLine
from local_server import LocalServer, Reply
from named_works import Known, Services

from made_up_pdfs import small_pdf
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


def arxiv_feed(*papers: tuple[int, int]) -> bytes:
    """Return a feed of arXiv papers, each a number and a version."""
    items = "".join(
        f"<item><title>On the Number {number} and What Follows From It</title>"
        f"<link>https://arxiv.org/abs/2608.{number:05}v{version}</link>"
        f"<description>It follows, for the {version}. time.</description></item>"
        for number, version in papers
    )
    return f'<rss version="2.0"><channel><title>F</title>{items}</channel></rss>'.encode()


@pytest.mark.long
def test_papers_come_by_themselves(papertray: CommandLine, tmp_path: Path) -> None:
    """Subscribe, make a rule, fetch day after day, name a paper on a train, drop one, read."""
    run = Reader(papertray)
    settings = tmp_path / "config" / "settings.toml"
    settings.parent.mkdir()
    with LocalServer() as server:
        services = Services(server)
        settings.write_text(services.settings, encoding="utf-8")
        server.answers("/far", Reply(arxiv_feed((1, 1), (2, 1), (3, 1)), etag='"1"'))
        server.answers("/near", Reply(status=301, location="/moved"))
        server.answers("/moved", Reply(arxiv_feed((3, 1), (4, 1)), etag='"1"'))
        urls = f'{server.url("/far")} "~Far" daily\n{server.url("/near")} "~Near"\n'
        (tmp_path / "urls").write_text(urls, encoding="utf-8")

        run("feeds", "import", "urls")
        run("feeds", "rule", "add", 'title:"number 2"', "--mute")
        assert run("feeds", "fetch")[-1] == "4 new papers from 2 feeds"
        assert len(run.titles("feed:daily")) == 3
        assert run.titles("pile:skip") == ["On the Number 2 and What Follows From It"]
        run("move", "starred", "arXiv:2608.00001")

        server.answers("/far", Reply(arxiv_feed((5, 1), (1, 2), (3, 1)), etag='"2"'))
        server.answers("/pdf/2608.00001", Reply(small_pdf("one"), content_type="application/pdf"))
        assert run("feeds", "fetch")[-1] == "1 new paper, 1 new version, 1 feed unchanged"
        (path,) = run("open", "arXiv:2608.00001", "--print")
        assert Path(path).read_bytes() == small_pdf("one")
        server.asked.clear()
        assert run("feeds", "fetch") == ["0 new papers, 2 feeds unchanged"]
        asked = [(ask.path, ask.headers.get("if-none-match")) for ask in server.asked]
        assert sorted(asked) == [("/far", '"2"'), ("/moved", '"1"')], "no PDF twice, moved for good"

        offline = re.sub("http://[^/]*", "http://nowhere.invalid", services.settings)
        settings.write_text(offline, encoding="utf-8")
        run("add", "2510.06638")
        run("move", "starred", "2510.06638")
        run("attach", "2510.06638", path)
        services.arxiv["2510.06638"] = Known("On Oysters and Their Sorting")
        settings.write_text(services.settings, encoding="utf-8")
        run("feeds", "fetch")
        assert run.titles("oysters pile:starred") == ["On Oysters and Their Sorting"]

        drop = tmp_path / "tray" / "drop"
        drop.mkdir()
        (drop / "page.rss").write_bytes(arxiv_feed((5, 1), (6, 1)))
        assert run("watch", "--once") == ["1 file from drop: 1 added, 0 merged, 1 known"]
        assert (drop / "done" / "page.rss").read_bytes() == arxiv_feed((5, 1), (6, 1))

    run("undo", "-n", "3")  # her file and both stars; what came by itself stays
    assert run.titles("pile:starred") == []
    assert len(run.titles()) == 7
    assert len(run.titles("feed:Far")) == 4
    assert Path(path).exists(), "the fetched file was not hers to take back"
    run("doctor")


@pytest.mark.parametrize("command", ["list", "show", "export", "add"])
def test_help_of_a_command_names_it(papertray: CommandLine, command: str) -> None:
    assert papertray.lines(command, "--help")[0].startswith(f"Usage: papertray {command}")
