"""The history: what was done when and from where, each batch to be looked into and taken back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from textual import on

from papertray.core.clean import clean
from papertray.core.counting import counted
from papertray.store.journal import BatchLine, Decision, Origin
from papertray.tui.screens.list_screen import ListScreen, Verbs
from papertray.tui.screens.opened import is_open
from papertray.tui.widgets.lines import Lines, ListLine

if TYPE_CHECKING:
    from textual.worker import Worker

    from papertray.notebook.journal import TakenBack
    from papertray.tui.screens.triage import TriageScreen

PAGE = 500
"""Batches read at a time."""

MOST_BATCHES = 10_000
"""Batches listed; what is older stands in what `papertray history` prints."""

NEAR = 50
"""Lines before the end of what was read at which more is read."""

MOST = 1000
"""Decisions of one batch that are listed."""

LONGEST_BESIDE = 36
"""Letters of a change that stands at the right of its paper's title."""


def show_history(screen: TriageScreen) -> None:
    """List what was done."""
    screen.app.push_screen(HistoryScreen(screen))


class HistoryScreen(ListScreen):
    """One line a batch, newest first, below the day on which it was written."""

    def __init__(self, papers: TriageScreen) -> None:
        """`papers` is the screen whose list is read anew after something was taken back."""
        super().__init__(papers.papertray)
        self._papers = papers
        self._batches: list[BatchLine] = []
        self._lines: list[ListLine] = []
        self._is_whole = self._is_reading = False

    def heading(self) -> str:
        """Say how much is listed."""
        if not self._batches:
            return "History" if self._is_whole else "History …"
        newest = "" if self._is_whole else "the newest "
        return f"History, {newest}{len(self._batches):,}"

    def lines(self) -> Sequence[ListLine]:
        """The batches by their days."""
        if not self._batches and self._is_whole:
            return [ListLine("Nothing was done yet.")]
        return self._lines

    def verbs(self) -> Verbs:
        """Return what can be done with a batch."""
        return {"list.open": ("what it changed", self._open), "list.undo": ("undo it", self._undo)}

    # --- reading

    def on_mount(self) -> None:
        """Show an empty list, and read the newest."""
        super().on_mount()
        self._read()

    @on(Lines.Moved)
    def _near_the_end(self) -> None:
        is_near = self.list.index >= len(self.list.lines) - NEAR
        is_over = self._is_whole or len(self._batches) >= MOST_BATCHES
        if is_near and self._batches and not (is_over or self._is_reading):
            self._read(self._batches[-1].id)

    def _read(self, before: int | None = None, message: str = "") -> None:
        """Read the next page before a batch, or all that is listed anew; then say something."""
        self._is_reading = True
        # As a function: a coroutine whose worker is cancelled at once would never be awaited.
        load = partial(self._load, before, message)
        _: Worker[None] = self.run_worker(load, exclusive=True, group="read")

    async def _load(self, before: int | None, message: str) -> None:
        limit = PAGE if before is not None else max(PAGE, len(self._batches))
        last = _moment(self._batches[-1]).date() if before is not None else None
        page, lines = await asyncio.to_thread(self._page, limit, before, last)
        if before is None:
            self._batches, self._lines = [], []
        self._batches += page
        self._lines += lines
        self._is_whole = len(page) < limit
        self._is_reading = False
        if is_open(self):
            self.show_lines()
            if message:
                self.say(message)

    def _page(
        self, limit: int, before: int | None, day: date | None
    ) -> tuple[list[BatchLine], list[ListLine]]:
        self.papertray.writer.flush()  # what was decided a moment ago stands there, too
        page = self.notebook.journal.history(limit, before=before)
        return page, list(lines_of(page, day))

    # --- what can be done

    def _batch(self, chosen: str) -> BatchLine | None:
        return next((batch for batch in self._batches if str(batch.id) == chosen), None)

    def _open(self, chosen: str) -> None:
        if (batch := self._batch(chosen)) is not None:
            undo = partial(self._undo, chosen)
            self.app.push_screen(DecisionsScreen(self._papers, batch, undo))

    def _undo(self, chosen: str) -> None:
        batch, jobs = self._batch(chosen), self.papertray.jobs
        if batch is None:
            return
        if jobs.is_running and batch.origin is Origin.ADD:
            # Half of an add would be taken back while the other half comes in.
            self.say(self.papertray.busy)
            return
        journal = self.notebook.journal
        self.say("taking it back …")
        self.papertray.writer.write(
            lambda: journal.undo_batch(batch.id),
            partial(self._undone, redo=batch.is_undo),
            self.refused,
        )

    def _undone(self, taken: TakenBack, *, redo: bool) -> None:
        from papertray.tui.screens.deciding import taken_back

        titles = self.notebook.papers.rows(taken.papers) if len(taken.papers) == 1 else {}
        title = titles[taken.papers[0]].title if titles else ""
        said = taken_back([taken], len(taken.papers), title, redo=redo)
        self.papertray.follow_index()
        self._papers.viewing.reload_all(said)
        if is_open(self):
            self._read(message=said)

    def refused(self, error: Exception) -> None:
        """Say why something could not be taken back."""
        self.papertray.warn(str(error))
        if is_open(self):
            self._read()


class DecisionsScreen(ListScreen):
    """What one batch changed: a line a decision, with the paper it is about."""

    def __init__(self, papers: TriageScreen, batch: BatchLine, undo: Callable[[], None]) -> None:
        """`undo` takes the batch back; the screen closes then."""
        super().__init__(papers.papertray)
        self._papers = papers
        self._batch = batch
        self._take_back = undo
        self._decisions: Sequence[Decision] | None = None

    def heading(self) -> str:
        """Name the batch, and say how much of it is listed."""
        said = f"{self._batch.label}, {_from_where(self._batch)}"
        number = len(self._decisions or ())
        first = "the first " if number == MOST else ""
        return f"{said}: {first}{counted(number, 'change')}" if number else said

    def lines(self) -> Sequence[ListLine]:
        """The decisions in their order."""
        if self._decisions is None:
            return ()
        shown = [_decided(number, each) for number, each in enumerate(self._decisions)]
        return shown or [ListLine("It changed nothing that is listed here.")]

    def verbs(self) -> Verbs:
        """Return what can be done with a decision."""
        return {
            "list.open": ("show the paper", self._open),
            "list.undo": ("undo all of it", lambda chosen: self._undo()),
        }

    def on_mount(self) -> None:
        """Show an empty list, and read the decisions."""
        super().on_mount()
        _: Worker[None] = self.run_worker(self._read)

    async def _read(self) -> None:
        decisions_of = self.notebook.journal.decisions_of
        self._decisions = await asyncio.to_thread(decisions_of, self._batch.id, MOST)
        if is_open(self):
            self.show_lines()

    def _open(self, chosen: str) -> None:
        if not chosen or self._decisions is None:
            return
        paper = self._decisions[int(chosen)].paper
        if paper is None:
            self.say("this is about no paper")
        else:
            self.papertray.show_found(f"id:{paper}")

    def _undo(self) -> None:
        self.dismiss()
        self._take_back()


def lines_of(batches: Iterable[BatchLine], day: date | None = None) -> Iterator[ListLine]:
    """Yield the lines of batches, each day's under a heading; the last line before was of `day`."""
    for batch in batches:
        moment = _moment(batch)
        if moment.date() != day:
            day = moment.date()
            yield ListLine(f"{moment:%A} {day}", is_strong=True)
        yield line_of(batch, moment)


def line_of(batch: BatchLine, moment: datetime) -> ListLine:
    """Return what the list shows of a batch: its time, what it did and why, and from where."""
    because = f", because {batch.reason}" if batch.reason else ""
    taken_back = "" if batch.is_live else "taken back · "
    return ListLine(
        clean(f"{moment:%H:%M}  {batch.label}{because}"),
        f"{taken_back}{_from_where(batch)}",
        str(batch.id),
        is_quiet=not batch.is_live,
    )


def _from_where(batch: BatchLine) -> str:
    from papertray.notebook.journal_words import ORIGINS

    return ORIGINS[batch.origin]


def _moment(batch: BatchLine) -> datetime:
    """Return when a batch was written, as the clock on the wall showed it."""
    return datetime.fromisoformat(batch.at) + timedelta(minutes=batch.utc_offset)


def _decided(number: int, decision: Decision) -> ListLine:
    from papertray.notebook.journal_words import in_words

    changed = in_words(decision.kind, decision.field, decision.value, decision.before)
    # What is short stands beside the title; a changed abstract would leave no room for one.
    name, changed = clean(decision.name), clean(changed)
    if len(changed) <= LONGEST_BESIDE:
        return ListLine(name or changed, changed if name else "", str(number))
    return ListLine(f"{name[:LONGEST_BESIDE]}  {changed}", id=str(number))
