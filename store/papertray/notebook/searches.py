"""Saved searches: listing, saving and removing them."""

from __future__ import annotations

from papertray.core.errors import UsageError
from papertray.store import saved_searches as stored
from papertray.store.given_names import checked_name
from papertray.store.journal import Batch, Origin
from papertray.store.saved_searches import SavedSearch
from papertray.store.tray import Connection, Tray
from papertray.store.writing import Outcome, decide


class Searches:
    """The saved searches of a tray. ``search:NAME`` in a query stands for the query of one."""

    def __init__(self, tray: Tray, origin: Origin) -> None:
        self._tray = tray
        self._origin = origin

    def all(self) -> list[SavedSearch]:
        """Return the saved searches in order."""
        return stored.all_searches(self._tray.reader())

    def save(self, name: str, query: str) -> Outcome:
        """Save a query under a name, in place of the one that has this name in whatever case.

        Raises `UsageError` for what cannot be a name, `QueryError` for a query that cannot be
        understood or leads back to itself, and what every decision raises.
        """

        def action(connection: Connection, batch: Batch) -> int:
            return stored.save(connection, batch, name, query, self._tray.new_uid)

        return decide(self._tray, self._origin, f"save search {name}: {query}", action)

    def wrong_name(self, name: str) -> str:
        """Return what is wrong with a name for a search, in a sentence; empty when nothing is."""
        try:
            checked_name(name, "a saved search", stored.LONGEST_NAME)
        except UsageError as error:
            return str(error)
        return ""

    def remove(self, name: str) -> Outcome:
        """Take a saved search away; undo brings it back. Raises `QueryError` when there is none."""

        def action(connection: Connection, batch: Batch) -> int:
            return stored.remove(connection, batch, name)

        return decide(self._tray, self._origin, f"remove search {name}", action)
