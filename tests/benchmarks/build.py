"""Build the library that the benchmarks measure.

``python tests/benchmarks/build.py [--papers 1000000] [--seed 7] [--corpus FILE] FOLDER``

Writes the papers as JSON Lines, adds them through ``papertray add -``, decides about them, writes
notes and tags, adds three feeds that tell of known papers, builds the index, and puts title,
abstract and authors into an FTS5 table for comparison. What is there already is left alone, so a
build that was broken off goes on. A million papers take about 15 minutes and 9 GB.
"""

from __future__ import annotations

import argparse
import json
import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import corpus
import timing
from library import PAPERTRAY, SAMPLES, Library, sample_tag
from papertray.core.model import Pile
from papertray.store.papers import View

SHARES = {Pile.SKIP: 0.30, Pile.READ: 0.07, Pile.STARRED: 0.02}
"""How much of a library lies in each pile; the rest waits in the inbox."""

BATCH = 50_000
"""Papers decided at once."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A finished stage: its seconds, and the peak of its memory in bytes where it was seen."""

    name: str
    seconds: float
    peak: int


class Builder:
    """Builds one library, stage by stage; remembers which are done."""

    def __init__(self, library: Library, papers: int, seed: int, source: Path | None) -> None:
        """Build `papers` papers from the corpus `source`, or made-up ones. Raises `SystemExit`."""
        self.library = library
        self.papers = papers
        self.seed = seed
        self.source = source
        wanted = {"papers": papers, "seed": seed, "corpus": source is not None}
        found = library.facts()
        present = {name: found.get(name) for name in wanted}
        if found and present != wanted:
            raise SystemExit(f"{library.folder} holds {present}; choose another folder.")
        stages = found.get("stages", {})
        assert isinstance(stages, dict)
        self._facts: dict[str, object] = {**wanted, "stages": stages}
        self._done: dict[str, object] = stages

    def build(self, *, only_tray: bool = False) -> Iterator[Stage]:
        """Do what is not done yet; yield each stage when it is. `only_tray` decides nothing."""
        self.library.folder.mkdir(parents=True, exist_ok=True)
        for name, work in self._stages(only_tray):
            if name in self._done:
                continue
            started = time.perf_counter()
            peak = work()
            stage = Stage(name, time.perf_counter() - started, peak or 0)
            self._done[name] = {"seconds": stage.seconds, "peak": stage.peak}
            self.library.facts_file.write_text(json.dumps(self._facts, indent=1), encoding="utf-8")
            yield stage

    def _stages(self, only_tray: bool) -> Iterator[tuple[str, Callable[[], int | None]]]:
        yield "JSON Lines", self._write_lines
        yield "add", self._add
        if not only_tray:
            yield "feeds", self._add_feeds
            yield "decide", self._decide
            yield "tags", self._tag
            yield "notes", self._write_notes
        yield "index", self._index
        if not only_tray:
            yield "FTS5", self._build_fts

    def _write_lines(self) -> None:
        texts = corpus.read_corpus(self.source) if self.source else corpus.made_up_corpus()
        corpus.write_lines(self.library.lines, corpus.papers(texts, self.papers, self.seed))

    def _add(self) -> int:
        with self.library.lines.open("rb") as lines:
            command = (*PAPERTRAY, "add", "-", "--from", "jsonl")
            return timing.run_process(command, self.library.environment, lines).peak

    def _add_feeds(self) -> None:
        """Three feeds tell of papers that are known from the first one."""
        for number in range(3):
            feed = self.library.folder / f"nightly-{number}.jsonl"
            with self.library.lines.open("rb") as lines:
                feed.write_bytes(b"".join(islice(lines, number, self.papers // 25, 4)))
            timing.run_process((*PAPERTRAY, "add", str(feed)), self.library.environment)
            feed.unlink()

    def _decide(self) -> None:
        with self.library.open() as notebook:
            ids = self._shuffled()
            for pile, share in SHARES.items():
                chosen, ids = _cut(ids, int(self.papers * share))
                for part in _parts(chosen):
                    notebook.papers.move(part, pile)
                if pile is Pile.READ:
                    notebook.papers.set_done(chosen[: len(chosen) * 3 // 4])

    def _tag(self) -> None:
        with self.library.open() as notebook:
            for size in SAMPLES:
                if size <= self.papers // 5:
                    notebook.papers.change_tags(self._shuffled(size)[:size], add=[sample_tag(size)])
            for number in range(20):
                chosen = self._shuffled(number)[: self.papers // 500]
                notebook.papers.change_tags(chosen, add=[f"topic-{number}"])

    def _write_notes(self) -> None:
        with self.library.open() as notebook:
            kept = [*notebook.papers.ids(View.STARRED), *notebook.papers.ids(View.READ)]
            for number, paper_id in enumerate(kept[: max(self.papers // 100, 10)]):
                abstract = notebook.papers.entry(paper_id).work.abstract
                notebook.notes.save_main(paper_id, f"# Note {number}\n\n{abstract[:300]}\n")

    def _index(self) -> int:
        return timing.run_apart(follow, self.library)[1]

    def _build_fts(self) -> None:
        build_fts(self.library)

    def _shuffled(self, salt: int = 0) -> list[int]:
        with closing(sqlite3.connect(self.library.places.database)) as connection:
            ids = [found for (found,) in connection.execute("SELECT id FROM paper ORDER BY id")]
        random.Random(f"{self.seed} {salt}").shuffle(ids)
        return ids


def follow(library: Library) -> int:
    """Bring the index of a library up to its tray; return how many changes that took."""
    with library.open() as notebook:
        followed = total = notebook.search.follow()
        while followed:
            followed = notebook.search.follow()
            total += followed
        return total


def build_fts(library: Library) -> None:
    """Put the papers into an FTS5 table: stemmed, prefixes of 2 and 3 letters, no text kept.

    The row ids are the papers' numbers in the JSON Lines, from 1.
    """
    library.fts.unlink(missing_ok=True)
    with closing(sqlite3.connect(library.fts)) as connection, connection:
        connection.execute(
            "CREATE VIRTUAL TABLE papers USING fts5(title, abstract, authors, content='',"
            " tokenize='porter unicode61', prefix='2 3')"
        )
        connection.executemany(
            "INSERT INTO papers(rowid, title, abstract, authors) VALUES (?, ?, ?, ?)",
            _fts_rows(library.lines),
        )
        connection.execute("INSERT INTO papers(papers) VALUES ('optimize')")


def _fts_rows(path: Path) -> Iterator[tuple[int, str, str, str]]:
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            fields = json.loads(line)
            yield number, fields["title"], fields["abstract"], "\n".join(fields["authors"])


def _cut(ids: list[int], number: int) -> tuple[list[int], list[int]]:
    return ids[:number], ids[number:]


def _parts(ids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]


def build_tray(folder: Path, papers: int, seed: int = 7, source: Path | None = None) -> Library:
    """Build only a tray with its index, all in the inbox, unless it is there."""
    library = Library(folder)
    for _ in Builder(library, papers, seed, source).build(only_tray=True):
        pass
    return library


def main() -> None:
    """Build what the command line asks for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--papers", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--corpus", type=Path, help="JSON Lines of real papers; else made-up ones")
    asked = parser.parse_args()
    source = asked.corpus or corpus.find_corpus()
    print(f"{asked.papers:,} papers from {source.name if source else 'made-up text'}", flush=True)
    library = Library(asked.folder.resolve())
    for stage in Builder(library, asked.papers, asked.seed, source).build():
        peak = f", {stage.peak / 1e6:.0f} MB at its peak" if stage.peak else ""
        print(f"{stage.name:<12}{stage.seconds:8.1f} s{peak}", flush=True)


if __name__ == "__main__":
    main()
