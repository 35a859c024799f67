"""When two records are one work: the table, case by case, through a real tray."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from papertray.core.errors import UnknownPaper, UsageError
from papertray.core.identity import fold, title_key
from papertray.store import pacing

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


ARXIV_DOI = [
    ("the DOI that arXiv gave, and the arXiv id",
     {"title": "A", "doi": "10.48550/arXiv.1706.03762"},
     {"title": "B", "arxiv_id": "1706.03762v2"}),
    ("the DOI that arXiv gave, and the journal's beside the arXiv id",
     {"title": "A", "doi": "10.48550/ARXIV.1706.03762"},
     {"title": "B", "arxiv_id": "1706.03762", "doi": "10.1234/x"}),
    ("the DOI that arXiv gave as a further one",
     {"title": "A", "identifiers": ["doi:10.48550/arXiv.1706.03762"], "doi": "10.1234/x"},
     {"title": "B", "arxiv_id": "1706.03762"}),
    ("the DOI that arXiv gave, and the journal's, by title",
     {"title": LONG, "authors": ["Ann Lee"], "year": 2020, "doi": "10.48550/arXiv.1706.03762"},
     {"title": LONG, "authors": ["Ann Lee"], "year": 2021, "doi": "10.1234/x"}),
]  # fmt: skip


@pytest.mark.parametrize(("why", "first", "second"), ARXIV_DOI, ids=[case[0] for case in ARXIV_DOI])
def test_a_doi_of_arxivs_own_is_the_arxiv_id(
    tmp_path: Path, why: str, first: dict[str, object], second: dict[str, object]
) -> None:
    for number, pair in enumerate(([first, second], [second, first])):
        with open_notebook(tmp_path / str(number)) as notebook:
            for record in pair:
                add_lines(notebook, [record])
            assert notebook.papers.counts().inbox == 1, why
            work = notebook.papers.entry(1).work
            assert work.arxiv_id == "1706.03762"
            if any("10.1234/x" in record.values() for record in pair):
                assert work.doi == "10.1234/x"
            assert notebook.papers.find("10.48550/arXiv.1706.03762") == 1
            assert notebook.papers.find("arXiv:1706.03762") == 1
            assert list(notebook.health.findings()) == []


def test_one_arxiv_id_does_not_join_different_dois(tmp_path: Path) -> None:
    records: list[dict[str, object]] = [
        {"title": "A", "arxiv_id": "1706.03762", "doi": f"10.1234/{name}"} for name in "xyx"
    ]
    with open_notebook(tmp_path) as notebook:
        for record in records:
            add_lines(notebook, [record])
        assert notebook.papers.counts().inbox == 2
        add_lines(notebook, [{"title": "A", "arxiv_id": "1706.03762"}])
        assert notebook.papers.counts().inbox == 2


def test_a_uid_that_another_paper_has_is_not_given_twice(tmp_path: Path) -> None:
    with open_notebook(tmp_path) as notebook:
        add_lines(notebook, [{"title": "A", "uid": "u", "doi": "10.1234/x"}])
        add_lines(notebook, [{"title": "A", "uid": "u", "doi": "10.1234/y"}] * 2)
        assert notebook.papers.counts().inbox == 2
        assert notebook.papers.find("u") == 1


def test_a_preprint_with_a_doi_of_its_own_joins_where_a_source_knows_both(tmp_path: Path) -> None:
    with open_notebook(tmp_path) as notebook:
        add_lines(notebook, [{"title": "A", "doi": "10.1101/2020.01"}])
        both: dict[str, object] = {"title": "A", "doi": "10.1101/2020.01"}
        both["identifiers"] = ["doi:10.1234/x"]
        add_lines(notebook, [both, {"title": "B", "doi": "10.1234/X"}])
        assert notebook.papers.counts().inbox == 1


def test_a_feed_that_still_brings_a_wrong_doi_does_not_bring_the_paper_back(tmp_path: Path) -> None:
    wrong: dict[str, object] = {"title": "A", "arxiv_id": "1706.03762", "doi": "10.1234/wrong"}
    with open_notebook(tmp_path) as notebook:
        add_lines(notebook, [wrong])
        work = notebook.papers.entry(1).work
        notebook.papers.edit(1, replace(work, doi="10.1234/right"))
        add_lines(notebook, [{**wrong, "votes": 1}])
        assert notebook.papers.counts().inbox == 1
        assert notebook.papers.entry(1).work.doi == "10.1234/right"
        add_lines(notebook, [{"title": "Its Owner", "doi": "10.1234/wrong"}])
        assert notebook.papers.find("10.1234/wrong") == 2


def test_what_a_page_said_first_is_known_again_after_another_said_the_same(tmp_path: Path) -> None:
    records: list[dict[str, object]] = [
        {"title": LONG, "authors": ["Bob Ray"], "uid": "u"},
        {"title": LONG, "authors": ["Ann Lee"]},
        {"title": LONG, "authors": ["Ann Lee"], "uid": "u"},
    ]
    with open_notebook(tmp_path) as notebook:
        add_lines(notebook, records)
        assert add_lines(notebook, [records[1]]).counts.known == 1
        assert len(notebook.papers.entry(2).sightings) == 1


_TOLD = st.fixed_dictionaries(
    {
        "title": st.sampled_from([LONG, SHORT, LONG + " II"]),
        "authors": st.sampled_from([["Ann Lee"], ["Bob Ray"], []]),
    },
    optional={
        "year": st.sampled_from([2020, 2021, 2022]),
        "doi": st.sampled_from(
            ["10.1234/x", "10.1234/X", "10.1234/y", "10.1234/z", "10.48550/arXiv.2001.00001"]
        ),
        "arxiv_id": st.sampled_from(["2001.00001", "2001.00001v3", "2001.00002"]),
        "identifiers": st.lists(
            st.sampled_from(["acl:P20-1", "pubmed:7", "doi:10.48550/arxiv.2001.00002"]),
            max_size=2,
            unique=True,
        ),
        "url": st.sampled_from(["https://example.org/a", "https://example.org/b"]),
    },
)


@given(
    adds=st.lists(st.lists(_TOLD, min_size=1, max_size=4), min_size=1, max_size=4),
    merges=st.lists(st.tuples(st.integers(1, 8), st.integers(1, 8)), max_size=3),
    size=st.integers(1, 4),
)
@settings(max_examples=25, deadline=None)
def test_records_with_different_dois_are_never_one_paper(
    adds: list[list[dict[str, object]]], merges: list[tuple[int, int]], size: int
) -> None:
    """In whatever order and in whatever chunks they come, with merges in between."""
    told: list[dict[str, object]] = []
    with (
        tempfile.TemporaryDirectory() as folder,
        pytest.MonkeyPatch.context() as patch,
        open_notebook(Path(folder)) as notebook,
    ):
        for name in ("SMALLEST", "FIRST", "LARGEST"):
            patch.setattr(pacing, name, size)
        for number, records in enumerate([*adds, *adds]):
            add_lines(notebook, records)
            told += records
            for one, other in merges[number : number + 1]:
                with suppress(UsageError, UnknownPaper):
                    found = (notebook.papers.find(str(paper)) for paper in (one, other))
                    notebook.duplicates.merge(*found)
        dois: dict[int, set[str]] = {}
        reader = notebook._tray.reader()
        for paper, doi in reader.execute(
            "SELECT paper_id, value FROM identifier WHERE scheme = 'doi'"
            " UNION SELECT coalesce(merged_into, id), lower(doi) FROM paper"
            "  WHERE doi <> '' AND doi NOT LIKE '10.48550/%'"
        ):
            dois.setdefault(paper, set()).add(doi)
        assert all(len(of_paper) == 1 for of_paper in dois.values())
        # And the other way round: each record is found by its DOI, in one paper.
        for record in told:
            if "doi" in record:
                notebook.papers.find(str(record["doi"]))
        assert list(notebook.health.findings()) == []


def test_an_arxiv_id_yields_to_a_doi_that_another_paper_has(tmp_path: Path) -> None:
    one: dict[str, object] = {"title": "One", "arxiv_id": "2001.00001", "doi": "10.1234/x"}
    other: dict[str, object] = {"title": "Other", "doi": "10.1234/y"}
    told: dict[str, object] = {**one, "doi": "", "identifiers": ["doi:10.1234/Y"]}
    with open_notebook(tmp_path) as notebook:
        add_lines(notebook, [one, other])
        assert add_lines(notebook, [told]).counts.added == 0
        listings = [len(entry.sightings) for entry in notebook.papers.entries([1, 2])]
        assert listings == [1, 2], "its arXiv id is the one's, but its DOI says the other"
