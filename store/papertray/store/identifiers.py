"""Which paper an identifier belongs to."""

from __future__ import annotations

import sqlite3

from papertray.core.identifiers import doi_name

SCHEMES = {"doi": "doi", "arxiv_id": "arxiv"}
"""Columns of `paper` that are also rows of `identifier`, and their schemes."""


def pair_of(field: str, value: str) -> tuple[str, str]:
    """Return the row of `identifier`, (scheme, value), that a DOI or arXiv id of `paper` makes."""
    return doi_name(value) if field == "doi" else (SCHEMES[field], value)


def owner_of(connection: sqlite3.Connection, field: str, value: str) -> int | None:
    """Return the paper that a DOI (field `doi`) or arXiv id (`arxiv_id`) belongs to, or None."""
    row = connection.execute(
        "SELECT paper_id FROM identifier WHERE scheme = ? AND value = ?", pair_of(field, value)
    ).fetchone()
    return None if row is None else int(row[0])
