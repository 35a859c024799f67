"""Text as BibTeX takes it: whatever comes in, TeX prints it literally and no brace is left open.

Canonical text (Unicode with ``$math$``) becomes ASCII wherever every reader knows the spelling:
accents as ``{\\"o}``, Greek and signs as ``{$\\alpha$}``. What has no spelling that all of them
keep (Chinese, emoji, stacked accents, ``§ © €``) stays as it is.

Escaping goes by `str.translate`. What depends on neighbours (braces, ligatures) is first marked
with control characters, which no text has left at that point.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

from papertray.core.model import Author
from papertray.core.names import is_east_asian
from papertray.core.segments import Segment, one_line, segments


def escape(text: str) -> str:
    """Return `text` as one line of LaTeX that prints it."""
    return _shield(_escape(_fit(text)))


def title(text: str) -> str:
    """Like `escape`, with braces around the words whose capitals a style must not lower.

    Those are formulas, words with inner capitals or a capital and a digit, single capitals, and
    names of people, peoples and places.
    """
    text = _fit(text)
    if "$" in text:
        return _shield(" ".join(map(_title_unit, _units(text))))
    # One word of endless length must not stay in the cache.
    word = _cached_title_word if len(text) <= _LONGEST_CACHED else _title_word
    return _shield(" ".join(map(word, _mark(text).split(" "))))


def names(authors: Iterable[Author]) -> str:
    """Return the value of an author field, or an empty string if nobody is named."""
    found: list[str] = []
    others = False
    for author in authors:
        if author.stands_for_others:
            others = True
        elif written := name(author):
            found.append(written)
    if others and found:
        found.append("others")
    return " and ".join(found)


@lru_cache(maxsize=16384)
def name(author: Author) -> str:
    """Return one author as BibTeX reads names: ``van der Maaten, Laurens``, ``{OpenAI}``."""
    family, given = escape(author.family), escape(author.given)
    if author.literal or not family or not given:
        return _undivided(author.display)
    if is_east_asian(author.family) and is_east_asian(author.given):
        return f"{{{family}{given}}}"
    if _AND_OR_COMMA.search(family) or any(word[0].islower() for word in author.family.split()):
        family = f"{{{family}}}"
    if author.particle:
        family = f"{_grouped(escape(author.particle))} {family}"
    return ", ".join(filter(None, (family, _grouped(escape(author.suffix)), _grouped(given))))


def url(text: str) -> str:
    """Return an address for a verbatim field: only what would break the file is percent-encoded."""
    address = "".join(one_line(text).split())
    return _NOT_IN_URL.sub(_percent_encoded, address)


def doi(text: str) -> str:
    """Return a bare DOI. ``<`` and ``>`` stay: encoded, they would start a comment in TeX."""
    return _NOT_IN_DOI.sub("", _RESOLVER.sub("", one_line(text)))


# ---------------------------------------------------------------- text and formulas

_BALANCED_OPEN, _BALANCED_CLOSE, _LONE_OPEN, _LONE_CLOSE, _BREAK = "\x01\x02\x03\x04\x05"

_LONGEST_CACHED = 1000


def _fit(text: str) -> str:
    """One line, in NFC, without characters that pdflatex stops at and nobody sees."""
    text = one_line(text)
    if text.isascii():
        return text
    return one_line(unicodedata.normalize("NFC", text).translate(_UNSEEN))


def _escape(text: str) -> str:
    if "$" not in text:
        return _mark(text).translate(_TEXT)
    pieces = _pieces(text)
    return "".join(
        _formula(p.text) if p.is_math else _mark(p.text).translate(_TEXT) for p in pieces
    )


def _mark(text: str) -> str:
    """Mark the braces of `text`, and break what would be taken together: two hyphens or commas.

    Two backticks or apostrophes are let be: they stand for a quote wherever they are met.
    """
    if "{" in text or "}" in text:
        text = _mark_braces(text)
    if text.isascii():
        if "--" in text or ",," in text or "`" in text or "&" in text:
            return _LIGATURE.sub(_BREAK, text)
        return text
    return _LIGATURE.sub(_BREAK, text.replace("\u2010", "-").replace("\u2011", "-"))


def _mark_braces(text: str) -> str:
    characters = list(text)
    opened: list[int] = []
    for place, character in enumerate(text):
        if character == "{":
            characters[place] = _LONE_OPEN
            opened.append(place)
        elif character == "}":
            characters[place] = _BALANCED_CLOSE if opened else _LONE_CLOSE
            if opened:
                characters[opened.pop()] = _BALANCED_OPEN
    return "".join(characters)


def _pieces(text: str) -> Iterator[Segment]:
    for piece in segments(text):
        if piece.is_math and not _is_safe(piece.text):
            yield Segment(f"${piece.text}$")
        else:
            yield piece


def _is_safe(formula: str) -> bool:
    """Tell whether `formula` can do no more than be printed: it comes from strangers."""
    return (
        not _UNSAFE.search(formula)
        and formula.count(r"\begin{") == formula.count(r"\end{")
        and len(_LEFT.findall(formula)) == len(_RIGHT.findall(formula))
    )


def _formula(body: str) -> str:
    special = _SPECIAL_IN_MATH if r"\begin{" not in body else _SPECIAL_IN_ARRAY
    body = special.sub(lambda m: m[0] if m[0][0] == "\\" else "\\" + m[0], body)
    return f"${body if body.isascii() else body.translate(_FORMULA)}$"


def _shield(latex: str) -> str:
    """Keep ``@word{`` from looking like a new entry to parsers that do not count braces."""
    return _ENTRY_START.sub("{@}", latex) if "@" in latex else latex


# ---------------------------------------------------------------- titles


def _units(text: str) -> list[list[Segment]]:
    """What spaces separate: words, formulas, and what of them touches."""
    units: list[list[Segment]] = [[]]
    for piece in _pieces(text):
        if piece.is_math:
            units[-1].append(piece)
            continue
        first, *rest = _mark(piece.text).split(" ")
        if first:
            units[-1].append(Segment(first))
        units.extend([Segment(word)] if word else [] for word in rest)
    return units


def _title_unit(unit: list[Segment]) -> str:
    if not any(piece.is_math for piece in unit):
        return "".join(_title_word(piece.text) for piece in unit)
    first, last = unit[0], unit[-1]
    before = after = ""
    if not first.is_math:
        core = first.text.lstrip(_OPENING)
        before, unit[0] = first.text[: len(first.text) - len(core)], Segment(core)
    if not last.is_math:
        core = last.text.rstrip(_CLOSING)
        after, unit[-1] = last.text[len(core) :], Segment(core)
    body = "".join(_formula(p.text) if p.is_math else p.text.translate(_TEXT) for p in unit)
    return f"{before.translate(_TEXT)}{_protected(body)}{after.translate(_TEXT)}"


def _title_word(word: str) -> str:
    """`word` is marked and has no space."""
    bare = word.lstrip(_OPENING)
    core = bare.rstrip(_CLOSING)
    if not _needs_case(core):
        return word.translate(_TEXT)
    before, after = word[: len(word) - len(bare)], bare[len(core) :]
    return before.translate(_TEXT) + _protected(core.translate(_TEXT)) + after.translate(_TEXT)


_cached_title_word = lru_cache(maxsize=16384)(_title_word)


def _protected(body: str) -> str:
    # {\&NASA} is one special character to BibTeX, and lowered; {{\&NASA}} is not.
    return f"{{{{{body}}}}}" if body.startswith("\\") else f"{{{body}}}"


def _needs_case(core: str) -> bool:
    if core.islower() or not core:
        return False
    parts = [part for part in _PART_END.split(core) if part]
    for part in parts:
        if not part[1:].islower() and any(c.isupper() for c in part[1:]):
            return True
        if len(part) == 1 and part.isupper() and (len(parts) > 1 or part != "A"):
            return True
        if _PROPER_NAME.match(part):
            return True
    return core[0].isupper() and any(c.isdigit() for c in core)


# ---------------------------------------------------------------- names


def _grouped(part: str) -> str:
    return f"{{{part}}}" if _AND_OR_COMMA.search(part) else part


def _undivided(text: str) -> str:
    """A name in braces. Special characters stay outside of them.

    Label-making styles cut names by characters, and cut ``{AT\\&T}`` in the middle of ``\\&``; a
    special character at brace level 0 is one to them: ``{AT}{\\&}{T}``.
    """
    pieces: list[str] = []
    plain: list[str] = []

    def flush() -> None:
        if plain:
            pieces.append(f"{{{''.join(plain)}}}")
            plain.clear()

    for piece in _pieces(_fit(text)):
        if piece.is_math:
            plain.append(_formula(piece.text))
            continue
        for character in _mark(piece.text):
            latex = character.translate(_TEXT)
            if latex.startswith("{\\") or character in "&%$#_":
                flush()
                pieces.append(latex if latex[0] == "{" else f"{{{latex}}}")
            else:
                plain.append(latex)
    flush()
    return _shield("".join(pieces))


# ---------------------------------------------------------------- verbatim fields


def _percent_encoded(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match[0].encode())


_RESOLVER = re.compile(r"^(?:https?://(?:dx\.)?doi\.org/|doi:)\s*", re.IGNORECASE)
_NOT_IN_DOI = re.compile(r"[\s{}\\]")
_NOT_IN_URL = re.compile(r'[{}\\"<>^`|]|[^\x21-\x7e]')

# ---------------------------------------------------------------- tables

_UNSEEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\u00ad"), None)
# The last is none to TeX, but readers take &amp; for what a web page left behind.
_LIGATURE = re.compile(r"(?<=[-–—])(?=[-–—])|(?<=[!?])(?=[`‘“])|(?<=,)(?=,)|(?<=&)(?=#?\w{2,31};)")
_ENTRY_START = re.compile(r"@(?=\w*[ \t]*\{)")
_AND_OR_COMMA = re.compile(r"\band\b|,", re.IGNORECASE)
_OPENING = "([\"'`‘“«¿¡" + _BALANCED_OPEN + _LONE_OPEN + _LONE_CLOSE + _BREAK
_CLOSING = ")]\"'`’”»,.:;!?…" + _BALANCED_CLOSE + _LONE_OPEN + _LONE_CLOSE + _BREAK
_PART_END = re.compile(f"[-–—/{_BREAK}]")

# Whatever reads, writes, defines or runs; ^^ spells any character; \° is no command.
_UNSAFE = re.compile(
    r"\^\^|\\[^\x00-\x7f]|\\(?:input|include|openin|openout|read|write|immediate|special|def|edef|gdef|xdef|let|"
    r"futurelet|global|csname|catcode|newcommand|renewcommand|providecommand|newwrite|newread|"
    r"directlua|latelua|loop|repeat|usepackage|documentclass|end(?:input|csname|group)|begingroup|"
    r"everypar|output|shipout|expandafter|noexpand|scantokens|verb|lstinputlisting|href|url)"
    r"(?![a-zA-Z])"
)
_LEFT = re.compile(r"\\left(?![a-zA-Z])")
_RIGHT = re.compile(r"\\right(?![a-zA-Z])")
_SPECIAL_IN_MATH = re.compile(r"\\.|[%#&]")
_SPECIAL_IN_ARRAY = re.compile(r"\\.|[%#]")

_PROPER_NAME = re.compile(
    r"(?:Banach|Bayes|Bellman|Bernoulli|Boltzmann|Carlo|Cauchy|Chebyshev|"
    r"Dirichlet|Einstein|Euclid|Euler|Fenchel|Fisher|Fourier|Frobenius|Galerkin|Galois|Gauss|Gibbs|"
    r"Gödel|Hamilton|Hebb|Hermit|Hess|Hilbert|Hopfield|Ising|Jacob|Kalman|Kolmogorov|"
    r"Krylov|Kullback|Lagrang|Langevin|Laplac|Lebesgue|Leibler|Leibniz|Lipschitz|Lyapunov|Markov|"
    r"Maxwell|Mercer|Minkowski|Monte|Nash|Navier|Nesterov|Newton|Pareto|Poisson|Rademacher|Rényi|"
    r"Riemann|Runge|Schrödinger|Shannon|Shapley|Sinkhorn|Sobolev|Stein|Stokes|Taylor|Turing|"
    r"Voronoi|Wasserstein|Wiener|Zipf)(?:'?s|ian|ians|e|ean|i|a|n)?$"
    r"|(?:Africa|America|Arab|Asia|Austral|Austria|Bangla|Basque|Bengal|Brazil|Brit(?:ain|ish)|"
    r"Bulgaria|Canad|Cantonese|Catalan|Chin(?:a|ese)|Croatia|Czech|Danish|Dutch|Engl(?:and|ish)|"
    r"Estonia|Europ|Finnish|France|French|German|Greek|Hebrew|Hindi|Hungar|Iceland|India|Indonesia|"
    r"Iran|Irish|Ital(?:y|ian)|Japan|Korea|Kurdish|Latin$|Latvia|Lithuania|Malay|Mandarin|Marathi|"
    r"Mexic|Nepali|Norw|Pakistan|Persian|Polish$|Portug|Roman(?:ia|ian|y)|Russia|Sanskrit|Scandinav|"
    r"Serbia|Slov|Spain|Spanish|Swahili|Swed|Swiss|Switzerland|Tamil|Telugu|Thai|Tibet|Turk|Ukrain|"
    r"Urdu|Vietnam|Welsh|Yoruba|Zulu)"
    r"|(?:Amazon|Android|Bash|Facebook|Google|Haskell|Instagram|Java|Julia|Kaggle|Linux|Microsoft|"
    r"Minecraft|Pokémon|Python|Reddit|Rust|Telegram|Twitter|Wikidata|Wikipedia)$"
)

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
    ⊤ \top; ⊥ \bot; ⊢ \vdash; ⋯ \cdots; ★ \star; ⋆ \star; △ \triangle; ° ^\circ; ′ ';
    ⁰ ^0; ¹ ^1; ² ^2; ³ ^3; ⁴ ^4; ⁵ ^5; ⁶ ^6; ⁷ ^7; ⁸ ^8; ⁹ ^9; ⁺ ^+; ⁻ ^-; ⁿ ^n;
    ₀ _0; ₁ _1; ₂ _2; ₃ _3; ₄ _4; ₅ _5; ₆ _6; ₇ _7; ₈ _8; ₉ _9
"""
_SYMBOLS: dict[str, str] = dict(re.findall(r"(\S) (\S+?)(?:;|\s)", _SYMBOL_LIST))

_PLAIN = {
    "\\": r"{\textbackslash}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_",
    "~": r"{\textasciitilde}", "^": r"{\textasciicircum}",
    "<": "{$<$}", ">": "{$>$}", "|": "{$|$}",
    _BALANCED_OPEN: r"\{", _BALANCED_CLOSE: r"\}", _BREAK: "{}",
    # An escaped brace counts for BibTeX all the same, so a lone one brings its mate unseen.
    _LONE_OPEN: r"\{\vphantom{\}}", _LONE_CLOSE: r"\vphantom{\{}\}",
    "\u00a0": "~", "–": "--", "—": "---", "‘": "`", "’": "'", "“": "``", "”": "''", "…": r"{\dots}",
    "ß": r"{\ss}", "æ": r"{\ae}", "Æ": r"{\AE}", "œ": r"{\oe}", "Œ": r"{\OE}", "ø": r"{\o}",
    "Ø": r"{\O}", "ł": r"{\l}", "Ł": r"{\L}", "å": r"{\aa}", "Å": r"{\AA}", "ı": r"{\i}",
}  # fmt: skip

_ACCENTS = {
    "\u0300": "`", "\u0301": "'", "\u0302": "^", "\u0303": "~", "\u0308": '"', "\u0304": "=",
    "\u0307": ".", "\u0306": "u", "\u030c": "v", "\u030b": "H", "\u0327": "c", "\u0328": "k",
    "\u030a": "r", "\u0331": "b", "\u0323": "d",
}  # fmt: skip


def _spelling(character: str) -> str:
    """Return the LaTeX of a character outside ASCII that is in none of the tables."""
    decomposed = unicodedata.normalize("NFD", character)
    base, accent = decomposed[0], _ACCENTS.get(decomposed[1:])
    if accent is None or not base.isascii() or not base.isalpha() or base == "j":
        return character
    return f"{{\\{accent}{{{base}}}}}" if accent.isalpha() else f"{{\\{accent}{base}}}"


class _Table(dict[int, str]):
    """A table for `str.translate` that looks a character up once and remembers."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        self[code] = spelling = character if code < 0x80 else _spelling(character)
        return spelling


_TEXT = _Table(
    {ord(c): f"{{${command}$}}" for c, command in _SYMBOLS.items()}
    | {ord(c): spelling for c, spelling in _PLAIN.items()}
)
_FORMULA = {ord(c): f"{{{command}}}" for c, command in _SYMBOLS.items()}
