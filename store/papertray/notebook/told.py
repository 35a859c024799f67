"""What a file tells of another tray's feeds, saved searches and rules, on its way into this one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from papertray.core.errors import UsageError
from papertray.core.model import Told, ToldFeed
from papertray.core.subscriptions import Kind
from papertray.feeds.fetching.locations import parse_listed
from papertray.store.adoption import Adopted
from papertray.store.journal import Batch
from papertray.store.told import adopt_told
from papertray.store.tray import Connection


def adopt_checked(
    connection: Connection, batch: Batch, told: Sequence[Told], new_uid: Callable[[], str]
) -> Adopted:
    """Take over what another tray holds beside papers and notes, but for feeds that lie nowhere."""
    good = [one for one in told if not isinstance(one, ToldFeed) or _lies_somewhere(one)]
    return adopt_told(connection, batch, good, new_uid) + Adopted(refused=len(told) - len(good))


def _lies_somewhere(told: ToldFeed) -> bool:
    """Tell whether a subscription's location is one as users type it.

    A folder may be one of another machine: it need not be there.
    """
    if not told.is_subscribed:
        return True
    if told.kind == Kind.FOLDER:
        return told.location.startswith("/")
    try:
        place = parse_listed(told.location)
    except UsageError:
        return False
    return (place.kind, place.location) == (told.kind, told.location)
