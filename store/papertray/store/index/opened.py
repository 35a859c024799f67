"""An open generation of the index: reading it, and writing to it safely."""

from __future__ import annotations

import json
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
        self._files = generation / "files"
        self.index = open_index(self._files, create=create)
        self.checkpoint = (0, 0)
        self._lock = threading.Lock()
        self._meta = b""
        if not create:
            self.refresh()

    def refresh(self) -> None:
        """See the commits of this and other processes; does nothing when there were none."""
        with self._lock, index_errors():
            # Two commits may leave a file of the same size, time and number; never the same text.
            meta = (self._files / "meta.json").read_bytes()
            if meta != self._meta:
                self.index.reload()
                self.checkpoint = _checkpoint(self.index.searcher())
                self._meta = meta

    def files(self) -> list[Path]:
        """Return the files of the present commit that end in a checksum, missing ones left out.

        They never change; others that lie beside them may still be written by another process.
        """
        with self._lock, index_errors():
            deletes = {}
            for segment in json.loads(self._meta)["segments"]:
                name = segment["segment_id"].replace("-", "")
                deletes[name] = segment["deletes"] and f"{segment['deletes']['opstamp']}.del"
            found = []
            for path in sorted(self._files.iterdir()):
                name, _, kind = path.name.partition(".")
                if name in deletes and (not kind.endswith("del") or kind == deletes[name]):
                    found.append(path)
            return found

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
    was not committed is gone with `close` or `abandon`.
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
        """Let running merges end and give the lock back. Never raises what the index raises.

        Merges take a small part of the time that their documents took to write.
        """
        writer, self._writer = self._writer, None
        if writer is not None:
            with suppress(IndexBroken), index_errors():
                writer.wait_merging_threads()

    def abandon(self) -> None:
        """Give the lock back at once. What is running comes to nothing."""
        self._writer = None
