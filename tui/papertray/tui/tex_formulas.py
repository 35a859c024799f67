r"""Reads TeX formulas and writes them as Unicode: ``$\alpha_i$`` → ``αᵢ``. Pure.

A formula is changed only if all of it can be: one that would lose a sign, or of which the signs
could be read in another way, stays as it stands.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import TypeVar

from papertray.core.segments import segments
from papertray.core.tex_tables import SYMBOLS

Key = TypeVar("Key")

_DEEPEST = 8  # groups within groups

# By pandoc's rule, as in `core.tex`; not after a letter or a digit, where it is rather money: US$5.
_FORMULA = re.compile(
    r"(?<![\w$\\])(\$\$?)(?=[^\s$])((?:[^$\\]|\\.){0,300}?)(?<!\s)\1(?![\d$])", re.DOTALL
)
_TOKEN = re.compile(r"\\([A-Za-z]+)[ ]*|\\(.)|\s+|.", re.DOTALL)
_SENTENCE = re.compile(r"(?<![\\A-Za-z])[A-Za-z]{2,}\s+[A-Za-z]{2,}|\s[A-Za-z]{2,}\s")
_BLANKS = re.compile(" {2,}")
_ROOT = re.compile(r"[0-9]+|\w[\u2080-\u209c\u2070-\u207f\u1d62-\u1d6a²³¹]*")

_RAISED = dict(zip(
    "0123456789+−=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWβγδθφχ′°†‡",
    "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵝᵞᵟᶿᵠᵡ′°†‡",
    strict=True,
)) | {"∘": "°"}  # fmt: skip
_LOWERED = dict(zip(
    "0123456789+−=()aehijklmnoprstuvxβγρφχ",
    "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ",
    strict=True,
))  # fmt: skip

_MORE = dict(zip(*[iter(
    """mid | vert | lvert | rvert | Vert ‖ lVert ‖ rVert ‖ parallel ∥ setminus ∖ prime ′ prec ≺
    succ ≻ lesssim ≲ gtrsim ≳ leqslant ⩽ geqslant ⩾ asymp ≍ gets ← implies ⟹ iff ⟺ models ⊨
    varnothing ∅ aleph ℵ vdots ⋮ colon : bigcup ⋃ bigcap ⋂ oint ∮ lnot ¬ uplus ⊎ hookrightarrow ↪
    coloneqq ≔ triangleq ≜ lbrace { rbrace } square □ imath ı jmath ȷ angle ∠ bigoplus ⨁
    downarrow ↓ Uparrow ⇑ Downarrow ⇓ supsetneq ⊋ subsetneq ⊊ preceq ⪯ succeq ⪰ ltimes ⋉ rtimes ⋊
    nmid ∤ nsubseteq ⊈ therefore ∴ because ∵ diamond ⋄ wp ℘ hbar ℏ nexists ∄""".split()
)] * 2, strict=True))  # fmt: skip
_NOT_OF_FORMULAS = frozenset({"sqrt", "textbackslash", "TeX", "LaTeX", "LaTeXe", "BibTeX"})
_SIGNS = {name: sign for name, sign in SYMBOLS.items() if name not in _NOT_OF_FORMULAS} | _MORE

_FUNCTIONS = frozenset(
    """arccos arcsin arctan arg cos cosh cot det dim exp gcd hom inf ker lg lim ln log max min Pr
    sin sinh sup tan tanh deg""".split()
)
_UPRIGHT = frozenset(
    """mathrm text operatorname mathit mathsf textit textrm mathtt texttt textsf mbox mathnormal
    textnormal textbf""".split()
)
_ALPHABETS = {
    "mathbb": "DOUBLE-STRUCK", "mathcal": "SCRIPT", "mathscr": "SCRIPT", "mathfrak": "FRAKTUR",
    "mathbf": "BOLD", "boldsymbol": "BOLD ITALIC", "bm": "BOLD ITALIC",
}  # fmt: skip
_ACCENTS = {
    "hat": "\u0302", "bar": "\u0304", "tilde": "\u0303", "dot": "\u0307", "ddot": "\u0308",
    "vec": "\u20d7", "check": "\u030c", "widehat": "\u0302", "widetilde": "\u0303",
    "overline": "\u0304",
}  # fmt: skip
_FRACTIONS = {("1", "2"): "½", ("1", "3"): "⅓", ("2", "3"): "⅔", ("1", "4"): "¼", ("3", "4"): "¾"}
_SIZES = frozenset("left right big Big bigg Bigg bigl bigr Bigl Bigr middle".split())
_SPACES = {",": " ", ";": " ", ":": " ", " ": " ", "!": "", "quad": " ", "qquad": " "}
_ESCAPED = {each: each for each in "%$&#_{}"} | {"|": "‖"}
_DIGITS = ("ZERO", "ONE", "TWO", "THREE", "FOUR", "FIVE", "SIX", "SEVEN", "EIGHT", "NINE")


class _Inexact(Exception):
    """Something in a formula has no exact Unicode."""


def with_formulas(text: str) -> str:
    """Return a clean text with those formulas as Unicode that can be; the rest as it stands."""
    return _FORMULA.sub(lambda found: _formula(found) or found[0], text)


def _formula(found: re.Match[str]) -> str:
    """Return a formula as Unicode, empty where that would not be exact."""
    body, following = found[2], found.string[found.end() : found.end() + 1]
    if not any(piece.is_math for piece in segments(f"${body}${following}")):
        return ""  # $PATH/$HOME
    brackets = [body.count(each) for each in "([)]"]
    if sum(brackets[:2]) != sum(brackets[2:]) or _SENTENCE.search(body):
        return ""  # rather two sums of money
    try:
        shown = _BLANKS.sub(" ", _Formula(body).whole()).strip()
        return unicodedata.normalize("NFC", shown)
    except _Inexact:
        return ""


class _Formula:
    """Reads a formula once, from left to right."""

    def __init__(self, text: str) -> None:
        self._tokens = list(_TOKEN.finditer(text))
        self._at = 0
        self._depth = 0

    def whole(self) -> str:
        """Return the formula as Unicode. Raises `_Inexact`."""
        shown = self._sequence()
        if self._at < len(self._tokens):
            raise _Inexact  # a brace too many
        return shown

    @property
    def _next(self) -> str:
        """The next token as it stands, without the blanks behind a name; empty at the end."""
        return self._tokens[self._at][0].rstrip(" ") if self._at < len(self._tokens) else ""

    def _sequence(self) -> str:
        """Read up to a closing brace, or the end."""
        shown = ""
        is_product = is_root = False  # of the piece before
        while self._at < len(self._tokens) and self._next != "}":
            if self._next in ("^", "_"):
                if is_product or is_root:
                    raise _Inexact  # a script of the last letter alone is not that of all
                shown = shown.rstrip() + self._script()
                continue
            token = self._tokens[self._at]
            piece = self._piece()
            if is_root and piece[:1].isalnum():
                raise _Inexact  # it would pass for part of what is under the root
            is_root = token[1] == "sqrt"
            is_product = token[0] == "{" or token[1] in _ALPHABETS
            is_product = is_product and len(piece) > 1 and not piece.isdigit()
            is_sign = token[1] in _SIGNS and piece.endswith(" ") and not piece[0].isalpha()
            is_name = token[1] in _FUNCTIONS
            if (is_sign and shown[-1:] not in " ([") or (is_name and shown[-1:].isalnum()):
                piece = f" {piece}"
            shown += piece
        return shown

    def _piece(self) -> str:
        """Read one token, or a group, or a command with its arguments."""
        token = self._tokens[self._at]
        if token[0] == "{":
            return self._group()
        self._at += 1
        if token[1]:
            return self._command(token)
        if token[2]:
            return _known({**_SPACES, **_ESCAPED}, token[2])
        if token[0] in "}^_&#\\":
            raise _Inexact
        return {"-": "−", "'": "′", "~": " "}.get(token[0], " " if token[0].isspace() else token[0])

    def _command(self, token: re.Match[str]) -> str:
        name = token[1]
        is_before_blank = token[0].endswith(" ")
        if name in _SIGNS:
            return _SIGNS[name] + " " * is_before_blank
        if name in _FUNCTIONS:
            is_before_word = self._next[:1].isalnum() or self._next.startswith("\\")
            return name + " " * is_before_word
        if name in _SIZES:
            if self._next == ".":
                self._at += 1
            return ""
        if name in _SPACES:
            return _SPACES[name]
        if name in _UPRIGHT:
            return self._argument()
        if name in _ALPHABETS:
            return "".join(_in_alphabet(_ALPHABETS[name], each) for each in self._argument())
        if name in _ACCENTS:
            base = self._argument()
            if len(base) != 1 or not base.isalpha():
                raise _Inexact
            return base + _ACCENTS[name]
        if name == "sqrt":
            root = self._argument()
            if not _ROOT.fullmatch(root):
                raise _Inexact
            return f"√{root}"
        if name in ("frac", "tfrac", "dfrac"):
            return _known(_FRACTIONS, (self._argument(), self._argument()))
        raise _Inexact

    def _script(self) -> str:
        table = _RAISED if self._next == "^" else _LOWERED
        self._at += 1
        return "".join(_known(table, each) for each in self._argument() if each != " ")

    def _argument(self) -> str:
        while self._at < len(self._tokens) and not self._next:
            self._at += 1  # blanks
        if not self._next:
            raise _Inexact
        return self._piece().strip(" ")

    def _group(self) -> str:
        self._at += 1
        self._depth += 1
        if self._depth > _DEEPEST:
            raise _Inexact
        shown = self._sequence()
        if self._next != "}":
            raise _Inexact
        self._at += 1
        self._depth -= 1
        return shown


def _known(table: Mapping[Key, str], key: Key) -> str:
    try:
        return table[key]
    except KeyError:
        raise _Inexact from None


def _in_alphabet(style: str, letter: str) -> str:
    """Return a letter of a mathematical alphabet by its Unicode name."""
    name = unicodedata.name(letter, "")
    if letter.isdigit() and letter.isascii():
        names = [f"MATHEMATICAL {style} DIGIT {_DIGITS[int(letter)]}"]
    else:
        case = "CAPITAL" if letter.isupper() else "SMALL"
        plain = name.rpartition(" LETTER ")[2]
        other = "BLACK-LETTER" if style == "FRAKTUR" else style
        names = [f"MATHEMATICAL {style} {case} {plain}", f"{other} {case} {plain}"]
    for each in names:
        try:
            return unicodedata.lookup(each)
        except KeyError:
            continue
    raise _Inexact
