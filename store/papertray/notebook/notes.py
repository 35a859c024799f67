"""Notes: reading and saving them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from papertray.core.errors import UsageError
from papertray.core.model import Note
from papertray.core.tasks import Task, again, ticked
from papertray.core.wikilinks import is_linkable
from papertray.store import citekeys, note_lists
from papertray.store import notes as stored
from papertray.store.journal import Batch, Origin
from papertray.store.note_lists import LinkName, NoteLine, NoteTask, Revision
from papertray.store.papers import quoted_title, survivor
from papertray.store.tray import Connection, Tray
from papertray.store.writing import Outcome, decide

if TYPE_CHECKING:  # only links are searched for
    from papertray.store.search import Search

MOST_REVISIONS = 500
"""Saved texts of a note that are listed."""

MOST_BACKLINKS = 200
"""Notes that are looked through for links to one thing."""


class Notes:
    """The notes of a tray, Markdown with every revision kept.

    Saving returns once the text is on disk. When the tray is locked for too long, the disk is full
    or cannot be written it raises `TrayLocked`, `DiskFull` or `TrayReadOnly`; the note then holds
    what it held, and the caller still has the text.
    """

    def __init__(self, tray: Tray, origin: Origin, search: Callable[[], Search]) -> None:
        """`search` gives the tray's search, for links."""
        self._tray = tray
        self._origin = origin
        self._search = search

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

    def daily(self, day: str) -> Note | None:
        """Return the live note of a local date (``2026-11-23``), or None."""
        return self.with_uid(daily_uid(day))

    def with_uid(self, uid: str) -> Note | None:
        """Return a live note by its uid, or None."""
        return stored.find_by_uid(self._tray.reader(), uid)

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

        return decide(
            self._tray, self._origin, self._label_of(note_id), action, continues=continues
        )

    def remove(self, note_id: int) -> Outcome:
        """Take a note away; its texts stay, and undo brings it back."""

        def action(connection: Connection, batch: Batch) -> int:
            return int(stored.save_text(connection, batch, note_id, "", self._tray.new_uid))

        return decide(self._tray, self._origin, f"{self._label_of(note_id)} removed", action)

    def tick(self, note_id: int, task: Task) -> Outcome:
        """Tick a task of a note, or take its tick away, as the note stands in this transaction.

        Raises `UsageError` when the task is not there any more.
        """

        def action(connection: Connection, batch: Batch) -> int:
            note = stored.find_note(connection, note_id)
            present = again(note.body, task) if note else None
            if note is None or present is None:
                raise UsageError(f"The task “{task.text}” was changed elsewhere; look again.")
            if present.is_done != task.is_done:
                return 0
            body = ticked(note.body, present)
            return int(stored.save_text(connection, batch, note_id, body, self._tray.new_uid))

        done = "open again" if task.is_done else "ticked"
        return decide(self._tray, self._origin, f"task {done}: “{task.text[:60]}”", action)

    def new(
        self, paper_id: int | None, title: str, body: str, *, uid: str = ""
    ) -> tuple[int, Outcome]:
        """Make another note, on a paper or free-standing; return its id and what was written.

        With a `uid`, such as `daily_uid`, the note of that uid is gone on with where there is one;
        what it says already is kept.
        """
        made = 0

        def action(connection: Connection, batch: Batch) -> int:
            nonlocal made
            paper = None if paper_id is None else survivor(connection, paper_id)
            present = stored.find_by_uid(connection, uid) if uid else None
            text = stored.both(body, "", present.body) if present else body
            made = stored.new_note(
                connection, batch, paper, title, text, self._tray.new_uid, uid=uid
            )
            if paper is not None:
                citekeys.give(connection, [paper])
            return 1

        outcome = decide(self._tray, self._origin, f"new note “{title}”", action)
        return made, outcome

    def _label(self, paper_id: int) -> str:
        return f"note on {quoted_title(self._tray.reader(), paper_id)}"

    def _label_of(self, note_id: int) -> str:
        found = stored.find_note(self._tray.reader(), note_id)
        if found is None or found.title:
            return f"note “{found.title[:60]}”" if found else f"note {note_id}"
        return f"note {note_id}" if found.paper_id is None else self._label(found.paper_id)

    # --- lists: what may read every note is for a worker thread

    def recent_lines(self, limit: int) -> list[NoteLine]:
        """Return the lines of the notes that changed last, newest first."""
        reader = self._tray.reader()
        return note_lists.note_lines(reader, stored.recent_note_ids(reader, limit))

    def lines(self, note_ids: Sequence[int]) -> list[NoteLine]:
        """Return the lines of live notes, in the order of `note_ids`."""
        return note_lists.note_lines(self._tray.reader(), note_ids)

    def open_tasks(self, limit: int) -> list[NoteTask]:
        """Return the first open tasks of all notes, those of the newest notes first."""
        return note_lists.open_tasks(self._tray.reader(), limit)

    def revision_number(self, note_id: int) -> int:
        """Return how many texts of a note were saved. Cheap to ask."""
        return note_lists.revision_number(self._tray.reader(), note_id)

    def revisions(self, note_id: int) -> list[Revision]:
        """Return the newest saved texts of a note, newest first."""
        return note_lists.revisions(self._tray.reader(), note_id, MOST_REVISIONS)

    # --- links

    def find_link(self, name: str) -> tuple[int | None, int | None]:
        """Return what ``[[name]]`` leads to: (paper, None), (None, note), or neither.

        A citation key comes before a title. Reads the titles of all notes: for a worker thread.
        """
        reader = self._tray.reader()
        paper = note_lists.paper_with_key(reader, name)
        return (paper, None) if paper is not None else (None, note_lists.note_titled(reader, name))

    def link_names(self, beginning: str, limit: int = 8) -> list[LinkName]:
        """Return what a link that begins so may lead to, likeliest first.

        Citation keys that begin so, then papers and notes found by the words as by a search while
        typing. For a worker thread; some milliseconds, as long as the index is there.
        """
        reader = self._tray.reader()
        beginning = beginning.strip()
        if not beginning:
            recent = note_lists.note_lines(reader, stored.recent_note_ids(reader, 4 * limit))
            names = [LinkName(line.title or line.citekey, line.paper or line.words)
                     for line in recent]  # fmt: skip
            return [link for link in names if is_linkable(link.name)][:limit]
        found = note_lists.keys_beginning(reader, beginning, limit)
        wanted = _words(beginning)
        if wanted and self._search().is_ready:
            hits = self._search().search(" ".join(wanted), typing=True, limit=5 * limit)
            for line in note_lists.note_lines(reader, hits.notes):
                if _has(line.title, wanted):
                    found.append(LinkName(line.title, line.words))
            papers = note_lists.keys_of(reader, list(hits.ids))
            found += sorted(papers, key=lambda link: not _has(link.about, wanted))
        by_name = {link.name: link for link in reversed(found) if is_linkable(link.name)}
        return list(by_name.values())[::-1][:limit]

    def backlinks(
        self, *, paper_id: int | None = None, note_id: int | None = None
    ) -> list[NoteLine]:
        """Return the notes that link to a paper by any of its citation keys, or to a note by title.

        Asks the index, so it takes milliseconds, but may take longer while there is none: for a
        worker thread.
        """
        from papertray.core.query import Phrase, TextField

        reader = self._tray.reader()
        names = note_lists.names_of(reader, paper_id, note_id)
        candidates: dict[int, None] = {}
        for name in names:
            if sum(letter.isalnum() for letter in name) > 1:
                hits = self._search().find(Phrase(name, TextField.NOTE), limit=MOST_BACKLINKS)
                candidates |= dict.fromkeys(hits.notes)
            else:  # the index knows no such words
                candidates |= dict.fromkeys(note_lists.notes_with_text(reader, f"[[{name}"))
        found = note_lists.linking(reader, names, list(candidates))
        return [
            line
            for line in found
            if line.id != note_id and (paper_id is None or line.paper_id != paper_id)
        ]


def daily_uid(day: str) -> str:
    """Return the uid of the note of a local date: the same on all machines of one tray."""
    return hashlib.blake2b(f"daily note {day}".encode(), digest_size=10).hexdigest()


def _words(text: str) -> list[str]:
    """Return the words of a text, folded: nothing in them is a field or a sign of a query."""
    return "".join(each if each.isalnum() else " " for each in text.casefold()).split()


def _has(title: str, words: Sequence[str]) -> bool:
    folded = title.casefold()
    return bool(words) and all(word in folded for word in words)
