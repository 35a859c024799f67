"""Names of authors as BibTeX and biber read them: ``van der Maaten, Laurens``, ``{OpenAI}``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from papertray.core.model import Author
from papertray.core.names import is_east_asian, person
from papertray.exporters.latex import escape, fit, formula, mark, marked_pieces, shield
from papertray.exporters.latex_spelling import ASCII, Spelling


def names(authors: Iterable[Author], spelling: Spelling = ASCII, most: int | None = None) -> str:
    """Return the value of an author field, or an empty string if nobody is named.

    Of more than `most` authors the first ones are written ``and others``, which styles print as
    "et al."; None for all.
    """
    found: list[str] = []
    others = False
    for author in authors:
        if author.stands_for_others:
            others = True
        elif written := name(author, spelling):
            found.append(written)
    if most is not None and len(found) > most:
        del found[most:]
        others = True
    if others and found:
        found.append("others")
    return " and ".join(found)


@lru_cache(maxsize=32768)
def name(author: Author, spelling: Spelling = ASCII) -> str:
    """Return one author; an empty string where nothing is left of the name that can be written."""
    family, given = fit(author.family), fit(author.given)
    if author.literal or not family or not given:
        return undivided(author.display, spelling)
    if is_east_asian(family) and is_east_asian(given):
        return f"{{{escape(family, spelling)}{escape(given, spelling)}}}"
    if any(word[0].islower() for word in family.split()) or person(family, "X").particle:
        family = undivided(family, spelling)
    else:
        family = _part(family, spelling)
    if particle := _part(author.particle, spelling):
        family = f"{particle} {family}"
    suffix = _part(author.suffix, spelling)
    divided = ", ".join(filter(None, (family, suffix, _part(given, spelling))))
    # biber counts commas in braces, too, and skips the whole entry where there are three.
    if divided.count(",") > 2:
        return undivided(author.display, spelling)
    return shield(divided)  # once more: of two parts together something else may come


def undivided(text: str, spelling: Spelling = ASCII) -> str:
    """Return a text in braces, so that nothing in it is taken for the parts of a name.

    Special characters stay outside of them. Label-making styles cut names by characters, and cut
    ``{AT\\&T}`` in the middle of ``\\&``; a special character at brace level 0 is one to them:
    ``{AT}{\\&}{T}``.
    """
    found: list[str] = []
    plain: list[str] = []
    for character in _spelled(text, spelling):
        if not character.startswith("{\\"):
            plain.append(character)
            continue
        if plain:
            found.append(f"{{{''.join(plain)}}}")
            plain.clear()
        found.append(character)
    if plain:
        found.append(f"{{{''.join(plain)}}}")
    return shield("".join(found))


def label(text: str, spelling: Spelling = ASCII) -> str:
    """Return a text that styles may cut anywhere to make a label of it."""
    return shield("".join(_spelled(text, spelling)))


def _part(text: str, spelling: Spelling) -> str:
    """Return a part of a name, in braces only where BibTeX would cut it."""
    return (undivided if _AND_OR_COMMA.search(text) else label)(text, spelling)


def _spelled(text: str, spelling: Spelling) -> list[str]:
    """Return the spellings of a name's characters; a formula is one character."""
    text = fit(text)
    if "$" not in text:
        return [character.translate(spelling.names) for character in mark(text)]
    found: list[str] = []
    for piece in marked_pieces(text):
        if piece.is_math:
            found.append(f"{{\\ensuremath{{{formula(piece.text)[1:-1]}}}}}")
        else:
            found.extend(character.translate(spelling.names) for character in piece.text)
    return found


_AND_OR_COMMA = re.compile(r"\band\b|,", re.IGNORECASE)
