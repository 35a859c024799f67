"""What the tray knows of the papers that a manuscript cites. Nothing here writes."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from papertray.core.citekeys import fold_key
from papertray.core.piles import Pile

SHORTEST_TITLE = 12
"""Letters of the shortest title by which two papers can be told to be one work, as for joining."""


@dataclass(frozen=True, slots=True)
class Owner:
    """The paper that a key leads to: through a merge, the one that survived.

    `key` is what it is called now, empty if nothing. `removed` is an instant, or empty.
    """

    paper_id: int
    key: str
    title: str
    pile: Pile
    removed: str


def owners(connection: sqlite3.Connection, keys: Iterable[str]) -> dict[str, Owner]:
    """Return whose each of `keys` is, by the folded key; those that nobody has are left out."""
    rows = connection.execute(
        "SELECT c.folded, s.paper_id, n.key, p.title, s.pile, s.removed"
        " FROM json_each(?) w JOIN citekey c ON c.folded = w.value"
        " JOIN paper had ON had.id = c.paper_id"
        " JOIN paper p ON p.id = coalesce(had.merged_into, had.id)"
        " JOIN standing s ON s.paper_id = p.id"
        " LEFT JOIN citekey n ON n.paper_id = p.id AND n.state <> 'old'",
        (json.dumps(sorted(set(map(fold_key, keys)))),),
    )
    return {
        folded: Owner(paper_id, key or "", title, Pile(pile), removed or "")
        for folded, paper_id, key, title, pile, removed in rows
    }


def all_keys(connection: sqlite3.Connection) -> list[str]:
    """Return every key that a paper has or had, by its folded form."""
    rows = connection.execute("SELECT key FROM citekey ORDER BY folded")
    return [key for (key,) in rows]


def keys_of(connection: sqlite3.Connection, paper_ids: Sequence[int]) -> dict[int, str]:
    """Return what papers are called now."""
    rows = connection.execute(
        "SELECT paper_id, key FROM citekey WHERE state <> 'old'"
        " AND paper_id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(paper_ids)),),
    )
    return dict(rows.fetchall())


def kept(connection: sqlite3.Connection) -> list[int]:
    """Return the papers that are read or starred."""
    rows = connection.execute(
        "SELECT paper_id FROM standing WHERE pile IN ('read', 'starred') AND removed IS NULL"
        " ORDER BY paper_id"
    )
    return [paper_id for (paper_id,) in rows]


def starred(connection: sqlite3.Connection) -> list[tuple[int, str, str]]:
    """Return (id, key, title) of the starred papers, by key."""
    return connection.execute(
        "SELECT s.paper_id, coalesce(c.key, ''), p.title FROM standing s"
        " JOIN paper p ON p.id = s.paper_id"
        " LEFT JOIN citekey c ON c.paper_id = s.paper_id AND c.state <> 'old'"
        " WHERE s.pile = 'starred' AND s.removed IS NULL ORDER BY c.folded, s.paper_id"
    ).fetchall()


def of_one_title(connection: sqlite3.Connection, paper_ids: Sequence[int]) -> list[tuple[int, int]]:
    """Return pairs of a paper of `paper_ids` and another one with its title and first author."""
    return connection.execute(
        "SELECT p.id, o.id FROM json_each(?) w JOIN paper p ON p.id = w.value"
        " JOIN paper o ON o.title_key = p.title_key AND o.author_key = p.author_key"
        " AND o.id <> p.id"
        " JOIN standing s ON s.paper_id = o.id AND s.removed IS NULL"
        " WHERE length(p.title_key) >= ? AND p.author_key <> '' ORDER BY p.id, o.id",
        (json.dumps(list(paper_ids)), SHORTEST_TITLE),
    ).fetchall()
