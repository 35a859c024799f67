"""What a new version of a text says that the old one did not. Pure, in time linear in the texts."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from papertray.core.identity import fold, title_key
from papertray.core.model import Entry

_END = re.compile(
    r"(?<=[.!?。！？])[\"”’)\]]*\s+(?=[\"“‘(\[]*[^\W_a-z]|\$|\\)|(?<=[。！？])|\n{2,}"
)
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|cf|al|etc|vs|resp|approx|Fig|Figs|Eq|Eqs|Sec|Ref|Refs|No|Dr|Prof|St|[A-Z])"
    r"\.)$"
)
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Changes:
    """What differs between two texts.

    `new` are the sentences that only the new one has, `gone` those that only the old one had, both
    in their order. `share` says how much of the words changed, from 0 to 1.
    """

    new: tuple[str, ...]
    gone: tuple[str, ...]
    share: float


def sentences(text: str) -> list[str]:
    """Return the sentences of a text, each as it stands there. Nothing but space is left out."""
    found: list[str] = []
    start = 0
    for end in _END.finditer(text):
        piece = text[start : end.start()]
        if not _ABBREVIATION.search(piece[-8:]):
            found.append(piece + end[0].rstrip())
            start = end.end()
    found.append(text[start:])
    return [piece.strip() for piece in found if piece.strip()]


def changes(old: str, new: str) -> Changes:
    """Return what differs between two texts. Case, accents, punctuation and markup do not count.

    The share is of the words, in whatever order: a sentence that was mended in one word is a
    changed sentence, but one word. Where either text is empty nothing is known to have changed.
    """
    if not (old.strip() and new.strip()):
        return Changes((), (), 0.0)
    before, after = sentences(old), sentences(new)
    had, has = {title_key(s) for s in before}, {title_key(s) for s in after}
    return Changes(
        tuple(s for s in after if title_key(s) not in had),
        tuple(s for s in before if title_key(s) not in has),
        _share(old, new),
    )


def _share(old: str, new: str) -> float:
    before, after = (Counter(_WORD.findall(fold(text))) for text in (old, new))
    most = max(before.total(), after.total())
    return 1 - (before & after).total() / most if most else 0.0


@dataclass(frozen=True, slots=True)
class NewVersion:
    """A version of a paper that came after its owner decided about it (or after it was added).

    `number` is the version's, `since` that of the version she knew (0: it came without number).
    `title` is the old title where it changed, else empty.
    """

    number: int
    since: int
    title: str
    abstract: Changes


def new_version(entry: Entry) -> NewVersion | None:
    """Return what is new in a paper since its owner decided about it, None where nothing is.

    Deciding again, also for the same pile, makes the present version the known one.
    """
    known_at = entry.decided or entry.added
    told = sorted(entry.versions, key=lambda version: version.version)
    known = [v for v in told if v.seen <= known_at and v.title]
    if not told or told[-1].seen <= known_at or not known:
        return None
    newest, base = told[-1], known[-1]
    renamed = bool(newest.title) and title_key(newest.title) != title_key(base.title)
    return NewVersion(
        newest.version,
        base.version,
        base.title if renamed else "",
        changes(base.abstract, newest.abstract),
    )
