"""A reference as people read it, in text, Markdown and HTML."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from markdown_it import MarkdownIt

from cli.command_line import steering_in
from papertray.core.model import Author, Entry, Venue, Work
from papertray.exporters.reference import FORMS, markdown_link, reference

from strategies import entries

PERSONS = tuple(Author(f"Family{n}", "Ada") for n in range(7))
LECUN = Work(
    "Deep learning",
    authors=(Author("LeCun", "Yann"), Author("Bengio", "Yoshua")),
    year=2015,
    venue=Venue("Nature", "journal", volume="521", number="7553", pages="436--444"),
    doi="10.1038/nature14539",
    arxiv_id="1506.00001",
)


def test_an_article() -> None:
    assert reference(LECUN) == (
        "Yann LeCun, Yoshua Bengio (2015). Deep learning. Nature, 521(7553), 436–444. "
        "https://doi.org/10.1038/nature14539"
    )
    assert reference(LECUN, "markdown") == (
        "Yann LeCun, Yoshua Bengio (2015). Deep learning. *Nature*, 521(7553), 436–444. "
        "<https://doi.org/10.1038/nature14539>"
    )
    assert reference(LECUN, "html") == (
        "Yann LeCun, Yoshua Bengio (2015). Deep learning. <i>Nature</i>, 521(7553), 436–444. "
        '<a href="https://doi.org/10.1038/nature14539">https://doi.org/10.1038/nature14539</a>'
    )


@pytest.mark.parametrize(
    ("work", "expected"),
    [
        (Work("Why?"), "Why?"),
        (Work("A", year=2020), "(2020). A."),
        (
            Work("A", authors=PERSONS),
            "Ada Family0, Ada Family1, Ada Family2, Ada Family3, Ada Family4, Ada Family5 "
            "et al. A.",
        ),
        (Work("A", authors=(PERSONS[0], Author(literal="et al."))), "Ada Family0 et al. A."),
        (
            Work("A", arxiv_id="1706.03762", url="https://example.org"),
            "A. arXiv:1706.03762. https://arxiv.org/abs/1706.03762",
        ),
        (Work("A", type="book", venue=Venue(publisher="MIT Press")), "A. MIT Press."),
        (Work("A", url="https://example.org"), "A. https://example.org"),
        (Work("A", url="javascript:alert(1)"), "A."),
    ],
)
def test_what_is_not_known_leaves_no_gap(work: Work, expected: str) -> None:
    assert reference(work) == expected


@pytest.mark.parametrize(
    ("work", "expected"),
    [
        (Work("A *b* [c]", url="https://example.org/x"), r"[A \*b\* \[c\]](https://example.org/x)"),
        (Work("A", url="https://example.org/x_(y)"), "[A](<https://example.org/x_(y)>)"),
        (Work("A"), "A"),
    ],
)
def test_a_markdown_link(work: Work, expected: str) -> None:
    assert markdown_link(work) == expected


@settings(max_examples=40)
@given(entries())
def test_no_paper_breaks_out(found: Entry) -> None:
    for form in FORMS:
        text = reference(found.work, form)
        assert "\n" not in text
        assert not steering_in(text)
    markup = reference(found.work, "html")
    for tag in ("<i>", "</i>", "</a>"):
        markup = markup.replace(tag, "")
    assert markup.count("<") == markup.count("<a href=")
    blocks = [one.type for one in MarkdownIt().parse(reference(found.work, "markdown"))]
    assert blocks in ([], ["paragraph_open", "inline", "paragraph_close"])


def test_what_an_address_would_cut_a_doi_at_is_encoded() -> None:
    work = Work("A", doi="10.1002/(sici)1<338::aid-1>3#4?5%6")

    assert reference(work) == "A. https://doi.org/10.1002/(sici)1%3C338::aid-1%3E3%234%3F5%256"
