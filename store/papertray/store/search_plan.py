"""A query taken apart, the hits of one, and the part of searching that the database does alone."""

from __future__ import annotations

import sqlite3
from array import array
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from papertray.core.model import Pile
from papertray.core.query import (
    Everything,
    Or,
    Query,
    all_of,
    any_of,
    conjuncts,
    is_condition,
    leaves,
)
from papertray.store.conditions import (
    ALIVE,
    Days,
    Sql,
    among,
    ids_where,
    json_list,
    notes_among,
    notes_where,
    where,
)
from papertray.store.search_order import ADDED, RELEVANCE, Sort


@dataclass(frozen=True, slots=True)
class Hits:
    """What a search found.

    `ids` are papers in order. `is_complete` is True when these are all of them, False when `limit`
    cut them off. `total` counts all hits by pile; None when there were too many to count while
    somebody waits. `notes` are the ids of notes that match by themselves, best first. `notice` is
    a sentence for the user when the index could not answer alone. `remarks` are sentences on what
    of a half-typed query was not understood. `query` is what was searched for: `Search.totals`
    counts its hits where `total` is None.
    """

    ids: array[int]
    total: Mapping[Pile, int] | None
    notes: tuple[int, ...] = ()
    notice: str = ""
    is_complete: bool = True
    remarks: tuple[str, ...] = ()
    query: Query = field(default_factory=Everything)

    def cut_short(self) -> Hits:
        """Return the same hits as some of those there are."""
        return replace(self, is_complete=False)


@dataclass(frozen=True, slots=True)
class Plan:
    """A query taken apart: `condition` is for the database alone, `words` holds the rest."""

    condition: Query
    words: Query
    days: Days
    limit: int | None
    sort: Sort

    @property
    def enough(self) -> int:
        """How many hits to look for: one beyond the limit tells whether that cuts any off."""
        return 2**62 if self.limit is None else max(self.limit, 0) + 1


def alternatives(query: Query) -> tuple[Query, ...]:
    """Return the searches that `query` is made of where conditions stand beside words.

    ``pile:read OR deep`` is two of them: each is quick, while a million papers of a pile within
    one query of the index are not. None where nothing is to be taken apart.
    """
    parts = conjuncts(query)
    for part in parts:
        if isinstance(part, Or) and not is_condition(part) and any(map(_has_condition, part.parts)):
            plain = [one for one in part.parts if not _has_condition(one)]
            mixed = [one for one in part.parts if _has_condition(one)]
            rest = [other for other in parts if other is not part]
            sides = [any_of(plain), *mixed] if plain else mixed
            return tuple(all_of([*rest, side]) for side in sides)
    return ()


def _has_condition(query: Query) -> bool:
    return any(is_condition(leaf) for leaf in leaves(query))


def make_plan(query: Query, days: Days, limit: int | None, sort: Sort | None) -> Plan:
    """Take `query` apart. Without words there is no relevance: then the order is by added."""
    parts = conjuncts(query)
    words = all_of(part for part in parts if not is_condition(part))
    condition = all_of(part for part in parts if is_condition(part))
    sort = sort or RELEVANCE
    if sort == RELEVANCE and isinstance(words, Everything):
        sort = ADDED
    return Plan(condition, words, days, limit, sort)


def answer(
    found: Sequence[int],
    plan: Plan,
    *,
    total: Mapping[Pile, int] | None,
    notes: Sequence[int] = (),
    notice: str = "",
) -> Hits:
    """Return the hits `found`, which may go beyond the plan's limit, cut to it."""
    ids = found if plan.limit is None else found[: max(plan.limit, 0)]
    return Hits(array("q", ids), total, tuple(notes), notice, len(ids) == len(found))


def search_database(connection: sqlite3.Connection, plan: Plan) -> Hits:
    """Answer a plan that has no words."""
    statement = ids_where(plan.condition, plan.days)
    rows = connection.execute(
        f"{statement.text} ORDER BY {plan.sort.sql} LIMIT ?", (*statement.parameters, plan.enough)
    )
    found = array("q", (paper_id for (paper_id,) in rows))
    is_all = len(found) < plan.enough
    return answer(found, plan, total=tally(piles_of(connection, plan, found)) if is_all else None)


def count_database(connection: sqlite3.Connection, plan: Plan) -> dict[Pile, int]:
    """Count by pile what a plan finds that has no words."""
    condition = where(plan.condition, plan.days, probe=False)
    rows = connection.execute(
        f"SELECT s.pile, count(*) FROM standing s WHERE {ALIVE} AND {condition.text}"
        " GROUP BY s.pile",
        condition.parameters,
    )
    return {Pile(pile): count for pile, count in rows}


def candidates(connection: sqlite3.Connection, plan: Plan, most: int) -> frozenset[int] | None:
    """Return the papers that the plan's conditions leave, None when they are more than `most`."""
    found = _ids(connection, ids_where(plan.condition, plan.days), limit=most + 1)
    return frozenset(found) if len(found) <= most else None


def candidate_notes(connection: sqlite3.Connection, plan: Plan, most: int) -> frozenset[int] | None:
    """Return the notes on papers that the plan's conditions leave, None for more than `most`."""
    found = _ids(connection, notes_where(plan.condition, plan.days), limit=most + 1)
    return frozenset(found) if len(found) <= most else None


def condition_ids(connection: sqlite3.Connection, condition: Query, days: Days) -> list[int]:
    """Return the ids of all papers for which `condition` holds."""
    return _ids(connection, ids_where(condition, days), limit=-1)


def ordered_ids(connection: sqlite3.Connection, plan: Plan, chunk: int) -> Iterator[list[int]]:
    """Yield the papers that the plan's conditions leave, in the plan's order, by chunks."""
    found = ids_where(plan.condition, plan.days)
    rows = connection.execute(f"{found.text} ORDER BY {plan.sort.sql}", found.parameters)
    while ids := [paper_id for (paper_id,) in rows.fetchmany(chunk)]:
        yield ids


def _ids(connection: sqlite3.Connection, statement: Sql, *, limit: int) -> list[int]:
    rows = connection.execute(f"{statement.text} LIMIT ?", (*statement.parameters, limit))
    return [paper_id for (paper_id,) in rows]


def piles_of(connection: sqlite3.Connection, plan: Plan, ids: Collection[int]) -> dict[int, Pile]:
    """Return the piles of those of the papers `ids` that the plan's conditions find."""
    return found_among(connection, plan.condition, plan.days, ids)


def found_among(
    connection: sqlite3.Connection, condition: Query, days: Days, ids: Collection[int]
) -> dict[int, Pile]:
    """Return the piles of those of the papers `ids` for which `condition` holds."""
    if not ids:
        return {}
    statement = among(condition, days)
    rows = connection.execute(statement.text, (json_list(ids), *statement.parameters))
    return {paper_id: Pile(pile) for paper_id, pile in rows}


def notes_found(connection: sqlite3.Connection, plan: Plan, ids: Sequence[int]) -> list[int]:
    """Return those of the notes `ids`, in their order, that live and whose papers are found."""
    statement = notes_among(plan.condition, plan.days)
    rows = connection.execute(statement.text, (json_list(ids), *statement.parameters))
    alive = {note_id for (note_id,) in rows}
    return [note_id for note_id in ids if note_id in alive]


def sorted_ids(connection: sqlite3.Connection, plan: Plan, ids: Collection[int]) -> list[int]:
    """Return the first of those of the papers `ids` that the plan's conditions find, in its order.

    There is one more than its limit where there are so many.
    """
    statement = among(plan.condition, plan.days)
    rows = connection.execute(
        f"SELECT paper_id FROM ({statement.text}) JOIN standing s USING (paper_id)"
        f" ORDER BY {plan.sort.sql} LIMIT ?",
        (json_list(ids), *statement.parameters, plan.enough),
    )
    return [paper_id for (paper_id,) in rows]


def tally(piles: Mapping[int, Pile]) -> dict[Pile, int]:
    """Count papers by pile."""
    return dict(Counter(piles.values()))
