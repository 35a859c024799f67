"""The papers of a list come group by group, by citation key in each, and no group comes twice."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from papertray.core.model import Pile
from papertray.exporters.exporter import ExportOptions
from papertray.notebook.feeds import AddOptions
from papertray.notebook.notebook import Notebook

from trays import add_lines, open_notebook

RECORDS: list[dict[str, object]] = [
    {"title": "A paper called d", "citekey": "d", "year": 1998, "venue": "ICML"},
    {"title": "A paper called F", "citekey": "F"},
    {"title": "A paper called a", "citekey": "a", "year": 2020, "venue": "NeurIPS"},
    {"title": "A paper called c", "citekey": "c", "year": 2020, "venue": "icml"},
    {"title": "A paper called B", "citekey": "B", "year": 2024, "venue": {"short": "neurips"}},
    {"title": "A paper called e", "citekey": "e", "year": 2024},
]


@pytest.fixture(scope="module")
def notebook(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Notebook]:
    """Open a tray of six papers with the keys a to F, decided and tagged."""
    opened = open_notebook(tmp_path_factory.mktemp("groups"))
    add_lines(opened, RECORDS, AddOptions(decisions=True))
    papers = opened.papers
    papers.move(ids(opened, "eB"), Pile.STARRED)
    papers.move(ids(opened, "caF"), Pile.READ)
    papers.set_done(ids(opened, "aF"))
    papers.change_tags(ids(opened, "a"), add=("x", "Attention"))
    papers.change_tags(ids(opened, "c"), add=("attention",))
    papers.change_tags(ids(opened, "B"), add=("zoo",))
    yield opened
    opened.close()


def ids(notebook: Notebook, keys: str) -> list[int]:
    return [notebook.papers.find(key) for key in keys]


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        ("pile", "Starred: B e; To read: c; Read: a F; Inbox: d"),
        ("tag", "Attention: a c; zoo: B; Untagged: d e F"),
        ("year", "2024: B e; 2020: a c; 1998: d; Year unknown: F"),
        ("venue", "icml: c d; NeurIPS: a B; Venue unknown: e F"),
        ("", "Reading list: a B c d e F"),
    ],
)
def test_papers_come_by_group(notebook: Notebook, group: str, expected: str) -> None:
    format_ = notebook.exports.find("markdown")
    options = ExportOptions(group=group)
    text = "".join(notebook.exports.text(ids(notebook, "dFacBe"), format_, options))
    found: list[tuple[str, list[str]]] = []
    for line in text.split("\n"):
        if line.startswith("# "):
            found.append((line[2:], []))
        elif line.startswith("## "):
            found[-1][1].append(line[-1])
    assert "; ".join(f"{name}: {' '.join(keys)}" for name, keys in found if keys) == expected
