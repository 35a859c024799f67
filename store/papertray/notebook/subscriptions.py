"""Subscriptions: the feeds, searches and folders that the user asked for."""

from __future__ import annotations

import codecs
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from papertray.core.clock import local_date
from papertray.core.errors import UnreadableSource, UsageError
from papertray.core.model import Unread
from papertray.core.subscriptions import FeedState, Kind, Subscription
from papertray.feeds.fetching.listed import ListedFeed, name_of
from papertray.feeds.fetching.locations import Location, parse_location
from papertray.store import subscriptions as stored
from papertray.store.journal import Batch, Origin
from papertray.store.subscriptions import LONGEST_NAME, Brought, FeedCounts, Register, Wanted
from papertray.store.tray import Connection, Tray
from papertray.store.writing import Outcome, decide

_HERE = Path()


@dataclass(frozen=True, slots=True)
class Changed:
    """A subscription as it is now. `note` says where its location is not what the user typed.

    `batch` is None where nothing had to change.
    """

    subscription: Subscription
    batch: int | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of a list of feeds.

    `format_name` is what it was read as. `added` are names; `known` counts the feeds whose location
    was subscribed to already. `left` is what cannot be a feed here, with places and reasons.
    """

    format_name: str
    added: tuple[str, ...]
    known: int
    left: tuple[Unread, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What is to become of a subscription; what is None or empty stays as it is."""

    name: str | None = None
    location: str | None = None
    expire: int | None = None
    tags: Collection[str] = ()
    untags: Collection[str] = ()


class Subscriptions:
    """The subscriptions of a tray. Each change is one batch, which undo takes back."""

    def __init__(self, tray: Tray, origin: Origin) -> None:
        self._tray = tray
        self._origin = origin

    @property
    def now(self) -> datetime:
        """The present moment, for telling how long ago something was fetched."""
        return self._tray.now()

    def all(self) -> list[tuple[Subscription, FeedState, FeedCounts]]:
        """Return the subscriptions by name, how far each was read, and what it brought."""
        reader = self._tray.reader()
        states = stored.states(reader)
        counts = stored.counts(reader, local_date(self._tray.now()))
        return [
            (one, states[one.id], counts.get(one.id, FeedCounts()))
            for one in stored.all_subscriptions(reader)
        ]

    def brought_last(self) -> dict[int, Brought]:
        """Return what each brought the last time that it brought anything, by its id."""
        return stored.brought_last(self._tray.reader())

    def hosts(self) -> set[str]:
        """Return the hosts that the user named by subscribing to an address there."""
        found = stored.all_subscriptions(self._tray.reader())
        named = {urlsplit(one.location).hostname for one in found if one.kind is Kind.URL}
        return {host for host in named if host}

    def find(self, name: str) -> Subscription:
        """Return the subscription of a name. Raises `UsageError` that names the nearest."""
        return stored.get_subscription(self._tray.reader(), name)

    def add(
        self,
        location: str,
        name: str = "",
        *,
        folder: Path = _HERE,
        expire: int = 0,
        tags: Iterable[str] = (),
    ) -> Changed:
        """Subscribe to an address, a search or a folder.

        Arguments: without a `name` it gets one from its location. `folder` is where a relative path
        begins. `expire` is in days, 0 for never.

        Raises `UsageError` for what is no location or no name, and where a subscription has one of
        them already.
        """
        place = parse_location(location, folder)
        made: list[int] = []

        def action(connection: Connection, batch: Batch) -> int:
            register = Register(connection)
            called = name or register.free_name(_called("", place))
            wanted = Wanted(called, place.kind, place.location, expire, _unique(tags))
            made.append(stored.add(connection, batch, wanted, register, self._tray.new_uid))
            return 1

        what = f"{name} {place.location}".strip()
        outcome = decide(self._tray, self._origin, f"add feed {what}", action)
        return Changed(self._of_id(made[-1]), outcome.batch, place.note)

    def change(self, name: str, wanted: Change, *, folder: Path = _HERE) -> Changed:
        """Give a subscription another name, location, time to expire or other tags.

        Raises `UsageError` where there is none of this name, and what `add` raises.
        """
        one = self.find(name)
        place = None if wanted.location is None else parse_location(wanted.location, folder)

        def action(connection: Connection, batch: Batch) -> int:
            # As it is now: another process may have changed it.
            before = stored.find_by_id(connection, one.id)
            if before is None:
                raise UsageError(f"The feed {one.name} was removed meanwhile.")
            return stored.change(connection, batch, before, _changed(before, wanted, place))

        outcome = decide(self._tray, self._origin, f"change feed {one.name}", action)
        return Changed(self._of_id(one.id), outcome.batch, "" if place is None else place.note)

    def remove(self, names: Collection[str]) -> Outcome:
        """Take subscriptions away; their papers stay, and undo brings them back.

        Raises `UsageError` where there is none of one of the names; then none is removed.
        """
        found = {one.id: one for one in map(self.find, names)}

        def action(connection: Connection, batch: Batch) -> int:
            # Not again what another process has removed meanwhile.
            left = [one for one in found.values() if stored.find_by_id(connection, one.id)]
            for one in left:
                stored.remove(connection, batch, one)
            return len(left)

        called = ", ".join(one.name for one in found.values())
        return decide(self._tray, self._origin, f"remove feed {called}", action)

    def import_list(self, data: bytes, called: str) -> Imported:
        """Subscribe to the feeds of an OPML file or of newsboat's urls, as one batch.

        Arguments: `called` is the name of the file, for messages. Which of the two it is, its
        content tells.

        Raises `UnreadableSource` where it is neither, or nothing is in it.
        """
        format_name, listed, unread = _read_list(data)
        if not (listed or unread):
            raise UnreadableSource(
                f"There is no feed in {called}, which would be OPML or newsboat's urls."
            )
        added: list[str] = []

        def action(connection: Connection, batch: Batch) -> int:
            added.clear()
            register = Register(connection)
            for one in listed:
                place = one.place
                if not register.name_at(place.kind, place.location):
                    name = register.free_name(_called(one.name, place))
                    wanted = Wanted(name, place.kind, place.location, one.expire, one.tags)
                    stored.add(connection, batch, wanted, register, self._tray.new_uid)
                    added.append(name)
            return len(added)

        decide(self._tray, self._origin, f"import feeds from {called}", action)
        return Imported(format_name, tuple(added), len(listed) - len(added), tuple(unread))

    def as_opml(self) -> str:
        """Return all subscriptions as OPML, which `import_list` gives back."""
        from papertray.feeds.fetching.opml import write_opml

        return write_opml(stored.all_subscriptions(self._tray.reader())).decode("utf-8")

    def export(self, path: Path, *, force: bool = False) -> bool:
        """Write all subscriptions to an OPML file; return whether it holds something else now.

        Raises what `write_file` does.
        """
        from papertray.notebook.own_files import write_file  # the other ways to look at feeds wait

        return write_file(self._tray, path, "opml", [self.as_opml()], force=force)

    def _of_id(self, id_: int) -> Subscription:
        return next(one for one in stored.all_subscriptions(self._tray.reader()) if one.id == id_)


def _changed(before: Subscription, wanted: Change, place: Location | None) -> Wanted:
    """Return what becomes of a subscription that gets another `place`, unless that is None."""
    return Wanted(
        before.name if wanted.name is None else wanted.name,
        before.kind if place is None else place.kind,
        before.location if place is None else place.location,
        before.expire if wanted.expire is None else wanted.expire,
        _unique(tag for tag in (*before.tags, *wanted.tags) if tag not in wanted.untags),
    )


def _unique(tags: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(tags))


def _called(name: str, place: Location) -> str:
    """Return what of a name that somebody gave can be the name of a feed, else one that says where
    it lies."""
    return name_out_of(name) or name_out_of(name_of(place)) or "feed"


def name_out_of(text: str) -> str:
    """Return what of a text can be the name of a feed, empty when that is nothing."""
    visible = "".join(c if c.isprintable() else " " for c in text).replace('"', "'")
    return " ".join(visible.split())[:LONGEST_NAME].rstrip()


def _read_list(data: bytes) -> tuple[str, list[ListedFeed], list[Unread]]:
    """Read OPML, which is the one of the two that begins with a tag, or newsboat's urls."""
    if data.removeprefix(codecs.BOM_UTF8).lstrip()[:1] == b"<" or b"\0" in data:
        from papertray.feeds.fetching.opml import read_opml

        return "OPML", *read_opml(data)
    from papertray.feeds.fetching.newsboat import read_newsboat

    return "newsboat's urls", *read_newsboat(data.decode("utf-8", "replace"))
