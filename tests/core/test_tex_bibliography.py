"""TeX in bibliographies: what its braces, dashes and formulas mean, and that nothing vanishes."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from papertray.core.tex_bibliography import decode_bibliography

from strategies import texts

NBSP = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # a letter macro behind the accent that it belongs to
        (r"Ji{\v{r}}{\'{}\i}", "Jiří"),
        # braces that only keep capitals
        ("{GPT-4} and {{BERT}}: {T}est {}", "GPT-4 and BERT: Test "),
        (r"{\L}uk {{\L}ukBERT} {\'{\i}} {\v S} {\~ Z}", "Łuk ŁukBERT í Š Z̃"),
        (r"\{x\} \{\vphantom{\}} \vphantom{\{}\}", "{x} { }"),
        (r"bug\_{{Reports}}", "bug_Reports"),
        # typography
        ("a -- b---c -{}- ---- 1--2", "a – b—c -- ---- 1–2"),
        ("``{NASA}'' 5'' it's ?{}`", "“NASA” 5'' it's ?`"),
        (r"\enquote{a {B}} \mkbibquote{c} \emph{d}", "“a B” “c” d"),
        ("Phys.~Rev. 5~{nm} ~5% (~6", f"Phys.{NBSP}Rev. 5{NBSP}nm ~5% (~6"),
        (r"a\quad b\;c\\ d\ e", "a b c  d e"),
        (r"one \par two", "one \n\ntwo"),
        # formulas that are a character, and those that are none
        (r"{$\alpha$}, 5\,$\mu$m, $\pm$1 {$<$}SEG{$>$} $-$5", f"α, 5{NBSP}μm, ±1 <SEG> −5"),
        (r"Cu$_{2}$O mm$^2$ DNA$_{\textrm{2}}$ H\textsubscript{2}O {\textsuperscript{th}}",
         "Cu₂O mm² DNA₂ H₂O th"),
        (r"\ensuremath{\beta} \ensuremath{x^n}", "β $x^n$"),
        (r"{\ensuremath{\lbrace}}a{\ensuremath{\mbox{\textasciitilde}}} {$''$}", "{a~ ″"),
        (r"{$O(n^{2})$} $\mathrm{a_{b}}$ $k$", r"$O(n^{2})$ $\mathrm{a_{b}}$ $k$"),
        (r"{\$}k{\$}NN costs \$5", "$k$NN costs $5"),
        # what programs leave behind
        (r"&amp; {\&}amp; \&amp; \& R\&D &nosuch;", "& & & & R&D &nosuch;"),
        (r"\&{}amp;", "&amp;"),
        ("<i>E. coli</i> H<sub>2</sub>O <SEG> <i>", "<i>E. coli</i> H₂O <SEG> <i>"),
        (r"{\textless}i{\textgreater}E. coli{\textless}/i{\textgreater}", "E. coli"),
        (r"{\noopsort{1973b}}1973", "1973"),
        # unknown macros stay, with their arguments, and a bare % is a per cent sign
        (r"\sysname{} {\sysname}s \foo{\bar{x}}", r"\sysname{} \sysname{}s \foo{\bar{x}}"),
        ("about 50% of it {never closed", "about 50% of it {never closed"),
        ("", ""),
    ],
)  # fmt: skip
def test_a_field_becomes_canonical_text(text: str, expected: str) -> None:
    assert decode_bibliography(text) == expected


_PIECES = [*r"\{}$~^_%&\"'`()[]<>-aou z0,.;", "\\em", "\\enquote", "\\ensuremath", "\\alpha", "<i>",
           "</i>", "&amp;", "\\textsuperscript", "\\phantom", "\\par", "https://"]  # fmt: skip


@given(st.lists(st.sampled_from(_PIECES)).map("".join) | texts())
@example("{" * 3000 + "}" * 3000)
@example("\\enquote{" * 500)
@example("\\")
def test_any_text_is_decoded_without_failing_and_in_nfc(text: str) -> None:
    assert unicodedata.is_normalized("NFC", decode_bibliography(text))


@given(st.text("abc xyz.,:()!?*+/|#%^_\u00e9\u4e2d", max_size=60))
def test_plain_text_is_not_touched(text: str) -> None:
    assert decode_bibliography(text) == text
