"""What a pasted text names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papertray.core.identity import can_join, identifiers, title_key
from papertray.core.pasted import (
    Named,
    is_placeholder,
    is_web_address,
    named_by_placeholder,
    parse_pasted,
    placeholder,
)


@pytest.mark.parametrize(
    "text",
    [
        "2510.06638",
        " 2510.06638v2\n",
        "arXiv:2510.06638",
        "arxiv:2510.06638v1",
        "<https://arxiv.org/abs/2510.06638>",
        "https://arxiv.org/abs/2510.06638v3?context=cs#top",
        "https://arxiv.org/pdf/2510.06638v1.pdf",
        "https://www.arxiv.org/html/2510.06638v1",
        "arxiv.org/pdf/2510.06638",
        "http://export.arxiv.org/abs/2510.06638",
        "https://www.alphaxiv.org/abs/2510.06638v2",
        "https://ar5iv.labs.arxiv.org/html/2510.06638",
        "https://ar5iv.org/abs/2510.06638.",
        "https://huggingface.co/papers/2510.06638",
        "hf.co/papers/2510.06638",
        "10.48550/arXiv.2510.06638",
        "https://doi.org/10.48550/arXiv.2510.06638",
    ],
)
def test_the_spellings_of_an_arxiv_id(text: str) -> None:
    assert parse_pasted(text) == Named("arxiv", "2510.06638")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("math/0309136", "math/0309136"),
        ("math.AG/0309136v2", "math/0309136"),
        ("https://arxiv.org/abs/hep-th/9711200", "hep-th/9711200"),
        ("0704.0001", "0704.0001"),
    ],
)
def test_older_arxiv_ids(text: str, value: str) -> None:
    assert parse_pasted(text) == Named("arxiv", value)


@pytest.mark.parametrize(
    "text",
    [
        "notes/0309136",  # a path
        "math/0399136",  # there is no such month
        "2513.06638",
        "2510.0663",  # four digits ended with 2014
        "1412.00001",
        "2510.06638.bib",
        "https://arxiv.org/list/cs.CL/recent",
        "https://arxiv.org.example.net/abs/2510.06638",
        "https://example.net/abs/2510.06638",
    ],
)
def test_what_only_looks_like_an_arxiv_id(text: str) -> None:
    assert parse_pasted(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "10.1007/s11263-015-0816-y",
        "doi:10.1007/s11263-015-0816-y",
        "https://doi.org/10.1007/s11263-015-0816-y",
        "http://dx.doi.org/10.1007%2Fs11263-015-0816-y",
        "doi.org/10.1007/s11263-015-0816-y.",
        "https://link.springer.com/article/10.1007/s11263-015-0816-y",
        "https://link.springer.com/article/10.1007/s11263-015-0816-y#Sec3",
        "https://link.springer.com/content/pdf/10.1007/s11263-015-0816-y.pdf",
    ],
)
def test_the_spellings_of_a_doi(text: str) -> None:
    assert parse_pasted(text) == Named("doi", "10.1007/s11263-015-0816-y")


@pytest.mark.parametrize(
    ("address", "doi"),
    [
        ("https://dl.acm.org/doi/pdf/10.1145/3292500.3330701", "10.1145/3292500.3330701"),
        ("https://dl.acm.org/doi/10.1145/3292500.3330701?cid=81", "10.1145/3292500.3330701"),
        ("https://www.nature.com/articles/s41586-021-03819-2", "10.1038/s41586-021-03819-2"),
        ("https://www.nature.com/articles/s41599-020-00591-1", "10.1057/s41599-020-00591-1"),
        ("https://www.nature.com/articles/nature14539.pdf", "10.1038/nature14539"),
        (
            "https://www.biorxiv.org/content/10.1101/2020.01.30.927871v1.full.pdf",
            "10.1101/2020.01.30.927871",
        ),
        ("https://www.biorxiv.org/content/10.1101/456574v2", "10.1101/456574"),
        (
            "https://journals.plos.org/plosone/article?id=10.1371/journal.pone.0000217",
            "10.1371/journal.pone.0000217",
        ),
        (
            "https://iopscience.iop.org/article/10.1088/1361-6471/aa5b3c/meta",
            "10.1088/1361-6471/aa5b3c",
        ),
        (
            "https://journals.aps.org/prl/abstract/10.1103/PhysRevLett.116.061102",
            "10.1103/PhysRevLett.116.061102",
        ),
        (
            "https://onlinelibrary.wiley.com/doi/abs/"
            "10.1002/(SICI)1097-0258(19980815/30)17:15/16%3C1661::AID-SIM968%3E3.0.CO;2-2",
            "10.1002/(SICI)1097-0258(19980815/30)17:15/16<1661::AID-SIM968>3.0.CO;2-2",
        ),
    ],
)
def test_addresses_of_publishers_that_hold_the_doi(address: str, doi: str) -> None:
    assert parse_pasted(address) == Named("doi", doi)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("https://openreview.net/forum?id=rJ4km2R5t7", Named("openreview", "rJ4km2R5t7")),
        ("https://openreview.net/pdf?id=rJ4km2R5t7", Named("openreview", "rJ4km2R5t7")),
        ("https://aclanthology.org/2020.acl-main.1.pdf", Named("acl", "2020.acl-main.1")),
        ("https://aclanthology.org/N19-1423/", Named("acl", "N19-1423")),
        ("https://www.aclweb.org/anthology/N19-1423/", Named("acl", "N19-1423")),
        ("aclanthology.org/N19-1423.bib", Named("acl", "N19-1423")),
        ("https://pubmed.ncbi.nlm.nih.gov/34265844/", Named("pubmed", "34265844")),
        ("https://www.ncbi.nlm.nih.gov/pubmed/34265844", Named("pubmed", "34265844")),
    ],
)
def test_pages_of_papers(text: str, named: Named) -> None:
    assert parse_pasted(text) == named


@pytest.mark.parametrize(
    "text",
    [
        "", "-", "paper.pdf", "10.1145", "N19-1423", "two 10.1000/x", "http://[::1", "https://",
        "https://aclanthology.org/events/acl-2020/", "https://openreview.net/group?id=ICLR.cc",
        "https://www.nature.com/nature/volumes", "https://www.sciencedirect.com/science/article/pii/S0",
        "https://dl.acm.org/citation.cfm?id=3330701", "x" * 5000,
    ],
)  # fmt: skip
def test_what_names_no_work(text: str) -> None:
    assert parse_pasted(text) is None


def test_what_is_a_web_address() -> None:
    assert is_web_address("https://example.org/papers.bib")
    assert not is_web_address("example.org/papers.bib")
    assert not is_web_address("file:///etc/passwd")
    assert not is_web_address("https://example.org/a b")


NAMED = st.one_of(
    st.builds(Named, st.just("arxiv"), st.from_regex(r"\A(1[5-9]|2[0-9])0[1-9]\.[0-9]{5}\Z")),
    st.builds(Named, st.just("doi"), st.from_regex(r"\A10\.[0-9]{4}/[a-z0-9]{1,20}\Z")),
    st.builds(Named, st.just("openreview"), st.from_regex(r"\A[A-Za-z0-9_-]{8,12}\Z")),
    st.builds(Named, st.just("acl"), st.from_regex(r"\A[A-Z][0-9]{2}-[0-9]{4}\Z")),
    st.builds(Named, st.just("pubmed"), st.from_regex(r"\A[1-9][0-9]{3,7}\Z")),
)


@given(NAMED)
def test_a_placeholder_says_what_it_stands_for(named: Named) -> None:
    record = placeholder(named)

    assert named_by_placeholder(record.work.title) == named
    assert named.pair in identifiers(record)


@pytest.mark.parametrize(
    "title",
    ["On Oysters", "arXiv: A History", "doi:none", "arXiv:2510.06638 is here", "acl:", "arXiv"],
)
def test_a_title_that_somebody_gave_is_no_placeholder(title: str) -> None:
    assert not is_placeholder(title)


def test_placeholders_never_join_by_title() -> None:
    assert not can_join(title_key(Named("arxiv", "2510.06638").title))
