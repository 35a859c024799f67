"""The same works as two bibliographies tell them, like DBLP and the ACM library: made up, seeded.

Import with ``from same_works import two_bibliographies``. The kinds of difference, and about how
frequent they are, are those of such pairs: given names cut to initials, other spellings of venue
and title, a year too many, a subtitle left out, a slip of the pen; and, to be taken for the same by
mistake, the journal version of a conference paper with the same title and author, and editorials.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from itertools import count

GIVEN = "Ann Bob Chen Dora Émile Fatima Georg Hana Igor Jürgen Kim Lars Mei Nils Olga Pat".split()
BEGINNINGS = "Al Ber Cho Da El Fer Gar Hu Is Ja Ko Lin Ma Ne O Pe Ra Sch Ta Wei Zha".split()
ENDINGS = "ander bauer cik dez ević ford gan hoff ing jima kov lund mann ng off øre ski".split()
TOPICS = """query join index view stream cache transaction schema mediator workflow sensor cube
 mining sampling ranking pattern lattice warehouse trigger cursor replica snapshot quorum lock
 histogram wavelet sketch ontology wrapper record entity cluster graph tree hash bitmap signature
 skyline neighbor trajectory video image text document archive lineage provenance""".split()
WAYS = """efficient adaptive scalable approximate incremental distributed parallel optimal secure
 declarative semantic temporal spatial robust dynamic static partial materialized nested recursive
 holistic lazy eager compressed versioned federated uncertain fuzzy external""".split()
DOINGS = """processing optimization evaluation maintenance selection estimation integration
 discovery compression recovery scheduling placement cleaning matching rewriting monitoring
 execution partitioning caching validation""".split()
SUBTITLES = (
    "a survey", "theory and practice", "an experimental study", "the missing pieces",
    "lessons learned from ten years", "a new approach",
)  # fmt: skip
EDITORIALS = ("Editorial", "Guest Editorial", "Preface", "Guest Editors' Introduction")


@dataclass(slots=True)
class Pairs:
    """Two bibliographies as records, and which of the one are which of the other, by uid."""

    one: list[dict[str, object]] = field(default_factory=list)
    other: list[dict[str, object]] = field(default_factory=list)
    same: set[tuple[str, str]] = field(default_factory=set)


def two_bibliographies(works: int, seed: int) -> Pairs:
    """Return `works` works as both tell them, with what only one of them has in between."""
    chance = random.Random(seed)
    numbers = count(1)
    pairs = Pairs()
    for _ in range(works):
        work = _work(chance)
        _tell(pairs, chance, work, next(numbers))
        if chance.random() < 0.05:  # its journal version: another work, which both may have
            year = int(str(work["year"])) + chance.choice((1, 1, 2, 3))
            twin = {**work, "year": year, "venue": "The Journal"}
            if chance.random() < 0.5:
                twin["title"] = f"{twin['title']} {chance.choice(('Revisited', 'in Detail'))}"
            if chance.random() < 0.7:
                _tell(pairs, chance, twin, next(numbers))
            else:
                pairs.one.append({**twin, "uid": f"one-{next(numbers)}"})
        if chance.random() < 0.15:
            pairs.other.append({**_work(chance), "uid": f"other-{next(numbers)}"})
        if chance.random() < 0.01:
            _tell(pairs, chance, _editorial(chance), next(numbers))
    chance.shuffle(pairs.one)
    chance.shuffle(pairs.other)
    return pairs


def _tell(pairs: Pairs, chance: random.Random, work: dict[str, object], number: int) -> None:
    pairs.one.append({**work, "uid": f"one-{number}"})
    pairs.other.append({**_told_otherwise(chance, work), "uid": f"other-{number}"})
    pairs.same.add((f"one-{number}", f"other-{number}"))


def _work(chance: random.Random) -> dict[str, object]:
    words = [chance.choice(WAYS), chance.choice(TOPICS), chance.choice(DOINGS)]
    form = chance.random()
    if form < 0.5:
        words += [chance.choice(("for", "in", "over", "with")), chance.choice(WAYS)]
        words += [f"{chance.choice(TOPICS)}s"]
    elif form < 0.7:
        words = ["on", "the", *words, "of", f"{chance.choice(TOPICS)}s"]
    else:
        words += ["and", chance.choice(TOPICS), chance.choice(DOINGS)]
    title = " ".join(word.capitalize() if len(word) > 3 else word for word in words)
    title = title[0].upper() + title[1:]
    if chance.random() < 0.2:
        title += f": {chance.choice(SUBTITLES).capitalize()}"
    people = chance.choices((1, 2, 3, 4), (2, 4, 3, 1))[0]
    return {
        "title": title,
        "authors": [_name(chance) for _ in range(people)],
        "year": chance.randint(1994, 2003),
        "venue": chance.choice(("VLDB", "SIGMOD Conference", "SIGMOD Record")),
    }


def _editorial(chance: random.Random) -> dict[str, object]:
    title, year = chance.choice(EDITORIALS), chance.randint(1994, 2003)
    return {"title": title, "authors": [_name(chance)], "year": year, "venue": "SIGMOD Record"}


def _name(chance: random.Random) -> str:
    middle = f" {chance.choice('ABCDEFG')}." if chance.random() < 0.3 else ""
    family = chance.choice(BEGINNINGS) + chance.choice(ENDINGS)
    return f"{chance.choice(GIVEN)}{middle} {family}"


def _told_otherwise(chance: random.Random, work: dict[str, object]) -> dict[str, object]:
    """Return the work as another source tells it."""
    title, authors, year = str(work["title"]), [*map(str, _list(work["authors"]))], work["year"]
    if chance.random() < 0.5:
        title = title.lower() if chance.random() < 0.3 else title.capitalize()
    if chance.random() < 0.2:
        title = title.replace(":", " -") + chance.choice((".", "", "*"))
    slip = chance.random()
    if slip < 0.02:
        title = _misspelt(chance, title)
    elif slip < 0.035:
        title = title.replace(" and ", " & ") if " and " in title else f"{title} (Abstract)"
    elif slip < 0.05:
        title = title.partition(":")[0] if ":" in title else f"{title} (Extended Version)"
    elif slip < 0.055:
        title = " ".join(title.split()[::-1])
    if chance.random() < 0.4:
        authors = [_initials(name) for name in authors]
    slip = chance.random()
    if slip < 0.01:
        authors[0] = _misspelt(chance, authors[0])
    elif slip < 0.015:
        authors = authors[::-1]
    elif slip < 0.02:
        authors = []
    if chance.random() < 0.04:
        year = int(str(year)) + chance.choice((-1, 1))
    venue = {"VLDB": "Very Large Data Bases", "SIGMOD Conference": "Management of Data"}
    told: dict[str, object] = {
        "title": title, "authors": authors, "year": year,
        "venue": venue.get(str(work["venue"]), work["venue"]),
    }  # fmt: skip
    return told


def _list(value: object) -> list[object]:
    assert isinstance(value, list)
    return value


def _initials(name: str) -> str:
    given, _, family = name.rpartition(" ")
    return f"{given[0]}. {family}"


def _misspelt(chance: random.Random, text: str) -> str:
    place = chance.randrange(len(text) - 5, len(text) - 1)
    if chance.random() < 0.5:
        return text[:place] + text[place + 1 :]
    return text[:place] + text[place + 1] + text[place] + text[place + 2 :]
