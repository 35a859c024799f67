"""When two records are one work: the table, case by case, through a real tray."""

from __future__ import annotations

from pathlib import Path

import pytest

from papertray.core.identity import fold, title_key

from trays import add_lines, open_notebook

LONG = "Attention Is All You Need for Everything"
SHORT = "Word Vectors Again"  # 16 letters: enough with a surname and a year, too few without

SAME = [
    ("same DOI, other case and resolver",
     {"title": "A", "doi": "10.1234/AbC"}, {"title": "B", "doi": "https://doi.org/10.1234/abc"}),
    ("same arXiv id, other version",
     {"title": "A", "arxiv_id": "1706.03762v1"}, {"title": "B", "arxiv_id": "1706.03762v7"}),
    ("a saved page beside a record with all fields", {"title": LONG},
     {"title": LONG, "authors": ["Ashish Vaswani"], "year": 2017, "arxiv_id": "1706.03762"}),
    ("surname and neighbouring year",
     {"title": SHORT, "authors": ["Ann Lee"], "year": 2020},
     {"title": SHORT.upper() + "!", "authors": ["Lee, A."], "year": 2021}),
    ("accents and case", {"title": "Über die Verteilung der Primzahlen", "year": 1859},
     {"title": "UBER DIE VERTEILUNG DER PRIMZAHLEN", "year": 1859}),
    ("preprint and published copy: ids of different schemes",
     {"title": LONG, "authors": ["Ann Lee"], "year": 2020, "arxiv_id": "2001.00001"},
     {"title": LONG, "authors": ["Ann Lee"], "year": 2021, "doi": "10.1234/x"}),
]  # fmt: skip

DIFFERENT = [
    ("different DOIs, same title", {"title": LONG, "authors": ["Ann Lee"], "year": 2020,
     "doi": "10.1234/a"}, {"title": LONG, "authors": ["Ann Lee"], "year": 2020,
     "doi": "10.1234/b"}),
    ("short title without surname", {"title": SHORT}, {"title": SHORT, "year": 2020}),
    ("other surname", {"title": LONG, "authors": ["Ann Lee"], "year": 2020},
     {"title": LONG, "authors": ["Bob Ray"], "year": 2020}),
    ("year two apart", {"title": LONG, "authors": ["Ann Lee"], "year": 2020},
     {"title": LONG, "authors": ["Ann Lee"], "year": 2022}),
    ("what every issue has", {"title": "Guest Editors' Introduction", "authors": ["Ann Lee"],
     "year": 2020}, {"title": "Guest Editors’ Introduction", "authors": ["Ann Lee"],
     "year": 2020, "venue": "Another Journal"}),
    ("under twelve letters", {"title": "Deep Sets", "authors": ["Ann Lee"], "year": 2020},
     {"title": "Deep sets", "authors": ["Ann Lee"], "year": 2020}),
]  # fmt: skip


@pytest.mark.parametrize(("why", "first", "second"), SAME, ids=[case[0] for case in SAME])
@pytest.mark.parametrize("order", ["one after the other", "in one file", "the other way round"])
def test_one_work(
    tmp_path: Path, why: str, first: dict[str, object], second: dict[str, object], order: str
) -> None:
    with open_notebook(tmp_path) as notebook:
        if order == "in one file":
            add_lines(notebook, [first, second])
        else:
            pair = [first, second] if order == "one after the other" else [second, first]
            for record in pair:
                add_lines(notebook, [record])
        assert notebook.papers.counts().inbox == 1, why


@pytest.mark.parametrize(("why", "first", "second"), DIFFERENT, ids=[case[0] for case in DIFFERENT])
@pytest.mark.parametrize("at_once", [True, False])
def test_two_works(
    tmp_path: Path, why: str, first: dict[str, object], second: dict[str, object], at_once: bool
) -> None:
    with open_notebook(tmp_path) as notebook:
        if at_once:
            add_lines(notebook, [first, second])
        else:
            add_lines(notebook, [first])
            add_lines(notebook, [second])
        assert notebook.papers.counts().inbox == 2, why


def test_years_do_not_creep_along_a_chain(tmp_path: Path) -> None:
    records: list[dict[str, object]] = [
        {"title": LONG, "authors": ["Ann Lee"], "year": year} for year in (2020, 2021, 2022)
    ]
    with open_notebook(tmp_path) as notebook:
        add_lines(notebook, records)
        assert notebook.papers.counts().inbox == 2


def test_a_missing_surname_joins_only_when_there_is_one_candidate(tmp_path: Path) -> None:
    with open_notebook(tmp_path) as notebook:
        add_lines(notebook, [{"title": LONG, "authors": ["Ann Lee"], "year": 2020}])
        add_lines(notebook, [{"title": LONG, "authors": ["Bob Ray"], "year": 2020}])
        add_lines(notebook, [{"title": LONG}])
        assert notebook.papers.counts().inbox == 3


@pytest.mark.parametrize(
    ("text", "folded"),
    [("Müller", "muller"), ("Łukasz Øre", "lukasz ore"), ("STRASSE", "strasse"),
     ("Straße", "strasse"), ("Ægir", "aegir"), ("e\u0301", "e"), ("深度学习", "深度学习")],
)  # fmt: skip
def test_folding(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_a_title_key_is_letters_and_digits() -> None:
    assert title_key("GPT-4: A “Real” Título!") == "gpt4arealtitulo"
