"""Which batches hold: undo, redo, undo … along the chains that they make.

A batch is live while no live batch undoes it. An undo is itself a batch that undoes one, a redo a
batch that undoes an undo; along such a chain they take turns, so the newest one says whether the
first holds. Nothing remembers this: it is read from the journal, as far as the question needs.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """One batch on the way down the journal, with no more than choosing needs."""

    id: int
    undoes: int | None
    session: str
    origin: str
    is_live: bool


def newest_first(connection: sqlite3.Connection, *, not_before: int = 0) -> Iterator[Step]:
    """Yield batches from the newest down to id `not_before`, read as far as they are asked for.

    An undo is always newer than what it undoes, so one pass down knows which hold: a live one
    kills its target, a dead one does not.
    """
    dead: set[int] = set()
    rows = connection.execute(
        "SELECT id, undoes, session, origin FROM batch WHERE id >= ? ORDER BY id DESC",
        (not_before,),
    )
    for id_, undoes, session, origin in rows:
        is_live = id_ not in dead
        if is_live and undoes is not None:
            dead.add(undoes)
        yield Step(id_, undoes, session, origin, is_live)


def live_among(
    connection: sqlite3.Connection, batches: Iterable[int], *, below: int | None = None
) -> set[int]:
    """Return which of some batches hold, read from what followed on them and nothing else.

    `below` looks at the journal as it was before that batch.
    """
    asked = set(batches)
    followed = connection.execute(
        "WITH RECURSIVE later(id, undoes) AS ("
        " SELECT id, undoes FROM batch WHERE undoes IN (SELECT value FROM json_each(:asked))"
        "  AND (:below IS NULL OR id < :below)"
        " UNION SELECT b.id, b.undoes FROM batch b JOIN later ON b.undoes = later.id"
        "  WHERE :below IS NULL OR b.id < :below"
        ") SELECT id, undoes FROM later ORDER BY id DESC",
        {"asked": json.dumps(list(asked)), "below": below},
    )
    dead: set[int] = set()
    for id_, undoes in followed:
        if id_ not in dead:
            dead.add(undoes)
    return asked - dead


_LINKS = (
    "WITH RECURSIVE link(id) AS (SELECT {first} UNION ALL SELECT undone.undoes FROM link"
    " JOIN batch undone ON undone.id = link.id WHERE undone.undoes IS NOT NULL)"
)
"""A batch, what it undoes, what that undoes, and so on to the first decision."""


def chain(connection: sqlite3.Connection, batch: int) -> list[int]:
    """Return the batch, what it undoes, what that undoes, and so on to the first decision."""
    rows = connection.execute(f"{_LINKS.format(first='?')} SELECT id FROM link", (batch,))
    return [id_ for (id_,) in rows]


def newest_of_chain(connection: sqlite3.Connection, batch: int) -> int:
    """Return the last of undo, redo, undo … that followed a batch; itself when none did."""
    while True:
        row = connection.execute("SELECT max(id) FROM batch WHERE undoes = ?", (batch,)).fetchone()
        if row[0] is None:
            return batch
        batch = int(row[0])


def is_undo(
    connection: sqlite3.Connection, batch: int, known: dict[int, bool] | None = None
) -> bool:
    """True when the batch takes something back, False for a decision and for a redo.

    `known` keeps the answers of one pass over many batches: along a long chain each link is then
    looked up once.
    """
    found = {} if known is None else known
    links: list[int] = []
    takes_back = True  # turned at each link: a first decision takes nothing back
    rows = connection.execute(f"{_LINKS.format(first='?')} SELECT id FROM link", (batch,))
    for (link,) in rows:
        if link in found:
            takes_back = found[link]
            break
        links.append(link)
    for link in reversed(links):
        takes_back = not takes_back
        found[link] = takes_back
    return found[batch]


_IS_LAST = "NOT EXISTS (SELECT 1 FROM batch later WHERE later.undoes = b.id)"

_IS_DECISION = (
    # Most undos take back a first decision: those are known without walking a chain.
    "NOT EXISTS (SELECT 1 FROM batch first WHERE first.id = b.undoes AND first.undoes IS NULL)"
    f" AND (b.undoes IS NULL OR ({_LINKS.format(first='b.id')} SELECT count(*) FROM link) % 2 = 1)"
)
"""Links of a chain take turns, so that every other one is an undo."""


_FIRST_ORIGIN = (
    "iif(b.undoes IS NULL, b.origin, (SELECT origin FROM batch WHERE id ="
    f" ({_LINKS.format(first='b.id')} SELECT min(id) FROM link)))"
)
"""The origin of a decision; for a redo that of the first decision of its chain."""


def newest_decision_of(
    connection: sqlite3.Connection, session: str, but_not: Collection[str]
) -> int | None:
    """Return the newest batch of a session that holds and takes nothing back, or None.

    `but_not` are origins that it may not have; for a redo, that the first decision of its chain may
    not have.
    """
    rows = connection.execute(
        # The last link of a chain holds. One before it can do so too; where this session wrote
        # what came after, it is not the newest.
        f"SELECT b.id FROM batch b WHERE b.session = :session AND ({_IS_LAST} OR EXISTS"
        " (SELECT 1 FROM batch undo JOIN batch redo ON redo.undoes = undo.id"
        "  WHERE undo.undoes = b.id AND redo.session <> :session))"
        f" AND {_IS_DECISION} AND {_FIRST_ORIGIN} NOT IN (SELECT value FROM json_each(:but_not))"
        " ORDER BY b.id DESC",
        {"session": session, "but_not": json.dumps(list(but_not))},
    )
    return next((id_ for (id_,) in rows if live_among(connection, [id_])), None)


def newest_decision_from(connection: sqlite3.Connection, origins: Collection[str]) -> int | None:
    """Return the newest batch that holds and takes nothing back, or None.

    `origins` are those that it may have; for a redo, that the first decision of its chain may have.
    """
    row = connection.execute(
        f"SELECT b.id FROM batch b WHERE {_IS_LAST} AND {_IS_DECISION}"
        f" AND {_FIRST_ORIGIN} IN (SELECT value FROM json_each(?)) ORDER BY b.id DESC LIMIT 1",
        (json.dumps(list(origins)),),
    ).fetchone()
    return None if row is None else int(row[0])


def decisions_that_hold(connection: sqlite3.Connection, *, not_before: int = 0) -> Iterator[Step]:
    """Yield the batches that hold and take nothing back, newest first."""
    known: dict[int, bool] = {}
    for step in newest_first(connection, not_before=not_before):
        if step.is_live and (step.undoes is None or not is_undo(connection, step.id, known)):
            yield step
