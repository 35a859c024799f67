"""How alike two papers are that may be one work, where nothing proves it. Pure.

Only ever a suggestion: what joins by itself is decided in `identity`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from papertray.core.identity import fold, is_common_title

LIKE = 90
"""Percent of likeness from which two titles may be one."""

NEAR = 80
"""Percent of likeness from which two surnames may be one, misspelt."""

TELLING = 3
"""Words from which a title says enough to be the beginning of another one."""

RAREST = 4
"""Words of a title that are looked for in the others of a block: those that the fewest have."""

MOST_SHARING = 200
"""Titles of a block that have a word, up to which it tells anything."""

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Features:
    """What is compared of a paper: its title's words, folded, its first surname, folded, its year.

    `id` is the paper's. `doi` and `arxiv_id`, where known, say early what cannot be one.
    """

    id: int
    text: str
    words: frozenset[str]
    surname: str
    year: int | None
    doi: str = ""
    arxiv_id: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two papers that may be one work, the older first. `score` and `closeness` are percents.

    `score` compares the titles as sets of words, `closeness` letter by letter.
    """

    one: int
    other: int
    score: int
    closeness: int

    @property
    def order(self) -> tuple[int, int, int, int]:
        """Sorts the most alike first."""
        return -self.score, -self.closeness, self.one, self.other


def features(
    paper_id: int, title: str, surname: str, year: int | None, doi: str = "", arxiv_id: str = ""
) -> Features:
    """Return what is compared of a paper. `surname` is an author key; the ids are folded."""
    words = _WORD.findall(fold(title))
    return Features(paper_id, " ".join(words), frozenset(words), surname, year, doi, arxiv_id)


def pair_of(one: Features, other: Features) -> Pair | None:
    """Return two papers as a pair, or None where they cannot be one work.

    Surnames and years (± 1) must agree; what one side lacks counts as agreeing. Titles are
    compared as sets of words (`token_set_ratio` of rapidfuzz): their order counts for nothing, and
    a title without its subtitle is the whole. What every issue has (an editorial, an erratum) is
    only alike to its namesake of the same surname and year.
    """
    if not _agree(one, other):
        return None
    from rapidfuzz import fuzz  # only those who look for duplicates wait for it

    score = fuzz.token_set_ratio(one.text, other.text, score_cutoff=LIKE)
    if not score:
        return None
    closeness = fuzz.ratio(one.text, other.text)
    if is_common_title("".join(one.text.split())):
        is_namesake = one.text == other.text and one.surname == other.surname != ""
        if not is_namesake or one.year != other.year:
            return None
    elif min(len(one.words), len(other.words)) < TELLING and closeness < LIKE:
        return None  # one or two words are part of many titles
    older, newer = sorted((one.id, other.id))
    return Pair(older, newer, int(score), int(closeness))


def _agree(one: Features, other: Features) -> bool:
    if one.year is not None and other.year is not None and abs(one.year - other.year) > 1:
        return False
    if one.doi and other.doi and one.doi != other.doi:
        return False
    if one.arxiv_id and other.arxiv_id and one.arxiv_id != other.arxiv_id:
        return False
    if one.surname == other.surname or not one.surname or not other.surname:
        return True
    from rapidfuzz import fuzz

    return fuzz.ratio(one.surname, other.surname, score_cutoff=NEAR) > 0


def pairs_within(
    block: Sequence[Features], is_wanted: Callable[[int], bool] | None = None
) -> Iterator[Pair]:
    """Yield the pairs of a block of papers that share a word that few others there have.

    Takes time about linear in the block's size. With `is_wanted` only pairs with a paper of which
    it is true. A pair may come twice.
    """
    holders: dict[str, list[Features]] = {}
    for one in block:
        for word in one.words:
            holders.setdefault(word, []).append(one)
    numbers = Counter({word: len(found) for word, found in holders.items()})
    for one in block:
        rarest = sorted(one.words, key=lambda word: (numbers[word], word))[:RAREST]
        near = {
            other.id: other
            for word in rarest
            if 1 < numbers[word] <= MOST_SHARING
            for other in holders[word]
            if other is not one
        }
        for other in near.values():
            if is_wanted is None or is_wanted(one.id) or is_wanted(other.id):
                pair = pair_of(one, other)
                if pair is not None:
                    yield pair
