"""A bibliography that BibTeX, and a parser that never saw our code, read back."""

from __future__ import annotations

import pytest
from bibtexparser.entrypoint import parse_string

from papertray.core.model import Author, Entry, Venue, Work
from papertray.core.names import parse_author
from papertray.exporters import latex
from papertray.exporters.bibtex import entry_type, write
from papertray.exporters.exporter import ExportOptions

from strategies import (
    entry,
    keyed,
    note,
    printed,
    sample_titles,
)

VASWANI = Work(
    "Attention Is All You Need",
    abstract="The dominant sequence models are based on $O(n^2)$ networks & 100% attention.",
    authors=(parse_author("Ashish Vaswani"), parse_author("Łukasz Kaiser")),
    year=2017,
    month=6,
    day=12,
    arxiv_id="1706.03762",
    primary_class="cs.CL",
    code_urls=("https://github.com/tensorflow/tensor2tensor",),
)


def bib(*found: Entry, **options: bool) -> str:
    return "".join(write(found, ExportOptions(**options)))  # type: ignore[arg-type]


def test_a_preprint() -> None:
    kept = entry(VASWANI, "vaswaniAttentionAllNeed2017", tags=("nlp", "R&D", "a,b", "c#"))
    assert bib(kept) == (
        "@misc{vaswaniAttentionAllNeed2017,\n"
        "  title = {Attention Is All You Need},\n"
        "  author = {Vaswani, Ashish and Kaiser, {\\L}ukasz},\n"
        "  year = {2017},\n"
        "  month = jun,\n"
        "  day = {12},\n"
        "  eprint = {1706.03762},\n"
        "  archiveprefix = {arXiv},\n"
        "  primaryclass = {cs.CL},\n"
        "  url = {https://arxiv.org/abs/1706.03762},\n"
        "  abstract = {The dominant sequence models are based on $O(n^2)$ networks \\& 100\\%"
        " attention.},\n"
        "  keywords = {R\\&D, a b, c\\#, nlp},\n"
        "}\n"
    )


def test_a_published_paper() -> None:
    venue = Venue(
        "Proceedings of NAACL", "conference", "NAACL", "ACL", volume="1", pages="4171 - 4186"
    )
    work = Work(
        "BERT: Pre-training",
        authors=(Author("Devlin", "Jacob"), Author(literal="et al.")),
        type="preprint",
        year=2019,
        venue=venue,
        doi="10.18653/v1/N19-1423",
        arxiv_id="hep-th/9810480",
        primary_class="cs.CL",
        url="https://aclanthology.org/N19-1423_x",
    )
    assert bib(entry(work, "k")) == (
        "@inproceedings{k,\n"
        "  title = {{BERT}: Pre-training},\n"
        "  author = {Devlin, Jacob and others},\n"
        "  year = {2019},\n"
        "  booktitle = {Proceedings of NAACL},\n"
        "  volume = {1},\n"
        "  pages = {4171--4186},\n"
        "  publisher = {ACL},\n"
        "  series = {NAACL},\n"
        "  doi = {10.18653/v1/N19-1423},\n"
        "  eprint = {hep-th/9810480},\n"
        "  archiveprefix = {arXiv},\n"
        "  url = {https://aclanthology.org/N19-1423_x},\n"
        "}\n"
    )


@pytest.mark.parametrize(
    ("work", "kind", "field"),
    [
        (Work("t", venue=Venue("Nature", "journal")), "article", "journal = {Nature}"),
        (Work("t", type="article", venue=Venue("Nature")), "article", "journal = {Nature}"),
        (Work("t", venue=Venue("W", "workshop")), "inproceedings", "booktitle = {W}"),
        (Work("t", venue=Venue("Handbook", "book")), "incollection", "booktitle = {Handbook}"),
        (Work("t", venue=Venue("t", "book", publisher="MIT")), "book", "publisher = {MIT}"),
        (Work("t", venue=Venue("MIT", "book", publisher="MIT")), "book", "publisher = {MIT}"),
        (Work("t", venue=Venue("H", "Chapter")), "incollection", "booktitle = {H}"),
        (Work("t", venue=Venue("W & S", "symposium")), "inproceedings", r"booktitle = {W \& S}"),
        (Work("t", venue=Venue("ETH", "thesis")), "phdthesis", "school = {ETH}"),
        (Work("t", venue=Venue("Radio", "podcast")), "misc", "howpublished = {Radio}"),
        (Work("t", type="software", venue=Venue("GitHub")), "misc", "howpublished = {GitHub}"),
        (Work("t", type="thesis", venue=Venue("MIT")), "phdthesis", "school = {MIT}"),
        (Work("t", type="report", venue=Venue("OpenAI")), "techreport", "institution = {OpenAI}"),
        (Work("t", type="report", venue=Venue(publisher="X")), "techreport", "institution = {X}"),
        (Work("t", type="article", arxiv_id="1706.03762"), "misc", "eprint = {1706.03762}"),
        (Work("t", type="preprint", venue=Venue("bioRxiv")), "misc", "howpublished = {bioRxiv}"),
        (Work("t", type="dataset", url="https://a.b"), "misc", "url = {https://a.b}"),
        (Work("t"), "misc", "title = {t}"),
    ],
)
def test_types(work: Work, kind: str, field: str) -> None:
    assert entry_type(work) == kind
    written = bib(entry(work))
    assert written.startswith(f"@{kind}{{key,\n")
    assert f"  {field},\n" in written


def test_what_is_not_known_is_not_written() -> None:
    assert (
        bib(entry(Work("Deep Learning", month=13)))
        == "@misc{key,\n  title = {Deep Learning},\n  key = {Deep Learning},\n}\n"
    )


def test_notes_go_into_annote_on_request() -> None:
    notes = (note("One & two\nlines.\n\n## Private\nsecret"), note("Three", "A title"))
    kept = entry(Work("t"), notes=notes)
    assert "annote" not in bib(kept)
    shown = r"  annote = {One \& two lines. \par A title \par Three},"
    assert shown in bib(kept, notes=True)
    assert "secret" not in bib(kept, notes=True)
    assert r"\par \#\# Private secret \par A title" in bib(kept, notes=True, private=True)


def test_abstracts_can_be_left_out() -> None:
    assert "abstract" in bib(entry(VASWANI))
    assert "abstract" not in bib(entry(VASWANI), abstracts=False)


def test_entries_are_written_one_at_a_time() -> None:
    taken: list[str] = []

    def source() -> object:
        for key in ("a", "b"):
            taken.append(key)
            yield entry(Work("t"), key)

    stream = write(source(), ExportOptions())  # type: ignore[arg-type]
    assert next(stream).startswith("@misc{a,")
    assert taken == ["a"]
    assert next(stream).startswith("\n@misc{b,")


def test_real_titles_come_back() -> None:
    titles = sample_titles()
    kept = keyed([entry(Work(title)) for title in titles])
    read = [e.fields_dict["title"].value for e in parse_string(bib(*kept)).entries]
    assert len(read) == 228
    assert [printed(value) for value in read] == titles


def test_the_caches_hold_no_endless_words() -> None:
    before = latex._cached_title_word.cache_info().currsize
    bib(entry(Work("Q" * 5000)))
    assert latex._cached_title_word.cache_info().currsize == before
