"""An open generation of the index: reading it, and writing to it safely."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import tantivy

from papertray.store.index.documents import checkpoint_document
from papertray.store.index.errors import IndexBroken, index_errors
from papertray.store.index.schema import CHECKPOINT, open_index, schema

HEAP = 64_000_000
"""Bytes of the writer. A second thread or a larger heap was measured to bring nothing."""


class OpenIndex:
    """One generation, open for reading from any thread. Everything raises `IndexBroken`."""

    def __init__(self, generation: Path, *, create: bool = False) -> None:
        """Open the files of `generation`, or make them."""
        self.generation = generation
        self.index = open_index(generation / "files", create=create)
        self.checkpoint = (0, 0)
        self._lock = threading.Lock()
        self._state: tuple[int, int, int] | None = None
        if not create:
            self.refresh()

    def refresh(self) -> None:
        """See the commits of this and other processes; does nothing when there were none."""
        with self._lock, index_errors():
            found = (self.generation / "files" / "meta.json").stat()
            state = (found.st_mtime_ns, found.st_size, found.st_ino)
            if state != self._state:
                self.index.reload()
                self.checkpoint = _checkpoint(self.index.searcher())
                self._state = state

    def view(self) -> tuple[tantivy.Searcher, tuple[int, int]]:
        """Return the index as it was at the last `refresh`, with its checkpoint."""
        with self._lock, index_errors():
            return self.index.searcher(), self.checkpoint


def _checkpoint(searcher: tantivy.Searcher) -> tuple[int, int]:
    query = tantivy.Query.term_query(schema(), "key", CHECKPOINT)
    addresses = [address for _, address in searcher.search(query, limit=2, count=False).hits]
    if len(addresses) != 1:
        raise IndexBroken(f"{len(addresses)} checkpoints")
    (seq,), (nonce,) = (searcher.fast_field_values(name, addresses) for name in ("seq", "nonce"))
    if seq is None or nonce is None:
        raise IndexBroken("an empty checkpoint")
    return int(seq), int(nonce)


class IndexWriter:
    """The one writer of an index. Raises `IndexBusy` when there is another, else `IndexBroken`.

    The library's own context manager commits even when its body raised, so this is none: what
    was not committed is gone with `close`.
    """

    def __init__(self, index: tantivy.Index) -> None:
        """Take the lock of `index`."""
        with index_errors():
            self._writer: tantivy.IndexWriter | None = index.writer(HEAP, 1)

    def replace(self, keys: Iterable[str], documents: Iterable[tantivy.Document]) -> None:
        """Remove what has one of `keys` and add `documents`."""
        writer = self._writer
        assert writer is not None
        keys, documents = list(keys), list(documents)  # their errors are not the index's
        with index_errors():
            for key in keys:
                writer.delete_documents_by_term("key", key)
            for document in documents:
                writer.add_document(document)

    def commit(self, seq: int, nonce: int) -> None:
        """Make all that was done since the last commit present, together with its checkpoint."""
        self.replace([CHECKPOINT], [checkpoint_document(seq, nonce)])
        assert self._writer is not None
        with index_errors():
            self._writer.commit()

    def close(self) -> None:
        """Let running merges end and give the lock back. Never raises what the index raises."""
        writer, self._writer = self._writer, None
        if writer is not None:
            with suppress(IndexBroken), index_errors():
                writer.wait_merging_threads()
