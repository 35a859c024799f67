"""Papers: looking at them and deciding about them."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from papertray.core.clock import SystemClock, instant, local_date
from papertray.core.errors import UnknownPaper
from papertray.core.piles import Pile
from papertray.store import decisions, views
from papertray.store import papers as stored
from papertray.store.journal import Batch, OpLine, Origin, history_of_paper, papers_in
from papertray.store.papers import PaperCounts, Row, View
from papertray.store.tray import Connection, Tray
from papertray.store.views import Arrangement, Listed
from papertray.store.writing import Outcome, decide

if TYPE_CHECKING:
    from papertray.core.model import Attachment, Entry, Work
    from papertray.store.awaited import Awaited
    from papertray.store.citekeys import Refreshed

VERBS = {Pile.INBOX: "inbox", Pile.READ: "read", Pile.STARRED: "star", Pile.SKIP: "skip"}
"""What the history and the status line call a move to each pile."""


class Papers:
    """The papers of a tray.

    Reading works in any thread. Every method that decides writes one batch, in one transaction,
    and returns once it is on disk; what it returns says how many papers changed. When the tray is
    locked for too long, the disk is full or cannot be written they raise `TrayLocked`, `DiskFull`
    or `TrayReadOnly`, and nothing changed.
    """

    def __init__(self, tray: Tray, origin: Origin) -> None:
        self._tray = tray
        self._origin = origin

    @property
    def today(self) -> str:
        """The local date by the tray's clock."""
        return local_date(self._tray.now())

    def ids(self, view: View, *, limit: int | None = None) -> array[int]:
        """Return the ids of a view, newest first: all of them, or the first `limit`."""
        return stored.view_ids(self._tray.reader(), view, self.today, limit=limit)

    @property
    def now(self) -> datetime:
        """The moment by the tray's clock, in the user's zone."""
        return self._tray.now()

    @property
    def zone(self) -> tzinfo | None:
        """Where days begin by the tray's clock; None: as the machine's zone has it on each day."""
        return None if isinstance(self._tray.clock, SystemClock) else self.now.tzinfo

    def first_page(self, view: View, arrangement: Arrangement, limit: int) -> Listed:
        """Return the first papers of a view; quick where the arrangement `is_by_added`."""
        return views.list_view(self._tray.reader(), view, self.today, arrangement, limit=limit)

    def page_around(
        self, view: View, paper_id: int, count: int, arrangement: Arrangement
    ) -> tuple[Listed, int]:
        """Return the papers of a view around one, newest first, and its place among them.

        Up to `count` before it and as many from it on; quick wherever in the view it is.
        """
        reader = self._tray.reader()
        return views.page_around(reader, view, self.today, paper_id, count, arrangement)

    def listed(
        self, view: View, arrangement: Arrangement, is_stopped: Callable[[], bool]
    ) -> Listed | None:
        """Return all papers of a view in order, None once `is_stopped`. For a worker thread."""
        with self._tray.sorter(is_stopped) as connection:
            return views.list_view(connection, view, self.today, arrangement)
        return None

    def arranged(
        self, paper_ids: Sequence[int], arrangement: Arrangement, is_stopped: Callable[[], bool]
    ) -> Listed | None:
        """Return papers in another order, None once `is_stopped`. For a worker thread."""
        with self._tray.sorter(is_stopped) as connection:
            return views.arrange(connection, paper_ids, arrangement)
        return None

    def decided_today(self) -> dict[str, int]:
        """Return how many papers were moved to each pile today, by the user. Not by rules."""
        midnight = self.now.replace(hour=0, minute=0, second=0, microsecond=0)
        return views.decided_since(self._tray.reader(), instant(midnight))

    def rows(self, paper_ids: Sequence[int]) -> dict[int, Row]:
        """Return what a list shows of some papers (a screenful), by id."""
        return stored.rows(self._tray.reader(), paper_ids)

    def in_view(self, view: View, paper_ids: Sequence[int]) -> set[int]:
        """Return which of some papers (a screenful) are in a view today."""
        return stored.ids_in_view(self._tray.reader(), view, self.today, paper_ids)

    def newest(self, limit: int | None = None) -> array[int]:
        """Return the ids of the newest papers of all piles: all of them, or the first `limit`."""
        return stored.newest_ids(self._tray.reader(), limit)

    def number(self) -> int:
        """Return how many papers all piles hold."""
        return stored.number(self._tray.reader())

    def counts(self) -> PaperCounts:
        """Return how many papers each view holds today."""
        return stored.counts(self._tray.reader(), self.today)

    def entry(self, paper_id: int) -> Entry:
        """Return one paper with all that belongs to it. Raises `UnknownPaper`."""
        for entry in self.entries([paper_id]):
            return entry
        raise UnknownPaper(f"There is no paper {paper_id} in this tray.")

    def files(self, paper_id: int) -> tuple[Attachment, ...]:
        """Return where the files of a paper lie, whether they are there or not.

        Those that the tray keeps have absolute paths, others are as they were told.
        """
        from papertray.store import attachments  # few commands show files
        from papertray.store.file_folder import FileFolder

        found = attachments.of_papers(self._tray.reader(), [paper_id]).get(paper_id, ())
        folder = FileFolder(self._tray.places.tray)
        return tuple(replace(file, path=folder.resolved(file.path)) for file in found)

    def awaited(self, paper_id: int) -> Awaited | None:
        """Return what is awaited of a paper of which only a name is known, None for all others."""
        from papertray.store.awaited import find_awaited

        return find_awaited(self._tray.reader(), paper_id)

    def entries(self, paper_ids: Sequence[int]) -> Iterator[Entry]:
        """Yield papers with all that belongs to them, in the order of `paper_ids`."""
        from papertray.store import entries  # a list has no need of them

        return entries.entries(self._tray.reader(), paper_ids)

    def find(self, key: str) -> int:
        """Return the id of the paper that a KEY names: a citekey, arXiv id, DOI or row id.

        Raises `UnknownPaper` when there is none.
        """
        found = stored.find_paper(self._tray.reader(), key.strip())
        if found is None:
            raise UnknownPaper(
                f"No paper is called {key}; `papertray list WORDS` finds it, its number, citation "
                "key, arXiv id or DOI names it."
            )
        return found

    def moved_there(self, paper_id: int) -> OpLine | None:
        """Return the decision by which a paper lies in its pile, None where it came there."""
        pile = self.entry(paper_id).pile.value
        ops = history_of_paper(self._tray.reader(), paper_id, "pile")
        return next((op for op in ops if op.is_live and op.value == pile), None)

    def tags(self) -> list[tuple[str, int]]:
        """Return every tag with its number of papers, by name."""
        return stored.all_tags(self._tray.reader())

    def tags_of(self, paper_ids: Sequence[int]) -> list[tuple[str, int]]:
        """Return the tags of some papers with how many of them have each, the commonest first."""
        return stored.tags_of(self._tray.reader(), paper_ids)

    def move(self, paper_ids: Sequence[int], pile: Pile, *, reason: str = "") -> Outcome:
        """Move papers to a pile. What is kept (read, starred) gets a citation key."""

        def action(connection: Connection, batch: Batch) -> int:
            changed = decisions.move(connection, batch, pile)
            if changed and pile in (Pile.READ, Pile.STARRED):
                _give_citekeys(connection)
            return changed

        return self._decide(VERBS[pile], paper_ids, action, reason=reason)

    def set_done(self, paper_ids: Sequence[int], *, done: bool = True) -> Outcome:
        """Mark papers done today (from the inbox they move to read), or clear that."""

        def action(connection: Connection, batch: Batch) -> int:
            changed = decisions.set_done(connection, batch, done=done)
            if changed and done:
                _give_citekeys(connection)
            return changed

        return self._decide("done" if done else "not done", paper_ids, action)

    def snooze(self, paper_ids: Sequence[int], until: str | None) -> Outcome:
        """Hide papers of the inbox until a local date (``2026-12-24``); None: show them again.

        What has been decided about stays as it is.
        """

        def action(connection: Connection, batch: Batch) -> int:
            return decisions.snooze(connection, batch, until)

        if until is None:
            return self._decide("no longer snooze", paper_ids, action)
        return self._decide("snooze", paper_ids, action, ending=f" until {until}")

    def change_tags(
        self, paper_ids: Sequence[int], *, add: Sequence[str] = (), remove: Sequence[str] = ()
    ) -> Outcome:
        """Give papers tags and take tags from them, as one batch."""
        signs = [f"+{tag}" for tag in add] + [f"-{tag}" for tag in remove]

        def action(connection: Connection, batch: Batch) -> int:
            for tag in add:
                decisions.add_tag(connection, batch, tag)
            for tag in remove:
                decisions.remove_tag(connection, batch, tag)
            return papers_in(connection, batch.id)

        return self._decide(f"tag {' '.join(signs)}", paper_ids, action)

    def rename_tag(self, old: str, new: str) -> Outcome:
        """Call a tag by another name on every paper that has it."""

        def action(connection: Connection, batch: Batch) -> int:
            decisions.set_targets(connection, stored.papers_with_tag(connection, old))
            decisions.add_tag(connection, batch, new)
            return decisions.remove_tag(connection, batch, old)

        return decide(
            self._tray,
            self._origin,
            lambda count: f"rename tag {old} to {new} on {_papers(count)}",
            action,
        )

    def remove(self, paper_ids: Sequence[int]) -> Outcome:
        """Take papers out of the tray's views. Nothing is erased; undo shows them again."""
        return self._decide("remove", paper_ids, decisions.remove)

    def edit(
        self, paper_id: int, work: Work, *, base: Work | None = None, citekey: str = ""
    ) -> Outcome:
        """Change what the tray says of a work to `work`, and pin its citekey when one is given.

        `base` is what the editing began from (what the tray says now, if None): only fields that
        differ from it change, so that two who edit different fields do not undo each other.
        Raises `UsageError` when an identifier or the key belongs to another paper.
        """

        def action(connection: Connection, batch: Batch) -> int:
            from papertray.store import citekeys, edits

            begun = base or self.entry(paper_id).work
            present = stored.survivor(connection, paper_id)
            changed = edits.edit_work(connection, batch, present, work, begun)
            if citekey:
                changed += edits.pin_citekey(connection, batch, present, citekey)
            citekeys.recompute(connection, [present])
            return changed

        return decide(self._tray, self._origin, f"edit {self._quoted(paper_id)}", action)

    def refresh_citekeys(self, paper_ids: Sequence[int], *, pinned: bool = False) -> Refreshed:
        """Give papers the citation keys that the formula gives them now, also final ones.

        The old keys still resolve. Those that are pinned change only with `pinned`.
        """
        from papertray.store.citekeys import Refreshed, refresh

        found = Refreshed()

        def action(connection: Connection, batch: Batch) -> int:
            nonlocal found
            chosen = decisions.targets(connection)
            found = refresh(connection, batch, chosen, pinned=pinned)
            return len(found.changed)

        self._decide("refresh the key of", paper_ids, action)
        return found

    def use_citekeys(self, paper_ids: Sequence[int]) -> None:
        """Give papers the citation keys that they keep outside the tray: these never change."""
        from papertray.store import citekeys

        citekeys.finalise_all(self._tray, paper_ids)

    def use_citekey(self, paper_id: int) -> str:
        """Return a paper's citation key for use outside the tray: from now on it never changes."""
        self.use_citekeys([paper_id])
        return self.entry(paper_id).citekey

    def _decide(
        self,
        verb: str,
        paper_ids: Sequence[int],
        action: Callable[[Connection, Batch], int],
        *,
        reason: str = "",
        ending: str = "",
    ) -> Outcome:
        def on_targets(connection: Connection, batch: Batch) -> int:
            decisions.set_targets(connection, paper_ids)
            decisions.lead_on(connection)  # somebody may have merged them since they were shown
            return action(connection, batch)

        def label(count: int) -> str:
            if len(paper_ids) == 1:
                return f"{verb} {self._quoted(paper_ids[0])}{ending}"
            return f"{verb} {_papers(count)}{ending}"

        return decide(self._tray, self._origin, label, on_targets, reason=reason)

    def _quoted(self, paper_id: int) -> str:
        return stored.quoted_title(self._tray.reader(), paper_id)


def _give_citekeys(connection: Connection) -> None:
    from papertray.store import citekeys  # only those who keep papers wait for it

    citekeys.give(connection, decisions.targets(connection))


def _papers(count: int) -> str:
    return "1 paper" if count == 1 else f"{count:,} papers"
