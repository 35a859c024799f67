"""Bringing the index up to the table `change`, and building it anew where that is not possible.

The database is the truth and knows nothing of the index. Each change of a text leaves a row in
`change`; the index holds, in the same commit as the documents, a checkpoint with the `seq` and
`nonce` of the last row it has followed. So a kill between the two commits only means that some
rows are followed again, and a database that was restored under the same path, even one that has
gone on since, is noticed: the row is missing or has another nonce.

`change` is never trimmed. Its rows take 27 bytes each, 1.4 % of a tray of papers with abstracts;
kept, they let every index of this tray follow, however far behind it is and whoever made it.
"""

from __future__ import annotations

import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeAlias

from papertray.store.conditions import json_list
from papertray.store.index.checksums import is_intact
from papertray.store.index.documents import (
    fetch_notes,
    fetch_papers,
    note_document,
    note_key,
    notes_after,
    paper_document,
    paper_key,
    papers_after,
)
from papertray.store.index.errors import IndexBroken, IndexBusy, index_errors
from papertray.store.index.generations import Generations
from papertray.store.index.opened import IndexWriter, OpenIndex
from papertray.store.index.schema import VERSION, library_version

CHUNK = 2_000
"""Changes in one commit; papers fetched at once."""

ROOM = 64 << 20
"""Bytes that must fit on the disk for a failed write to be the index's fault and not the disk's."""

Progress: TypeAlias = Callable[[int, int], None]
"""Called with how many documents of how many are done."""


class _Stopped(Exception):
    """`Follower.stop` was called."""


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
        self._checked: set[str] = set()

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

    def follow(
        self,
        connection: sqlite3.Connection,
        progress: Progress | None = None,
        *,
        anew: bool = False,
    ) -> int:
        """Bring the index up to the database; return how many changes that took.

        Builds it where there is none to be trusted, or where `anew` asks for it. 0 when nothing
        is to be done or another process is doing it. Never raises what the index raises:
        `problem` says it then, in a sentence.
        """
        with self._following:
            self.problem = ""
            try:
                return self._follow(connection, progress or _no_progress, anew=anew)
            except _Stopped:
                return 0
            except IndexBusy:
                if anew:
                    self.problem = "Another process is building the search index already."
                return 0
            except (IndexBroken, OSError) as error:
                self.problem = self._sentence(error)
                return 0

    def check(self, connection: sqlite3.Connection) -> str:
        """Return what is damaged in the index, in a sentence; empty when nothing is.

        Each file is read once in the life of a process: files never change. A damaged index is
        forgotten, so that `follow` builds another one. What a killed process left is removed.
        """
        with self._following:
            index = self.present(connection)
            if index is None:
                return ""
            self._tidy()
            try:
                damage = self._damage(connection, index)
            except (IndexBroken, OSError) as error:
                damage = f"The search index cannot be read ({error}); it is built anew."
            if not damage or self._generations.current() != index.generation:
                return ""  # also where another process put a new one in its place meanwhile
            self.distrust()
            return damage

    def _tidy(self) -> None:
        with suppress(OSError), self._generations.building() as is_ours:
            if is_ours:
                self._generations.remove_others(self._generations.current())

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
        except IndexBroken:
            self._generations.discard(generation)
            self._opened = None
        return self._opened

    def _damage(self, connection: sqlite3.Connection, index: OpenIndex) -> str:
        for path in index.files():
            if self._stopped.is_set():
                return ""
            if path.name in self._checked:
                continue
            try:
                if not is_intact(path):
                    return f"The file {path} of the search index is damaged; it is built anew."
            except FileNotFoundError:  # merged away by another process; or missed when opened
                continue
            self._checked.add(path.name)
        if not _is_complete(connection, index):
            return "The search index holds other papers than the tray; it is built anew."
        return ""

    def _follow(self, connection: sqlite3.Connection, progress: Progress, *, anew: bool) -> int:
        index = None if anew else self.present(connection)
        if index is not None:
            try:
                return self._apply(connection, index, progress)
            except IndexBroken:
                if not self._generations.has_room(ROOM):
                    raise  # the index is as it was at its last commit
                self.distrust()
        built = self._build(connection, progress, anew=anew)
        index = self.present(connection)
        return built if index is None else built + self._apply(connection, index, progress)

    def _apply(self, connection: sqlite3.Connection, index: OpenIndex, progress: Progress) -> int:
        seq, _ = index.checkpoint
        if not pending(connection, seq, limit=1):
            return 0
        followed = 0
        with _writing(index) as writer:
            index.refresh()  # another process may have written until now
            seq, _ = index.checkpoint
            while rows := pending(connection, seq, limit=CHUNK):
                self._go_on()
                _follow_rows(connection, writer, rows)
                seq, _, _, nonce = rows[-1]
                writer.commit(seq, nonce)
                index.refresh()
                followed += len(rows)
                if len(rows) == CHUNK:
                    progress(followed, followed + number_pending(connection, seq))
        return followed

    def _build(self, connection: sqlite3.Connection, progress: Progress, *, anew: bool) -> int:
        with self._generations.building() as is_ours:
            if not is_ours:
                raise IndexBusy
            # Another process may have finished while we looked.
            if not anew and self.present(connection) is not None:
                return 0
            self._generations.remove_others(self._generations.current())
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
            self._generations.switch(generation, _epoch(connection))
            return done

    def _fill(
        self,
        connection: sqlite3.Connection,
        generation: Path,
        last: tuple[int, int],
        progress: Progress,
    ) -> int:
        total = number_of_documents(connection)
        done = 0
        with _writing(OpenIndex(generation, create=True)) as writer:
            newest = -1
            while papers := papers_after(connection, newest, CHUNK):
                self._go_on()
                writer.replace((), map(paper_document, papers))
                newest = papers[-1].id
                done += len(papers)
                progress(done, max(total, done))
            newest = -1
            while notes := notes_after(connection, newest, CHUNK):
                self._go_on()
                writer.replace((), map(note_document, notes))
                newest = notes[-1].id
                done += len(notes)
                progress(done, max(total, done))
            writer.commit(*last)
        return done

    def _sentence(self, error: Exception) -> str:
        answering = "searches are answered from the database"
        if not self._generations.has_room(ROOM):
            folder = self._generations.folder
            return f"There is no room for the search index on the disk of {folder}; {answering}."
        reason = " ".join(str(error).split()).rstrip(".")
        return f"The search index could not be written ({reason}); {answering}."

    def _go_on(self) -> None:
        if self._stopped.is_set():
            raise _Stopped


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


def number_pending(connection: sqlite3.Connection, seq: int) -> int:
    """Return how many changes there are after `seq`."""
    counted = connection.execute("SELECT count(*) FROM change WHERE seq > ?", (seq,))
    return int(counted.fetchone()[0])


def number_of_documents(connection: sqlite3.Connection) -> int:
    """Return how many papers and live notes an index of the whole tray holds."""
    return int(connection.execute(f"SELECT {_DOCUMENTS}").fetchone()[0])


_DOCUMENTS = "(SELECT count(*) FROM paper) + (SELECT count(*) FROM note WHERE revision IS NOT NULL)"


def _is_complete(connection: sqlite3.Connection, index: OpenIndex) -> bool:
    """Compare the number of documents, where the index has followed everything.

    Finds what no checksum covers: a damaged list of the files.
    """
    searcher, (seq, _) = index.view()
    with index_errors():
        held = searcher.num_docs - 1  # without the checkpoint
    last, documents = connection.execute(
        f"SELECT (SELECT ifnull(max(seq), 0) FROM change), {_DOCUMENTS}"
    ).fetchone()
    return bool(last != seq or held == documents)


@contextmanager
def _writing(index: OpenIndex) -> Iterator[IndexWriter]:
    writer = IndexWriter(index.index)
    try:
        yield writer
    except BaseException:
        writer.abandon()
        raise
    writer.close()


def _epoch(connection: sqlite3.Connection) -> dict[str, object]:
    found = connection.execute("SELECT value FROM meta WHERE name = 'epoch'").fetchone()
    return {
        "epoch": found[0] if found else "",
        "schema": VERSION,
        "tantivy": library_version(),
    }


def _no_progress(done: int, total: int) -> None:
    pass
