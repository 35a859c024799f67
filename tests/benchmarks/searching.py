"""Searching: within piles as one types, and over all of them beside FTS5 and ripgrep."""

from __future__ import annotations

import json
import random
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial

from library import SAMPLES, Library, sample_tag
from measurement import Bar, Bench, Measurement, latencies
from papertray.core.model import Pile
from papertray.notebook.notebook import Notebook
from timing import in_turn, percentile, seconds

ROWS = 50
QUERIES = 40
"""Queries of each kind."""

WARM_UP = 20
_WORD = re.compile(r"[a-z]{4,}")


@dataclass(frozen=True, slots=True)
class Question:
    """One query as papertray and as FTS5 understand it. `typing` makes its last word a prefix."""

    ours: str
    fts: str
    typing: bool = False


def measure(bench: Bench) -> Iterator[Measurement]:
    """Yield latencies within piles of many sizes, then those over all beside other engines."""
    questions = make_questions(bench.library)
    with bench.library.open() as notebook:
        yield from _within_piles(notebook, questions)
        if bench.library.fts.exists():
            yield from _beside_fts(bench.library, notebook, questions)
        if shutil.which("rg"):
            yield _beside_ripgrep(bench.library, notebook, questions["one word"])


def make_questions(library: Library, seed: int = 11) -> dict[str, list[Question]]:
    """Return queries by kind, taken from titles of the library, the same for one seed."""
    chance = random.Random(seed)
    titles = _titles(library, chance, 5_000)
    words = [word for title in titles for word in title if len(word) > 6]
    runs = [title for title in titles if len(title) >= 3]
    kinds: dict[str, list[Question]] = {
        "one word": [Question(w, f'"{w}"') for w in chance.sample(words, QUERIES)]
    }
    for length in range(1, 6):
        prefixes = [word[:length] for word in chance.sample(words, QUERIES // 4)]
        name = f"prefix of {length} letter{'s' if length > 1 else ''}"
        kinds[name] = [Question(p, f"{p}*", typing=True) for p in prefixes]
    chosen = chance.sample(runs, QUERIES)
    kinds["two words, last a prefix"] = [
        Question(f"{a} {b[:4]}", f"{a} {b[:4]}*", typing=True) for a, b, *_ in chosen
    ]
    kinds["three words"] = [Question(f"{a} {b} {c}", f"{a} {b} {c}") for a, b, c, *_ in chosen]
    kinds["phrase"] = [Question(f'"{a} {b}"', f'"{a} {b}"') for a, b, *_ in chosen]
    return kinds


def _titles(library: Library, chance: random.Random, number: int) -> list[list[str]]:
    with library.lines.open("rb") as lines:
        first = [json.loads(line)["title"] for line, _ in zip(lines, range(50_000), strict=False)]
    return [_WORD.findall(title.lower()) for title in chance.sample(first, min(number, len(first)))]


def _within_piles(notebook: Notebook, kinds: dict[str, list[Question]]) -> Iterator[Measurement]:
    """Search and fetch the rows of a screen, as the list does with each key."""
    asked = [question for questions in kinds.values() for question in questions]
    random.Random(3).shuffle(asked)
    counts = notebook.papers.counts()
    piles = {Pile.INBOX: counts.inbox, Pile.SKIP: counts.skip, Pile.STARRED: counts.starred}
    scopes: list[tuple[int, str, Callable[[Question], object]]] = [
        (size, f"pile {pile}", partial(_show, notebook, pile, None)) for pile, size in piles.items()
    ]
    tagged = dict(notebook.papers.tags())
    for size in SAMPLES:
        if (tag := sample_tag(size)) in tagged:
            scopes.append((size, "a tag", partial(_show, notebook, None, tag)))
    read = len(notebook.search.search("pile:read", limit=None).ids)
    scopes.append((read, "pile read", partial(_show, notebook, Pile.READ, None)))
    for question in asked[:WARM_UP]:
        _show(notebook, None, None, question)
    for size, name, show in sorted(scopes, key=lambda scope: scope[0]):
        times = [seconds(partial(show, question)) for question in asked]
        median = 10.0 if size <= 1_000 or size >= 10_000 else 25.0
        yield from latencies(f"typing in {name} of {size:,}", times, p50=median, p99=50.0)
    times = [seconds(partial(_show, notebook, None, None, question)) for question in asked]
    yield from latencies(f"typing in all of {notebook.papers.number():,}", times, p50=10, p99=50)


def _show(notebook: Notebook, pile: Pile | None, tag: str | None, question: Question) -> None:
    hits = notebook.search.search(question.ours, typing=True, pile=pile, tag=tag, limit=ROWS)
    notebook.papers.rows(hits.ids)


def _beside_fts(
    library: Library, notebook: Notebook, kinds: dict[str, list[Question]]
) -> Iterator[Measurement]:
    """The 50 best over all piles, ids only, from both in turn."""
    with closing(sqlite3.connect(library.fts)) as fts:
        fts.execute("PRAGMA mmap_size = 4000000000")
        fts.execute("PRAGMA query_only = ON")
        for kind, questions in kinds.items():
            ours: list[float] = []
            floor: list[float] = []
            for number, question in enumerate((*questions[:3], *questions)):
                taken = in_turn(
                    (partial(_find, notebook, question), partial(_find_in_fts, fts, question.fts)),
                    rounds=1,
                    warm_up=0,
                )
                if number >= 3:
                    ours += taken[0]
                    floor += taken[1]
            wanted = Bar(0.1, of_ratio=True) if kind.startswith(("one", "prefix")) else None
            for share, label in ((0.5, "p50"), (0.99, "p99")):
                yield Measurement(
                    f"{kind}, all piles, {label}",
                    "ms",
                    1e3 * percentile(ours, share),
                    1e3 * percentile(floor, share),
                    "FTS5 bm25",
                    wanted if label == "p50" else None,
                )


def _find(notebook: Notebook, question: Question) -> None:
    notebook.search.search(question.ours, typing=question.typing, limit=ROWS)


def _find_in_fts(connection: sqlite3.Connection, text: str) -> None:
    connection.execute(
        "SELECT rowid FROM papers WHERE papers MATCH ? AND rank MATCH 'bm25(3.0, 1.0, 2.0)'"
        " ORDER BY rank LIMIT ?",
        (text, ROWS),
    ).fetchall()


def _beside_ripgrep(library: Library, notebook: Notebook, questions: list[Question]) -> Measurement:
    """Ripgrep counts matching lines, unranked; its file is in the cache of the system."""
    ours: list[float] = []
    floor: list[float] = []
    for question in questions[:6]:
        command = ["rg", "--count", "--ignore-case", "--word-regexp", question.ours, library.lines]
        search = partial(subprocess.run, command, stdout=subprocess.DEVNULL, check=False)
        found, grepped = in_turn((partial(_find, notebook, question), search), rounds=2)
        ours += found
        floor += grepped
    return Measurement(
        "one word, all piles, p50 beside ripgrep",
        "ms",
        1e3 * percentile(ours, 0.5),
        1e3 * percentile(floor, 0.5),
        "ripgrep over JSON Lines",
    )
