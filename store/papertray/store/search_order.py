"""The orders in which a search or a view can list papers, as SQL. Each ends in the paper's id."""

from __future__ import annotations

import difflib
import hashlib
from dataclasses import dataclass

from papertray.core.errors import QueryError

# Without a known rank a sighting comes after all that have one.
_SIGHTING = (
    "FROM listing l WHERE l.paper_id = s.paper_id ORDER BY l.seen DESC, l.rank IS NULL, l.rank"
)

_ORDERS = {
    "added": "s.added DESC",
    "listing": (
        f"(SELECT l.seen {_SIGHTING} LIMIT 1) DESC NULLS LAST,"
        f" (SELECT l.rank {_SIGHTING} LIMIT 1) NULLS LAST"
    ),
    "year": "(SELECT p.year FROM paper p WHERE p.id = s.paper_id) DESC NULLS LAST",
    "title": "(SELECT p.title_key FROM paper p WHERE p.id = s.paper_id)",
    "venue": (
        "(SELECT nullif(p.venue, '') FROM paper p WHERE p.id = s.paper_id)"
        " COLLATE NOCASE NULLS LAST"
    ),
    "decided": "s.decided DESC NULLS LAST",
    # A hash of id and seed that stays within 64 bits: SQLite would go on in floating point.
    "random": (
        "((s.paper_id * 1664525 + {seed}) % 4294967291 * 22695477"
        " + ((s.paper_id * 1664525 + {seed}) % 4294967291 >> 16)) % 4294967291"
    ),
}

SORTS = ("relevance", *_ORDERS)
"""The names of all orders; `random` takes a seed: ``random:SEED``."""


@dataclass(frozen=True, slots=True)
class Sort:
    """An order by name. `seed` is used by `random` only: one seed, one order."""

    name: str
    seed: str = ""

    def __str__(self) -> str:
        return f"{self.name}:{self.seed}" if self.seed else self.name

    @property
    def sql(self) -> str:
        """The terms of an ORDER BY over ``standing s``. By relevance SQLite has none: by added."""
        order = _ORDERS.get(self.name, _ORDERS["added"])
        return f"{order.format(seed=_number(self.seed))}, s.paper_id"


RELEVANCE = Sort("relevance")
ADDED = Sort("added")


def parse_sort(text: str) -> Sort:
    """Return the order that `text` names. Raises `QueryError` with the nearest one that exists."""
    name, _, seed = text.strip().partition(":")
    name = name.lower()
    if name not in SORTS or (seed and name != "random"):
        near = difflib.get_close_matches(name, SORTS, 1)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(SORTS)}."
        raise QueryError(f"`{text}` is no order to sort by; {hint}")
    return Sort(name, seed)


def _number(seed: str) -> int:
    digest = hashlib.blake2b(seed.encode("utf-8", "replace"), digest_size=4).digest()
    return int.from_bytes(digest)
