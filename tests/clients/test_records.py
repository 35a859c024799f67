"""What the text of each paper has and lacks, in every format, and what it is called."""

from __future__ import annotations

import re

import pytest

from .cases import CASES, Case, Expected, written


def complaints(text: str, expected: Expected) -> list[str]:
    """Return a line for each thing that `text`, one paper's, should have or lack, and does not."""
    found = [f"lacks {piece!r}" for piece in expected.has if piece not in text]
    found += [f"has {piece!r}" for piece in expected.lacks if piece in text]
    kind = text.partition("{")[0].strip()
    if expected.type and kind != f"@{expected.type}":
        found.append(f"is {kind}, not @{expected.type}")
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.entry.citekey)
def test_every_format_has_what_it_must(case: Case) -> None:
    for notes, must in ((False, case.must), (True, case.noted)):
        for name, expected in must.items():
            text = written(name, [case.entry], notes=notes or name not in _WITHOUT_NOTES)
            assert complaints(text, expected) == [], (name, case.why, text)
    if case.ascii:
        text = written("bibtex", [case.entry])
        assert [character for character in text if not character.isascii()] == []


_WITHOUT_NOTES = ("bibtex", "biblatex")
"""Formats whose notes have expectations of their own."""


def test_papers_are_called_what_they_must() -> None:
    for case in CASES:
        if case.key:
            assert case.entry.citekey == case.key
        if case.key_like:
            assert re.fullmatch(case.key_like, case.entry.citekey), case.entry.citekey
    assert len({case.entry.citekey.casefold() for case in CASES}) == len(CASES)


@pytest.mark.parametrize("name", ["bibtex", "biblatex", "csl-json", "ris", "csv"])
def test_leaving_one_out_touches_no_other(name: str) -> None:
    entries = [case.entry for case in CASES]
    whole = written(name, entries).split("\n")
    assert written(name, reversed(entries)).split("\n") == whole
    rest = written(name, [*entries[:40], *entries[41:]]).split("\n")
    alone = set(written(name, [entries[40]]).split("\n"))
    gone = [line for line in whole if line not in set(rest)]
    assert all(line.rstrip(",") in {other.rstrip(",") for other in alone} for line in gone)
