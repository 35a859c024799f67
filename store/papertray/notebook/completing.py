"""Completing papers of which only a name is known, once there is a network."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from papertray.core.clock import instant, local_date
from papertray.core.errors import Interrupted, NoNetwork, UsageError
from papertray.core.identity import Traits, traits
from papertray.core.pasted import Named
from papertray.store import awaited, merging, papers
from papertray.store.awaited import Awaited
from papertray.store.journal import Batch, Origin
from papertray.store.tray import Connection, Tray
from papertray.store.writing import relabel, start

if TYPE_CHECKING:
    from papertray.feeds.fetching.lookups import Found
    from papertray.feeds.fetching.transport import Transport

Progress = Callable[[int, int], None]
"""Called with the number of papers that were asked for, of how many."""


@dataclass(slots=True)
class CompletedReport:
    """What became of the papers that were awaited.

    `merged` of the `completed` ones turned out to be papers that the tray has under another name.
    `missing` says of works, the first time, that their services do not have them; `troubles` why
    others could not be asked for, each reason once. `waiting` counts all that are awaited still.
    `offline`: nothing could be reached.
    """

    completed: int = 0
    merged: int = 0
    missing: list[str] = field(default_factory=list)
    troubles: dict[str, None] = field(default_factory=dict)
    waiting: int = 0
    offline: bool = False

    def sentences(self) -> list[str]:
        """Return what there is to tell, in lines."""
        told = []
        if self.completed:
            were = "1 paper was" if self.completed == 1 else f"{self.completed:,} papers were"
            told.append(f"{were} completed.")
        if self.merged:
            were = "1 of them was" if self.merged == 1 else f"{self.merged:,} of them were"
            told.append(f"{were} here under another name, and merged with it.")
        return [*told, *self.missing, *self.troubles]


class Completing:
    """Papers that are awaited: what was named where there was no network."""

    def __init__(self, tray: Tray, services: Callable[[], dict[str, str]], changed: int) -> None:
        """`services` gives the addresses of the services; `changed`: see `store.arrival`."""
        self._tray = tray
        self._services = services
        self._changed = changed

    def has_work(self) -> bool:
        """Tell whether any paper is to be asked for now."""
        return bool(self._due())

    def complete(self, transport: Transport, progress: Progress | None = None) -> CompletedReport:
        """Ask for all papers that are awaited and due, and fill in what their services tell.

        Each still counts as brought by the add that named it, so that its undo takes it away. One
        batch at the end says that papers were completed, and merges those that turn out to be
        others of the tray. A work that its service does not have is asked for again after days, a
        few times.
        Raises `TrayLocked`, `DiskFull` or `TrayReadOnly`; what is completed stays.
        """
        report = CompletedReport()
        due = {one.named: one for one in self._due()}
        if due:
            stored: list[_Stored] = []
            try:
                self._ask(transport, due, stored, report, progress or (lambda done, total: None))
            finally:
                self._conclude(stored, report)
        report.waiting = len(awaited.all_awaited(self._tray.reader()))
        return report

    def _due(self) -> list[Awaited]:
        now = self._tray.now()
        return [one for one in awaited.all_awaited(self._tray.reader()) if one.is_due(now)]

    def _ask(
        self,
        transport: Transport,
        due: Mapping[Named, Awaited],
        stored: list[_Stored],
        report: CompletedReport,
        progress: Progress,
    ) -> None:
        from papertray.feeds.fetching.lookups import Found, look_up

        try:
            with TemporaryDirectory() as folder:
                answers = look_up(transport, self._services(), due, Path(folder))
                for number, answer in enumerate(answers, 1):
                    one = due[answer.named]
                    if isinstance(answer, Found):
                        self._store(one, answer)
                        stored.append(_Stored(one, traits(answer.record)))
                    elif answer.is_answer:
                        self._note_failure(one, answer.reason, report)
                    else:
                        report.troubles[answer.reason] = None
                    progress(number, len(due))
        except Interrupted:
            pass  # those that are left wait for the next time
        except NoNetwork:
            report.offline = True

    def _store(self, one: Awaited, answer: Found) -> None:
        """Let a record join the paper that waits for it, in the batch that brought the paper."""
        from papertray.notebook.add_job import Job
        from papertray.notebook.add_report import AddOptions, AddReport
        from papertray.notebook.naming import sources_of

        job = Job(self._tray, "", AddOptions(), AddReport(), None, self._changed)
        now = self._tray.now()
        job.batch = Batch(one.batch, instant(now), local_date(now))
        for source in sources_of([(answer.named, answer.record)]):
            job.take(source, source.name)

    def _conclude(self, stored: Sequence[_Stored], report: CompletedReport) -> None:
        """Merge what turned out to be one work, and write the batch that others notice it by."""
        if not stored:
            return
        report.completed = len(stored)
        with self._tray.write() as connection:
            batch = start(self._tray, connection, Origin.ADD)
            for one in stored:
                self._merge(connection, batch, one, report)
            what = papers.quoted_title(connection, stored[0].awaited.paper_id)
            if len(stored) > 1:
                what = f"{len(stored):,} papers"
            relabel(connection, batch.id, f"complete {what}")

    def _merge(
        self, connection: Connection, batch: Batch, one: _Stored, report: CompletedReport
    ) -> None:
        paper_id = papers.survivor(connection, one.awaited.paper_id)
        other = awaited.same_work(connection, paper_id, one.traits)
        if other is None:
            return
        try:
            merging.merge(connection, batch, paper_id, other)
        except UsageError:  # their DOIs differ
            report.missing.append(
                f"{one.awaited.named.title} may be the same work as paper {other}: "
                "`papertray duplicates` shows both."
            )
            return
        awaited.settle(connection, one.awaited.paper_id)
        report.merged += 1

    def _note_failure(self, one: Awaited, reason: str, report: CompletedReport) -> None:
        if not one.tries:
            report.missing.append(reason)
        with self._tray.write(durable=False) as connection:
            awaited.note_failure(connection, one.paper_id, instant(self._tray.now()), reason)


@dataclass(frozen=True, slots=True)
class _Stored:
    """A paper that was completed, and what its record is compared by."""

    awaited: Awaited
    traits: Traits
