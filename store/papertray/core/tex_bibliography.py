r"""TeX in the fields of a .bib file becomes canonical text.

There TeX is the rule, not the exception as in feeds, so more of it is meant: braces only keep
capitals, ``--`` is a dash, ````x''`` is quoted, ``$\mu$`` is a letter. Programs that write such
files also leave HTML in them.
"""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache

from papertray.core.bibscan import braced
from papertray.core.tex import Decoder
from papertray.core.tex_tables import SYMBOLS

PARAGRAPH_END = "\n\n"
r"""What ``\par`` becomes."""


def decode_bibliography(text: str) -> str:
    r"""Return the text of a field in NFC with known TeX decoded. Never raises.

    Beyond what `decode_tex` decodes: groups lose their braces, ``--`` and ``---`` are dashes,
    ````x''`` and ``\enquote{x}`` are “x”, formulas that are one symbol or one raised or lowered
    number are that character, ``\textsuperscript{2}`` is ², ``~`` is a no-break space except in
    addresses and before a number that it rather makes about (`` ~5``), ``&amp;`` and paired tags
    such as ``<i>`` are taken for HTML.

    Formulas and unknown macros with their arguments stay.
    """
    if not _SPECIAL.search(text):
        return text if text.isascii() else unicodedata.normalize("NFC", text)
    if _ONLY_BRACES.fullmatch(text):  # as in nearly all titles, to keep capitals
        return unicodedata.normalize("NFC", text.replace("{", "").replace("}", ""))
    if "&" in text:
        text = _ENTITY.sub(_character, text)
    if "<" in text or "textless" in text:
        text = _without_tags(text)
    text = _SPACED_ACCENT.sub(r"{\\\1{\2}", text)
    if "{}\\" in text:
        text = _EMPTY_ACCENT.sub(r"\\\1\\\2", text)
    return unicodedata.normalize("NFC", _BibliographyDecoder(text).decoded())


@lru_cache(maxsize=4096)
def decode_short(text: str) -> str:
    """Return what `decode_bibliography` does, for names and journals, which come again and again:
    never for texts of any length, which would stay in the cache."""
    return decode_bibliography(text)


_SPECIAL = re.compile(r"[\\{}~$<&]|--|``|[?!]`")
_PLAIN = r"(?:[^{}\\~$<&^_`:\-]|-(?!-)|:(?!//))"
_ONLY_BRACES = re.compile(rf"(?:{_PLAIN}|\{{(?:{_PLAIN}|\{{{_PLAIN}*+\}})*+\}})*+", re.DOTALL)
_SPACED_ACCENT = re.compile(r"\{\\([`'^~=.\"]) +([A-Za-z])")
_EMPTY_ACCENT = re.compile(r"\\([`'^~=.\"])\{\}\\([ij])(?![A-Za-z])")  # {\'{}\i}
_ENTITY = re.compile(r"(?:\{\\&\}|\\&|&)(#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z]{2,31}[0-9]?);")
_TAGS = "i|b|em|strong|italic|bold|u|sc|scp|tt|span|sub|sup|inf|p|title|jats:[a-z]{1,12}"
_LESS, _GREATER = (
    rf"(?:{sign}|\{{\\text{name}\}}|\\text{name}(?:\{{\}}|\s)|\{{\\text{name}\{{\}}\}})"
    for sign, name in (("<", "less"), (">", "greater"))
)
_TAG = re.compile(rf"{_LESS}(/?)({_TAGS})(?:\s[^<>{{}}\\]{{0,80}})?{_GREATER}")
_DASH = re.compile(r"(?<!-)-{2,3}(?!-)")
_SPANISH = re.compile(r"([?!])`")
_SYMBOL_FORMULA = re.compile(r"\$\s*+(?:\{\s*+)?\\([A-Za-z]+)\s*+(?:\{\}\s*+)?\}?\s*+\$")
_RAISED_FORMULA = re.compile(
    r"\$\s*+(?:\{\})?([_^])\s*+(?:([0-9n+-])|\{(?:\\(?:text(?:rm)?|mathrm|rm)\s*+\{?)?"
    r"\s*+([0-9+-]{1,9})\s*+\}?\})\s*+\$"
)
_SIGN_FORMULA = re.compile(r"\$\s*+([<>|+=-]|\\\||\^\\circ|\^\{\\circ\}|''?)\s*+\$")
_SIGNS = {"-": "−", "\\|": "‖", "^\\circ": "°", "^{\\circ}": "°", "'": "′", "''": "″"}
_ENSUREMATH = re.compile(rf"\\ensuremath\s*({braced(4)})")
_TEXT_IN_MATH = re.compile(r"\\(?:mbox|text)\s*\{([^{}]*+)\}")
_PHANTOM = re.compile(r"\\[hv]?phantom\s*(?:\{\\[{}]\}|\{[^{}]*+\})")
_NO_TEXT = re.compile(rf"\\(?:noopsort|SortNoop|sortnoop|NOOPSORT|natexlab)\s*{braced(2)}")
_SCRIPT = re.compile(r"\\text(super|sub)script\s*(?:\{([0-9n+\-−()=]{1,12})\}|(?=\{))")

_RAISED = str.maketrans("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ")
_LOWERED = str.maketrans("0123456789+-−=()n", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₙ")

_SPACES = dict.fromkeys(("quad", "qquad", "space", "newline", "linebreak", "enspace"), " ") | {
    "par": PARAGRAPH_END, "hyphen": "-", "slash": "/", "cprime": "′", "allowbreak": "",
    "protect": "", "relax": "", "nobreakspace": "\u00a0", "thinspace": "\u00a0",
}  # fmt: skip
_FONTS = frozenset(
    """mkbibemph mkbibbold mkbibitalic mkbibparens mkbibbrackets autocap MakeUppercase
    MakeLowercase uppercase lowercase textmarkup""".split()
)
_QUOTING = frozenset(("enquote", "mkbibquote"))


def _character(entity: re.Match[str]) -> str:
    found = html.unescape(f"&{entity[1]};")
    if found.startswith("&") and found.endswith(";"):
        return entity[0]
    return "".join(_ESCAPED.get(c, c) for c in found)


_ESCAPED = {c: "\\" + c for c in "&%#_${}"} | {"\\": "{\\textbackslash}", "~": "{\\textasciitilde}"}


def _without_tags(text: str) -> str:
    """Drop HTML tags that come in pairs; raised and lowered numbers keep their place."""
    opened: dict[str, int] = {}
    for slash, name in _TAG.findall(text):
        opened[name] = opened.get(name, 0) + (-1 if slash else 1)

    def spelled(tag: re.Match[str]) -> str:
        if opened[tag[2]]:
            return tag[0]
        script = {"sub": "sub", "inf": "sub", "sup": "super"}.get(tag[2])
        if script:
            return "}" if tag[1] else f"\\text{script}script{{"
        return " " if tag[2] in ("p", "title", "jats:p", "jats:title") else ""

    return _TAG.sub(spelled, text)


class _BibliographyDecoder(Decoder):
    drops_braces = True

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._open_quotes = 0
        self._quoting: set[int] = set()  # where the arguments of \enquote begin

    def _plain(self, text: str) -> str:
        if "--" in text:
            text = _DASH.sub(lambda dash: "—" if len(dash[0]) == 3 else "–", text)
        if "`" in text:
            text = _SPANISH.sub(lambda mark: "¿" if mark[1] == "?" else "¡", text)
            self._open_quotes += text.count("``")
            text = text.replace("``", "“")
        if self._open_quotes and "''" in text:
            closed = min(self._open_quotes, text.count("''"))
            text = text.replace("''", "”", closed)
            self._open_quotes -= closed
        return text

    def _control_word(self, start: int, end: int, word: str) -> int:
        text = self.text
        if word in _SPACES:
            return self._decode(start, self._after_spaces(end), _SPACES[word])
        if word in _QUOTING and (argument := _ARGUMENT.match(text, end)):
            self.pieces.append("“")
            self._quoting.add(argument.end())
            return self._open_decoded(start, argument.end())
        if word in _FONTS and (argument := _ARGUMENT.match(text, end)):
            return self._open_decoded(start, argument.end())
        if word in _PATTERNS and (found := _PATTERNS[word].match(text, start)):
            return self._special(word, start, found)
        return super()._control_word(start, end, word)

    def _special(self, word: str, start: int, found: re.Match[str]) -> int:
        if word == "ensuremath":
            body = found[1][1:-1]
            text = _TEXT_IN_MATH.fullmatch(body)
            decoded = decode_bibliography(text[1]) if text else _formula(body)
            return self._decode(start, found.end(), decoded)
        if not word.startswith("text"):
            return self._decode(start, found.end(), "")
        if found[2] is None:
            return self._open_decoded(start, found.end() + 1)
        table = _RAISED if found[1] == "super" else _LOWERED
        return self._decode(start, found.end(), found[2].translate(table))

    def _control_symbol(self, start: int) -> int:
        symbol = self.text[start + 1 : start + 2]
        if symbol and symbol in ";:>! \n":
            return self._decode(start, start + 2, "" if symbol == "!" else " ")
        if symbol == "\\":
            return self._decode(start, start + 2, " ")
        return super()._control_symbol(start)

    def _close(self, start: int) -> int:
        if self.groups and self.groups[-1].start in self._quoting:
            self.pieces.append("”")
        return super()._close(start)

    def _dollar(self, start: int) -> int:
        for pattern in (_SYMBOL_FORMULA, _RAISED_FORMULA, _SIGN_FORMULA):
            found = pattern.match(self.text, start)
            if found and (character := _formula(found[0][1:-1])) and character[0] != "$":
                self.pieces.append(character)
                return found.end()
        return super()._dollar(start)

    def _is_tie(self, start: int) -> bool:
        text = self.text
        after = text[start + 1 : start + 2]
        if start == self.unknown_end or not after:
            return False
        before = text[start - 1 : start] if start else " "
        return not ((before.isspace() or before in "([~") and after.isdigit())


_ARGUMENT = re.compile(r"\*?\s*\{")
_PATTERNS = {
    "ensuremath": _ENSUREMATH,
    **dict.fromkeys(("vphantom", "hphantom", "phantom"), _PHANTOM),
    **dict.fromkeys(("noopsort", "SortNoop", "sortnoop", "NOOPSORT", "natexlab"), _NO_TEXT),
    **dict.fromkeys(("textsuperscript", "textsubscript"), _SCRIPT),
}


def _formula(body: str) -> str:
    """Return a formula as the character that it is, if it is one, and else between dollars."""
    formula = f"${body.strip()}$"
    if found := _SYMBOL_FORMULA.fullmatch(formula):
        return SYMBOLS.get(found[1], formula)
    if found := _RAISED_FORMULA.fullmatch(formula):
        return (found[2] or found[3]).translate(_RAISED if found[1] == "^" else _LOWERED)
    if found := _SIGN_FORMULA.fullmatch(formula):
        return _SIGNS.get(found[1], found[1])
    return formula if body.strip() else ""
