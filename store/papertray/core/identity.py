"""When two records are the same work. Pure: the store looks up, this decides.

A shared identifier settles it, unless both have DOIs and these differ. Without one, title key,
first author's surname and year (± 1) must agree; what one side lacks counts as agreeing only for
long titles with a single candidate.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from papertray.core.citekeys import fold_key
from papertray.core.identifiers import doi_name
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


_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")
_DIGITS = dict.fromkeys(map(ord, "0123456789"))


def title_key(title: str) -> str:
    """Return the letters and digits of a title, folded: two spellings of one title share it."""
    return _NOT_ALPHANUMERIC.sub("", fold(title))


def author_key(work: Work) -> str:
    """Return the folded surname of the first author, or an empty string."""
    if not work.authors:
        return ""
    first = work.authors[0]
    return _NOT_ALPHANUMERIC.sub("", fold(first.family or first.literal))


def _letters(key: str) -> int:
    """Return how many letters a title key has."""
    if key.isascii():
        return len(key.translate(_DIGITS))
    return sum(map(str.isalpha, key))


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
        found[doi_name(work.doi)] = None
    if work.arxiv_id:
        found["arxiv", work.arxiv_id] = None
    if record.uid:
        found["uid", record.uid] = None
    for scheme, value in record.identifiers:
        if scheme in JOINING:
            found[doi_name(value) if scheme == "doi" else (scheme, value)] = None
    # Several works may share a page: it names one only where nothing better does.
    if work.url and not found:
        found["url", work.url] = None
    return tuple(found)


def different_dois(one: Collection[str], other: Collection[str]) -> bool:
    """Tell whether the DOIs of two records, casefolded, say that they are two works.

    A source may know two DOIs of one work (a preprint's and the journal's): one in common is
    enough to be the same.
    """
    return bool(one) and bool(other) and set(one).isdisjoint(other)


def other_identifiers(record: Record) -> list[str]:
    """Return, as ``scheme:value``, the identifiers that never join: kept, to be written back."""
    return [f"{scheme}:{value}" for scheme, value in record.identifiers if scheme not in JOINING]


@dataclass(frozen=True, slots=True)
class Traits:
    """What a record is compared by, worked out once: see `traits`."""

    title_key: str
    author_key: str
    year: int | None
    identifiers: tuple[tuple[str, str], ...]
    digest: str
    citekey: str = ""

    @property
    def dois(self) -> list[str]:
        """Its DOIs, without those of arXiv."""
        return [value for scheme, value in self.identifiers if scheme == "doi"]

    @property
    def uids(self) -> list[str]:
        """The names that it has in another tray."""
        return [value for scheme, value in self.identifiers if scheme == "uid"]


def traits(record: Record) -> Traits:
    """Return what `record` is compared by.

    `digest` is short and of what the record says of its work; the same record has the same.
    `citekey` is folded.
    """
    work = record.work
    pairs = identifiers(record)
    return Traits(
        title_key(work.title),
        author_key(work),
        work.year,
        pairs,
        _digest(work, pairs),
        fold_key(record.citekey),
    )


def _digest(work: Work, pairs: Iterable[tuple[str, str]]) -> str:
    venue = work.venue
    parts = [
        work.title,
        work.abstract,
        "\x1f".join([author.display for author in work.authors]),
        f"{work.year}-{work.month}-{work.day}",
        *(venue.name, venue.short, venue.volume, venue.number, venue.pages, work.comment),
        *[f"{scheme}:{value}" for scheme, value in pairs if scheme != "uid"],
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
    return _letters(key) >= SHORTEST_KEY and not is_common_title(key)


def is_common_title(key: str) -> bool:
    """Tell whether a title key is one that many works have: an editorial's, an erratum's."""
    return key in _NEVER


def same_by_title(record: Traits, candidates: Iterable[Candidate]) -> int | None:
    """Return the id of the one candidate that is the record's work by title, or None.

    Arguments: all `candidates` have the record's title key. A candidate with an identifier of a
    scheme that the record has too (and by which it was not found, so a different one) is another
    work, whatever its title.
    """
    own_schemes = {scheme for scheme, _ in record.identifiers} - {"uid", "url"}
    possible = [c for c in candidates if not own_schemes & c.schemes]
    if not possible or not can_join(record.title_key):
        return None
    surname, year = record.author_key, record.year
    for candidate in possible:
        if surname and surname == candidate.author_key and _near(year, candidate.year):
            return candidate.paper_id
    if len(possible) > 1 or _letters(record.title_key) < LONG_KEY:
        return None
    return possible[0].paper_id if _agrees(surname, year, possible[0]) else None


def same_by_citekey(record: Traits, candidate: Candidate) -> bool:
    """Tell whether a record is a paper whose title key and citation key it has.

    With the key, titles too short to join count, and so does what one side lacks: thus a
    bibliography that papertray wrote itself brings no paper twice. A title that many works have
    does not: two journals' editorials of a year have been called editorial2019 before.
    """
    own_schemes = {scheme for scheme, _ in record.identifiers} - {"uid", "url"}
    return (
        not is_common_title(record.title_key)
        and not own_schemes & candidate.schemes
        and _agrees(record.author_key, record.year, candidate)
    )


def _near(one: int | None, other: int | None) -> bool:
    return one is not None and other is not None and abs(one - other) <= 1


def _agrees(surname: str, year: int | None, candidate: Candidate) -> bool:
    surname_agrees = not surname or not candidate.author_key or surname == candidate.author_key
    year_agrees = year is None or candidate.year is None or _near(year, candidate.year)
    return surname_agrees and year_agrees
