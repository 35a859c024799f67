"""Feeds as other programs list them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import PurePath
from urllib.parse import urlsplit

from papertray.core.subscriptions import Kind
from papertray.feeds.fetching.locations import Location


@dataclass(frozen=True, slots=True)
class ListedFeed:
    """A feed in a list. `expire` is in days, 0 for never, as in `Subscription`."""

    name: str
    place: Location
    tags: tuple[str, ...] = ()
    expire: int = 0


def name_of(place: Location) -> str:
    """Return what to call a feed that has no title: its host, its folder, or what is asked."""
    if place.kind is Kind.URL:
        return (urlsplit(place.location).hostname or place.location).removeprefix("www.")
    if place.kind is Kind.FOLDER:
        return PurePath(place.location).name or place.location
    return place.location.removeprefix("arxiv:").replace(":", " ", 1)


def once_each(feeds: Iterable[ListedFeed]) -> list[ListedFeed]:
    """Return feeds in their order, one that is listed twice once, with the tags of both."""
    found: dict[tuple[Kind, str], ListedFeed] = {}
    for feed in feeds:
        key = feed.place.kind, feed.place.location
        known = found.get(key, feed)
        found[key] = replace(known, tags=tuple(dict.fromkeys(known.tags + feed.tags)))
    return list(found.values())
