"""The open tasks of all notes, in one list."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from papertray.core.clean import clean
from papertray.core.counting import counted
from papertray.store.note_lists import NoteTask
from papertray.tui.screens.list_screen import ListScreen, Verbs
from papertray.tui.screens.opened import is_open
from papertray.tui.widgets.lines import ListLine

if TYPE_CHECKING:
    from textual.worker import Worker

    from papertray.tui.app import PapertrayApp

MOST = 2000
"""Tasks listed."""


class TasksScreen(ListScreen):
    """One line a task, below the name of its note; what is ticked stays to be seen."""

    def __init__(self, app_: PapertrayApp) -> None:
        super().__init__(app_)
        self._tasks: list[NoteTask] = []
        self._is_read = False

    def heading(self) -> str:
        """Say how many there are."""
        still_open = sum(not each.task.is_done for each in self._tasks)
        if not self._is_read:
            return "Open tasks …"
        more = f", the first {MOST:,}" if len(self._tasks) == MOST else ""
        return f"{counted(still_open, 'open task')}{more}"

    def lines(self) -> Sequence[ListLine]:
        """The tasks by their notes."""
        if not self._tasks and self._is_read:
            return [ListLine("No open task. A line “- [ ] words” in any note is one.")]
        found: list[ListLine] = []
        before = None
        for number, each in enumerate(self._tasks):
            if each.note.id != before:
                found.append(ListLine(clean(each.note.name), clean(each.note.citekey),
                                      is_strong=True))  # fmt: skip
                before = each.note.id
            sign = "[x]" if each.task.is_done else "[ ]"
            found.append(
                ListLine(clean(f"{sign} {each.task.text}"), id=str(number),
                         is_quiet=each.task.is_done)
            )  # fmt: skip
        return found

    def verbs(self) -> Verbs:
        """Return what can be done with a task."""
        return {
            "list.toggle": ("tick", self._tick),
            "list.open": ("open the note", self._open),
            "list.undo": ("undo", lambda chosen: self._undo()),
        }

    def on_mount(self) -> None:
        """Show an empty list, and read the tasks."""
        super().on_mount()
        self.read()

    def read(self, message: str = "") -> None:
        """Read the tasks anew, in a thread; then say something."""
        _: Worker[None] = self.run_worker(
            partial(self._read, message), exclusive=True, group="read", exit_on_error=False
        )

    async def _read(self, message: str) -> None:
        self._tasks = await asyncio.to_thread(self.notebook.notes.open_tasks, MOST)
        self._is_read = True
        if is_open(self):
            self.show_lines()
            if message:
                self.say(message)

    def refused(self, error: Exception) -> None:
        """Show the tasks as they are, and why one could not be changed."""
        self.papertray.warn(str(error))
        self.read()

    # --- what can be done

    def _tick(self, chosen: str) -> None:
        if not chosen:
            return
        number = int(chosen)
        at = self._tasks[number]
        ticked = replace(at.task, is_done=not at.task.is_done)
        self._tasks[number] = replace(at, task=ticked)
        self.papertray.writer.write(
            lambda: self.notebook.notes.tick(at.note.id, at.task),
            lambda outcome: self.papertray.follow_index(),
            self.refused,
        )
        self.show_lines()
        self.list.move_by(1)

    def _open(self, chosen: str) -> None:
        from papertray.tui.screens.noting import open_line

        if chosen:
            at = self._tasks[int(chosen)]
            closed = lambda has_saved: self.read() if has_saved and is_open(self) else None  # noqa: E731
            open_line(self.papertray, at.note, closed, at_line=at.task.line)

    def _undo(self) -> None:
        self.papertray.writer.write(
            self.notebook.journal.undo,
            lambda taken: self.read(f"undone: {taken.label}" if taken else "nothing to undo"),
            self.refused,
        )
