"""The notebook: one tray, as the screen and the command line see it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from papertray.core.clock import Clock, local_date
from papertray.store.connection import TIMEOUT
from papertray.store.journal import Origin
from papertray.store.places import Places
from papertray.store.tray import Tray, random_uid

if TYPE_CHECKING:  # each subject is imported when first used: a command uses one or two of them
    from papertray.core.query import Query
    from papertray.core.settings import Settings
    from papertray.exporters.table import Format
    from papertray.feeds.table import Readers
    from papertray.notebook.checking import Checking
    from papertray.notebook.completing import Completing
    from papertray.notebook.drop import Drop
    from papertray.notebook.duplicates import Duplicates
    from papertray.notebook.exports import Exports
    from papertray.notebook.feeds import Feeds
    from papertray.notebook.fetching import Fetching
    from papertray.notebook.files import Files
    from papertray.notebook.health import Health
    from papertray.notebook.journal import Journal
    from papertray.notebook.keeping import Keeping
    from papertray.notebook.named_exports import NamedExports
    from papertray.notebook.network import Network
    from papertray.notebook.notes import Notes
    from papertray.notebook.papers import Papers
    from papertray.notebook.plugins import Plugins
    from papertray.notebook.rules import Rules
    from papertray.notebook.searches import Searches
    from papertray.notebook.statistics import Statistics
    from papertray.notebook.subscriptions import Subscriptions
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
        session: str = "",
    ) -> None:
        """Open the tray at `places`, making or migrating it where need be.

        `origin` is who decides here: the screen or the command line. `timeout` is how many seconds
        a writer waits for another process. `session` is that of another notebook whose undo is to
        take back what is decided here, too; empty: this is a session of its own. Raises
        `TrayNewer`, `TrayDamaged`, `TrayReadOnly`, `TrayLocked`, `DiskFull`.
        """
        self.places = places
        self._origin = origin
        self._tray = Tray(
            places, clock=clock, new_uid=new_uid, timeout=timeout, session=session,
            citekey_formula=lambda: self.settings.text("citekeys.formula"),
        )  # fmt: skip

    @cached_property
    def papers(self) -> Papers:
        """Looking at papers and deciding about them."""
        from papertray.notebook.papers import Papers

        return Papers(self._tray, self._origin)

    @cached_property
    def notes(self) -> Notes:
        """Reading and saving notes."""
        from papertray.notebook.notes import Notes

        return Notes(self._tray, self._origin, lambda: self.search)

    @cached_property
    def journal(self) -> Journal:
        """What was decided, and taking it back."""
        from papertray.notebook.journal import Journal

        return Journal(self._tray, self._origin)

    @cached_property
    def duplicates(self) -> Duplicates:
        """Papers that are one work, and merging them."""
        from papertray.notebook.duplicates import Duplicates

        return Duplicates(self._tray, self._origin)

    def statistics(self, is_stopped: Callable[[], bool] = lambda: False) -> Statistics | None:
        """Count what came, was decided and waits; for a worker thread. See `count_statistics`."""
        from papertray.notebook.statistics import count_statistics

        return count_statistics(self._tray, is_stopped)

    @cached_property
    def searches(self) -> Searches:
        """Saved searches."""
        from papertray.notebook.searches import Searches

        return Searches(self._tray, self._origin)

    @cached_property
    def subscriptions(self) -> Subscriptions:
        """Feeds, searches and folders that the user asked for."""
        from papertray.notebook.subscriptions import Subscriptions

        return Subscriptions(self._tray, self._origin)

    @cached_property
    def rules(self) -> Rules:
        """What becomes of papers as they arrive."""
        from papertray.notebook.rules import Rules

        return Rules(self._tray, self._origin)

    @cached_property
    def search(self) -> Search:
        """Finding papers and notes by words; the index behind it opens when first needed."""
        from papertray.store.search import Search

        return Search(self._tray)

    @cached_property
    def feeds(self) -> Feeds:
        """Taking in what readers read."""
        from papertray.notebook.feeds import Feeds

        changed = self.settings.number("versions.changed")
        return Feeds(self._tray, self._readers(), changed, lambda: self.completing)

    @cached_property
    def completing(self) -> Completing:
        """Completing papers of which only a name is known."""
        from papertray.notebook.completing import Completing

        changed = self.settings.number("versions.changed")
        return Completing(self._tray, lambda: self.network.services, changed)

    @property
    def network(self) -> Network:
        """The network as the settings describe it; it is opened by those who need it."""
        from papertray.notebook.network import Network

        return Network(self.settings)

    @cached_property
    def fetching(self) -> Fetching:
        """Asking the subscribed feeds for what is new."""
        from papertray.notebook.fetching import Fetching

        return Fetching(
            self._tray, self._readers(), lambda: self.settings,
            lambda: self.completing, lambda: self.files,
        )  # fmt: skip

    @cached_property
    def drop(self) -> Drop:
        """What is put into the drop folder, and into folders that are feeds."""
        from papertray.notebook.drop import Drop

        return Drop(self._tray, self._readers(), self.settings.number("versions.changed"))

    @cached_property
    def exports(self) -> Exports:
        """From papers to files."""
        from papertray.exporters.table import Formats
        from papertray.notebook.exports import Exports

        return Exports(self._tray, Formats(self._more_formats))

    @cached_property
    def named_exports(self) -> NamedExports:
        """Exports of the settings, which follow the tray."""
        from papertray.notebook.named_exports import NamedExports

        def find(query: Query) -> Sequence[int]:
            return self.search.find(self.search.resolved(query)).ids

        return NamedExports(self._tray, self.exports, lambda: self.settings, find)

    @cached_property
    def checking(self) -> Checking:
        """Manuscripts, and what they cite."""
        from papertray.notebook.checking import Checking

        return Checking(self._tray)

    def _more_formats(self) -> Iterable[Format]:
        """Return the formats of plugins, and those that templates in the tray make."""
        from papertray.notebook.export_templates import read_templates

        formats = self._plugins().formats
        return (*formats, *read_templates(self.places.tray, formats)[0])

    @cached_property
    def files(self) -> Files:
        """Files of papers: fetching PDFs, attaching one's own, finding them again."""
        from papertray.notebook.files import Files

        return Files(self._tray, self._origin, lambda: self.settings)

    @cached_property
    def health(self) -> Health:
        """Whether the tray is what it should be."""
        from papertray.notebook.health import Health

        return Health(self._tray, self.search)

    @cached_property
    def keeping(self) -> Keeping:
        """Backups of the tray, and what threatens the place it lies in."""
        from papertray.notebook.keeping import Keeping
        from papertray.store.backups import BackupPlan

        settings = self.settings
        plan = BackupPlan(
            daily=settings.number("backups.daily"), weekly=settings.number("backups.weekly")
        )
        return Keeping(self._tray, plan)

    @property
    def settings(self) -> Settings:
        """What the user's settings file says now."""
        from papertray.notebook.settings import read_settings

        return read_settings(self.places.settings)

    def _readers(self) -> Readers:
        from papertray.feeds.table import Readers

        return Readers(lambda: self._plugins().readers)

    def _plugins(self) -> Plugins:
        from papertray.notebook.plugins import installed

        return installed(self.places.state)

    @property
    def session(self) -> str:
        """What the decisions of this notebook are told by from those of others."""
        return self._tray.session

    def plugin_problems(self) -> list[str]:
        """Return a sentence for each plugin that cannot be used, each told once in a process."""
        plugins = self._plugins()
        return list(plugins.untold()) if plugins.all else []

    @property
    def time_of_day(self) -> str:
        """The local time by the tray's clock, as on a wall clock: ``09:05``."""
        return self._tray.now().astimezone().strftime("%H:%M")

    @property
    def folder(self) -> Path:
        """The tray's folder."""
        return self.places.tray

    def back_up_after_command(
        self, progress: Callable[[int, int], None] = lambda done, total: None, *, is_patient: bool
    ) -> str:
        """Make the backup of the day where something was written here; see `Keeping`."""
        today = local_date(self._tray.now())
        has_one = os.path.exists(self.places.backup_of(today))
        if not self._tray.has_written or (has_one and not is_patient):
            return ""  # so nearly every command: before anything is imported
        return self.keeping.back_up_after_command(progress, is_patient=is_patient)

    def close(self) -> None:
        """Close the tray, and end what its search still does in other threads."""
        try:
            if "search" in self.__dict__:
                self.search.close()
        finally:
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
