"""Files of the user's own folders that were read: the same content is not read twice.

What lies in such a folder stays there, so the tray has to remember it. A mark stands for a file as
it was: its signature, which tells without reading it that nothing changed, and a hash of what is
in it, for when only the signature did.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SeenFile:
    """A file that was read: its path within the folder, `mark`, and why it failed, if it did."""

    path: str
    mark: str
    failure: str = ""


def seen_files(connection: sqlite3.Connection, feed_id: int) -> dict[str, SeenFile]:
    """Return the files of a feed's folder that were read, by path."""
    rows = connection.execute(
        "SELECT path, digest, failure FROM seen_file WHERE feed_id = ?", (feed_id,)
    )
    return {path: SeenFile(path, mark, failure) for path, mark, failure in rows}


def remember(
    connection: sqlite3.Connection, feed_id: int, files: Iterable[SeenFile], at: str
) -> None:
    """Remember files of a feed's folder that were read at the instant `at`."""
    connection.executemany(
        "INSERT INTO seen_file(feed_id, path, digest, at, failure) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET digest = excluded.digest, at = excluded.at,"
        " failure = excluded.failure",
        ((feed_id, file.path, file.mark, at, file.failure) for file in files),
    )
