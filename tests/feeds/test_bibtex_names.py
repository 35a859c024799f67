"""Name lists by BibTeX's rules."""

from __future__ import annotations

import pytest

from papertray.core.model import Author
from papertray.feeds.bibtex_names import names

OTHERS = Author(literal="et al.")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("van der Maaten, Laurens", Author("Maaten", "Laurens", "van der")),
        ("Ludwig van Beethoven", Author("Beethoven", "Ludwig", "van")),
        ("King, Jr., Martin Luther", Author("King", "Martin Luther", suffix="Jr.")),
        ("Sherry, John F., Jr.", Author("Sherry", "John F.", suffix="Jr.")),
        ("de Last, Jr., First Middle", Author("Last", "First Middle", "de", "Jr.")),
        (r"Charles de la Vall{\'e}e Poussin", Author("Vallée Poussin", "Charles", "de la")),
        ("Charles de la Vallee Poussin", Author("Vallee Poussin", "Charles", "de la")),
        ("Jean de La Fontaine", Author("La Fontaine", "Jean", "de")),
        ("dello Russo, Ada", Author("Russo", "Ada", "dello")),
        ("Aalst, W.M.P. van der", Author("Aalst", "W.M.P.", "van der")),
        (r"d' Almeida, Lu{\'i}s", Author("Almeida", "Luís", "d'")),
        ("{John Henry} Ford", Author("Ford", "John Henry")),
        ("J. K. {Salisbury, Jr.}", Author("Salisbury", "J. K.", suffix="Jr.")),
        ("Edwin V. {Bell, II}", Author("Bell", "Edwin V.", suffix="II")),
        ("title=Mrs, given=Henry, family=Wood", Author("Wood", "Henry")),
        (r"Ji{\v{r}}{\'{}\i} Vesel{\'y}", Author("Veselý", "Jiří")),
        ("Ian {Iliad Ipswich}", Author("Iliad Ipswich", "Ian")),
        ("{boyd}, danah", Author("boyd", "danah")),
        ("danah boyd", Author("boyd", "danah")),
        (r"{\'E}variste Galois", Author("Galois", "Évariste")),
        (r"{\v S}omeone {\v S}mith", Author("Šmith", "Šomeone")),
        (r"Roger P.{\,}G. van Gompel", Author("Gompel", "Roger P. G.", "van")),
        ("E. S. El-{M}allah", Author("El-Mallah", "E. S.")),
        ("Aristotle", Author(literal="Aristotle")),
        ("{OpenAI}", Author(literal="OpenAI")),
        (r"{AT}{\&}{T Labs, Inc.}", Author(literal="AT&T Labs, Inc.")),
        ("{Barnes and Noble, Inc.}", Author(literal="Barnes and Noble, Inc.")),
        ("The ATLAS Collaboration", Author(literal="The ATLAS Collaboration")),
        ("family=Maaten, given=Laurens, prefix=van der, useprefix=true",
         Author("Maaten", "Laurens", "van der")),
        ("given={Hans}, family={Harman}, given-i={H}, suffix=Jr",
         Author("Harman", "Hans", suffix="Jr")),
    ],
)  # fmt: skip
def test_one_name(value: str, expected: Author) -> None:
    assert names(value) == (expected,)


@pytest.mark.parametrize(
    ("value", "families"),
    [
        ("A. One and B. Two\n   and   C. Three", ["One", "Two", "Three"]),
        ("A. One AND B. Two", ["One", "Two"]),
        ("One, A.; Two, B.", ["One", "Two"]),
        ("Ada One, Bo Two, Cy Three, Di Four", ["One", "Two", "Three", "Four"]),
        ("{Sand and Salt} and One, A.", ["", "One"]),
        ("Sandy Band and Andy Land", ["Band", "Land"]),
        ("and", []),
        ("", []),
        ("{} and ,", []),
    ],
)
def test_lists(value: str, families: list[str]) -> None:
    assert [author.family for author in names(value) if author != Author(literal="and")] == families


@pytest.mark.parametrize("value", ["One, A. and others", "One, A. et al.", "One, A., et al."])
def test_others_come_last(value: str) -> None:
    assert names(value) == (Author("One", "A."), OTHERS)
