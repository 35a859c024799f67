"""Marks on the papers of a list, and which papers the next verb is about."""

from __future__ import annotations

import asyncio
import threading
from array import array
from collections.abc import Callable, Coroutine, Sequence
from typing import TYPE_CHECKING

from textual.worker import Worker

from papertray.tui.marks import Marks

if TYPE_CHECKING:
    from papertray.tui.screens.triage import TriageScreen

AT_ONCE = 100_000
"""Papers that are gone through in some milliseconds; more are in a thread."""


class Marking:
    """The marks of a screen. They stay while other lists are shown, where nothing acts on them.

    A verb is about the marked papers of the list that is seen; where it has none, about the paper
    under the cursor.
    """

    def __init__(self, screen: TriageScreen) -> None:
        self._screen = screen
        self._marks = Marks()
        self._is_ready = threading.Event()
        self._is_ready.set()
        self._anchor: int | None = None
        self._counted: array[int] | None = None
        self._here: int | None = 0

    def is_marked(self, paper_id: int) -> bool:
        """Return whether a paper is marked."""
        return paper_id in self._marks

    def among(self, paper_ids: Sequence[int]) -> array[int]:
        """Return those of some papers that are marked, in their order."""
        self._is_ready.wait()
        return self._marks.among(paper_ids)

    @property
    def summary(self) -> str:
        """How many papers are marked, in words; empty where none is."""
        number = len(self._marks)
        if not number or self._here is None:
            return ""
        if not self._here:
            return f"{number:,} marked elsewhere"
        elsewhere = number - self._here
        return f"{self._here:,} marked" + (f", {elsewhere:,} elsewhere" if elsewhere > 0 else "")

    # --- what the next verb is about

    def targets(self, count: int | None = None) -> array[int]:
        """Return the marked papers of the list, in its order.

        Without marks these are `count` papers from the cursor on, the one under it without a
        count, none in an empty list.
        """
        self.follow()
        ids = self._screen.rows.ids
        if self._here == len(ids):
            return ids[:]
        if self._here != 0 and (found := self.among(ids)):
            return found
        index = self._screen.paper_list.index
        return ids[index : index + (1 if count is None else count)]

    def gather(self, count: int | None, then: Callable[[array[int]], None]) -> None:
        """Call `then` with the `targets`: at once, or soon where a thread has to look for them."""
        self.follow()
        ids = self._screen.rows.ids
        if self._here in (0, len(ids)) or len(ids) <= AT_ONCE:
            then(self.targets(count))
            return

        async def gather() -> None:
            found = await asyncio.to_thread(self.among, ids)
            then(found or self.targets(count))

        self._work(gather)

    # --- marking

    def toggle(self, count: int) -> None:
        """Mark papers from the cursor on, or unmark those that are marked, and go on."""
        papers, ids = self._screen.paper_list, self._screen.rows.ids
        for paper_id in ids[papers.index : papers.index + count]:
            self._marks.toggle(paper_id)
        self._changed()
        papers.move_by(count)

    def mark_range(self) -> None:
        """Mark this paper, and the next time everything from there to the cursor."""
        screen, paper_id = self._screen, self._screen.paper_id
        if paper_id is None:
            screen.say("no paper here")
            return
        index, begun = screen.paper_list.index, None
        if self._anchor is not None:
            begun = screen.rows.position(self._anchor, near=index)
        if begun is None:
            self._anchor = paper_id
            self._add(array("q", [paper_id]))
            key = screen.papertray.key_map.key_of("mark.range")
            screen.say(f"a range begins here: {key} again where it ends")
            return
        self._anchor = None
        self._add(screen.rows.ids[min(begun, index) : max(begun, index) + 1])
        screen.say("")

    def mark_all(self) -> None:
        """Mark the whole list; unmark it when all of it is marked."""
        screen, ids = self._screen, self._screen.rows.ids
        if not ids:
            screen.say("no paper here")
        elif not screen.viewing.is_whole:
            screen.say("the list is still being read: once more in a moment")
        elif self._here == len(ids):
            self.clear()
        else:
            self._add(ids[:])

    def clear(self) -> bool:
        """Unmark everything; return False where nothing was marked."""
        was_marked = bool(len(self._marks)) or self._anchor is not None
        self._marks = Marks()
        self._anchor = None
        if was_marked:
            self._screen.say("")
        self._changed()
        return was_marked

    def decided(self, paper_ids: Sequence[int]) -> None:
        """Unmark papers that something was decided about."""
        self._anchor = None
        number = len(self._marks)
        if not number:
            return
        if number == self._here == len(paper_ids):
            self._marks = Marks()  # these are all: no need to go through them
        else:
            self._marks.remove(paper_ids)
        self._changed()

    def _add(self, paper_ids: array[int]) -> None:
        if len(paper_ids) <= AT_ONCE:
            self._marks.add(paper_ids)
            self._changed()
            return
        marks = self._marks
        self._is_ready.clear()

        def add() -> None:
            marks.add(paper_ids)
            self._is_ready.set()

        async def wait() -> None:
            await asyncio.to_thread(self._is_ready.wait)
            self._changed()

        # Not one of asyncio's: that would begin after whoever waits for it in this thread.
        threading.Thread(target=add, name="papertray-marks", daemon=True).start()
        self._here = None
        self._work(wait)

    # --- how many of the list

    def follow(self) -> None:
        """Count the marks anew where another list is shown than before."""
        if self._counted is not self._screen.rows.ids:
            self._count()

    def _changed(self) -> None:
        self._screen.paper_list.refresh()
        self._count()

    def _count(self) -> None:
        ids = self._counted = self._screen.rows.ids
        if not len(self._marks):
            self._here = 0
        elif len(ids) <= AT_ONCE:
            self._here = self._marks.number(ids)
        else:
            self._here = None
            marks = self._marks

            async def count() -> None:
                number = await asyncio.to_thread(lambda: marks.number(ids))
                if ids is self._counted and marks is self._marks:
                    self._here = number
                    self._screen.show_undo()

            self._work(count)
        self._screen.show_undo()

    def _work(self, work: Callable[[], Coroutine[None, None, None]]) -> None:
        _: Worker[None] = self._screen.run_worker(work, group="marks")
