"""Searches that hold words, answered by the index with what changed since matched beside it."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from papertray.core.model import Pile
from papertray.core.query import Condition, Everything
from papertray.store.conditions import Days, json_list
from papertray.store.index.documents import fetch_notes, fetch_papers
from papertray.store.index.follower import number_pending, pending, touched
from papertray.store.index.matcher import Matcher
from papertray.store.index.opened import OpenIndex
from papertray.store.index.searcher import FIRST, WIDEST, IndexSearcher, Scope
from papertray.store.pile_mask import PileMask
from papertray.store.search_order import RELEVANCE
from papertray.store.search_plan import (
    Hits,
    Plan,
    answer,
    candidate_notes,
    candidates,
    condition_ids,
    found_among,
    notes_found,
    piles_of,
    sorted_ids,
    tally,
)

FEW = 2_000
"""Papers left by conditions that go into the index's query: it takes 1.5 µs for each of them."""

SOME = 100_000
"""Papers left by conditions up to which they are held; beyond, SQLite is asked about the hits."""

MOST_PENDING = 5_000
"""Changes that are matched beside the index while somebody waits: up to 0.1 ms for each."""

_CHUNK = 2_000


def search_index(
    connection: sqlite3.Connection, index: OpenIndex, plan: Plan, scopes: Scopes
) -> Hits:
    """Answer by the index, with what changed since it last followed matched beside it.

    Raises `IndexBroken`.
    """
    searcher, (seq, _) = index.view()
    most = -1 if plan.limit is None else MOST_PENDING + 1
    changes = pending(connection, seq, limit=most)
    notice = ""
    if plan.limit is not None and len(changes) > MOST_PENDING:
        notice = (
            f"The search index has {number_pending(connection, seq):,} changes to take in: what"
            " they brought is not found yet, what they altered is found as it was."
        )
        changes = []
    conditions = MixedConditions(connection, plan.days)
    fresh = _match_fresh(connection, plan, changes, conditions)
    ranking = IndexSearcher(searcher, conditions.documents)
    left = scopes.left(connection, plan)
    within = left.papers
    if plan.sort == RELEVANCE:
        ids, is_all = _ranked_papers(connection, plan, ranking, fresh, within)
    else:
        ids = sorted_ids(connection, plan, _all_papers(plan, ranking, fresh, within))
        is_all = len(ids) < plan.enough
    total = tally(piles_of(connection, plan, ids)) if is_all else None
    notes = _ranked_notes(connection, plan, ranking, fresh, left.notes)
    return answer(ids, plan, total=total, notes=notes, notice=notice)


def count_index(
    connection: sqlite3.Connection, index: OpenIndex, plan: Plan, scopes: Scopes, mask: PileMask
) -> dict[Pile, int] | None:
    """Count the papers that a plan finds by pile, however many; None if it lags too far behind.

    Raises `IndexBroken`.
    """
    searcher, (seq, _) = index.view()
    changes = pending(connection, seq, limit=MOST_PENDING + 1)
    if len(changes) > MOST_PENDING:
        return None
    conditions = MixedConditions(connection, plan.days)
    fresh = _match_fresh(connection, plan, changes, conditions)
    ranking = IndexSearcher(searcher, conditions.documents)
    within = scopes.left(connection, plan).papers
    ids = _all_papers(plan, ranking, fresh, within)
    if within is None and not isinstance(plan.condition, Everything):
        ids = piles_of(connection, plan, ids)
    return mask.tally(connection, ids)


def _all_papers(
    plan: Plan, ranking: IndexSearcher, fresh: _Fresh, within: frozenset[int] | None
) -> Collection[int]:
    """Return what holds the plan's words, in no order, within the papers `within` if given."""
    ids: Collection[int] = ranking.all_papers(plan.words)
    if fresh.stale_papers:
        ids = {*ids}.difference(fresh.stale_papers).union(fresh.papers)
    return ids if within is None else within.intersection(ids)


@dataclass(frozen=True, slots=True)
class Left:
    """The papers and the notes that conditions leave; None for all, or more than `SOME`."""

    papers: frozenset[int] | None = None
    notes: frozenset[int] | None = None


class Scopes:
    """What conditions leave, kept from one letter of a search to the next.

    Each thread has its own, since it asks by its own connection whether anything was written.
    """

    def __init__(self) -> None:
        self._local = threading.local()

    def left(self, connection: sqlite3.Connection, plan: Plan) -> Left:
        """Return what the plan's conditions leave."""
        if isinstance(plan.condition, Everything):
            return Left()
        (version,) = connection.execute("PRAGMA data_version").fetchone()
        question = (version, plan.condition, plan.days)
        if getattr(self._local, "question", None) != question:
            papers = candidates(connection, plan, SOME)
            self._local.answer = Left(papers, candidate_notes(connection, plan, SOME))
            self._local.question = question
        found: Left = self._local.answer
        return found


@dataclass(frozen=True, slots=True)
class _Fresh:
    """What changed since the index last followed: what of it matches, and all that is stale."""

    papers: Collection[int]
    notes: Collection[int]
    stale_papers: Collection[int]
    stale_notes: Collection[int]


def _match_fresh(
    connection: sqlite3.Connection,
    plan: Plan,
    changes: list[tuple[int, str, int, int]],
    conditions: MixedConditions,
) -> _Fresh:
    if not changes:
        return _Fresh((), (), (), ())
    stale_papers, stale_notes = touched(connection, changes)
    matcher = Matcher(plan.words, conditions.holds)
    papers: list[int] = []
    for batch in _chunks(sorted(stale_papers)):
        papers += matching_papers(connection, batch, matcher, conditions)
    notes: list[int] = []
    for batch in _chunks(sorted(stale_notes)):
        texts = fetch_notes(connection, batch)
        conditions.consider([note.paper_id for note in texts if note.paper_id])
        notes += [note.id for note in texts if matcher.note(note)]
    return _Fresh(list(piles_of(connection, plan, papers)), notes, stale_papers, stale_notes)


def _chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[at : at + _CHUNK] for at in range(0, len(ids), _CHUNK))


def matching_papers(
    connection: sqlite3.Connection,
    ids: Sequence[int],
    matcher: Matcher,
    conditions: MixedConditions,
) -> list[int]:
    """Return those of the papers `ids`, in their order, whose texts match. Reads these texts."""
    conditions.consider(ids)
    likely = _likely(connection, ids, matcher)
    found = {paper.id for paper in fetch_papers(connection, likely) if matcher.paper(paper)}
    return [paper_id for paper_id in ids if paper_id in found]


def _likely(connection: sqlite3.Connection, ids: Sequence[int], matcher: Matcher) -> Sequence[int]:
    """Leave out papers that cannot match, at a hundredth of the cost of matching them."""
    if not matcher.can_tell:
        return ids
    rows = connection.execute(
        "SELECT p.id, p.title || ' ' || p.abstract || ' ' || p.authors || ' ' || p.venue || ' '"
        " || p.venue_short || ' ' || p.comment || ifnull("
        "(SELECT group_concat(n.title || ' ' || n.body, ' ') FROM note n"
        " WHERE n.paper_id = p.id AND n.revision IS NOT NULL), '')"
        " FROM json_each(?) given CROSS JOIN paper p ON p.id = given.value",
        (json_list(ids),),
    )
    return [paper_id for paper_id, text in rows if matcher.may_match(text)]


class MixedConditions:
    """The conditions that stand beside words, as in ``pile:read OR deep``."""

    def __init__(self, connection: sqlite3.Connection, days: Days) -> None:
        self._connection = connection
        self._days = days
        self._considered: Collection[int] = ()
        self._found: dict[Condition, frozenset[int]] = {}

    def consider(self, ids: Collection[int]) -> None:
        """Name the papers that `holds` will be asked about next."""
        self._considered = ids
        self._found.clear()

    def holds(self, condition: Condition, paper_id: int) -> bool:
        """Return whether `condition` holds for one of the papers under consideration."""
        if condition not in self._found:
            among = found_among(self._connection, condition, self._days, self._considered)
            self._found[condition] = frozenset(among)
        return paper_id in self._found[condition]

    def documents(self, condition: Condition) -> list[int]:
        """The ids of the papers' documents and of those of their notes, which count below zero."""
        papers = frozenset(condition_ids(self._connection, condition, self._days))
        rows = self._connection.execute("SELECT id, paper_id FROM note WHERE paper_id IS NOT NULL")
        return [*papers, *(-note for note, paper_id in rows if paper_id in papers)]


def _ranked_notes(
    connection: sqlite3.Connection,
    plan: Plan,
    ranking: IndexSearcher,
    fresh: _Fresh,
    within: frozenset[int] | None,
) -> list[int]:
    notes = notes_found(connection, plan, list(fresh.notes))
    if within is not None and not within:
        return notes[: plan.limit]
    scope = None
    if within is not None:
        scope = Scope(frozenset(-note for note in within), is_asked=len(within) <= FEW)
    for batch in ranking.notes(plan.words, scope):
        if len(notes) >= plan.enough:
            break
        known = [note for note in batch if note not in fresh.stale_notes]
        notes += notes_found(connection, plan, known)
    return notes[: plan.limit]


def _ranked_papers(
    connection: sqlite3.Connection,
    plan: Plan,
    ranking: IndexSearcher,
    fresh: _Fresh,
    within: frozenset[int] | None,
) -> tuple[list[int], bool]:
    """Return the hits in order of rank, and whether these are all hits there are."""
    wants_all = plan.limit is None
    first = WIDEST if wants_all else min(max(FIRST, 2 * plan.enough), WIDEST)
    scope = None
    if within is not None:
        scope = Scope(within, is_asked=len(within) <= FEW)
        # As many hits as hold twice the wanted ones, if they are spread evenly.
        spread = 2 * plan.enough * ranking.size // max(len(within), 1)
        first = min(len(within) + 1 if scope.is_asked else max(first, spread), WIDEST)
    found = dict.fromkeys(fresh.papers)
    for batch in ranking.papers(plan.words, scope, first):
        alive = None if scope else piles_of(connection, plan, batch)
        for paper_id in batch:
            if (alive is None or paper_id in alive) and paper_id not in fresh.stale_papers:
                found[paper_id] = None
        if not wants_all and len(found) >= plan.enough:
            return list(found), False
    return list(found), True
