"""Text as BibTeX takes it: whatever comes in, TeX prints it literally and no brace is left open.

Canonical text (Unicode with ``$math$``) is spelled as `papertray.exporters.latex_spelling` says,
for BibTeX in ASCII where no other spelling is named. Escaping goes by `str.translate`. What depends
on neighbours (braces, ligatures) is first marked with control characters, which no text has left at
that point.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache
from urllib.parse import unquote

from papertray.core.segments import Segment, one_line, segments
from papertray.exporters.formulas import is_safe
from papertray.exporters.latex_spelling import (
    ASCII,
    BALANCED_CLOSE,
    BALANCED_OPEN,
    BREAK,
    IN_FORMULAS,
    LONE_CLOSE,
    LONE_OPEN,
    Spelling,
)


def escape(text: str, spelling: Spelling = ASCII) -> str:
    """Return `text` as one line of LaTeX that prints it."""
    text, table = fit(text), spelling.text
    if "$" not in text:
        return shield(mark(text).translate(table))
    return shield(
        "".join(
            formula(p.text) if p.is_math else p.text.translate(table) for p in marked_pieces(text)
        )
    )


def title(text: str, spelling: Spelling = ASCII) -> str:
    """Like `escape`, with braces around the words whose capitals a style must not lower.

    Those are formulas, words with inner capitals or a capital and a digit, single capitals, and
    names of people, peoples and places.
    """
    text, table = fit(text), spelling.text
    if "$" in text:
        return shield(" ".join(_title_unit(unit, table) for unit in _units(text)))
    # One word of endless length must not stay in the cache.
    if len(text) > _LONGEST_CACHED:
        return shield(" ".join(_title_word(word, table) for word in mark(text).split(" ")))
    return shield(" ".join([_cached_title_word(word, spelling) for word in mark(text).split(" ")]))


def url(text: str) -> str:
    """Return an address for a verbatim field: only what would break the file is percent-encoded."""
    address = "".join(one_line(text).split())
    return _NOT_IN_URL.sub(_percent_encoded, address)


def doi(text: str) -> str:
    """Return a bare DOI, or an empty string where TeX cannot hold it.

    ``<`` and ``>`` stay, also where they came encoded: what styles make of a DOI would start a
    comment in TeX at a percent sign.
    """
    found = _NOT_IN_DOI.sub("", _RESOLVER.sub("", one_line(text)))
    if "%" in found:
        found = _NOT_IN_DOI.sub("", unquote(found))
    return found if found.isascii() and found.isprintable() and "%" not in found else ""


# ---------------------------------------------------------------- text and formulas

_LONGEST_CACHED = 1000
_FORMULA = "\x06"


def fit(text: str) -> str:
    """One line, in NFC, without characters that pdflatex stops at and nobody sees."""
    text = one_line(text)
    if text.isascii():
        return text
    return one_line(unicodedata.normalize("NFC", text).translate(_UNSEEN))


def mark(text: str) -> str:
    """Mark the braces of `text`, and break what would be taken together: two hyphens or commas.

    Two backticks or apostrophes are let be: they stand for a quote wherever they are met.
    """
    if "{" in text or "}" in text:
        text = _mark_braces(text)
    if text.isascii():
        if "--" in text or ",," in text or "`" in text or "&" in text:
            return _LIGATURE.sub(BREAK, text)
        return text
    return _LIGATURE.sub(BREAK, text.replace("\u2010", "-").replace("\u2011", "-"))


def _mark_braces(text: str) -> str:
    characters = list(text)
    opened: list[int] = []
    for place, character in enumerate(text):
        if character == "{":
            characters[place] = LONE_OPEN
            opened.append(place)
        elif character == "}":
            characters[place] = BALANCED_CLOSE if opened else LONE_CLOSE
            if opened:
                characters[opened.pop()] = BALANCED_OPEN
    return "".join(characters)


def marked_pieces(text: str) -> Iterator[Segment]:
    """Cut a text into words, marked, and those formulas that can do no more than be printed."""
    found = segments(text)
    formulas = [piece for piece in found if piece.is_math and is_safe(piece.text)]
    words = mark(
        "".join(
            piece.text
            if not piece.is_math
            else _FORMULA
            if is_safe(piece.text)
            else f"${piece.text}$"
            for piece in found
        )
    ).split(_FORMULA)
    yield Segment(words[0])
    for piece, following in zip(formulas, words[1:], strict=True):
        yield piece
        yield Segment(following)


def formula(body: str) -> str:
    """Return a formula, given without its dollars, as LaTeX with them."""
    special = _SPECIAL_IN_MATH if r"\begin{" not in body else _SPECIAL_IN_ARRAY
    body = special.sub(lambda m: m[0] if m[0][0] == "\\" else "\\" + m[0], body)
    return f"${body if body.isascii() else body.translate(IN_FORMULAS)}$"


def shield(latex: str) -> str:
    """Keep ``@word{`` from looking like a new entry to parsers that do not count braces."""
    return _ENTRY_START.sub("{@}", latex) if "@" in latex else latex


# ---------------------------------------------------------------- titles


def _units(text: str) -> list[list[Segment]]:
    """What spaces separate: words, formulas, and what of them touches."""
    units: list[list[Segment]] = [[]]
    for piece in marked_pieces(text):
        if piece.is_math:
            units[-1].append(piece)
            continue
        first, *rest = piece.text.split(" ")
        if first:
            units[-1].append(Segment(first))
        units.extend([Segment(word)] if word else [] for word in rest)
    return units


def _title_unit(unit: list[Segment], table: Mapping[int, str]) -> str:
    if not any(piece.is_math for piece in unit):
        return "".join(_title_word(piece.text, table) for piece in unit)
    first, last = unit[0], unit[-1]
    before = after = ""
    if not first.is_math:
        core = first.text.lstrip(_OPENING)
        before, unit[0] = first.text[: len(first.text) - len(core)], Segment(core)
    if not last.is_math:
        core = last.text.rstrip(_CLOSING)
        after, unit[-1] = last.text[len(core) :], Segment(core)
    body = "".join(formula(p.text) if p.is_math else p.text.translate(table) for p in unit)
    return f"{before.translate(table)}{_protected(body)}{after.translate(table)}"


def _title_word(word: str, table: Mapping[int, str]) -> str:
    """`word` is marked and has no space."""
    bare = word.lstrip(_OPENING)
    core = bare.rstrip(_CLOSING)
    if not _needs_case(core):
        return word.translate(table)
    before, after = word[: len(word) - len(bare)], bare[len(core) :]
    return before.translate(table) + _protected(core.translate(table)) + after.translate(table)


@lru_cache(maxsize=32768)
def _cached_title_word(word: str, spelling: Spelling) -> str:
    return _title_word(word, spelling.text)


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
_ENTRY_START = re.compile(r"@(?=[@\w]*[ \t]*\{)")
_OPENING = "([\"'`‘“«¿¡" + BALANCED_OPEN + LONE_OPEN + LONE_CLOSE + BREAK
_CLOSING = ")]\"'`’”»,.:;!?…" + BALANCED_CLOSE + LONE_OPEN + LONE_CLOSE + BREAK
_PART_END = re.compile(f"[-–—/{BREAK}]")

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
