"""The journal: what was decided, and taking it back."""

from __future__ import annotations

from dataclasses import dataclass

from papertray.core.errors import UsageError
from papertray.store import chains
from papertray.store import journal as stored
from papertray.store.journal import Batch, BatchLine, Decision, OpLine, Origin
from papertray.store.tray import Connection, Tray
from papertray.store.writing import decide


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What one undo or redo did.

    `label` is the line of what was taken back (of what was done again, for a redo); `changed` and
    `left` count values put back and values left alone because they changed since; `papers` are the
    ids it touched. `piles` are those that papers came to, each with their number, most first.
    """

    batch: int
    label: str
    changed: int
    left: int
    papers: tuple[int, ...]
    piles: tuple[tuple[str, int], ...] = ()


class Journal:
    """All decisions of a tray, newest first, and undo to any depth, across restarts.

    Undo and redo write a batch of their own and never delete. They raise what every decision
    raises: `TrayLocked`, `DiskFull`, `TrayReadOnly`, and then nothing changed.
    """

    def __init__(self, tray: Tray, origin: Origin) -> None:
        self._tray = tray
        self._origin = origin
        self._looked_up: tuple[str, BatchLine | None] = "", None

    def next_undo(self) -> BatchLine | None:
        """Return what `undo` would take back, or None. Looked up anew when the journal grew."""
        reader = self._tray.reader()
        end = stored.end_of(reader)
        known, line = self._looked_up
        if known != end:
            line = stored.next_undo(reader, self._tray.session)
            self._looked_up = end, line
        return line

    def next_redo(self) -> BatchLine | None:
        """Return the undo that `redo` would take back, or None."""
        return stored.next_redo(self._tray.reader(), self._tray.session)

    def undo(self) -> TakenBack | None:
        """Take back the newest decision of this session, else of anybody; None if none is left."""
        # Another process may be faster at the same one: then it is the next one's turn.
        while (line := self.next_undo()) is not None:
            if (taken := self._take_back(line)) is not None:
                return taken
        return None

    def redo(self) -> TakenBack | None:
        """Do again what was last undone, unless something was decided since; None when none."""
        while (line := self.next_redo()) is not None:
            if (taken := self._take_back(line)) is not None:
                return taken
        return None

    def undo_batch(self, batch: int) -> TakenBack:
        """Take back one batch, whatever came after; what changed since is left and counted.

        Raises `UsageError` when there is no such batch or it has been taken back already.
        """
        reader = self._tray.reader()
        line = stored.find_batch(reader, chains.newest_of_chain(reader, batch))
        if line is None:
            raise UsageError(f"There is no batch {batch}; `papertray history` lists them.")
        if line.is_undo != chains.is_undo(reader, batch):
            raise UsageError(f"Batch {batch} ({line.label}) has been taken back already.")
        taken_back = self._take_back(line)
        if taken_back is None:
            raise UsageError(f"Batch {batch} ({line.label}) was taken back by another process.")
        return taken_back

    def newest(self) -> int:
        """Return the id of the newest batch, 0 in an empty journal."""
        return stored.newest_batch(self._tray.reader())

    def changed_by_others(self, since: int) -> bool:
        """True when another process wrote a batch after the one with id `since`. Cheap to ask."""
        return stored.changed_by_others(self._tray.reader(), since, self._tray.session)

    def history(self, limit: int = 50, *, before: int | None = None) -> list[BatchLine]:
        """Return the newest batches, newest first; with `before`, those older than that one."""
        return stored.history(self._tray.reader(), limit, before)

    def decisions_of(self, batch: int, limit: int) -> list[Decision]:
        """Return the first `limit` decisions of a batch; of an add, what it listed."""
        return stored.decisions_of(self._tray.reader(), batch, limit)

    def of_paper(self, paper_id: int) -> list[OpLine]:
        """Return every decision about one paper, newest first."""
        return stored.history_of_paper(self._tray.reader(), paper_id)

    def _take_back(self, line: BatchLine) -> TakenBack | None:
        from papertray.store import undo  # only those who take back wait for it

        result = undo.Reverted(0, 0, ())
        piles: tuple[tuple[str, int], ...] = ()

        def action(connection: Connection, batch: Batch) -> int:
            nonlocal result, piles
            # Another process may have been faster between our look and our lock.
            if not chains.live_among(connection, [line.id], below=batch.id):
                return 0
            result = undo.revert(connection, batch, line.id)
            piles = stored.piles_after(connection, batch.id)
            return 1

        label = f"{'redo' if line.is_undo else 'undo'}: {_root(line.label)}"
        outcome = decide(self._tray, self._origin, label, action, undoes=line.id)
        if outcome.batch is None:
            return None
        return TakenBack(
            outcome.batch, _root(line.label), result.changed, result.left, result.papers, piles
        )


def _root(label: str) -> str:
    return label.removeprefix("undo: ").removeprefix("redo: ")
