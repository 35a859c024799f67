"""When two records are the same work. Pure: the store looks up, this decides.

A shared identifier settles it. Without one, title key, first author's surname and year (± 1) must
agree; what one side lacks counts as agreeing only for long titles with a single candidate.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from papertray.core.model import Record, Work

SHORTEST_KEY = 12
"""Title keys with fewer letters never join: there are too many "Introduction"s."""

LONG_KEY = 20
"""From this many letters on, a missing surname or year counts as agreeing."""

_NEVER = frozenset(
    (
        "preface foreword editorial editorialintroduction introduction erratum corrigendum "
        "correction bookreview bookreviews errata retraction addendum tableofcontents "
        "lettertotheeditor letterstotheeditor inthisissue guesteditorial listofreviewers "
        "guesteditorsintroduction acknowledgements acknowledgments frontmatter titlepage "
        "messagefromthechairs authorindex subjectindex welcomemessage callforpapers "
        "conferenceprogram obituary presidentsmessage newsandviews"
    ).split()
)


def fold(text: str) -> str:
    """Return `text` without accents and case, for comparing: ``Müller`` → ``muller``.

    Letters that have no decomposition (ß, ø, ł, æ …) become their usual ASCII spelling.
    """
    if text.isascii():
        return text.lower()
    spelled = text.translate(_SPELLED)
    decomposed = unicodedata.normalize("NFKD", spelled)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()


_SPELLED = str.maketrans(
    {
        "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D",
        "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "þ": "th", "Þ": "Th", "ı": "i", "ħ": "h",
    }
)  # fmt: skip


def title_key(title: str) -> str:
    """Return the letters and digits of a title, folded: two spellings of one title share it."""
    return "".join(c for c in fold(title) if c.isalnum())


def author_key(work: Work) -> str:
    """Return the folded surname of the first author, or an empty string."""
    if not work.authors:
        return ""
    first = work.authors[0]
    return "".join(c for c in fold(first.family or first.literal) if c.isalnum())


JOINING = frozenset(
    (
        "doi arxiv acl pubmed pmc openalex semanticscholar corpus dblp inspire openreview hal ads "
        "url uid"
    ).split()
)
"""Schemes that name one work. Others (an ISSN, a shelf mark) are kept, but never join."""


def identifiers(record: Record) -> tuple[tuple[str, str], ...]:
    """Return all (scheme, value) pairs that name the work, in their canonical spelling."""
    work = record.work
    found: dict[tuple[str, str], None] = {}
    if work.doi:
        found["doi", work.doi.casefold()] = None
    if work.arxiv_id:
        found["arxiv", work.arxiv_id] = None
    if record.uid:
        found["uid", record.uid] = None
    for scheme, value in record.identifiers:
        if scheme in JOINING:
            found[scheme, value.casefold() if scheme == "doi" else value] = None
    # Several works may share a page: it names one only where nothing better does.
    if work.url and not found:
        found["url", work.url] = None
    return tuple(found)


def other_identifiers(record: Record) -> list[str]:
    """Return, as ``scheme:value``, the identifiers that never join: kept, to be written back."""
    return [f"{scheme}:{value}" for scheme, value in record.identifiers if scheme not in JOINING]


def digest(record: Record) -> str:
    """Return a short digest of what a record says of its work; the same record has the same."""
    work = record.work
    venue = work.venue
    parts = [
        work.title,
        work.abstract,
        "\x1f".join(author.display for author in work.authors),
        f"{work.year}-{work.month}-{work.day}",
        *(venue.name, venue.short, venue.volume, venue.number, venue.pages, work.comment),
        *(f"{scheme}:{value}" for scheme, value in identifiers(record) if scheme != "uid"),
    ]
    text = "\x1e".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(text, digest_size=12).hexdigest()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A paper in the tray that has the title key of a record. `schemes` are those it has ids of."""

    paper_id: int
    author_key: str
    year: int | None
    schemes: frozenset[str]


def can_join(key: str) -> bool:
    """Tell whether a title key says enough for two records to be one work by it."""
    return sum(c.isalpha() for c in key) >= SHORTEST_KEY and key not in _NEVER


def same_by_title(record: Record, key: str, candidates: Iterable[Candidate]) -> int | None:
    """Return the id of the one candidate that is the record's work by title, or None.

    Arguments: `key` is the record's title key, which all `candidates` share. A candidate with an
    identifier of a scheme that the record has too (and by which it was not found, so a different
    one) is another work, whatever its title.
    """
    if not can_join(key):
        return None
    letters = sum(c.isalpha() for c in key)
    own_schemes = {scheme for scheme, _ in identifiers(record)} - {"uid", "url"}
    surname, year = author_key(record.work), record.work.year
    possible = [c for c in candidates if not own_schemes & c.schemes]
    for candidate in possible:
        if surname and surname == candidate.author_key and _near(year, candidate.year):
            return candidate.paper_id
    lenient = [c for c in possible if _agrees(surname, year, c)]
    if letters >= LONG_KEY and len(possible) == 1 and lenient:
        return lenient[0].paper_id
    return None


def _near(one: int | None, other: int | None) -> bool:
    return one is not None and other is not None and abs(one - other) <= 1


def _agrees(surname: str, year: int | None, candidate: Candidate) -> bool:
    surname_agrees = not surname or not candidate.author_key or surname == candidate.author_key
    year_agrees = year is None or candidate.year is None or _near(year, candidate.year)
    return surname_agrees and year_agrees
