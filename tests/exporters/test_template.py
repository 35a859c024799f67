"""Formats that users make by templates in their tray."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from papertray.core.errors import UsageError
from papertray.core.model import Entry, Venue, Work
from papertray.core.names import parse_author
from papertray.core.templating import LONGEST_TEXT, MOST_ROUNDS, OneByOne, Template
from papertray.exporters.exporter import ExportOptions, Page
from papertray.exporters.table import Format
from papertray.notebook.export_templates import (
    TemplateFormat,
    read_templates,
    slug,
    values_of_paper,
    words_of,
)

from strategies import entry, note

WORK = Work(
    "Attention & [MASK] costs 5%",
    abstract="It is\n$x_1$.",
    authors=(parse_author("Ada Lovelace"), parse_author("B_b")),
    year=2017,
    venue=Venue("NeurIPS"),
)
PAPER = entry(WORK, "a:2017", tags=("nlp", 'R "D"'), notes=(note("# Good\n%%hidden%%", "Mine"),))


def template(tray: Path, source: str, name: str = "talk.md") -> TemplateFormat:
    """A template in a tray, as the only format it makes."""
    (tray / "templates").mkdir(exist_ok=True)
    (tray / "templates" / name).write_text(source, encoding="utf-8", newline="")
    formats, problems = read_templates(tray)
    assert not problems
    return formats[-1]


def written(format_: TemplateFormat, *papers: Entry, **options: bool) -> str:
    return "".join(format_.load()(papers or [PAPER], ExportOptions(**options)))  # type: ignore[arg-type]


def test_a_list(tmp_path: Path) -> None:
    talk = template(
        tmp_path,
        "{# Slides for the group meeting #}\n"
        "---\ntitle: {{ title|yaml }}\n---\n"
        "{% for paper in papers %}\n"
        "## {{ loop.index }} {{ paper.title|md }}\n"
        "{{ paper.authors|md }}, {{ paper.year }}, {{ paper.tags|yaml }} {{ paper.month|yaml }}\n"
        "{% for note in paper.notes %}\n{{ note.markdown }}\n{% endfor %}\n"
        "{% endfor %}\n",
    )
    assert talk == TemplateFormat(
        "talk", "", "Slides for the group meeting", ".md", notes=True,
        file=tmp_path / "templates" / "talk.md",
    )  # fmt: skip
    assert written(talk, PAPER, entry(Work("Second")), notes=True) == (
        '---\ntitle: "Reading list"\n---\n'
        "## 1 Attention & \\[MASK\\] costs 5%\n"
        'Ada Lovelace, B\\_b, 2017, ["nlp", "R \\"D\\""] ""\n'
        "#### Good\n"
        '## 2 Second\n, , [] ""\n'
    )


def test_a_file_for_each_paper(tmp_path: Path) -> None:
    card = template(
        tmp_path,
        "\\section{ {{- paper.title|latex -}} }\n\\label{ {{- paper.title|slug -}} }\n"
        "% {{ paper.authors|latex }}; {{ paper.abstract }}",
        "Card.TEX",
    )
    assert (card.name, card.suffix, card.is_folder, card.notes) == ("card", ".tex", True, False)
    page = card.load_pages()(PAPER, ExportOptions())
    assert page.name.startswith("a-2017-")
    assert page == Page(
        page.name,
        "\\section{Attention \\& [MASK] costs 5\\%}\n\\label{attention-mask-costs-5}\n"
        "% Ada Lovelace, B\\_b; It is $x_1$.",
    )
    assert written(card, abstracts=False).endswith("B\\_b; ")


def test_nothing_private_reaches_a_template() -> None:
    def bodies(**options: bool) -> list[object]:
        notes = values_of_paper(PAPER, ExportOptions(**options))["notes"]  # type: ignore[arg-type]
        assert isinstance(notes, list)
        return [each["body"] for each in notes]

    assert bodies() == []
    assert bodies(notes=True) == ["# Good"]
    assert bodies(notes=True, private=True) == ["# Good\n%%hidden%%"]


def test_no_value_forges_the_mark_of_a_region() -> None:
    mark = "<!-- papertray:keep -->"
    hostile = entry(
        Work(mark, authors=(parse_author(mark),)), tags=(mark,), notes=(note(mark, mark),)
    )
    assert mark not in str(values_of_paper(hostile, ExportOptions(notes=True)))


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("a\n\n{% for p in papers %}\n{{ p.titel }}\n{% endfor %}",
         "line 4: there is no 'titel'"),
        ("{% for p in papers %}\n{{ p.title|shout }}\n{% endfor %}",
         "line 2: No filter named 'shout'"),
        ("{{ papers }}", "line 1: something that holds several values"),
        ("\n{% for p in papers %}{{ p }}{% endfor %}", "line 2: something that holds several"),
        ("{% for p in papers %}{% endfor %}\n{% for p in papers %}{% endfor %}",
         "line 2: it goes through all papers twice"),
        ("\n{{ ''.__class__ }}", "line 2: access to attribute '__class__'"),
        ("{% for p in papers %}\n{% for a in p.title %}{% for b in p.title %}"
         "{% for c in p.title %}{% endfor %}{% endfor %}{% endfor %}{% endfor %}",
         f"line 2: its loops take more than {MOST_ROUNDS:,} rounds"),
        ("{% include 'x' %}{% for p in papers %}{% endfor %}", "line 1: include may not"),
        ("{% for p in papers %}\n{{ p.title|truncate(1, end=p.title) }}{% endfor %}", "line 2: "),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_file_and_line(tmp_path: Path, source: str, said: str) -> None:
    with pytest.raises(UsageError) as error:
        written(template(tmp_path, source))
    beginning = f"The template {tmp_path / 'templates' / 'talk.md'} cannot be used: "
    assert str(error.value).startswith(beginning + said)


def test_papers_come_one_by_one_each_with_a_budget_of_its_own() -> None:
    asked = []

    def papers() -> Iterator[str]:
        for number in range(3):
            asked.append(number)
            yield "x" * (MOST_ROUNDS - 1)

    source = "{% for p in papers %}{% for c in p %}{{ c }}{% endfor %}.{% endfor %}"
    pieces = Template(source, "t").pieces({"papers": OneByOne(papers())})
    assert next(pieces) == "x"
    assert asked == [0]
    assert sum(map(len, pieces)) == 3 * MOST_ROUNDS - 1

    long = "{% for p in papers %}{{ p }}{% endfor %}"
    values = ["x" * (LONGEST_TEXT - 1)] * 2
    assert len(Template(long, "t").render({"papers": OneByOne(values)})) == 2 * LONGEST_TEXT - 2
    with pytest.raises(UsageError, match="1,000,000 characters"):
        Template(long, "t").render({"papers": values})


def test_files_that_are_no_templates_say_why_when_they_are_used(tmp_path: Path) -> None:
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / "bytes.md").write_bytes(b"\xff")
    (folder / "huge.md").write_text("x" * 80_001)
    (folder / "link.md").symlink_to("bytes.md")
    (folder / "inner.md").mkdir()
    os.mkfifo(folder / "pipe.md")
    formats, problems = read_templates(tmp_path)
    assert not problems
    why = {
        "bytes": "is not UTF-8 text",
        "huge": "has more than 80,000 bytes",
        "inner": "cannot be read: it is no file",
        "link": "cannot be read: it is a link",
        "pipe": "cannot be read: it is no file",
    }
    assert [each.name for each in formats] == list(why)
    for each in formats:
        assert why[each.name] in each.description
        with pytest.raises(UsageError, match=why[each.name]):
            each.load()


def test_names_that_are_taken_are_told_of(tmp_path: Path) -> None:
    template(tmp_path, "{{ papers }}", "a.md")
    folder = tmp_path / "templates"
    for name in ("a.txt", "markdown.md", "rows.md", "no suffix", ".hidden.md", "a.md~", "ö.md"):
        (folder / name).write_text("x")
    formats, problems = read_templates(tmp_path, [Format("rows", "", "", ".rows")])
    assert [each.name for each in formats] == ["a", "ö"]
    assert [problem.removeprefix(f"{folder}/").split(";")[0] for problem in problems] == [
        "a.txt is not used: a is a format of another template already.",
        "markdown.md is not used: markdown is a format of papertray already.",
        "no suffix is no template: call it NAME.md, or what its files end in.",
        "rows.md is not used: rows is a format of a plugin already.",
    ]
    assert read_templates(tmp_path / "nowhere") == ([], [])


def test_slug() -> None:
    assert slug("  Où est — l'_été_? 2×2 ") == "où-est-l-été-2-2"


def test_tags_that_nothing_closes_take_no_time() -> None:
    assert words_of("{{ paper" * 10_000) == set()
    assert words_of("{{ paper.title }}{% set a = notes %}") >= {"paper", "notes"}
