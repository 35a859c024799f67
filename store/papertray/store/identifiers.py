"""Which paper an identifier belongs to."""

from __future__ import annotations

import sqlite3

SCHEMES = {"doi": "doi", "arxiv_id": "arxiv"}
"""Columns of `paper` that are also rows of `identifier`, and their schemes."""


def owner_of(connection: sqlite3.Connection, field: str, value: str) -> int | None:
    """Return the paper that a DOI (field `doi`) or arXiv id (`arxiv_id`) belongs to, or None."""
    scheme = SCHEMES[field]
    row = connection.execute(
        "SELECT paper_id FROM identifier WHERE scheme = ? AND value = ?",
        (scheme, value.casefold() if scheme == "doi" else value),
    ).fetchone()
    return None if row is None else int(row[0])
