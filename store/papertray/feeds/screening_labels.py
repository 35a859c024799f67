"""Labels of a screening for a review, as its tools write them, and the piles they stand for."""

from __future__ import annotations

import re
from collections.abc import Iterable

from papertray.core.model import Pile

_IN_NOTE = re.compile(r"ASReview_(relevant|irrelevant|not_seen|prior)")
_PILES = {
    **dict.fromkeys(("1", "1.0", "yes", "y", "true", "include", "included", "relevant"), Pile.READ),
    **dict.fromkeys(
        ("0", "0.0", "no", "n", "false", "exclude", "excluded", "irrelevant"), Pile.SKIP
    ),
}


def pile_of_label(label: str) -> Pile | None:
    """Return the pile of a label such as ``1``, ``excluded`` or ``-1`` (not seen: None)."""
    return _PILES.get(label.strip().lower())


def pile_in_notes(notes: Iterable[str]) -> Pile | None:
    """Return the pile of the last label that ASReview wrote into `notes`, if it is a decision.

    As in ASReview's own RIS reader: ``ASReview_relevant``, ``ASReview_irrelevant`` and
    ``ASReview_not_seen``, alone in a note or among other words.
    """
    labels = [label for note in notes for label in _IN_NOTE.findall(note) if label != "prior"]
    return pile_of_label(labels[-1]) if labels else None


def is_only_labels(note: str) -> bool:
    """Tell whether a note says nothing but labels."""
    rest, number = _IN_NOTE.subn("", note)
    return number > 0 and not any(character.isalnum() for character in rest)
