"""The index: building it beside a bare writer, its memory and size, and following one change."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeAlias

import tantivy

import timing
from library import Library, size_of
from measurement import Bar, Bench, Better, Measurement
from papertray.notebook.notebook import Notebook
from papertray.store.index.documents import fetch_papers, paper_document
from papertray.store.index.opened import HEAP
from papertray.store.index.schema import open_index, schema
from papertray.store.journal import Origin
from papertray.store.papers import View

Fields: TypeAlias = dict[str, list[object]]
"""The values of a document, by field."""

SLAB = 100_000
"""Documents that the bare writer is given from memory at a time."""

CHANGES = 20


def measure(bench: Bench) -> Iterator[Measurement]:
    """Yield the rate, memory and size of a new index, and the time until a change is found."""
    yield from _building(bench)
    yield from _following(bench)


def _building(bench: Bench) -> Iterator[Measurement]:
    """Build an index of everything beside the present one, and one by a bare writer, in turn."""
    ours: list[tuple[float, int, int]] = []
    bare: list[float] = []
    for _ in range(max(1, bench.rounds // 2)):
        with _folder(bench.library) as folder:
            rate, peak = timing.run_apart(build, bench.library, folder)
            ours.append((rate, peak, size_of(folder)))
        with _folder(bench.library) as folder:
            bare.append(timing.run_apart(write_bare, bench.library, folder)[0])
    yield Measurement(
        "building the index",
        "documents/s",
        max(rate for rate, _, _ in ours),
        max(bare),
        "a bare writer, same fields, from memory",
        Bar(0.8, of_ratio=True),
        Better.MORE,
    )
    peak = max(peak for _, peak, _ in ours)
    yield Measurement("peak memory of building it", "MB", peak / 1e6, bar=Bar(700))
    yield Measurement("size of the index", "MB", ours[-1][2] / 1e6)


def build(library: Library, folder: Path) -> float:
    """Build the index of a library in a new cache; return documents a second."""
    started = time.perf_counter()
    with Notebook(replace(library.places, cache=folder), Origin.COMMAND) as notebook:
        documents = notebook.search.follow()
    return documents / (time.perf_counter() - started)


def write_bare(library: Library, folder: Path) -> float:
    """Write the papers' documents and nothing else; return documents a second.

    Making the documents' fields is not counted. Each slab is committed within its time, so that
    the library cannot catch up while nobody looks; only its merges go on.
    """
    documents, taken = 0, 0.0
    writer = open_index(folder / "bare", create=True).writer(HEAP, 1)
    with closing(sqlite3.connect(library.places.database)) as connection:
        for slab in _slabs(connection):
            taken += timing.seconds(partial(_write_slab, writer, slab))
            documents += len(slab)
    taken += timing.seconds(writer.wait_merging_threads)
    return documents / taken


def _slabs(connection: sqlite3.Connection) -> Iterator[list[Fields]]:
    ids = [found for (found,) in connection.execute("SELECT id FROM paper ORDER BY id")]
    for start in range(0, len(ids), SLAB):
        slab: list[Fields] = []
        for first in range(start, min(start + SLAB, len(ids)), 2_000):
            papers = fetch_papers(connection, ids[first : first + 2_000])
            slab += (paper_document(paper).to_dict() for paper in papers)
        yield slab


def _write_slab(writer: tantivy.IndexWriter, slab: list[Fields]) -> None:
    for fields in slab:
        writer.add_document(tantivy.Document.from_dict(fields, schema()))
    writer.commit()


def _following(bench: Bench) -> Iterator[Measurement]:
    """Save a note with a word of its own; time until a search finds it."""
    with bench.copy.open() as notebook:
        paper_id = notebook.papers.ids(View.STARRED, limit=1)[0]
        notebook.search.follow()
        times = [_seconds_until_found(notebook, paper_id, f"zq{n}x") for n in range(CHANGES)]
    for share, label in ((0.5, "p50"), (1.0, "longest")):
        taken = 1e3 * timing.percentile(times, share)
        yield Measurement(f"following one changed note until it is found, {label}", "ms", taken)


def _seconds_until_found(notebook: Notebook, paper_id: int, word: str) -> float:
    notebook.notes.save_main(paper_id, f"the word {word}")
    started = time.perf_counter()
    notebook.search.follow()
    found = notebook.search.search(word)
    taken = time.perf_counter() - started
    assert list(found.ids) == [paper_id]
    assert not found.notice
    return taken


@contextmanager
def _folder(library: Library) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="index-", dir=library.folder))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
