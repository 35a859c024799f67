"""Notes: reading and saving them."""

from __future__ import annotations

from collections.abc import Sequence

from papertray.core.model import Note
from papertray.store import citekeys
from papertray.store import notes as stored
from papertray.store.journal import Batch, Origin
from papertray.store.papers import quoted_title, survivor
from papertray.store.tray import Connection, Tray
from papertray.store.writing import Outcome, decide


class Notes:
    """The notes of a tray, Markdown with every revision kept.

    Saving returns once the text is on disk. When the tray is locked for too long, the disk is full
    or cannot be written it raises `TrayLocked`, `DiskFull` or `TrayReadOnly`; the note then holds
    what it held, and the caller still has the text.
    """

    def __init__(self, tray: Tray, origin: Origin) -> None:
        self._tray = tray
        self._origin = origin

    def main(self, paper_id: int) -> Note | None:
        """Return a paper's own note, or None; that of the paper that it was merged into."""
        reader = self._tray.reader()
        return stored.main_note(reader, survivor(reader, paper_id))

    def find(self, note_id: int) -> Note | None:
        """Return a live note, or None."""
        return stored.find_note(self._tray.reader(), note_id)

    def by_id(self, note_ids: Sequence[int]) -> list[Note]:
        """Return live notes in the order of `note_ids`."""
        return stored.notes_by_id(self._tray.reader(), list(note_ids))

    def recent(self, limit: int | None = None) -> list[Note]:
        """Return live notes, last changed first."""
        reader = self._tray.reader()
        return stored.notes_by_id(reader, stored.recent_note_ids(reader, limit))

    def save_main(
        self, paper_id: int, body: str, *, continues: int | None = None, base: str | None = None
    ) -> Outcome:
        """Save the text of a paper's own note; an empty text takes the note away.

        `base` is the text that the writing began from: where the note was changed elsewhere since,
        both texts are kept, one below the other; so they are where the paper was merged into
        another one that has a note. `continues` is the batch of an earlier save of
        the same sitting: while nothing else was decided in between the text joins that batch, so
        that one undo takes back the sitting and not its last pause.
        """

        def action(connection: Connection, batch: Batch) -> int:
            text, paper = body, survivor(connection, paper_id)
            if base is not None or paper != paper_id:
                present = stored.main_note(connection, paper)
                text = stored.both(body, base or "", present.body if present else "")
            saved = stored.save_main(connection, batch, paper, text, self._tray.new_uid)
            if saved:
                citekeys.give(connection, [paper])
            return int(saved)

        return decide(self._tray, self._origin, self._label(paper_id), action, continues=continues)

    def append(self, paper_id: int, text: str) -> Outcome:
        """Add a paragraph to the end of a paper's own note."""

        def action(connection: Connection, batch: Batch) -> int:
            paper = survivor(connection, paper_id)
            saved = stored.append_to_main(connection, batch, paper, text, self._tray.new_uid)
            citekeys.give(connection, [paper])
            return int(saved)

        return decide(self._tray, self._origin, self._label(paper_id), action)

    def save(
        self, note_id: int, body: str, *, continues: int | None = None, base: str | None = None
    ) -> Outcome:
        """Save the text of any note; an empty text takes the note away. Otherwise `save_main`."""

        def action(connection: Connection, batch: Batch) -> int:
            text = body
            if base is not None:
                present = stored.find_note(connection, note_id)
                text = stored.both(body, base, present.body if present else "")
            return int(stored.save_text(connection, batch, note_id, text, self._tray.new_uid))

        return decide(self._tray, self._origin, f"note {note_id}", action, continues=continues)

    def new(self, paper_id: int | None, title: str, body: str) -> tuple[int, Outcome]:
        """Make another note, on a paper or free-standing; return its id and what was written."""
        made = 0

        def action(connection: Connection, batch: Batch) -> int:
            nonlocal made
            paper = None if paper_id is None else survivor(connection, paper_id)
            made = stored.new_note(connection, batch, paper, title, body, self._tray.new_uid)
            if paper is not None:
                citekeys.give(connection, [paper])
            return 1

        outcome = decide(self._tray, self._origin, f"new note “{title}”", action)
        return made, outcome

    def _label(self, paper_id: int) -> str:
        return f"note on {quoted_title(self._tray.reader(), paper_id)}"
