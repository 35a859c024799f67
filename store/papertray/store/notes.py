"""Notes in the tray: every saved text is a revision, the note points at the present one."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from papertray.core.model import Note, NoteText
from papertray.core.text_merging import merged
from papertray.store.decisions import write_op
from papertray.store.journal import Batch

_COLUMNS = "id, uid, paper_id, title, body, created, updated, is_main"


def _note(row: tuple[int, str, int | None, str, str, str, str, int]) -> Note:
    id_, uid, paper_id, title, body, created, updated, is_main = row
    return Note(id_, uid, paper_id, title, body, created, updated, bool(is_main))


def main_note(connection: sqlite3.Connection, paper_id: int) -> Note | None:
    """Return the paper's own note, or None when it has none."""
    row = connection.execute(
        f"SELECT {_COLUMNS} FROM note WHERE paper_id = ? AND is_main = 1 AND revision IS NOT NULL",
        (paper_id,),
    ).fetchone()
    return None if row is None else _note(row)


def find_note(connection: sqlite3.Connection, note_id: int) -> Note | None:
    """Return a live note by id, or None."""
    row = connection.execute(
        f"SELECT {_COLUMNS} FROM note WHERE id = ? AND revision IS NOT NULL", (note_id,)
    ).fetchone()
    return None if row is None else _note(row)


def find_by_uid(connection: sqlite3.Connection, uid: str) -> Note | None:
    """Return a live note by its uid, or None."""
    row = connection.execute(
        f"SELECT {_COLUMNS} FROM note WHERE uid = ? AND revision IS NOT NULL", (uid,)
    ).fetchone()
    return None if row is None else _note(row)


def notes_by_id(connection: sqlite3.Connection, note_ids: list[int]) -> list[Note]:
    """Return the live notes of a list of ids, in its order."""
    found = (find_note(connection, note_id) for note_id in note_ids)
    return [note for note in found if note is not None]


def notes_of_papers(
    connection: sqlite3.Connection, paper_ids: Sequence[int]
) -> Iterator[list[Note]]:
    """Yield the live notes of each of the papers that has any."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM note WHERE revision IS NOT NULL"
        " AND paper_id IN (SELECT value FROM json_each(?)) ORDER BY paper_id, is_main DESC, id",
        (json.dumps(list(paper_ids)),),
    )
    for _, notes in groupby(map(_note, rows), key=lambda note: note.paper_id):
        yield list(notes)


def recent_note_ids(connection: sqlite3.Connection, limit: int | None) -> list[int]:
    """Return the ids of live notes, last changed first; those of removed papers are left out."""
    rows = connection.execute(
        "SELECT id FROM note LEFT JOIN standing USING (paper_id)"
        " WHERE revision IS NOT NULL AND removed IS NULL ORDER BY updated DESC, id LIMIT ?",
        (-1 if limit is None else limit,),
    ).fetchall()
    return [note_id for (note_id,) in rows]


def save_main(
    connection: sqlite3.Connection,
    batch: Batch,
    paper_id: int,
    body: str,
    new_uid: Callable[[], str],
) -> bool:
    """Save the text of a paper's own note, making the note when there is none.

    An empty text takes the note away (its revisions stay). False when nothing changed.
    """
    row = connection.execute(
        "SELECT id, revision FROM note WHERE paper_id = ? AND is_main = 1", (paper_id,)
    ).fetchone()
    if not body.strip() and (row is None or row[1] is None):
        return False
    if row is None:
        note_id = _insert(connection, batch, paper_id, "", new_uid(), is_main=True)
    else:
        note_id = int(row[0])
    return save_text(connection, batch, note_id, body, new_uid)


def append_to_main(
    connection: sqlite3.Connection,
    batch: Batch,
    paper_id: int,
    text: str,
    new_uid: Callable[[], str],
) -> bool:
    """Add a paragraph to the end of a paper's own note, as it stands in this transaction."""
    present = main_note(connection, paper_id)
    body = f"{present.body.rstrip()}\n\n{text}" if present else text
    return save_main(connection, batch, paper_id, body, new_uid)


def both(text: str, base: str, present: str) -> str:
    """Return what to save when a note was changed elsewhere while `text` was written from `base`.

    Nobody's words are lost: where both changed the same lines, what the other one has now follows
    below a line.
    """
    unchanged = present.rstrip("\n") in (base.rstrip("\n"), text.rstrip("\n"))
    if unchanged or not present.strip():
        return text
    if (together := merged(base, text, present)) is not None:
        return together
    return f"{text.rstrip()}\n\n---\n\nWritten elsewhere meanwhile:\n\n{present}"


def new_note(
    connection: sqlite3.Connection,
    batch: Batch,
    paper_id: int | None,
    title: str,
    body: str,
    new_uid: Callable[[], str],
    *,
    uid: str = "",
) -> int:
    """Make another note, on a paper or free-standing; return its id.

    The one called `uid` is gone on with, where there is one: it may have been emptied.
    """
    row = connection.execute("SELECT id FROM note WHERE uid = ?", (uid,)).fetchone()
    if row is None:
        note_id = _insert(connection, batch, paper_id, title, uid or new_uid(), is_main=False)
    else:
        note_id = int(row[0])
    save_text(connection, batch, note_id, body or "\n", new_uid)
    return note_id


def save_text(
    connection: sqlite3.Connection,
    batch: Batch,
    note_id: int,
    body: str,
    new_uid: Callable[[], str],
) -> bool:
    """Save a note's text as a new revision; a saved note ends in a newline.

    False when the text is what the note already holds.
    """
    present, old_body = connection.execute(
        "SELECT revision, body FROM note WHERE id = ?", (note_id,)
    ).fetchone()
    is_empty = not body.strip() and present is not None
    text = body if body.endswith("\n") else body + "\n"
    if present is not None and text == old_body:
        return False
    revision: str | None = None
    if not is_empty:
        revision = new_uid()
        connection.execute(
            "INSERT INTO note_revision(uid, note_id, parent_uid, body, batch)"
            " VALUES (?, ?, ?, ?, ?)",
            (revision, note_id, present, text, batch.id),
        )
    connection.execute(
        "UPDATE note SET body = ?, revision = ?, updated = ? WHERE id = ?",
        (text if revision else "", revision, batch.at, note_id),
    )
    write_op(connection, batch, "note", note_id, "text", revision, present)
    return True


def take_over(
    connection: sqlite3.Connection,
    batch: Batch,
    paper_id: int | None,
    told: NoteText,
    new_uid: Callable[[], str],
    *,
    is_main: bool,
) -> None:
    """Make a note of what another tray or library tells of one.

    With `is_main` it becomes the paper's own, unless that has one. It keeps its uid where no note
    here has that.
    """
    row = connection.execute(
        "SELECT id, revision FROM note WHERE paper_id = ? AND is_main = 1", (paper_id,)
    ).fetchone()
    if is_main and row is not None and row[1] is None:
        note_id = int(row[0])  # emptied; its revisions stay
    else:
        held = connection.execute("SELECT 1 FROM note WHERE uid = ?", (told.uid,)).fetchone()
        uid = told.uid if told.uid and held is None else new_uid()
        is_main = is_main and row is None
        note_id = _insert(connection, batch, paper_id, told.title, uid, is_main=is_main)
    save_text(connection, batch, note_id, told.body or "\n", new_uid)
    set_dates(connection, note_id, told.created, told.updated)


def set_dates(connection: sqlite3.Connection, note_id: int, created: str, updated: str) -> None:
    """Say when a note was made and last changed, where that was elsewhere; empty: not known."""
    connection.execute(
        "UPDATE note SET created = coalesce(nullif(?1, ''), nullif(?2, ''), created),"
        " updated = coalesce(nullif(?2, ''), nullif(?1, ''), updated) WHERE id = ?3",
        (created, updated, note_id),
    )


def _insert(
    connection: sqlite3.Connection,
    batch: Batch,
    paper_id: int | None,
    title: str,
    uid: str,
    *,
    is_main: bool,
) -> int:
    cursor = connection.execute(
        "INSERT INTO note(uid, paper_id, title, is_main, created, updated)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (uid, paper_id, title, int(is_main), batch.at, batch.at),
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid
