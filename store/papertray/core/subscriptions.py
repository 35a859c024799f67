"""Feeds that the user asked for: where they lie, how far they were read, how they fared."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

MOST_DAYS = 36_500
"""Days after which papers may expire: who waits longer means never."""

_DAYS = re.compile(r"(\d{1,5})\s*(d|w)?", re.IGNORECASE)


def days_of(text: str) -> int | None:
    """Return ``30d``, ``4w`` or ``never`` in days, 0 for never; None for what is none of these."""
    text = text.strip()
    if text.casefold() == "never":
        return 0
    found = _DAYS.fullmatch(text)
    days = int(found[1]) * (7 if (found[2] or "").lower() == "w" else 1) if found else 0
    return days if 0 < days <= MOST_DAYS else None


class Kind(StrEnum):
    """What a subscription's location is; values as the table `feed` holds them."""

    URL = "url"
    """An address that answers with the whole feed each time."""
    SEARCH = "search"
    """A service and what to ask of it: ``arxiv:cs.CL``, ``openalex:neural decoding``."""
    FOLDER = "folder"
    """A folder of this machine, absolute, that is watched."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """A feed that the user asked for.

    `location` is the address, search or folder as it is fetched. `expire` is after how many days
    papers that nobody decided about go to `skip`, 0 for never. `tags` are labels of the feed
    itself, as OPML and newsboat have them; papers do not get them.
    """

    id: int
    name: str
    kind: Kind
    location: str
    expire: int = 0
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FeedState:
    """How far a subscription was read, and how the last attempt went. No decision: no op, no undo.

    `etag` and `last_modified` are what the server gave with the last answer, `digest` the hash of
    that answer. `moved` is where the server says the feed is for good now. `read_until` is the last
    UTC day (``2026-11-23``) of which everything was read. `not_before`, `fetched` and `failed` are
    instants, all may be empty; `failures` counts those since the last success, `failure` is the
    last one's sentence.
    """

    etag: str = ""
    last_modified: str = ""
    digest: str = ""
    moved: str = ""
    read_until: str = ""
    not_before: str = ""
    fetched: str = ""
    failed: str = ""
    failure: str = ""
    failures: int = 0
