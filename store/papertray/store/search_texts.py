"""Searches that hold words, answered text by text while there is no index to be trusted."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator

from papertray.store.index.documents import fetch_notes
from papertray.store.index.matcher import Matcher
from papertray.store.search_plan import (
    Hits,
    Plan,
    answer,
    notes_found,
    ordered_ids,
    piles_of,
    tally,
)
from papertray.store.search_words import MixedConditions, matching_papers

PATIENCE = 1.5
"""Seconds after which a search with a limit is content with what it has found."""

_CHUNK = 2_000


def search_texts(connection: sqlite3.Connection, plan: Plan, notice: str) -> Hits:
    """Answer by reading text after text, newest first in place of the most relevant first.

    With a limit it takes little more than `PATIENCE` seconds: where that is too short, `notice`
    goes on with how far it came. Without one it reads everything.
    """
    end = time.monotonic() + PATIENCE if plan.limit is not None else float("inf")
    conditions = MixedConditions(connection, plan.days)
    matcher = Matcher(plan.words, conditions.holds)
    notes = _notes(connection, plan, matcher, conditions)
    found: list[int] = []
    read = 0
    is_all = True
    for batch in ordered_ids(connection, plan, _CHUNK if matcher.can_tell else _CHUNK // 10):
        if len(found) >= plan.enough or time.monotonic() > end:
            is_all = False
            break
        found += matching_papers(connection, batch, matcher, conditions)
        read += len(batch)
    if not is_all and len(found) < plan.enough:
        notice = f"{notice} Only the first {read:,} papers were read."
    total = tally(piles_of(connection, plan, found)) if is_all else None
    hits = answer(found, plan, total=total, notes=notes[: plan.limit], notice=notice)
    return hits if is_all else hits.cut_short()


def _notes(
    connection: sqlite3.Connection, plan: Plan, matcher: Matcher, conditions: MixedConditions
) -> list[int]:
    rows = connection.execute("SELECT id FROM note WHERE revision IS NOT NULL ORDER BY id DESC")
    found: list[int] = []
    for batch in _batches(rows):
        texts = fetch_notes(connection, batch)
        conditions.consider([note.paper_id for note in texts if note.paper_id is not None])
        matching = {note.id for note in texts if matcher.note(note)}
        found += [note_id for note_id in batch if note_id in matching]
    return notes_found(connection, plan, found)


def _batches(rows: sqlite3.Cursor) -> Iterator[list[int]]:
    while batch := [found for (found,) in rows.fetchmany(_CHUNK)]:
        yield batch
