"""A page a paper for Logseq: everything in blocks, and no block more than meant."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings

from papertray.core.model import Entry, Pile, Venue, Work
from papertray.core.names import parse_author
from papertray.exporters.exporter import ExportOptions, Page
from papertray.exporters.logseq import page
from papertray.exporters.logseq_text import literal

from strategies import entries, entry, note

EVERYTHING = ExportOptions(
    notes=True, private=True, paper_of=lambda name: "att2017" if name == "attention" else ""
)
REGION = "- <!-- papertray:keep -->\n- <!-- /papertray:keep -->\n"


def test_a_page() -> None:
    work = Work(
        "Attention & [MASK]",
        abstract="It costs $5, or $x_1$.",
        authors=(parse_author("Ashish Vaswani"), parse_author("Noam Shazeer")),
        year=2017,
        venue=Venue("NeurIPS"),
        doi="10.1/x",
    )
    body = """\
# My view
Two
lines of [[attention]], not [[nothing]].

- [ ] read
- [x] done
  1. one
  2. two

> quote
> more

```python
x

y
```
"""
    kept = entry(
        work, "vaswani2017", pile=Pile.STARRED, done="2026-11-23",
        tags=("nlp", "a, b]]"), notes=(note(body, "Ideas"),),
    )  # fmt: skip
    assert page(kept, EVERYTHING) == Page(
        "@vaswani2017.md",
        "citekey:: vaswani2017\n"
        'paper-title:: "Attention & [MASK]"\n'
        'authors:: "Ashish Vaswani, Noam Shazeer"\n'
        "year:: 2017\n"
        'venue:: "NeurIPS"\n'
        'doi:: "10.1/x"\n'
        "status:: starred\n"
        'done:: "2026-11-23"\n'
        "tags:: [[a b]], [[nlp]]\n\n"
        "- # Attention & [MASK]\n"
        "- Ashish Vaswani, Noam Shazeer · 2017 · NeurIPS\n"
        "- <https://doi.org/10.1/x>\n"
        "- ## Abstract\n"
        "\t- It costs \\$5, or $x_1$.\n"
        "- ## Ideas\n"
        "\t- ## My view\n"
        "\t- Two\n"
        "\t  lines of [[@att2017]], not [\\[nothing]].\n"
        "\t- TODO read\n"
        "\t- DONE done\n"
        "\t\t- 1. one\n"
        "\t\t- 2. two\n"
        "\t- > quote\n"
        "\t  > more\n"
        "\t- ```python\n"
        "\t  x\n"
        "\n"
        "\t  y\n"
        "\t  ```\n" + REGION,
    )


# Each was given to mldoc 1.6, Logseq's parser, which shows the text before as it stands.
@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("{{query (todo now)}}", "\\{\\{query (todo now)\\}\\}"),
        ("((a-b)) [[x]] [a](b) #tag", "(\\(a-b)) [\\[x]] [a]\\(b) \\#tag"),
        ("foo:: bar std::vector", "foo:\\: bar std::vector"),
        ("TODO x", "\\TODO x"),
        ("TODOs", "TODOs"),
        (":LOGBOOK:", "\\:LOGBOOK:"),
        ("#+BEGIN_QUERY", "\\#+BEGIN\\_QUERY"),
        ("SCHEDULED: <2026-11-24 Tue>", "SCHEDULED\\: \\<2026-11-24 Tue\\>"),
        ("- x", "\\- x"),
        ("\\faGithub~ \\[x\\]", "\\\\faGithub\\~ \\\\[x\\\\\u2060]"),
        ("$5 and $x_1$", "\\$5 and $x_1$"),
        ("==a== ^^b^^ *c* `d` <b>", "\\=\\=a\\=\\= \\^\\^b\\^\\^ \\*c\\* \\`d\\` \\<b\\>"),
        ("https://a.b", "https\\://a.b"),
    ],
)
def test_literal(text: str, source: str) -> None:
    assert literal(text) == source


@pytest.mark.parametrize(
    ("body", "blocks"),
    [
        ("{{query x}} ((a)) `{{code}}` $x^{{a}}$",
         "\t- {\\{query x}} (\\(a)) `{{code}}` $x^{ {a}}$\n"),
        ("id:: 1\ncollapsed:: true", "\t- id:\\: 1\n\t  collapsed:\\: true\n"),
        ("#+BEGIN_QUERY\nx\n#+END_QUERY", "\t- \\#+BEGIN_QUERY\n\t  x\n\t  \\#+END_QUERY\n"),
        ("DEADLINE: <2026-11-24 Tue>", "\t- DEADLINE\\: <2026-11-24 Tue>\n"),
        ("<div>\nx\n</div>", "\t- ```\n\t  <div>\n\t  x\n\t  </div>\n\t  ```\n"),
        ("a <b onclick=x>", "\t- a \\<b onclick=x>\n"),
        ("````\n```\n````", "\t- ```\n\t  \u2060```\n\t  ```\n"),
        ("[x]: http://a", "\t- [key-x]: http://a\n"),
        ("- a\n\n  b\n\n  - c\n- d", "\t- a\n\t\t- b\n\t\t- c\n\t- d\n"),
        ("<!-- papertray:keep -->", "\t- ```\n\t  <!-- papertray: keep -->\n\t  ```\n"),
    ],
)  # fmt: skip
def test_notes_are_blocks_that_run_nothing(body: str, blocks: str) -> None:
    text = page(entry(Work("t"), notes=(note(body),)), EVERYTHING).text
    assert text.partition("- ## Note\n")[2] == blocks + REGION


@settings(max_examples=50, deadline=None)
@given(entries())
def test_any_paper_is_properties_and_blocks(found: Entry) -> None:
    text = page(found, EVERYTHING).text
    text.encode()
    front, _, blocks = text.partition("\n\n")
    assert all(re.match(r"[a-z-]+:: \S", line) for line in front.split("\n"))
    assert blocks.endswith(REGION)
    assert all(re.match(r"\t*(?:- |  |$)", line) for line in blocks.split("\n"))
    prose = re.sub(r"(?s)\n(\t*)- (?:> )?(`{3,}).*?\n\1  (?:> )?\2", "", blocks)
    assert not re.search(r"(?m)^\s*-? *#\+|^\s*(?:- )?[\w-]+:: ", prose)
