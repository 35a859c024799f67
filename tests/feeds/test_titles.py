"""Titles as bibliographies print them."""

from __future__ import annotations

import pytest

from papertray.feeds.medline import title_of
from papertray.feeds.titles import without_brackets, without_full_stop


@pytest.mark.parametrize(
    ("printed", "title"),
    [
        ("On sets.", "On sets"),
        ("On sets", "On sets"),
        ("What is a set?", "What is a set?"),
        ("PIM Meets Web 2.0.", "PIM Meets Web 2.0"),
        ("Part I.", "Part I"),
        ("And so on...", "And so on..."),
        ("And so on…", "And so on…"),
        ("A reply to Smith et al.", "A reply to Smith et al."),
        ("Trade in the U.S.", "Trade in the U.S."),
        (".", "."),
        ("", ""),
    ],
)
def test_a_printed_full_stop_is_no_part_of_a_title(printed: str, title: str) -> None:
    assert without_full_stop(printed) == title


@pytest.mark.parametrize(
    ("printed", "title"),
    [
        ("[On sets]", "On sets"),
        ("[On [all] sets]", "On [all] sets"),
        ("[1] and [2]", "[1] and [2]"),
        ("[MASK] is all", "[MASK] is all"),
        ("[]", "[]"),
    ],
)
def test_brackets_around_all_of_a_title_are_no_part_of_it(printed: str, title: str) -> None:
    assert without_brackets(printed) == title


@pytest.mark.parametrize(
    ("printed", "title"),
    [
        ("[Parasitic copepods of fish].", "Parasitic copepods of fish"),
        ("[Parasitic copepods of fish.]", "Parasitic copepods of fish"),
        ("[Not Available].", ""),
        ("[In Process Citation]", ""),
    ],
)
def test_pubmed_prints_both(printed: str, title: str) -> None:
    assert title_of(printed) == title
