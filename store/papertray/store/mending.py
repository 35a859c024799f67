"""What mending needs to know, and the batch in which it writes what it changes for the user."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from papertray.core.clock import instant
from papertray.store.journal import Batch, Origin
from papertray.store.tray import Tray
from papertray.store.writing import start


@dataclass(slots=True)
class Mending:
    """One repair, inside one `tray.write()`."""

    tray: Tray
    connection: sqlite3.Connection
    _batch: Batch | None = None

    @property
    def now(self) -> datetime:
        """The present moment."""
        return self.tray.now()

    @property
    def at(self) -> str:
        """The present instant, as tables hold it."""
        return instant(self.now)

    def batch(self) -> Batch:
        """Return the batch of this repair, begun when something first needs it."""
        if self._batch is None:
            self._batch = start(self.tray, self.connection, Origin.REPAIR, label="doctor --repair")
        return self._batch

    def new_uid(self) -> str:
        """Return a new random name."""
        return self.tray.new_uid()


def follow_all_anew(connection: sqlite3.Connection) -> None:
    """Make every search index of this tray be built anew: changes were missed.

    An index knows its tray by the row of `change` that it followed last. One row must stay, for the
    next index to know its tray by.
    """
    connection.execute("DELETE FROM change")
    connection.execute("INSERT INTO change(kind, ref) VALUES ('paper', 0)")
