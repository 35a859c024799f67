"""TeX in running text: what is decoded, what stays, and that nothing makes it slow or fail."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from papertray.core.tex import decode_tex

from strategies import texts

NBSP = "\N{NO-BREAK SPACE}"

DECODED = [
    # accents
    (r"na\"ive", "naïve"),
    (r"na\"{\i}ve", "naïve"),
    (r"na\"\i ve", "naïve"),
    (r"na{\"\i}ve", "naïve"),
    (r"\'{e}", "é"),
    (r"\'e", "é"),
    (r"{\"o}", "ö"),
    (r"\c{c}", "ç"),
    (r"\c c", "ç"),
    (r"\v{s}", "š"),
    (r"Ho\v{s}ek and Dvo\v r\'ak", "Hošek and Dvořák"),
    (r"\H{o} \k{a} \u{g} \r{a} \=o \.z \~n \^o \`a", "ő ą ğ å ō ż ñ ô à"),
    (r"\'{\^e} \'\^e", "ế ế"),  # Vietnamese has two
    (r"\t{oo}", "o͡o"),
    (r"\"{q}", "q̈"),  # exists only as two characters, but the braces leave no doubt
    # letters
    (r"Stra\ss e", "Straße"),
    (r"{\L}uk \O{} {\ae} \i", "Łuk Ø æ ı"),
    # escaped characters
    (r"45\% \& \_ \# \$ \{x\}", "45% & _ # $ {x}"),
    (r"\~{} \^{} \textasciitilde{} \textbackslash{}", "~ ^ ~ \\"),
    (r"et al.\ show", "et al. show"),
    (r"5\,GB", f"5{NBSP}GB"),
    # symbols
    (r"rate ({\alpha}), (1-{\alpha})", "rate (α), (1-α)"),
    (r"\alpha particles \leq 5 \LaTeX{} \ldots", "α particles ≤ 5 LaTeX …"),
    # fonts
    (r"certain {\em reconstruction-based} tasks", "certain reconstruction-based tasks"),
    (r"{\bf\em x} {\em{y}} \em{z}", "x y z"),
    (r"\bf Abstract: we", "Abstract: we"),
    (r"(\textsc{Ofa}), \emph{a {b} c}", "(Ofa), a {b} c"),
    (r"\textbf{\textit{x}} \mbox{y} \texttt {z}", "x y z"),
    # ties
    ("models~(LM) for", f"models{NBSP}(LM) for"),
    ("i)~training", f"i){NBSP}training"),
    (r"$x$~and {\em y}~z", f"$x${NBSP}and y{NBSP}z"),
    (r"Section~\alpha", f"Section{NBSP}α"),
    ("Fig.~2, a~3D model, type~2", f"Fig.{NBSP}2, a{NBSP}3D model, type{NBSP}2"),
    # links
    (r"\url{https://a.org/~b}", "https://a.org/~b"),
    (r"https://a.org/\~b\_c\%20", "https://a.org/~b_c%20"),
    (r"(https://a.org/b)~{\em we}", "(https://a.org/b)\u00a0we"),
    (r"(https://a.org/b)~[1]", "(https://a.org/b)\u00a0[1]"),
    (r"https://a.org/~{\em we}", "https://a.org/~we"),
    (
        r"https://a.org/{\textasciitilde}b https://a.org/$\sim$b",
        "https://a.org/~b https://a.org/~b",
    ),
    (r"\href{https://a.org/\~b}{our code}", "our code (https://a.org/~b)"),
    (r"\href{https://a.org}{https://a.org}", "https://a.org"),
    # math
    (r"\(x^2\) holds", "$x^2$ holds"),
    # the form
    ("cafe\u0301", "café"),
]

LEFT_ALONE = [
    r"\sysname. ProSpect",
    r"(\eg ELMER (29.92) vs",
    r"at \faGithub~ https://github.com/x/y",
    r"\mathcal{O}(n) \section*{x} \foo[a]{b}",
    r"Inception, {<m{>}",
    r"mathcal{O}(mathcal{C_{Phi circ Psi}/n})",
    "2^{18} codes",
    "{BERT}: a {} title",
    r"$\alpha~x$ $$\beta$$ $\text{\% \$}$",
    r"\\alpha \\",
    r"A \ B \ ",
    r"say \"quoted\" words",
    "``quoted'' and ''this'' -- or --- that",
    "https://www.robots.ox.ac.uk/~vgg/research",
    "www.robots.ox.ac.uk/~vgg, /home/~me",
    "is ~5% (~6%, ~ 7, 5~10%, 5%~10%",
    "at z~6 (R~1000)",
    "~~struck~~ out",
    r"method~\cite{x}",
    r"our \sysname~is and \cite{x}~is",
    r"{\em never closed",
    r"\textbf{never closed",
    "},}{",
    r"\href{https://a.org}{never closed",
    "costs $5 and ~$10",
    "a\tb\x1b[31m\u202e",
    "",
]


@pytest.mark.parametrize(("text", "expected"), DECODED)
def test_known_tex_becomes_unicode(text: str, expected: str) -> None:
    assert decode_tex(text) == expected


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_everything_else_stays(text: str) -> None:
    assert decode_tex(text) == text


def test_the_argument_of_an_unknown_macro_keeps_its_braces() -> None:
    assert decode_tex(r"\foo{\"o} \foo{a}{\em x} x_{\alpha}") == r"\foo{ö} \foo{a}{x} x_{α}"


def test_an_unknown_macro_never_becomes_another() -> None:
    assert decode_tex(r"{\em \name}s and \name\emph{d}") == r"\name{}s and \name{}d"


_PIECES = [*r"\{}$~^_%&\"'`()[]aeiou z0,.", "\\em", "\\alpha", "https://"]


@given(st.lists(st.sampled_from(_PIECES)).map("".join) | texts())
@example("{" * 30)
@example("\\")
@example("\\c{\\")
def test_any_text_is_decoded_without_failing_and_in_nfc(text: str) -> None:
    decoded = decode_tex(text)
    assert unicodedata.is_normalized("NFC", decoded)
    # Nothing is dropped: the digits are all there (no command decoded here has one in its name).
    digits = [c for c in decoded if c in "0123456789"]
    assert digits == [c for c in text if c in "0123456789"]


_FRAGMENTS = [text for text, _ in DECODED if "back" not in text and r"\~{}" not in text]


@pytest.mark.parametrize("text", [*_FRAGMENTS, *LEFT_ALONE])
def test_decoding_again_changes_nothing(text: str) -> None:
    once = decode_tex(text)
    assert decode_tex(once) == once
