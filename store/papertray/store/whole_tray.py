"""A whole tray, read for a copy of it: all papers, and what belongs to none. Nothing here writes.

The journal and the revisions of notes are left out, and how far feeds were read: what a copy lacks
is how it came about.
"""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from papertray.core.model import Attachment, Entry, Note, ToldFeed, ToldRule, ToldSearch
from papertray.store.apart import pairs_apart
from papertray.store.entries import CHUNK, entries, grouped
from papertray.store.rows import WORK_COLUMNS
from papertray.store.subscriptions import settings_of


def paper_ids(connection: sqlite3.Connection) -> array[int]:
    """Return all papers, removed ones too, in the order in which they came.

    What was merged into another is part of that.
    """
    rows = connection.execute(
        "SELECT s.paper_id FROM standing s JOIN paper p ON p.id = s.paper_id"
        " WHERE p.merged_into IS NULL ORDER BY s.paper_id"
    )
    return array("q", (paper_id for (paper_id,) in rows))


def whole_entries(connection: sqlite3.Connection, paper_ids: Sequence[int]) -> Iterator[Entry]:
    """Yield entries as `entries` does, with what is of use only in a tray.

    Of two papers that their owner keeps apart the one with the larger id names the other.
    """
    apart: dict[int, list[int]] = {}
    for first, second in sorted(pairs_apart(connection)):
        apart.setdefault(second, []).append(first)
    uid_of = dict(
        connection.execute(
            "SELECT id, uid FROM paper WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(sorted({id_ for found in apart.values() for id_ in found})),),
        ).fetchall()
    )
    for start in range(0, len(paper_ids), CHUNK):
        ids = json.dumps(list(paper_ids[start : start + CHUNK]))
        uids = grouped(connection, f"SELECT paper_id, value FROM ({_UIDS})", ids, "value")
        files = grouped(
            connection,
            "SELECT paper_id, path, media_type, digest, source, added FROM attachment", ids, "id",
        )  # fmt: skip
        edits = _edits(connection, ids)
        for entry in entries(connection, paper_ids[start : start + CHUNK]):
            id_ = entry.id
            if id_ in uids or id_ in files or id_ in edits or id_ in apart:
                entry = replace(  # the same, with more of it
                    entry,
                    uids=tuple(uid for (uid,) in uids.get(id_, ()) if uid != entry.uid),
                    attachments=tuple(Attachment(*file) for file in files.get(id_, ())),
                    edited=edits.get(id_, {}),
                    apart=tuple(uid_of[other] for other in apart.get(id_, ())),
                )
            yield entry


_UIDS = (
    "SELECT paper_id, value FROM identifier WHERE scheme = 'uid'"
    " UNION SELECT merged_into AS paper_id, uid FROM paper WHERE merged_into IS NOT NULL"
)
"""The uids that lead to a paper besides its own: of what joined it, and of what it swallowed."""


def _edits(connection: sqlite3.Connection, ids: str) -> dict[int, dict[str, tuple[Any, ...]]]:
    """Return the texts that edited fields had before, by paper and field, oldest first."""
    found: dict[int, dict[str, tuple[Any, ...]]] = {}
    for paper_id, name, before in connection.execute(
        # As `known.Held` knows them: what a merge took from the other paper is nobody's word.
        "SELECT o.ref, o.field, o.before FROM json_each(:ids) w"
        " CROSS JOIN op o ON o.kind = 'paper' AND o.ref = w.value"
        " WHERE +o.field IN (SELECT value FROM json_each(:fields)) AND NOT EXISTS"
        " (SELECT 1 FROM op merge WHERE merge.batch = o.batch AND merge.field = 'merged_into')"
        " ORDER BY o.seq",
        {"ids": ids, "fields": json.dumps(WORK_COLUMNS)},
    ):
        of_paper = found.setdefault(paper_id, {})
        of_paper[name] = (*of_paper.get(name, ()), before)
    return found


def feeds(connection: sqlite3.Connection) -> Iterator[ToldFeed]:
    """Yield all that papers ever came from, files and removed subscriptions too, oldest first."""
    for name, kind, location, settings, removed, uid in connection.execute(
        "SELECT name, kind, location, settings, removed, uid FROM feed ORDER BY id"
    ):
        told: Any = settings_of(settings) or {}
        yield ToldFeed(name, kind, location, told, removed or "", uid)


def searches(connection: sqlite3.Connection) -> Iterator[ToldSearch]:
    """Yield the saved searches in their order."""
    for row in connection.execute(
        "SELECT name, query, uid FROM saved_search WHERE removed IS NULL"
        " ORDER BY position IS NULL, position, name COLLATE NOCASE, id"
    ):
        yield ToldSearch(*row)


def rules(connection: sqlite3.Connection) -> Iterator[ToldRule]:
    """Yield the rules in the order in which they are applied."""
    for query, action, uid in connection.execute(
        "SELECT query, action, uid FROM rule WHERE removed IS NULL ORDER BY id"
    ):
        told: Any = settings_of(action) or {}
        yield ToldRule(query, told, uid)


def notes(connection: sqlite3.Connection, *, only_free: bool) -> Iterator[Note]:
    """Yield the live notes, oldest first; or only those that belong to no paper."""
    condition = " AND paper_id IS NULL" if only_free else ""
    for id_, uid, paper_id, title, body, created, updated, is_main in connection.execute(
        "SELECT id, uid, paper_id, title, body, created, updated, is_main FROM note"
        f" WHERE revision IS NOT NULL{condition} ORDER BY id"
    ):
        yield Note(id_, uid, paper_id, title, body, created, updated, bool(is_main))
