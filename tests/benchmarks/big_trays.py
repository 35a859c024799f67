"""Trays of any size for benchmarks: made-up papers, always the same for one seed."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Iterator
from io import BufferedReader, RawIOBase
from pathlib import Path
from typing import cast

from papertray.notebook.notebook import Notebook
from papertray.store.journal import Origin
from papertray.store.places import Places

_SYLLABLES = "ba ce di fo gu la me ni po ru sta tren vil kor zan".split()


def places_in(folder: Path) -> Places:
    """Return the places that the command line uses with `environment_in`."""
    from papertray.store.places import find_places

    return find_places(None, environment_in(folder))


def environment_in(folder: Path) -> dict[str, str]:
    """Return an environment in which everything of papertray lies in a folder."""
    names = {"TRAY": "tray", "CACHE": "cache", "STATE": "state", "CONFIG": "config"}
    ours = {f"PAPERTRAY_{name}": str(folder / part) for name, part in names.items()}
    return {**os.environ, **ours}


def lines(papers: int, seed: int = 7) -> Iterator[bytes]:
    """Yield records as JSON Lines; words are as unevenly spread as in a language."""
    chance = random.Random(seed)
    vocabulary = ["".join(chance.choices(_SYLLABLES, k=chance.randint(2, 4))) for _ in range(20000)]
    weights = [1 / (rank + 3) for rank in range(len(vocabulary))]
    cumulative = list(_running_sum(weights))
    for number in range(papers):
        words = chance.choices(vocabulary, cum_weights=cumulative, k=110)
        record = {
            "title": f"{' '.join(words[:9]).capitalize()} {number}",
            "abstract": " ".join(words[9:]).capitalize() + ".",
            "authors": [f"{words[10].capitalize()} {words[11].capitalize()}", "Bo Writer"],
            "year": 2000 + number % 26,
            "arxiv_id": f"{2000 + number // 100000:04d}.{number % 100000:05d}",
        }
        yield json.dumps(record).encode() + b"\n"


def _running_sum(values: list[float]) -> Iterator[float]:
    total = 0.0
    for value in values:
        total += value
        yield total


class _Stream(RawIOBase):
    """Gives an iterator of lines as a stream, so that no million is ever in memory."""

    def __init__(self, source: Iterator[bytes]) -> None:
        self._source = source
        self._rest = b""

    def readable(self) -> bool:
        return True

    # The buffer's type has no name in the standard library's own stubs.
    def readinto(self, buffer) -> int:  # type: ignore[no-untyped-def]
        while not self._rest:
            line = next(self._source, None)
            if line is None:
                return 0
            self._rest = line
        piece, self._rest = self._rest[: len(buffer)], self._rest[len(buffer) :]
        buffer[: len(piece)] = piece
        return len(piece)


def stream(papers: int, seed: int = 7) -> BufferedReader:
    """Return a stream of `papers` records."""
    return BufferedReader(cast(RawIOBase, _Stream(lines(papers, seed))), buffer_size=1 << 20)


def make_tray(folder: Path, papers: int) -> None:
    """Make a tray with made-up papers and its index, unless it is there."""
    with Notebook(places_in(folder), Origin.COMMAND) as notebook:
        if notebook.papers.counts().inbox < papers:
            notebook.feeds.add(["-"], stream(papers))
        while notebook.search.follow():
            pass
