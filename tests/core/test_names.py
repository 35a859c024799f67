"""Names as sources write them."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given

from papertray.core.model import Author
from papertray.core.names import OTHERS, parse_author, parse_authors

from strategies import texts


@pytest.mark.parametrize(
    ("text", "author"),
    [
        ("Ashish Vaswani", Author("Vaswani", "Ashish")),
        ("Vaswani, Ashish", Author("Vaswani", "Ashish")),
        ("Laurens van der Maaten", Author("Maaten", "Laurens", "van der")),
        ("van der Maaten, Laurens", Author("Maaten", "Laurens", "van der")),
        ("Luc Van Gool", Author("Gool", "Luc", "Van")),
        ("Guy Van den Broeck", Author("Broeck", "Guy", "Van den")),
        ("Martin Luther King, Jr.", Author("King", "Martin Luther", suffix="Jr.")),
        ("King, Jr., Martin Luther", Author("King", "Martin Luther", suffix="Jr.")),
        ("King, Martin Luther, Jr.", Author("King", "Martin Luther", suffix="Jr.")),
        ("John Smith III", Author("Smith", "John", suffix="III")),
        ("José Ortega y Gasset", Author("Ortega y Gasset", "José")),
        ("García Márquez, Gabriel", Author("García Márquez", "Gabriel")),
        ("Jose\u0301 Garci\u0301a", Author("García", "José")),
        ("danah boyd", Author("boyd", "danah")),
        ("Bin Wang", Author("Wang", "Bin")),
        ("Ming-Wei  Chang ", Author("Chang", "Ming-Wei")),
        ("Weiwei Ai", Author("Ai", "Weiwei")),
        ("王 小明", Author("王", "小明")),
        ("王, 小明", Author("王", "小明")),
        ("王小明", Author(literal="王小明")),
        ("김철수", Author(literal="김철수")),
        ("Plato", Author(literal="Plato")),
        ("OpenAI", Author(literal="OpenAI")),
        ("The ATLAS Collaboration", Author(literal="The ATLAS Collaboration")),
        ("Collaboration, ATLAS", Author(literal="ATLAS Collaboration")),
        ("AT&T Labs, Inc.", Author(literal="AT&T Labs, Inc.")),
        ("Barnes and Noble Research", Author(literal="Barnes and Noble Research")),
        ("Zürich AI Lab", Author(literal="Zürich AI Lab")),
        ("{World Health Organization}", Author(literal="World Health Organization")),
        ("{NumPy}", Author(literal="NumPy")),
        ("et al.", OTHERS),
        ("others", OTHERS),
        ("and others", OTHERS),
        ("", Author()),
    ],
)
def test_parse_author(text: str, author: Author) -> None:
    assert parse_author(text) == author


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        (["Ada Lovelace", "", ":", "Alan Turing", "et al."], ["Lovelace", "Turing", "et al."]),
        (["Ada Lovelace et al."], ["Lovelace", "et al."]),
        ("Ada Lovelace and Alan Turing", ["Lovelace", "Turing"]),
        ("Lovelace, Ada and Turing, Alan and others", ["Lovelace", "Turing", "et al."]),
        ("García Márquez, Gabriel José and Turing, Alan", ["García Márquez", "Turing"]),
        ("Ada Lovelace, Alan Turing, and Grace Hopper", ["Lovelace", "Turing", "Hopper"]),
        ("Ada Lovelace, Alan Turing", ["Lovelace", "Turing"]),
        ("Lovelace, Ada", ["Lovelace"]),
        ("Lovelace, Ada; Turing, Alan", ["Lovelace", "Turing"]),
        ("", []),
    ],
)
def test_parse_authors(names: str | list[str], shown: list[str]) -> None:
    assert [author.short for author in parse_authors(names)] == shown


@given(texts(4))
def test_no_letter_of_a_name_is_lost(text: str) -> None:
    author = parse_author(text)
    if not author.stands_for_others:
        letters = sorted(c for c in unicodedata.normalize("NFC", text) if c.isalnum())
        assert sorted(c for c in author.display if c.isalnum()) == letters
