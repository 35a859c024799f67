"""Commands, each a process, beside a Python that imports what every command must."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

import timing
from library import PAPERTRAY, sample_tag
from measurement import Bar, Bench, Measurement
from papertray.store.papers import View

FLOOR = (sys.executable, "-c", "import click, sqlite3")


def measure(bench: Bench) -> Iterator[Measurement]:
    """Yield the medians of some commands, timed in turn with the floor."""
    with bench.copy.open() as notebook:
        starred = notebook.papers.ids(View.STARRED, limit=1)[0]
        title = notebook.papers.entry(starred).work.title
    key = str(starred)
    word = max(title.split(), key=len)
    kept = ("export", "--to", "bibtex", "--pile", "all", "--tag", sample_tag(1_000))
    lines: dict[str, list[tuple[str, ...]]] = {
        "list --limit 20": [("list", "--limit", "20")],
        "list WORD --limit 20": [("list", word, "--limit", "20")],
        "show KEY": [("show", key)],
        "move PILE KEY": [("move", "read", key), ("move", "starred", key)],
        "note KEY TEXT": [("note", key, "one more line")],
        "undo": [("undo",)],
        "export of 1,000 as BibTeX": [kept],
        "history": [("history",)],
    }
    environment = bench.copy.environment
    run = partial(_Turns, environment=environment)
    actions: list[Callable[[], object]] = [
        run([FLOOR]),
        *(run([(*PAPERTRAY, *arguments) for arguments in turns]) for turns in lines.values()),
    ]
    floor, *times = timing.in_turn(actions, rounds=3 * bench.rounds, warm_up=2)
    for name, taken in zip(lines, times, strict=True):
        yield Measurement(
            name,
            "ms",
            1e3 * timing.percentile(taken, 0.5),
            1e3 * timing.percentile(floor, 0.5),
            "import click, sqlite3",
            Bar(3.0, of_ratio=True) if name == "list --limit 20" else None,
        )


class _Turns:
    """Runs one of some commands with each call: a move has to go back and forth."""

    def __init__(self, commands: Sequence[Sequence[str]], environment: Mapping[str, str]) -> None:
        self._commands = commands
        self._environment = environment
        self._next = 0

    def __call__(self) -> None:
        command = self._commands[self._next % len(self._commands)]
        self._next += 1
        subprocess.run(
            command,
            env=dict(self._environment),
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
