"""All notes, last changed first."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from textual import on
from textual.widgets import Input

from papertray.core.clean import clean
from papertray.core.errors import PapertrayError
from papertray.store.note_lists import NoteLine
from papertray.tui.screens.list_screen import ListScreen, Verbs
from papertray.tui.screens.opened import is_open
from papertray.tui.widgets.lines import ListLine

if TYPE_CHECKING:
    from textual.worker import Worker

    from papertray.tui.app import PapertrayApp

MOST = 500
"""Notes listed; finding in the list asks the index about the others."""

MOST_FOUND = 100
"""Notes that the index adds to those."""

LONGEST_NAME = 42
"""Characters of a note's name, so that its first words are seen beside it."""


class NotesScreen(ListScreen):
    """The notes that changed last, or those that a search found; read in a thread."""

    def __init__(self, app_: PapertrayApp, found: Sequence[int] | None) -> None:
        """`found` are the notes of a search, best first; None: there is none."""
        super().__init__(app_)
        self._found = found
        self._notes: Sequence[NoteLine] = ()
        self._elsewhere: Sequence[NoteLine] = ()
        self._is_read = False

    def heading(self) -> str:
        """Say what is listed."""
        if not self._is_read:
            return "Notes …"
        if self._found is not None:
            return f"Notes found: {len(self._notes)}"
        more = f", the last {MOST} that changed" if len(self._notes) == MOST else ""
        return f"Notes{more}"

    def lines(self) -> Sequence[ListLine]:
        """One line a note: its day, its name, its first words; its paper and its open tasks."""
        if not self._notes and self._is_read:
            key = self.papertray.key_map.key_of
            said = f"No notes yet. {key('list.add')} begins one, "
            return [ListLine(f"{said}{key('work.note')} on a paper one about that.")]
        return [line_of(note) for note in self._notes]

    def verbs(self) -> Verbs:
        """Return what can be done with a note."""
        return {
            "list.open": ("open", self._open),
            "list.add": ("new", self._add),
            "list.remove": ("remove", self._remove),
            "list.undo": ("undo", lambda chosen: self._undo()),
        }

    def on_mount(self) -> None:
        """Show an empty list, and read the notes."""
        super().on_mount()
        self.read()

    def on_screen_resume(self) -> None:
        """Show what was written meanwhile."""
        if self._is_read:
            self.read()

    def read(self) -> None:
        """Read the notes anew, in a thread."""
        _: Worker[None] = self.run_worker(
            self._read, exclusive=True, group="read", exit_on_error=False
        )

    async def _read(self) -> None:
        notes = self.notebook.notes
        if self._found is None:
            self._notes = await asyncio.to_thread(notes.recent_lines, MOST)
        else:
            self._notes = await asyncio.to_thread(notes.lines, self._found[:MOST])
        self._is_read = True
        if is_open(self):
            self.show_lines()

    def _note(self, chosen: str) -> NoteLine | None:
        return next(
            (note for note in (*self._notes, *self._elsewhere) if str(note.id) == chosen), None
        )

    # --- what can be done

    def _open(self, chosen: str) -> None:
        from papertray.tui.screens.noting import open_line

        if (note := self._note(chosen)) is not None:
            open_line(self.papertray, note, self._when_closed)

    def _when_closed(self, has_saved: bool) -> None:
        if has_saved and is_open(self):
            self.read()

    def _add(self, chosen: str) -> None:
        from papertray.tui.screens.noting import ask_for_title

        ask_for_title(self.papertray, closed=self._when_closed)

    def _remove(self, chosen: str) -> None:
        if (note := self._note(chosen)) is None:
            return
        undo = self.papertray.key_map.key_of("list.undo")
        self.papertray.writer.write(
            lambda: self.notebook.notes.remove(note.id),
            lambda outcome: self._changed(f"removed “{note.name}”; {undo} brings it back"),
            self.refused,
        )

    def _undo(self) -> None:
        self.papertray.writer.write(
            self.notebook.journal.undo,
            lambda taken: self._changed(f"undone: {taken.label}" if taken else "nothing to undo"),
            self.refused,
        )

    def _changed(self, message: str) -> None:
        self.papertray.follow_index()
        self.read()
        self.say(message)

    # --- finding beyond what is listed

    @on(Input.Changed, "#find")
    def _asked(self, event: Input.Changed) -> None:
        _: Worker[None] = self.run_worker(
            partial(self._find, event.value), exclusive=True, group="find", exit_on_error=False
        )

    async def _find(self, words: str) -> None:
        try:
            self._elsewhere = await asyncio.to_thread(self._search, words) if words.strip() else ()
        except PapertrayError as error:
            self.say(str(error))
        if is_open(self):
            self._narrow(self.list.chosen)

    def _search(self, words: str) -> Sequence[NoteLine]:
        hits = self.notebook.search.search(words, typing=True, limit=MOST_FOUND)
        return self.notebook.notes.lines(hits.notes)

    def _narrow(self, chosen: str) -> None:
        """Show the lines with the words that are looked for, then what the index found."""
        super()._narrow(chosen)
        if not self.query_one("#find", Input).value.strip():
            return
        shown = {line.id for line in self.list.lines}
        more = [line_of(note) for note in self._elsewhere if str(note.id) not in shown]
        if more:
            heading = ListLine("In the text of notes", is_strong=True)
            self.list.show([*self.list.lines, heading, *more], chosen=chosen)


def line_of(note: NoteLine) -> ListLine:
    """Return what the list shows of a note."""
    name = note.name if len(note.name) <= LONGEST_NAME else f"{note.name[: LONGEST_NAME - 1]}…"
    words = f"  · {note.words}" if note.words else ""
    parts = [
        f"{note.open_tasks} open" if note.open_tasks else "",
        note.citekey if note.title else "",
        note.updated[:10],
    ]
    return ListLine(
        clean(f"{name}{words}"), clean("  ".join(part for part in parts if part)), str(note.id)
    )
