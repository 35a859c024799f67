"""Names of authors: one string as people write it, parsed into an `Author`.

Names are not regular; these rules hold for the great majority and never lose a word. A name whose
parts cannot be told apart (one word, a body, Chinese characters without a space) stays whole.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from papertray.core.model import Author

OTHERS = Author(literal="et al.")
"""Stands, last in a list, for the authors that a source left out."""


def parse_author(text: str) -> Author:
    """Return the author that `text` names.

    Understood are ``Given particle Family Jr``, ``particle Family, Given``, ``Family, Jr, Given``,
    bodies (``The ATLAS Collaboration``, ``AT&T Labs, Inc.``, anything in braces), names in Chinese
    characters, kana or hangul (family name first), one-word names, and ``et al.`` or ``others``.
    Empty text gives an empty `Author`.
    """
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if _OTHERS.fullmatch(name):
        return OTHERS
    if name.startswith("{") and name.endswith("}") and "}" not in name[1:-1]:
        return Author(literal=name[1:-1].strip())
    parts = [part.strip() for part in name.split(",") if part.strip()]
    if len(parts) == 2 and _BODY_HEAD.fullmatch(parts[0]):
        return Author(literal=f"{parts[1]} {parts[0]}")  # Collaboration, ATLAS
    if _BODY.search(name) or _JOINED.search(name):
        return Author(literal=name)
    if len(parts) > 1:
        return _inverted(name, parts)
    return _direct(parts[0] if parts else "")


def parse_authors(names: str | Iterable[str]) -> tuple[Author, ...]:
    """Return the authors of a list, or of one string that holds a list.

    A string is cut at `` and ``, at semicolons and line ends, or else at commas if each piece then
    reads as a name of two words or more (``Ada Lovelace, Alan Turing``). Entries without a letter
    are dropped; ``Smith et al.`` is Smith and others, and others come once, last.
    """
    found: list[Author] = []
    others = False
    for text in _split(names) if isinstance(names, str) else names:
        name, count = _TRAILING_OTHERS.subn("", text)
        author = parse_author(name)
        others = others or bool(count) or author.stands_for_others
        if not author.stands_for_others and any(c.isalnum() for c in author.display):
            found.append(author)
    if others:
        found.append(OTHERS)
    return tuple(found)


def is_east_asian(name: str) -> bool:
    """Tell whether all letters of `name` are Chinese characters, kana or hangul."""
    if name.isascii():
        return False
    letters = [c for c in name if c.isalpha()]
    return bool(letters) and all(_is_east_asian_letter(c) for c in letters)


_OTHERS = re.compile(r"(?:and |& )?(?:et\.? al\.?|others)", re.IGNORECASE)
_TRAILING_OTHERS = re.compile(r"(?<=\w)[.,]? (?:et\.? al\.?|and others)\s*$", re.IGNORECASE)
_JOINED = re.compile(r" and |[&{}]")
_SUFFIX = re.compile(r"(?:Jr|Sr)\.?|I{2,3}|IV", re.IGNORECASE)

# Case matters: "AI" is a laboratory, "Ai" a surname.
_BODY_HEAD = re.compile(r"(?:Collaboration|Consortium|Team|Working Group|Group)s?")
_BODY = re.compile(
    r"\b(?:Collaborations?|Consortium|Team|Group|Inc\.?|Ltd\.?|LLC|GmbH|Foundation|University|"
    r"Universität|Université|Institute|Laborator(?:y|ies)|Labs?|Society|Association|Committee|"
    r"Commission|Council|Ministry|Department|Organi[sz]ation|Agency|Project|AI|Research|Network|"
    r"Initiative|Corporation|Company|Alliance|Task Force|"
    r"[Cc]ontributors|[Dd]evelopers|[Cc]ommunity)"
    r"(?!\w)"
)

_PARTICLES = frozenset(
    """af al am an auf av bin da das de degli dei del della delle den der des di do dos du el ibn la
    las le les lo los op 't ten ter van vom von zu zum zur""".split()
)
# Written with a capital, only these are no given names or syllables of such.
_CAPITAL_PARTICLES = frozenset(
    [
        "Van",
        "Von",
        "De",
        "Den",
        "Der",
        "Del",
        "Della",
        "Dos",
        "Ter",
        "VAN",
        "VON",
        "DE",
        "DEN",
        "DER",
    ]
)
_CONJUNCTIONS = frozenset("eiy")


def _inverted(name: str, parts: list[str]) -> Author:
    """`parts` are what commas separate: two, or three with a suffix among them."""
    if len(parts) == 2 and _SUFFIX.fullmatch(parts[1]):
        author = _direct(parts[0])
        return Author(
            author.family or author.literal, author.given, author.particle, suffix=parts[1]
        )
    suffix = ""
    if len(parts) == 3:
        place = next((i for i in (1, 2) if _SUFFIX.fullmatch(parts[i])), None)
        if place is None:
            return Author(literal=name)
        suffix = parts.pop(place)
    if len(parts) != 2:
        return Author(literal=name)
    particle, family = _split_particle(parts[0].split())
    return Author(family, parts[1], particle, suffix)


def _direct(name: str) -> Author:
    """`name` has no commas."""
    words = name.split()
    if len(words) < 2:
        return Author(literal=name)
    if is_east_asian(name):
        return Author(family=words[0], given=" ".join(words[1:]))
    suffix = words.pop() if len(words) > 2 and _SUFFIX.fullmatch(words[-1]) else ""
    start = len(words) - 1
    while start > 1 and _is_particle(words[start - 1]):
        start -= 1
    if start > 1 and words[start - 1] in _CONJUNCTIONS:
        start -= 2  # Ortega y Gasset
    particle, family = _split_particle(words[start:])
    return Author(family, " ".join(words[:start]), particle, suffix)


def _split_particle(words: list[str]) -> tuple[str, str]:
    count = 0
    while count < len(words) - 1 and _is_particle(words[count]):
        count += 1
    return " ".join(words[:count]), " ".join(words[count:])


def _is_particle(word: str) -> bool:
    return word in _PARTICLES or word in _CAPITAL_PARTICLES


def _is_east_asian_letter(character: str) -> bool:
    return (
        "\u3040" <= character <= "\u30ff"  # kana
        or "\u3400" <= character <= "\u9fff"  # Chinese characters
        or "\uac00" <= character <= "\ud7a3"  # hangul
        or "\uf900" <= character <= "\ufaff"
        or "\U00020000" <= character <= "\U0003ffff"
    )


def _split(text: str) -> list[str]:
    for separator in (r"[;\n]", r"\s+and\s+"):
        pieces = [piece.strip() for piece in re.split(separator, text) if piece.strip()]
        if len(pieces) > 1:
            if separator == r"\s+and\s+" and "," not in pieces[-1]:  # A B, C D, and E F
                pieces = [name for piece in pieces for name in _split_commas(piece)]
            return pieces
    return _split_commas(text)


def _split_commas(text: str) -> list[str]:
    pieces = [piece.strip() for piece in text.split(",") if piece.strip()]
    names = [piece for piece in pieces if not _OTHERS.fullmatch(piece)]
    if len(pieces) > 1 and all(" " in name and not _SUFFIX.fullmatch(name) for name in names):
        return pieces
    return [text]
