"""The piles. Apart from the model, which takes longer to import than a list to draw."""

from __future__ import annotations

from enum import StrEnum


class Pile(StrEnum):
    """Where a paper lies: in exactly one of these."""

    INBOX = "inbox"
    READ = "read"
    STARRED = "starred"
    SKIP = "skip"


PILE_ORDER = (Pile.STARRED, Pile.READ, Pile.INBOX, Pile.SKIP)
"""The piles in the order of a list that is grouped by them: best first."""
