"""What BibLaTeX is told otherwise than BibTeX."""

from __future__ import annotations

import pytest

from papertray.core.model import Author, Entry, Venue, Work
from papertray.core.names import parse_author
from papertray.exporters.biblatex import MOST_AUTHORS, entry_type, write
from papertray.exporters.exporter import ExportOptions

from strategies import entry, note

KAISER = Work(
    "Attention Is All You Need",
    abstract="Networks based on $O(n^2)$ & 100% naïve α.",
    authors=(parse_author("Ashish Vaswani"), parse_author("Łukasz Kaiser")),
    year=2017,
    month=6,
    day=12,
    arxiv_id="1706.03762",
    primary_class="cs.CL",
)


def bib(*found: Entry, **options: bool) -> str:
    return "".join(write(found, ExportOptions(**options)))  # type: ignore[arg-type]


def test_a_preprint() -> None:
    assert bib(entry(KAISER, "vaswaniAttentionAllNeed2017", tags=("nlp", "R&D"))) == (
        "@online{vaswaniAttentionAllNeed2017,\n"
        "  title = {Attention Is All You Need},\n"
        "  author = {Vaswani, Ashish and Kaiser, Łukasz},\n"
        "  date = {2017-06-12},\n"
        "  eprint = {1706.03762},\n"
        "  eprinttype = {arxiv},\n"
        "  eprintclass = {cs.CL},\n"
        "  url = {https://arxiv.org/abs/1706.03762},\n"
        "  abstract = {Networks based on $O(n^2)$ \\& 100\\% naïve {$\\alpha$}.},\n"
        "  keywords = {R\\&D, nlp},\n"
        "}\n"
    )


def test_a_published_paper() -> None:
    work = Work(
        "BERT: Pre-training",
        authors=(Author("Devlin", "Jacob"), Author(literal="et al.")),
        year=2019,
        venue=Venue(
            "Proceedings of NAACL",
            "conference",
            "NAACL-HLT",
            "Taylor and Francis",
            volume="1",
            pages="4171-4186",
        ),
        doi="10.18653/v1/N19-1423",
        arxiv_id="hep-th/9810480",
        primary_class="hep-th",
    )
    assert bib(entry(work, "k", older_keys=("devlin19", "Devlin19", "K", "a,b", "x y", "z"))) == (
        "@inproceedings{k,\n"
        "  ids = {devlin19,z},\n"
        "  title = {{BERT}: Pre-training},\n"
        "  author = {Devlin, Jacob and others},\n"
        "  date = {2019},\n"
        "  booktitle = {Proceedings of NAACL},\n"
        "  volume = {1},\n"
        "  pages = {4171--4186},\n"
        "  publisher = {{Taylor and Francis}},\n"
        "  eventtitle = {NAACL-HLT},\n"
        "  doi = {10.18653/v1/N19-1423},\n"
        "  eprint = {hep-th/9810480},\n"
        "  eprinttype = {arxiv},\n"
        "  url = {https://arxiv.org/abs/hep-th/9810480},\n"
        "}\n"
    )


@pytest.mark.parametrize(
    ("work", "kind", "field"),
    [
        (Work("t", venue=Venue("Nature", "journal")), "article", "journaltitle = {Nature}"),
        (Work("t", venue=Venue("W", "workshop")), "inproceedings", "booktitle = {W}"),
        (Work("t", venue=Venue("Handbook", "book")), "incollection", "booktitle = {Handbook}"),
        (Work("t", venue=Venue("t", "book", publisher="MIT")), "book", "publisher = {MIT}"),
        (Work("t", type="thesis", venue=Venue("MIT")), "thesis", "institution = {MIT}"),
        (Work("t", type="thesis"), "thesis", "type = {phdthesis}"),
        (Work("t", type="report", venue=Venue(publisher="X")), "report", "institution = {X}"),
        (Work("t", type="report"), "report", "type = {techreport}"),
        (Work("t", type="dataset", venue=Venue("Zenodo")), "dataset", "organization = {Zenodo}"),
        (Work("t", type="software", url="https://a.b"), "software", "url = {https://a.b}"),
        (Work("t", type="article", arxiv_id="1706.03762"), "online", "eprinttype = {arxiv}"),
        (Work("t", venue=Venue("Distill"), doi="10.1/a"), "online", "organization = {Distill}"),
        (Work("t", type="preprint", venue=Venue("bioRxiv")), "misc", "howpublished = {bioRxiv}"),
        (Work("t"), "misc", "title = {t}"),
    ],
)
def test_types(work: Work, kind: str, field: str) -> None:
    assert entry_type(work) == kind
    written = bib(entry(work))
    assert written.startswith(f"@{kind}{{key,\n")
    assert f"  {field},\n" in written


def test_only_fields_that_the_type_has() -> None:
    venue = Venue("V", "", "S", "P", "1", "2", "3-4")
    of_type = {
        kind: bib(entry(Work("t", type=kind, venue=venue)))
        for kind in ("article", "thesis", "report", "software")
    }
    assert "publisher" not in of_type["article"]
    assert "volume" not in of_type["thesis"]
    assert "volume" not in of_type["report"]
    assert "pages" not in of_type["software"]


@pytest.mark.parametrize(
    ("date", "written"),
    [
        ((2024, 2, 29), "2024-02-29"),
        ((2023, 2, 29), "2023-02"),
        ((2024, 12, None), "2024-12"),
        ((2024, None, 3), "2024"),
        ((2024, 13, 1), "2024"),
        ((350, 1, 1), "0350-01-01"),
        ((-44, 3, None), "-0044-03"),
    ],
)
def test_dates(date: tuple[int, int | None, int | None], written: str) -> None:
    year, month, day = date
    work = Work("t", year=year, month=month, day=day)
    assert f"  date = {{{written}}},\n" in bib(entry(work))


def test_a_month_without_a_year_is_no_date() -> None:
    assert "date" not in bib(entry(Work("t", month=6)))
    assert "date" not in bib(entry(Work("t", year=12345)))


def test_keys_that_a_paper_had_are_left_out_where_none_can_stand_in_a_list() -> None:
    assert "ids" not in bib(entry(Work("t"), older_keys=("a b", "x,y", "12", "KEY")))


def test_notes_go_into_annotation_on_request() -> None:
    kept = entry(Work("t"), notes=(note("One & two\n\nThree"),))
    assert "annotation" not in bib(kept)
    assert r"  annotation = {One \& two \par Three}," in bib(kept, notes=True)


def test_biber_is_spared_the_names_of_a_whole_collaboration() -> None:
    authors = tuple(Author(f"Family{number}", "G") for number in range(MOST_AUTHORS + 1))
    all_of_them = bib(entry(Work("t", authors=authors[:MOST_AUTHORS])))
    too_many = bib(entry(Work("t", authors=authors)))
    assert "others" not in all_of_them
    assert f"Family{MOST_AUTHORS - 1}, G and others}}" in too_many
