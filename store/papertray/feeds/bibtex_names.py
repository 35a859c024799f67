r"""Lists of names by the rules of BibTeX: ``von Last, Jr, First`` and ``First von Last``.

Names are parted by `` and ``, words by spaces, and only outside of braces: ``{Barnes and Noble}``
is one name, and one in braces as a whole is a body. Words that begin with a small letter are the
particle. Also BibLaTeX's ``family=Maaten, given=Laurens, prefix=van der``.

Where nothing is marked by braces, `papertray.core.names` decides as for all other sources: it
knows ``Van Gool, Luc`` and ``The ATLAS Collaboration``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from papertray.core.model import Author
from papertray.core.names import OTHERS, parse_author
from papertray.core.tex_bibliography import decode_bibliography


def names(value: str) -> tuple[Author, ...]:
    """Return the authors that the value of an author or editor field names; others come last."""
    found: list[Author] = []
    others = False
    pieces = list(_split(" ".join(value.split()), _AND))
    if len(pieces) == 1:
        pieces = _unusual(pieces[0])
    for piece in pieces:
        if "al" in piece[-5:].lower() and _TRAILING_OTHERS.search(piece):
            piece, others = _TRAILING_OTHERS.sub("", piece), True
        author = _cached_name(piece) if len(piece) <= _LONGEST_CACHED else _name(piece)
        if author.stands_for_others:
            others = True
        elif any(c.isalnum() for c in author.display):
            found.append(author)
    return (*found, OTHERS) if others else tuple(found)


_LONGEST_CACHED = 200
_AND = re.compile(r" +and +|^and +| +and$", re.IGNORECASE)
_TRAILING_OTHERS = re.compile(r"(?<=[\w.}]),? +(?:\{\\(?:em|it) *)?et\.? al\.?\}?$", re.IGNORECASE)
_SEMICOLON = re.compile(r"\s*;\s*")
_COMMA = re.compile(r" *, *")
_BLANK = re.compile(r"[ ~\u00a0]+")
_BRACES = re.compile(r"\\[{}]|[{}]")
_PART = re.compile(r'\s*(family|given|prefix|suffix|[a-z]+(?:-i)?)\s*=\s*"?(.*?)"?\s*', re.DOTALL)
_EXTENDED = re.compile(r"(?:[^{}]*,)?\s*(?:family|given|prefix|suffix|id)\s*=", re.IGNORECASE)


def _split(text: str, separator: re.Pattern[str]) -> Iterator[str]:
    """Yield what `separator` parts outside of braces."""
    if "{" not in text:
        yield from separator.split(text)
        return
    done = 0
    depths = _depths(text)
    for found in separator.finditer(text):
        if depths[found.start()] == 0:
            yield text[done : found.start()]
            done = found.end()
    yield text[done:]


def _depths(text: str) -> list[int]:
    """Return for each position how many braces are open there; escaped ones do not count."""
    depths: list[int] = []
    depth = 0
    for brace in _BRACES.finditer(text):
        depths.extend([depth] * (brace.start() - len(depths)))
        if brace[0] == "{":
            depth += 1
        elif brace[0] == "}":
            depth = max(depth - 1, 0)
    depths.extend([depth] * (len(text) + 1 - len(depths)))
    return depths


def _unusual(text: str) -> list[str]:
    """Return the names of a list that is not parted by ``and``, as some programs write it."""
    parts = list(_split(text, _SEMICOLON))
    if len(parts) > 1:
        return parts
    commas = list(_split(text, _COMMA))
    is_list = len(commas) > 3 and all(" " in name or "~" in name for name in commas)
    return commas if is_list else [text]


def _name(text: str) -> Author:
    text = text.strip().strip(",").strip()
    if _EXTENDED.match(text):
        return _extended(text)
    if "{" not in text:
        decoded = _decoded(text)
        parts = [part for part in decoded.split(",") if part.strip()]
        if len(parts) == 1 and (author := _with_particle(decoded.split())):
            return author
        if len(parts) != 3:
            return _small_particle(parse_author(decoded))
    if _is_body(text):
        name = parse_author(_decoded(text))
        return name if name.stands_for_others else Author(literal=_decoded(text))
    parts = [part for part in _split(text, _COMMA) if part]
    if len(parts) == 1:
        return _direct(parts[0])
    if len(parts) > 3:
        return Author(literal=_decoded(text))
    particle, family = _particle_and_family(_words(parts[0]))
    suffix = parts[1] if len(parts) == 3 else ""
    given = parts[-1]
    if len(parts) == 3 and _SUFFIX.fullmatch(given) and not _SUFFIX.fullmatch(suffix):
        suffix, given = given, suffix
    return Author(_decoded(family), _decoded(given), _decoded(particle), _decoded(suffix))


_DUTCH = frozenset("van von vom zu zur den der de ter ten".split())
_cached_name = lru_cache(maxsize=16384)(_name)
_SUFFIX = re.compile(r"\{?(?:Jr|Sr)\.?\}?|I{2,3}|IV", re.IGNORECASE)
_BRACED_SUFFIX = re.compile(r"\{([^{},]+), ?((?:Jr|Sr)\.?|I{2,3}|IV)\}")


def _decoded(text: str) -> str:
    return " ".join(decode_bibliography(text).split())


def _is_body(text: str) -> bool:
    r"""Tell whether all of a name stands in braces: ``{OpenAI}``, ``{AT}{\&}{T Labs}``."""
    if not text.startswith("{"):
        return False
    depths = _depths(text)
    outside = [c for c, depth in zip(text, depths, strict=False) if depth == 0]
    is_special = text.startswith("{\\") and outside.count("{") == 1
    return not is_special and all(c in "{}" for c in outside)


def _words(text: str) -> list[str]:
    return [word for word in _split(text, _BLANK) if word]


def _is_small(word: str) -> bool:
    r"""Tell whether a word counts as a particle: braces have no case, ``{\'e}`` that of its e."""
    if word.startswith("{\\"):
        letters = _decoded(word)[:1]
        return letters.islower()
    return next((c.islower() for c in word if c.isalpha() or c == "{"), False)


def _particle_and_family(words: list[str]) -> tuple[str, str]:
    """Part ``von Last``: the particle goes up to the last small word, the family has one word."""
    count = next((n for n in range(len(words) - 1, 0, -1) if _is_small(words[n - 1])), 0)
    if count == 0 and len(words) > 1 and "{" not in "".join(words):
        author = parse_author(f"{' '.join(words)}, X")
        return author.particle, author.family
    return " ".join(words[:count]), " ".join(words[count:])


def _direct(text: str) -> Author:
    """Part ``First von Last``, of which something stands in braces."""
    words = _words(text)
    if len(words) == 1:
        return Author(literal=_decoded(text))
    small = [n for n, word in enumerate(words[:-1]) if _is_small(word)]
    if small and small[0] > 0:
        first, last = small[0], small[-1] + 1
    else:
        first = last = len(words) - 1
        if _SUFFIX.fullmatch(words[-1]) and len(words) > 2:
            name = " ".join(words[: first - 1])
            return Author(_decoded(words[-2]), _decoded(name), "", _decoded(words[-1]))
    given, particle, family, suffix = words[:first], words[first:last], words[last:], ""
    if braced := _BRACED_SUFFIX.fullmatch(family[-1]):  # J. K. {Salisbury, Jr.}
        family, suffix = [*family[:-1], braced[1]], braced[2]
    parts = (" ".join(part) for part in (family, given, particle))
    return Author(*(_decoded(part) for part in (*parts, suffix)))


def _with_particle(words: list[str]) -> Author | None:
    """Part ``First von Last`` of plain words where a small one stands in the middle, else None."""
    small = [n for n, word in enumerate(words[:-1]) if word[:1].islower() and word != "y"]
    if not small or small[0] == 0:
        return None
    plain = parse_author(" ".join(words))
    if plain.literal or plain.suffix:
        return plain
    first, last = small[0], small[-1] + 1
    return Author(" ".join(words[last:]), " ".join(words[:first]), " ".join(words[first:last]))


def _small_particle(author: Author) -> Author:
    """Move small words to where they belong: ``dello Russo, Ada`` and ``Aalst, W. van der``."""
    given = author.given.split()
    if not author.particle and len(given) > 1 and given[-1] in _DUTCH:
        count = next(n for n in range(len(given), 0, -1) if n == 1 or given[n - 1] not in _DUTCH)
        return Author(author.family, " ".join(given[:count]), " ".join(given[count:]))
    words = author.family.split()
    if author.literal or author.particle or len(words) < 2 or not words[0][:1].islower():
        return author
    particle, family = _particle_and_family(words)
    return Author(family, author.given, particle, author.suffix)


def _extended(text: str) -> Author:
    """Read BibLaTeX's ``given=Hans, family=Harman, prefix=of, given-i=H``."""
    parts: dict[str, str] = {}
    for piece in _split(text, _COMMA):
        found = _PART.fullmatch(piece)
        if found:
            parts[found[1].lower()] = _decoded(found[2])
    family, given = parts.get("family", ""), parts.get("given", "")
    if not family or not given:
        return Author(literal=family or given)
    return Author(family, given, parts.get("prefix", ""), parts.get("suffix", ""))
