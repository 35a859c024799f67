"""Groups of a reading list: which heading a paper stands under, and in which order they come.

Both the order of an export and its headings ask here, so that they agree: a list writes a heading
whenever the group changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from papertray.core.piles import PILE_ORDER, Pile
from papertray.core.segments import one_line


class Standing(NamedTuple):
    """What groups are made of. `done` is a local date or empty; `venue` is the name to show."""

    pile: Pile
    done: str
    tags: Iterable[str]
    year: int | None
    venue: str


class Group(NamedTuple):
    """One group: groups sort by `place`, and two with the same `place` are one.

    `name` is not canonical: papers of one group may spell it in different ways (``NeurIPS``,
    ``NEURIPS``).
    """

    place: tuple[int, str]
    name: str


def group_of(standing: Standing, by: str) -> Group:
    """Return the group of a paper, `by` one of `GROUPS`.

    By pile it goes starred, to read, read, inbox, skipped: a paper of the pile ``read`` that is not
    done is to be read. By tag a paper stands once, under its first tag, casefolded. By year the
    newest come first. Papers without a tag, year or venue come last.
    """
    return _GROUPINGS[by](standing)


def _by_pile(standing: Standing) -> Group:
    rank = PILE_ORDER.index(standing.pile)
    if standing.pile is Pile.READ:
        return Group((rank, "done"), "Read") if standing.done else Group((rank, ""), "To read")
    return Group((rank, ""), _PILE_NAMES[standing.pile])


def _by_tag(standing: Standing) -> Group:
    named = filter(None, map(one_line, standing.tags))
    first = min(((tag.casefold(), tag) for tag in named), default=None)
    return Group((0, first[0]), first[1]) if first else Group((1, ""), "Untagged")


def _by_year(standing: Standing) -> Group:
    if standing.year is None:
        return Group((_AFTER_ALL_YEARS, ""), "Year unknown")
    return Group((-standing.year, ""), str(standing.year))


def _by_venue(standing: Standing) -> Group:
    name = one_line(standing.venue)
    return Group((0, name.casefold()), name) if name else Group((1, ""), "Venue unknown")


_AFTER_ALL_YEARS = 1_000_000

_PILE_NAMES = {Pile.STARRED: "Starred", Pile.INBOX: "Inbox", Pile.SKIP: "Skipped"}

_GROUPINGS: Mapping[str, Callable[[Standing], Group]] = {
    "pile": _by_pile,
    "tag": _by_tag,
    "year": _by_year,
    "venue": _by_venue,
}

GROUPS = tuple(_GROUPINGS)
"""What the papers of a list can be grouped by."""

NO_GROUP = "none"
"""What the user calls a list without groups."""
