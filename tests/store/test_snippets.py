"""Snippets: what is shown of a text, cut by characters, and which words in it match."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papertray.core.query import TextField
from papertray.core.query_parser import parse
from papertray.store.snippets import Snippet, snippet


def _marked(found: Snippet | None) -> str:
    """The snippet with brackets around what matches."""
    assert found is not None
    return "".join(f"[{piece}]" if matches else piece for piece, matches in found.pieces())


@pytest.mark.parametrize(
    ("text", "query", "marked"),
    [
        ("Masking the masks", "mask", "[Masking] the [masks]"),
        ("optimization of nets", "optimiz*", "[optimization] of nets"),
        ("learning to learn", "lerning~", "[learning] to learn"),
        ("deep nets, deep learning", '"deep learning"', "deep nets, [deep learning]"),
        ("Müller, Mu\u0308ller and muller", "muller", "[Müller], [Mu\u0308ller] and [muller]"),
        ("深度学习和图像", "学习", "深度[学习]和图像"),
        ("ein 深度learning-Modell", "深度learning", "ein [深度learning]-Modell"),
        ("deep and wide", "deep -wide", "[deep] and wide"),
        ("deep and wide", "title:deep wide", "deep and [wide]"),
        ("GPT-4 in C++", "gpt-4", "[GPT-4] in C++"),
        ("one\nword\n", "word", "one [word]"),
    ],
)
def test_what_matches_is_marked(text: str, query: str, marked: str) -> None:
    assert _marked(snippet(text, parse(query, typing=False), TextField.ABSTRACT)) == marked


def test_a_long_text_is_cut_at_words_where_most_of_the_query_stands() -> None:
    text = "A robot here. " + "Nothing of interest is said. " * 20 + "The robot has a garden. " * 2
    found = snippet(text, parse("robot garden", typing=False), length=40)
    assert found is not None
    assert len(found.text) <= 40
    assert {found.text[a:b] for a, b in found.spans} == {"robot", "garden"}
    whole = {word.strip(".") for word in text.split()}
    assert {word.strip("….") for word in found.text.split()} <= whole


def test_nothing_is_shown_of_a_text_that_does_not_match() -> None:
    assert snippet("deep nets", parse("wide", typing=False)) is None
    assert snippet("deep nets", parse("tag:deep -nets", typing=False)) is None


@given(
    st.text(st.sampled_from("ab \u0301\u200d深学👩ü\n."), max_size=300),
    st.sampled_from(["a", "ab*", "深", "学深", "ü", "b~", '"a b"']),
    st.integers(0, 60),
)
def test_pieces_are_of_the_text_and_never_tear_a_character(
    text: str, query: str, length: int
) -> None:
    found = snippet(text, parse(query, typing=False), length=length)
    if found is None:
        return
    assert len(found.text) <= max(length, 8)
    assert found.spans
    assert all(0 <= a < b <= len(found.text) for a, b in found.spans)
    body = found.text.removesuffix("…").removeprefix("…")
    flat = text.replace("\n", " ")
    assert body in flat
    if found.text.startswith("…") and body and unicodedata.combining(body[0]):
        # Only a run of marks that is longer than the window itself may begin with one.
        assert all(map(unicodedata.combining, body))
