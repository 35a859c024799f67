"""The texts of papers and notes as the index and the matcher see them, fetched by chunk."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import tantivy

from papertray.store.conditions import json_list
from papertray.store.index.schema import CHECKPOINT, NOTE, PAPER, schema
from papertray.store.index.text import prepared


@dataclass(frozen=True, slots=True)
class PaperText:
    """All of a paper that can be searched for words. `notes` are its live notes."""

    id: int
    title: str
    abstract: str
    authors: tuple[str, ...]
    venue: tuple[str, ...]
    comment: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NoteText:
    """A live note, its title above its body. `paper_id` is None for a free-standing one."""

    id: int
    paper_id: int | None
    text: str


def fetch_papers(connection: sqlite3.Connection, ids: Collection[int]) -> list[PaperText]:
    """Return the texts of those of the papers `ids` that exist, removed and merged ones too."""
    within = "IN (SELECT value FROM json_each(?))"
    given = (json_list(ids),)
    notes = _notes_by_paper(
        connection.execute(f"{_OF_PAPERS} AND paper_id {within} ORDER BY id", given)
    )
    return _papers(connection.execute(f"{_PAPERS} WHERE id {within} ORDER BY id", given), notes)


def papers_after(connection: sqlite3.Connection, last: int, most: int) -> list[PaperText]:
    """Return the texts of the first `most` papers with an id above `last`, in order of id."""
    rows = connection.execute(
        f"{_PAPERS} WHERE id > ? ORDER BY id LIMIT ?", (last, most)
    ).fetchall()
    if not rows:
        return []
    notes = _notes_by_paper(
        connection.execute(
            f"{_OF_PAPERS} AND paper_id BETWEEN ? AND ? ORDER BY id", (rows[0][0], rows[-1][0])
        )
    )
    return _papers(rows, notes)


def fetch_notes(connection: sqlite3.Connection, ids: Collection[int]) -> list[NoteText]:
    """Return the texts of those of the notes `ids` that are live."""
    return _notes(
        connection.execute(
            f"{_NOTES} AND id IN (SELECT value FROM json_each(?)) ORDER BY id", (json_list(ids),)
        )
    )


def notes_after(connection: sqlite3.Connection, last: int, most: int) -> list[NoteText]:
    """Return the texts of the first `most` live notes with an id above `last`, in order of id."""
    return _notes(connection.execute(f"{_NOTES} AND id > ? ORDER BY id LIMIT ?", (last, most)))


_PAPERS = "SELECT id, title, abstract, authors, venue, venue_short, comment FROM paper"
_OF_PAPERS = "SELECT paper_id, title, body FROM note WHERE revision IS NOT NULL"
_NOTES = "SELECT id, paper_id, title, body FROM note WHERE revision IS NOT NULL"


def _papers(
    rows: Iterable[tuple[int, str, str, str, str, str, str]], notes: Mapping[int, list[str]]
) -> list[PaperText]:
    return [
        PaperText(
            paper_id,
            title,
            abstract,
            _names(authors),
            tuple(filter(None, (venue, venue_short))),
            comment,
            tuple(notes.get(paper_id, ())),
        )
        for paper_id, title, abstract, authors, venue, venue_short, comment in rows
    ]


def _notes_by_paper(rows: Iterable[tuple[int, str, str]]) -> dict[int, list[str]]:
    notes: dict[int, list[str]] = {}
    for paper_id, title, body in rows:
        notes.setdefault(paper_id, []).append(_note_text(title, body))
    return notes


def _notes(rows: Iterable[tuple[int, int | None, str, str]]) -> list[NoteText]:
    return [NoteText(i, paper, _note_text(title, body)) for i, paper, title, body in rows]


def _note_text(title: str, body: str) -> str:
    return f"{title}\n{body}" if title else body


_NAME_PARTS = ("given", "particle", "family", "suffix", "literal")


def _names(authors: str) -> tuple[str, ...]:
    if authors == "[]":
        return ()
    found = json.loads(authors)
    return tuple([" ".join([a[part] for part in _NAME_PARTS if a.get(part)]) for a in found])


def paper_document(paper: PaperText) -> tantivy.Document:
    """Return the document of a paper. Values of one field stay apart: no phrase spans two."""
    authors = [prepared(name) for name in paper.authors]
    texts: Sequence[str] = (paper.title, paper.abstract, "\n".join(paper.authors), *paper.notes)
    return _document(
        {
            "key": paper_key(paper.id),
            "kind": PAPER,
            "id": paper.id,
            "title": prepared(paper.title),
            "abstract": prepared(paper.abstract),
            "author": authors,
            "venue": [prepared(name) for name in paper.venue],
            "comment": prepared(paper.comment),
            "note": [prepared(note) for note in paper.notes],
            "words": [prepared(text, with_ends=True) for text in texts if text],
        }
    )


def note_document(note: NoteText) -> tantivy.Document:
    """Return the document of a note by itself."""
    return _document(
        {
            "key": note_key(note.id),
            "kind": NOTE,
            "id": -note.id,
            "note": prepared(note.text),
            "words": prepared(note.text, with_ends=True),
        }
    )


def checkpoint_document(seq: int, nonce: int) -> tantivy.Document:
    """Return the document that says how far the index has followed."""
    return _document({"key": CHECKPOINT, "kind": CHECKPOINT, "seq": seq, "nonce": nonce})


def paper_key(paper_id: int) -> str:
    """Return the key of a paper's document."""
    return f"p{paper_id}"


def note_key(note_id: int) -> str:
    """Return the key of a note's document."""
    return f"n{note_id}"


def _document(fields: dict[str, object]) -> tantivy.Document:
    # Without the schema a wrong type would be taken here and kill the writer later.
    return tantivy.Document.from_dict(fields, schema())
