"""Of a tray's files: those that are gone, and those in its folder that belong to no paper.

Neither is harm: a disk may not be plugged in, and what an undo took off a paper is still its
owner's. So it is told, and nothing is mended.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice

from papertray.store.doctor import MOST, Finding
from papertray.store.file_folder import FileFolder


def findings(connection: sqlite3.Connection, folder: FileFolder) -> Iterator[Finding]:
    """Yield what is to be told of the files of a tray; nothing where its tables are damaged."""
    for find in (_gone, _stray):
        found: list[str] = []
        with suppress(sqlite3.DatabaseError):  # told by those who look at the tables
            found = list(islice(find(connection, folder), MOST + 1))
        yield from (Finding(sentence, is_harm=False) for sentence in found[:MOST])
        if len(found) > MOST:
            yield Finding("There is more like this (files).", is_harm=False)


def _gone(connection: sqlite3.Connection, folder: FileFolder) -> Iterator[str]:
    """Yield the files that papers have and that are not there."""
    rows = connection.execute(
        "SELECT a.paper_id, a.path FROM attachment a JOIN standing s USING (paper_id)"
        " WHERE s.removed IS NULL ORDER BY a.id"
    )
    for paper_id, told in rows:
        path = folder.resolved(told)
        # What another program told relative to a folder of its own is not looked for.
        if os.path.isabs(path) and not os.path.exists(path):
            yield f"The file {path} of paper {paper_id} is not there."


def _stray(connection: sqlite3.Connection, folder: FileFolder) -> Iterator[str]:
    """Yield the files in the tray's folder that belong to no paper."""
    known = {path for (path,) in connection.execute("SELECT DISTINCT path FROM attachment")}
    for name in folder.names():
        if name not in known:
            yield f"The file {folder.resolved(name)} belongs to no paper; delete it or attach it."
