"""Bringing what is typed into a note to disk: on each pause, on leaving, and before a kill."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from itertools import count
from time import monotonic
from typing import TYPE_CHECKING

from papertray.core.errors import PapertrayError
from papertray.core.model import Note
from papertray.notebook.unsaved import Unsaved, UnsavedFile
from papertray.store.notes import both

if TYPE_CHECKING:
    from textual.timer import Timer

    from papertray.tui.app import PapertrayApp

SAVE_AFTER = 1.0
"""Seconds after the last letter before the text is saved by itself."""

SAVE_AT_LEAST_EVERY = 3.0
"""Seconds after which it is saved also while the typing goes on."""

KEEP_AFTER = 0.25
"""Seconds after a letter before what is unsaved is kept in a file."""

_numbers = count(1)


def stored_note(app: PapertrayApp, place: Unsaved) -> Note | None:
    """Return the note at a place as it lies on disk, None while there is none."""
    notes = app.notebook.notes
    if place.note_id is not None:
        return notes.find(place.note_id)
    if place.uid:
        return notes.with_uid(place.uid)
    return notes.main(place.paper_id) if place.paper_id is not None else None


@dataclass(frozen=True, slots=True)
class _Landed:
    """What the writer's thread did: the text it got, and the note as it is on disk now."""

    text: str
    note_id: int | None
    body: str
    updated: str
    revision: int
    has_changed: bool


class Sitting:
    """One note while it is open.

    All that is saved in one sitting is one batch, so one undo takes it back. Only one save is under
    way at a time: each begins from what the one before left on disk, so that what somebody else
    wrote meanwhile is told from what was taken out here.
    """

    def __init__(
        self,
        app: PapertrayApp,
        place: Unsaved,
        *,
        beginning: str,
        show: Callable[[], None],
        take_in: Callable[[str, bool], None],
    ) -> None:
        """`place` names the note. `beginning` is the text of a new one: not saved until it changes.

        `show` is called when the state is another, `take_in` where somebody else changed the note:
        with the text, and whether that is put together from theirs and ours.
        """
        self._app = app
        self._show, self._take_in = show, take_in
        self._file = UnsavedFile(app.notebook.places, next(_numbers))
        self._turns = count(1)
        note = stored_note(app, place)
        self._place = replace(place, base=note.body if note else "", text="")
        self.updated = note.updated if note else ""
        self.revision = app.notebook.notes.revision_number(note.id) if note else 0
        self.text = self._place.base or beginning
        self._known = self.text
        self._batch: int | None = None
        self._is_writing = False
        self._landed: _Landed | None = None
        self._wants_more = False
        self._has_saved = False
        self._closed: Callable[[bool], None] | None = None
        self._unsaved_since: float | None = None
        self._pause: Timer | None = None
        self._keeping: Timer | None = None

    @property
    def note_id(self) -> int | None:
        """The id of the note, None while there is none on disk."""
        note = stored_note(self._app, self._place)
        return note.id if note else None

    @property
    def has_changed(self) -> bool:
        """Whether the text differs from what is on disk (or from what a new note began with)."""
        return not _same(self.text, self._known)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is on disk."""
        return not self._place.base

    def begin(self, text: str) -> None:
        """Take the text as an editor shows it, which may know fewer line ends, for unchanged."""
        self.text = self._known = text

    def typed(self, text: str) -> None:
        """Take the text as it is now, to be saved with the next pause in the typing."""
        if text == self.text:
            return
        self.text = text
        now = monotonic()
        self._stop(self._pause)
        if self._keeping is None:
            self._keeping = self._app.set_timer(KEEP_AFTER, self._keep)
        if not self.has_changed:
            return
        if self._unsaved_since is None:
            self._unsaved_since = now
        if now - self._unsaved_since > SAVE_AT_LEAST_EVERY:
            self.save()  # who types without a pause wants it kept as well
            return
        self._pause = self._app.set_timer(SAVE_AFTER, self.save)

    def _stop(self, timer: Timer | None) -> None:
        if timer is not None:
            timer.stop()

    def _keep(self) -> None:
        """Keep what is unsaved in a file, in a thread: a program can be killed at any moment."""
        self._keeping = None
        self._app.run_worker(self._kept(), thread=True, exit_on_error=False)

    def _kept(self) -> Callable[[], None]:
        unsaved = replace(self._place, text=self.text) if self.has_changed else None
        return partial(self._file.put, unsaved, next(self._turns))

    # --- saving

    def save(self) -> None:
        """Queue the text for saving, if it changed."""
        self._stop(self._pause)
        if self._is_writing:
            self._wants_more = True
            return
        self._land()
        self._unsaved_since = None
        if not self.has_changed:
            return
        self._is_writing = True
        unsaved = replace(self._place, text=self.text)
        self._app.writer.write(partial(self._write, unsaved), self._was_saved, self._refused)

    def begin_anew(self) -> None:
        """Have what is saved from now on be a batch of its own."""
        self._batch = None

    def _write(self, unsaved: Unsaved) -> None:
        """Save, in the writer's thread."""
        notes = self._app.notebook.notes
        try:
            note_id, outcome = unsaved.save(notes, continues=self._batch)
            self._batch = outcome.batch or self._batch
            note = stored_note(self._app, replace(unsaved, note_id=note_id))
            revision = notes.revision_number(note.id) if note else 0
            self._landed = _Landed(
                unsaved.text,
                note_id,
                note.body if note else "",
                note.updated if note else "",
                revision,
                bool(outcome.changed),
            )
        finally:
            self._is_writing = False  # after what landed: who sees it may look at that

    def _land(self) -> None:
        """Go on from what was written."""
        landed, self._landed = self._landed, None
        if landed is None:
            return
        self._place = replace(self._place, note_id=landed.note_id, base=landed.body)
        self._known = landed.body
        self.updated, self.revision = landed.updated, landed.revision
        self._has_saved = self._has_saved or landed.has_changed
        self._adopt(landed.text, landed.body)

    def _adopt(self, written: str, present: str) -> None:
        """Take in what somebody else wrote: `present` is on disk where we had `written`."""
        if _same(present, written):
            return
        together = both(self.text, written, present)
        if not _same(together, self.text):
            is_mixed = not _same(self.text, written) or not _same(together, present)
            self.text = together
            self._take_in(together, is_mixed)

    def _was_saved(self, _: None) -> None:
        self._land()
        wants_more, self._wants_more = self._wants_more, False
        if wants_more and self.has_changed:
            self.save()
        else:
            self._keep()
        self._app.follow_index()
        self._show()
        self._end()

    def _refused(self, error: PapertrayError) -> None:
        self._wants_more = False
        self._kept()()  # what cannot go to the tray is kept beside it
        self._app.warn(f"The note is not saved: {error}")
        self._show()
        self._end()

    def refresh(self) -> None:
        """Take in what another screen wrote into this note, now and once all that is on disk."""
        self._look()
        if not self._app.writer.is_idle:
            self._app.writer.write(lambda: None, lambda _: self._look(), lambda error: None)

    def _look(self) -> None:
        note = stored_note(self._app, self._place)
        body = note.body if note else ""
        if note is not None and not self._is_writing and not _same(body, self._place.base):
            before = self._place.base
            self._place = replace(self._place, base=body)
            self.updated = note.updated
            self.revision = self._app.notebook.notes.revision_number(note.id)
            self._known = body
            self._adopt(before, body)
            self._show()

    # --- the end

    def finish(self, closed: Callable[[bool], None]) -> None:
        """Save, and call `closed` with whether anything was, once that is on disk."""
        self._closed = closed
        self.save()
        self._end()

    def _end(self) -> None:
        if self._closed is not None and not self._is_writing:
            closed, self._closed = self._closed, None
            self._kept()()
            closed(self._has_saved)

    def flush(self) -> None:
        """Save what stands there and wait until it is on disk: the terminal is going away."""
        for _ in range(2):  # one may be under way
            self.save()
            self._app.writer.flush()
        self._land()
        self._kept()()


def _same(one: str, other: str) -> bool:
    """Return whether two texts are the same to a note: line ends at the end do not count."""
    return one.rstrip("\n") == other.rstrip("\n") or not (one.strip() or other.strip())
