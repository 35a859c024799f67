"""The notebook: one tray, as the screen and the command line see it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from papertray.core.clock import Clock
from papertray.store.connection import TIMEOUT
from papertray.store.journal import Origin
from papertray.store.places import Places
from papertray.store.tray import Tray, random_uid

if TYPE_CHECKING:  # each subject is imported when first used: a command uses one or two of them
    from papertray.notebook.exports import Exports
    from papertray.notebook.feeds import Feeds
    from papertray.notebook.health import Health
    from papertray.notebook.journal import Journal
    from papertray.notebook.notes import Notes
    from papertray.notebook.papers import Papers
    from papertray.store.search import Search


class Notebook:
    """An open tray by its subjects: papers, notes, journal, search, feeds, exports, health.

    Use it as a context manager, or call `close`. Any thread may use it; writers take turns.
    """

    def __init__(
        self,
        places: Places,
        origin: Origin,
        *,
        clock: Clock | None = None,
        new_uid: Callable[[], str] = random_uid,
        timeout: float = TIMEOUT,
    ) -> None:
        """Open the tray at `places`, making or migrating it where need be.

        `origin` is who decides here: the screen or the command line. `timeout` is how many seconds
        a writer waits for another process. Raises `TrayNewer`, `TrayDamaged`, `TrayReadOnly`,
        `TrayLocked`, `DiskFull`.
        """
        self.places = places
        self._origin = origin
        self._tray = Tray(places, clock=clock, new_uid=new_uid, timeout=timeout)

    @cached_property
    def papers(self) -> Papers:
        """Looking at papers and deciding about them."""
        from papertray.notebook.papers import Papers

        return Papers(self._tray, self._origin)

    @cached_property
    def notes(self) -> Notes:
        """Reading and saving notes."""
        from papertray.notebook.notes import Notes

        return Notes(self._tray, self._origin)

    @cached_property
    def journal(self) -> Journal:
        """What was decided, and taking it back."""
        from papertray.notebook.journal import Journal

        return Journal(self._tray, self._origin)

    @cached_property
    def search(self) -> Search:
        """Finding papers and notes by words; the index behind it opens when first needed."""
        from papertray.store.search import Search

        return Search(self._tray)

    @cached_property
    def feeds(self) -> Feeds:
        """Taking in what readers read."""
        from papertray.notebook.feeds import Feeds

        return Feeds(self._tray)

    @cached_property
    def exports(self) -> Exports:
        """From papers to files."""
        from papertray.notebook.exports import Exports

        return Exports(self._tray)

    @cached_property
    def health(self) -> Health:
        """Whether the tray is what it should be."""
        from papertray.notebook.health import Health

        return Health(self._tray, self.search)

    @property
    def folder(self) -> Path:
        """The tray's folder."""
        return self.places.tray

    def close(self) -> None:
        """Close the tray, and end what its search still does in other threads."""
        if "search" in self.__dict__:
            self.search.close()
        self._tray.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
