"""Duplicates: papers that are one work, and merging them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from papertray.store import papers as stored
from papertray.store.connection import sqlite_errors
from papertray.store.journal import Batch, Origin
from papertray.store.tray import Connection, Tray
from papertray.store.writing import Outcome, decide

if TYPE_CHECKING:
    from papertray.core.likeness import Pair


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merge did: the paper that stays, the one that leads to it now, and the batch."""

    survivor: int
    loser: int
    batch: int


class Duplicates:
    """Papers of a tray that are one work."""

    def __init__(self, tray: Tray, origin: Origin) -> None:
        self._tray = tray
        self._origin = origin

    def find(
        self,
        papers: Collection[int] | None = None,
        progress: Callable[[int, int], None] = lambda done, total: None,
        is_stopped: Callable[[], bool] = lambda: False,
    ) -> list[Pair]:
        """Return the pairs of papers that may be one work, the most alike first.

        With `papers` only pairs that hold one of these; never one that is kept apart. `progress` is
        called with steps done, of how many. Once `is_stopped`, which is asked often, nothing is
        returned.
        """
        from papertray.store.duplicates import find_pairs

        with self._tray.sorter(is_stopped) as connection:
            return find_pairs(connection, papers, progress)
        return []

    def still(self, pairs: Sequence[Pair]) -> list[Pair]:
        """Return those of some pairs that were not merged, removed or kept apart since."""
        from papertray.store.duplicates import still_pairs

        with sqlite_errors(self._tray.places.database):
            return still_pairs(self._tray.reader(), pairs)

    def survivor(self, one: int, other: int) -> int:
        """Return which of two papers would stay if they were merged."""
        from papertray.store.merging import survivor_of

        return survivor_of(self._tray.reader(), one, other)

    def merge(self, one: int, other: int) -> Merged:
        """Merge two papers, as one batch that one undo takes back.

        Raises `UsageError` when both are one paper already, or when their DOIs say that they are
        two works; and what every decision raises: `TrayLocked`, `DiskFull`, `TrayReadOnly`.
        """
        survivor = loser = 0

        def action(connection: Connection, batch: Batch) -> int:
            from papertray.store.merging import merge

            nonlocal survivor, loser
            survivor, loser = merge(connection, batch, one, other)
            return 1

        reader = self._tray.reader()
        label = f"merge {stored.quoted_title(reader, one)} and {stored.quoted_title(reader, other)}"
        outcome = decide(self._tray, self._origin, label, action)
        assert outcome.batch is not None  # a merge that changes nothing is refused
        return Merged(survivor, loser, outcome.batch)

    def keep_apart(self, one: int, other: int) -> Outcome:
        """Keep two papers that look alike from being offered as a pair again, as one batch.

        Raises `UsageError` when both are one paper, and what every decision raises.
        """
        from papertray.store.apart import keep_apart

        reader = self._tray.reader()
        titles = [stored.quoted_title(reader, paper_id) for paper_id in (one, other)]
        return decide(
            self._tray, self._origin, f"keep {' and '.join(titles)} apart",
            lambda connection, batch: keep_apart(connection, batch, one, other),
        )  # fmt: skip
