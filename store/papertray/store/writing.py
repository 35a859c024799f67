"""Writing decisions: one batch, its ops and their effects in one transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

from papertray.core.clock import instant, local_date
from papertray.store.journal import Batch, Origin, begin_batch
from papertray.store.tray import Tray


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a decision did. `batch` is None when nothing changed; then nothing was written."""

    batch: int | None
    changed: int
    label: str


class _Unchanged(Exception):
    """Rolls back a batch that turned out to do nothing."""


def decide(
    tray: Tray,
    origin: Origin,
    label: Callable[[int], str] | str,
    action: Callable[[sqlite3.Connection, Batch], int],
    *,
    reason: str = "",
    undoes: int | None = None,
    continues: int | None = None,
) -> Outcome:
    """Run `action` as one batch and return what it did.

    Arguments: `action` writes ops and effects and returns how many things changed; with 0 all is
    rolled back. `label` is the batch's line in the history, or makes it from that number.
    `continues` names an earlier batch of this session that the ops join while it is still the
    newest of all.
    Raises `TrayLocked`, `DiskFull`, `TrayReadOnly`; then nothing changed.
    """
    batch: Batch | None = None
    changed = 0
    text = ""
    try:
        with tray.write() as connection:
            if continues is not None and _is_newest_of(tray, connection, continues):
                batch = Batch(continues, instant(tray.now()), local_date(tray.now()))
            else:
                batch = start(tray, connection, origin, reason=reason, undoes=undoes)
            changed = action(connection, batch)
            if not changed:
                raise _Unchanged
            text = label if isinstance(label, str) else label(changed)
            relabel(connection, batch.id, text)
    except _Unchanged:
        return Outcome(None, 0, "")
    return Outcome(batch.id, changed, text)


def _is_newest_of(tray: Tray, connection: sqlite3.Connection, batch: int) -> bool:
    """True when a batch is the newest, and this tray's own: a restored tray has other batches."""
    newest = connection.execute(
        "SELECT id, session, device FROM batch ORDER BY id DESC LIMIT 1"
    ).fetchone()
    return bool(newest == (batch, tray.session, tray.device))


def relabel(connection: sqlite3.Connection, batch: int, label: str) -> None:
    """Give a batch its line in the history once that is known, in the caller's transaction."""
    connection.execute("UPDATE batch SET label = ? WHERE id = ?", (label, batch))


def start(
    tray: Tray,
    connection: sqlite3.Connection,
    origin: Origin,
    *,
    label: str = "",
    reason: str = "",
    undoes: int | None = None,
) -> Batch:
    """Begin a batch of this tray's device and session, in the caller's `tray.write()`."""
    return begin_batch(
        connection,
        device=tray.device,
        session=tray.session,
        uid=tray.new_uid(),
        now=tray.now(),
        origin=origin,
        label=label,
        reason=reason,
        undoes=undoes,
    )
