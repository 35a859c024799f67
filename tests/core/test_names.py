"""Names as sources write them."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papertray.core.model import Author
from papertray.core.names import (
    OTHERS,
    names_end_in_initials,
    parse_author,
    parse_authors,
    parse_surname_first,
    plain_author,
)

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
        ("SMITH, J. A.", Author("SMITH", "J. A.")),
        ("Baldwin,S.A.", Author("Baldwin", "S.A.")),
        ("de la Cruz Jr, J", Author("Cruz", "J", "de la", "Jr")),
        ("World Health Organization,", Author(literal="World Health Organization")),
        ("Médecins Sans Frontières,", Author(literal="Médecins Sans Frontières")),
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
        ("Lovelace, A., Turing, A. M.", ["Lovelace", "Turing"]),
        ("Lovelace, A., Turing, A. M., & Hopper, G.", ["Lovelace", "Turing", "Hopper"]),
        ("Lovelace, A., Turing, A. M., and Hopper, G.", ["Lovelace", "Turing", "Hopper"]),
        ("Lovelace, A., Turing, A. M., et al.", ["Lovelace", "Turing", "et al."]),
        ("de Vries, A. B., van Gogh, C. D.", ["de Vries", "van Gogh"]),
        ("Lovelace, A. & Turing, A. M.", ["Lovelace", "Turing"]),
        ("A. Lovelace & A. M. Turing", ["Lovelace", "Turing"]),
        ("Johnson & Johnson", ["Johnson & Johnson"]),
        ("Lovelace, Ada, Turing, Alan", ["Lovelace, Ada, Turing, Alan"]),
        (["Lee, A", "Kim, B", "Lee, A", "Kim, B"], ["Lee", "Kim"]),
        (["Lee, A", "Kim, B", "Lee, A"], ["Lee", "Kim", "Lee"]),
        (["Wang, Y", "Wang, Y"], ["Wang", "Wang"]),
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


@pytest.mark.parametrize(
    ("text", "author"),
    [
        ("Smith JA", Author("Smith", "JA")),
        ("Smith J A", Author("Smith", "J A")),
        ("Smith J.A.", Author("Smith", "J.A.")),
        ("Kim Y.-H.", Author("Kim", "Y.-H.")),
        ("van der Maaten L", Author("Maaten", "L", "van der")),
        ("VAN DER BERG A", Author("BERG", "A", "VAN DER")),
        ("García Márquez G", Author("García Márquez", "G")),
        ("LI X", Author("LI", "X")),
        ("Smith JA Jr", Author("Smith", "JA", suffix="Jr")),
        ("Smith Jr JA", Author("Smith", "JA", suffix="Jr")),
        ("Smith JA 3rd", Author("Smith", "JA", suffix="3rd")),
        ("E J Reimer", Author("Reimer", "E J")),
        ("Smith, John", Author("Smith", "John")),
        ("ATLAS Collaboration", Author(literal="ATLAS Collaboration")),
        ("Plato", Author(literal="Plato")),
        ("et al", OTHERS),
        ("", Author()),
    ],
)
def test_parse_surname_first(text: str, author: Author) -> None:
    assert parse_surname_first(text) == author


@pytest.mark.parametrize(
    ("names", "do"),
    [
        ("Liu R., Adler D.G.", True),
        ("Smith JA, Doe B, et al.", True),
        ("Liu R.", True),
        ("Malcolm X", False),
        ("E J Reimer; G S Dunn", False),
        ("Ada Lovelace, Alan Turing", False),
        ("Smith, J.; Doe, A.", False),
        ("J. Smith, A. Doe", False),
        ("", False),
    ],
)
def test_whether_names_end_in_initials(names: str, do: bool) -> None:
    assert names_end_in_initials(names) is do


@given(texts(4))
def test_no_letter_is_lost_where_the_surname_is_first(text: str) -> None:
    author = parse_surname_first(text)
    if not author.stands_for_others:
        letters = sorted(c for c in unicodedata.normalize("NFC", text) if c.isalnum())
        assert sorted(c for c in author.display if c.isalnum()) == letters


@given(texts(8))
def test_no_word_of_a_list_in_one_string_is_lost(text: str) -> None:
    """What counts are words: `and` between names, and a list told twice, are told once."""
    shown = {word for author in parse_authors(text) for word in _words(author.display)}
    assert _words(text) - {"and", "et", "al", "others"} <= shown | {""}


def _words(text: str) -> set[str]:
    text = unicodedata.normalize("NFC", text)
    return {"".join(filter(str.isalnum, word)) for word in re.split(r"[\s,;&]", text)} - {""}


NAME_WORDS = st.sampled_from(
    """Grace M. Li Wu Van De Ter Team Group Inc. Inc Lab Labs. Task Force AI Others Al Et And I Ii
    III Jr Jr. IV Von de van J.-P. Jean-Pierre Ünal Collaboration Working Research Jean-Team Van-Der
    Müller O'Brien y E Universität Community 5th""".split()
)


@given(st.lists(NAME_WORDS, min_size=1, max_size=5).map(" ".join))
def test_the_look_at_plain_names_tells_what_the_rules_would(name: str) -> None:
    """A blank at the end is no part of a name, but keeps that look from being taken."""
    plain = plain_author(name)
    assert plain is None or plain == parse_author(f"{name} ")
    assert plain is None or (plain,) == parse_authors([f"{name} "])


@pytest.mark.parametrize("name", ["Grace M. Hopper", "Jean-Pierre Serre", "Wei Li", "Ada Öztürk"])
def test_most_names_are_plain(name: str) -> None:
    assert plain_author(name) is not None
