"""Searches that hold words: by the index, or text by text where there is none to be trusted."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence

from papertray.core.model import Pile
from papertray.core.query import Condition
from papertray.store.conditions import Days
from papertray.store.index.documents import fetch_notes, fetch_papers
from papertray.store.index.follower import pending, touched
from papertray.store.index.matcher import Matcher
from papertray.store.index.opened import OpenIndex
from papertray.store.index.searcher import FIRST, IndexSearcher
from papertray.store.search_order import RELEVANCE
from papertray.store.search_plan import (
    Hits,
    Plan,
    answer,
    candidates,
    condition_ids,
    notes_found,
    ordered_ids,
    piles_of,
    sorted_ids,
    tally,
)

MOST_CANDIDATES = 5_000
"""Ids that go into the index's query; where conditions leave more, its hits are filtered."""

COUNTED = 2_000
"""Hits up to which all are fetched, and so counted by pile, at once."""

MOST_PENDING = 500
"""Changes that are matched beside the index; with more of them it is said to lag behind."""

_CHUNK = 500


def search_index(connection: sqlite3.Connection, index: OpenIndex, plan: Plan) -> Hits:
    """Answer by the index, with what changed since it last followed matched beside it.

    Raises `IndexBroken`.
    """
    searcher, (seq, _) = index.view()
    changes = pending(connection, seq, limit=MOST_PENDING + 1)
    notice = ""
    if len(changes) > MOST_PENDING:
        notice = "The search index is still taking in new papers; some hits may be missing."
        changes = []
    fresh = _Fresh(connection, plan, changes)
    ranking = IndexSearcher(searcher, fresh.conditions.documents)
    found, is_all = _ranked_papers(connection, plan, ranking, fresh)
    total = tally(found) if is_all else None
    ids = list(found)
    if plan.sort != RELEVANCE:
        ids = sorted_ids(connection, ids, plan.sort, plan.enough)
    notes = [note for note in ranking.notes(plan.words) if note not in fresh.stale_notes]
    notes = notes_found(connection, plan, fresh.notes + notes)[: plan.limit]
    return answer(ids, plan, total=total, notes=notes, notice=notice)


class _Fresh:
    """The papers and notes that the index knows as they were before `changes`, matched anew."""

    def __init__(
        self, connection: sqlite3.Connection, plan: Plan, changes: list[tuple[int, str, int, int]]
    ) -> None:
        self.conditions = _Conditions(connection, plan.days)
        self.stale_papers, self.stale_notes = touched(connection, changes)
        matcher = Matcher(plan.words, self.conditions.holds)
        papers = fetch_papers(connection, self.stale_papers)
        notes = fetch_notes(connection, self.stale_notes)
        self.papers = [paper.id for paper in papers if matcher.paper(paper)]
        self.notes = [note.id for note in notes if matcher.note(note)]


class _Conditions:
    """The conditions that stand beside words (``pile:read OR deep``), each asked once."""

    def __init__(self, connection: sqlite3.Connection, days: Days) -> None:
        self._connection = connection
        self._days = days
        self._papers: dict[Condition, frozenset[int]] = {}

    def papers(self, condition: Condition) -> frozenset[int]:
        if condition not in self._papers:
            ids = condition_ids(self._connection, condition, self._days)
            self._papers[condition] = frozenset(ids)
        return self._papers[condition]

    def holds(self, condition: Condition, paper_id: int) -> bool:
        return paper_id in self.papers(condition)

    def documents(self, condition: Condition) -> list[int]:
        """The ids of the papers' documents and of those of their notes, which count below zero."""
        papers = self.papers(condition)
        rows = self._connection.execute("SELECT id, paper_id FROM note WHERE paper_id IS NOT NULL")
        return [*papers, *(-note for note, paper_id in rows if paper_id in papers)]


def _ranked_papers(
    connection: sqlite3.Connection, plan: Plan, ranking: IndexSearcher, fresh: _Fresh
) -> tuple[dict[int, Pile], bool]:
    """Return the piles of the hits in order of rank, and whether these are all hits there are."""
    within = candidates(connection, plan, MOST_CANDIDATES)
    tiers = ranking.tiers(plan.words, within)
    # Few candidates are few hits: fetching them all takes no longer than counting them before.
    count = ranking.count(tiers) if within is None else len(within)
    wants_all = (
        plan.limit is None or plan.sort != RELEVANCE or within is not None or count <= COUNTED
    )
    first = count if wants_all else max(FIRST, 2 * plan.enough)
    found = piles_of(connection, plan, fresh.papers)
    for batch in ranking.ranked(tiers, first):
        piles = piles_of(connection, plan, batch)
        for paper_id in batch:
            if paper_id in piles and paper_id not in fresh.stale_papers:
                found[paper_id] = piles[paper_id]
        if not wants_all and len(found) >= plan.enough:
            return found, False
    return found, True


def search_texts(connection: sqlite3.Connection, plan: Plan, notice: str) -> Hits:
    """Answer by reading text after text, newest first in place of the most relevant first."""
    matcher = Matcher(plan.words, _Conditions(connection, plan.days).holds)
    found: list[int] = []
    for batch in _batches(ordered_ids(connection, plan)):
        matching = {paper.id for paper in fetch_papers(connection, batch) if matcher.paper(paper)}
        found.extend(paper_id for paper_id in batch if paper_id in matching)
        if len(found) >= plan.enough:
            break
    is_all = len(found) < plan.enough
    total = tally(piles_of(connection, plan, found)) if is_all else None
    rows = connection.execute("SELECT id FROM note WHERE revision IS NOT NULL ORDER BY id DESC")
    notes = [
        note.id
        for batch in _batches([note_id for (note_id,) in rows])
        for note in fetch_notes(connection, batch)
        if matcher.note(note)
    ]
    alive = notes_found(connection, plan, notes)[: plan.limit]
    return answer(found, plan, total=total, notes=alive, notice=notice)


def _batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), _CHUNK):
        yield ids[start : start + _CHUNK]
