"""Texts of a record: laid out anew, and what came kept where more than blanks has changed."""

from __future__ import annotations

import pytest

from papertray.feeds.texts import Dialect, Texts


@pytest.mark.parametrize(
    ("came", "abstract"),
    [
        ("  One\n  two  three.\n", "One two three."),
        ("One.\n\nTwo\nthree.", "One.\nTwo three."),
        ("One.\r\n \t\r\n\r\nTwo\rthree.", "One.\nTwo three."),
        ("One\ttwo\nthree.", "One two three."),
        ("See Fig.~3\nand Fig. 4.", "See Fig.\u00a03 and Fig. 4."),
        ("As  it is.", "As  it is."),
        ("\n \n", ""),
    ],
)
def test_wrapped_lines_are_joined_and_paragraphs_kept(came: str, abstract: str) -> None:
    assert Texts("tex").abstract(came) == abstract


@pytest.mark.parametrize(
    ("dialect", "came", "is_kept"),
    [
        ("tex", "A\n  title", False), ("tex", r"na\"ive", True), ("tex", "A~b", True),
        ("plain", r"na\"ive  x", False), ("plain", "e\u0301", True), ("html", "<i>A</i>", True),
        ("html", "a <EOS>", False),
    ],
)  # fmt: skip
def test_the_original_is_kept_where_it_says_more(
    dialect: Dialect, came: str, is_kept: bool
) -> None:
    for field in ("title", "abstract"):
        texts = Texts(dialect)
        texts.title(came) if field == "title" else texts.abstract(came)
        assert texts.original == ({field: came} if is_kept else {})


@pytest.mark.parametrize("came", ["A\n  title", " A  title ", "A\r\ntitle"])
def test_a_title_is_one_line(came: str) -> None:
    assert Texts("plain").title(came) == "A title"
