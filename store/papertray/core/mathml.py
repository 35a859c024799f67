r"""MathML as TeX, as far as titles and abstracts need it: ``<msub>`` of H and 2 → ``$H_2$``.

One pass over the tags that `papertray.core.markup` found. What is not known here is passed as the
text it holds; nothing is drawn twice, and nothing gets lost.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

_DEEPEST = 40
"""Elements nested deeper are passed as their content: joining stays linear."""


class Tag(NamedTuple):
    """A tag between texts: its local name, `opens` or `closes` (both: ``<none/>``), attributes."""

    name: str
    opens: bool
    closes: bool
    attributes: str = ""


@dataclass(slots=True)
class _Element:
    name: str
    attributes: str = ""
    parts: list[str] = field(default_factory=list)
    is_said: bool = False  # in TeX, by an annotation


def formula(body: str) -> str:
    """Return TeX as canonical text: in dollars, but one letter, number or word as itself."""
    body = " ".join(body.split())
    word = _WORD.fullmatch(body)
    if word:
        return re.sub(r"\\([&%#_$ ])", r"\1", word[1])
    if _ATOM.fullmatch(body):
        return body
    return _GREEK_LETTERS.get(body) or (f"${body}$" if body else "")


_WORD = re.compile(r"\\(?:mathrm|text)\{((?:[^{}\\]|\\[&%#_$ ])*)\}")
_ATOM = re.compile(r"[^\W\d_]|[0-9]+(?:[.,][0-9]+)*")


def math_text(pieces: Iterable[str | Tag]) -> str:
    """Return what stands within ``<math>``, tags and texts in their order, as canonical text."""
    stack = [_Element("math")]
    passed = 0
    for piece in pieces:
        if isinstance(piece, str):
            _add_text(stack[-1], html.unescape(piece))
            continue
        if piece.opens:
            if len(stack) >= _DEEPEST:
                passed += not piece.closes
                continue
            stack.append(_Element(piece.name, piece.attributes))
        if piece.closes:
            if passed and not piece.opens:
                passed -= 1
            elif any(element.name == piece.name for element in stack[1:]):
                _close(stack, piece.name)
    _close(stack, "")
    return formula(_joined(stack[0].parts))


def _add_text(element: _Element, text: str) -> None:
    if element.name in _TOKENS:
        element.parts.append(text)
    elif text.strip():
        element.parts.append(_letters(text.strip()))


def _close(stack: list[_Element], name: str) -> None:
    """Close elements up to the one of that name, or all."""
    while len(stack) > 1:
        element = stack.pop()
        converted = _converted(element)
        parent = stack[-1]
        if element.name == "annotation" and parent.name == "semantics":
            if "tex" in _attribute(element, "encoding").lower() and converted.strip():
                parent.parts, parent.is_said = [converted.strip()], True
        # An element that is empty still counts: it is somebody's base or exponent.
        elif not parent.is_said and (converted or element.name not in _MAY_BE_EMPTY):
            parent.parts.append(converted)
        if element.name == name:
            return


def _converted(element: _Element) -> str:
    if element.name == "annotation-xml":  # the same once more
        return ""
    if element.name in _TOKENS:
        text = "".join(element.parts)
        return text if element.name == "annotation" else _token(element, text.strip(), text)
    convert = _CONVERTERS.get(element.name)
    parts = element.parts
    if convert is None or len(parts) < _WANTED.get(element.name, 0):
        return _joined(parts)
    return convert(element)


_MAY_BE_EMPTY = frozenset(["mspace", "mo", "maligngroup", "malignmark", "annotation-xml"])
_TOKENS = frozenset(["mi", "mn", "mo", "mtext", "ms", "annotation"])
_WANTED = {
    "msup": 2, "msub": 2, "msubsup": 3, "mover": 2, "munder": 2, "munderover": 3, "mfrac": 2,
    "mroot": 2, "mmultiscripts": 1,
}  # fmt: skip


def _attribute(element: _Element, name: str, default: str = "") -> str:
    found = re.search(rf"(?<![\w:-]){name}\s*=\s*[\"']([^\"']*)", element.attributes)
    return html.unescape(found[1]) if found else default


def _token(element: _Element, text: str, spaced: str) -> str:
    if element.name in ("mtext", "ms"):
        return rf"\text{{{_escaped(' '.join(spaced.split()), spaced)}}}" if text else ""
    if element.name == "mo":
        if len(text) > 1 and text.isalpha():
            return rf"\{text}" if text in _FUNCTIONS else rf"\mathrm{{{text}}}"
        return _letters(text)
    if element.name == "mn":
        return _letters(text)
    if len(text) > 1 and len(unicodedata.normalize("NFC", text)) > 1:
        if text in _FUNCTIONS:
            return rf"\{text}"
        return rf"\mathrm{{{text}}}" if _ASCII_WORD.fullmatch(text) else _letters(text)
    letter = _letters(text)
    variant = _VARIANTS.get(_attribute(element, "mathvariant"))
    return rf"\{variant}{{{letter}}}" if variant and letter else letter


_ASCII_WORD = re.compile(r"[A-Za-z0-9]+")
_VARIANTS = {
    "bold": "mathbf", "bold-italic": "mathbf", "double-struck": "mathbb", "script": "mathcal",
    "fraktur": "mathfrak", "sans-serif": "mathsf", "monospace": "mathtt",
}  # fmt: skip
_FUNCTIONS = frozenset(
    """arccos arcsin arctan arg cos cosh cot coth csc deg det dim exp gcd hom inf ker lg lim liminf
    limsup ln log max min Pr sec sin sinh sup tan tanh""".split()
)


def _escaped(text: str, spaced: str) -> str:
    """Escape text for ``\\text``, a space at either end kept."""
    text = "".join(_ESCAPES.get(c, c) for c in text)
    return f"{' ' * spaced[:1].isspace()}{text}{' ' * spaced[-1:].isspace()}"


_ESCAPES = {
    "{": r"\lbrace ", "}": r"\rbrace ", "\\": r"\backslash ", "$": r"\$", "%": r"\%", "&": r"\&",
    "#": r"\#", "_": r"\_", "^": r"\hat{}", "~": r"\sim",
}  # fmt: skip


def _letters(text: str) -> str:
    """Return characters as TeX of formulas."""
    return _joined(_letter(c) for c in text if not c.isspace())


def _letter(character: str) -> str:
    if "\U0001d400" <= character <= "\U0001d7ff":  # letters of a mathematical alphabet
        character = unicodedata.normalize("NFKC", character)
    escaped = _ESCAPES.get(character, character).strip()
    return _SYMBOLS.get(character, escaped)


_SYMBOLS = {
    "α": r"\alpha", "β": r"\beta", "γ": r"\gamma", "δ": r"\delta", "ε": r"\varepsilon",
    "ϵ": r"\epsilon", "ζ": r"\zeta", "η": r"\eta", "θ": r"\theta", "ϑ": r"\vartheta",
    "ι": r"\iota", "κ": r"\kappa", "λ": r"\lambda", "μ": r"\mu", "µ": r"\mu", "ν": r"\nu",
    "ξ": r"\xi", "π": r"\pi", "ρ": r"\rho", "ϱ": r"\varrho", "σ": r"\sigma", "ς": r"\varsigma",
    "τ": r"\tau", "υ": r"\upsilon", "φ": r"\varphi", "ϕ": r"\phi", "χ": r"\chi", "ψ": r"\psi",
    "ω": r"\omega", "Γ": r"\Gamma", "Δ": r"\Delta", "Θ": r"\Theta", "Λ": r"\Lambda",
    "Ξ": r"\Xi", "Π": r"\Pi", "Σ": r"\Sigma", "Υ": r"\Upsilon", "Φ": r"\Phi", "Ψ": r"\Psi",
    "Ω": r"\Omega",
}  # fmt: skip
_GREEK_LETTERS = {tex: letter for letter, tex in _SYMBOLS.items() if letter != "µ"}
_SYMBOLS |= {
    "ℓ": r"\ell", "ħ": r"\hbar", "ℏ": r"\hbar", "∂": r"\partial", "∇": r"\nabla",
    "∞": r"\infty", "×": r"\times", "÷": r"\div", "±": r"\pm", "∓": r"\mp", "·": r"\cdot",
    "⋅": r"\cdot", "∙": r"\cdot", "∗": "*", "−": "-", "≤": r"\le", "≥": r"\ge", "⩽": r"\leqslant",
    "⩾": r"\geqslant", "≠": r"\ne", "≈": r"\approx", "≃": r"\simeq", "≅": r"\cong",
    "≡": r"\equiv", "∼": r"\sim", "∝": r"\propto", "≪": r"\ll", "≫": r"\gg", "≲": r"\lesssim",
    "≳": r"\gtrsim", "∈": r"\in", "∉": r"\notin", "⊂": r"\subset", "⊆": r"\subseteq",
    "⊃": r"\supset", "∪": r"\cup", "∩": r"\cap", "∅": r"\emptyset", "∖": r"\setminus",
    "∀": r"\forall", "∃": r"\exists", "¬": r"\neg", "∧": r"\wedge", "∨": r"\vee", "⊕": r"\oplus",
    "⊗": r"\otimes", "∘": r"\circ", "°": r"^\circ", "†": r"\dagger", "‡": r"\ddagger",
    "′": "'", "″": "''", "→": r"\to", "←": r"\leftarrow", "↔": r"\leftrightarrow",
    "⇒": r"\Rightarrow", "⇔": r"\Leftrightarrow", "↦": r"\mapsto", "⟨": r"\langle",
    "\u2329": r"\langle", "\u3008": r"\langle", "⟩": r"\rangle", "\u232a": r"\rangle",
    "\u3009": r"\rangle",
    "‖": r"\|", "∥": r"\parallel", "∣": "|", "⊥": r"\perp", "∑": r"\sum", "∏": r"\prod",
    "∫": r"\int", "∮": r"\oint", "√": r"\surd", "…": r"\ldots", "⋯": r"\cdots", "ℝ": r"\mathbb{R}",
    "ℂ": r"\mathbb{C}", "ℕ": r"\mathbb{N}", "ℤ": r"\mathbb{Z}", "ℚ": r"\mathbb{Q}",
    "𝔼": r"\mathbb{E}", "ℙ": r"\mathbb{P}", "¯": r"\bar{}", "‾": r"\bar{}", "―": r"\bar{}",
    "ˆ": r"\hat{}", "˜": r"\tilde{}", "˙": r"\dot{}", "¨": r"\ddot{}", "ˇ": r"\check{}",
    "˘": r"\breve{}", "⃗": r"\vec{}", "\u2061": "", "\u2062": "", "\u2063": "", "\u2064": "",
    "\u200b": "",
}  # fmt: skip

_ACCENTS = {
    r"\bar{}": "bar", r"\_": "bar", r"\hat{}": "hat", r"\tilde{}": "tilde", r"\sim": "tilde",
    r"\dot{}": "dot", ".": "dot", r"\ddot{}": "ddot", r"\check{}": "check", r"\breve{}": "breve",
    r"\vec{}": "vec", r"\to": "vec",
}  # fmt: skip
_WIDE = {"bar": "overline", "hat": "widehat", "tilde": "widetilde", "vec": "overrightarrow"}


def _joined(parts: Iterable[str]) -> str:
    """Join pieces of TeX; a command is kept apart from a letter behind it."""
    joined: list[str] = []
    ends_in_command = False
    for part in parts:
        if not part:
            continue
        if ends_in_command and part[0].isalpha():
            joined.append(" ")
        joined.append(part)
        command = part.rfind("\\")
        ends_in_command = command >= 0 and part[command + 1 :].isalpha()
    return "".join(joined)


_ONE = re.compile(r"[^\\{}]|\\[A-Za-z]+|\\[^A-Za-z]")
_BASE = re.compile(r"[^\\{}]|\\[A-Za-z]+(?:\{[^{}]*\})?|[0-9.]+")


def _script(text: str) -> str:
    return text if _ONE.fullmatch(text) else f"{{{text}}}"


def _base(text: str) -> str:
    return text if _BASE.fullmatch(text) else f"{{{text}}}"


def _scripts(element: _Element) -> str:
    base, *scripts = element.parts
    marks = {"msup": "^", "msub": "_", "munder": "_", "mover": "^"}.get(element.name, "_^")
    tail = "".join(
        mark + _script(script) for mark, script in zip(marks, scripts, strict=False) if script
    )
    return _base(base) + tail


def _over(element: _Element) -> str:
    base, over, *_ = element.parts
    accent = _ACCENTS.get(over)
    if accent is None:
        return _scripts(element)
    is_wide = not _ONE.fullmatch(base)
    return rf"\{_WIDE.get(accent, accent) if is_wide else accent}{{{base}}}"


def _under(element: _Element) -> str:
    base, under, *_ = element.parts
    if under in (r"\bar{}", r"\_"):
        return rf"\underline{{{base}}}"
    return _scripts(element)


def _multiscripts(element: _Element) -> str:
    base, *rest = element.parts
    middle = rest.index(_PRESCRIPTS) if _PRESCRIPTS in rest else len(rest)
    before = _pairs([part for part in rest[middle:] if part != _PRESCRIPTS])
    return ("{}" + before if before else "") + _base(base) + _pairs(rest[:middle])


_PRESCRIPTS = "\x00"


def _pairs(scripts: list[str]) -> str:
    marked = ((mark, script) for mark, script in zip("_^" * len(scripts), scripts, strict=False))
    return "".join(mark + _script(script) for mark, script in marked if script)


def _fenced(element: _Element) -> str:
    marks = "".join(_attribute(element, "separators", ",").split())
    inner: list[str] = []
    for i, part in enumerate(element.parts):
        if i and marks:
            inner.append(_letters(marks[min(i, len(marks)) - 1]))
        inner.append(part)
    opening, closing = _attribute(element, "open", "("), _attribute(element, "close", ")")
    return _joined([_letters(opening), *inner, _letters(closing)])


def _fraction(element: _Element) -> str:
    over, under, *_ = element.parts
    if _attribute(element, "linethickness").startswith("0"):
        return rf"\binom{{{over}}}{{{under}}}"
    return rf"\frac{{{over}}}{{{under}}}"


def _table(element: _Element) -> str:
    return r"\begin{matrix}" + r" \\ ".join(element.parts) + r"\end{matrix}"


_CONVERTERS: dict[str, Callable[[_Element], str]] = {
    "msup": _scripts,
    "msub": _scripts,
    "msubsup": _scripts,
    "munderover": _scripts,
    "mover": _over,
    "munder": _under,
    "mmultiscripts": _multiscripts,
    "mprescripts": lambda element: _PRESCRIPTS,
    "mfrac": _fraction,
    "msqrt": lambda element: rf"\sqrt{{{_joined(element.parts)}}}",
    "mroot": lambda element: rf"\sqrt[{element.parts[1]}]{{{element.parts[0]}}}",
    "mfenced": _fenced,
    "mtr": lambda element: " & ".join(element.parts),
    "mtable": _table,
}

NAMES = frozenset(
    [
        *_CONVERTERS, *_TOKENS, "math", "mrow", "mstyle", "mpadded", "mphantom", "menclose",
        "merror", "mspace", "none", "mtd", "mlabeledtr", "semantics", "annotation-xml", "maction",
        "maligngroup", "malignmark", "mglyph",
    ]
)  # fmt: skip
"""The elements of MathML, as local names."""
