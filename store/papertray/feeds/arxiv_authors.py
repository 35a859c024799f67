r"""Authors as arXiv tells them: lists, parts of names, or one string; and its collaborations.

arXiv cuts the authors' line at commas. ``Keck Array, BICEP2 Collaborations: P. A. R. Ade`` comes
out as "Array, Keck", "Collaborations, BICEP2", ":" and "Ade, P. A. R.", and
``A. Person for the X Collaboration`` as one author. Where the words leave no doubt, bodies are put
together again; where they do, every word stays, and no author is ever called ":".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from papertray.core.model import Author
from papertray.core.names import parse_author
from papertray.core.tex import decode_tex

_BODY = r"(?:Collaboration|Consortium|Team|Working Group|Group)s?"
_IS_BODY = re.compile(rf"(?:.*\s)?{_BODY}", re.IGNORECASE | re.DOTALL)
_PLURAL = re.compile(r"(?:.*\s)?(?:Collaborations|Consortia|Teams|Groups)", re.IGNORECASE)
_FOR = re.compile(r"(.*?)\s*\b(?:for|on behalf of)\s+(?:the\s+)?(\S.*)", re.IGNORECASE | re.DOTALL)
_ODD = re.compile(rf"[^\w'’.-]|\A[\W_]*\Z|\A{_BODY}\Z", re.IGNORECASE)
# What needs no second look: no blanks, marks or TeX in it, and it names no body.
_PLAIN_FAMILY = re.compile(rf"(?!{_BODY}\Z)[A-Za-z]+(?:[-'][A-Za-z]+)*", re.IGNORECASE)
_PLAIN_GIVEN = re.compile(r"[A-Za-z.'-]+(?: [A-Za-z.'-]+)*")
_SUFFIX = re.compile(r"(?:Jr|Sr)\.?|I{2,3}|IV")
_CUT = re.compile(r"\s*[,;]\s*(?:and\s+)?|\s+and\s+")
_BODY_COLON = re.compile(rf"\b({_BODY})\s*:(?!\S)", re.IGNORECASE)
_MAY_NEED_MENDING = re.compile(
    rf"(?:{_BODY}|\b(?:for|behalf))\b|^[\W_]*$", re.IGNORECASE | re.MULTILINE
)
_LONGEST_BODY = 4
"""Names before a colon that may together name a body."""


def authors_of_parts(parts: Iterable[tuple[str, str, str]]) -> tuple[Author, ...]:
    """Return the authors whose (family name, given names, suffix) a source tells."""
    found: list[Author] = []
    readings: list[str] = []
    is_odd = False
    for family, given, suffix in parts:
        if not suffix and _PLAIN_FAMILY.fullmatch(family) and _PLAIN_GIVEN.fullmatch(given):
            found.append(Author(family, given))
            readings.append(f"{given} {family}")
            continue
        family, given, suffix = _clean(family), _clean(given), _clean(suffix)
        if given and not _ODD.search(family):
            found.append(Author(family, given, "", suffix))
        elif family or given:
            is_odd = True
            found.append(_parsed(family, given, suffix))
        else:
            continue
        readings.append(" ".join(filter(None, (given, family, suffix))))
    return _mended(readings, found) if is_odd else tuple(found)


def authors_of_names(names: Iterable[str]) -> tuple[Author, ...]:
    """Return the authors whose names, in reading order, a source tells one by one."""
    readings = [name for name in map(_clean, names) if name]
    authors = [parse_author(name) for name in readings]
    if _MAY_NEED_MENDING.search("\n".join(readings)) is None:
        return tuple(authors)
    return _mended(readings, authors)


def authors_in(text: str) -> tuple[Author, ...]:
    """Return the authors of a line that names them all: commas, "and", affiliations in brackets."""
    return authors_of_names(_names_in(_clean(text)))


def says_no_more_than_names(line: str) -> bool:
    """Tell whether the authors read from a line are all it says: no affiliations, no TeX."""
    return "(" not in line and "\\" not in line


def _clean(text: str) -> str:
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    if "\\" in text:
        text = decode_tex(text)
    return " ".join(text.split())


def _parsed(family: str, given: str, suffix: str) -> Author:
    """Read the particle off a family name of several words."""
    author = parse_author(f"{family}, {given}" if given else family)
    if not suffix or author.literal:
        return author
    return Author(author.family, author.given, author.particle, suffix)


def _names_in(text: str) -> list[str]:
    line = _BODY_COLON.sub(r"\1, :,", _outside_brackets(text))
    names: list[str] = []
    for piece in _CUT.split(line):
        if names and _SUFFIX.fullmatch(piece) and "," not in names[-1]:
            names[-1] += f", {piece}"
        elif piece.strip():
            names.append(piece.strip())
    return names


def _outside_brackets(text: str) -> str:
    """Leave out what stands in round brackets; a bracket that never closes is text."""
    if "(" not in text:
        return text
    pieces: list[str] = []
    depth = begin = 0
    for found in re.finditer(r"[()]", text):
        if found[0] == "(":
            if not depth:
                pieces.append(text[begin : found.start()])
                begin = found.start()
            depth += 1
        elif depth:
            depth -= 1
            if not depth:
                begin = found.end()
    return " ".join([*pieces, text[begin:]])


def _mended(readings: Sequence[str], authors: Sequence[Author]) -> tuple[Author, ...]:
    """Put bodies together again; `readings` are the names of `authors` in reading order."""
    found: list[Author] = []
    begin = 0
    colon = next((i for i, name in enumerate(readings[: _LONGEST_BODY + 1]) if name == ":"), 0)
    if colon and (body := _body_before_colon(readings[:colon])):
        found.append(Author(literal=body))
        begin = colon + 1
    for number in range(begin, len(readings)):
        name = readings[number]
        following = readings[number + 1] if number + 1 < len(readings) else ""
        if not any(character.isalnum() for character in name):
            continue
        spoken_for = _FOR.fullmatch(name)
        if spoken_for is None:
            if _is_body(name):
                found.append(Author(literal=_joined_body(readings, number, name)))
            else:
                found.append(authors[number])
            continue
        person, body = spoken_for.groups()
        if person:
            found.append(parse_author(person))
        if _is_body(body):
            found.append(Author(literal=body))
        elif not _PLURAL.fullmatch(following):
            found[len(found) - bool(person) :] = [authors[number]]
    return tuple(found)


def _is_body(name: str) -> bool:
    return _IS_BODY.fullmatch(name) is not None and " " in name


def _joined_body(readings: Sequence[str], number: int, name: str) -> str:
    """Give a body of several the name that an author "for the X" before it has begun."""
    before = _FOR.fullmatch(readings[number - 1]) if number else None
    if before and _PLURAL.fullmatch(name) and not _is_body(before[2]):
        return f"{before[2]} and {name}"
    return name


def _body_before_colon(names: Sequence[str]) -> str:
    """Return the one body that all `names` before a colon are, or nothing if that is not sure."""
    *others, last = names
    if not _is_body(last) or any(map(_is_body, others)):
        return ""
    if not others:
        return last
    return f"{', '.join(others)} and {last}" if _PLURAL.fullmatch(last) else ""
