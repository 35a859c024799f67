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


def plain_author(text: str) -> Author | None:
    """Return what `parse_author` would for a name such as ``Grace M. Hopper``, else None.

    Nine of ten names are so plain that one look tells, in a sixth of the time.
    """
    found = _PLAIN.fullmatch(text)
    if found is None or not _NOT_PLAIN.isdisjoint(text.replace("-", " ").split(" ")):
        return None
    return Author(found[2], found[1])


def parse_author(text: str) -> Author:
    """Return the author that `text` names.

    Understood are ``Given particle Family Jr``, ``particle Family, Given``, ``Family, Jr, Given``,
    ``Family Jr, Given``, bodies (``The ATLAS Collaboration``, ``AT&T Labs, Inc.``, anything in
    braces or before a last comma, as EndNote has it), names in Chinese characters, kana or hangul
    (family name first), one-word names, and ``et al.`` or ``others``. Empty text gives an empty
    `Author`.
    """
    plain = plain_author(text)
    if plain is not None:
        return plain
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if _OTHERS.fullmatch(name):
        return OTHERS
    if name.startswith("{") and name.endswith("}") and "}" not in name[1:-1]:
        return Author(literal=name[1:-1].strip())
    parts = [part.strip() for part in name.split(",") if part.strip()]
    if len(parts) == 2 and _BODY_HEAD.fullmatch(parts[0]):
        return Author(literal=f"{parts[1]} {parts[0]}")  # Collaboration, ATLAS
    if _BODY.search(name) or _JOINED.search(name):
        return Author(literal=name.rstrip(", "))
    if len(parts) > 1:
        return _inverted(name, parts)
    if parts and name.endswith(","):
        return Author(literal=parts[0])
    return _direct(parts[0] if parts else "")


def person(family: str, given: str = "", suffix: str = "") -> Author:
    """Return the person whose names a source keeps apart; one name alone stays whole.

    Only a particle before the surname is still to be told from it: ``van der`` Berg.
    """
    family, given, suffix = (
        " ".join(unicodedata.normalize("NFC", part).split()) for part in (family, given, suffix)
    )
    if not family or not (given or suffix):
        return Author(literal=family or given)
    particle, family = _split_particle(family.split())
    return Author(family, given, particle, suffix)


def parse_surname_first(text: str) -> Author:
    """Return the author of ``Smith JA``, ``van der Berg A.-M.`` or ``Smith JA Jr``.

    So write PubMed, Ovid, Embase and Scopus, without a comma. A name that does not end in up to
    three initials is parsed as `parse_author` does. Only a source can tell ``Li X`` from
    ``Malcolm X``, so readers ask for this where theirs writes so.
    """
    words = unicodedata.normalize("NFC", text).split()
    suffix = words.pop() if len(words) > 2 and _NUMBERED_SUFFIX.fullmatch(words[-1]) else ""
    start = len(words)
    while start > 1 and _is_initials(words[start - 1], alone=start == len(words)):
        start -= 1
    if start == len(words) or "," in text or _BODY.search(text) or _JOINED.search(text):
        return parse_author(text)
    if not suffix and start > 1 and _NUMBERED_SUFFIX.fullmatch(words[start - 1]):
        suffix = words.pop(start - 1)  # Smith Jr JA
        start -= 1
    particle, family = _split_particle(words[:start])
    return Author(family, " ".join(words[start:]), particle, suffix)


def parse_authors(names: str | Iterable[str], *, surname_first: bool = False) -> tuple[Author, ...]:
    """Return the authors of a list, or of one string that holds a list.

    A string is cut at `` and ``, at semicolons and line ends, or else at commas if each piece then
    reads as a name of two words or more (``Ada Lovelace, Alan Turing``) or surnames and initials
    take turns (``Lovelace, A., Turing, A. M.``); what cannot be told apart stays one name. Entries
    without a letter are dropped; ``Smith et al.`` is Smith and others, and others come once, last.
    A list that is written twice over is given once.

    Arguments: `surname_first` has each name read by `parse_surname_first`.
    """
    parse = parse_surname_first if surname_first else parse_author
    found: list[Author] = []
    others = False
    for text in _split(names) if isinstance(names, str) else names:
        name, count = _TRAILING_OTHERS.subn("", text)
        author = parse(name)
        others = others or bool(count) or author.stands_for_others
        if not author.stands_for_others and any(c.isalnum() for c in author.display):
            found.append(author)
    half = len(found) // 2
    if half > 1 and found[:half] == found[half:]:  # two of one name are no list
        del found[half:]
    if others:
        found.append(OTHERS)
    return tuple(found)


def names_end_in_initials(names: str) -> bool:
    """Tell whether each of the names in one string ends in initials: ``Liu R., Adler D.G.``.

    Then the source writes surnames first, which one name alone (``Malcolm X``) could not tell
    without a full stop.
    """
    found = [_TRAILING_OTHERS.sub("", name).split() for name in _split(names)]
    named = [words for words in found if words and not _OTHERS.fullmatch(" ".join(words))]
    return bool(named) and all(
        len(words) > 1
        and "," not in " ".join(words)
        and _is_initials(words[-1], alone=True)
        and not _is_initials(words[0], alone=False)
        and (len(named) > 1 or words[-1].endswith("."))
        for words in named
    )


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
_NUMBERED_SUFFIX = re.compile(r"(?:Jr|Sr)\.?|I{2,3}|IV|2nd|3rd|[4-9]th")

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
# Capitals, small letters, full stops: no particle, comma, brace or suffix; nor, by the words that
# are not plain, a body or a particle with a capital.
_CAPITAL, _SMALL = "A-ZÀ-ÖØ-ÞĀ-ſ", "a-zß-öø-ÿĀ-ſ"
_FAMILY = rf"[{_CAPITAL}][{_SMALL}]+(?:-[{_CAPITAL}][{_SMALL}]+)*"
_GIVEN = rf"[{_CAPITAL}][{_SMALL}]*(?:-[{_CAPITAL}{_SMALL}]+)*\.?"
_PLAIN = re.compile(rf"({_GIVEN}(?: {_GIVEN})*) ({_FAMILY})")
_NOT_PLAIN = _CAPITAL_PARTICLES | frozenset(
    """Collaboration Collaborations Consortium Team Group Inc Inc. Ltd Ltd. Foundation University
    Institute Laboratory Laboratories Lab Labs Lab. Labs. Society Association Committee Commission
    Council Ministry Department Organisation Organization Agency Project Research Network Initiative
    Corporation Company Alliance Force Contributors Developers Community
    Universität Université Others Al Al. Jr Sr Ii Iii Iv""".split()
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
    words = parts[0].split()
    if not suffix and len(words) > 1 and _SUFFIX.fullmatch(words[-1]):
        suffix = words.pop()  # de la Cruz Jr, J
    particle, family = _split_particle(words)
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


def _is_initials(word: str, *, alone: bool) -> bool:
    """Tell ``JA``, ``J.A.`` and ``A.-M.`` from a word. Before others stand only single letters."""
    letters = word.replace(".", "").replace("-", "")
    longest = 3 if alone else 1
    if not letters.isalpha() or not letters.isupper():
        return False
    return len(letters) <= longest or word.count(".") >= len(letters)


def _is_east_asian_letter(character: str) -> bool:
    return (
        "\u3040" <= character <= "\u30ff"  # kana
        or "\u3400" <= character <= "\u9fff"  # Chinese characters
        or "\uac00" <= character <= "\ud7a3"  # hangul
        or "\uf900" <= character <= "\ufaff"
        or "\U00020000" <= character <= "\U0003ffff"
    )


def _split(text: str) -> list[str]:
    pieces = _cut(r"[;\n]", text)
    if len(pieces) > 1:
        return pieces
    pieces = _cut(r"\s+and\s+", text)
    if len(pieces) == 1 and all(" " in piece for piece in _cut(r"\s+&\s+", text)):
        pieces = _cut(r"\s+&\s+", text)
    if len(pieces) <= 1:
        return _split_commas(text)
    if "," not in pieces[-1]:  # A B, C D, and E F
        return [name for piece in pieces for name in _split_commas(piece)]
    return [name for piece in pieces for name in _pairs(_cut(",", piece)) or [piece]]


def _cut(separator: str, text: str) -> list[str]:
    pieces = (piece.strip() for piece in re.split(separator, text))
    return [piece for piece in pieces if piece]


def _split_commas(text: str) -> list[str]:
    pieces = [_LEADING_AND.sub("", piece) for piece in _cut(",", text)]
    names = [piece for piece in pieces if not _OTHERS.fullmatch(piece)]
    if len(pieces) > 1 and all(" " in name and not _SUFFIX.fullmatch(name) for name in names):
        return _pairs(pieces) or pieces
    return _pairs(pieces) or [text]


def _pairs(pieces: list[str]) -> list[str]:
    """Return ``Lovelace, A.`` and so on if surnames and initials take turns, or an empty list."""
    others = pieces[-1:] if pieces and _OTHERS.fullmatch(pieces[-1]) else []
    names = pieces[: len(pieces) - len(others)]
    if len(names) < 4 or len(names) % 2:
        return []
    surnames = [_LEADING_AND.sub("", name) for name in names[::2]]
    initials = names[1::2]
    if any(_are_initials(name) for name in surnames) or not all(map(_are_initials, initials)):
        return []
    return [f"{name}, {given}" for name, given in zip(surnames, initials, strict=True)] + others


def _are_initials(text: str) -> bool:
    return all(_is_initials(word, alone=True) for word in text.split())


_LEADING_AND = re.compile(r"^(?:and|&)\s+")
