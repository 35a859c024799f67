"""Bringing the index up to the table `change`, and building it anew where that is not possible.

The database is the truth and knows nothing of the index. Each change of a text leaves a row in
`change`; the index holds, in the same commit as the documents, a checkpoint with the `seq` and
`nonce` of the last row it has followed. So a kill between the two commits only means that some
rows are followed again, and a database that was restored under the same path, even one that has
gone on since, is noticed: the row is missing or has another nonce. That row is never trimmed.
"""

from __future__ import annotations

import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

from papertray.store.conditions import json_list
from papertray.store.index.documents import (
    fetch_notes,
    fetch_papers,
    note_document,
    note_key,
    paper_document,
    paper_key,
)
from papertray.store.index.errors import IndexBroken, IndexBusy
from papertray.store.index.generations import Generations
from papertray.store.index.opened import IndexWriter, OpenIndex
from papertray.store.index.schema import VERSION, library_version

CHUNK = 2_000
"""Changes in one commit; papers fetched at once."""

Progress: TypeAlias = Callable[[int, int], None]
"""Called with how many documents of how many are done."""


class Follower:
    """Follows one database into one folder. Any thread may call anything.

    `present` takes some microseconds and never waits for `follow`, of which one runs at a time.
    """

    def __init__(self, folder: Path) -> None:
        """Keep the index under `folder`, which exists and can be written."""
        self.problem = ""
        self._generations = Generations(folder)
        self._opened: OpenIndex | None = None
        self._opening = threading.Lock()
        self._following = threading.Lock()
        self._stopped = threading.Event()

    def stop(self) -> None:
        """Make a `follow` that is running in another thread return soon."""
        self._stopped.set()

    def present(self, connection: sqlite3.Connection) -> OpenIndex | None:
        """Return the index if it belongs to this database, however far it has followed.

        None when there is none, or none that can be trusted: `follow` will build it.
        """
        with self._opening:
            index = self._refreshed(connection)
        if index is not None and is_known(connection, index.checkpoint):
            return index
        return None

    def follow(self, connection: sqlite3.Connection, progress: Progress | None = None) -> int:
        """Bring the index up to the database; return how many changes that took.

        Builds it where there is none to be trusted. 0 when nothing is to be done or another
        process is doing it. Never raises what the index raises: `problem` says it then.
        """
        with self._following:
            self.problem = ""
            for _ in range(2):  # once more, from the start, when the index breaks under us
                try:
                    index = self.present(connection)
                    built = 0
                    if index is None:
                        built = self._build(connection, progress or _no_progress)
                        index = self.present(connection)
                    return built if index is None else built + self._apply(connection, index)
                except IndexBusy:
                    return 0
                except (IndexBroken, OSError) as error:
                    self.problem = str(error)
                    self.distrust()
            return 0

    def distrust(self) -> None:
        """Forget the present index, in all processes: something was found wrong with it."""
        with self._opening:
            if self._opened is not None:
                self._generations.discard(self._opened.generation)
                self._opened = None

    def _refreshed(self, connection: sqlite3.Connection) -> OpenIndex | None:
        generation = self._generations.current()
        if generation is None:
            self._opened = None
            return None
        try:
            if self._opened is None or self._opened.generation != generation:
                self._opened = None
                if self._generations.epoch(generation) == _epoch(connection):
                    self._opened = OpenIndex(generation)
            else:
                self._opened.refresh()
        except IndexBroken as error:
            self.problem = str(error)
            self._generations.discard(generation)
            self._opened = None
        return self._opened

    def _apply(self, connection: sqlite3.Connection, index: OpenIndex) -> int:
        seq, _ = index.checkpoint
        if not pending(connection, seq, limit=1):
            return 0
        followed = 0
        with _writing(index) as writer:
            index.refresh()  # another process may have written until now
            seq, _ = index.checkpoint
            while not self._stopped.is_set() and (rows := pending(connection, seq, limit=CHUNK)):
                _follow_rows(connection, writer, rows)
                seq, _, _, nonce = rows[-1]
                writer.commit(seq, nonce)
                index.refresh()
                followed += len(rows)
        return followed

    def _build(self, connection: sqlite3.Connection, progress: Progress) -> int:
        with self._generations.building() as is_ours:
            # Another process may have finished while we looked.
            if not is_ours or self.present(connection) is not None:
                return 0
            # Read first: what changes from here on will be followed.
            last = connection.execute(
                "SELECT seq, nonce FROM change ORDER BY seq DESC LIMIT 1"
            ).fetchone() or (0, 0)
            generation = self._generations.new()
            try:
                done = self._fill(connection, generation, last, progress)
            except BaseException:
                shutil.rmtree(generation, ignore_errors=True)
                raise
            if self._stopped.is_set():
                shutil.rmtree(generation, ignore_errors=True)
                return 0
            self._generations.switch(generation, _epoch(connection))
            return done

    def _fill(
        self,
        connection: sqlite3.Connection,
        generation: Path,
        last: tuple[int, int],
        progress: Progress,
    ) -> int:
        total: int = connection.execute(
            "SELECT (SELECT count(*) FROM paper) + (SELECT count(*) FROM note)"
        ).fetchone()[0]
        done = 0
        with _writing(OpenIndex(generation, create=True)) as writer:
            for ids in _chunks(connection, "SELECT id FROM paper WHERE id > ? ORDER BY id LIMIT ?"):
                if self._stopped.is_set():
                    return done
                writer.replace((), map(paper_document, fetch_papers(connection, ids)))
                done += len(ids)
                progress(done, total)
            for ids in _chunks(connection, "SELECT id FROM note WHERE id > ? ORDER BY id LIMIT ?"):
                writer.replace((), map(note_document, fetch_notes(connection, ids)))
                done += len(ids)
                progress(done, total)
            writer.commit(*last)
        return done


def is_known(connection: sqlite3.Connection, checkpoint: tuple[int, int]) -> bool:
    """Return whether this database is the one, or has grown from the one, of a checkpoint."""
    seq, nonce = checkpoint
    if seq == 0:  # followed an empty database: every change since must still be there
        return bool(connection.execute("SELECT ifnull(min(seq), 1) = 1 FROM change").fetchone()[0])
    found = connection.execute("SELECT nonce FROM change WHERE seq = ?", (seq,)).fetchone()
    return found is not None and found[0] == nonce


def pending(
    connection: sqlite3.Connection, seq: int, *, limit: int
) -> list[tuple[int, str, int, int]]:
    """Return up to `limit` changes after `seq` as (seq, kind, ref, nonce), in order."""
    return connection.execute(
        "SELECT seq, kind, ref, nonce FROM change WHERE seq > ? ORDER BY seq LIMIT ?", (seq, limit)
    ).fetchall()


def touched(
    connection: sqlite3.Connection, rows: list[tuple[int, str, int, int]]
) -> tuple[set[int], set[int]]:
    """Return the ids of the papers and of the notes whose documents the changes make stale."""
    papers = {ref for _, kind, ref, _ in rows if kind == "paper"}
    notes = {ref for _, kind, ref, _ in rows if kind == "note"}
    owners = connection.execute(
        "SELECT DISTINCT paper_id FROM note WHERE paper_id IS NOT NULL"
        " AND id IN (SELECT value FROM json_each(?))",
        (json_list(notes),),
    )
    return papers | {paper for (paper,) in owners}, notes


def _follow_rows(
    connection: sqlite3.Connection, writer: IndexWriter, rows: list[tuple[int, str, int, int]]
) -> None:
    papers, notes = touched(connection, rows)
    # The texts may be newer than the change: then a later change says so once more.
    writer.replace(map(paper_key, papers), map(paper_document, fetch_papers(connection, papers)))
    writer.replace(map(note_key, notes), map(note_document, fetch_notes(connection, notes)))


@contextmanager
def _writing(index: OpenIndex) -> Iterator[IndexWriter]:
    writer = IndexWriter(index.index)
    try:
        yield writer
    finally:
        writer.close()


def _chunks(connection: sqlite3.Connection, statement: str) -> Iterator[list[int]]:
    last = -1
    while ids := [found for (found,) in connection.execute(statement, (last, CHUNK))]:
        yield ids
        last = ids[-1]


def _epoch(connection: sqlite3.Connection) -> dict[str, object]:
    found = connection.execute("SELECT value FROM meta WHERE name = 'epoch'").fetchone()
    return {
        "epoch": found[0] if found else "",
        "schema": VERSION,
        "tantivy": library_version(),
    }


def _no_progress(done: int, total: int) -> None:
    pass
