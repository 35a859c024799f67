"""Which files exports wrote: only those may be replaced without being asked."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence

from papertray.core.model import PILE_ORDER


def digest_of(connection: sqlite3.Connection, path: str) -> str:
    """Return the digest of what was last written to `path`, empty if we never wrote it."""
    row = connection.execute("SELECT digest FROM exported_file WHERE path = ?", (path,)).fetchone()
    return "" if row is None else str(row[0])


def remember(connection: sqlite3.Connection, path: str, format_: str, digest: str, at: str) -> None:
    """Note that an export wrote `path` with this digest."""
    connection.execute(
        "INSERT INTO exported_file(path, format, digest, at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT(path) DO UPDATE SET format = excluded.format, digest = excluded.digest,"
        " at = excluded.at",
        (path, format_, digest, at),
    )


def in_export_order(
    connection: sqlite3.Connection, paper_ids: Sequence[int], *, by_pile: bool
) -> list[int]:
    """Return papers ordered by casefolded citekey, or by pile first: starred, read, inbox, skip."""
    ranks = " ".join(f"WHEN '{pile}' THEN {rank}" for rank, pile in enumerate(PILE_ORDER))
    pile_order = f"CASE s.pile {ranks} END, " if by_pile else ""
    rows = connection.execute(
        "SELECT s.paper_id FROM json_each(?) w JOIN standing s ON s.paper_id = w.value"
        " LEFT JOIN citekey c ON c.paper_id = s.paper_id AND c.state <> 'old'"
        f" ORDER BY {pile_order}c.folded, s.paper_id",
        (json.dumps(list(paper_ids)),),
    ).fetchall()
    return [paper_id for (paper_id,) in rows]
