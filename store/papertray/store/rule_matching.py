"""Which rules some new papers match, before the search index has followed them.

Conditions are the database's. Words are matched text by text, by the rules of the index; the texts
of a paper are read and cut into tokens once, however many rules look at them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import TypeVar

from papertray.core.query import Everything, Query
from papertray.store.conditions import Days
from papertray.store.search_plan import Plan, found_among, make_plan

Key = TypeVar("Key")


def matching(
    connection: sqlite3.Connection,
    queries: Mapping[Key, Query],
    paper_ids: Sequence[int],
    days: Days,
) -> dict[Key, list[int]]:
    """Return for each of some queries those of the papers, in their order, that it finds.

    The queries hold no ``search:NAME`` any more. Removed and merged papers are found by none.
    """
    plans = {key: make_plan(query, days, None, None) for key, query in queries.items()}
    left = {
        condition: found_among(connection, condition, days, paper_ids)
        for condition in {plan.condition for plan in plans.values()}
    }
    found = {
        key: [paper_id for paper_id in paper_ids if paper_id in left[plan.condition]]
        for key, plan in plans.items()
    }
    wordy = {key: plan for key, plan in plans.items() if not isinstance(plan.words, Everything)}
    if wordy:
        found |= _matching_words(connection, wordy, found, paper_ids, days)
    return found


def _matching_words(
    connection: sqlite3.Connection,
    plans: Mapping[Key, Plan],
    left: Mapping[Key, Sequence[int]],
    paper_ids: Sequence[int],
    days: Days,
) -> dict[Key, list[int]]:
    """Return for each plan those of the papers that its conditions `left` which hold its words."""
    # Here and not above: who looks for no words waits for no index.
    from papertray.store.index.documents import fetch_papers
    from papertray.store.index.matcher import Matcher, document_of
    from papertray.store.search_words import MixedConditions

    wanted = sorted({paper_id for key in plans for paper_id in left[key]})
    documents = {paper.id: document_of(paper) for paper in fetch_papers(connection, wanted)}
    conditions = MixedConditions(connection, days)
    conditions.consider(paper_ids)
    found: dict[Key, list[int]] = {}
    for key, plan in plans.items():
        matcher = Matcher(plan.words, conditions.holds)
        found[key] = [p for p in left[key] if matcher.document(documents[p])]
    return found
