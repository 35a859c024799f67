"""Lists about notes: lines for a screen, open tasks, revisions, names to link to.

All but `revision_number` may read every note: for a worker thread.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from papertray.core.citekeys import fold_key
from papertray.core.tasks import Task, tasks
from papertray.core.wikilinks import folded_name, wikilinks

FIRST_WORDS = 200
"""Characters of a note's text that a line of a list may show."""


@dataclass(frozen=True, slots=True)
class NoteLine:
    """What a list shows of a note. `paper` is the title of its paper, empty for a free one.

    `words` is the beginning of its text, `open_tasks` and `tasks` are counts.
    """

    id: int
    paper_id: int | None
    title: str
    paper: str
    citekey: str
    words: str
    updated: str
    open_tasks: int = 0
    tasks: int = 0

    @property
    def name(self) -> str:
        """What the note goes by: its own title, else its paper's."""
        return self.title or self.paper or "note"


@dataclass(frozen=True, slots=True)
class NoteTask:
    """A task and the note it stands in."""

    note: NoteLine
    task: Task


@dataclass(frozen=True, slots=True)
class Revision:
    """A saved text of a note. `number` counts from 1, `batch` is the sitting it was saved in.

    `at` is an instant. `is_present` marks the one that the note holds now.
    """

    uid: str
    number: int
    at: str
    batch: int
    body: str
    is_present: bool


@dataclass(frozen=True, slots=True)
class LinkName:
    """A name that notes can link to: a citation key, or the title of a note; and what it is of."""

    name: str
    about: str


_LINES = (
    "SELECT n.id, n.paper_id, n.title, coalesce(p.title, ''), coalesce((SELECT key FROM citekey c"
    " WHERE c.paper_id = n.paper_id AND c.state <> 'old'), ''), n.updated, n.body"
    " FROM json_each(?) w JOIN note n ON n.id = w.value AND n.revision IS NOT NULL"
    " LEFT JOIN paper p ON p.id = n.paper_id ORDER BY w.key"
)


def note_lines(connection: sqlite3.Connection, note_ids: Sequence[int]) -> list[NoteLine]:
    """Return the lines of the live notes among `note_ids`, in that order."""
    return [line for line, _ in _lines_and_bodies(connection, note_ids)]


def _lines_and_bodies(
    connection: sqlite3.Connection, note_ids: Iterable[int]
) -> Iterator[tuple[NoteLine, str]]:
    rows = connection.execute(_LINES, (json.dumps(list(note_ids)),))
    for id_, paper_id, title, paper, citekey, updated, body in rows:
        found = tasks(body)
        still_open = sum(not task.is_done for task in found)
        words = " ".join(body[: 2 * FIRST_WORDS].split())[:FIRST_WORDS]
        yield (
            NoteLine(id_, paper_id, title, paper, citekey, words, updated, still_open, len(found)),
            body,
        )


def open_tasks(connection: sqlite3.Connection, limit: int) -> list[NoteTask]:
    """Return the first `limit` open tasks, those of the notes that changed last first."""
    ids = connection.execute(
        "SELECT id FROM note LEFT JOIN standing USING (paper_id) WHERE revision IS NOT NULL"
        # LIKE reads no further than a NUL, which is a character like others in a pasted text.
        " AND removed IS NULL AND instr(body, '[ ]') ORDER BY updated DESC, id"
    ).fetchall()
    found: list[NoteTask] = []
    for start in range(0, len(ids), 100):
        chunk = [note_id for (note_id,) in ids[start : start + 100]]
        for line, body in _lines_and_bodies(connection, chunk):
            found += [NoteTask(line, task) for task in tasks(body) if not task.is_done]
        if len(found) >= limit:
            break
    return found[:limit]


# --- revisions


def revision_number(connection: sqlite3.Connection, note_id: int) -> int:
    """Return how many texts of a note were saved."""
    (number,) = connection.execute(
        "SELECT count(*) FROM note_revision WHERE note_id = ?", (note_id,)
    ).fetchone()
    return int(number)


def revisions(connection: sqlite3.Connection, note_id: int, limit: int) -> list[Revision]:
    """Return the newest saved texts of a note, newest first."""
    number = revision_number(connection, note_id)
    rows = connection.execute(
        "SELECT r.uid, b.at, r.batch, r.body, r.uid = n.revision FROM note_revision r"
        " JOIN batch b ON b.id = r.batch JOIN note n ON n.id = r.note_id"
        " WHERE r.note_id = ? ORDER BY r.rowid DESC LIMIT ?",
        (note_id, limit),
    )
    return [
        Revision(uid, number - back, at, batch, body, bool(is_present))
        for back, (uid, at, batch, body, is_present) in enumerate(rows)
    ]


# --- links


def names_of(
    connection: sqlite3.Connection, paper_id: int | None, note_id: int | None
) -> frozenset[str]:
    """Return, folded, what a link to a paper (and its own note), or to another note, may say."""
    if paper_id is not None:
        rows = connection.execute(
            "SELECT key FROM citekey WHERE paper_id IN"
            " (SELECT ?1 UNION SELECT id FROM paper WHERE merged_into = ?1)",
            (paper_id,),
        )
    else:
        rows = connection.execute("SELECT title FROM note WHERE id = ?", (note_id,))
    return frozenset(folded_name(name) for (name,) in rows if folded_name(name))


def linking(
    connection: sqlite3.Connection, names: frozenset[str], candidates: Sequence[int]
) -> list[NoteLine]:
    """Return the notes among `candidates` that link to any of some folded names."""
    return [
        line
        for line, body in _lines_and_bodies(connection, candidates)
        if any(folded_name(link.name) in names for link in wikilinks(body))
    ]


def notes_with_text(connection: sqlite3.Connection, text: str) -> list[int]:
    """Return the ids of the live notes that hold a text, whatever the case of its ASCII letters."""
    rows = connection.execute(
        "SELECT id FROM note WHERE revision IS NOT NULL AND instr(lower(body), lower(?))", (text,)
    ).fetchall()
    return [note_id for (note_id,) in rows]


def note_titled(connection: sqlite3.Connection, title: str) -> int | None:
    """Return the id of the live note with a title, the newest of several; None without one."""
    wanted = folded_name(title)
    rows = connection.execute(
        "SELECT id, title FROM note WHERE title <> '' AND revision IS NOT NULL ORDER BY id DESC"
    )
    return next((int(id_) for id_, found in rows if folded_name(found) == wanted), None)


def paper_with_key(connection: sqlite3.Connection, key: str) -> int | None:
    """Return the id of the paper that a citation key names, in any case, an older one too."""
    row = connection.execute(
        "SELECT coalesce(p.merged_into, p.id) FROM citekey c JOIN paper p ON p.id = c.paper_id"
        " WHERE c.folded = ?",
        (fold_key(key),),
    ).fetchone()
    return None if row is None else int(row[0])


def keys_beginning(connection: sqlite3.Connection, beginning: str, limit: int) -> list[LinkName]:
    """Return citation keys that begin with a text, in any case, with the titles of their papers."""
    rows = connection.execute(
        "SELECT c.key, p.title FROM citekey c JOIN paper p ON p.id = c.paper_id"
        " WHERE c.folded BETWEEN ?1 AND ?1 || char(1114111) AND c.state <> 'old'"
        " ORDER BY c.folded LIMIT ?2",
        (fold_key(beginning), limit),
    )
    return [LinkName(key, title) for key, title in rows]


def keys_of(connection: sqlite3.Connection, paper_ids: Sequence[int]) -> list[LinkName]:
    """Return the citation keys of those of some papers that have one, in their order."""
    rows = connection.execute(
        "SELECT c.key, p.title FROM json_each(?) w JOIN paper p ON p.id = w.value"
        " JOIN citekey c ON c.paper_id = p.id AND c.state <> 'old' ORDER BY w.key",
        (json.dumps(list(paper_ids)),),
    )
    return [LinkName(key, title) for key, title in rows]
