"""Feeds on stdout: as a table, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, TypeAlias

from papertray.cli import output
from papertray.cli.formats import json_text
from papertray.core.clean import clean
from papertray.core.clock import ago
from papertray.core.model import Json

if TYPE_CHECKING:
    from papertray.core.subscriptions import FeedState, Subscription
    from papertray.store.subscriptions import FeedCounts

    Line: TypeAlias = tuple[Subscription, FeedState, FeedCounts]

_HEADER = ("name", "inbox", "papers", "fetched", "expire", "tags", "location")
_MOST = (17, 6, 7, 12, 6, 14)  # cells of all but the last


def as_table(found: Sequence[Line], now: datetime) -> Iterator[str]:
    """Yield aligned columns for a terminal, tab-separated ones, nothing cut, for a pipe.

    On a terminal a feed that failed last has the reason in a line of its own, in a pipe in the last
    column. `now` is what times are told from.
    """
    rows = [_row(line, now) for line in found]
    if not output.is_terminal():
        for row, (_, state, _) in zip(rows, found, strict=True):
            yield "\t".join(map(clean, (*row, state.failure)))
        return
    if not rows:
        return
    shown = [name if any(row[n] for row in rows) else "" for n, name in enumerate(_HEADER)]
    numbers = [_right(row) for row in rows]
    lines = output.layout([_right(shown), *numbers], _MOST, output.width())
    yield output.dimmed(lines[0])
    for line, (_, state, _) in zip(lines[1:], found, strict=True):
        yield line
        if state.failure:
            told = f"  failed {ago(state.failed, now)}: {clean(state.failure)}"
            yield output.dimmed(output.fit(told, output.width()).rstrip())


def _row(line: Line, now: datetime) -> tuple[str, ...]:
    one, state, counts = line
    return (
        one.name,
        f"{counts.inbox:,}",
        f"{counts.papers:,}",
        "watched" if one.kind == "folder" else ago(state.fetched, now),
        f"{one.expire}d" if one.expire else "",
        ", ".join(one.tags),
        one.location,
    )


def _right(row: Sequence[str]) -> list[str]:
    """Return the cells of a row, harmless, the numbers with their ends below each other."""
    name, inbox, papers, *others = map(clean, row)
    return [name, f"{inbox:>6}", f"{papers:>7}", *others]


def as_json(found: Sequence[Line]) -> str:
    """Return one array, an object a line."""
    if not found:
        return "[]"
    return "[\n" + ",\n".join(json_text(_json(line)) for line in found) + "\n]"


def _json(line: Line) -> Json:
    one, state, counts = line
    return {
        "name": one.name,
        "kind": one.kind.value,
        "location": one.location,
        "expire": one.expire or None,
        "tags": list(one.tags),
        "papers": counts.papers,
        "inbox": counts.inbox,
        "fetched": state.fetched or None,
        "read_until": state.read_until or None,
        "failed": state.failed or None,
        "failure": state.failure or None,
        "failures": state.failures,
        "not_before": state.not_before or None,
        "moved": state.moved or None,
    }
