"""What is math, what is money, and what of a text may stand in a file."""

from __future__ import annotations

import pytest
from hypothesis import given

from papertray.core.segments import Segment, many_lines, one_line, segments

from strategies import texts, visible_line


@pytest.mark.parametrize(
    ("text", "formulas"),
    [
        ("$k$NN-LM and $O(n \\log n)$ Attention", ["k", "O(n \\log n)"]),
        ("Bounds for $L_2$ and $\\ell_\\infty$ Balls", ["L_2", "\\ell_\\infty"]),
        ("It costs $5, has $\\mathcal{O}(n^2)$ cost", ["\\mathcal{O}(n^2)"]),
        ("$a + b$ stays", ["a + b"]),
        ("$\\alpha$s", ["\\alpha"]),
        ("$a\\$b$", ["a\\$b"]),
        ("Saving $5 and $10 per Day", []),
        ("Set $PATH/$HOME before Use", []),
        ("from US$5-$10", []),
        ("Cash ($) and more ($) again", []),
        ("a $word$s", []),
        ("open $x{$ brace", []),
        ("$\\\\{x}$", []),
        ("$ x$ and $x $", []),
        ("\\$x$", []),
        ("$", []),
        ("", []),
    ],
)
def test_what_is_math(text: str, formulas: list[str]) -> None:
    assert [s.text for s in segments(text) if s.is_math] == formulas


def test_pieces_keep_their_order() -> None:
    assert segments("a $x$ b") == [Segment("a "), Segment("x", is_math=True), Segment(" b")]


@given(texts())
def test_pieces_joined_are_the_text(text: str) -> None:
    pieces = segments(text)
    assert "".join(f"${s.text}$" if s.is_math else s.text for s in pieces) == text
    assert all(s.text for s in pieces)


@pytest.mark.parametrize(
    "text", ["$a " * 20_000, "$" * 20_000, "\\" * 20_000 + "$", "$" + "{" * 9999]
)
def test_endless_dollars_end(text: str) -> None:
    assert sum(len(s.text) + 2 * s.is_math for s in segments(text)) == len(text)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("  two\n lines\t here ", "two lines here"),
        ("\x1b[31mred\x07", "[31mred"),
        ("ab\u202ecd\u2066", "abcd"),
        ("lone \ud800", "lone \ufffd"),
        ("no\u00a0break \u00a0", "no\u00a0break"),
        ("wide\u3000space", "wide space"),
        ("👩\u200d🔬", "👩\u200d🔬"),
        ("a \x07 b", "a b"),
    ],
)
def test_one_line(text: str, line: str) -> None:
    assert one_line(text) == line


@given(texts())
def test_one_line_is_fit_for_a_file(text: str) -> None:
    assert one_line(text) == visible_line(text)
    one_line(text).encode()


def test_many_lines_keeps_lines_and_drops_controls() -> None:
    assert many_lines("a\r\nb\rc\x1b[0m\u202e\n\td") == "a\nb\nc[0m\n\td"
