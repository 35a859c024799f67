"""Formulas as Unicode: all of one or nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papertray.core.clean import clean
from papertray.tui.tex_shown import shown_tex


@pytest.mark.parametrize(
    ("tex", "shown"),
    [
        (r"$\alpha_i$", "αᵢ"),
        (r"$10^{-3}$", "10⁻³"),
        (r"$\mathbb{R}^n$", "ℝⁿ"),
        (r"$\mathcal{O}(n^2)$", "𝒪(n²)"),
        (r"$n \times m$", "n × m"),
        (r"$a\leq b$", "a ≤ b"),
        (r"$\epsilon$-greedy", "ε-greedy"),
        (r"$90\%$ and $k$", "90% and k"),
        (r"$O(n\log n)$", "O(n log n)"),
        (r"$\log\log n$", "log log n"),
        (r"$\hat{x}_t$", "x̂ₜ"),
        (r"$\sqrt{d_k}$", "√dₖ"),
        (r"$\frac{1}{2}$", "½"),
        (r"$f'(x)$", "f′(x)"),
        (r"$90^\circ$", "90°"),
        (r"$\mathbf{x}\boldsymbol{\theta}\mathfrak{C}$", "𝐱𝜽ℭ"),
        (r"$\left(a,\, b\right]$", "(a, b]"),
        (r"$\{x_i\}_{i=1}^n$", "{xᵢ}ᵢ₌₁ⁿ"),
        (r"$p_\text{min}$", "pₘᵢₙ"),
        (r"$\textbf{Thinker}$", "Thinker"),
        (r"$$x^2$$ is long", "x² is long"),
        (r"($\beta_1$, $\beta_2$)", "(β₁, β₂)"),
        (r"$x^2_i - \lambda$", "x²ᵢ − λ"),
        (r"${10}^{-3} \mathbf{x}_i$", "10⁻³ 𝐱ᵢ"),
        (r"$\sqrt{x} + y$", "√x + y"),
    ],
)
def test_what_is_exact_is_shown(tex: str, shown: str) -> None:
    assert shown_tex(tex) == shown


@pytest.mark.parametrize(
    "text",
    [
        r"$x_{i,j}$",  # no comma stands below the line
        r"$x^{q}$",
        r"$p_{\theta}$",
        r"$x^*$",
        r"$\sqrt{n+1}$",  # how far the root reaches would be lost
        r"$\frac{a}{b}$",
        r"${ab}^2$",  # it is not the b alone that is squared
        r"$\mathbf{AB}^2$",
        r"$\sqrt{x}^2$",  # nor x alone
        r"$\sqrt{x}y$",
        r"$\alpha \unknown{x}$",
        r"$\begin{pmatrix} a & b \end{pmatrix}$",
        r"$\hat{xy}$",
        r"$\mathcal{+}$",
        "$a}$", "${a$", "$^$", "$x_$", "$_$", "$\\$", r"$\frac{1}$", r"$\mathbb$",
        "$" + "{" * 50 + "a" + "}" * 50 + "$",
        "$" + "x" * 400 + "$",
    ],
)  # fmt: skip
def test_what_is_not_stays_as_it_stands(text: str) -> None:
    assert shown_tex(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "from $5 to $10",
        "$5-$10",
        "US$5 or 3 US$",
        "costs $5 (US$) or",
        "a $ b $ c",
        "$5 and 7$ ",
        "$PATH/$HOME",
        "$HOME:$PATH",
    ],
)
def test_money_is_no_formula(text: str) -> None:
    assert shown_tex(text) == text


@given(st.lists(st.sampled_from(
    [*"$$${}^_\\ ab1+-'()[]", r"\alpha", r"\frac", r"\mathbb", r"\left", r"\text", "\x1b", "深"]
), max_size=30).map("".join).map(clean))  # fmt: skip
def test_any_text_is_shown_harmless_and_twice_the_same(text: str) -> None:
    shown = shown_tex(text)
    assert clean(shown) == shown
    assert shown_tex(text) == shown


def test_a_text_full_of_dollars_takes_no_time_to_speak_of() -> None:
    text = "$a " * 20_000
    assert shown_tex(text) == text
