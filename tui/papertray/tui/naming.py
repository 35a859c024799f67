"""How well a name answers what somebody typed of it: for the palette and for picking. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

Named = TypeVar("Named")

ENOUGH = 80.0
"""From 0 to 100, how alike a mistyped name and one that is meant have to be."""

SURE = 60.0
"""From here on a name has what was typed; below it is only like it."""

_LONG_ENOUGH = 4  # letters from which on a mistake is looked past


def likeness(typed: str, name: str) -> float:
    """Return how well `name` answers what was typed, from 0 (not at all) to 100 (it is that).

    Best are names that begin with it, then those where its words begin words, then those that hold
    all its words, then those that have its letters in their order, then mistyped ones.
    """
    wanted, text = typed.casefold().split(), name.casefold()
    if not wanted:
        return 1.0
    whole = " ".join(wanted)
    if text.startswith(whole):
        return 100.0 if text == whole else 95.0
    if all(f" {word}" in f" {text}" for word in wanted):
        return 90.0
    if all(word in text for word in wanted):
        return 80.0
    if _has_in_order("".join(wanted), text):
        return SURE
    return _mistyped(whole, text)


def _has_in_order(letters: str, text: str) -> bool:
    """Return whether letters stand in a text in their order, the first where a word begins."""
    place = f" {text}".find(f" {letters[0]}")
    if place < 0:
        return False
    for letter in letters:
        place = text.find(letter, place) + 1
        if not place:
            return False
    return True


def _mistyped(typed: str, text: str) -> float:
    if len(typed) < _LONG_ENOUGH:
        return 0.0
    from rapidfuzz import fuzz

    alike = fuzz.partial_ratio(typed, text, score_cutoff=ENOUGH)
    return alike / 2 if len(text) >= len(typed) else 0.0


def best(
    typed: str, named: Iterable[tuple[str, Named]], most: int, *, least: float = 1.0
) -> list[Named]:
    """Return what is named most like what was typed, best first, at most `most`.

    What is equally alike stays in its order; what is less alike than `least` is left out.
    """
    scored = [(likeness(typed, name), thing) for name, thing in named]
    scored = [one for one in scored if one[0] >= least]
    scored.sort(key=lambda one: -one[0])
    return [thing for _, thing in scored[:most]]
