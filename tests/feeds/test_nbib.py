"""MEDLINE's tagged text: where records end, and what their lines say."""

from __future__ import annotations

import io

import pytest

from papertray.core.model import Author, Record, Unread
from papertray.feeds import nbib


def _read(text: str) -> list[Record | Unread]:
    return list(nbib.read(io.BytesIO(text.encode())))


def _record(lines: str) -> Record:
    (record,) = _read(f"PMID- 1\nTI  - T\n{lines}")
    assert isinstance(record, Record)
    return record


@pytest.mark.parametrize(
    "text",
    [
        "PMID- 1\nTI  - One\n\nPMID- 2\nTI  - Two\n",
        "PMID- 1\nTI  - One\nPMID- 2\nTI  - Two",
        "\r\nPMID- 1\r\nTI  - One\r\n\r\n\r\nPMID- 2\r\nTI  - Two\r\n",
        "TI  - One\nAU  - A\n\nTI  - Two\nAU  - B\n",
        "TI  - One\nTI  - Two\n",
        "OWN - ERIC\nTI  - One\n\nOWN - ERIC\nTI  - Two\n",
        "PMID- 1\n\nTI  - One\n\nPMID- 2\n\nTI  - Two\n",
        "\ufeffPMID- 1\nTI  - One\n\nPMID- 2\nTI  - Two\n",
    ],
)
def test_records_begin_where_they_do(text: str) -> None:
    titles = [item.work.title for item in _read(text) if isinstance(item, Record)]
    assert titles == ["One", "Two"]


def test_a_value_goes_on_in_lines_that_are_indented_or_have_no_tag() -> None:
    record = _record("AB  - One\n      two - three\nfour\nPG  - 1-2\n")
    assert record.work.abstract == "One two - three four"


def test_authors_are_told_once_with_what_is_said_of_each() -> None:
    record = _record(
        "FAU - van der Berg, Anna K\nAU  - van der Berg AK\nAD  - Utrecht\n"
        "FAU - King, Martin L Jr\nAU  - King ML Jr\nAU  - Dupont PQ\nAU  - et al.\nCN  - Group X\n"
    )
    assert record.work.authors == (
        Author("Berg", "Anna K", "van der"),
        Author("King", "Martin L", suffix="Jr"),
        Author("Dupont", "PQ"),
        Author(literal="Group X"),
        Author(literal="et al."),
    )
    assert record.extra["nbib"] == {"authors": [{"name": "Anna K van der Berg", "AD": ["Utrecht"]}]}


@pytest.mark.parametrize(
    ("line", "doi"),
    [
        ("LID - 10.1234/x [doi]", "10.1234/x"),
        ("AID - 10.1234/x [doi]", "10.1234/x"),
        ("AID - http://dx.doi.org/10.1234/x", "10.1234/x"),
        ("AID - S123 [pii]", ""),
    ],
)
def test_dois(line: str, doi: str) -> None:
    assert _record(line).work.doi == doi


def test_other_identifiers() -> None:
    record = _record("IS  - 1234-5679 (Print)\nIS  - 1234-5679 (Linking)\nPMC - PMC12\n")
    assert record.identifiers == (("pubmed", "1"), ("pmc", "PMC12"), ("issn", "1234-5679"))


def test_what_is_no_record_is_said_with_its_line() -> None:
    found = _read("just\nwords\n\nPMID- 1\nTI  - One\n")
    assert isinstance(found[0], Unread)
    assert found[0].place == "line 1"
    assert isinstance(found[1], Record)


def test_a_record_without_an_end_is_not_kept() -> None:
    text = "PMID- 1\nTI  - One\n" + f"MH  - {'word ' * 20_000}\n" * 60 + "PMID- 2\nTI  - Two\n"
    found = _read(text)
    assert [getattr(item, "reason", "") for item in found] == ["it is too long", ""]


@pytest.mark.parametrize(
    ("head", "name", "is_nbib"),
    [
        ("PMID- 1\nOWN - NLM\n", "", True),
        ("\n\nOWN - ERIC\nTI  - T\n", "", True),
        ("TI  - T\nFAU - A, B\nJT  - J\n", "", True),
        ("TI  - T\nJT  - J\n", "x.nbib", True),
        ("TI  - T\nJT  - J\n", "x.txt", False),
        ("TY  - JOUR\nJT  - J\nAID - 1\nER  - \n", "", False),
        ("words\nPMID- 1\n", "", False),
    ],
)
def test_recognising(head: str, name: str, is_nbib: bool) -> None:
    assert nbib.recognise(head.encode(), name) is is_nbib
