"""Markup in titles and abstracts: what is decoded, and what is no markup."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papertray.core.markup import decode_markup


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("On <i>Drosophila</i> and <b>More</b>", "On Drosophila and More"),
        ('The <span class="nocase">iPhone</span> Effect', "The iPhone Effect"),
        ('Small <span style="font-variant:small-caps;">Caps</span>', "Small Caps"),
        ("H<sub>2</sub>O, 10<sup>6</sup> and x<sup>n</sup>", "H₂O, 10⁶ and xn"),
        ("Smith &amp; Sons &lt; 5 &#233;&#xe9;", "Smith & Sons < 5 éé"),
        ("<jats:p>First.</jats:p><jats:p>Second\n   line.</jats:p>", "First.\nSecond line."),
        ("<jats:title>Abstract</jats:title><jats:p>Text</jats:p>", "Text"),
        ("<p>One<br/>two</p>", "One\ntwo"),
        ("<jats:sec><jats:title>Aims</jats:title><jats:p>T</jats:p></jats:sec>", "Aims\nT"),
        ("<mml:math><mml:mi>x</mml:mi></mml:math> grows", "x grows"),
        ("<scp>DNA</scp> repair", "DNA repair"),
        ("cafe\u0301", "café"),
    ],
)
def test_known_markup_is_decoded(text: str, plain: str) -> None:
    assert decode_markup(text) == plain


@pytest.mark.parametrize(
    "text",
    [
        "a <EOS> token", "<SEG> and {<m{>}", "x < y > z", "AT&T and R&D", "&unknown words",
        "$a<b$ and $c>d$", "if p<i and i>q", "Two  spaces\nand a line", "<indeed>", "",
    ],
)  # fmt: skip
def test_everything_else_stays(text: str) -> None:
    assert decode_markup(text) == text


@given(st.text(st.sampled_from("<>/ispan&;#x1 p\n"), max_size=60))
def test_it_never_raises_and_keeps_every_word_outside_brackets(text: str) -> None:
    decode_markup(text)
    assert decode_markup("word " + text).startswith("word")
