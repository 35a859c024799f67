"""What the decision keys do on the screen: at once there, then in the tray."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from papertray.core.model import Pile
from papertray.notebook.papers import VERBS
from papertray.store.papers import View

if TYPE_CHECKING:
    from papertray.notebook.journal import TakenBack
    from papertray.store.writing import Outcome
    from papertray.tui.screens.triage import TriageScreen

PUT_BACK_ONE_BY_ONE = 64
"""Up to as many papers an undo puts back into the list without loading the view anew."""

_ACTION_OF = {
    Pile.READ: "decide.read",
    Pile.STARRED: "decide.star",
    Pile.SKIP: "decide.skip",
    Pile.INBOX: "decide.inbox",
}


class Deciding:
    """Decisions about the paper under the cursor of a screen.

    The list shows a decision at once; the writer's thread makes it true; a refused one is put back.
    """

    def __init__(self, screen: TriageScreen) -> None:
        self._screen = screen
        self._last: str | None = None

    def move(self, pile: Pile) -> None:
        """Move the paper to a pile."""

        def decide(paper_id: int) -> Outcome:
            return self._screen.notebook.papers.move([paper_id], pile)

        self._last = _ACTION_OF[pile]
        self._decide(decide, stays=self._screen.view == View(pile.value), label=VERBS[pile])

    def mark_done(self) -> None:
        """Mark the paper done."""

        def decide(paper_id: int) -> Outcome:
            return self._screen.notebook.papers.set_done([paper_id])

        self._last = "decide.done"
        leaves = self._screen.view in (View.INBOX, View.READ)
        self._decide(decide, stays=not leaves, label="done")

    def repeat(self) -> None:
        """Do to this paper what was done to the last one."""
        if self._last is None:
            self._screen.say("nothing to repeat yet")
        else:
            self._screen.run(self._last)

    def _decide(self, decide: Callable[[int], Outcome], *, stays: bool, label: str) -> None:
        """Take the paper out of the view at once, then write the decision.

        In a search, and in the pile it lies in already, a paper stays and the cursor goes on.
        """
        paper_id = self._screen.paper_list.paper_id
        if paper_id is None:
            self._screen.say("no paper here")
            return
        view = self._screen.view
        if stays or self._screen.finding.text:
            self._screen.rows.forget([paper_id])
            self._screen.paper_list.move_to(self._screen.paper_list.index + 1)
        else:
            self._screen.rows.take_out(self._screen.paper_list.index)
            self._screen.paper_list.view_changed()
            if not self._screen.rows:
                self._screen.set_card(False)

        def done(outcome: Outcome) -> None:
            self._screen.after_write([paper_id])
            if view is not self._screen.view and not self._screen.finding.text:
                # The user was faster than the disk: the view was loaded without the paper.
                cursor = self._screen.paper_list.paper_id
                self._put_where_they_belong([paper_id])
                self._screen.swap(self._screen.rows.ids, wanted=cursor)
            # The status line says already what `u` would take back.
            self._screen.say("" if outcome.changed else f"{label}: it is there already")

        self._screen.papertray.writer.write(lambda: decide(paper_id), done, self._screen.refused)

    def take_back(self, *, redo: bool) -> None:
        """Undo or redo; the cursor goes to the paper that came back."""
        journal = self._screen.notebook.journal

        def done(taken: TakenBack | None) -> None:
            if taken is None:
                self._screen.say("nothing to redo" if redo else "nothing to undo")
                return
            self._screen.after_write(list(taken.papers))
            self._show_again(taken)
            left = f", {taken.left} left alone: changed since" if taken.left else ""
            self._screen.say(f"{'redone' if redo else 'undone'}: {taken.label}{left}")

        self._screen.papertray.writer.write(
            journal.redo if redo else journal.undo, done, self._screen.refused
        )

    def _show_again(self, taken: TakenBack) -> None:
        """Bring the list in line with an undo: the cursor goes to the paper that came back."""
        if not taken.papers:
            return
        if len(taken.papers) > PUT_BACK_ONE_BY_ONE or self._screen.finding.text:
            index = self._screen.rows.position(taken.papers[0], near=self._screen.paper_list.index)
            if self._screen.finding.text:
                self._screen.paper_list.view_changed(index=index)
            else:
                self._screen.reload()
            return
        self._screen.paper_list.view_changed(index=self._put_where_they_belong(taken.papers))

    def _put_where_they_belong(self, paper_ids: Sequence[int]) -> int | None:
        """Put papers into the list or take them out, as they lie now; return the first's line."""
        first = None
        rows = self._screen.notebook.papers.rows(paper_ids)
        for paper_id in paper_ids:
            here = self._screen.rows.position(paper_id, near=self._screen.paper_list.index)
            row = rows.get(paper_id)
            belongs = (
                row is not None and _view_of(row.pile, is_done=row.is_done) is self._screen.view
            )
            if belongs and here is None:
                index = self._screen.rows.put_back(paper_id)
                first = index if first is None else first
            elif not belongs and here is not None:
                self._screen.rows.take_out(here)
            elif here is not None:
                first = here if first is None else first
        return first


def _view_of(pile: Pile, *, is_done: bool) -> View:
    return View.DONE if pile is Pile.READ and is_done else View(pile.value)
