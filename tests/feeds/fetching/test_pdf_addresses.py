"""Where the PDF of a work may be, and whether what came is one."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from papertray.core.model import Work
from papertray.feeds.fetching.pdf_addresses import PdfServices, pdf_addresses
from papertray.feeds.fetching.pdf_content import Content, is_pdf, is_whole

from made_up_pdfs import small_pdf

SERVICES = PdfServices("https://arxiv.org", "https://aclanthology.org", "https://openreview.net")


def addresses(*identifiers: tuple[str, str], **fields: str) -> list[str]:
    """Return the addresses of a work with these fields and identifiers."""
    return list(pdf_addresses(Work("Any", **fields), identifiers, SERVICES))  # type: ignore[arg-type]


def test_the_services_come_before_what_a_record_says() -> None:
    assert addresses(
        ("acl", "2023.acl-long.1"), ("openreview", "aBc_12-x"),
        arxiv_id="2401.00001", pdf_url="https://example.org/a.pdf",
    ) == [
        "https://arxiv.org/pdf/2401.00001",
        "https://aclanthology.org/2023.acl-long.1.pdf",
        "https://openreview.net/pdf?id=aBc_12-x",
        "https://example.org/a.pdf",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "address"),
    [
        ({"arxiv_id": "math/0309136"}, "https://arxiv.org/pdf/math/0309136"),
        ({"url": "http://arxiv.org/abs/2401.00001v2"}, "https://arxiv.org/pdf/2401.00001"),
        ({"pdf_url": "https://arxiv.org/pdf/2401.00001v1"}, "https://arxiv.org/pdf/2401.00001"),
        ({"doi": "10.18653/v1/2023.acl-long.1"}, "https://aclanthology.org/2023.acl-long.1.pdf"),
        ({"doi": "10.18653/v1/p19-1001"}, "https://aclanthology.org/P19-1001.pdf"),
        ({"doi": "10.3115/v1/P14-1002"}, "https://aclanthology.org/P14-1002.pdf"),
        ({"url": "https://aclanthology.org/P19-1001/"}, "https://aclanthology.org/P19-1001.pdf"),
        (
            {"pdf_url": "https://www.aclweb.org/anthology/P19-1001.pdf"},
            "https://aclanthology.org/P19-1001.pdf",
        ),
        (
            {"url": "https://openreview.net/forum?noteId=z&id=aBc_12"},
            "https://openreview.net/pdf?id=aBc_12",
        ),
        (
            {"pdf_url": "https://openreview.net/pdf?id=aBc_12"},
            "https://openreview.net/pdf?id=aBc_12",
        ),
        ({"pdf_url": "https://openreview.net/attachment?id=x&name=supplement"}, None),
    ],
)
def test_each_spelling_is_asked_of_its_service_once(
    fields: dict[str, str], address: str | None
) -> None:
    assert addresses(**fields) == [address or fields["pdf_url"]]


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"pdf_url": "file:///etc/passwd"},
        {"pdf_url": "ftp://example.org/a.pdf"},
        {"pdf_url": "papers/a.pdf"},
        {"url": "https://example.org/paper"},
        {"arxiv_id": "../../admin"},
        {"doi": "10.18653/v1/../../admin"},
        {"doi": "10.1000/182"},
    ],
)
def test_what_names_no_pdf_gives_no_address(fields: dict[str, str]) -> None:
    assert addresses(**fields) == []


def test_identifiers_that_are_none_are_not_asked() -> None:
    assert addresses(("acl", "../admin"), ("openreview", "a&b=c")) == []


PDF = small_pdf("Any")


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (PDF, True),
        (b"\xef\xbb\xbf\n\n" + PDF, True),
        (b"x" * 1019 + b"%PDF-1.4", True),
        (b"x" * 1020 + b"%PDF-1.4", False),
        (b"<!doctype html><title>How %PDF-1.4 begins</title>", False),
        (b"", False),
        (b"%!PS-Adobe-3.0", False),
    ],
)
def test_a_pdf_is_known_by_its_first_bytes(head: bytes, expected: bool) -> None:
    assert is_pdf(head) is expected


@pytest.mark.parametrize(
    ("tail", "headers", "expected"),
    [
        (PDF, {}, True),
        (PDF[:-20], {}, False),
        (PDF[:-20], {"content-length": "1000"}, True),
        (PDF[:-20], {"content-length": "1001"}, False),
        # What was packed is as long as it was said by accident only.
        (PDF[:-20], {"content-length": "1000", "content-encoding": "gzip"}, False),
    ],
)
def test_a_pdf_is_whole_by_its_end_or_its_length(
    tail: bytes, headers: Mapping[str, str], expected: bool
) -> None:
    assert is_whole(Content(PDF, tail[-100:], 1000), headers) is expected
