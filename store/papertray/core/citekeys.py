"""Citation keys: what a paper is called in a text that cites it.

Keys are made by a formula: one of `PRESETS`, or a template, text with parts in braces. They are
ASCII letters, digits and hyphens, whatever the template says; every client takes these. A key is
given once and kept by the store; here is only how a first one is found.

=============  =========================================================  ====================
part           of Attention Is All You Need by Vaswani, Shazeer, …, 2017  with a number N
=============  =========================================================  ====================
``{author}``   ``Vaswani``, the first author's surname                    its first N letters
``{authors}``  ``Vaswani-etal``; of two authors both, ``Smith-Jones``     up to N surnames (2)
``{title}``    ``AttentionAllNeed``, without words like *the* and *is*    N words (3)
``{year}``     ``2017``                                                   its last N digits
=============  =========================================================  ====================

After a part's name come, each behind a colon: a number, ``lower`` or ``upper``, and ``dashed`` for
hyphens between the words of the title: ``{title:4:lower:dashed}`` is ``attention-all-need``.
Hyphens beside a part that is missing go with it.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from papertray.core.errors import UsageError
from papertray.core.model import Author, Work

PRESETS: Mapping[str, str] = MappingProxyType(
    {
        "better-bibtex": "{author:lower}{title}{year}",
        "google-scholar": "{author:lower}{year}{title:1:lower}",
        "acl-anthology": "{authors:lower}-{year}-{title:1:lower}",
    }
)
"""The templates that have a name: that of a place whose keys look so.

``vaswaniAttentionAllNeed2017``, ``vaswani2017attention``, ``vaswani-etal-2017-attention``.
"""

TITLE_WORDS = 3
"""How many words of the title go into a key where a template names no number."""

LONGEST = 120
"""Letters of the longest key that a formula makes."""

_LONGEST_PART = 48
_LONGEST_TEMPLATE = 200
_NUMBERS = range(1, 100)
_FIELDS = ("author", "authors", "title", "year")


@dataclass(frozen=True, slots=True)
class Part:
    """A part in braces. `number` is 0 where none is given, `case` lower, upper or empty."""

    field: str
    number: int = 0
    case: str = ""
    is_dashed: bool = False


@dataclass(frozen=True, slots=True)
class Formula:
    """How keys are made: letters that stay, and parts that each paper fills."""

    pieces: tuple[str | Part, ...]

    @property
    def most_authors(self) -> int:
        """How many of a paper's authors have to be known, the first ones: some have thousands."""
        most = (
            (part.number or 2) + 1 if part.field == "authors" else 1
            for part in self.pieces
            if isinstance(part, Part)
        )
        return max(most, default=1)


@lru_cache(maxsize=16)
def parse_formula(text: str) -> Formula:
    """Return the formula that a preset's name or a template stands for.

    Raises `UsageError`, in a sentence that begins with `text`, where it is neither.
    """
    template = PRESETS.get(text, text)
    formula = Formula(tuple(_pieces(template))) if len(template) <= _LONGEST_TEMPLATE else None
    if formula is None:
        raise UsageError(f"{text[:30]}… is too long for the formula of a key.")
    if not any(isinstance(piece, Part) and piece.field != "year" for piece in formula.pieces):
        raise UsageError(
            f"{text!r} is no formula of keys: take {', '.join(PRESETS)}, or a template with "
            "{author}, {authors} or {title}."
        )
    return formula


def _pieces(template: str) -> Iterator[str | Part]:
    for found in _PIECE.finditer(template):
        part, letters = found.groups()
        if letters:
            yield letters
        elif part is not None:
            yield _part(template, part)
        else:
            what = "braces that do not match" if found[0] in "{}" else repr(found[0])
            raise UsageError(
                f"{template!r} holds {what}; beside parts such as {{author}} there are only ASCII "
                "letters, digits and hyphens in a key."
            )


def _part(template: str, text: str) -> Part:
    field, *options = text.split(":")
    if field not in _FIELDS:
        there_are = ", ".join(f"{{{name}}}" for name in _FIELDS)
        raise UsageError(f"{template!r} holds {{{field}}}; a key is made of {there_are}.")
    number, case, is_dashed = 0, "", False
    for option in options:
        if option in ("lower", "upper"):
            case = option
        elif option == "dashed" and field == "title":
            is_dashed = True
        elif option.isascii() and option.isdecimal() and int(option[:5]) in _NUMBERS:
            number = int(option)
        else:
            also = ", dashed" if field == "title" else ""
            raise UsageError(
                f"{template!r} holds {{{text}}}; after {field} and a colon comes a number from 1 "
                f"to {_NUMBERS[-1]}, lower{also} or upper."
            )
    return Part(field, number, case, is_dashed)


_PIECE = re.compile(r"\{([^{}]*)\}|([A-Za-z0-9-]+)|.", re.DOTALL)

USUAL = "better-bibtex"
"""The name of the formula of those who choose none."""


def citekey(work: Work, uid: str, formula: Formula | None = None) -> str:
    """Return the key that `work` should have, if nobody else has it.

    `formula` None is the usual one. What is missing is left out. Where what the formula says of
    author and title has no Latin letter and no digit, the key is ``paper`` and the arXiv id, or,
    if there is none, a short digest of `uid`. A key is never digits only: those name rows.
    """
    return citekey_of(work.authors, work.title, work.year, work.arxiv_id, uid, formula)


def citekey_of(
    authors: tuple[Author, ...],
    title: str,
    year: int | None,
    arxiv_id: str,
    uid: str,
    formula: Formula | None = None,
) -> str:
    """Return what `citekey` does, for papers by the thousand: of a work, only what a key needs.

    Of the authors that is the first `Formula.most_authors`.
    """
    pieces = []
    is_named = False
    for piece in (formula or parse_formula(USUAL)).pieces:
        if isinstance(piece, str):
            pieces.append(piece)
        elif piece.field == "year":
            pieces.append(str(year)[-piece.number :] if year else "")
        else:
            text = _filled(piece, authors, title)
            is_named = is_named or text != ""
            pieces.append(text)
    if not is_named:
        return "paper" + (_plain(arxiv_id).lower() or _uid_part(uid))
    key = "".join(pieces)[:LONGEST]
    if "-" in key:
        key = _DASHES.sub("-", key).strip("-")
    return "paper" + key if key.isdigit() else key


def suffixed(base: str, number: int) -> str:
    """Return `base` for 0, then with ``a`` for 1 … ``z`` for 26, ``aa`` for 27 and so on."""
    suffix = ""
    while number:
        number, letter = divmod(number - 1, 26)
        suffix = chr(ord("a") + letter) + suffix
    return base + suffix


def first_free(bases: Iterable[str], taken: Set[str]) -> list[tuple[str, str]]:
    """Return for each of `bases` the first of base, basea, baseb … that nobody has or had.

    Each key comes with its folded form before it. `taken` are the keys that are gone, folded; each
    key that is given is gone for those after it.
    """
    gone = set(taken)
    numbers: dict[str, int] = {}
    found = []
    for base in bases:
        folded_base = fold_key(base)
        number = numbers.get(folded_base, 0)
        # Letters fold one by one, and a suffix is folded already.
        while (folded := suffixed(folded_base, number)) in gone:
            number += 1
        numbers[folded_base] = number + 1
        gone.add(folded)
        found.append((folded, suffixed(base, number)))
    return found


def is_citekey(key: str) -> bool:
    r"""Tell whether a key that came from outside can be used: safe in BibTeX, TeX and Markdown.

    Letters of any script, digits and ``_ : . / + -`` after a first letter or digit, at most 200,
    and not digits only, which name rows.
    """
    return len(key) <= 200 and not key.isdigit() and _KEY.fullmatch(key) is not None


def fold_key(key: str) -> str:
    """Return the form in which two keys that BibTeX takes for one are equal."""
    return key.casefold()


def _filled(part: Part, authors: tuple[Author, ...], title: str) -> str:
    if part.field == "title":
        text = _short_title(title, part.number or TITLE_WORDS, "-" if part.is_dashed else "")
    elif part.field == "authors":
        text = _surnames(authors, part.number or 2)
    else:
        text = _surname(authors[0])[: part.number or None] if authors else ""
    if part.case == "lower":
        return text.lower()
    return text.upper() if part.case == "upper" else text


def _surname(author: Author) -> str:
    """Return the ASCII letters of a name; none for those that are left out of a list."""
    if author.stands_for_others:
        return ""
    name = author.literal or author.particle + author.family or author.given
    return _plain(name)[:_LONGEST_PART]


def _surnames(authors: tuple[Author, ...], most: int) -> str:
    """Return up to `most` surnames with hyphens, or the first and ``etal`` where there are more."""
    if not authors or not (first := _surname(authors[0])):
        return ""
    if len(authors) > most or authors[-1].stands_for_others:
        return f"{first}-etal"
    return "-".join(filter(None, map(_surname, authors)))


def _short_title(title: str, most: int, joined: str) -> str:
    text = title
    if "$" in title:
        from papertray.core.segments import segments  # few titles have formulas

        text = "".join(_spoken(s.text) if s.is_math else s.text for s in segments(title))
    words = []
    for found in _WORD.finditer(text):
        word = found[0]
        if not (word.isascii() and word.isalnum()):  # the usual ones need no more
            word = _plain(word)
        if word and word.lower() not in _SKIPPED:
            words.append(word[0].upper() + word[1:])
            if len(words) == most:
                break
    return joined.join(words)[:_LONGEST_PART]


def _spoken(formula: str) -> str:
    """``\\mathcal{O}(n)`` → ``O(n)``, ``\\alpha`` → ``alpha``."""
    return _FONT.sub("", formula).replace("\\", "")


def _plain(text: str) -> str:
    """Return the ASCII letters and digits of `text`; accents are dropped, ø ß æ … spelled out."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.translate(_SPELLED))
    return text if text.isascii() and text.isalnum() else _NOT_PLAIN.sub("", text)


def _uid_part(uid: str) -> str:
    return hashlib.blake2b(uid.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()


_KEY = re.compile(r"[^\W_][\w:./+-]*")
_DASHES = re.compile("-{2,}")
_NOT_PLAIN = re.compile(r"[^A-Za-z0-9]+")
_WORD = re.compile(r"[^\s/:|–—]+")  # a hyphen joins: Pre-training → Pretraining
_FONT = re.compile(r"\\(?:math[a-z]+|text[a-z]*|operatorname|boldsymbol|bm)(?![a-zA-Z])")

_SPELLED = str.maketrans(
    {
        "ß": "ss", "ẞ": "SS", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D",
        "ð": "d", "Ð": "D", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "þ": "th", "Þ": "Th",
        "ı": "i", "ħ": "h", "Ħ": "H",
    }
)  # fmt: skip

# Function words of English, then articles and prepositions of its neighbours.
_SKIPPED = frozenset(
    """a about above across after against along among an and are around as at be before behind
    below between beyond but by can do does down during for from how if in inside into is it its
    like near no not of off on onto or our out over per that than the then this through to toward
    towards under until up upon using versus via we what when who why with within without you your
    al auf d da das de del della dem den der des di die du een eine einer el en et gli il la las le
    les los na ou sur um un una und une von voor zu zum zur""".split()
)
