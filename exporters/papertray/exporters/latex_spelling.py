"""How LaTeX spells characters: for BibTeX in ASCII, for BibLaTeX as they are where it can.

Tables for `str.translate`, which look a character up once and remember. What has no spelling that
all readers keep (Chinese, emoji, stacked accents) stays as it is, and needs LuaLaTeX or XeLaTeX.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass

BALANCED_OPEN, BALANCED_CLOSE, LONE_OPEN, LONE_CLOSE, BREAK = "\x01\x02\x03\x04\x05"
"""Marks for what depends on neighbours: braces, and places where a ligature is to be broken."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Spelling:
    """How one dialect spells characters: in running `text`, and in `names`.

    Styles make labels by cutting names after some characters, and BibTeX cuts ``A\\&B`` behind the
    backslash. Only what looks like ``{\\&}`` is one character to it, so names have a table of their
    own.
    """

    text: Mapping[int, str]
    names: Mapping[int, str]


_SYMBOL_LIST = r"""
    α \alpha; β \beta; γ \gamma; δ \delta; ε \varepsilon; ϵ \epsilon; ζ \zeta; η \eta;
    θ \theta; ϑ \vartheta; ι \iota; κ \kappa; λ \lambda; μ \mu; µ \mu; ν \nu; ξ \xi; π \pi;
    ρ \rho; σ \sigma; ς \varsigma; τ \tau; υ \upsilon; φ \varphi; ϕ \phi; χ \chi; ψ \psi;
    ω \omega; Γ \Gamma; Δ \Delta; Θ \Theta; Λ \Lambda; Ξ \Xi; Π \Pi; Σ \Sigma; Υ \Upsilon;
    Φ \Phi; Ψ \Psi; Ω \Omega; ≤ \leq; ≥ \geq; ≠ \neq; ≈ \approx; ≡ \equiv; ≪ \ll; ≫ \gg;
    ≃ \simeq; ≅ \cong; ∝ \propto; ∼ \sim; → \rightarrow; ← \leftarrow; ↔ \leftrightarrow;
    ↑ \uparrow; ↓ \downarrow; ⇒ \Rightarrow; ⇐ \Leftarrow; ⇔ \Leftrightarrow; ↦ \mapsto;
    ∞ \infty; ∈ \in; ∉ \notin; ∋ \ni; ∀ \forall; ∃ \exists; ¬ \neg; ∧ \wedge; ∨ \vee;
    ∅ \emptyset; ∪ \cup; ∩ \cap; ⊂ \subset; ⊃ \supset; ⊆ \subseteq; ⊇ \supseteq; × \times;
    ÷ \div; ± \pm; ∓ \mp; − -; · \cdot; ⋅ \cdot; ∗ \ast; ∘ \circ; ⊕ \oplus; ⊗ \otimes;
    ⊙ \odot; ∑ \sum; ∏ \prod; ∫ \int; √ \surd; ∂ \partial; ∇ \nabla; ℓ \ell; ℏ \hbar;
    ℜ \Re; ℑ \Im; ⟨ \langle; ⟩ \rangle; ⌈ \lceil; ⌉ \rceil; ⌊ \lfloor; ⌋ \rfloor; ‖ \|;
    ⊤ \top; ⊥ \bot; ⊢ \vdash; ⋯ \cdots; ★ \star; ⋆ \star; △ \triangle; ° ^\circ; ′ '; ″ '';
    ⁰ ^0; ¹ ^1; ² ^2; ³ ^3; ⁴ ^4; ⁵ ^5; ⁶ ^6; ⁷ ^7; ⁸ ^8; ⁹ ^9; ⁺ ^+; ⁻ ^-; ⁿ ^n;
    ₀ _0; ₁ _1; ₂ _2; ₃ _3; ₄ _4; ₅ _5; ₆ _6; ₇ _7; ₈ _8; ₉ _9
"""
SYMBOLS: dict[str, str] = dict(re.findall(r"(\S) (\S+?)(?:;|\s)", _SYMBOL_LIST))

_SPECIAL = {
    "\\": r"{\textbackslash}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_",
    "~": r"{\textasciitilde}", "^": r"{\textasciicircum}",
    "<": "{$<$}", ">": "{$>$}", "|": "{$|$}",
    BALANCED_OPEN: r"\{", BALANCED_CLOSE: r"\}", BREAK: "{}",
    # An escaped brace counts for BibTeX all the same, so a lone one brings its mate unseen.
    LONE_OPEN: r"\{\vphantom{\}}", LONE_CLOSE: r"\vphantom{\{}\}",
    "\u00a0": "~",
}  # fmt: skip
_IN_NAMES = {
    **{c: f"{{\\{c}}}" for c in "&%$#_"},
    **{c: f"{{\\ensuremath{{{c}}}}}" for c in "<>|"},
    **dict.fromkeys((BALANCED_OPEN, LONE_OPEN), r"{\ensuremath{\lbrace}}"),
    **dict.fromkeys((BALANCED_CLOSE, LONE_CLOSE), r"{\ensuremath{\rbrace}}"),
}
# What begins a name has to make an initial as well: biber cuts {\\textbackslash} behind the brace.
_IN_NAMES_OF_BIBER = {
    "\\": r"{\ensuremath{\backslash}}",
    "~": r"{\ensuremath{\mbox{\textasciitilde}}}",
    "^": r"{\ensuremath{\mbox{\textasciicircum}}}",
}
_LETTERS = {
    "–": "--", "—": "---", "‘": "`", "’": "'", "“": "``", "”": "''", "…": r"{\dots}",
    "ß": r"{\ss}", "æ": r"{\ae}", "Æ": r"{\AE}", "œ": r"{\oe}", "Œ": r"{\OE}", "ø": r"{\o}",
    "Ø": r"{\O}", "ł": r"{\l}", "Ł": r"{\L}", "å": r"{\aa}", "Å": r"{\AA}", "ı": r"{\i}",
}  # fmt: skip
_IN_LATIN_1 = "×÷±·°¹²³¬"
_ACCENTS = {
    "\u0300": "`", "\u0301": "'", "\u0302": "^", "\u0303": "~", "\u0308": '"', "\u0304": "=",
    "\u0307": ".", "\u0306": "u", "\u030c": "v", "\u030b": "H", "\u0327": "c", "\u0328": "k",
    "\u030a": "r", "\u0331": "b", "\u0323": "d",
}  # fmt: skip


class _Table(dict[int, str]):
    def __init__(self, known: Mapping[str, str], spell: Callable[[str], str]) -> None:
        super().__init__((ord(character), spelling) for character, spelling in known.items())
        self._spell = spell

    def __missing__(self, code: int) -> str:
        self[code] = spelling = self._spell(chr(code))
        return spelling


def _accented(character: str) -> str:
    """Return the LaTeX of a letter with an accent; any other character as it is."""
    decomposed = unicodedata.normalize("NFD", character)
    base, accent = decomposed[0], _ACCENTS.get(decomposed[1:])
    if accent is None or not base.isascii() or not base.isalpha() or base == "j":
        return character
    return f"{{\\{accent}{{{base}}}}}" if accent.isalpha() else f"{{\\{accent}{base}}}"


def _spelling(
    known: Mapping[str, str],
    names: Mapping[str, str],
    symbols: str,
    spell: Callable[[str], str],
) -> Spelling:
    in_text = {c: f"{{${SYMBOLS[c]}$}}" for c in symbols}
    in_names = {c: f"{{\\ensuremath{{{SYMBOLS[c]}}}}}" for c in symbols}
    return Spelling(
        _Table({**in_text, **known}, spell),
        _Table({**in_names, **known, **names}, spell),
    )


ASCII = _spelling({**_SPECIAL, **_LETTERS}, _IN_NAMES, "".join(SYMBOLS), _accented)
"""For BibTeX, whose programs count and sort bytes."""

UNICODE = _spelling(
    _SPECIAL,
    _IN_NAMES | _IN_NAMES_OF_BIBER,
    "".join(symbol for symbol in SYMBOLS if symbol not in _IN_LATIN_1),
    str,
)
"""For BibLaTeX: Latin letters and punctuation as they are."""

IN_FORMULAS: Mapping[int, str] = {ord(c): f"{{{command}}}" for c, command in SYMBOLS.items()}
"""Symbols within math."""
