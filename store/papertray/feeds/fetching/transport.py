"""What fetching asks of a network, and what it gets: the border that tests put a server behind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

MOST_BYTES = 64 << 20
"""Bytes of an answer, unpacked: a feed is smaller, and a bomb is not."""


@dataclass(frozen=True, slots=True)
class Request:
    """One polite request for one address.

    `etag` and `last_modified` make it conditional. `accept` is the media type asked for, empty for
    any. An answer of more than `most_bytes`, unpacked, is given up.
    """

    url: str
    etag: str = ""
    last_modified: str = ""
    accept: str = ""
    most_bytes: int = MOST_BYTES


@dataclass(frozen=True, slots=True)
class Answer:
    """What came: 200, or 304 for nothing new, then without a `body`.

    `url` is where it came from in the end. `moved` is that address if every redirect on the way
    was permanent, else empty. `headers` have lower-case names. `body` is the file that holds the
    answer, unpacked where it was packed for the way.
    """

    status: int
    url: str
    body: Path | None = None
    moved: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


class Transport(Protocol):
    """Asks for addresses, at the pace of each host. Any thread may call it."""

    def get(self, request: Request, body: Path) -> Answer:
        """Fetch an address into the new file `body`.

        Waits until the host's pace allows it; tries again where that may help, and as long as the
        server asks to wait if that is short. Raises `NoNetwork` where nothing can be reached,
        `AskedToWait` where the server wants longer, `FetchRefused` for an address that may not be
        asked, `FetchFailed` for all else that comes in place of an answer, `Interrupted` after
        `stop`.
        """
        ...

    def stop(self) -> None:
        """Give up all that is under way, and whatever is asked from now on."""
        ...
