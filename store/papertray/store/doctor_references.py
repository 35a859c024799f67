"""Of a tray's references: rows that point to rows which do not exist.

What the world knows is dropped, a feed or a file brings it again. What the user made is kept: what
it points to is made anew with what is still known of it; a note that points nowhere stands free.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import datetime

from papertray.core.identity import title_key
from papertray.store import awaited, decisions
from papertray.store.decisions import write_op
from papertray.store.mending import Mending


def broken(connection: sqlite3.Connection, now: datetime) -> Iterator[str]:
    """Yield the rows that point nowhere."""
    for table, row, target, _ in connection.execute("PRAGMA foreign_key_check"):
        if table == "note" and target == "paper":
            yield f"Note {row} belongs to a paper that does not exist."
            continue
        where = f"A row of {table}" if row is None else f"Row {row} of {table}"
        yield f"{where} points to a row of {target} that does not exist."


def mend(connection: sqlite3.Connection, mending: Mending) -> None:
    """Make every reference of our tables lead somewhere."""
    _make_batches(connection, mending)
    _make_feeds(connection, mending)
    _make_papers(connection, mending)
    _drop_facts(connection)
    connection.execute("DELETE FROM seen_file WHERE feed_id NOT IN (SELECT id FROM feed)")
    connection.execute(
        "UPDATE note SET paper_id = NULL, is_main = 0 WHERE paper_id NOT IN (SELECT id FROM paper)"
    )
    connection.execute(
        "UPDATE paper SET merged_into = NULL WHERE merged_into NOT IN (SELECT id FROM paper)"
    )
    _make_notes(connection, mending)
    _make_revisions(connection, mending)


def lost_merges(connection: sqlite3.Connection, now: datetime) -> Iterator[str]:
    """Yield merged papers that lead in a circle or over others, and notes that stayed on them."""
    for paper, stays in _ends(connection).items():
        if paper == stays:
            yield f"Paper {paper} counts as part of another one, which leads back to it."
        else:
            yield f"Paper {paper} is part of paper {stays}, but leads there by a detour."
    for note, paper, stays in _stray_notes(connection):
        yield f"Note {note} lies on paper {paper}, which is not shown: it is part of paper {stays}."


def lead_on(connection: sqlite3.Connection, mending: Mending) -> None:
    """Lead straight to the end; of papers in a circle one stays. Notes follow as a decision."""
    ends = _ends(connection)
    for paper, stays in ends.items():
        into = None if paper == stays else stays
        connection.execute("UPDATE paper SET merged_into = ? WHERE id = ?", (into, paper))
    hidden = [p for p, stays in ends.items() if p == stays and _is_hidden(connection, p)]
    if hidden:
        decisions.set_targets(connection, hidden)
        decisions.bring_back(connection, mending.batch())
    for note, paper, stays in list(_stray_notes(connection)):
        batch = mending.batch()
        write_op(connection, batch, "note", note, "paper_id", str(stays), str(paper))
        connection.execute("UPDATE note SET paper_id = ? WHERE id = ?", (stays, note))


def _ends(connection: sqlite3.Connection) -> dict[int, int]:
    """Return where merged papers should lead that do not lead straight to one that stands.

    In a circle that is the one that is still shown, else the oldest; it is there with itself.
    """
    into = dict(
        connection.execute("SELECT id, merged_into FROM paper WHERE merged_into IS NOT NULL")
    )
    found = {}
    for paper, next_one in into.items():
        if next_one not in into:
            continue
        way, last = {paper: None}, paper
        while last in into and (last := into[last]) not in way:
            way[last] = None
        passed = list(way)
        circle = passed[passed.index(last) :]
        found[paper] = min(circle, key=lambda one: (_is_hidden(connection, one), one))
    return found


def _is_hidden(connection: sqlite3.Connection, paper: int) -> bool:
    row = connection.execute(
        "SELECT 1 FROM standing WHERE paper_id = ? AND removed IS NULL", (paper,)
    ).fetchone()
    return row is None


def _stray_notes(connection: sqlite3.Connection) -> Iterator[tuple[int, int, int]]:
    return connection.execute(
        "SELECT n.id, p.id, p.merged_into FROM paper p JOIN note n ON n.paper_id = p.id"
        " WHERE p.merged_into IS NOT NULL AND n.revision IS NOT NULL ORDER BY n.id"
    )


def _make_batches(connection: sqlite3.Connection, mending: Mending) -> None:
    """Let ops, texts and listings of a lost batch belong to one again."""
    lost = connection.execute(
        "SELECT batch FROM op UNION SELECT batch FROM note_revision UNION SELECT batch FROM listing"
        " UNION SELECT undoes FROM batch WHERE undoes IS NOT NULL"
        " EXCEPT SELECT id FROM batch ORDER BY 1"
    ).fetchall()
    for (batch,) in lost:
        (at,) = connection.execute(
            "SELECT coalesce((SELECT at FROM batch WHERE id < ?1 ORDER BY id DESC LIMIT 1),"
            " (SELECT at FROM batch WHERE id > ?1 ORDER BY id LIMIT 1), ?2)",
            (batch, mending.at),
        ).fetchone()
        connection.execute(
            "INSERT INTO batch(id, uid, device, number, hlc, at, origin, label)"
            " VALUES (?, ?, ?, 1, ?, ?, 'repair', 'lost: what it said is not known')",
            (batch, mending.new_uid(), mending.new_uid(), f"{at}/0000", at),
        )


def _make_feeds(connection: sqlite3.Connection, mending: Mending) -> None:
    lost = connection.execute("SELECT feed_id FROM listing EXCEPT SELECT id FROM feed").fetchall()
    for (feed,) in lost:
        uid = mending.new_uid()
        connection.execute(
            "INSERT INTO feed(id, uid, name) VALUES (?, ?, ?)", (feed, uid, f"lost feed {uid}")
        )


def _make_papers(connection: sqlite3.Connection, mending: Mending) -> None:
    """Make papers anew that the user decided about: with their identifiers, the next feed or file
    that brings one fills in the rest."""
    lost = connection.execute(
        "SELECT paper_id FROM tag UNION SELECT paper_id FROM citekey"
        " UNION SELECT paper_id FROM attachment"
        " UNION SELECT paper_id FROM standing WHERE pile <> 'inbox'"
        " UNION SELECT paper_id FROM awaited EXCEPT SELECT id FROM paper ORDER BY 1"
    ).fetchall()
    names = awaited.names(connection)
    for (paper,) in lost:
        row = connection.execute(
            "SELECT title FROM versions WHERE paper_id = ?1 AND title <> '' UNION ALL"
            " SELECT text FROM original WHERE paper_id = ?1 AND field = 'title' LIMIT 1",
            (paper,),
        ).fetchone()
        named = names.get(paper)
        title, key = named.title if named else f"Lost paper {paper}", ""
        if row is not None:
            title, key = row[0], title_key(row[0])
        connection.execute(
            "INSERT INTO paper(id, uid, title, title_key) VALUES (?, ?, ?, ?)",
            (paper, mending.new_uid(), title, key),
        )
        if named is not None:
            connection.execute(
                "INSERT OR IGNORE INTO identifier(scheme, value, paper_id) VALUES (?, ?, ?)",
                (*named.pair, paper),
            )
        for scheme, column in (("doi", "doi"), ("arxiv", "arxiv_id"), ("url", "url")):
            connection.execute(
                f"UPDATE paper SET {column} = ifnull((SELECT value FROM identifier"
                " WHERE scheme = ?1 AND paper_id = ?2), '') WHERE id = ?2",
                (scheme, paper),
            )


def _drop_facts(connection: sqlite3.Connection) -> None:
    """Drop what the world knows about papers that are not there."""
    for table in (
        "standing", "identifier", "listing", "original", "versions", "awaited", "fetched_file",
    ):  # fmt: skip
        connection.execute(f"DELETE FROM {table} WHERE paper_id NOT IN (SELECT id FROM paper)")


def _make_notes(connection: sqlite3.Connection, mending: Mending) -> None:
    """Let the texts of a lost note be a note again, free-standing."""
    lost = connection.execute(
        "SELECT note_id, max(rowid) FROM note_revision"
        " WHERE note_id NOT IN (SELECT id FROM note) GROUP BY note_id"
    ).fetchall()
    for note, revision in lost:
        connection.execute(
            "INSERT INTO note(id, uid, title, body, revision, created, updated)"
            " SELECT ?, ?, 'A note that was lost', body, uid, ?, ? FROM note_revision"
            " WHERE rowid = ?",
            (note, mending.new_uid(), mending.at, mending.at, revision),
        )


def _make_revisions(connection: sqlite3.Connection, mending: Mending) -> None:
    """Write down again the text that a note holds and its lost revision held."""
    lost = connection.execute(
        "SELECT id, revision, body FROM note WHERE revision NOT IN (SELECT uid FROM note_revision)"
    ).fetchall()
    for note, revision, body in lost:
        connection.execute(
            "INSERT INTO note_revision(uid, note_id, body, batch) VALUES (?, ?, ?, ?)",
            (revision, note, body, mending.batch().id),
        )
